"""How often forms are taken and mailed about: spam defence without puzzles."""

import hashlib
from collections.abc import Callable

import structlog
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from tcma.config import Settings

FORGERIES_AN_HOUR = 2_000  # reports of one network address whose signature does not fit
MAILS_A_DAY = 3  # confirmations to one address, whoever's form it was written into

log = structlog.get_logger()


class FormLimits:
    """Counts by keyed hash, nothing in clear; shared between processes where the broker is Redis. While that
    is out of reach everything is allowed: an answer is worth more than a limit."""

    def __init__(self, settings: Settings) -> None:
        address = settings.broker_url if settings.broker_url.startswith("redis") else "memory://"
        self._limiter = MovingWindowRateLimiter(storage_from_string(address, wrap_exceptions=True))
        self._forms = RateLimitItemPerHour(settings.form_rate)
        self._mails = RateLimitItemPerDay(MAILS_A_DAY)
        self._forgeries = RateLimitItemPerHour(FORGERIES_AN_HOUR)
        self._key = settings.form_key

    def allows_form(self, remote: str) -> bool:
        """Whether one more form may come from this network address; counts it."""
        return self._asked(self._limiter.hit, self._forms, "form", remote)

    def allows_mail(self, address: str) -> bool:
        """Whether one more confirmation may go to this mail address; `count_mail` counts those that go."""
        return self._asked(self._limiter.test, self._mails, "mail", address)

    def count_mail(self, address: str) -> None:
        self._asked(self._limiter.hit, self._mails, "mail", address)

    def may_be_believed(self, remote: str) -> bool:
        """Whether reports from this network address are looked at; not after many that were forged."""
        return self._asked(self._limiter.test, self._forgeries, "forgery", remote)

    def count_forgery(self, remote: str) -> None:
        self._asked(self._limiter.hit, self._forgeries, "forgery", remote)

    def _asked(self, ask: Callable[..., bool], item: RateLimitItem, kind: str, text: str) -> bool:
        who = hashlib.blake2b(text.encode(), key=self._key, digest_size=12).hexdigest()
        try:
            return ask(item, kind, who)
        except StorageError as error:
            log.warning("limits out of reach", kind=type(error.storage_error).__name__)
            return True

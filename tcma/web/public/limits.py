"""How often one address may send forms: spam defence without puzzles."""

import hashlib

from limits import RateLimitItemPerHour
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from tcma.config import Settings


class FormLimits:
    """Counts per network address (hashed, never kept in clear) and hour; shared where there is a broker."""

    def __init__(self, settings: Settings) -> None:
        address = settings.broker_url if settings.broker_url.startswith("redis") else "memory://"
        self._limiter = MovingWindowRateLimiter(storage_from_string(address))
        self._item = RateLimitItemPerHour(settings.form_rate)
        self._key = settings.form_key

    def allows(self, remote: str) -> bool:
        """Whether one more form may come from there; counts it."""
        who = hashlib.blake2b(remote.encode(), key=self._key, digest_size=12).hexdigest()
        return self._limiter.hit(self._item, "form", who)

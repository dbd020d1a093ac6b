"""How often somebody may try to sign in or ask for a link, per mail address and per network address."""

import hashlib
import math
import time
from datetime import timedelta

import structlog
from flask import current_app, request
from limits import RateLimitItemPerHour
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from tcma.config import Settings

log = structlog.get_logger()


class SignInLimits:
    """Counts by keyed hash, nothing in clear; shared between processes where the broker is Redis. While that
    is out of reach nobody is kept out."""

    def __init__(self, settings: Settings) -> None:
        address = settings.broker_url if settings.broker_url.startswith("redis") else "memory://"
        self._limiter = MovingWindowRateLimiter(storage_from_string(address, wrap_exceptions=True))
        self._person = RateLimitItemPerHour(settings.sign_in_rate)
        self._network = RateLimitItemPerHour(settings.sign_in_network_rate)
        self._key = settings.form_key

    def wait(self, way: str, email: str, network: str) -> timedelta | None:
        """Count one try on this way in ("password", "link"); how long to wait where there were too many."""
        counted = (
            (self._network, f"sign-in-{way}-network", self._hash(network)),
            (self._person, f"sign-in-{way}-person", self._hash(email.strip().casefold())),
        )
        try:
            for item, kind, who in counted:
                if not self._limiter.hit(item, kind, who):
                    reset = self._limiter.get_window_stats(item, kind, who).reset_time
                    return timedelta(seconds=max(60, math.ceil(reset - time.time())))
        except StorageError as error:
            log.warning("limits out of reach", kind=type(error.storage_error).__name__)
        return None

    def forget(self, way: str, email: str) -> None:
        """After a success the person's tries do not count any more; the network's do."""
        try:
            self._limiter.clear(self._person, f"sign-in-{way}-person", self._hash(email.strip().casefold()))
        except StorageError as error:
            log.warning("limits out of reach", kind=type(error.storage_error).__name__)

    def _hash(self, text: str) -> str:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=12).hexdigest()


def limits() -> SignInLimits:
    found = current_app.extensions["sign_in_limits"]
    assert isinstance(found, SignInLimits)
    return found


def network() -> str:
    """The visitor's network address; of IPv6 the part that one household has."""
    remote = request.remote_addr or ""
    return ":".join(remote.split(":")[:4]) if ":" in remote else remote

"""The signed token of a public form: which page, when it was opened, one answer per opening."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from tcma import clock

FORM_LIFE = timedelta(hours=12)
THANKS_LIFE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Opened:
    """A form that was opened: its own key and when."""

    request_key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Registered:
    """What the page after registering knows. `is_own`: the seat was made by this very form; `asks`: a mail asks to
    confirm what was ticked. `seat_id` is 0 for a machine."""

    seat_id: int
    is_own: bool
    wants_seat: bool
    asks: bool


class Expired(Exception):
    """The page was open too long; what was typed is kept and the form is offered again."""


class Forged(Exception):
    """Not one of our tokens, or one of another page."""


class FormTokens:
    """Stands in the form instead of a cookie."""

    def __init__(self, key: bytes) -> None:
        self._form = URLSafeTimedSerializer(key, salt="tcma.form")
        self._registered = URLSafeTimedSerializer(key, salt="tcma.registered")
        self._thanks = URLSafeTimedSerializer(key, salt="tcma.thanks")

    def issue(self, campaign_id: int) -> str:
        return str(self._form.dumps([campaign_id, secrets.token_urlsafe(18)]))

    def read(self, text: str, campaign_id: int) -> Opened:
        try:
            (campaign, key), at = self._form.loads(
                text, max_age=int(FORM_LIFE.total_seconds()), return_timestamp=True
            )
        except SignatureExpired as error:
            raise Expired from error
        except (BadSignature, ValueError, TypeError) as error:
            raise Forged from error
        if campaign != campaign_id:
            raise Forged
        return Opened(str(key), at)

    def too_fast(self, opened: Opened, least: float) -> bool:
        """People need a moment to type; machines do not."""
        return clock.real() - opened.at < timedelta(seconds=least)

    def thanks(self, campaign_id: int, confirm: bool) -> str:
        return str(self._thanks.dumps([campaign_id, int(confirm)]))

    def registered(
        self, campaign_id: int, *, seat_id: int, is_own: bool, wants_seat: bool, asks: bool
    ) -> str:
        return str(self._registered.dumps([campaign_id, seat_id, int(is_own), int(wants_seat), int(asks)]))

    def read_registered(self, text: str, campaign_id: int) -> Registered | None:
        """What was put into a token of `registered`; None for one that is not ours or too old."""
        try:
            campaign, seat_id, is_own, wants_seat, asks = self._registered.loads(
                text, max_age=int(THANKS_LIFE.total_seconds())
            )
        except (BadSignature, ValueError, TypeError):
            return None
        if campaign != campaign_id:
            return None
        return Registered(int(seat_id), bool(is_own), bool(wants_seat), bool(asks))

    def read_thanks(self, text: str, campaign_id: int) -> bool | None:
        """Whether a confirmation was asked for; None for a token that is not ours or too old."""
        try:
            campaign, confirm = self._thanks.loads(text, max_age=int(THANKS_LIFE.total_seconds()))
        except (BadSignature, ValueError, TypeError):
            return None
        return bool(confirm) if campaign == campaign_id else None

"""What SendGrid reports later: whether its signature fits, and its words brought to ours.

Events come several times, in any order, with ids that change. What identifies one is which delivery, what, when.
Those without our marks, or of another installation on the same account, are nobody's business here; those of test
mails and notices, whose attempts have names and no numbers, change no delivery.
"""

import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

from campaigns.providers.base import SettingsError
from campaigns.providers.sendgrid_mail import ATTEMPT, DELIVERY, SITE

SIGNATURE: str = EventWebhookHeader.SIGNATURE
TIMESTAMP: str = EventWebhookHeader.TIMESTAMP
OLDEST = 26 * 3_600  # seconds: SendGrid tries for a day
MOST_AHEAD = 600  # seconds that clocks may differ
MOST_EVENTS = 20_000

_NUMBER = re.compile(r"[1-9]\d{0,18}")
# Our words, for the kinds that need no second look.
_KINDS = {
    "processed": "accepted",
    "delivered": "delivered",
    "deferred": "deferred",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "open": "read",
    "click": "read",
}
# Bounces that say nothing against the address.
_NOT_THE_ADDRESS = ("content", "frequency", "mailbox unavailable", "reputation", "technical")


@dataclass(slots=True)
class Reports:
    """`events` as `tcma.launches.events.apply` takes them; how many were not for us, and how many not to be
    understood."""

    events: list[dict[str, Any]] = field(default_factory=list)
    foreign_count: int = 0
    odd_count: int = 0


class Verifier:
    """Checks signatures against one key, or against several while they change."""

    def __init__(self, keys: str) -> None:
        """`keys`: as SendGrid shows them (base64), with commas between. Raises SettingsError."""
        self._webhooks = [_webhook(key.strip()) for key in keys.split(",")]

    def fits(self, body: bytes, signature: str, timestamp: str, now: float) -> bool:
        """Whether SendGrid signed these very bytes, not too long ago (`now`: seconds since 1970)."""
        if not re.fullmatch(r"\d{1,11}", timestamp) or not -OLDEST <= int(timestamp) - now <= MOST_AHEAD:
            return False
        return any(_fits(webhook, body, signature, timestamp) for webhook in self._webhooks)


def reports(body: bytes, site: str) -> Reports:
    """The events of a verified body. One that is malformed costs no other; ValueError if it is no list."""
    told = orjson.loads(body)
    if not isinstance(told, list) or len(told) > MOST_EVENTS:
        raise ValueError("A report is a list of events.")
    found = Reports()
    for event in told:
        if not isinstance(event, dict):
            found.odd_count += 1
        elif event.get(SITE) != site or not _is_number(event.get(ATTEMPT)):
            found.foreign_count += 1
        else:
            _take(found, event)
    return found


def _take(found: Reports, event: Mapping[str, Any]) -> None:
    number, at, kind = event.get(DELIVERY), event.get("timestamp"), _kind(event)
    if not _is_number(number) or not isinstance(at, int) or isinstance(at, bool):
        found.odd_count += 1
    elif kind:
        found.events.append({"delivery_id": int(str(number)), "kind": kind, "at": at})
    else:
        found.foreign_count += 1


def _kind(event: Mapping[str, Any]) -> str:
    """Our word; "" for what concerns us not (a resubscription, a kind that came later)."""
    name = str(event.get("event"))
    if name == "bounce":
        return _bounce(event)
    if name == "dropped":
        return _drop(str(event.get("reason")).lower())
    return _KINDS.get(name, "")


def _bounce(event: Mapping[str, Any]) -> str:
    why = str(event.get("bounce_classification") or "").lower()
    is_block = event.get("type") == "blocked" or why.startswith(_NOT_THE_ADDRESS)
    return "blocked" if is_block else "bounced"


def _drop(reason: str) -> str:
    if "bounced address" in reason or reason == "invalid":
        return "bounced"
    if "unsubscribe" in reason or "spam report" in reason:
        return "stopped_earlier"
    return "blocked"


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None and int(value) < 2**63


def _webhook(key: str) -> EventWebhook:
    try:
        made = EventWebhook(key)
    except (ValueError, UnsupportedAlgorithm) as failure:
        raise SettingsError(
            "SendGrid's verification key cannot be read; copy it as it is shown."
        ) from failure
    if not isinstance(made.public_key, EllipticCurvePublicKey):
        raise SettingsError("This is no verification key of SendGrid's event webhook.")
    return made


def _fits(webhook: EventWebhook, body: bytes, signature: str, timestamp: str) -> bool:
    try:
        return bool(webhook.verify_signature(body.decode(), signature, timestamp))
    except (ValueError, binascii.Error):  # a malformed signature is an invalid one
        return False

"""SendGrid's signed event webhook: a key pair, and reports about mails as SendGrid words them."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from campaigns.providers.sendgrid_events import SIGNATURE, TIMESTAMP
from campaigns.providers.sendgrid_mail import ATTEMPT, DELIVERY, SITE

# What SendGrid writes beside the name of an event.
WORDS: Mapping[str, Mapping[str, Any]] = {
    "processed": {},
    "delivered": {"response": "250 OK"},
    "deferred": {"response": "421 try later", "attempt": "1"},
    "bounce": {"type": "bounce", "status": "5.1.1", "bounce_classification": "Invalid Address"},
    "blocked": {"event": "bounce", "type": "blocked", "status": "5.7.1", "reason": "550 listed"},
    "dropped": {"reason": "Bounced Address", "status": "5.0.0"},
    "dropped-left": {"event": "dropped", "reason": "Unsubscribed Address"},
    "dropped-quota": {"event": "dropped", "reason": "Recipient List over Package Quota"},
    "spamreport": {},
    "unsubscribe": {},
    "group_unsubscribe": {"asm_group_id": 10},
    "group_resubscribe": {"asm_group_id": 10},
    "open": {"useragent": "Mozilla/5.0", "ip": "192.0.2.1", "sg_machine_open": False},
    "click": {"url": "https://go.example/r/x/0", "useragent": "Mozilla/5.0", "ip": "192.0.2.1"},
}


class Signer:
    """Signs as SendGrid does; `public_key` is what its settings page shows."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key = base64.b64encode(der).decode()

    def headers(self, body: bytes, at: float) -> dict[str, str]:
        """The two headers of a report that is sent `at` (seconds since 1970)."""
        timestamp = str(int(at))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
        return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: timestamp}


def event(
    name: str, delivery_id: int, at: int, *, site: str, attempt: str = "1", address: str = "p@people.example"
) -> dict[str, Any]:
    """An event of `WORDS` about one mail; every copy has an id of its own, as redelivered ones may."""
    return {
        "event": name,
        **WORDS[name],
        "email": address,
        "timestamp": at,
        "sg_event_id": secrets.token_urlsafe(16),
        "sg_message_id": f"{secrets.token_hex(8)}.recvd-0",
        "category": ["tcma", "marketing"],
        SITE: site,
        ATTEMPT: attempt,
        DELIVERY: str(delivery_id),
    }


def body(events: Sequence[Mapping[str, Any]]) -> bytes:
    return orjson.dumps(list(events))

"""The way out this installation is set up with, and the mails that go through it."""

import time
from collections import OrderedDict
from threading import Lock
from urllib.parse import parse_qsl, unquote, urlsplit

from campaigns import message, providers, replies
from campaigns.channels.email_artefact import Artefact
from campaigns.links import Purpose, Signer
from campaigns.message import Envelope, Recipient
from campaigns.providers.base import Outgoing, Provider, SettingsError
from campaigns.webinar import Method
from tcma import clock
from tcma.config import Settings
from tcma.db import Database
from tcma.launches.artefacts import load_artefact
from tcma.launches.deliveries import MessageClass
from tcma.launches.sending_claim import Claimed
from tcma.partners import senders
from tcma.storage import Storage

OUTBOX = "outbox"  # folder of the storage
SENDGRID = "sendgrid"
ARTEFACTS_KEPT = 64
SENDER_KEPT = 30.0  # seconds that a partner's own address is used after it was last looked at


def open_provider(settings: Settings, files: Storage) -> Provider:
    """The provider of `TCMA_MAIL`: `outbox:`, `smtp://user:password@host:port?security=none|starttls|tls`, or
    `sendgrid:` with the address of its API where that is not the usual one.

    Each lane opens its own. Raises SettingsError with a sentence for the operator.
    """
    parts = urlsplit(settings.mail)
    if parts.scheme == "outbox":
        return providers.build(
            "outbox",
            {
                "store": lambda name, content: files.put(f"{OUTBOX}/{name}", content),
                "exists": lambda name: files.exists(f"{OUTBOX}/{name}"),
            },
        )
    if parts.scheme == SENDGRID:
        return _sendgrid(settings)
    if parts.scheme != "smtp":
        raise SettingsError(f"TCMA_MAIL is “{settings.mail}”. Write outbox:, smtp://host:port or sendgrid:.")
    given: dict[str, object] = {"host": parts.hostname or "", "port": parts.port or 587}
    if parts.username:
        given |= {"username": unquote(parts.username), "password": unquote(parts.password or "")}
    for name in ("connect_timeout", "step_timeout", "data_timeout"):
        given[name] = settings.mail_timeout
    return providers.build("smtp", given | dict(parse_qsl(parts.query)))


def _sendgrid(settings: Settings) -> Provider:
    if not settings.sendgrid_key:
        raise SettingsError("TCMA_MAIL is sendgrid: and needs its API key in TCMA_SENDGRID_KEY.")
    given: dict[str, object] = {"key": settings.sendgrid_key, "site": site_of(settings)}
    for name in ("connect_timeout", "answer_timeout"):
        given[name] = settings.mail_timeout
    if address := settings.mail.partition(":")[2]:
        given["address"] = address
    return providers.build(SENDGRID, given)


def site_of(settings: Settings) -> str:
    """What tells this installation's mails from those of others on the same account."""
    return urlsplit(settings.base_url).netloc


class MailComposer:
    """Makes messages from frozen artefacts. One serves all lanes of a process."""

    def __init__(self, database: Database, files: Storage, signer: Signer, settings: Settings) -> None:
        self._database = database
        self._files = files
        self._signer = signer
        self._sender = settings.mail_from
        self._replies = settings.replies
        self._apart = urlsplit(settings.mail).scheme == SENDGRID
        self._artefacts: OrderedDict[int, Artefact] = OrderedDict()
        self._senders: dict[int, tuple[float, str]] = {}  # partner: until when it is known, its own address
        self._lock = Lock()

    def compose(self, claimed: Claimed, attempt_id: str) -> Outgoing:
        """Raises ContentError when the artefact and this recipient make no message."""
        artefact = self._artefact(claimed.artefact_id)
        sender = self._sender_of(claimed.partner_id, artefact)
        recipient = _recipient(claimed)
        envelope = self._envelope(claimed, artefact, attempt_id, sender)
        made = message.compose(artefact, recipient, envelope)
        return Outgoing(
            delivery_id=claimed.delivery_id,
            attempt_id=attempt_id,
            sender=sender,
            recipient=made.to,
            raw=made.raw,
            parts=message.take_apart(artefact, recipient, envelope) if self._apart else None,
        )

    def _envelope(self, claimed: Claimed, artefact: Artefact, attempt_id: str, sender: str) -> Envelope:
        def token(purpose: Purpose) -> str:
            return self._signer.token(purpose, claimed.partner_id, claimed.artefact_id, claimed.delivery_id)

        is_service = claimed.message_class is MessageClass.SERVICE
        return Envelope(
            click=token(Purpose.CLICK),
            open=token(Purpose.OPEN),
            unsubscribe=token(Purpose.UNSUBSCRIBE),
            confirm=token(Purpose.CONFIRM) if is_service else "",
            seat=token(Purpose.SEAT) if is_service else "",
            message_id=f"<{claimed.delivery_id}.{attempt_id}@{sender.rpartition('@')[2]}>",
            date=clock.real(),
            from_email=sender,
            reply_to=self._reply_to(claimed),
            seat_changes=_seat_changes(claimed, artefact),
        )

    def _reply_to(self, claimed: Claimed) -> str:
        """Empty where replies do not come here: then the artefact's stands. A provider that takes many messages
        at once takes one address for all of them."""
        if not self._replies:
            return ""
        delivery_id = 0 if self._apart else claimed.delivery_id
        token = self._signer.token(Purpose.REPLY, claimed.partner_id, claimed.artefact_id, delivery_id)
        return replies.address_of(token, self._replies)

    def _sender_of(self, partner_id: int, artefact: Artefact) -> str:
        if artefact.sender_email in ("", self._sender):
            return self._sender
        return senders.leaving_address(artefact.sender_email, self._own_address(partner_id), self._sender)

    def _own_address(self, partner_id: int) -> str:
        """Asked anew every SENDER_KEPT seconds."""
        with self._lock:
            until, known = self._senders.get(partner_id, (0.0, ""))
        if time.monotonic() < until:
            return known
        with self._database.reading() as session:
            known = senders.own_address(session, partner_id)
        with self._lock:
            self._senders[partner_id] = (time.monotonic() + SENDER_KEPT, known)
        return known

    def _artefact(self, artefact_id: int) -> Artefact:
        with self._lock:
            found = self._artefacts.get(artefact_id)
            if found is not None:
                self._artefacts.move_to_end(artefact_id)
                return found
        with self._database.reading() as session:
            found = load_artefact(session, self._files, artefact_id)
        with self._lock:
            self._artefacts[artefact_id] = found
            while len(self._artefacts) > ARTEFACTS_KEPT:
                self._artefacts.popitem(last=False)
        return found


def _seat_changes(claimed: Claimed, artefact: Artefact) -> int | None:
    """For the calendar file: none puts an event in for somebody whose seat was given back meanwhile."""
    event = artefact.calendar
    is_for_them = event is not None and (claimed.has_seat or event.method is Method.CANCEL)
    return claimed.seat_changes if is_for_them else None


def _recipient(claimed: Claimed) -> Recipient:
    return Recipient(
        email=claimed.address,
        first_name=claimed.first_name,
        last_name=claimed.last_name,
        company=claimed.company,
        language=claimed.language,
    )

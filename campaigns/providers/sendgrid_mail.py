"""What SendGrid's `/v3/mail/send` takes, made of our messages.

The SDK writes the fields that many messages share; what differs from person to person is written here, because
its helpers cost five times as much. Values go into their holes by SendGrid's substitutions, under names that are
new in every request, so that no value of a contact can be one.
"""

import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern
from functools import lru_cache
from typing import Any

import orjson
from sendgrid.helpers.mail import (
    Category,
    ClickTracking,
    From,
    Ganalytics,
    Header,
    Mail,
    OpenTracking,
    ReplyTo,
    SubscriptionTracking,
    TrackingSettings,
)

from campaigns import mime
from campaigns.errors import ContentError
from campaigns.mail_parts import CALENDAR_NAME, Headers, Parts, Skeleton
from campaigns.providers.base import Outgoing

MOST_TOGETHER = 1_000  # personalizations of one request, by SendGrid's rule
MOST_SUBSTITUTED = 10_000  # bytes of the substitutions of one personalization, names included
SITE, ATTEMPT, DELIVERY = "tcma_site", "tcma_attempt", "tcma_delivery"  # come back with every event
OURS = "tcma"

# Fields of their own, or SendGrid's to write.
_NO_HEADERS = frozenset(
    {"to", "from", "subject", "reply-to", "cc", "bcc", "date", "mime-version", "content-type", "received",
     "content-transfer-encoding", "dkim-signature", "x-sg-id", "x-sg-eid"}
)  # fmt: skip


UNWRITABLE = "SendGrid cannot write to this address"
NO_SENDER = "The message has no sender"
NO_TEXT = "The message has no text"


class Unfit(Exception):
    """SendGrid's API cannot carry this message; the text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A message on its way into a request. `skeleton` is None where it goes alone."""

    message: Outgoing
    skeleton: Skeleton | None
    personalization: bytes  # JSON without substitutions
    values: tuple[str, ...]  # of the text's holes, then of the html's

    @property
    def size(self) -> int:
        return len(self.personalization) + sum(map(len, self.values))


def entry(message: Outgoing, site: str) -> Entry:
    """Raises Unfit for an address that cannot be written to."""
    parts = message.parts
    person: dict[str, object] = {
        "to": [{"email": _address(message.recipient)}],
        "custom_args": {
            SITE: site,
            ATTEMPT: message.attempt_id,
            DELIVERY: str(message.delivery_id),
        },
    }
    if parts is None:
        return Entry(message, None, orjson.dumps(person), ())
    person |= {"subject": parts.subject or " ", "headers": dict(parts.headers)}
    values = (*parts.text, *parts.html)
    fits = (
        not parts.calendar
        and sum(len(value.encode()) + len(_name("00000000", 0)) + 4 for value in values) <= MOST_SUBSTITUTED
    )
    return Entry(message, parts.skeleton if fits else None, orjson.dumps(person), values if fits else ())


def request_body(entries: Sequence[Entry]) -> bytes:
    """One request for entries of one skeleton, or for one alone. Raises Unfit."""
    first = entries[0]
    if first.skeleton is None:
        parts = first.message.parts
        return _of_parts(first, parts) if parts else _of_raw(first)
    nonce = _nonce(first.skeleton)
    people = [_with_substitutions(one, nonce) for one in entries]
    text, html = first.skeleton.text, first.skeleton.html
    names = [_name(nonce, number) for number in range(len(text) + len(html) - 2)]
    text_names, html_names = names[: len(text) - 1], names[len(text) - 1 :]
    content = _content(_joined(text, text_names), _joined(html, html_names))
    return orjson.dumps({**_shared(first.skeleton), "content": content, "personalizations": people})


def _of_parts(alone: Entry, parts: Parts) -> bytes:
    content = _content(parts.whole_text, parts.whole_html)
    people = [orjson.Fragment(alone.personalization)]
    made = {**_shared(parts.skeleton), "content": content, "personalizations": people}
    if parts.calendar:  # SendGrid takes no parameter beside a type; the method stands in the file
        file = {"content": b64encode(parts.calendar).decode(), "type": "text/calendar"}
        made["attachments"] = [file | {"filename": CALENDAR_NAME, "disposition": "attachment"}]
    return orjson.dumps(made)


def _of_raw(alone: Entry) -> bytes:
    """A mail of which only its raw form is there: notices, and whatever else is written one by one."""
    parsed = message_from_bytes(alone.message.raw, policy=modern)
    if not isinstance(parsed, EmailMessage) or parsed["From"] is None:
        raise Unfit(NO_SENDER)
    sender, reply = parsed["From"].addresses, parsed["Reply-To"]
    texts, attachments = _leaves(parsed)
    own = tuple((name, " ".join(str(value).split())) for name, value in parsed.items())
    fields: dict[str, Any] = {
        **_fields(
            sender[0].display_name,
            _address(sender[0].addr_spec),
            _address(reply.addresses[0].addr_spec) if reply and reply.addresses else "",
            tuple((name, value) for name, value in own if name.lower() not in _NO_HEADERS),
        ),
        "subject": str(parsed["Subject"] or " "),
        "content": [{"type": kind, "value": text} for kind, text in texts.items()],
        "personalizations": [orjson.Fragment(alone.personalization)],
    }
    if not texts:
        raise Unfit(NO_TEXT)
    if attachments:
        fields["attachments"] = attachments
    return orjson.dumps(fields)


def _leaves(parsed: EmailMessage) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The bodies by their type, plain text first, and everything else as attachments."""
    bodies: dict[str, str] = {}
    attachments = []
    for part in _parts(parsed):
        kind, name = part.get_content_type(), part.get_filename()
        is_body = kind in ("text/plain", "text/html", "text/calendar") and not name and kind not in bodies
        if is_body and part.get_content_disposition() != "attachment":
            text = str(part.get_content()).replace("\r\n", "\n")
            if text:
                bodies[kind] = text
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        made = {"content": b64encode(content).decode(), "type": kind, "filename": name or "attachment"}
        if part["Content-ID"]:
            made |= {"content_id": str(part["Content-ID"]).strip("<> "), "disposition": "inline"}
        attachments.append(made)
    order = ("text/plain", "text/html", "text/calendar")
    return {kind: bodies[kind] for kind in order if kind in bodies}, attachments


def _parts(parsed: EmailMessage) -> Iterator[EmailMessage]:
    for part in parsed.walk():
        if isinstance(part, EmailMessage) and not part.is_multipart():
            yield part


@lru_cache(maxsize=64)
def _shared(skeleton: Skeleton) -> Mapping[str, Any]:
    return _fields(skeleton.from_name, skeleton.from_email, skeleton.reply_to, skeleton.headers)


def _fields(from_name: str, from_email: str, reply_to: str, headers: Headers) -> dict[str, Any]:
    """Everything but people, subject and content, in the SDK's words. What SendGrid would count or add by
    itself is switched off: clicks and opens are counted, and "unsubscribe" is answered, by ourselves."""
    mail = Mail(from_email=From(from_email, from_name or None))
    if reply_to:
        mail.reply_to = ReplyTo(reply_to)
    for name, value in headers:
        mail.add_header(Header(name, value))
    is_marketing = any(name.lower() == "list-id" for name, _ in headers)
    mail.category = [Category(OURS), Category("marketing" if is_marketing else "service")]
    tracking = TrackingSettings()
    tracking.click_tracking = ClickTracking(False, False)
    tracking.open_tracking = OpenTracking(False)
    tracking.subscription_tracking = SubscriptionTracking(False)
    tracking.ganalytics = Ganalytics(False)
    mail.tracking_settings = tracking
    return dict(mail.get())


def _content(text: str, html: str) -> list[dict[str, str]]:
    both = [{"type": "text/plain", "value": text}, {"type": "text/html", "value": html}]
    made = [one for one in both if one["value"]]
    if not made:
        raise Unfit(NO_TEXT)
    return made


def _with_substitutions(one: Entry, nonce: str) -> orjson.Fragment:
    values = {_name(nonce, number): value for number, value in enumerate(one.values)}
    return orjson.Fragment(one.personalization[:-1] + b',"substitutions":' + orjson.dumps(values) + b"}")


def _nonce(skeleton: Skeleton) -> str:
    """Part of every name; nothing in the mail, and nothing anybody could have written, contains it."""
    while True:
        nonce = secrets.token_hex(4)
        if not any(nonce in piece for piece in (*skeleton.text, *skeleton.html)):
            return nonce


def _name(nonce: str, number: int) -> str:
    return f"-{nonce}.{number}-"


def _joined(pieces: Sequence[str], names: Sequence[str]) -> str:
    return "".join(piece + name for piece, name in zip(pieces, (*names, ""), strict=True))


def _address(address: str) -> str:
    try:
        return mime.address_bytes(address, "to").decode()
    except ContentError as error:
        raise Unfit(UNWRITABLE) from error

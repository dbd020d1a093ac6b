"""One artefact and one recipient make one message. Preview, test mail and sent mail are this function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as default_policy
from email.utils import format_datetime
from functools import cached_property, lru_cache
from html import escape

from campaigns import mime, sandbox
from campaigns.channels.email_artefact import Artefact
from campaigns.compliance import MailClass
from campaigns.errors import ContentError, Problem
from campaigns.sandbox_nodes import Print, Text

TEST_PREFIX = "[Test] "
CACHED_ARTEFACTS = 64


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person a message goes to. Empty values print the kit's fallbacks. `reason` is why this person
    gets the mail, needed only where the artefact leaves it open."""

    email: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    language: str = ""
    reason: str = ""

    def values(self) -> dict[str, sandbox.Value]:
        return {
            "contact.email": mime.one_line(self.email),
            "contact.first_name": mime.one_line(self.first_name),
            "contact.last_name": mime.one_line(self.last_name),
            "contact.company": mime.one_line(self.company),
            "contact.language": mime.one_line(self.language),
            "contact.reason": mime.one_line(self.reason),
        }


@dataclass(frozen=True, slots=True)
class Envelope:
    """What differs from one sending to the next. Tokens are signed (`links.Signer`) or made for a preview,
    `confirm` only for a confirmation; `date` is aware; `message_id` is "<...@...>". An empty sender or
    reply-to takes the artefact's."""

    click: str
    open: str
    unsubscribe: str
    message_id: str
    date: datetime
    from_name: str = ""
    from_email: str = ""
    reply_to: str = ""
    subject_prefix: str = ""
    confirm: str = ""


@dataclass(frozen=True)
class Message:
    """`raw` is the whole message with CRLF line ends, ready for SMTP's DATA before dot-stuffing."""

    raw: bytes
    to: str
    subject: str

    @cached_property
    def _parsed(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default_policy)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        return tuple((name, str(value)) for name, value in self._parsed.items())

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def text(self) -> str:
        return self._part("plain")

    def _part(self, kind: str) -> str:
        part = self._parsed.get_body((kind,))
        return str(part.get_content()) if part else ""


def compose(artefact: Artefact, recipient: Recipient, envelope: Envelope) -> Message:
    """The message for one recipient; thousands a second, because all but the values was encoded before.

    Raises:
        ContentError: an address that is none, a line end in a header, a name without value and fallback.
    """
    return _composer(artefact).compose(recipient, envelope)


@lru_cache(maxsize=CACHED_ARTEFACTS)
def _composer(artefact: Artefact) -> "_Composer":
    return _Composer(artefact)


Slot = Callable[[Mapping[str, sandbox.Value]], bytes]


class _Composer:
    """An artefact taken apart into encoded pieces and slots: pieces[0] slot[0] pieces[1] slot[1] ..."""

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        self.fallbacks = {**_OPTIONAL, **dict(artefact.fallbacks)}
        self.subject = sandbox.parse(artefact.subject, path="subject", locale=artefact.locale)
        # "=_" cannot occur in quoted-printable, so the boundary cannot occur in a body.
        boundary = f"=_{artefact.key[:24]}"
        opening = (
            f"\r\n--{boundary}\r\nContent-Type: text/{{}}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        self.pieces: list[bytes] = []
        self.slots: list[tuple[int, Slot]] = []
        self._add(
            f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n'.encode()
        )
        self._add(opening.format("plain").encode())
        self._add_body(artefact.text, escape=_plain)
        self._add(opening.format("html").encode())
        self._add_body(artefact.html, escape=escape)
        self._add(f"\r\n--{boundary}--\r\n".encode())

    def compose(self, recipient: Recipient, envelope: Envelope) -> Message:
        values = recipient.values()
        values["token.click"] = mime.plain_token(envelope.click, "click").decode()
        values["token.open"] = mime.plain_token(envelope.open, "open").decode()
        values["token.unsubscribe"] = mime.plain_token(envelope.unsubscribe, "unsubscribe").decode()
        if envelope.confirm:
            values["token.confirm"] = mime.plain_token(envelope.confirm, "confirm").decode()
        subject = mime.one_line(self.subject.render(values, escape=_plain, fallbacks=self.fallbacks))
        subject = f"{envelope.subject_prefix}{subject}".strip()
        pieces = self.pieces.copy()
        for position, fill in self.slots:
            pieces[position] = fill(values)
        head = self._head(recipient, envelope, subject)
        return Message(head + b"".join(pieces), recipient.email, subject)

    def _head(self, recipient: Recipient, envelope: Envelope, subject: str) -> bytes:
        artefact = self.artefact
        if envelope.date.tzinfo is None:
            raise ContentError(Problem("date", None, "The date of a message needs a time zone."))
        sender = envelope.from_name or artefact.sender_name, envelope.from_email or artefact.sender_email
        lines = [
            b"From: " + _mailbox(*sender, "from"),
            b"To: " + mime.address_bytes(recipient.email, "to"),
        ]
        if reply_to := envelope.reply_to or artefact.reply_to:
            lines.append(b"Reply-To: " + _mailbox("", reply_to, "reply_to"))
        lines += [
            b"Subject: " + mime.header_text(subject, "subject"),
            b"Date: " + format_datetime(envelope.date).encode(),
            b"Message-ID: " + mime.message_id(envelope.message_id),
            b"Feedback-ID: " + mime.plain_token(artefact.feedback_id, "feedback_id"),
        ]
        if artefact.mail_class is MailClass.MARKETING:
            address = mime.plain_token(f"{artefact.base_url}/u/{envelope.unsubscribe}", "unsubscribe")
            lines += [
                b"List-Id: <" + mime.plain_token(artefact.list_id, "list_id") + b">",
                b"List-Unsubscribe: <" + address + b">",
                b"List-Unsubscribe-Post: List-Unsubscribe=One-Click",
            ]
        else:
            lines.append(b"Auto-Submitted: auto-replied")
        return b"\r\n".join([*lines, b""])

    def _add(self, piece: bytes) -> None:
        self.pieces.append(piece)

    def _add_body(self, source: str, *, escape: Callable[[str], str]) -> None:
        for node in sandbox.parse(source, path="mail", locale=self.artefact.locale).nodes:
            if isinstance(node, Text):
                self._add(mime.quoted(node.text))
                continue
            self._add(mime.SOFT_BREAK)
            if isinstance(node, Print) and not node.filters:
                fill = self._value_slot(node.name, escape)
            else:
                fill = self._template_slot(sandbox.Template((node,), "mail", self.artefact.locale), escape)
            self.slots.append((len(self.pieces), fill))
            self._add(b"")
            self._add(mime.SOFT_BREAK)

    def _value_slot(self, name: str, escape: Callable[[str], str]) -> Slot:
        fallback = self.fallbacks.get(name)

        def fill(values: Mapping[str, sandbox.Value]) -> bytes:
            value = values.get(name) or fallback
            if value is None:
                raise ContentError(Problem("mail", None, f"There is no value for '{name}' and no fallback."))
            return mime.slot(escape(str(value)))

        return fill

    def _template_slot(self, template: sandbox.Template, escape: Callable[[str], str]) -> Slot:
        def fill(values: Mapping[str, sandbox.Value]) -> bytes:
            return mime.slot(template.render(values, escape=escape, fallbacks=self.fallbacks))

        return fill


_OPTIONAL = {"contact.last_name": "", "contact.language": ""}
"""Names that may print nothing without harm, where a kit gives them no fallback."""


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str, field: str) -> bytes:
    """The same for a whole campaign, so it is written once."""
    return mime.mailbox(name, address, field)


def _plain(text: str) -> str:
    return text

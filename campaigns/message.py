"""One artefact and one recipient make one message. Preview, test mail and sent mail are this function."""

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
from campaigns.personalise import Pieces, Recipient

__all__ = ["TEST_PREFIX", "Envelope", "Message", "Recipient", "compose"]

TEST_PREFIX = "[Test] "
CACHED_ARTEFACTS = 64


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


class _Composer:
    """An artefact taken apart, all but its head encoded."""

    def __init__(self, artefact: Artefact) -> None:
        self.artefact = artefact
        self.subject = sandbox.parse(artefact.subject, path="subject", locale=artefact.locale)
        # "=_" cannot occur in quoted-printable, so the boundary cannot occur in a body.
        boundary = f"=_{artefact.key[:24]}"
        opening = (
            f"\r\n--{boundary}\r\nContent-Type: text/{{}}; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        self.pieces = Pieces(artefact.locale, dict(artefact.fallbacks))
        self.pieces.add(
            f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n'.encode()
        )
        self.pieces.add(opening.format("plain").encode())
        self.pieces.add_body(artefact.text, escape=_plain)
        self.pieces.add(opening.format("html").encode())
        self.pieces.add_body(artefact.html, escape=escape)
        self.pieces.add(f"\r\n--{boundary}--\r\n".encode())

    def compose(self, recipient: Recipient, envelope: Envelope) -> Message:
        values = recipient.values()
        values["token.click"] = mime.plain_token(envelope.click, "click").decode()
        values["token.open"] = mime.plain_token(envelope.open, "open").decode()
        values["token.unsubscribe"] = mime.plain_token(envelope.unsubscribe, "unsubscribe").decode()
        if envelope.confirm:
            values["token.confirm"] = mime.plain_token(envelope.confirm, "confirm").decode()
        subject = mime.one_line(self.subject.render(values, escape=_plain, fallbacks=self.pieces.fallbacks))
        subject = f"{envelope.subject_prefix}{subject}".strip()
        head = self._head(recipient, envelope, subject)
        return Message(head + self.pieces.filled(values), recipient.email, subject)

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


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str, field: str) -> bytes:
    """The same for a whole campaign, so it is written once."""
    return mime.mailbox(name, address, field)


def _plain(text: str) -> str:
    return text

"""One artefact and one recipient make one message. Preview, test mail and sent mail are this function."""

from base64 import encodebytes
from collections.abc import Sequence
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
from campaigns.mail_parts import CALENDAR_NAME, Headers, Parts, Skeleton
from campaigns.personalise import Body, Pieces, Recipient, Slot, Values

__all__ = ["TEST_PREFIX", "Envelope", "Message", "Recipient", "compose", "take_apart"]

TEST_PREFIX = "[Test] "
CACHED_ARTEFACTS = 64
_VERSION = b"MIME-Version: 1.0\r\n"
OWN_HEADERS = frozenset({"Message-ID", "List-Unsubscribe"})  # of each message; the others are the artefact's


@dataclass(frozen=True, slots=True)
class Envelope:
    """What differs from one sending to the next. Tokens are signed (`links.Signer`) or made for a preview,
    `confirm` and `seat` only in service mails; `date` is aware; `message_id` is "<...@...>". An empty sender or
    reply-to takes the artefact's. `seat_changes` of the person's seat count in its calendar file; None leaves the file
    out."""

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
    seat: str = ""
    seat_changes: int | None = None


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


def take_apart(artefact: Artefact, recipient: Recipient, envelope: Envelope) -> Parts:
    """The same message as `compose` makes, for a provider that takes no raw mail. Raises the same."""
    return _composer(artefact).take_apart(recipient, envelope)


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
        fallbacks = dict(artefact.fallbacks)
        self.text = Body(artefact.text, artefact.locale, fallbacks, _plain)
        self.html = Body(artefact.html, artefact.locale, fallbacks, escape)
        self.pieces = Pieces()
        self.pieces.add(_VERSION + f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n'.encode())
        self.pieces.add(opening.format("plain").encode())
        self.pieces.add_body(self.text)
        self.pieces.add(opening.format("html").encode())
        self.pieces.add_body(self.html)
        self.pieces.add(f"\r\n--{boundary}--\r\n".encode())
        self.skeletons: dict[tuple[str, str, str], Skeleton] = {}

    def compose(self, recipient: Recipient, envelope: Envelope) -> Message:
        values, subject = self._values(recipient, envelope)
        head, body = self._head(recipient, envelope, subject), self.pieces.filled(values)
        if event := self._event(recipient, envelope):
            body = self._with_file(body, event)
        return Message(head + body, recipient.email, subject)

    def take_apart(self, recipient: Recipient, envelope: Envelope) -> Parts:
        values, subject = self._values(recipient, envelope)
        mime.header_text(subject, "subject")
        headers = self._headers(envelope)
        return Parts(
            skeleton=self._skeleton(envelope, tuple(one for one in headers if one[0] not in OWN_HEADERS)),
            subject=subject,
            headers=tuple(one for one in headers if one[0] in OWN_HEADERS),
            text=_values_for(self.text.slots, values),
            html=_values_for(self.html.slots, values),
            calendar=self._event(recipient, envelope),
        )

    def _event(self, recipient: Recipient, envelope: Envelope) -> bytes:
        """The calendar file for this person; b"" without one."""
        found = self.artefact.calendar
        if found is None or envelope.seat_changes is None or not envelope.seat:
            return b""
        return found.file(
            changes=envelope.seat_changes,
            made_at=envelope.date,
            address=f"{self.artefact.base_url}/w/{envelope.seat}",
            attendee=mime.address_bytes(recipient.email, "to").decode(),
        )

    def _with_file(self, body: bytes, event: bytes) -> bytes:
        """The body as the first part of two. The file is an attachment: as a third form of the text some programs
        would show it in place of the mail."""
        assert self.artefact.calendar is not None
        boundary = f"=_{self.artefact.key[24:48]}".encode()
        kind = f"text/calendar; charset=utf-8; method={self.artefact.calendar.method}".encode()
        return b"".join(
            [
                _VERSION + b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n',
                b"\r\n--" + boundary + b"\r\n" + body.removeprefix(_VERSION),
                b"\r\n--" + boundary + b"\r\nContent-Type: " + kind + b"\r\n",
                f'Content-Disposition: attachment; filename="{CALENDAR_NAME}"\r\n'.encode(),
                b"Content-Transfer-Encoding: base64\r\n\r\n" + encodebytes(event).replace(b"\n", b"\r\n"),
                b"--" + boundary + b"--\r\n",
            ]
        )

    def _values(self, recipient: Recipient, envelope: Envelope) -> tuple[Values, str]:
        """What goes into the slots, and the subject."""
        values = recipient.values()
        values["token.click"] = mime.plain_token(envelope.click, "click").decode()
        values["token.open"] = mime.plain_token(envelope.open, "open").decode()
        values["token.unsubscribe"] = mime.plain_token(envelope.unsubscribe, "unsubscribe").decode()
        if envelope.confirm:
            values["token.confirm"] = mime.plain_token(envelope.confirm, "confirm").decode()
        if envelope.seat:
            values["token.seat"] = mime.plain_token(envelope.seat, "seat").decode()
        subject = mime.one_line(self.subject.render(values, escape=_plain, fallbacks=self.text.fallbacks))
        return values, f"{envelope.subject_prefix}{subject}".strip()

    def _skeleton(self, envelope: Envelope, headers: Headers) -> Skeleton:
        name, address = self._sender(envelope)
        key = name, address, envelope.reply_to or self.artefact.reply_to
        found = self.skeletons.get(key)
        if found is None:
            _mailbox(name, address, "from")
            found = Skeleton(
                from_name=" ".join(name.split()),
                from_email=mime.address_bytes(address, "from").decode(),
                reply_to=mime.address_bytes(key[2], "reply_to").decode() if key[2] else "",
                headers=headers,
                text=tuple(_lines(text) for text in self.text.texts),
                html=tuple(_lines(text) for text in self.html.texts),
            )
            self.skeletons[key] = found
        return found

    def _sender(self, envelope: Envelope) -> tuple[str, str]:
        artefact = self.artefact
        return envelope.from_name or artefact.sender_name, envelope.from_email or artefact.sender_email

    def _head(self, recipient: Recipient, envelope: Envelope, subject: str) -> bytes:
        artefact = self.artefact
        if envelope.date.tzinfo is None:
            raise ContentError(Problem("date", None, "The date of a message needs a time zone."))
        lines = [
            b"From: " + _mailbox(*self._sender(envelope), "from"),
            b"To: " + mime.address_bytes(recipient.email, "to"),
        ]
        if reply_to := envelope.reply_to or artefact.reply_to:
            lines.append(b"Reply-To: " + _mailbox("", reply_to, "reply_to"))
        lines += [
            b"Subject: " + mime.header_text(subject, "subject"),
            b"Date: " + format_datetime(envelope.date).encode(),
        ]
        lines += [f"{name}: {value}".encode() for name, value in self._headers(envelope)]
        return b"\r\n".join([*lines, b""])

    def _headers(self, envelope: Envelope) -> list[tuple[str, str]]:
        """Those after the date, in their order; none has a name or text of a person in it."""
        artefact = self.artefact
        headers = [
            ("Message-ID", mime.message_id(envelope.message_id)),
            ("Feedback-ID", mime.plain_token(artefact.feedback_id, "feedback_id")),
        ]
        if artefact.mail_class is MailClass.MARKETING:
            address = mime.plain_token(f"{artefact.base_url}/u/{envelope.unsubscribe}", "unsubscribe")
            headers += [
                ("List-Id", b"<" + mime.plain_token(artefact.list_id, "list_id") + b">"),
                ("List-Unsubscribe", b"<" + address + b">"),
                ("List-Unsubscribe-Post", b"List-Unsubscribe=One-Click"),
            ]
        else:
            headers.append(("Auto-Submitted", b"auto-replied"))
        return [(name, value.decode()) for name, value in headers]


@lru_cache(maxsize=1024)
def _mailbox(name: str, address: str, field: str) -> bytes:
    """The same for a whole campaign, so it is written once."""
    return mime.mailbox(name, address, field)


def _values_for(slots: Sequence[Slot], values: Values) -> tuple[str, ...]:
    return tuple(_lines(fill(values)) for fill in slots)


def _lines(text: str) -> str:
    """As quoted-printable keeps it: LF, and nothing that is no UTF-8."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _plain(text: str) -> str:
    return text

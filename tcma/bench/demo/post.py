"""The way out of the demo's mails, and the way back of what people answer: a receiving mail server with the product's
own server for replies, or the fake of SendGrid with its inbound parse. Each keeps every mail it took.
"""

import json
import secrets
import smtplib
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from campaigns.providers.sendgrid_mail import ATTEMPT, DELIVERY, SITE
from tcma.bench import fake_sendgrid_events as events
from tcma.bench.demo.browser import ask
from tcma.bench.fake_sendgrid import FakeSendGrid, Taken
from tcma.bench.ports import free_port
from tcma.bench.sink import Entry, Options, Sink

REPLIES = "replies.hosting.example"  # the domain that answers go to
KEY = "SG.demo-key-of-this-run-alone"
CALENDAR = "text/calendar"
MOST_A_REPORT = 200  # events
_BOUNDARY = "demo-of-inbound-parse"


class By(StrEnum):
    """How the mails leave."""

    SMTP = "smtp"
    SENDGRID = "sendgrid"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as its reader has it; names of headers in lower case."""

    subject: str
    text: str
    html: str
    headers: Mapping[str, str]
    calendars: tuple[bytes, ...]  # attached files that a calendar takes


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that arrived, to whom, in lower case; opened when it is looked at."""

    to: str
    open: Callable[[], Letter]
    arguments: Mapping[str, str] = field(default_factory=dict)  # SendGrid's of this mail, for its events


class Post(Protocol):
    """What the demo needs of either."""

    environment: dict[str, str]
    servers: tuple[tuple[str, ...], ...]  # modules with arguments that run beside web server and worker

    def arrivals(self) -> list[Arrival]:
        """Every mail until now, in order."""

    def answer(self, base_url: str, raw: bytes, sender: str, to: str) -> None:
        """Bring a mail to one of the product's own addresses. RuntimeError when it is not taken."""


@contextmanager
def opened(by: By, folder: Path, *, replies: bool) -> Iterator["Post"]:
    """`replies`: whether answers come to the product, or straight to the contact person."""
    if by is By.SMTP:
        with Sink.start(Options(folder / "received.jsonl", keep=folder / "received")) as sink:
            yield SmtpPost(sink, replies=replies)
        return
    with FakeSendGrid(folder / "received.jsonl", KEY) as fake:
        yield SendGridPost(fake, replies=replies)


class SmtpPost:
    """A mail server of ours takes everything; answers go to `tcma inbound`."""

    def __init__(self, sink: Sink, *, replies: bool) -> None:
        self._sink = sink
        self.environment = {"TCMA_MAIL": f"smtp://127.0.0.1:{sink.port}?security=none"}
        self.servers: tuple[tuple[str, ...], ...] = ()
        self._inbound = 0
        if replies:
            self._inbound = free_port()
            self.environment |= {
                "TCMA_REPLIES": REPLIES,
                "TCMA_INBOUND_LISTEN": f"127.0.0.1:{self._inbound}",
            }
            self.servers = (("tcma", "inbound"),)

    def arrivals(self) -> list[Arrival]:
        return [Arrival(entry.recipients[0].lower(), _of_entry(entry)) for entry in self._sink.journal()]

    def answer(self, base_url: str, raw: bytes, sender: str, to: str) -> None:
        with smtplib.SMTP("127.0.0.1", self._inbound, timeout=30) as client:
            try:
                client.sendmail(sender, [to], raw)
            except smtplib.SMTPException as error:
                raise RuntimeError(f"The server for replies refused: {error}.") from error


class SendGridPost:
    """The fake takes everything; answers come by inbound parse, and what became of a mail by signed events."""

    def __init__(self, fake: FakeSendGrid, *, replies: bool) -> None:
        self._fake = fake
        self._signer = events.Signer()
        self._inbound_key = secrets.token_urlsafe(32)
        self.environment = {
            "TCMA_MAIL": f"sendgrid:{fake.address}",
            "TCMA_SENDGRID_KEY": KEY,
            "TCMA_SENDGRID_EVENTS_KEY": self._signer.public_key,
        }
        self.servers: tuple[tuple[str, ...], ...] = ()
        if replies:
            self.environment |= {"TCMA_REPLIES": REPLIES, "TCMA_INBOUND_KEY": self._inbound_key}

    def arrivals(self) -> list[Arrival]:
        return [Arrival(one.to.lower(), _of_taken(one), one.custom_args) for one in self._fake.taken()]

    def answer(self, base_url: str, raw: bytes, sender: str, to: str) -> None:
        fields = {"email": raw, "envelope": json.dumps({"to": [to], "from": sender}).encode()}
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            + content
            + b"\r\n"
            for name, content in fields.items()
        ]
        answer = ask(
            "POST",
            f"{base_url}/events/inbound/{self._inbound_key}",
            headers={"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"},
            body=b"".join([*parts, f"--{_BOUNDARY}--\r\n".encode()]),
        )
        if answer.status != 204:
            raise RuntimeError(f"Inbound parse was answered {answer.status}.")

    def report(self, base_url: str, words: list[tuple[Arrival, str]], at: float, now: float) -> int:
        """Tell what became of mails, by SendGrid's word for each; how many reports were taken. `at` is when it
        happened by the product's clock, `now` when it is told by the real one, both in seconds since 1970."""
        taken = 0
        told = [
            events.event(
                word,
                int(arrival.arguments[DELIVERY]),
                int(at),
                site=arrival.arguments[SITE],
                attempt=arrival.arguments[ATTEMPT],
                address=arrival.to,
            )
            for arrival, word in words
        ]
        for start in range(0, len(told), MOST_A_REPORT):
            body = events.body(told[start : start + MOST_A_REPORT])
            headers = {"Content-Type": "application/json", **self._signer.headers(body, now)}
            answer = ask("POST", f"{base_url}/events/sendgrid", headers=headers, body=body)
            taken += answer.status == 204
        return taken


def _of_entry(entry: Entry) -> Callable[[], Letter]:
    path = entry.raw_path
    if path is None:
        raise ValueError("The mail server of the demo keeps every message.")

    def read() -> Letter:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body, text = mail.get_body(("html",)), mail.get_body(("plain",))
        return Letter(
            subject=str(mail["Subject"]),
            text=str(text.get_content()) if text else "",
            html=str(body.get_content()) if body else "",
            headers={name.lower(): str(value) for name, value in mail.items()},
            calendars=tuple(
                str(part.get_content()).encode()
                for part in mail.iter_attachments()
                if part.get_content_type() == CALENDAR
            ),
        )

    return read


def _of_taken(one: Taken) -> Callable[[], Letter]:
    def read() -> Letter:
        headers = {name.lower(): value for name, value in one.headers.items()}
        files = tuple(b64decode(file["content"]) for file in one.attachments if file["type"] == CALENDAR)
        return Letter(one.subject, one.text, one.html, {**headers, "reply-to": one.reply_to}, files)

    return read

"""One SMTP connection, step by step, with a time limit on every step and one on all of them together.

smtplib hides where the final dot is written; here it is a step of its own, because that is the line between
"definitely not sent" and "nobody can know".
"""

import base64
import re
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

MAX_LINE = 2_048  # bytes of a reply line; the standard says 512
MAX_LINES = 128  # lines of one reply

MAX_TEXT = 1_000  # characters of a reply that are kept
PIECE = 262_144  # bytes written at a time, so that the limit holds for the whole

_REPLY = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?\r?\n\Z", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")  # no database and no page wants them


class Broken(Exception):
    """The connection cannot be used any more: closed, reset, timed out, or the server talks nonsense."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__(reason)
        self.timed_out = timed_out


class Reply(NamedTuple):
    code: int
    text: str  # lines joined by a space, without control characters, at most MAX_TEXT

    @property
    def is_good(self) -> bool:
        return 200 <= self.code < 300


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds for a whole step, and for a whole message over all its steps, however slowly bytes come."""

    connect: float = 15.0
    step: float = 60.0
    data: float = 120.0  # from the final dot to its reply
    message: float = 120.0  # from connecting to the reply to the final dot

    @property
    def before_dot(self) -> float:
        """What a message may use up to its final dot, so that its reply still finds time left."""
        return self.message - min(self.data, self.message / 2)


class Wire:
    """A connection to a server that has not been greeted yet. Every method raises Broken.

    No step lasts beyond `ends_at` (monotonic seconds), whatever its own limit.
    """

    def __init__(
        self, host: str, port: int, limits: TimeLimits, tls: ssl.SSLContext | None, ends_at: float
    ) -> None:
        """`tls`: speak TLS from the first byte; None: in the clear, until `start_tls`."""
        self._host, self._limits, self.ends_at = host, limits, ends_at
        self._received = bytearray()
        try:
            self._socket = socket.create_connection((host, port), timeout=self._left(limits.connect))
        except (OSError, UnicodeError) as failure:
            raise _broken(failure, f"No connection to {host}:{port}") from failure
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if tls:
            self.start_tls(tls)

    def start_tls(self, context: ssl.SSLContext) -> None:
        if self._received:  # bytes sent in the clear before TLS would be taken as if they came through it
            raise Broken("The server spoke out of turn before TLS")
        try:
            self._socket.settimeout(self._left(self._limits.connect))
            self._socket = context.wrap_socket(self._socket, server_hostname=self._host)
        except (OSError, ValueError) as failure:
            self.close()
            raise _broken(failure, "TLS failed") from failure

    def command(self, line: bytes) -> Reply:
        self.write(line + b"\r\n")
        return self.reply(self._limits.step)

    def greeting(self) -> Reply:
        return self.reply(self._limits.step)

    def final_reply(self) -> Reply:
        return self.reply(self._limits.data)

    def write(self, data: bytes) -> None:
        deadline = time.monotonic() + self._left(self._limits.step)
        try:
            left = memoryview(data)
            while left:
                self._socket.settimeout(max(deadline - time.monotonic(), 0.001))
                left = left[self._socket.send(left[:PIECE]) :]
        except OSError as failure:
            raise _broken(failure, "The connection broke while writing") from failure

    def early_reply(self) -> Reply | None:
        """A reply that came before it was due, without waiting for one; Broken if the server has gone."""
        self._receive(0.0)
        return self.reply(self._limits.step) if self._received else None

    def hello(self, line: bytes) -> list[str] | None:
        """The lines in which a server says what it offers, the first (its name) left out; None if it says
        no."""
        self.write(line + b"\r\n")
        code, lines = self._reply(self._limits.step)
        return lines[1:] if code == 250 else None

    def reply(self, limit: float) -> Reply:
        code, lines = self._reply(limit)
        return Reply(code, " ".join(lines)[:MAX_TEXT])

    def _reply(self, limit: float) -> tuple[int, list[str]]:
        deadline = time.monotonic() + self._left(limit)
        lines: list[str] = []
        first: int | None = None
        while len(lines) < MAX_LINES:
            match = _REPLY.match(self._line(deadline))
            if not match:
                raise Broken("The server answered something that is not SMTP")
            code = int(match[1])
            text = _CONTROL.sub(" ", (match[3] or b"").decode("utf-8", "replace"))
            lines.append(" ".join(text.split()))
            if first not in (None, code):
                raise Broken("The server changed its reply code within a reply")
            first = code
            if match[2] != b"-":
                return code, lines
        raise Broken("The server's reply has no end")

    def close(self) -> None:
        with suppress(OSError):  # nothing is left to be done about it
            self._socket.close()

    def _left(self, limit: float) -> float:
        """`limit`, or less when the message's time ends before."""
        left = min(limit, self.ends_at - time.monotonic())
        if left <= 0:
            raise Broken("The server took too long over one message", timed_out=True)
        return left

    def _line(self, deadline: float) -> bytes:
        while True:
            end = self._received.find(b"\n", 0, MAX_LINE)
            if end >= 0:
                line = bytes(self._received[: end + 1])
                del self._received[: end + 1]
                return line
            if len(self._received) >= MAX_LINE:
                raise Broken("The server's reply has a line without end")
            left = deadline - time.monotonic()
            if left <= 0:
                raise Broken("The server did not answer in time", timed_out=True)
            self._receive(left)

    def _receive(self, seconds: float) -> None:
        """More bytes, waiting at most `seconds`; with 0 it takes what is there, which may be nothing."""
        try:
            self._socket.settimeout(seconds)
            data = self._socket.recv(65_536)
        except (BlockingIOError, ssl.SSLWantReadError) as nothing:
            if seconds:
                raise Broken("The server did not answer in time", timed_out=True) from nothing
            return
        except OSError as failure:
            raise _broken(failure, "The connection broke while waiting for an answer") from failure
        if not data:
            raise Broken("The server closed the connection")
        self._received += data


def on_the_wire(raw: bytes) -> bytes:
    """A message as DATA takes it: CR LF line ends only (a bare CR or LF could smuggle a second message past a
    lenient server), dots at line starts doubled, CR LF at the end; without the final dot."""
    if not raw.count(b"\n") == raw.count(b"\r") == raw.count(b"\r\n"):
        raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    raw = raw.replace(b"\r\n.", b"\r\n..")
    if raw.startswith(b"."):
        raw = b"." + raw
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def plain_credentials(username: str, password: str) -> bytes:
    return base64.b64encode(f"\0{username}\0{password}".encode())


def _broken(failure: Exception, what: str) -> Broken:
    timed_out = isinstance(failure, TimeoutError)
    reason = (
        "it took too long"
        if timed_out
        else getattr(failure, "strerror", None) or str(failure) or type(failure).__name__
    )
    return Broken(f"{what}: {reason}", timed_out=timed_out)

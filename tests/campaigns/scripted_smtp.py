"""An SMTP server that does at every step what a test tells it to, and a provider that talks to it."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from campaigns.providers import build
from campaigns.providers.base import (
    Outgoing,
    Provider,
)

BYTE_TIME = 0.02  # seconds between two bytes of a slow answer
CLOSE, RESET, SILENCE, TRICKLE = "close", "reset", "silence", "trickle"
RAW = b"Message-ID: <1@x.example>\r\nSubject: Hi\r\n\r\nHello\r\n"
GOOD = {
    "GREETING": b"220 here\r\n", "EHLO": b"250-here\r\n250 8BITMIME\r\n", "HELO": b"250 here\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n", "DATA": b"354 go\r\n", "BODY": b"250 2.0.0 queued as Q1\r\n",
    "RSET": b"250 ok\r\n",
    "QUIT": b"221 bye\r\n",
}  # fmt: skip


class Slowly(bytes):
    """An answer that comes byte by byte, and whole in the end."""


class Scripted:
    """A server that says what it is told to at each step (`GREETING`, a verb, or `BODY` for the end of a
    message), one answer after the other, and then behaves. It notes every command and message."""

    def __init__(self, **answers: list[bytes | str] | bytes | str) -> None:
        self.answers = {
            step: list(given) if isinstance(given, list) else [given] for step, given in answers.items()
        }
        self.commands: list[str] = []
        self.messages: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "Scripted":
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._done.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._done.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            with client, client.makefile("rb") as lines, suppress(OSError):
                self._talk(client, lines)

    def _talk(self, client: socket.socket, lines: "object") -> None:
        if not self._answer(client, "GREETING"):
            return
        for line in lines:  # type: ignore[attr-defined]
            self.commands.append(line.decode().strip())
            verb = line[:4].decode().upper()
            if not self._answer(client, verb):
                return
            if verb == "DATA" and self.last.startswith(b"354"):
                body = []
                if self.answers.get("MIDDLE"):
                    lines.readline()  # type: ignore[attr-defined]
                    if not self._answer(client, "MIDDLE"):
                        return
                for part in lines:  # type: ignore[attr-defined]
                    if part == b".\r\n":
                        break
                    body.append(part)
                else:
                    return
                self.messages.append(b"".join(body))
                if not self._answer(client, "BODY"):
                    return

    def _answer(self, client: socket.socket, step: str) -> bool:
        planned = self.answers.get(step)
        answer = planned.pop(0) if planned else GOOD.get(step, b"502 what?\r\n")
        self.last = answer if isinstance(answer, bytes) else b""
        if answer == RESET:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if answer in (CLOSE, RESET):
            client.close()
            return False
        if answer == SILENCE:
            self._done.wait(10)
            return False
        if answer == TRICKLE:
            for _ in range(100):
                client.sendall(b"2")
                if self._done.wait(0.05):
                    return False
        assert isinstance(answer, bytes)
        if isinstance(answer, Slowly):
            for place in range(len(answer)):
                client.sendall(answer[place : place + 1])
                if self._done.wait(BYTE_TIME):
                    return False
            return True
        client.sendall(answer)
        return True


@contextmanager
def smtp(port: int, **settings: object) -> Iterator[Provider]:
    usual: dict[str, object] = {
        "security": "none",
        "step_timeout": 0.25,
        "data_timeout": 0.25,
        "connect_timeout": 2.0,
    }
    provider = build("smtp", {"host": "127.0.0.1", "port": port, "hello": "me.example"} | usual | settings)
    try:
        yield provider
    finally:
        provider.close()


def message(
    number: int = 1, recipient: str = "b@y.example", raw: bytes = RAW, sender: str = "a@x.example"
) -> Outgoing:
    return Outgoing(number, f"attempt{number}", sender, recipient, raw)

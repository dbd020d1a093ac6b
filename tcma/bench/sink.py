"""A receiving SMTP server in a process of its own, with a journal: the oracle of benchmarks and fault runs.

    python -m tcma.bench.sink --journal FILE [--port 0] [--delay MS] [--fail-every N --fail-with HOW] ...

Each message that is accepted is a JSON line, written to the file before the 250 is: whatever is killed, on
either side, the journal says what was received. The first line on standard output is the port.
"""

import argparse
import asyncio
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import default as modern
from enum import StrEnum
from pathlib import Path

MAX_MESSAGE = 64 * 1024 * 1024
MAX_COMMAND = 4096

_END = b"\r\n.\r\n"


class Failure(StrEnum):
    """What to do with every n-th message; the journal has it only where it was accepted."""

    TEMPORARY = "451"
    PERMANENT = "550"
    NO_SUCH_ADDRESS = "550-address"
    ACCEPT_AND_CLOSE = "accept-close"  # taken, journalled, and the connection closed without a reply
    DROP_AND_CLOSE = "drop-close"  # not taken, and the connection closed without a reply


@dataclass(frozen=True, slots=True)
class Options:
    journal: Path
    host: str = "127.0.0.1"
    port: int = 0
    delay: float = 0.0  # seconds from the end of a message to its reply
    fail_every: int = 0
    fail_with: Failure = Failure.TEMPORARY
    headers: tuple[str, ...] = ()  # kept in the journal, beside Message-ID
    keep: Path | None = None  # folder for raw messages, <sha256>.eml
    pipelining: bool = True

    def arguments(self) -> list[str]:
        found = ["--journal", str(self.journal.absolute()), "--host", self.host, "--port", str(self.port)]
        found += [
            "--delay",
            str(self.delay * 1000),
            "--fail-every",
            str(self.fail_every),
            "--fail-with",
            self.fail_with,
        ]
        for header in self.headers:
            found += ["--header", header]
        if self.keep:
            found += ["--keep", str(self.keep.absolute())]
        return found if self.pipelining else [*found, "--no-pipelining"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One message received: `at` in seconds since 1970, header names in lower case, `raw_path` if it was
    kept."""

    at: float
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    headers: dict[str, str]
    size: int
    sha256: str
    raw_path: Path | None


class Sink:
    """A sink that runs. `with Sink.start(journal) as sink: ... sink.port ... sink.entries()`."""

    def __init__(self, process: subprocess.Popen[str], port: int, options: Options) -> None:
        self.process = process
        self.port = port
        self.options = options

    @classmethod
    @contextmanager
    def start(cls, options: Options | Path) -> "Iterator[Sink]":
        """Starts it, waits until it listens, and stops it at the end. Raises RuntimeError if it does not
        start."""
        options = Options(options) if isinstance(options, Path) else options
        process = subprocess.Popen(
            [sys.executable, "-m", "tcma.bench.sink", *options.arguments()],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.strip().isdigit():
                raise RuntimeError("The sink did not start; its reason is above.")
            yield cls(process, int(line), options)
        finally:
            _stop(process)

    def journal(self) -> list[Entry]:
        """What was received until now, in order."""
        return read_journal(self.options.journal, self.options.keep)

    def stop(self) -> None:
        """Ends it in order; what was received stays in the journal."""
        _stop(self.process)

    def kill(self) -> None:
        """Ends it at once, as a crash would."""
        self.process.kill()
        self.process.wait()


def read_journal(path: Path, keep: Path | None = None) -> list[Entry]:
    """The entries of a journal; a last line that was cut by a crash was never answered, so it is left out."""
    if not path.exists():
        return []
    entries = []
    for line in path.read_bytes().split(b"\n")[:-1]:
        found = json.loads(line)
        entries.append(
            Entry(
                at=found["at"],
                sender=found["sender"],
                recipients=tuple(found["recipients"]),
                message_id=found["message_id"],
                headers=found["headers"],
                size=found["size"],
                sha256=found["sha256"],
                raw_path=keep / f"{found['sha256']}.eml" if keep else None,
            )
        )
    return entries


class Receiver:
    """What all connections share: the journal and the count of messages."""

    def __init__(self, options: Options) -> None:
        self.options = options
        options.journal.parent.mkdir(parents=True, exist_ok=True)
        if options.keep:
            options.keep.mkdir(parents=True, exist_ok=True)
        self._file = os.open(options.journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._count = 0

    def take(self, sender: str, recipients: Sequence[str], raw: bytes) -> Failure | None:
        """Journals one message, unless it is the turn of a failure that does not accept."""
        self._count += 1
        options = self.options
        is_turn = options.fail_every > 0 and self._count % options.fail_every == 0
        failure = options.fail_with if is_turn else None
        if failure in (None, Failure.ACCEPT_AND_CLOSE):
            self._write(sender, recipients, raw)
        return failure

    def _write(self, sender: str, recipients: Sequence[str], raw: bytes) -> None:
        digest = hashlib.sha256(raw).hexdigest()
        if self.options.keep:
            (self.options.keep / f"{digest}.eml").write_bytes(raw)
        head = raw.partition(b"\r\n\r\n")[0]
        entry = {
            "at": time.time(),
            "sender": sender,
            "recipients": recipients,
            "message_id": _message_id(head),
            "headers": _headers(head, self.options.headers) if self.options.headers else {},
            "size": len(raw),
            "sha256": digest,
        }
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        if os.write(self._file, line) != len(line):
            raise OSError("The journal could not be written whole.")


class Connection(asyncio.Protocol):
    """One client. Commands that come together are answered in order; while a reply is delayed nothing is
    read on."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._buffer = bytearray()
        self._searched = 0
        self._in_data = False
        self._waits = False
        self._sender = ""
        self._recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._reply(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._go_on()

    def _go_on(self) -> None:
        while not self._waits and not self._transport.is_closing():
            if not (self._take_message() if self._in_data else self._take_command()):
                return

    def _take_command(self) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > MAX_COMMAND:
                self._reply(b"500 5.5.2 Line too long\r\n")
                self._transport.close()
            return False
        line = bytes(self._buffer[:end]).rstrip(b"\r")
        del self._buffer[: end + 1]
        self._obey(line)
        return True

    def _obey(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            pipelining = b"250-PIPELINING\r\n" if self._receiver.options.pipelining else b""
            self._reply(b"250-sink\r\n" + pipelining + b"250-SMTPUTF8\r\n250 8BITMIME\r\n")
        elif verb == b"MAIL":
            self._sender, self._recipients = _path(line), []
            self._reply(b"250 2.1.0 Ok\r\n")
        elif verb == b"RCPT":
            self._recipients.append(_path(line))
            self._reply(b"250 2.1.5 Ok\r\n")
        elif verb == b"DATA":
            if not self._recipients:
                self._reply(b"503 5.5.1 RCPT first\r\n")
                return
            self._in_data = True
            self._buffer[:0] = b"\r\n"  # so that a message of nothing ends like all others
            self._searched = 0
            self._reply(b"354 Go on\r\n")
        elif verb == b"QUIT":
            self._reply(b"221 2.0.0 Bye\r\n")
            self._transport.close()
        elif verb in (b"RSET", b"NOOP", b"HELO"):
            self._recipients = [] if verb == b"RSET" else self._recipients
            self._reply(b"250 2.0.0 Ok\r\n")
        else:
            self._reply(b"502 5.5.1 Unknown command\r\n")

    def _take_message(self) -> bool:
        end = self._buffer.find(_END, self._searched)
        if end < 0:
            self._searched = max(0, len(self._buffer) - len(_END) + 1)
            if len(self._buffer) > MAX_MESSAGE:
                self._reply(b"552 5.3.4 Too big\r\n")
                self._transport.close()
            return False
        raw = bytes(self._buffer[: end + 2]).replace(b"\r\n.", b"\r\n")[2:]
        del self._buffer[: end + len(_END)]
        self._in_data = False
        self._answer(self._receiver.take(self._sender, self._recipients, raw))
        self._recipients = []
        return True

    def _answer(self, failure: Failure | None) -> None:
        if failure in (Failure.ACCEPT_AND_CLOSE, Failure.DROP_AND_CLOSE):
            self._transport.close()
            return
        replies = {
            Failure.TEMPORARY: b"451 4.3.0 Try later\r\n",
            Failure.PERMANENT: b"550 5.7.1 Not wanted\r\n",
            Failure.NO_SUCH_ADDRESS: b"550 5.1.1 No such mailbox\r\n",
        }
        reply = replies[failure] if failure else b"250 2.0.0 Ok: received\r\n"
        if not self._receiver.options.delay:
            self._reply(reply)
            return
        self._waits = True
        self._transport.pause_reading()
        asyncio.get_running_loop().call_later(self._receiver.options.delay, self._reply_late, reply)

    def _reply_late(self, reply: bytes) -> None:
        self._waits = False
        if not self._transport.is_closing():
            self._reply(reply)
            self._transport.resume_reading()
            self._go_on()

    def _reply(self, line: bytes) -> None:
        self._transport.write(line)


def main(arguments: Sequence[str] | None = None) -> None:
    asyncio.run(_serve(_options(arguments)))


async def _serve(options: Options) -> None:
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    receiver = Receiver(options)
    try:
        server = await loop.create_server(
            lambda: Connection(receiver), options.host, options.port, backlog=1024
        )
    except OSError as failure:
        sys.exit(f"The sink cannot listen on {options.host}:{options.port}: {failure.strerror}")
    print(server.sockets[0].getsockname()[1], flush=True)
    await stopped.wait()
    server.close()


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m tcma.bench.sink", description="A receiving SMTP server with a journal."
    )
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free; it is printed")
    parser.add_argument(
        "--delay", type=float, default=0.0, help="milliseconds from the end of a message to its reply"
    )
    parser.add_argument("--fail-every", type=int, default=0, help="let every n-th message fail")
    parser.add_argument("--fail-with", type=Failure, choices=list(Failure), default=Failure.TEMPORARY)
    parser.add_argument("--header", action="append", default=[], help="a header to keep in the journal")
    parser.add_argument("--keep", type=Path, help="folder for the raw messages")
    parser.add_argument("--no-pipelining", action="store_true")
    found = parser.parse_args(arguments)
    return Options(
        found.journal, found.host, found.port, found.delay / 1000, found.fail_every, found.fail_with,
        tuple(found.header), found.keep, not found.no_pipelining,
    )  # fmt: skip


def _path(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode("utf-8", "replace")


def _message_id(head: bytes) -> str:
    match = re.search(rb"^message-id:[ \t\r\n]*([^\r\n]*)", head, re.IGNORECASE | re.MULTILINE)
    return match[1].strip().decode("utf-8", "replace") if match else ""


def _headers(head: bytes, names: Sequence[str]) -> dict[str, str]:
    found = BytesHeaderParser(policy=modern).parsebytes(head + b"\r\n\r\n")
    return {name.lower(): str(found[name]) for name in names if name in found}


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout:
        process.stdout.close()


if __name__ == "__main__":
    main()

"""SendGrid's `/v3/mail/send` on loopback, with a journal and, when it is told to, bad manners.

    python -m tcma.bench.fake_sendgrid --journal FILE --key KEY [--port 0] [--fail-every N --fail-with HOW] ...

A request is judged by SendGrid's published rules. Each mail of one that is accepted is a JSON line, written before
the 202 is: whatever is killed, on either side, the journal says what was taken. The first line on standard output
is the port. Tests start it in their own process: `with FakeSendGrid(journal, KEY) as fake: ... fake.address`.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any
from uuid import uuid4

from tcma.bench.fake_sendgrid_rules import Fault, faults, rendered

PATH = "/v3/mail/send"
BYTE_TIME = 0.005  # seconds between two bytes of a slow answer
LONGEST_SILENCE = 20.0


class Act(StrEnum):
    """What to do with a request that is as it should be."""

    ACCEPT = "accept"
    BUSY = "429"  # not taken; come back in 7 seconds
    FAIL = "500"  # not taken
    FAIL_AFTER = "500-after"  # taken, and told as a failure
    REFUSE = "400"  # not taken, without naming anybody
    KEY = "401"  # not taken
    HANG = "hang"  # not taken, and silence
    HANG_AFTER = "hang-after"  # taken, and silence
    CUT = "cut"  # not taken, and the connection closed
    CUT_AFTER = "cut-after"  # taken, and the connection closed
    CUT_EARLY = "cut-early"  # closed before the request was read
    SLOWLY = "slowly"  # taken; the answer comes byte by byte, and whole in the end
    NONSENSE = "nonsense"  # not taken; an answer nobody can read
    LEAVE = "leave"  # taken and answered; the connection is closed some time later
    MOVED = "302"  # not taken


_TAKES = frozenset({Act.ACCEPT, Act.FAIL_AFTER, Act.HANG_AFTER, Act.CUT_AFTER, Act.SLOWLY, Act.LEAVE})


@dataclass(frozen=True, slots=True)
class Taken:
    """One mail as its reader gets it. `message_id` is SendGrid's name for the request."""

    at: float
    to: str
    sender: str
    from_name: str
    reply_to: str
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    custom_args: dict[str, str]
    categories: list[str]
    tracking: dict[str, Any]
    attachments: list[dict[str, str]]  # as they were given: content in Base64, type, filename
    message_id: str


@dataclass
class Manners:
    """`script` is used up one act a request, then every n-th (`fail_every`) is dealt with by `fail_with`, all
    others are accepted. Requests with an address of `refused` get a 400 that names it."""

    script: list[Act] = field(default_factory=list)
    fail_every: int = 0
    fail_with: Act = Act.BUSY
    refused: frozenset[str] = frozenset()
    delay: float = 0.0  # seconds before an answer


class FakeSendGrid:
    """Runs in a thread while the `with` block does."""

    def __init__(self, journal: Path, key: str, manners: Manners | None = None, port: int = 0) -> None:
        self.journal, self.key, self.manners = journal, key, manners or Manners()
        self.requests = 0
        self.sizes: list[int] = []  # mails of each request, as they came
        self.connections = 0
        self.ended = threading.Event()
        self._lock = threading.Lock()
        journal.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._server = _Server(("127.0.0.1", port), self)
        self.port: int = self._server.server_address[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "FakeSendGrid":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()
        os.close(self._file)

    def taken(self) -> list[Taken]:
        """What was taken until now, in order."""
        return read_journal(self.journal)

    def act(self, mails: int) -> Act:
        with self._lock:
            self.requests += 1
            self.sizes.append(mails)
            manners = self.manners
            if manners.script:
                return manners.script.pop(0)
            is_turn = manners.fail_every > 0 and self.requests % manners.fail_every == 0
            return manners.fail_with if is_turn else Act.ACCEPT

    def take(self, mail: Mapping[str, Any]) -> str:
        """Journals every mail of a request; the request's name."""
        name = uuid4().hex[:22]
        lines = [
            json.dumps(asdict(Taken(at=time.time(), message_id=name, **one)), ensure_ascii=False)
            for one in rendered(mail)
        ]
        with self._lock:
            data = "".join(f"{line}\n" for line in lines).encode()
            if os.write(self._file, data) != len(data):
                raise OSError("The journal could not be written whole.")
        return name


def read_journal(path: Path) -> list[Taken]:
    """The mails of a journal; a last line that was cut by a crash was never answered, so it is left out."""
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [Taken(**json.loads(line)) for line in lines]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, where: tuple[str, int], fake: FakeSendGrid) -> None:
        super().__init__(where, _Handler)
        self.fake = fake

    def process_request(self, request: Any, client_address: Any) -> None:
        self.fake.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave in the middle are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        fake = self.server.fake
        script = fake.manners.script
        if script and script[0] is Act.CUT_EARLY:
            script.pop(0)
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        found = self._faults(body)
        if found is not None:
            code, errors = found
            self._say(code, errors)
            return
        mail = json.loads(body)
        act = fake.act(len(mail["personalizations"]))
        refused = [Fault.of_address(place) for place, to in _recipients(mail) if to in fake.manners.refused]
        if refused and act is Act.ACCEPT:
            self._say(400, refused)
            return
        name = fake.take(mail) if act in _TAKES else ""
        if fake.manners.delay:
            fake.ended.wait(fake.manners.delay)
        with suppress(OSError):  # the client has left
            self._answer(act, name)

    def _faults(self, body: bytes) -> tuple[int, list[Fault]] | None:
        """What is wrong with the request by SendGrid's rules, with the code it says so by."""
        if self.path != PATH:
            return 404, [Fault("not found")]
        if self.headers["Authorization"] != f"Bearer {self.server.fake.key}":
            return 401, [Fault("The provided authorization grant is invalid, expired, or revoked")]
        return faults(body)

    def _answer(self, act: Act, name: str) -> None:
        fake = self.server.fake
        if act in (Act.CUT, Act.CUT_AFTER):
            self.close_connection = True
        elif act in (Act.HANG, Act.HANG_AFTER):
            fake.ended.wait(LONGEST_SILENCE)
            self.close_connection = True
        elif act is Act.NONSENSE:
            self.wfile.write(b"220 mail.example ESMTP\r\n\r\n")
            self.close_connection = True
        elif act is Act.SLOWLY:
            answer = f"HTTP/1.1 202 Accepted\r\nX-Message-Id: {name}\r\nContent-Length: 0\r\n\r\n".encode()
            for place in range(len(answer)):
                self.wfile.write(answer[place : place + 1])
                if fake.ended.wait(BYTE_TIME):
                    break
        elif act in (Act.ACCEPT, Act.LEAVE):
            self._say(202, [], {"X-Message-Id": name})
            self.close_connection = act is Act.LEAVE
        else:
            code = 500 if act is Act.FAIL_AFTER else int(act.value)
            more = {Act.BUSY: {"Retry-After": "7"}, Act.MOVED: {"Location": "http://127.0.0.1:1/"}}.get(act)
            self._say(code, [Fault(_SENTENCES.get(act, "something went wrong"))], more)

    def _say(self, code: int, errors: Sequence[Fault], headers: Mapping[str, str] | None = None) -> None:
        body = json.dumps({"errors": [asdict(fault) for fault in errors]}).encode() if errors else b""
        self.send_response(code)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """The journal is the log."""


_SENTENCES = {
    Act.BUSY: "too many requests",
    Act.KEY: "The provided authorization grant is invalid, expired, or revoked",
    Act.REFUSE: "Bad Request",
}


def _recipients(mail: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
    for place, person in enumerate(mail["personalizations"]):
        yield place, person["to"][0]["email"]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tcma.bench.fake_sendgrid", description="SendGrid's mail API on loopback."
    )
    parser.add_argument("--journal", type=Path, required=True)
    parser.add_argument("--key", required=True, help="the API key it takes")
    parser.add_argument("--port", type=int, default=0, help="0: any that is free; it is printed")
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds before each answer")
    parser.add_argument("--fail-every", type=int, default=0, help="let every n-th request fail")
    parser.add_argument("--fail-with", type=Act, choices=list(Act), default=Act.BUSY)
    given = parser.parse_args(arguments)
    manners = Manners(fail_every=given.fail_every, fail_with=given.fail_with, delay=given.delay / 1000)
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, stop)
    try:
        fake = FakeSendGrid(given.journal, given.key, manners, given.port)
    except OSError as failure:
        sys.exit(f"The fake cannot listen on 127.0.0.1:{given.port}: {failure.strerror}")
    with fake:
        print(fake.port, flush=True)
        stopped.wait()


if __name__ == "__main__":
    main()

"""The receiving server that other tests believe."""

import hashlib
import smtplib
import socket
from pathlib import Path

import pytest

from tcma.bench.sink import Failure, Options, Sink, read_journal

MESSAGE = b"Message-ID: <1@x.example>\r\nX-Delivery: 7\r\nSubject: Hi\r\n\r\n..two dots\r\n.\r\nend\r\n"


def send(port: int, recipient: str, raw: bytes = MESSAGE) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as client:
        client.sendmail("a@x.example", [recipient], raw)


def test_a_message_is_in_the_journal_as_it_was_written(tmp_path: Path) -> None:
    options = Options(tmp_path / "journal", headers=("X-Delivery", "X-None"), keep=tmp_path / "raw")
    with Sink.start(options) as sink:
        send(sink.port, "b@y.example")
        (entry,) = sink.journal()

    assert (entry.sender, entry.recipients) == ("a@x.example", ("b@y.example",))
    assert (entry.message_id, entry.headers) == ("<1@x.example>", {"x-delivery": "7"})
    assert (entry.size, entry.sha256) == (len(MESSAGE), hashlib.sha256(MESSAGE).hexdigest())
    assert entry.raw_path is not None and entry.raw_path.read_bytes() == MESSAGE


def test_the_journal_outlives_a_killed_sink_and_goes_on_after_it(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with Sink.start(tmp_path / "journal") as sink:
            send(sink.port, f"{name}@y.example")
            sink.kill()

    assert [entry.recipients[0] for entry in read_journal(tmp_path / "journal")] == [
        "one@y.example",
        "two@y.example",
    ]


def test_a_line_cut_by_a_crash_is_left_out(tmp_path: Path) -> None:
    with Sink.start(tmp_path / "journal") as sink:
        send(sink.port, "b@y.example")
    with (tmp_path / "journal").open("ab") as file:
        file.write(b'{"at": 1, "send')

    assert len(read_journal(tmp_path / "journal")) == 1


@pytest.mark.parametrize(
    ("how", "code", "received"),
    [
        (Failure.TEMPORARY, 451, ["1", "3"]),
        (Failure.PERMANENT, 550, ["1", "3"]),
        (Failure.ACCEPT_AND_CLOSE, None, ["1", "2", "3"]),
        (Failure.DROP_AND_CLOSE, None, ["1", "3"]),
    ],
)
def test_every_second_message_fails_as_asked(
    tmp_path: Path, how: Failure, code: int | None, received: list[str]
) -> None:
    with Sink.start(Options(tmp_path / "journal", fail_every=2, fail_with=how)) as sink:
        send(sink.port, "1")
        with pytest.raises((smtplib.SMTPDataError, smtplib.SMTPServerDisconnected)) as failure:
            send(sink.port, "2")
        send(sink.port, "3")

        assert getattr(failure.value, "smtp_code", None) == code
        assert [entry.recipients[0] for entry in sink.journal()] == received


def test_pipelined_messages_are_answered_in_order_also_with_a_delay(tmp_path: Path) -> None:
    message = b"MAIL FROM:<a@x.example>\r\nRCPT TO:<%d@y.example>\r\nDATA\r\nSubject: x\r\n\r\nbody\r\n.\r\n"
    with (
        Sink.start(Options(tmp_path / "journal", delay=0.02)) as sink,
        socket.create_connection(("127.0.0.1", sink.port), timeout=5) as client,
        client.makefile("rb") as replies,
    ):
        client.sendall(b"EHLO me\r\n" + message % 1 + message % 2 + message % 3 + b"QUIT\r\n")
        codes = [line[:3] for line in replies if line[3:4] != b"-"]

        assert codes == [b"220", b"250", *[b"250", b"250", b"354", b"250"] * 3, b"221"]
        assert [entry.recipients[0] for entry in sink.journal()] == [
            "1@y.example",
            "2@y.example",
            "3@y.example",
        ]


def test_thousands_of_messages_a_second_are_received(tmp_path: Path) -> None:
    body = b"Subject: x\r\n\r\n" + b"x" * 70 * 100 + b"\r\n.\r\n"
    one = b"MAIL FROM:<a@x.example>\r\nRCPT TO:<b@y.example>\r\nDATA\r\n" + body
    with (
        Sink.start(tmp_path / "journal") as sink,
        socket.create_connection(("127.0.0.1", sink.port), timeout=20) as client,
    ):
        client.sendall(one * 2000 + b"QUIT\r\n")
        while client.recv(65536):
            pass

        entries = sink.journal()
        taken = entries[-1].at - entries[0].at
        print(f"{len(entries) / taken:,.0f} messages a second")
        assert len(entries) == 2000
        assert taken < 5


def test_a_sink_that_cannot_listen_says_so(tmp_path: Path) -> None:
    with (
        Sink.start(tmp_path / "one") as sink,
        pytest.raises(RuntimeError, match="did not start"),
        Sink.start(Options(tmp_path / "two", port=sink.port)),
    ):
        pass

"""A mail that is made to keep its reader busy ends its reader, and nothing else."""

import time

import pytest

from campaigns.replies import Kind, read_apart

HEAD = b"From: a@b.example\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"


def test_a_mail_is_read_apart_as_it_is_read_here() -> None:
    found = read_apart(HEAD + b"In-Reply-To: <1@x>\r\n\r\nGr\xc3\xbc\xc3\x9fe", envelope_sender="a@b.example")
    assert found is not None
    assert (found.kind, found.text) == (Kind.PERSON, "Grüße")
    report = read_apart(HEAD + b"\r\nCould not deliver", envelope_sender="")
    assert report is not None and report.kind is Kind.AUTOMATIC
    assert read_apart(b"no mail at all") is None


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"\r\nboundary" + b" " * 5_000_000,
        HTML + b"<head " * 66_000,
        HTML + b"<blockquote>x" * 30_000,
        b"From: " + b"a," * 5_000_000 + b"\r\n\r\nhi",
        HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a" * 400_000,
        HEAD + b"Content-Type: text/plain; charset=undefined\r\n\r\nhi",
        HEAD + b'Content-Type: text/plain; charset="a\0b"\r\n\r\nhi',
        HEAD + b"\r\nam\nschrieb" + b" " * 390_000,
        b"From: a\0b@c.example\r\n\r\nhi",
    ],
    ids=[
        "spaces",
        "tags without end",
        "nested quotes",
        "commas",
        "punycode",
        "no charset",
        "nul",
        "a long line",
        "nul in from",
    ],
)
def test_no_mail_keeps_its_reader_for_long(raw: bytes) -> None:
    begun = time.monotonic()
    found = read_apart(raw, seconds=1)
    assert time.monotonic() - begun < 20
    assert found is None or ("\0" not in found.sender and "\0" not in found.text)


def test_what_is_beyond_the_limits_ends_with_the_child() -> None:
    raw = HEAD + b"Content-Type: text/plain; " + b";" * 1_000_000 + b"\r\n\r\nhi"
    assert read_apart(raw, seconds=1) is None

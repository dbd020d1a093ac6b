"""SendGrid's API on loopback, behaving and misbehaving: what can be proved of a message decides its outcome."""

import re
import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.message import Message
from campaigns.providers import build
from campaigns.providers.base import (
    Accepted,
    AccountRefused,
    NotSent,
    Outcome,
    Outgoing,
    Refused,
    SettingsError,
    Unknown,
)
from tcma.bench.fake_sendgrid import Act, FakeSendGrid, Taken
from tests.campaigns.mails import a_recipient, an_artefact
from tests.campaigns.sendgrid_fakes import KEY, fake, mail, mails, provider

RAW = (
    b"From: =?utf-8?q?Harbour_=C3=84?= <post@x.example>\r\nReply-To: m@x.example\r\n"
    b"Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
    b"Message-ID: <1@x.example>\r\nAuto-Submitted: auto-generated\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n\r\nGr\xc3\xbc\xc3\x9fe\r\naus Z\xc3\xbcrich\r\n"
)


def notice(number: int = 1, raw: bytes = RAW, recipient: str = "b@y.example") -> Outgoing:
    """A mail of which only the raw form is there."""
    return Outgoing(number, "n1", "post@x.example", recipient, raw)


def sent(running: FakeSendGrid, batch: list[Outgoing], **given: object) -> list[Outcome]:
    with provider(running, **given) as sendgrid:
        return list(sendgrid.send(batch))


def kinds(outcomes: list[Outcome]) -> list[type]:
    return [type(outcome) for outcome in outcomes]


def test_mails_of_one_artefact_go_in_one_request_each_as_it_was_frozen(tmp_path: Path) -> None:
    batch = mails(40)
    with fake(tmp_path) as running:
        outcomes = sent(running, batch)
        taken = running.taken()

    assert running.sizes == [40]
    assert outcomes == [Accepted(number, taken[0].message_id) for number in range(1, 41)]
    for outgoing, got in zip(batch, taken, strict=True):
        same_as_frozen(outgoing, got)


def same_as_frozen(outgoing: Outgoing, got: Taken) -> None:
    """What SendGrid was given is the message that the preview shows and SMTP would carry."""
    message = Message(outgoing.raw, outgoing.recipient, "")
    head = dict(message.headers)
    assert got.to == outgoing.recipient
    assert got.subject == head["Subject"]
    assert got.html.rstrip("\n") == message.html.replace("\r\n", "\n").rstrip("\n")
    assert got.text.rstrip("\n") == message.text.replace("\r\n", "\n").rstrip("\n")
    assert f"{got.from_name} <{got.sender}>" == head["From"].replace('"', "")
    assert got.reply_to == head.get("Reply-To", "")
    own = {"From", "To", "Reply-To", "Subject", "Date", "MIME-Version", "Content-Type"}
    assert got.headers == {name: value for name, value in head.items() if name not in own}


names = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(
    ["-0.0-", "{{ x }}", "<b>&\"'", "a\r\nb", "%name%", "$1 \\1", "日本", "x" * 400, "-name-"]
)


@given(st.lists(st.tuples(names, names), min_size=2, max_size=4))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_of_a_contact_changes_another_part_of_the_mail(
    tmp_path: Path, people: list[tuple[str, str]]
) -> None:
    batch = [
        mail(number, a_recipient(email=f"p{number}@y.example", first_name=first, company=company))
        for number, (first, company) in enumerate(people, 1)
    ]
    (tmp_path / "sendgrid.jsonl").unlink(missing_ok=True)
    with fake(tmp_path) as running:
        assert set(kinds(sent(running, batch))) == {Accepted}
        taken = running.taken()

    assert len(running.sizes) == 1
    for outgoing, got in zip(batch, taken, strict=True):
        message = Message(outgoing.raw, outgoing.recipient, "")
        assert got.html.rstrip() == message.html.replace("\r\n", "\n").rstrip()
        assert got.text.rstrip() == message.text.replace("\r\n", "\n").rstrip()


def test_events_can_be_traced_and_nothing_is_counted_by_sendgrid(tmp_path: Path) -> None:
    with fake(tmp_path) as running:
        sent(running, mails(2))
        got = running.taken()[1]

    assert got.custom_args == {"tcma_site": "go.example", "tcma_attempt": "7", "tcma_delivery": "2"}
    assert got.headers["Message-ID"] == "<2.7@mail.example>"
    assert re.fullmatch(r"<https://go\.example/u/uT2[^>]*>", got.headers["List-Unsubscribe"])
    assert got.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sorted(got.categories) == ["marketing", "tcma"]
    assert {name: one["enable"] for name, one in got.tracking.items()} == dict.fromkeys(
        ("click_tracking", "open_tracking", "subscription_tracking", "ganalytics"), False
    )


def test_a_notice_goes_alone_with_its_sender_and_headers(tmp_path: Path) -> None:
    with fake(tmp_path) as running:
        assert kinds(sent(running, [notice(1), notice(2)])) == [Accepted, Accepted]
        first, _ = running.taken()

    assert running.sizes == [1, 1]
    assert (first.from_name, first.sender, first.reply_to) == ("Harbour Ä", "post@x.example", "m@x.example")
    assert (first.subject, first.text, first.html) == ("Grüße", "Grüße\naus Zürich\n", "")
    assert first.headers == {"Message-ID": "<1@x.example>", "Auto-Submitted": "auto-generated"}
    assert sorted(first.categories) == ["service", "tcma"]


def test_requests_are_bounded_by_number_by_size_and_by_artefact(tmp_path: Path) -> None:
    other = an_artefact(subject="Another")
    mixed = [*mails(5), mail(6, artefact=other), mail(7, artefact=other), notice(8)]
    with fake(tmp_path) as running:
        sent(running, mixed, most_together=3)
        sent(running, mails(4), most_bytes=1)
        assert len(running.taken()) == 12

    assert running.sizes == [3, 2, 2, 1, 1, 1, 1, 1]


def test_values_too_long_for_substitutions_go_whole_in_a_request_of_their_own(tmp_path: Path) -> None:
    long = mail(2, a_recipient(email="long@y.example", company="x" * 9_000))
    with fake(tmp_path) as running:
        assert kinds(sent(running, [mail(1), long, mail(3)])) == [Accepted] * 3
        taken = {one.to: one for one in running.taken()}

    assert sorted(running.sizes) == [1, 2]
    same_as_frozen(long, taken["long@y.example"])


@pytest.mark.parametrize(
    ("act", "kind", "rest", "taken"),
    [
        (Act.BUSY, NotSent, NotSent, 0),
        (Act.FAIL, Unknown, NotSent, 0),
        (Act.FAIL_AFTER, Unknown, NotSent, 2),
        (Act.KEY, AccountRefused, AccountRefused, 0),
        (Act.MOVED, AccountRefused, AccountRefused, 0),
        (Act.HANG, Unknown, NotSent, 0),
        (Act.HANG_AFTER, Unknown, NotSent, 2),
        (Act.CUT, Unknown, NotSent, 0),
        (Act.CUT_AFTER, Unknown, NotSent, 2),
        (Act.NONSENSE, Unknown, NotSent, 0),
        (Act.SLOWLY, Unknown, NotSent, 2),
    ],
)
def test_what_goes_wrong_with_a_request_is_never_said_to_be_better_than_known(
    tmp_path: Path, act: Act, kind: type, rest: type, taken: int
) -> None:
    with fake(tmp_path, act) as running:
        outcomes = sent(running, mails(3), most_together=2)

        assert kinds(outcomes) == [kind, kind, rest]
        assert [outcome.delivery_id for outcome in outcomes] == [1, 2, 3]
        assert len(running.taken()) == taken
        assert running.requests == 1  # what follows a sick request is not tried


def test_after_429_sendgrid_is_left_alone_as_long_as_it_asks(tmp_path: Path) -> None:
    with fake(tmp_path, Act.BUSY) as running:
        outcomes = sent(running, [notice(1), notice(2)])

    assert outcomes == [NotSent(number, "too many requests", 7.0) for number in (1, 2)]


def test_a_slow_answer_in_time_is_an_answer(tmp_path: Path) -> None:
    with fake(tmp_path, Act.SLOWLY) as running:
        assert kinds(sent(running, mails(2), answer_timeout=5.0)) == [Accepted, Accepted]


def test_no_answer_lasts_beyond_its_time_however_slowly_it_comes(tmp_path: Path) -> None:
    with fake(tmp_path, Act.SLOWLY) as running:
        begun = time.monotonic()
        sent(running, mails(1), answer_timeout=0.2)
    assert time.monotonic() - begun < 1.0


def test_an_address_that_is_named_costs_the_others_nothing(tmp_path: Path) -> None:
    with fake(tmp_path, refused=["p2@y.example", "p4@y.example"]) as running:
        outcomes = sent(running, mails(5))
        taken = [one.to for one in running.taken()]

    assert kinds(outcomes) == [Accepted, Refused, Accepted, Refused, Accepted]
    assert outcomes[1] == Refused(2, 400, "Does not contain a valid address.", hard=True)
    assert taken == ["p1@y.example", "p3@y.example", "p5@y.example"]
    assert running.sizes == [5, 3]


def test_a_refusal_that_names_nobody_is_narrowed_down(tmp_path: Path) -> None:
    with fake(tmp_path, Act.REFUSE, Act.REFUSE, Act.ACCEPT, Act.REFUSE) as running:
        outcomes = sent(running, mails(4))

    # 4 refused, 2 refused, 1 taken, 1 refused, 2 taken
    assert running.sizes == [4, 2, 1, 1, 2]
    assert kinds(outcomes) == [Accepted, Refused, Accepted, Accepted]
    assert outcomes[1] == Refused(2, 400, "Bad Request", hard=False)


def test_while_a_refusal_is_narrowed_down_a_break_leaves_the_rest(tmp_path: Path) -> None:
    with fake(tmp_path, Act.REFUSE, Act.CUT_AFTER) as running:
        outcomes = sent(running, mails(4))

    assert kinds(outcomes) == [Unknown, Unknown, NotSent, NotSent]


def test_what_cannot_be_written_to_is_refused_without_asking(tmp_path: Path) -> None:
    odd = [notice(1, recipient="not an address"), notice(2, raw=b"Subject: x\r\n\r\nx\r\n"), notice(3)]
    with fake(tmp_path) as running:
        outcomes = sent(running, odd)

    assert kinds(outcomes) == [Refused, Refused, Accepted]
    assert running.requests == 1


def test_nobody_there_is_not_sent(tmp_path: Path) -> None:
    with fake(tmp_path) as running:
        address = running.address
    with provider(address) as sendgrid:
        outcomes = list(sendgrid.send([notice(1), notice(2)]))

    assert kinds(outcomes) == [NotSent, NotSent]
    assert "No connection" in str(outcomes[0])


def test_one_connection_carries_all_requests(tmp_path: Path) -> None:
    with fake(tmp_path) as running:
        with provider(running) as sendgrid:
            for number in range(3):
                assert kinds(list(sendgrid.send([notice(number), notice(number + 10)]))) == [Accepted] * 2
        assert running.connections == 1


def test_a_kept_connection_that_was_closed_meanwhile_is_opened_anew(tmp_path: Path) -> None:
    with fake(tmp_path, Act.LEAVE) as running, provider(running) as sendgrid:
        assert kinds(list(sendgrid.send([notice(1)]))) == [Accepted]
        time.sleep(0.1)
        assert kinds(list(sendgrid.send([notice(2)]))) == [Accepted]
        assert (running.connections, len(running.taken())) == (2, 2)


def test_a_break_before_the_last_byte_is_not_sent(tmp_path: Path) -> None:
    big = RAW + b"x" * 60 + b"\r\n" + (b"y" * 70 + b"\r\n") * 60_000
    with fake(tmp_path, Act.CUT_EARLY) as running:
        outcomes = sent(running, [notice(1, raw=big), notice(2)], answer_timeout=10.0)

        assert kinds(outcomes) == [NotSent, NotSent]
        assert running.taken() == []


def test_a_refusal_that_comes_before_the_request_is_whole_is_believed() -> None:
    big = RAW + (b"y" * 70 + b"\r\n") * 60_000

    def refuse_early(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            client.recv(1_000)
            client.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            while client.recv(1_000_000):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = threading.Thread(target=refuse_early, args=(listener,), daemon=True)
        server.start()
        with provider(f"http://127.0.0.1:{listener.getsockname()[1]}", answer_timeout=10.0) as sendgrid:
            (outcome,) = sendgrid.send([notice(1, raw=big)])
        server.join(5)

    assert outcome == AccountRefused(1, 401, "SendGrid answered 401")


def test_a_caller_may_stop_between_requests_and_only_there(tmp_path: Path) -> None:
    with fake(tmp_path) as running, provider(running, most_together=2) as sendgrid:
        outcomes = sendgrid.send(mails(4))
        told = [(next(outcomes).delivery_id, sendgrid.is_between) for _ in range(2)]

        assert told == [(1, False), (2, True)]
        assert len(running.taken()) == 2


@pytest.mark.parametrize(
    ("given_settings", "sentence"),
    [
        ({}, "API key"),
        ({"key": "a\r\nX: y"}, "API key"),
        ({"key": KEY, "address": "http://api.sendgrid.com"}, "in the clear"),
        ({"key": KEY, "address": "ftp://x"}, "no address"),
        ({"key": KEY, "address": "https://x:y:z"}, "no address"),
        ({"key": KEY, "address": "https://x/y"}, "no address"),
        ({"key": KEY, "most_together": 1_001}, "from 1 to 1000"),
        ({"key": KEY, "ca_file": "/nowhere/ca.pem"}, "cannot be read"),
        ({"key": KEY, "colour": "blue"}, "no setting called"),
        ({"key": 7}, "has to be a str"),
    ],
)
def test_settings_that_make_no_sense_are_refused_with_a_sentence(
    given_settings: dict[str, object], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence):
        build("sendgrid", given_settings)


def test_the_key_shows_nowhere() -> None:
    assert KEY not in repr(build("sendgrid", {"key": KEY}))

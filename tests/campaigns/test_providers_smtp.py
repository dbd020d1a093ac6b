"""The SMTP provider against servers that misbehave at every step, over real sockets."""

import socket
import time

import pytest

from campaigns.providers.base import (
    Accepted,
    AccountRefused,
    NotSent,
    Outcome,
    Refused,
    Unknown,
)
from tests.campaigns.scripted_smtp import (
    CLOSE,
    GOOD,
    RAW,
    RESET,
    SILENCE,
    TRICKLE,
    Scripted,
    Slowly,
    message,
    smtp,
)


def outcome_of(server: Scripted, **settings: object) -> Outcome:
    with smtp(server.port, **settings) as provider:
        (outcome,) = provider.send([message()])
    return outcome


def test_a_message_is_accepted_with_the_servers_own_name_for_it() -> None:
    with Scripted() as server:
        assert outcome_of(server) == Accepted(1, "2.0.0 queued as Q1")

    assert server.messages == [RAW]
    assert server.commands == [
        "EHLO me.example",
        "MAIL FROM:<a@x.example>",
        "RCPT TO:<b@y.example>",
        "DATA",
        "QUIT",
    ]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "BODY"])
def test_5xx_at_any_step_of_a_message_is_refused_and_the_next_one_goes_out(step: str) -> None:
    with Scripted(**{step: b"554 5.7.1 no thanks\r\n"}) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1), message(2)])

    assert first == Refused(1, 554, "554 5.7.1 no thanks", hard=False)
    assert isinstance(second, Accepted)
    assert server.connections == 1
    assert ("RSET" in server.commands) == (step != "BODY")


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "BODY"])
@pytest.mark.parametrize("code", [421, 450, 452])
def test_4xx_at_any_step_is_not_sent_and_the_next_one_goes_out(step: str, code: int) -> None:
    with Scripted(**{step: b"%d later\r\n" % code}) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1), message(2)])

    assert first == NotSent(1, f"{code} later")
    assert isinstance(second, Accepted)
    assert server.connections == (2 if code == 421 else 1)


@pytest.mark.parametrize("how", [CLOSE, RESET, b"what is this?\r\n", b"999 no\r\n", b"250-a\r\n550 b\r\n"])
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "MIDDLE"])
def test_a_break_before_the_final_dot_is_not_sent(step: str, how: bytes | str) -> None:
    large = RAW + b"x" * 78 * 100_000 + b"\r\n"  # more than the buffers of both sides hold
    with Scripted(**{step: how}) as server, smtp(server.port, step_timeout=5.0) as provider:
        first, second = provider.send([message(1, raw=large), message(2)])

    assert isinstance(first, NotSent)
    assert isinstance(second, Accepted)
    assert [len(m) for m in server.messages][-1] == len(RAW)


@pytest.mark.parametrize(
    "how", [CLOSE, RESET, b"garbage\r\n", b"354 more?\r\n", b"x" * 5000, b"250-a\r\n" * 200]
)
def test_a_break_after_the_final_dot_is_unknown(how: bytes | str) -> None:
    with Scripted(BODY=how) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1), message(2)])

    assert isinstance(first, Unknown)
    assert isinstance(second, Accepted)
    assert len(server.messages) == 2


@pytest.mark.parametrize("how", [SILENCE, TRICKLE])
@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("GREETING", NotSent),
        ("EHLO", NotSent),
        ("MAIL", NotSent),
        ("RCPT", NotSent),
        ("DATA", NotSent),
        ("BODY", Unknown),
    ],
)
def test_no_answer_in_time_leaves_the_rest_of_the_batch_for_later(
    step: str, kind: type[Outcome], how: str
) -> None:
    with Scripted(**{step: how}) as server, smtp(server.port) as provider:
        started = time.monotonic()
        outcomes = list(provider.send([message(1), message(2), message(3)]))

    assert time.monotonic() - started < 3
    assert [type(outcome) for outcome in outcomes] == [kind, NotSent, NotSent]
    assert [outcome.delivery_id for outcome in outcomes] == [1, 2, 3]


@pytest.mark.parametrize(
    ("slow", "kind"),
    [
        (("GREETING", "EHLO", "MAIL", "RCPT", "DATA"), NotSent),
        (("MAIL", "RCPT", "DATA"), NotSent),
        (("BODY",), Unknown),
    ],
)
def test_steps_that_are_each_in_time_do_not_add_up_to_more_than_a_message_may_take(
    slow: tuple[str, ...], kind: type[Outcome]
) -> None:
    answers = {step: Slowly(GOOD[step].replace(b"\r\n", b" " * 10 + b"\r\n")) for step in slow}
    limits = {"step_timeout": 5.0, "data_timeout": 5.0, "message_timeout": 0.5}
    with Scripted(**answers) as server, smtp(server.port, **limits) as provider:
        started = time.monotonic()
        first, second = provider.send([message(1), message(2)])
        took = time.monotonic() - started

    assert took < 0.6
    assert isinstance(first, kind)
    assert isinstance(second, NotSent)
    assert server.messages == ([RAW] if kind is Unknown else [])


def test_a_slow_message_leaves_the_next_one_its_own_time() -> None:
    slow: list[bytes | str] = [Slowly(GOOD["RCPT"])] * 4
    limits = {"step_timeout": 5.0, "message_timeout": 0.6}
    with Scripted(RCPT=slow) as server, smtp(server.port, **limits) as provider:
        outcomes = list(provider.send([message(number) for number in range(4)]))
        time.sleep(0.7)
        outcomes += provider.send([message(4)])

    assert [type(outcome) for outcome in outcomes] == [Accepted] * 5
    assert server.connections == 1
    assert server.commands[-1] == "QUIT"


@pytest.mark.parametrize("step", ["GREETING", "RCPT", "BODY"])
def test_control_characters_in_a_reply_go_no_further(step: str) -> None:
    reply = b"550-5.7.1 no\x00 \x1b[31m\rthanks\r\n550 \xc2\x85" + b"x" * 1_500 + b"\r\n"
    with Scripted(**{step: reply}) as server:
        outcome = outcome_of(server)

    assert isinstance(outcome, AccountRefused if step == "GREETING" else Refused)
    assert "5.7.1 no [31m thanks x" in outcome.reason
    assert outcome.reason.isprintable()
    assert len(outcome.reason) <= 1_000


def test_control_characters_are_not_in_the_servers_name_for_a_message() -> None:
    with Scripted(BODY=b"250 queued\x00as\x7f\tQ1\r\n") as server:
        assert outcome_of(server) == Accepted(1, "queued as Q1")


def test_a_server_that_says_no_before_the_final_dot_has_not_got_the_message() -> None:
    large = RAW + b"x" * 3_000_000 + b"\r\n"
    with Scripted(DATA=[b"354 go\r\n552 5.3.4 too big\r\n"]) as server, smtp(server.port) as provider:
        first, second = provider.send([message(1, raw=large), message(2)])

    assert first == Refused(1, 552, "552 5.3.4 too big", hard=False)
    assert isinstance(second, Accepted)
    assert server.messages == [RAW]


@pytest.mark.parametrize("goodbye", [b"421 too many messages\r\n", CLOSE, RESET])
def test_a_kept_connection_the_server_has_closed_costs_no_message(goodbye: bytes | str) -> None:
    with Scripted(MAIL=[GOOD["MAIL"], goodbye]) as server, smtp(server.port) as provider:
        outcomes = [next(iter(provider.send([message(n)]))) for n in (1, 2, 3)]

    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert server.connections == 2
    assert len(server.messages) == 3


def test_a_server_that_keeps_breaking_is_left_alone_after_three_times() -> None:
    with Scripted(RCPT=[CLOSE] * 9) as server, smtp(server.port) as provider:
        outcomes = list(provider.send([message(n) for n in range(6)]))

    assert all(isinstance(outcome, NotSent) for outcome in outcomes)
    assert len(outcomes) == 6
    assert server.connections == 3


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"GREETING": b"554 5.7.1 you are blocked\r\n"}, AccountRefused),
        ({"GREETING": b"421 busy\r\n"}, NotSent),
        ({"GREETING": b"SSH-2.0-OpenSSH\r\n"}, NotSent),
        ({"MAIL": b"530 5.7.0 authentication required\r\n"}, AccountRefused),
        ({"EHLO": b"500 what?\r\n"}, Accepted),
        ({"EHLO": b"500 what?\r\n", "HELO": b"550 no\r\n"}, AccountRefused),
    ],
)
def test_what_a_server_says_before_a_message_is_about_the_account(
    answers: dict[str, bytes], kind: type[Outcome]
) -> None:
    with Scripted(**answers) as server, smtp(server.port) as provider:
        outcomes = list(provider.send([message(1), message(2)]))

    assert [type(outcome) for outcome in outcomes] == [kind, kind]


def test_nobody_listening_is_not_sent_for_the_whole_batch() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with smtp(port) as provider:
        outcomes = list(provider.send([message(1), message(2)]))

    assert [type(outcome) for outcome in outcomes] == [NotSent, NotSent]
    assert "refused" in str(outcomes[0])


@pytest.mark.parametrize(
    ("step", "reply", "hard"),
    [
        ("RCPT", b"550 5.1.1 no such user\r\n", True),
        ("RCPT", b"550 user unknown\r\n", True),
        ("RCPT", b"552 5.2.2 mailbox full\r\n", False),
        ("RCPT", b"554 5.7.1 policy\r\n", False),
        ("RCPT", b"550-5.1.1 no\r\n550 5.1.1 such user\r\n", True),
        ("BODY", b"550 5.1.1 no such user\r\n", True),
        ("BODY", b"550 looks like spam\r\n", False),
        ("MAIL", b"550 5.1.8 bad sender\r\n", False),
    ],
)
def test_only_a_refused_address_is_a_hard_bounce(step: str, reply: bytes, hard: bool) -> None:
    with Scripted(**{step: reply}) as server:
        outcome = outcome_of(server)

    assert isinstance(outcome, Refused)
    assert outcome.hard is hard


def test_lines_are_ended_and_dots_doubled_so_that_no_message_can_hide_in_another() -> None:
    smuggled = b"Subject: x\r\n\r\n.\r\n.one\r\nbare\n.\nMAIL FROM:<evil@x.example>\r.\r\nno end"
    with Scripted() as server, smtp(server.port) as provider:
        (outcome,) = provider.send([message(raw=smuggled)])

    assert isinstance(outcome, Accepted)
    assert server.messages == [
        b"Subject: x\r\n\r\n..\r\n..one\r\nbare\r\n..\r\nMAIL FROM:<evil@x.example>\r\n..\r\nno end\r\n"
    ]
    assert len([command for command in server.commands if command.startswith("MAIL")]) == 1


@pytest.mark.parametrize(
    "address", ["b@y.example>\r\nRCPT TO:<c@z.example", "b c@y.example", "b", "<b@y.example>", ""]
)
def test_an_address_that_could_add_a_command_is_refused_here(address: str) -> None:
    with Scripted() as server, smtp(server.port) as provider:
        (outcome,) = provider.send([message(recipient=address)])

    assert isinstance(outcome, Refused)
    assert server.commands == []


EHLO_UTF8 = b"250-here\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"


@pytest.mark.parametrize(
    ("recipient", "raw", "ehlo", "mail"),
    [
        ("b@bücher.example", RAW, EHLO_UTF8, "MAIL FROM:<a@x.example>"),
        ("b@y.example", RAW + "é".encode(), EHLO_UTF8, "MAIL FROM:<a@x.example> BODY=8BITMIME"),
        ("jörg@y.example", RAW, EHLO_UTF8, "MAIL FROM:<a@x.example> BODY=8BITMIME SMTPUTF8"),
        (
            "b@y.example",
            "Subject: é\r\n\r\n".encode(),
            EHLO_UTF8,
            "MAIL FROM:<a@x.example> BODY=8BITMIME SMTPUTF8",
        ),
        ("jörg@y.example", RAW, b"250 here\r\n", None),
        ("b@y.example", RAW + "é".encode(), b"250 here\r\n", None),
    ],
)
def test_extensions_are_asked_for_only_when_needed_and_offered(
    recipient: str, raw: bytes, ehlo: bytes, mail: str | None
) -> None:
    with Scripted(EHLO=ehlo) as server, smtp(server.port) as provider:
        (outcome,) = provider.send([message(recipient=recipient, raw=raw)])

    if mail is None:
        assert isinstance(outcome, Refused) and not outcome.hard
    else:
        assert isinstance(outcome, Accepted)
        assert mail in server.commands
    if "bücher" in recipient:
        assert "RCPT TO:<b@xn--bcher-kva.example>" in server.commands


def test_a_caller_that_stops_asking_has_handed_over_only_what_it_asked_for() -> None:
    with Scripted() as server, smtp(server.port) as provider:
        batch = provider.send([message(1), message(2), message(3)])
        next(batch)
        batch.close()  # type: ignore[attr-defined]

    assert len(server.messages) == 1

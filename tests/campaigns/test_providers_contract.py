"""What every way out promises, asked of each of them alike."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from campaigns.message import Message
from campaigns.providers import build
from campaigns.providers.base import Accepted, AccountRefused, NotSent, Outgoing, Provider, Refused, Unknown
from campaigns.providers.memory import Act as Deed
from campaigns.providers.memory import MemoryProvider
from tcma.bench.fake_sendgrid import Act
from tests.campaigns.scripted_smtp import CLOSE, Scripted, smtp
from tests.campaigns.sendgrid_fakes import fake, mails
from tests.campaigns.sendgrid_fakes import provider as sendgrid
from tests.campaigns.test_providers import folder_outbox

Got = tuple[str, str, str]  # subject, text and html as they arrive


@dataclass(frozen=True)
class Way:
    """A provider, and what arrived at its other end."""

    provider: Provider
    arrived: Callable[[], list[Got]]


def read(raw: bytes) -> Got:
    message = Message(raw, "", "")
    return _got(dict(message.headers)["Subject"], message.text, message.html)


def _got(subject: str, text: str, html: str) -> Got:
    return subject, text.replace("\r\n", "\n").rstrip("\n"), html.replace("\r\n", "\n").rstrip("\n")


@contextmanager
def by_memory(folder: Path, goes_wrong: bool = False) -> Iterator[Way]:
    provider = MemoryProvider([Deed.VANISHES] if goes_wrong else [])
    yield Way(provider, lambda: [read(one.raw) for one in provider.sent])


@contextmanager
def by_outbox(folder: Path, goes_wrong: bool = False) -> Iterator[Way]:
    def arrived() -> list[Got]:
        files = sorted(folder.glob("*.eml"), key=lambda path: int(path.stem.rpartition("-")[2]))
        return [read(path.read_bytes()) for path in files]

    yield Way(folder_outbox(folder), arrived)


@contextmanager
def by_smtp(folder: Path, goes_wrong: bool = False) -> Iterator[Way]:
    body: dict[str, Any] = {"BODY": [CLOSE]} if goes_wrong else {}
    with Scripted(**body) as server, smtp(server.port, step_timeout=5.0, data_timeout=5.0) as provider:
        yield Way(provider, lambda: [read(raw.replace(b"\r\n.", b"\r\n")) for raw in server.messages])


@contextmanager
def by_sendgrid(folder: Path, goes_wrong: bool = False) -> Iterator[Way]:
    script = [Act.CUT_AFTER] if goes_wrong else []
    with fake(folder, *script) as server, sendgrid(server, answer_timeout=5.0) as provider:
        yield Way(provider, lambda: [_got(one.subject, one.text, one.html) for one in server.taken()])


WAYS = {"memory": by_memory, "outbox": by_outbox, "smtp": by_smtp, "sendgrid": by_sendgrid}


@pytest.fixture(params=sorted(WAYS))
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., AbstractContextManager[Way]]:
    return lambda **given: WAYS[request.param](tmp_path, **given)


Opened = Callable[..., AbstractContextManager[Way]]


def test_every_message_has_one_outcome_in_its_order(opened: Opened) -> None:
    with opened() as way:
        outcomes = list(way.provider.send(mails(4)))

    assert [outcome.delivery_id for outcome in outcomes] == [1, 2, 3, 4]
    assert {type(outcome) for outcome in outcomes} == {Accepted}


def test_what_arrives_is_the_message_that_was_frozen(opened: Opened) -> None:
    batch = mails(3)
    with opened() as way:
        list(way.provider.send(batch))
        assert way.arrived() == [read(message.raw) for message in batch]


def test_whoever_stops_between_messages_leaves_the_others_untouched(opened: Opened) -> None:
    with opened() as way:
        outcomes, told = way.provider.send(mails(4)), 0
        while told == 0 or not way.provider.is_between:
            next(outcomes)
            told += 1
        assert len(way.arrived()) == told


def test_mails_without_parts_are_handed_over_one_by_one(opened: Opened) -> None:
    whole = [Outgoing(one.delivery_id, "n1", one.sender, one.recipient, one.raw) for one in mails(3)]
    with opened() as way:
        for count, _ in enumerate(way.provider.send(whole), 1):
            assert way.provider.is_between
            assert len(way.arrived()) == count


def test_no_messages_have_no_outcomes(opened: Opened) -> None:
    with opened() as way:
        assert list(way.provider.send([])) == []
        assert way.provider.is_between


def test_a_closed_provider_opens_again(opened: Opened) -> None:
    with opened() as way:
        for batch in (mails(1), mails(2)[1:]):
            assert {type(outcome) for outcome in way.provider.send(batch)} == {Accepted}
            way.provider.close()
            way.provider.close()
        assert len(way.arrived()) == 2


def test_a_look_up_never_says_of_what_did_not_go_that_it_went(opened: Opened) -> None:
    with opened() as way:
        assert not isinstance(way.provider.look_up("7", 99), Accepted | Refused | Unknown | AccountRefused)


def test_a_lost_answer_is_not_said_to_be_a_message_not_sent(opened: Opened) -> None:
    with opened(goes_wrong=True) as way:
        first = next(way.provider.send(mails(1)))

    assert isinstance(first, Unknown | Accepted)  # the outbox loses no answers


@pytest.mark.parametrize("name", ["smtp", "sendgrid"])
def test_a_server_that_is_not_there_is_a_message_not_sent(name: str) -> None:
    given: dict[str, dict[str, object]] = {
        "smtp": {"host": "127.0.0.1", "port": 1, "security": "none"},
        "sendgrid": {"key": "k", "address": "http://127.0.0.1:1"},
    }
    provider = build(name, given[name])
    outcomes = list(provider.send(mails(2)))

    assert {type(outcome) for outcome in outcomes} == {NotSent}
    assert [outcome.delivery_id for outcome in outcomes] == [1, 2]

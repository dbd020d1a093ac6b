"""What holds for every provider, and the two that need no network."""

import errno
from pathlib import Path

import pytest

from campaigns.providers import build
from campaigns.providers.base import (
    Accepted,
    AccountRefused,
    NotSent,
    Outgoing,
    Refused,
    SettingsError,
    Unknown,
)
from campaigns.providers.memory import Act, MemoryProvider
from campaigns.providers.outbox import Outbox, file_name


def message(number: int, attempt: str = "try1") -> Outgoing:
    return Outgoing(
        number, attempt, "a@x.example", f"p{number}@y.example", b"Subject: x\r\n\r\nHello %d\r\n" % number
    )


def folder_outbox(folder: Path) -> Outbox:
    def store(name: str, data: bytes) -> None:
        (folder / name).write_bytes(data)

    outbox = build("outbox", {"store": store, "exists": lambda name: (folder / name).exists()})
    assert isinstance(outbox, Outbox)
    return outbox


@pytest.mark.parametrize(
    "name", ["", "nothing", "base", "smtp_wire", "../memory", "os", "memory.os", "Memory", "__init__"]
)
def test_a_provider_that_is_none_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(SettingsError, match="provider"):
        build(name, {})


def test_a_setting_nobody_reads_is_a_mistake() -> None:
    with pytest.raises(SettingsError, match="no setting called “colour”"):
        build("memory", {"colour": "blue"})
    with pytest.raises(SettingsError, match="needs a place to write to"):
        build("outbox", {})


def test_the_memory_provider_keeps_what_it_accepted_and_misbehaves_by_script() -> None:
    provider = MemoryProvider(
        [Act.ACCEPT, Act.REFUSE, Act.REFUSE_ADDRESS, Act.DEFER, Act.ARRIVES_SILENTLY, Act.VANISHES]
    )

    outcomes = list(provider.send([message(n) for n in range(7)]))

    assert [type(o) for o in outcomes] == [Accepted, Refused, Refused, NotSent, Unknown, Unknown, Accepted]
    assert [o.hard for o in outcomes if isinstance(o, Refused)] == [False, True]
    assert [sent.delivery_id for sent in provider.sent] == [0, 4, 6]
    assert len(provider.asked) == 7


def test_the_memory_provider_tells_the_truth_once_it_knows() -> None:
    provider = MemoryProvider([Act.ARRIVES_SILENTLY, Act.VANISHES])
    list(provider.send([message(1), message(2)]))

    assert provider.look_up("try1", 1) is None
    provider.knows = True
    assert isinstance(provider.look_up("try1", 1), Accepted)
    assert isinstance(provider.look_up("try1", 2), NotSent)
    assert isinstance(provider.look_up("try2", 1), NotSent)


def test_the_memory_provider_can_refuse_an_account_and_single_people() -> None:
    provider = MemoryProvider(
        for_recipient={"p1@y.example": Act.REFUSE_ADDRESS, "p2@y.example": Act.REFUSE_ACCOUNT}
    )

    kinds = [type(outcome) for outcome in provider.send([message(1), message(2), message(3)])]

    assert kinds == [Refused, AccountRefused, Accepted]


def test_outcomes_come_one_by_one() -> None:
    provider = MemoryProvider()
    batch = provider.send([message(1), message(2)])

    assert next(batch).delivery_id == 1
    assert len(provider.sent) == 1


def test_the_outbox_writes_each_attempt_once(tmp_path: Path) -> None:
    outbox = folder_outbox(tmp_path)

    first = list(outbox.send([message(1), message(2)]))
    again = list(outbox.send([message(1)]))

    assert first == [Accepted(1, "try1-1.eml"), Accepted(2, "try1-2.eml")]
    assert again == first[:1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["try1-1.eml", "try1-2.eml"]
    assert (tmp_path / "try1-2.eml").read_bytes() == message(2).raw


def test_the_outbox_knows_what_it_holds(tmp_path: Path) -> None:
    outbox = folder_outbox(tmp_path)
    list(outbox.send([message(1)]))

    assert outbox.look_up("try1", 1) == Accepted(1, "try1-1.eml")
    assert isinstance(outbox.look_up("try2", 1), NotSent)


def test_a_full_disk_is_not_sent_and_the_next_message_is_tried(tmp_path: Path) -> None:
    full = {"try1-1.eml"}

    def store(name: str, data: bytes) -> None:
        if name in full:
            raise OSError(errno.ENOSPC, "No space left on device")
        (tmp_path / name).write_bytes(data)

    outbox = build("outbox", {"store": store, "exists": lambda name: (tmp_path / name).exists()})

    outcomes = list(outbox.send([message(1), message(2)]))

    assert outcomes == [
        NotSent(1, "The outbox cannot be written: No space left on device"),
        Accepted(2, "try1-2.eml"),
    ]


def test_an_attempt_id_is_never_a_path() -> None:
    with pytest.raises(ValueError, match="not an attempt id"):
        file_name("../../etc/cron", 1)

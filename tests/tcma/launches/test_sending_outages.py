"""Database, storage or the account are away: what waits keeps waiting, and goes once when they are back."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from botocore.exceptions import EndpointConnectionError
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from campaigns.providers.base import (
    Accepted,
    AccountRefused,
    NotSent,
    Outcome,
    Outgoing,
    Refused,
    Unknown,
)
from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.audiences.models import Contact
from tcma.errors import NotFound
from tcma.launches.deliveries import Chunk, Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignStatus, StopReason
from tcma.launches.sending_claim import Claimed
from tcma.launches.sending_record import MOST_ATTEMPTS
from tests.installation import Installation
from tests.tcma.launches.factories import (
    PlainComposer,
    a_running_campaign,
    assert_figures_hold,
    campaign,
    deliveries,
    send,
    statuses,
)

D = DeliveryStatus


class Failing(PlainComposer):
    """Composes nothing from the `after`th message on, until it is healed."""

    def __init__(self, error: Exception, after: int = 0) -> None:
        super().__init__()
        self.error: Exception | None = error
        self.after = after

    def compose(self, claimed: Claimed, attempt_id: str) -> Outgoing:
        if self.error is not None and self.after <= 0:
            raise self.error
        self.after -= 1
        return super().compose(claimed, attempt_id)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT 1", {}, Exception("server closed the connection")),
        NotFound("There is no such file."),
        EndpointConnectionError(endpoint_url="https://files.example"),
    ],
    ids=["database", "file", "s3"],
)
@pytest.mark.parametrize("after", [0, 2])
def test_while_messages_cannot_be_composed_they_wait_and_later_all_go_once(
    database: Installation, error: Exception, after: int
) -> None:
    world = a_running_campaign(database, people=5)
    composer, provider = Failing(error, after), MemoryProvider()
    turns = iter([False, False, True])

    send(database, provider, composer=composer, until=lambda: next(turns, True))

    assert provider.asked == []
    rows = deliveries(database, world.touch_ids[0])
    assert [row.status for row in rows] == [D.QUEUED] * 5
    assert [row.attempts for row in rows] == [int(place == after) for place in range(5)]
    put_off = rows[after]
    assert put_off.not_before is not None
    assert put_off.reason == f"cannot be made at the moment: {type(error).__name__}"
    assert_figures_hold(database, world.touch_ids[0])

    composer.error = None
    put_off_is_over(database)
    send(database, provider, composer=composer)

    assert Counter(message.delivery_id for message in provider.sent) == {row.id: 1 for row in rows}
    assert statuses(database, world.touch_ids[0]) == {D.SENT: 5}


def test_a_message_that_never_can_be_composed_holds_up_nobody_and_is_given_up_after_a_day(
    database: Installation,
) -> None:
    world = a_running_campaign(database, people=5)
    with database.worker.transaction() as session:
        poisoned = session.get_one(Contact, world.contact_ids[1]).address_typed
        session.execute(update(Delivery).values(attempts=MOST_ATTEMPTS - 1))

    class Poisoned(PlainComposer):
        def compose(self, claimed: Claimed, attempt_id: str) -> Outgoing:
            if claimed.address == poisoned:
                raise ZeroDivisionError
            return super().compose(claimed, attempt_id)

    send(database, composer=Poisoned())

    rows = deliveries(database, world.touch_ids[0])
    assert [row.status for row in rows] == [D.SENT, D.FAILED, D.SENT, D.SENT, D.SENT]
    assert rows[1].reason == "gave up: cannot be made at the moment: ZeroDivisionError"


def test_a_refused_account_stops_the_campaign_and_loses_nothing(databases: Installation) -> None:
    world = a_running_campaign(databases, people=5)
    provider = MemoryProvider([Act.ACCEPT] + [Act.REFUSE_ACCOUNT] * 4)

    send(databases, provider)

    stopped = campaign(databases, world.campaign_id)
    assert stopped.status is CampaignStatus.STOPPED
    assert stopped.stop_reason is StopReason.PROVIDER_REFUSED
    assert "401 The key is not valid" in stopped.stop_sentence
    assert statuses(databases, world.touch_ids[0]) == {D.SENT: 1, D.QUEUED: 4}
    waiting = [row.not_before for row in deliveries(databases, world.touch_ids[0]) if row.status is D.QUEUED]
    assert all(later is not None and later > clock.real() + timedelta(seconds=50) for later in waiting)
    with databases.worker.transaction() as session:
        session.get_one(Campaign, world.campaign_id).start()
    put_off_is_over(databases)
    send(databases, provider)
    assert len({message.delivery_id for message in provider.sent}) == len(provider.sent) == 5


def test_a_refused_account_is_not_tried_again_at_once_where_no_campaign_can_be_stopped(
    database: Installation,
) -> None:
    world = a_running_campaign(database, people=5)
    with database.worker.transaction() as session:
        session.execute(update(Delivery).values(message_class=MessageClass.SERVICE))
        session.execute(update(Chunk).values(message_class=MessageClass.SERVICE))
        session.execute(update(Campaign).values(status=CampaignStatus.FINISHED))
    provider = MemoryProvider([Act.REFUSE_ACCOUNT] * 1_000)
    ends_at = time.monotonic() + 1.5

    report = send(database, provider, until=lambda: time.monotonic() > ends_at)

    assert not report.has_more
    assert len(provider.asked) == 5
    rows = deliveries(database, world.touch_ids[0])
    assert [(row.status, row.attempts) for row in rows] == [(D.QUEUED, 0)] * 5


HOSTILE = "\x00no\x1b[31m \ud800\x85" + "x" * 3_000


@pytest.mark.parametrize(
    "outcome",
    [
        Accepted(0, HOSTILE),
        Refused(0, 550, HOSTILE, hard=True),
        NotSent(0, HOSTILE),
        Unknown(0, HOSTILE),
        AccountRefused(0, 535, HOSTILE),
    ],
    ids=lambda outcome: type(outcome).__name__,
)
def test_whatever_a_provider_says_can_be_written_down(databases: Installation, outcome: Outcome) -> None:
    world = a_running_campaign(databases, people=2)

    class Saying(MemoryProvider):
        def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
            yield replace(outcome, delivery_id=batch[0].delivery_id)
            yield from super().send(batch[1:])

    turns = iter([False, False, True])
    send(databases, Saying(), until=lambda: next(turns, True))

    first, second = deliveries(databases, world.touch_ids[0])
    assert second.status is D.SENT
    assert first.status is not D.SENDING
    told = first.provider_id if isinstance(outcome, Accepted) else first.reason
    assert told is not None
    assert "no [31m" in told
    assert told.isprintable()
    assert campaign(databases, world.campaign_id).stop_sentence.isprintable()


def put_off_is_over(installation: Installation) -> None:
    with installation.worker.transaction() as session:
        session.execute(update(Delivery).values(not_before=None))

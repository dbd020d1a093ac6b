"""What follows from a mail that comes back: the sequence ends, the contact person hears of it, nothing twice."""

import pytest
from sqlalchemy import func, select, update

from campaigns.providers.memory import Act, MemoryProvider
from campaigns.replies import Kind
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences.models import PartnerSuppression
from tcma.db import Base
from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.launches.deliveries import DeliveryStatus, TouchEvent, TouchEventKind
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import Notice
from tcma.partners.models import BrandProfile
from tcma.replies import forgetting, intake, taking
from tcma.replies.models import InboundMail, Reply
from tests.installation import Installation
from tests.tcma.funds.scene import in_parallel
from tests.tcma.launches.factories import (
    a_running_campaign,
    assert_figures_hold,
    deliveries,
    send,
    statuses,
    touch,
)
from tests.tcma.replies.desk import Desk, a_mail

SENT, SKIPPED = DeliveryStatus.SENT, DeliveryStatus.SKIPPED
ASK = "Can you call me on Thursday?"


def a_desk(installation: Installation, people: int = 2, touches: int = 2) -> Desk:
    world = a_running_campaign(installation, people=people, touches=touches)
    with installation.worker.transaction() as session:
        profile = BrandProfile(
            organisation_id=world.partner_id,
            colour="#f58220",
            contact_name="Marc Keller",
            contact_email="marc@harbour-it.example",
            updated_at=clock.now(session),
        )
        session.add(profile)
    return Desk(installation, world)


def count(desk: Desk, model: type[Base]) -> int:
    with desk.installation.worker.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def events(desk: Desk) -> list[TouchEventKind]:
    with desk.installation.worker.reading() as session:
        return list(session.scalars(select(TouchEvent.kind).order_by(TouchEvent.id)))


@pytest.mark.parametrize("shared", [False, True], ids=["own address", "one address for all"])
def test_who_writes_back_is_heard_and_gets_no_further_mail_of_the_campaign(
    databases: Installation, shared: bool
) -> None:
    desk = a_desk(databases)
    first, second = deliveries(databases, desk.world.touch_ids[0])
    anna = desk.contact_of(first)

    desk.comes_in(a_mail(f"Anna <{anna.address.upper()}>", ASK), desk.address(first, shared=shared).upper())
    send(databases)

    (reply,) = desk.replies()
    assert (reply.kind, reply.text, reply.name) == (Kind.PERSON, ASK, "Anna")
    assert (reply.delivery_id, reply.contact_id) == (first.id, anna.id)
    assert events(desk) == [TouchEventKind.REPLIED]
    second_touch = desk.world.touch_ids[1]
    assert statuses(databases, second_touch) == {SENT: 1, SKIPPED: 1}
    (skipped,) = [row for row in deliveries(databases, second_touch) if row.status is SKIPPED]
    assert (skipped.contact_id, skipped.reason) == (anna.id, "replied")
    assert second.contact_id != anna.id
    for touch_id in desk.world.touch_ids:
        assert_figures_hold(databases, touch_id)
    assert count(desk, InboundMail) == 0


def test_a_colleague_who_answers_ends_the_sequence_of_whose_mail_it_was(database: Installation) -> None:
    desk = a_desk(database)
    first, _ = deliveries(database, desk.world.touch_ids[0])
    desk.comes_in(a_mail("boss@lindt.example", ASK), desk.address(first))
    (reply,) = desk.replies()
    assert (reply.address, reply.delivery_id) == ("boss@lindt.example", first.id)


def test_a_shared_address_and_an_unknown_sender_is_still_told(database: Installation) -> None:
    desk = a_desk(database)
    first, _ = deliveries(database, desk.world.touch_ids[0])
    desk.comes_in(a_mail("boss@lindt.example", ASK), desk.address(first, shared=True))
    (reply,) = desk.replies()
    assert (reply.delivery_id, reply.contact_id) == (None, None)
    assert count(desk, Notice) == 1
    send(database)
    assert statuses(database, desk.world.touch_ids[1]) == {SENT: 2}


def test_an_out_of_office_note_is_kept_and_stops_nothing(databases: Installation) -> None:
    desk = a_desk(databases)
    first, _ = deliveries(databases, desk.world.touch_ids[0])
    raw = a_mail(desk.contact_of(first).address, "I am away.", "Auto-Submitted: auto-replied")

    desk.comes_in(raw, desk.address(first))
    send(databases)

    assert [reply.kind for reply in desk.replies()] == [Kind.AUTOMATIC]
    assert events(desk) == [] and count(desk, Notice) == 0
    assert statuses(databases, desk.world.touch_ids[1]) == {SENT: 2}


def test_the_same_mail_handed_over_often_is_one_reply(databases: Installation) -> None:
    desk = a_desk(databases)
    first, _ = deliveries(databases, desk.world.touch_ids[0])
    raw = a_mail(desk.contact_of(first).address, ASK)
    for headers in (b"", b"Received: from a\r\n", b"Received: from b\r\n"):
        desk.comes_in(headers + raw, desk.address(first))

    assert len(desk.replies()) == 1
    assert (count(desk, TouchEvent), count(desk, Notice)) == (1, 1)
    desk.comes_in(
        a_mail(desk.contact_of(first).address, "And bring a colleague.", number=2), desk.address(first)
    )
    assert [reply.text for reply in desk.replies()] == [ASK, "And bring a colleague."]
    assert count(desk, Notice) == 2


def test_a_reply_that_only_says_stop_is_an_unsubscription(databases: Installation) -> None:
    desk = a_desk(databases)
    first, _ = deliveries(databases, desk.world.touch_ids[0])

    desk.comes_in(a_mail(desk.contact_of(first).address, "STOP!"), desk.address(first))
    send(databases)

    with databases.worker.reading() as session:
        hashes = session.scalars(select(PartnerSuppression.address_hash)).all()
    assert hashes == [desk.contact_of(first).address_hash]
    assert touch(databases, desk.world.touch_ids[0]).unsubscribed_count == 1
    assert statuses(databases, desk.world.touch_ids[1]) == {SENT: 1, SKIPPED: 1}


def test_what_is_not_ours_leaves_nothing(databases: Installation) -> None:
    desk = a_desk(databases, touches=1)
    first, _ = deliveries(databases, desk.world.touch_ids[0])
    genuine = desk.address(first)
    forged = genuine[:20] + ("a" if genuine[20] != "a" else "b") + genuine[21:]
    elsewhere = genuine.replace("replies.example", "other.example")

    for recipient in (forged, elsewhere, "r.short@replies.example", "hello@replies.example", ""):
        desk.comes_in(a_mail("anna@lindt.example", ASK), recipient)
    desk.comes_in(a_mail("MAILER-DAEMON@lindt.example", "Could not deliver"), genuine)

    assert desk.replies() == [] and count(desk, InboundMail) == 0 and count(desk, Notice) == 0
    assert desk.files() == []


def test_a_copy_that_is_dropped_leaves_the_bytes_of_the_other(database: Installation) -> None:
    desk = a_desk(database, touches=1)
    first, _ = deliveries(database, desk.world.touch_ids[0])
    raw = a_mail("anna@lindt.example", ASK)
    for _time in range(3):
        desk.comes_in(raw, desk.address(first))
    (reply,) = desk.replies()
    assert desk.mail_of(reply) == raw
    assert len(desk.files()) == 1


def test_two_workers_that_read_one_mail_at_once_make_one_reply(databases: Installation) -> None:
    desk = a_desk(databases, touches=1)
    first, _ = deliveries(databases, desk.world.touch_ids[0])
    raw = a_mail("anna@lindt.example", ASK)
    desk.is_kept(raw, desk.address(first))

    in_parallel(2, lambda _number: desk.read_all())

    (reply,) = desk.replies()
    assert desk.mail_of(reply) == raw
    assert (count(desk, TouchEvent), count(desk, Notice), count(desk, InboundMail)) == (1, 1, 0)


def test_a_worker_that_comes_late_leaves_the_mail_that_has_its_number_now(database: Installation) -> None:
    desk = a_desk(database, touches=1)
    first, second = deliveries(database, desk.world.touch_ids[0])
    desk.is_kept(a_mail("anna@lindt.example", ASK), desk.address(first))
    with database.worker.reading() as session:
        late = session.scalars(select(InboundMail)).one()
    desk.read_all()
    desk.is_kept(a_mail("beat@lindt.example", "Me too.", number=2), desk.address(second))
    with database.worker.reading() as session:
        assert session.scalars(select(InboundMail.id)).one() == late.id  # SQLite gives numbers again

    taking._forget(database.worker, late)
    with database.worker.transaction() as session:
        assert not taking._is_waiting(session, late)

    desk.read_all()
    assert [reply.text for reply in desk.replies()] == [ASK, "Me too."]


def test_a_worker_killed_while_it_drops_a_mail_leaves_nothing_behind(database: Installation) -> None:
    desk = a_desk(database, touches=1)
    first, _ = deliveries(database, desk.world.touch_ids[0])
    desk.is_kept(a_mail("MAILER-DAEMON@lindt.example", "Could not deliver"), desk.address(first))
    for path in desk.files():
        path.unlink()  # the bytes go first

    desk.read_all()

    assert count(desk, InboundMail) == 0 and desk.replies() == []


def test_a_mail_that_waits_for_long_is_asked_for_anew(databases: Installation) -> None:
    desk = a_desk(databases, touches=1)
    first, _ = deliveries(databases, desk.world.touch_ids[0])
    desk.is_kept(a_mail("anna@lindt.example", ASK), desk.address(first))
    asked = select(func.count()).where(JobRow.name == Job.REPLIES_TAKE.value)
    intake.ask_again(databases.worker)
    with databases.worker.reading() as session:
        assert session.scalar(asked) == 1
    with databases.worker.transaction() as session:
        session.execute(update(InboundMail).values(received_at=clock.real() - 2 * intake.LATE))
    intake.ask_again(databases.worker)
    with databases.worker.reading() as session:
        assert session.scalar(asked) == 2


def test_a_mail_that_cannot_be_read_is_kept_unread_and_told(database: Installation) -> None:
    desk = a_desk(database)
    first, _ = deliveries(database, desk.world.touch_ids[0])
    raw = b"no mail at all"

    desk.comes_in(raw, desk.address(first), envelope_sender="a@b.example")

    (reply,) = desk.replies()
    assert (reply.kind, reply.text, reply.address) == (Kind.UNREAD, "", "a@b.example")
    assert desk.mail_of(reply) == raw
    assert count(desk, Notice) == 1
    send(database)
    assert statuses(database, desk.world.touch_ids[1]) == {SENT: 2}


def test_an_answer_proves_that_a_mail_in_doubt_arrived(databases: Installation) -> None:
    desk = a_desk(databases, people=1, touches=1)
    (only,) = deliveries(databases, desk.world.touch_ids[0])
    provider = MemoryProvider([Act.ARRIVES_SILENTLY])
    send(databases, provider)
    assert statuses(databases, desk.world.touch_ids[0]) == {DeliveryStatus.UNKNOWN: 1}

    desk.comes_in(a_mail(desk.contact_of(only).address, ASK), desk.address(only))

    assert statuses(databases, desk.world.touch_ids[0]) == {DeliveryStatus.DELIVERED: 1}
    assert_figures_hold(databases, desk.world.touch_ids[0])


def test_stop_from_another_address_stops_that_one_too(databases: Installation) -> None:
    desk = a_desk(databases)
    first, _ = deliveries(databases, desk.world.touch_ids[0])
    desk.comes_in(a_mail("alias@lindt.example", "STOP"), desk.address(first, shared=True))
    with databases.worker.reading() as session:
        hashes = session.scalars(select(PartnerSuppression.address_hash)).all()
        (notice,) = session.scalars(select(Notice)).all()
    assert hashes == [person_key(databases.settings.hash_key, "alias@lindt.example")]
    assert (notice.said["left"], notice.said["stops"]) == ("yes", "")


def test_a_person_who_is_deleted_is_forgotten_in_what_they_wrote(database: Installation) -> None:
    desk = a_desk(database, touches=1)
    first, _ = deliveries(database, desk.world.touch_ids[0])
    desk.comes_in(a_mail("Anna <anna@lindt.example>", ASK), desk.address(first))

    for _time in range(2):
        forgetting.forget_person(database.worker, database.storage, first.contact_id)

    (reply,) = desk.replies()
    assert (reply.address, reply.name, reply.subject, reply.text) == ("", "", "", "")
    assert desk.files() == []


def test_the_contact_person_is_told_who_wrote_what(database: Installation) -> None:
    desk = a_desk(database, touches=1)
    first, _ = deliveries(database, desk.world.touch_ids[0])
    desk.comes_in(a_mail("Anna Frei <anna@lindt.example>", ASK), desk.address(first))
    with database.worker.reading() as session:
        notice = session.scalars(select(Notice)).one()
    assert notice.kind is NoticeKind.REPLY
    assert (notice.said["person"], notice.said["message"], notice.said["email"]) == (
        "Anna Frei",
        ASK,
        "anna@lindt.example",
    )
    assert (notice.email, notice.path) == ("marc@harbour-it.example", "/q/{token}")


def test_of_many_replies_to_one_mail_only_the_first_are_passed_on(database: Installation) -> None:
    desk = a_desk(database, people=1)
    (mail, *_more) = deliveries(database, desk.world.touch_ids[0])
    with database.worker.transaction() as session:
        for number in range(taking.MOST_TOLD - 1):
            kept = Reply(
                partner_id=mail.partner_id,
                campaign_id=mail.campaign_id,
                touch_id=mail.touch_id,
                delivery_id=mail.id,
                natural_key=f"{number}".encode().ljust(16),
                kind=Kind.PERSON,
                address="anna@lindt.example",
                text=ASK,
                kept_as="",
                at=clock.now(session),
            )
            session.add(kept)
    for number in (1, 2):
        desk.comes_in(a_mail("anna@lindt.example", ASK, number=number), desk.address(mail))
    assert len(desk.replies()) == taking.MOST_TOLD + 1 and count(desk, Notice) == 1

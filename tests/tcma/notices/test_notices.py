"""Events told to people: stored with the deed, mailed once, to those who may and want to read them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from campaigns.providers.memory import Act, MemoryProvider
from tcma.jobs.models import JobRow
from tcma.notices import queries, sending, service
from tcma.notices.kinds import MANNERS, NoticeKind
from tcma.notices.models import MessageStatus, Notice, PlatformMessage
from tcma.notices.recipients import Recipient
from tcma.organisations import recipients
from tcma.organisations.models import Membership, User
from tcma.viewer import Role
from tests.factories import a_partner, a_vendor
from tests.installation import Installation
from tests.tcma.notices.desk import Desk, a_desk, text_of
from tests.tcma.notices.examples import EXAMPLES

S = MessageStatus
EVA, TOM = "eva@harbour.example", "tom@harbour.example"


@pytest.fixture
def desk(database: Installation) -> Desk:
    return a_desk(database)


@pytest.fixture
def desks(databases: Installation) -> Desk:
    """The same on SQLite and on PostgreSQL, with its roles."""
    return a_desk(databases)


def test_a_notice_is_sent_once_however_often_its_job_runs(desks: Desk) -> None:
    desks.person(EVA)
    desks.tell()

    for _ in range(3):
        desks.send()

    assert desks.addresses == [EVA]
    assert desks.statuses() == [S.SENT]


def test_two_workers_at_once_make_and_send_every_mail_once(desks: Desk) -> None:
    people = [f"p{number:02}@harbour.example" for number in range(20)]
    for email in people:
        desks.person(email)
    desks.tell()
    providers = [MemoryProvider() for _ in range(4)]
    start = Barrier(len(providers))

    def work(provider: MemoryProvider) -> None:
        start.wait()
        desks.send(provider)

    with ThreadPoolExecutor(len(providers)) as threads:
        list(threads.map(work, providers))

    assert sorted(sent.recipient for provider in providers for sent in provider.sent) == people
    assert desks.statuses() == [S.SENT] * len(people)


def test_telling_twice_is_telling_once(desks: Desk) -> None:
    desks.person(EVA)
    desks.tell()
    desks.tell()
    desks.send()
    desks.tell()
    desks.wait(hours=1)
    desks.send()

    assert desks.addresses == [EVA]


def test_an_event_whose_deed_fails_is_told_to_nobody(desks: Desk) -> None:
    desks.person(EVA)

    with pytest.raises(RuntimeError), desks.installation.web.transaction(desks.firm.id) as session:
        people = desks.everybody(session)
        service.tell(session, NoticeKind.NEW_LEAD, people, "lead:1", EXAMPLES[NoticeKind.NEW_LEAD], "/p/x")
        raise RuntimeError("The deed fails.")
    desks.send()

    assert desks.addresses == []


def test_whoever_switched_a_kind_off_gets_no_row_of_it_and_keeps_the_others(desks: Desk) -> None:
    eva = desks.person(EVA)
    desks.person(TOM)
    with desks.installation.web.transaction() as session:
        service.choose(session, eva.id, NoticeKind.NEW_LEAD, is_on=False)

    desks.tell()
    desks.tell(NoticeKind.CAMPAIGN_STOPPED, "campaign:1")

    with desks.installation.worker.reading() as session:
        rows = session.execute(select(Notice.kind, Notice.email).order_by(Notice.kind, Notice.email)).all()
    assert [tuple(row) for row in rows] == [
        (NoticeKind.CAMPAIGN_STOPPED, EVA),
        (NoticeKind.CAMPAIGN_STOPPED, TOM),
        (NoticeKind.NEW_LEAD, TOM),
    ]


def test_a_switch_is_off_and_on_again(desks: Desk) -> None:
    eva = desks.person(EVA)
    for is_on in (False, True, False, True):
        with desks.installation.web.transaction() as session:
            service.choose(session, eva.id, NoticeKind.NEW_LEAD, is_on=is_on)
        with desks.installation.web.reading() as session:
            assert queries.choices_of(session, eva.id)[NoticeKind.NEW_LEAD] is is_on


def test_switching_off_also_stops_what_waits(desks: Desk) -> None:
    eva = desks.person(EVA)
    desks.tell()
    with desks.installation.web.transaction() as session:
        service.choose(session, eva.id, NoticeKind.NEW_LEAD, is_on=False)

    desks.send()

    assert desks.addresses == []
    assert desks.statuses() == [S.DROPPED]


def test_signing_in_cannot_be_switched_off(desk: Desk) -> None:
    eva = desk.person(EVA)
    for kind in (NoticeKind.SIGN_IN_LINK, NoticeKind.ADDRESS_LINK, NoticeKind.INVITATION):
        with (
            pytest.raises(Exception, match="cannot be switched off"),
            desk.installation.web.transaction() as session,
        ):
            service.choose(session, eva.id, kind, is_on=False)


def test_events_within_ten_minutes_are_one_mail(desks: Desk) -> None:
    desks.person(EVA)
    desks.tell(subject_key="lead:1", person="Anna Meier")
    desks.send()
    for number, name in enumerate(("Bert Huber", "Cora Wyss"), 2):
        desks.wait(minutes=2)
        desks.tell(subject_key=f"lead:{number}", person=name)
        desks.send()
    assert len(desks.mails) == 1

    desks.wait(minutes=7)
    desks.send()

    first, second = desks.mails
    assert "Anna Meier" in first["Subject"]
    assert second["Subject"] == "2 new leads"
    assert "Bert Huber" in text_of(second) and "Cora Wyss" in text_of(second)
    assert "Anna Meier" not in text_of(second)


def test_what_is_not_urgent_waits_for_company(desks: Desk) -> None:
    desks.person(EVA)
    desks.at(hour=10)
    desks.tell(NoticeKind.MAIL_TOMORROW, "touch:1", mail="Invitation")
    desks.wait(minutes=5)
    desks.tell(NoticeKind.MAIL_TOMORROW, "touch:2", mail="Reminder")
    desks.send()
    assert desks.mails == []

    desks.wait(minutes=5, seconds=1)
    desks.send()

    (mail,) = desks.mails
    assert mail["Subject"] == "2 mails go out tomorrow"


def test_at_night_only_what_is_urgent_goes(desk: Desk) -> None:
    desk.person(EVA)
    desk.at(hour=22)
    desk.tell(NoticeKind.FUNDING_DECIDED, "request:1")
    desk.tell()
    desk.send()
    assert [mail["Subject"] for mail in desk.mails] == ["New lead: Anna Meier, Lindt Logistik AG"]

    desk.wait(hours=8, minutes=1)  # 07:01 in Zürich
    desk.send()

    assert desk.mails[1]["Subject"] == "Northwind Security pays up to CHF 400"


def test_two_people_with_the_same_event_get_a_mail_each_and_two_kinds_are_two_mails(desk: Desk) -> None:
    desk.person(EVA)
    desk.person(TOM)
    desk.tell()
    desk.tell(NoticeKind.CAMPAIGN_STOPPED, "campaign:1")

    desk.send()

    assert desk.addresses == [EVA, EVA, TOM, TOM]


def test_every_invitation_is_a_mail_of_its_own(desk: Desk) -> None:
    new = Recipient(None, "Nina", "nina@new.example", "de")
    for number in (1, 2):
        desk.tell(NoticeKind.INVITATION, f"invitation:{number}", to=[new])

    desk.send()

    assert desk.addresses == ["nina@new.example"] * 2
    assert desk.mails[0]["List-Unsubscribe"] is None


def test_people_of_other_firms_are_not_among_the_recipients(desks: Desk) -> None:
    with desks.installation.owner.transaction() as session:
        vendor, other = a_vendor(session), a_partner(session)
    desks.person("mia@vendor.example", Role.OWNER, firm=vendor)
    desks.person("leo@other.example", Role.SALES, firm=other)
    desks.person(EVA, Role.SALES, Role.OWNER)
    desks.person(TOM, Role.READER)

    with desks.installation.web.reading(desks.firm.id) as session:
        found = recipients.people_with(session, desks.firm.id, Role.SALES, Role.OWNER)

    assert [(one.email, one.organisation_name, one.timezone) for one in found] == [
        (EVA, "Harbour IT", "Europe/Zurich")
    ]


def test_another_firms_deed_may_tell_a_partners_people(desks: Desk) -> None:
    """A vendor decides on funding in its own tenant; the partner's people hear of it."""
    with desks.installation.owner.transaction() as session:
        vendor = a_vendor(session)
    desks.person(EVA)

    desks.tell(NoticeKind.CAMPAIGN_STOPPED, "campaign:1", tenant=vendor.id)
    desks.send()

    assert desks.addresses == [EVA]


def test_whoever_left_the_firm_meanwhile_gets_no_mail(desks: Desk) -> None:
    eva = desks.person(EVA)
    desks.person(TOM)
    desks.tell()
    with desks.installation.owner.transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == eva.id))

    desks.send()

    assert desks.addresses == [TOM]


def test_a_changed_address_is_where_the_mail_goes(desk: Desk) -> None:
    eva = desk.person(EVA)
    desk.tell()
    with desk.installation.owner.transaction() as session:
        session.execute(update(User).where(User.id == eva.id).values(email="eva@new.example"))

    desk.send()

    assert desk.addresses == ["eva@new.example"]


def test_an_address_the_server_refuses_holds_up_nobody(desks: Desk) -> None:
    desks.person(EVA)
    desks.person(TOM)
    desks.tell()
    provider = MemoryProvider(for_recipient={EVA: Act.REFUSE_ADDRESS})

    desks.send(provider)

    assert [one.recipient for one in provider.sent] == [TOM]
    assert sorted(desks.statuses()) == [S.REFUSED, S.SENT]
    with desks.installation.worker.reading() as session:
        reasons = session.scalars(select(PlatformMessage.reason)).all()
    assert sorted(reasons) == ["", "The mail server refused it with 550."]


@pytest.mark.parametrize("trouble", [Act.DEFER, Act.VANISHES, Act.REFUSE_ACCOUNT])
def test_a_mail_that_did_not_get_through_is_tried_again_later(desk: Desk, trouble: Act) -> None:
    desk.person(EVA)
    desk.tell()

    desk.send(MemoryProvider(script=[trouble]))
    desk.send()
    assert desk.mails == []  # not at once

    _no_patience(desk)
    desk.send()

    assert desk.addresses == [EVA]
    assert desk.statuses() == [S.SENT]


def test_a_mail_is_given_up_after_the_last_try(desk: Desk) -> None:
    desk.person(EVA)
    desk.tell()
    provider = MemoryProvider(script=[Act.DEFER] * 100)

    for _ in range(sending.MOST_ATTEMPTS + 3):
        desk.send(provider)
        _no_patience(desk)

    assert len(provider.asked) == sending.MOST_ATTEMPTS
    assert desk.statuses() == [S.FAILED]


class Crash(Exception):
    """The worker dies after the mail went, before it could write that down."""


class CrashingProvider(MemoryProvider):
    def send(self, batch):  # type: ignore[no-untyped-def]
        for message in batch:
            self.sent.append(message)
            raise Crash


def test_a_crash_sends_at_most_the_mail_in_hand_again(desks: Desk) -> None:
    for email in (EVA, TOM):
        desks.person(email)
    desks.tell()
    crashing = CrashingProvider()

    with pytest.raises(Crash):
        desks.send(crashing)
    desks.send()
    assert desks.mails == []  # still leased
    _no_patience(desks)
    desks.send()
    desks.send()

    assert len(crashing.sent) == 1
    assert desks.addresses == [EVA, TOM]


def test_behind_a_slow_server_the_rest_is_given_back_and_nobody_gets_a_mail_twice(desks: Desk) -> None:
    for number in range(5):
        desks.person(f"p{number}@harbour.example")
    desks.tell()
    writer = sending.Writer.of(desks.installation.settings, desks.installation.signer)
    worker = desks.installation.worker
    sending.gather(worker)

    sending.send_waiting(worker, desks.provider, writer, recipients.present, span=timedelta(0))

    assert desks.addresses == [f"p{number}@harbour.example" for number in range(5)]
    with worker.reading() as session:
        assert set(session.scalars(select(PlatformMessage.attempts))) == {1}


def test_what_a_mail_said_is_forgotten_once_it_is_through(desk: Desk) -> None:
    desk.person(EVA)
    desk.tell()

    desk.send()

    with desk.installation.worker.reading() as session:
        (notice,) = session.scalars(select(Notice)).all()
    assert (notice.said, notice.path) == ({}, "")


def test_no_address_reaches_the_log(desk: Desk) -> None:
    desk.person(EVA)
    desk.tell()

    with capture_logs() as logs:
        desk.send(MemoryProvider(script=[Act.REFUSE_ADDRESS]))
        desk.tell(NoticeKind.CAMPAIGN_STOPPED, "campaign:1")
        desk.send(MemoryProvider(script=[Act.DEFER]))

    assert "@" not in str(logs)


def test_a_kind_is_told_with_all_its_values_or_not_at_all(desk: Desk) -> None:
    desk.person(EVA)

    with (
        pytest.raises(ValueError, match="new_lead needs"),
        desk.installation.web.transaction(desk.firm.id) as session,
    ):
        service.tell(session, NoticeKind.NEW_LEAD, desk.everybody(session), "lead:1", {"person": "A"}, "/p/x")


def test_telling_leaves_a_job_that_is_due_when_the_group_closes(desk: Desk) -> None:
    desk.person(EVA)
    desk.at(hour=10)
    desk.tell(NoticeKind.MAIL_TOMORROW, "touch:1")

    with desk.installation.worker.reading() as session:
        (job,) = session.scalars(select(JobRow)).all()
    assert job.name == "notices.send_due"
    assert job.due_at - job.created_at == timedelta(minutes=10)


def test_five_hundred_events_are_one_mail_that_lists_the_first_and_counts_the_rest(desk: Desk) -> None:
    desk.person(EVA)
    for number in range(40):
        desk.tell(NoticeKind.LEADS_WITHOUT_UPDATE, f"lead:{number}:2026-W47", person=f"Person {number}")
    desk.wait(hours=12)
    desk.at(hour=10)

    desk.send()

    (mail,) = desk.mails
    assert "Person 24" in text_of(mail) and "Person 25" not in text_of(mail)
    assert "And 15 more leads on the page." in text_of(mail)


@pytest.mark.postgresql
def test_the_role_that_serves_people_cannot_read_what_was_told(postgresql: Installation) -> None:
    desk = a_desk(postgresql)
    desk.person(EVA)
    desk.tell()

    for table in ("notices", "platform_messages"):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            postgresql.web.reading(desk.firm.id) as session,
        ):
            session.execute(text(f"SELECT count(*) FROM {table}"))


def test_every_kind_has_its_example() -> None:
    assert EXAMPLES.keys() == MANNERS.keys() == set(NoticeKind)


def _no_patience(desk: Desk) -> None:
    """As if time had gone by on the real clock."""
    with desk.installation.worker.transaction() as session:
        session.execute(update(PlatformMessage).values(retry_at=None, lease_until=None))

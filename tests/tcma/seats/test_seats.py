"""A webinar from the draft to the attendance list."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from campaigns.providers.memory import MemoryProvider
from tcma.audiences.models import Contact
from tcma.errors import Conflict, Invalid, NotFound
from tcma.jobs.models import JobRow
from tcma.launches import webinars
from tcma.launches.deliveries import DeliveryStatus, TouchEventKind
from tcma.launches.models import TouchStatus
from tcma.leads.models import Lead
from tcma.seats import attending, hosting, own, queries, registering
from tcma.seats.mails import Kind
from tcma.webinars.models import SeatStatus
from tests.campaigns.attendance_lists import GOTO
from tests.campaigns.webinar_kit import webinar_files
from tests.installation import Installation
from tests.tcma.launches.factories import send
from tests.tcma.launches.world import MONDAY, a_world
from tests.tcma.seats.scene import BEGINS, ROOM, WALL, Scene, a_scene, a_wish, held, zurich

ANNA, BEA, CARL = "anna@firm.example", "bea@firm.example", "carl@firm.example"


def test_a_draft_is_not_launched_before_its_webinar_is_set_and_says_what_is_missing(
    database: Installation,
) -> None:
    world = a_world(database, webinar_files())
    world.people([ANNA])
    world.set_clock(MONDAY)
    campaign = world.draft()
    said = {problem.path: problem.sentence for problem in world.prepare(campaign).blocking}
    assert "room" in str(world.prepare(campaign).blocking) and "webinar" in said
    with pytest.raises(Invalid) as refusal:
        webinars.set_webinar(
            database.web, world.partner, world.files, campaign.public_id,
            a_wish(room_url="http://meet.example", wall=WALL.replace(year=2025), seats=4),
        )  # fmt: skip
    assert set(refusal.value.fields) == {"room", "at", "seats"}
    webinars.set_webinar(database.web, world.partner, world.files, campaign.public_id, a_wish(seats=2))
    assert not world.prepare(campaign).blocking
    launched = world.launch(campaign).campaign
    touches = world.touches(launched)
    assert touches["week"].due_at == zurich("2026-12-03T10:00")
    assert touches["after"].due_at == zurich("2026-12-11T09:30")
    assert touches["talk"].status is TouchStatus.RUNNING
    with pytest.raises(Conflict):
        webinars.set_webinar(database.web, world.partner, world.files, campaign.public_id, a_wish())


def test_a_mail_meant_for_a_day_before_the_start_is_left_out_and_the_rest_goes(
    database: Installation,
) -> None:
    world = a_world(database, webinar_files())
    world.people([ANNA])
    world.set_clock(MONDAY)
    campaign = world.draft()
    near = a_wish(wall=WALL.replace(month=11, day=27))  # its week before begins before the campaign
    webinars.set_webinar(database.web, world.partner, world.files, campaign.public_id, near)
    launched = world.launch(campaign).campaign
    touches = world.touches(launched)
    assert touches["week"].status is TouchStatus.SKIPPED and touches["week"].skipped_count == 1
    assert touches["invite"].status is TouchStatus.PENDING


def test_who_registers_has_a_seat_a_lead_and_one_confirmation_however_often_the_button_is_pressed(
    databases: Installation,
) -> None:
    scene = a_scene(databases)
    first = scene.register(ANNA)
    again = scene.register(ANNA)
    assert first.is_own and not again.is_own and again.answer.is_repeat
    seat = scene.seat(ANNA)
    assert seat.status is SeatStatus.SAVED and seat.lead_id == first.answer.lead.id
    assert scene.count(TouchEventKind.REGISTERED) == 1
    assert [mail.occasion for mail in scene.mails_to(ANNA)] == [first.answer.answer.id]
    assert first.answer.answer.disclosed_at is not None  # it is joint: both firms get the list
    with databases.worker.reading() as session:
        assert session.scalars(select(Lead.first_touch_kind)).one() == "registered"


def test_the_last_seat_goes_once_and_who_is_late_gets_the_recording(databases: Installation) -> None:
    scene = a_scene(databases)
    for address in (ANNA, BEA, CARL):
        scene.register(address)
    with pytest.raises(registering.Full):
        scene.register("dora@firm.example")
    assert scene.register("dora@firm.example", seat=False).seat.status is SeatStatus.WANTS_RECORDING
    scene.register(ANNA, key="once more")  # who has a seat may register again
    # nobody takes a seat away by typing somebody else's address
    assert not scene.register(ANNA, seat=False).is_own and scene.seat(ANNA).status is SeatStatus.SAVED
    with scene.world.as_partner() as session:
        own.give_back(session, held(scene, session, BEA))
    assert scene.register("dora@firm.example").seat.status is SeatStatus.SAVED
    with scene.world.as_partner() as session, pytest.raises(registering.Full):
        own.take_again(session, held(scene, session, BEA))


def test_reminders_go_once_in_the_persons_own_zone_and_never_after_the_beginning(
    database: Installation,
) -> None:
    scene = a_scene(database)
    scene.register(ANNA)
    scene.register(BEA, zone="America/New_York")
    assert scene.seat(BEA).day_reminder_at == zurich("2026-12-09T14:00")  # 08:00 there
    scene.at(zurich("2026-12-09T14:01"))
    assert scene.remind() == 2 and scene.remind() == 0
    with scene.world.as_partner() as session:
        own.give_back(session, held(scene, session, BEA))
    scene.at(zurich("2026-12-10T13:01"))
    assert scene.remind() == 1  # whoever gave the seat back is not reminded
    day, hour = scene.mails_to(ANNA)[1:]
    assert day.not_after == hour.not_after == BEGINS
    scene.register(CARL, zone="Europe/Zurich")
    scene.at(zurich("2026-12-10T14:01"))
    assert scene.remind() == 0 and scene.seat(CARL).hour_reminder_at is None


def test_a_reminder_that_waited_for_the_mail_server_is_left_out_once_the_webinar_has_begun(
    database: Installation,
) -> None:
    scene = a_scene(database)
    scene.register(ANNA)
    scene.at(zurich("2026-12-10T13:01"))
    scene.remind()
    scene.at(zurich("2026-12-10T14:01"))
    provider = MemoryProvider()
    send(scene.world.installation, provider)
    confirmation, hour = scene.mails_to(ANNA)
    assert (confirmation.status, hour.status, hour.reason) == (
        DeliveryStatus.SENT,
        DeliveryStatus.SKIPPED,
        "too_late",
    )


def test_a_moved_webinar_is_told_its_mails_say_the_new_day_and_reminders_are_due_anew(
    databases: Installation,
) -> None:
    scene = a_scene(databases)
    world = scene.world
    scene.register(ANNA)
    before = world.deliveries(scene.campaign, "week")[0].artefact_id
    gone = world.touches(scene.campaign)["invite"].due_at
    hosting.move(
        databases.web, world.partner, world.files, world.settings, scene.campaign.public_id,
        WALL.replace(day=17), "Europe/Zurich",
    )  # fmt: skip
    touches = world.touches(scene.campaign)
    assert touches["week"].due_at == zurich("2026-12-10T10:00")
    assert touches["after"].due_at == zurich("2026-12-18T09:30")
    assert touches["invite"].due_at == gone
    assert {mail.artefact_id for mail in world.deliveries(scene.campaign, "week")} != {before}
    assert scene.seat(ANNA).day_reminder_at == zurich("2026-12-16T14:00")
    assert scene.tell(Kind.MOVED) == 1 and scene.tell(Kind.MOVED) == 0
    assert scene.session().sequence == 1
    with databases.worker.reading() as session:
        assert [row.name for row in session.scalars(select(JobRow).where(JobRow.name == "seats.tell"))] == [
            "seats.tell"
        ]
    with pytest.raises(Conflict):
        hosting.move(
            databases.web, world.partner, world.files, world.settings, scene.campaign.public_id,
            WALL.replace(day=17), "Europe/Zurich",
        )  # fmt: skip


def test_a_cancelled_webinar_is_told_once_and_what_was_counted_from_it_does_not_go(
    database: Installation,
) -> None:
    scene = a_scene(database)
    scene.register(ANNA)
    scene.register(BEA, seat=False)
    with scene.world.as_partner() as session:
        hosting.cancel(session, scene.world.partner, scene.campaign.public_id)
    assert scene.tell(Kind.CANCELLED) == 2 and scene.tell(Kind.CANCELLED) == 0
    touches = scene.world.touches(scene.campaign)
    assert [touches[key].status for key in ("week", "after")] == [TouchStatus.SKIPPED] * 2
    scene.at(zurich("2026-12-09T14:01"))
    assert scene.remind() == 0
    with pytest.raises(registering.Closed):
        scene.register(CARL)


def test_who_came_is_known_with_the_attendance_list_and_the_same_list_twice_changes_nothing(
    database: Installation,
) -> None:
    scene = a_scene(database)
    scene.register(ANNA)
    scene.register(CARL)
    partner, public_id = scene.world.partner, scene.campaign.public_id
    with scene.world.as_partner() as session, pytest.raises(Conflict):
        attending.upload(session, partner, public_id, GOTO.encode())
    scene.at(zurich("2026-12-10T16:00"))
    for _ in range(2):
        with scene.world.as_partner() as session:
            taken = attending.upload(session, partner, public_id, GOTO.encode())
    assert taken.is_repeat and (taken.upload.people_count, taken.upload.guest_count) == (2, 0)
    assert scene.seat(ANNA).attended_minutes == 41 and scene.seat(CARL).attended_minutes is None
    assert (scene.seat(BEA).status, scene.seat(BEA).attended_minutes) == (SeatStatus.UNINVITED, 62)
    assert scene.count(TouchEventKind.ATTENDED) == 2
    with scene.world.as_partner() as session:
        figures = queries.figures_of(session, scene.session())
        asked = queries.Asked(queries.Sort.MINUTES, descending=True)
        people = queries.registrants_for(session, partner, scene.session(), asked)
        names = [person.contact.address for person in people]
        states = [queries.standing(person.seat, scene.session()) for person in people]
        stayed = [queries.stayed(person.seat, scene.session()) for person in people]
    assert (figures.registered, figures.attended, figures.no_shows, figures.guests) == (2, 2, 1, 1)
    assert names == [BEA, ANNA, CARL] and states == ["uninvited", "came", "did_not_come"]
    assert figures.stayed == 2 and stayed == [True, True, None]  # of 40 minutes 62 and 41
    stranger = GOTO.replace("anna@firm.example", "home@nowhere.example")
    with scene.world.as_partner() as session:
        taken = attending.upload(session, partner, public_id, stranger.encode())
    assert (taken.upload.people_count, taken.upload.guest_count) == (2, 1)
    _said_by_hand(scene, people[2].contact.public_id, people[1].contact.public_id)
    with scene.world.as_partner() as session, pytest.raises(Invalid, match="no attendance list"):
        attending.upload(session, partner, public_id, b"a,b\n1,2\n")


def _said_by_hand(scene: Scene, carl: UUID, anna: UUID) -> None:
    """Carl came under another address; what a list says nobody says otherwise."""
    partner, public_id = scene.world.partner, scene.campaign.public_id
    for did, expected in ((True, (3, 2, 0)), (False, (2, 2, 1)), (True, (3, 2, 0))):
        with scene.world.as_partner() as session:
            attending.came(session, partner, public_id, carl, did=did)
        with scene.world.as_partner() as session:
            figures = queries.figures_of(session, scene.session())
        assert (figures.attended, figures.stayed, figures.no_shows) == expected
    assert scene.count(TouchEventKind.ATTENDED) == 2  # what a list says
    with scene.world.as_partner() as session, pytest.raises(Conflict, match="list says"):
        attending.came(session, partner, public_id, anna, did=False)
    with scene.world.as_partner() as session, pytest.raises(NotFound):
        attending.came(session, partner, public_id, uuid4())


def test_nobody_stayed_to_the_end_as_long_as_no_list_says_how_long(database: Installation) -> None:
    scene = a_scene(database)
    scene.register(ANNA)
    partner, public_id = scene.world.partner, scene.campaign.public_id
    scene.at(zurich("2026-12-10T16:00"))
    with scene.world.as_partner() as session, pytest.raises(Conflict, match="list first"):
        contact = session.get_one(Contact, scene.seat(ANNA).contact_id)
        attending.came(session, partner, public_id, contact.public_id)
    with scene.world.as_partner() as session:
        attending.upload(session, partner, public_id, f"Name,Email,Attended\nAnna,{ANNA},Yes\n".encode())
    with scene.world.as_partner() as session:
        figures = queries.figures_of(session, scene.session())
    assert (figures.attended, figures.stayed) == (1, None)
    assert queries.stayed(scene.seat(ANNA), scene.session()) is None


def test_the_recording_goes_to_who_asked_for_it_and_to_nobody_twice(database: Installation) -> None:
    scene = a_scene(database)
    scene.register(ANNA)
    scene.register(BEA, seat=False)
    partner, public_id = scene.world.partner, scene.campaign.public_id
    with scene.world.as_partner() as session, pytest.raises(Conflict):
        hosting.set_recording(session, partner, public_id, "https://video.example/1")
    for minute in ("13:46", "14:10"):
        scene.at(zurich(f"2026-12-10T{minute}"))
        with scene.world.as_partner() as session:
            assert own.join(session, held(scene, session, ANNA)) == ROOM
    joined_at = scene.seat(ANNA).joined_at
    assert joined_at is not None and joined_at < zurich("2026-12-10T14:00")  # the first press is kept
    scene.at(zurich("2026-12-10T16:00"))
    with scene.world.as_partner() as session, pytest.raises(Conflict):
        own.join(session, held(scene, session, ANNA))
    for address in ("https://video.example/1", "https://video.example/2"):
        with scene.world.as_partner() as session:
            hosting.set_recording(session, partner, public_id, address)
        scene.tell(Kind.RECORDING)
    assert len(scene.mails_to(BEA)) == 2 and len(scene.mails_to(ANNA)) == 1
    with scene.world.as_partner() as session, pytest.raises(Invalid):
        hosting.set_recording(session, partner, public_id, "javascript:alert(1)")

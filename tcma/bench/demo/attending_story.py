"""A webinar's day and what follows: the room, the attendance lists of three tools, the mails to who came and who did
not, the recording; and another partner's webinar that is cancelled."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from campaigns.kit import Kit
from tcma.bench.demo import firms, gathering, reading, registrants, running, seats_story
from tcma.bench.demo.attendance_files import TOOLS, Day
from tcma.bench.demo.browser import ask
from tcma.bench.demo.contact_file import ContactFile, make
from tcma.bench.demo.firms import PARTNER, SIBLING, SIBLING_NAME, VENDOR
from tcma.bench.demo.gathering import ROOM, Gathering, Registered, State
from tcma.bench.demo.member import Member
from tcma.bench.demo.registrants import CANCEL, JOIN, RECORDING, SAVED
from tcma.bench.demo.running import AT_ONCE
from tcma.bench.demo.seats_story import Scene
from tcma.bench.demo.subjects import CANCELLED, CONFIRMED, DECLINED
from tcma.bench.demo.subjects import RECORDING as RECORDING_MAIL
from tcma.bench.demo.watch import Watch

STRANGER = "passer-by@elsewhere.example"
FIRST_OF_SIBLING = 1_000_000
ROWS_OF_SIBLING = 12
COMPANIES_OF_SIBLING = 6  # two people each


def joined(scene: Scene) -> list[str]:
    """Half of those with a seat press the button, after it was too early a moment before; who only looks is not
    counted, nor who gave the seat back."""
    figures, people = scene.figures, scene.gathering.people
    with_seat = scene.gathering.those(State.SEAT)
    joiners, lookers = with_seat[::2], with_seat[1::2]
    early = {registrants.press(people[one].seat, JOIN)[0] for one in joiners[:3]}
    figures.equal("the room an hour before", early, {409})
    scene.house.move_to(scene.gathering.starts_at - timedelta(minutes=10))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = set(pool.map(lambda one: registrants.press(people[one].seat, JOIN), joiners))
        looked = set(pool.map(lambda one: ask("GET", people[one].seat).status, lookers))
    figures.equal(f"{len(joiners)} people press Join ten minutes before", answers, {(303, ROOM)})
    figures.equal("others only look at the page", looked, {200})
    refused = {
        registrants.press(people[one].seat, JOIN)[0] for one in scene.gathering.those(State.GIVEN_BACK)
    }
    figures.equal("somebody without a seat presses it", refused, {409})
    shown = [
        row["E-mail"].lower() for row in gathering.host_list(scene.host, scene.gathering) if row["Joined"]
    ]
    figures.equal("people who joined, as the host sees it", len(shown), len(joiners))
    figures.equal("whose joining is wrong there", sorted(set(shown) ^ set(joiners)), [])
    return joiners


def attended(scene: Scene, joiners: Sequence[str], guests: Sequence[str]) -> list[str]:
    """The host uploads a list of each tool; who of them was there. One who pressed the button did not stay, one came
    by another way, `guests` have no seat, and one is a stranger. Somebody on two lists keeps the longer time."""
    figures, plan = scene.figures, scene.gathering
    others = [one for one in plan.those(State.SEAT) if one not in joiners]
    came = [*joiners[:-1], *others[:1], *guests]
    absent = [one for one in plan.those(State.SEAT) if one not in came]
    minutes = {address: 5 + number % (plan.minutes - 5) for number, address in enumerate(came)}
    scene.house.move_to(plan.ends_at + timedelta(minutes=5))
    day = Day("One server, restored", plan.wall, plan.minutes)
    for number, (tool, write) in enumerate(TOOLS.items()):
        listed = {address: minutes[address] for address in came[number :: len(TOOLS)]}
        listed[came[0]] = minutes[came[0]] - number  # again on each, and never longer
        if number == 0:
            listed[STRANGER] = 12
        content = write(day, listed, absent)
        gathering.upload_attendance(scene.host, plan, content)
        page = scene.host.open(plan.host_page)
        figures.equal(f"a list of {tool} is read as one", f"<strong>{tool}</strong>" in page, True)
    gathering.upload_attendance(scene.host, plan, content)
    known = {
        row["E-mail"].lower(): int(row["Minutes"])
        for row in gathering.host_list(scene.host, plan)
        if row["Minutes"]
    }
    figures.equal("people who were there, as the host sees it", len(known), len(came))
    wrong = {
        one: known.get(one) for one in known.keys() | minutes.keys() if known.get(one) != minutes.get(one)
    }
    figures.equal("whose minutes are wrong", wrong, {})
    figures.note(
        f"{sum(minutes.values()):,} minutes of {len(came)} people, {len(guests)} of them without a seat"
    )
    return came


def followed_up(scene: Scene, came: Sequence[str], silent: set[str]) -> None:
    """Thanks to who came, the recording to who had a seat and did not; `silent` people get no marketing any more.
    Who asked for the recording gets it when the host has it."""
    plan = scene.gathering
    for touch, people in (
        ("came", set(came)),
        ("missed", set(plan.those(State.SEAT)) - set(came)),
    ):
        running.send_in_time(scene.house, scene.figures, plan.campaign, touch)
        scene.watch.expect(f"the mail '{touch}' to exactly those", touch, people - silent)
    gathering.set_recording(scene.host, plan)
    wanted = plan.those(State.RECORDING)
    scene.watch.expect("the recording for those who asked for it", RECORDING_MAIL, wanted)
    page = ask("GET", f"{scene.house.base_url}{plan.page}")
    shows = page.status == 200 and gathering.FILM in page.text
    scene.figures.equal("the same page shows the recording", shows, True)


def cancelled_elsewhere(scene: Scene, slug: str, kit: Kit, seed: int) -> None:
    """Another partner's webinar does not take place: its people are told, nobody of the first partner is."""
    house, figures = scene.house, scene.figures
    file = make(ROWS_OF_SIBLING, seed + 1, languages=(*kit.languages, ""), first=FIRST_OF_SIBLING)
    firms.import_file(house, file, SIBLING)
    campaign, number = running.draft(house, slug, "Second house", kit.languages, "", SIBLING)
    host = Member.signed_in(house, SIBLING)
    wall, minutes = gathering.day_ahead(house, 15, 10), scene.gathering.minutes
    other = Gathering("kestrel-networks", campaign, number, minutes, 20, wall, scene.gathering.titles)
    gathering.set_day(host, other)
    house.tcma("campaign", "launch", campaign, acting=SIBLING)
    watch = Watch.of(house, figures, scene.watch.subjects, file, kit.languages, SIBLING_NAME)
    watch.seen = scene.watch.seen
    here = Scene(house, figures, watch, file, host, other)
    running.until_sent(house, figures, campaign, "invite")
    watch.expect("its invitations", "invite", file.ready)
    _register_by_its_page(here, file)
    gathering.cancel(host, other)
    told = watch.expect("mails about the end", CANCELLED, other.those(State.SEAT, State.RECORDING))
    in_calendars = [one for one in told if other.people[one].event]
    seats_story.check_taken_out(here, in_calendars)
    seats_story.check_attached(here, {one: told[one] for one in in_calendars})
    page = ask("GET", f"{house.base_url}{other.page}").status
    figures.equal("its page", page, 410)
    from_it = {touch.key for touch in kit.touches if touch.counted_from}
    rows = house.tcma("campaign", "show", campaign, acting=SIBLING)
    counted = [row["message"] for row in rows if row["waiting"] and row["message"] in from_it]
    figures.equal("mails counted from it that still wait", counted, [])
    watch.check_all()
    scene.watch.seen = watch.seen


def check_no_more(scene: Scene) -> None:
    """Nobody gets anything when the clock jumps by a week."""
    scene.house.move_to(scene.house.now() + timedelta(days=7))
    scene.house.wait("the worker had looked", lambda: _has_looked(scene), 60.0)
    scene.watch.expect("mails by that", "none", [])


def _has_looked(scene: Scene) -> bool:
    return reading.waiting_jobs(scene.house) == 0


def _register_by_its_page(scene: Scene, file: ContactFile) -> None:
    """Without a mail, as from a post; one gives the seat back, another wants the recording."""
    plan, address = scene.gathering, f"{scene.house.base_url}{scene.gathering.page}"
    persons = [scene.person(one, number) for number, one in enumerate(file.ready)]
    said = {registrants.register_at(address, person) for person in persons[:-1]}
    said.add(registrants.register_at(address, persons[-1], RECORDING))
    scene.figures.equal("registrations by the page itself", said, {SAVED})
    for person in persons:
        plan.people[person.address] = Registered(person, State.SEAT)
    plan.people[persons[-1].address].state = State.RECORDING
    wanted = [(one, CONFIRMED) for one in plan.those(State.SEAT)] + [(persons[-1].address, DECLINED)]
    for one, mail in scene.watch.expect_all("their confirmations", wanted).items():
        plan.people[one].seat = mail.seat
    gone = persons[0].address
    scene.figures.equal("one gives the seat back", registrants.press(plan.people[gone].seat, CANCEL)[0], 303)
    plan.people[gone].state = State.GIVEN_BACK
    for one in plan.those(State.SEAT):
        plan.people[one].event = registrants.calendar(f"{plan.people[one].seat}.ics")


def check_end(scene: Scene, code: str, bounced: int, others: Sequence[str] = ()) -> None:
    """The leads, every mail once more, the money. `others` became leads without registering."""
    house, figures = scene.house, scene.figures
    figures.step("17. The inbox")
    found = house.tcma("lead", "list", "--limit", "500", acting=PARTNER)
    companies = {address.partition("@")[2] for address in (*scene.gathering.people, *others)}
    figures.equal("leads of the partner, one a company", len(found), len(companies))
    elsewhere = house.tcma("lead", "list", "--limit", "500", acting=SIBLING)
    figures.equal("leads of the other partner", len(elsewhere), COMPANIES_OF_SIBLING)
    names = {row["person"] for row in house.tcma("lead", "list", acting=VENDOR)} - {"–"}
    figures.equal("names the vendor sees without agreement", names, set())
    figures.step("18. The clock jumps by a week, and all mails once more")
    check_no_more(scene)
    scene.watch.check_all()
    figures.step("19. The money")
    rows = house.tcma("campaign", "show", scene.gathering.campaign, acting=PARTNER)
    sent = sum(row["sent"] for row in rows)
    arrived = scene.watch.count({row["message"] for row in rows}, scene.file.ready)
    figures.equal("messages the campaign counts as sent are those that arrived", sent, arrived)
    firms.check_money(house, figures, code, sent, bounced)

"""Before a webinar: people take its seats, give them back, are told that it moved, and are reminded."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from tcma.bench.demo import calendars, gathering, registrants
from tcma.bench.demo.calendars import Event
from tcma.bench.demo.contact_file import ContactFile
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.gathering import Gathering, Registered, State
from tcma.bench.demo.house import House
from tcma.bench.demo.mails import Received
from tcma.bench.demo.member import Member
from tcma.bench.demo.registrants import AGAIN, CANCEL, FULL, RECORDING, SAVED, Person
from tcma.bench.demo.running import AT_ONCE
from tcma.bench.demo.subjects import CONFIRMED, DECLINED, MOVED
from tcma.bench.demo.watch import Watch

TOO_MANY = 4  # people who come for as many seats as are left twice over
ZONES = ("Europe/Zurich", "America/Los_Angeles", "Asia/Tokyo", "Europe/Zurich")


@dataclass
class Scene:
    """What every step of the story has at hand."""

    house: House
    figures: Figures
    watch: Watch
    file: ContactFile
    host: Member
    gathering: Gathering

    def person(self, address: str, number: int) -> Person:
        """One of four is in Los Angeles, another in Tokyo; every fifth wants no reminders."""
        zone, wants = ZONES[number % len(ZONES)], number % 5 != 4
        return Person(address, self.file.ready[address], self.watch.readers[address], zone, wants)

    def check_list(self, what: str) -> None:
        """The host's list against what people did."""
        shown = {
            row["E-mail"].lower(): row["State"] for row in gathering.host_list(self.host, self.gathering)
        }
        did = {address: one.state.value for address, one in self.gathering.people.items()}
        self.figures.equal(f"{what}: people on the host's list", len(shown), len(did))
        self.figures.equal(f"{what}: whose state is another", _other(shown, did), {})


def take_seats(scene: Scene, mails: dict[str, Received], people: Sequence[str]) -> None:
    """All come for the seats, TOO_MANY of them too late; two of those want the recording instead. `mails` lead them
    there."""
    figures, seats = scene.figures, scene.gathering.seats
    persons = [scene.person(address, number) for number, address in enumerate(people)]
    calm, racing = persons[: seats - TOO_MANY], persons[seats - TOO_MANY :]
    said = _all(calm, lambda person: registrants.register(mails[person.address], person))
    figures.equal(f"registrations of {len(calm)} people that did not work", _wrong(said), {})
    said = _all(racing, lambda person: registrants.register(mails[person.address], person))
    counts = {word: list(said.values()).count(word) for word in (SAVED, FULL)}
    figures.equal(
        f"{len(racing)} people at once for {TOO_MANY} seats",
        counts,
        {SAVED: TOO_MANY, FULL: len(racing) - TOO_MANY},
    )
    late = [person for person in racing if said[person.address] == FULL]
    for person in persons:
        if person not in late:
            scene.gathering.people[person.address] = Registered(person, State.SEAT)
    instead = _all(
        late[:2], lambda person: registrants.ask_for_recording_instead(mails[person.address], person)
    )
    figures.equal("wishes for the recording instead that did not work", _wrong(instead), {})
    for person in late[:2]:
        scene.gathering.people[person.address] = Registered(person, State.RECORDING)
    with_seat = scene.gathering.those(State.SEAT)
    wanted = [(one, CONFIRMED) for one in with_seat] + [(person.address, DECLINED) for person in late[:2]]
    told = scene.watch.expect_all("confirmations", wanted)
    _keep_seats(scene, told)
    check_calendars(scene, "in the calendar", with_seat)
    check_attached(scene, {one: mail for one, mail in told.items() if one in with_seat})
    without = [one.address for one in late[:2] if told[one.address].calendars]
    figures.equal("calendar files for those who wish for the recording", without, [])


def cannot_come(scene: Scene, mails: dict[str, Received], late: str) -> None:
    """Five people press a button of the page their mail leads to; a seat that is given back is free for `late`."""
    figures, people = scene.figures, scene.gathering.people
    first = scene.gathering.those(State.SEAT)[:5]
    pressed = (CANCEL, CANCEL, RECORDING, RECORDING, CANCEL)
    answers = [registrants.press(people[one].seat, do)[0] for one, do in zip(first, pressed, strict=True)]
    figures.equal("buttons that were pressed by five people", set(answers), {303})
    for address, do in zip(first, pressed, strict=True):
        people[address].state = State.RECORDING if do == RECORDING else State.GIVEN_BACK
    figures.equal("the last of them comes after all", registrants.press(people[first[4]].seat, AGAIN)[0], 303)
    people[first[4]].state = State.SEAT
    person = scene.person(late, 0)
    figures.equal("a free seat is taken", registrants.register(mails[late], person), SAVED)
    people[late] = Registered(person, State.SEAT)
    _keep_seats(scene, scene.watch.expect("its confirmation", CONFIRMED, [late]))
    gone = scene.gathering.those(State.GIVEN_BACK) + [
        one for one in first if people[one].state is State.RECORDING
    ]
    check_taken_out(scene, gone)
    taken = len(scene.gathering.those(State.SEAT))
    figures.equal(f"{taken} seats taken, of {scene.gathering.seats}", taken <= scene.gathering.seats, True)
    scene.check_list("afterwards")


def come_late(scene: Scene, mails: dict[str, Received], people: Sequence[str]) -> None:
    """By a later mail, for seats that were given back."""
    for address in people:
        person = scene.person(address, 0)
        scene.figures.equal("a seat by this mail", registrants.register(mails[address], person), SAVED)
        scene.gathering.people[address] = Registered(person, State.SEAT)
    _keep_seats(scene, scene.watch.expect("its confirmation", CONFIRMED, people))
    taken = len(scene.gathering.those(State.SEAT))
    scene.figures.equal(
        f"{taken} seats taken, of {scene.gathering.seats}", taken <= scene.gathering.seats, True
    )


def moved(scene: Scene, wall: datetime) -> None:
    gathering.move(scene.host, scene.gathering, wall)
    with_seat = scene.gathering.those(State.SEAT)
    told = scene.watch.expect("mails about the new day", MOVED, with_seat)
    _keep_seats(scene, told)
    _check_hours(scene, told)
    check_calendars(scene, "moved", with_seat)
    check_attached(scene, told)


def reminded(scene: Scene) -> None:
    """The clock goes from reminder to reminder: each comes in its person's own day."""
    for at, kind, people in scene.gathering.reminders():
        scene.house.move_to(at)
        zones = sorted({scene.gathering.people[one].person.zone for one in people})
        what = f"{at:%d %b %H:%M} UTC, reminders of the {kind} ({', '.join(zones)})"
        told = scene.watch.expect(what, kind, people)
        _keep_seats(scene, told)
        _check_hours(scene, told)


def check_calendars(scene: Scene, what: str, people: Sequence[str]) -> None:
    """One event for all, at the right time, in files that calendars take as a change of what they have."""
    figures, plan = scene.figures, scene.gathering
    had = {one: event for one in people if (event := plan.people[one].event) is not None}
    events = _events(scene, people)
    figures.equal(f"{what}: calendar files of", len(events), len(people))
    figures.equal(f"{what}: what they say", _ends(events), {("PUBLISH", "CONFIRMED")})
    times = {(event.starts_at, event.ends_at) for event in events.values()}
    figures.equal(f"{what}: when", _spoken(times), _spoken({(plan.starts_at, plan.ends_at)}))
    other = [one for one, event in events.items() if event.summary != plan.titles[scene.watch.readers[one]]]
    figures.equal(f"{what}: titles in another language than the reader's", other, [])
    uids = {event.uid for event in (*events.values(), *had.values())}
    figures.equal(f"{what}: the event they are about", len(uids), 1)
    low = [one for one, before in had.items() if one in events and events[one].sequence <= before.sequence]
    figures.equal(f"{what}: of {len(had)} that had one, whose sequence did not rise", low, [])


def check_attached(scene: Scene, mails: Mapping[str, Received]) -> None:
    """With each mail went one file: the event that was just fetched by its link."""
    other = {}
    for one, mail in mails.items():
        try:
            attached = [calendars.read(content) for content in mail.calendars]
        except ValueError as error:
            other[one] = str(error)
            continue
        if attached != [scene.gathering.people[one].event]:
            other[one] = f"{attached} where the link's is {scene.gathering.people[one].event}"
    scene.figures.equal(f"of {len(mails)} attached files, other events than the link's", other, {})


def _check_hours(scene: Scene, mails: dict[str, Received]) -> None:
    """Each mail says the beginning as the reader's own clock shows it."""
    plan = scene.gathering
    without = [
        one
        for one, mail in mails.items()
        if not plan.says_hour(mail.text, plan.people[one].person, scene.watch.readers[one])
    ]
    scene.figures.equal("of them, without the hour on the reader's clock", without, [])


def check_taken_out(scene: Scene, people: Sequence[str]) -> None:
    """Their calendars take the event out again."""
    figures = scene.figures
    had = {one: event for one in people if (event := scene.gathering.people[one].event) is not None}
    events = _events(scene, people)
    what = f"taken out of {len(people)} calendars"
    figures.equal(what, _ends(events), {("CANCEL", "CANCELLED")})
    named = [one for one, event in events.items() if event.attendee != one]
    figures.equal(f"{what}: files that name somebody else", named, [])
    low = [one for one, before in had.items() if one in events and events[one].sequence <= before.sequence]
    figures.equal(f"{what}: of {len(had)} that had one, whose sequence did not rise", low, [])


def _events(scene: Scene, people: Sequence[str]) -> dict[str, Event]:
    """The calendar file of each as it is now; one that is none is a wrong figure."""
    found = {}

    def fetch(address: str) -> tuple[str, Event | str]:
        try:
            return address, registrants.calendar(f"{scene.gathering.people[address].seat}.ics")
        except ValueError as error:
            return address, str(error)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for address, event in pool.map(fetch, people):
            if isinstance(event, str):
                scene.figures.equal(f"the calendar file of {address}", event, "one")
                continue
            found[address] = scene.gathering.people[address].event = event
    return found


def _keep_seats(scene: Scene, mails: dict[str, Received]) -> None:
    for address, mail in mails.items():
        if mail.seat and address in scene.gathering.people:
            scene.gathering.people[address].seat = mail.seat


def _all(persons: Sequence[Person], do: Callable[[Person], str]) -> dict[str, str]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip([one.address for one in persons], pool.map(do, persons), strict=True))


def _wrong(said: dict[str, str]) -> dict[str, str]:
    return {address: word for address, word in said.items() if word != SAVED}


def _ends(events: dict[str, Event]) -> set[tuple[str, str]]:
    return {(event.method, event.status) for event in events.values()}


def _spoken(times: set[tuple[datetime, datetime]]) -> list[str]:
    return [f"{begins:%d %b %Y %H:%M} to {ends:%H:%M} UTC" for begins, ends in sorted(times)]


def _other(found: dict[str, str], wanted: dict[str, str]) -> dict[str, str]:
    return {
        one: found.get(one, "not there")
        for one in found.keys() | wanted.keys()
        if found.get(one) != wanted.get(one)
    }

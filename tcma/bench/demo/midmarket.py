"""The loop of the kit for larger firms: a page with a plan, people who write back, a webinar; in three languages."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import timedelta

from tcma.bench.demo import (
    attending_story,
    correspondence,
    firms,
    gathering,
    prospects,
    reading,
    running,
    seats_story,
)
from tcma.bench.demo.contact_file import make
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.firms import PARTNER, PARTNER_NAME
from tcma.bench.demo.house import House
from tcma.bench.demo.mails import Received
from tcma.bench.demo.member import Member
from tcma.bench.demo.running import AT_ONCE
from tcma.bench.demo.seats_story import TOO_MANY, Scene
from tcma.bench.demo.subjects import ANSWERED, Subjects
from tcma.bench.demo.watch import Watch

KIT = "sign-in-without-passwords"
LANGUAGES = ("en", "de", "fr")
MAILS = 5
ROWS = 800
LEAST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of each there are, in the order of the contact file."""

    machines: int
    prospects: int
    writers: int
    away: int
    registrants: int  # TOO_MANY more than there are seats
    leavers: int
    stopping: int = 1
    guests: int = 2
    bounced: int = 2

    @classmethod
    def of(cls, rows: int) -> "Crowd":
        """All of them from 750 rows on."""
        some = min(20, rows // 20)
        return cls(some, min(50, rows // 15), some, some, min(80, rows // 6 + TOO_MANY), min(30, rows // 20))


def run(house: House, figures: Figures, rows: int, seed: int) -> None:
    """`rows` is LEAST_ROWS or more; one to three minutes with ROWS."""
    file, crowd = make(rows, seed, (*LANGUAGES, "")), Crowd.of(rows)
    kit, code = firms.begin(house, figures, KIT, file)
    figures.step("5. The webinar's day is set, and the partner launches")
    campaign, number = running.draft(house, KIT, "Passwords", LANGUAGES, code, PARTNER)
    plan = gathering.planned(house, kit, campaign, number, crowd.registrants - TOO_MANY, days=22)
    host = Member.signed_in(house, PARTNER)
    gathering.set_day(host, plan)
    running.launch(house, figures, campaign, PARTNER, len(file.ready), MAILS)
    firms.check_set_aside(house, figures, code, MAILS * len(file.ready))
    watch = Watch.of(house, figures, Subjects(kit), file, LANGUAGES, PARTNER_NAME)
    scene = Scene(house, figures, watch, file, host, plan)
    figures.step("6. The invitation to the plan, in the language of each")
    running.until_sent(house, figures, campaign, "invite")
    mails = watch.expect("invitations", "invite", file.ready)
    running.check_first_mail(house, figures, file, watch.received)
    chosen = running.dealt(file.ready, asdict(crowd))
    bounced = running.report_fates(house, figures, chosen["bounced"])
    left = running.react(house, figures, mails, chosen["machines"], chosen["leavers"])
    figures.step(f"8. {crowd.prospects} people answer on the page with the plan")
    _answer(scene, mails, chosen["prospects"])
    figures.step("9. People write back, and machines of those who are away")
    correspondence.people_answer(scene, mails, chosen["writers"], chosen["away"], chosen["stopping"])
    quiet = left | bounced | set(chosen["writers"]) | set(chosen["stopping"])
    figures.step("10. The reminder to who did not click; an answer ends the sequence, an absence does not")
    running.send_in_time(house, figures, campaign, "reminder")
    silent = set(file.ready) - quiet - set(chosen["prospects"])
    watch.expect("reminders to exactly those", "reminder", silent)
    figures.equal("people who are away get it", set(chosen["away"]) <= silent, True)
    figures.step(f"11. The invitation to the webinar: {crowd.registrants} people for {plan.seats} seats")
    running.send_in_time(house, figures, campaign, "seat")
    mails = watch.expect("invitations to the webinar", "seat", set(file.ready) - quiet)
    seats_story.take_seats(scene, mails, chosen["registrants"])
    figures.step("12. Who cannot come")
    late = next(one for one in chosen["registrants"] if one not in plan.people)
    seats_story.cannot_come(scene, mails, late)
    figures.step("13. The webinar moves by three days, to ten in the morning")
    seats_story.moved(scene, (plan.wall + timedelta(days=3)).replace(hour=10))
    figures.step("14. A day and an hour before, in the zone of each")
    seats_story.reminded(scene)
    figures.step("15. The room, and who was there by the lists of three tools")
    came = attending_story.attended(scene, attending_story.joined(scene), chosen["guests"])
    attending_story.followed_up(scene, came, quiet)
    running.check_finished(house, figures, campaign)
    figures.step("16. Another partner's webinar is cancelled")
    attending_story.cancelled_elsewhere(scene, KIT, kit, seed)
    attending_story.check_end(scene, code, len(bounced), [*chosen["prospects"], chosen["writers"][0]])


def _answer(scene: Scene, mails: dict[str, Received], people: Sequence[str]) -> None:
    def answer(address: str) -> str:
        company, language = scene.file.ready[address], scene.watch.readers[address]
        return prospects.click_and_answer(mails[address], company, "Anna Muster", language)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [problem for problem in pool.map(answer, people) if problem]
    scene.figures.equal("answers that did not work", wrong, [])
    scene.watch.expect("mails with the plan", ANSWERED, people)
    scene.figures.equal("people behind the leads", sorted(reading.lead_people(scene.house)), sorted(people))

"""The loop of the webinar kit: invitations, seats, another day, reminders, the room, who came, and what follows."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from tcma.bench.demo import attending_story, firms, gathering, prospects, running, seats_story
from tcma.bench.demo.contact_file import make
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.firms import PARTNER, PARTNER_NAME
from tcma.bench.demo.house import House
from tcma.bench.demo.member import Member
from tcma.bench.demo.seats_story import TOO_MANY, Scene
from tcma.bench.demo.subjects import Subjects
from tcma.bench.demo.watch import Watch

KIT = "watch-a-server-come-back"
LANGUAGES = ("en", "de")
MAILS = 5
ROWS = 800
LEAST_ROWS = 60


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many of each there are, in the order of the contact file."""

    machines: int
    registrants: int  # TOO_MANY more than there are seats
    leavers: int
    guests: int = 2
    late: int = 1
    bounced: int = 2

    @classmethod
    def of(cls, rows: int) -> "Crowd":
        """All of them from 600 rows on."""
        return cls(min(20, rows // 20), min(100, rows // 6 + TOO_MANY), min(30, rows // 20))


def run(house: House, figures: Figures, rows: int, seed: int) -> None:
    """`rows` is LEAST_ROWS or more; one to three minutes with ROWS."""
    file, crowd = make(rows, seed), Crowd.of(rows)
    kit, code = firms.begin(house, figures, KIT, file)
    figures.step("5. The day is set, and the partner launches")
    campaign, number = running.draft(house, KIT, "Server", LANGUAGES, code, PARTNER)
    plan = gathering.planned(house, kit, campaign, number, crowd.registrants - TOO_MANY, days=16)
    host = Member.signed_in(house, PARTNER)
    gathering.set_day(host, plan)
    people = len(file.ready)
    running.launch(house, figures, campaign, PARTNER, people, MAILS)
    firms.check_set_aside(house, figures, code, MAILS * people)
    watch = Watch.of(house, figures, Subjects(kit), file, LANGUAGES, PARTNER_NAME)
    scene = Scene(house, figures, watch, file, host, plan)
    figures.step("6. The invitation, in the language of each")
    running.until_sent(house, figures, campaign, "invite")
    mails = watch.expect("invitations", "invite", file.ready)
    running.check_first_mail(house, figures, file, watch.received)
    chosen = running.dealt(file.ready, asdict(crowd))
    bounced = running.report_fates(house, figures, chosen["bounced"])
    left = running.react(house, figures, mails, chosen["machines"], chosen["leavers"])
    figures.step(f"8. {crowd.registrants} people for {plan.seats} seats")
    seats_story.take_seats(scene, mails, chosen["registrants"])
    figures.step("9. Who cannot come")
    late = next(one for one in chosen["registrants"] if one not in plan.people)
    seats_story.cannot_come(scene, mails, late)
    figures.step("10. The webinar moves by a day and two hours")
    seats_story.moved(scene, plan.wall + timedelta(days=1, hours=2))
    quiet = left | bounced
    one_with_seat = plan.those(gathering.State.SEAT)[-1]
    figures.equal("somebody with a seat unsubscribes", prospects.leave(mails[one_with_seat]), 200)
    quiet.add(one_with_seat)
    figures.step("11. Reminders to those who said nothing, one of whom registers now")
    for touch in ("reminder", "last-call"):
        running.send_in_time(house, figures, campaign, touch)
        silent = set(file.ready) - quiet - set(plan.people)
        got = watch.expect(f"the mail '{touch}' to exactly those", touch, silent)
        if touch == "reminder":
            seats_story.come_late(scene, got, chosen["late"])
    figures.step("12. A day and an hour before, in the zone of each")
    seats_story.reminded(scene)
    figures.step("13. The room")
    joiners = attending_story.joined(scene)
    figures.step("14. Who was there, by the lists of three tools")
    came = attending_story.attended(scene, joiners, chosen["guests"])
    figures.step("15. The follow-ups")
    attending_story.followed_up(scene, came, quiet)
    running.check_finished(house, figures, campaign)
    figures.step("16. Another partner's webinar is cancelled")
    attending_story.cancelled_elsewhere(scene, KIT, kit, seed)
    attending_story.check_end(scene, code, len(bounced))

"""The loop of the webinar kit: invitations, seats, another day, reminders, the room, who came, and what follows."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from campaigns.kit import Kit
from tcma.bench.demo import attending_story, firms, gathering, prospects, running, seats_story
from tcma.bench.demo.contact_file import make
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.firms import PARTNER, PARTNER_NAME, SIBLING, VENDOR
from tcma.bench.demo.gathering import Gathering
from tcma.bench.demo.house import House
from tcma.bench.demo.mails import Received
from tcma.bench.demo.member import Member
from tcma.bench.demo.seats_story import AT_ONCE, TOO_MANY, Scene
from tcma.bench.demo.subjects import Subjects
from tcma.bench.demo.watch import Watch

KIT = "watch-a-server-come-back"
LANGUAGES = ("en", "de")
MAILS = 5
ROWS = 1_500
LEAST_ROWS = 60
NAMED = ("machines", "registrants", "leavers", "guests", "late", "bounced")


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
        """All of them from 900 rows on."""
        return cls(min(20, rows // 20), min(100, rows // 6 + TOO_MANY), min(30, rows // 20))

    def chosen(self, addresses: list[str]) -> dict[str, list[str]]:
        found, begin = {}, 0
        for name in NAMED:
            end = begin + int(getattr(self, name))
            found[name] = addresses[begin:end]
            begin = end
        return found


def run(house: House, figures: Figures, rows: int, seed: int) -> None:
    """`rows` is LEAST_ROWS or more; two to three minutes with ROWS."""
    file, crowd = make(rows, seed), Crowd.of(rows)
    kit, code = firms.begin(house, figures, KIT, file)
    figures.step("5. The day is set, and the partner launches")
    campaign, number = running.draft(house, KIT, "Server", LANGUAGES, code, PARTNER)
    plan = a_webinar(house, kit, campaign, number, crowd.registrants - TOO_MANY, days=16)
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
    chosen = crowd.chosen(list(file.ready))
    bounced = running.report_fates(house, figures, chosen["bounced"])
    left = react(scene, mails, chosen["machines"], chosen["leavers"])
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
    attending_story.cancelled_elsewhere(scene, KIT, LANGUAGES, seed)
    finish(scene, code, len(bounced))


def a_webinar(house: House, kit: Kit, campaign: str, number: str, seats: int, days: int) -> Gathering:
    """At two in the afternoon, so many days ahead."""
    content = kit.webinar(kit.default_language)
    assert content is not None
    wall = gathering.day_ahead(house, days, 14)
    titles = {locale: webinar.title for locale in kit.languages if (webinar := kit.webinar(locale))}
    return Gathering("harbour-it", campaign, number, content.minutes, seats, wall, titles)


def react(scene: Scene, mails: dict[str, Received], machines: list[str], leavers: list[str]) -> set[str]:
    """Programs open everything at once, people leave two hours later; who left."""
    figures = scene.figures
    figures.step(f"7. {len(machines)} machines open everything at once, {len(leavers)} people leave")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        opened = pool.map(prospects.machine_opens_everything, [mails[one] for one in machines])
        statuses = set().union(*opened)
    figures.equal("answers to machines", statuses <= {200, 302}, True)
    scene.house.tcma("clock", "move", "2h")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        gone = list(pool.map(prospects.leave, [mails[one] for one in leavers]))
    figures.equal("one-click unsubscribes", gone.count(200), len(leavers))
    return set(leavers)


def finish(scene: Scene, code: str, bounced: int, others: Sequence[str] = ()) -> None:
    """The leads, every mail once more, the money. `others` became leads without registering."""
    house, figures = scene.house, scene.figures
    figures.step("17. The inbox")
    found = house.tcma("lead", "list", "--limit", "500", acting=PARTNER)
    companies = {address.partition("@")[2] for address in (*scene.gathering.people, *others)}
    figures.equal("leads of the partner, one a company", len(found), len(companies))
    elsewhere = house.tcma("lead", "list", "--limit", "500", acting=SIBLING)
    figures.equal("leads of the other partner", len(elsewhere), attending_story.COMPANIES_OF_SIBLING)
    names = {row["person"] for row in house.tcma("lead", "list", acting=VENDOR)} - {"–"}
    figures.equal("names the vendor sees without agreement", names, set())
    figures.step("18. A week later, and all mails once more")
    attending_story.check_no_more(scene)
    scene.watch.check_all()
    figures.step("19. The money")
    rows = house.tcma("campaign", "show", scene.gathering.campaign, acting=PARTNER)
    sent = sum(row["sent"] for row in rows)
    arrived = scene.watch.count({row["message"] for row in rows}, scene.file.ready)
    figures.equal("messages the campaign counts as sent are those that arrived", sent, arrived)
    firms.check_money(house, figures, code, sent, bounced)

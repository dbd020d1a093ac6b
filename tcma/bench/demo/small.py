"""The loop of the small-firm kit: three mails, a page with a form, leads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tcma.bench.demo import firms, prospects, reading, running
from tcma.bench.demo.contact_file import ContactFile, make
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.firms import PARTNER, SIBLING, VENDOR
from tcma.bench.demo.house import House
from tcma.bench.demo.mails import Received
from tcma.bench.demo.running import AT_ONCE

KIT = "ransomware-before-monday"
LEAST_ROWS = 100


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many react to the first mail."""

    machines: int = 20
    prospects: int = 50
    colleagues: int = 5
    leavers: int = 30

    @classmethod
    def of(cls, rows: int) -> "Crowd":
        """All of them from 400 rows on; below, as many as so few companies allow."""
        return cls(min(20, rows // 20), min(50, rows // 8), min(5, rows // 40), min(30, rows // 12))


def run(house: House, figures: Figures, rows: int, seed: int) -> None:
    """`rows` is LEAST_ROWS or more; one to two minutes with 5,000."""
    file, crowd = make(rows, seed), Crowd.of(rows)
    _kit, code = firms.begin(house, figures, KIT, file)
    campaign = _launch(house, figures, file, code)
    first = _first_mail(house, figures, file, campaign)
    chosen = _react(house, figures, first, file, crowd)
    _leads(house, figures, chosen, crowd)
    _next_mail(house, figures, campaign, first, chosen, 2, "reminder")
    _next_mail(house, figures, campaign, first, chosen, 3, "last-note")
    running.check_finished(house, figures, campaign)
    figures.step("12. The money")
    sent = sum(row["sent"] for row in house.tcma("campaign", "show", campaign, acting=PARTNER))
    firms.check_money(house, figures, code, sent)


def _launch(house: House, figures: Figures, file: ContactFile, code: str) -> str:
    figures.step("5. Launched by the partner")
    campaign, _ = running.draft(house, KIT, "Ransomware", ("en", "de"), code, PARTNER)
    running.launch(house, figures, campaign, PARTNER, len(file.ready), mails=3)
    firms.check_set_aside(house, figures, code, 3 * len(file.ready))
    return campaign


def _first_mail(house: House, figures: Figures, file: ContactFile, campaign: str) -> dict[str, Received]:
    figures.step("6. The first mail, sent by the worker, received by everybody")
    running.until_sent(house, figures, campaign, "invite")
    received = reading.mails_received(house)
    people = running.check_first_mail(house, figures, file, received)
    figures.equal("languages it went out in", len({mail.subject for mail in received}), 2)
    return people


def _react(
    house: House, figures: Figures, first: dict[str, Received], file: ContactFile, crowd: Crowd
) -> dict[str, list[str]]:
    figures.step(f"7. {crowd.machines} machines open everything at once")
    addresses = sorted(first, key=lambda address: int(address.partition("@")[0].removeprefix("kontakt")))
    machines, rest = addresses[: crowd.machines], addresses[crowd.machines :]
    pairs = reading.pairs(rest)
    chosen = {
        "machines": machines,
        "prospects": [pair[0] for pair in pairs[: crowd.prospects]],
        "colleagues": [pair[1] for pair in pairs[: crowd.colleagues]],
        "leavers": [pair[0] for pair in pairs[crowd.prospects : crowd.prospects + crowd.leavers]],
    }
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = set().union(
            *pool.map(prospects.machine_opens_everything, [first[address] for address in machines])
        )
    figures.equal("answers to machines", statuses <= {200, 302}, True)
    house.tcma("clock", "move", "2h")
    figures.step(
        f"8. {crowd.prospects} prospects of {crowd.prospects} companies answer,"
        f" {crowd.colleagues} colleagues join, {crowd.leavers} leave"
    )

    def answer(address: str) -> str:
        return prospects.click_and_answer(first[address], file.ready[address], "Anna Muster")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = [problem for problem in pool.map(answer, chosen["prospects"]) if problem]
        wrong += [problem for problem in pool.map(answer, chosen["colleagues"]) if problem]
        left = list(pool.map(prospects.leave, [first[address] for address in chosen["leavers"]]))
    figures.equal("answers that did not work", wrong, [])
    figures.equal("one-click unsubscribes", left.count(200), crowd.leavers)
    confirmations = crowd.prospects + crowd.colleagues
    house.wait(
        "every answer was confirmed by mail",
        lambda: reading.received_count(house) >= len(first) + confirmations,
        60.0,
    )
    figures.equal("confirmation mails", reading.received_count(house) - len(first), confirmations)
    return chosen


def _leads(house: House, figures: Figures, chosen: dict[str, list[str]], crowd: Crowd) -> None:
    figures.step("9. The inbox")
    found = house.tcma("lead", "list", "--limit", "500", acting=PARTNER)
    figures.equal("leads of the partner", len(found), crowd.prospects)
    figures.equal("people in them", sum(row["people"] for row in found), crowd.prospects + crowd.colleagues)
    figures.equal("leads of the other partner", len(house.tcma("lead", "list", acting=SIBLING)), 0)
    behind = reading.lead_people(house)
    figures.equal("people behind them", sorted(behind), sorted(chosen["prospects"] + chosen["colleagues"]))
    figures.equal("machines among them", len(set(behind) & set(chosen["machines"])), 0)
    paths = reading.paths(house)
    right = ["clicked Invitation", "visited Checklist page", "submitted Checklist page"]
    figures.equal(
        "leads that began with mail, page, form", sum(p[:3] == right for p in paths), crowd.prospects
    )
    shown = house.tcma("lead", "show", found[0]["lead"], acting=PARTNER)
    figures.note(str(shown["why"]))
    names = [row["person"] for row in house.tcma("lead", "list", acting=VENDOR)]
    figures.equal("names the vendor sees without agreement", {name for name in names if name != "–"}, set())


def _next_mail(
    house: House,
    figures: Figures,
    campaign: str,
    first: dict[str, Received],
    chosen: dict[str, list[str]],
    number: int,
    touch: str,
) -> None:
    figures.step(f"{number + 8}. Mail {number}, on its day")
    received = running.send_in_time(house, figures, campaign, touch)
    out = set(chosen["prospects"]) | set(chosen["colleagues"]) | set(chosen["leavers"])
    expected = sorted(set(first) - out)
    what = f"mail {number}"
    figures.equal(f"receivers of {what}", len(received), len(expected))
    figures.equal(f"{what}: those of mail 1 less who clicked and who left", received == expected, True)

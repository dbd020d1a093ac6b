"""The loop, step by step, each figure beside what it must be."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

from tcma import money
from tcma.bench.demo import prospects, reading
from tcma.bench.demo.contact_file import ContactFile, make
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.house import House, open_house
from tcma.bench.demo.mails import Received, by_person
from tcma.config import ROOT
from tcma.errors import DomainError

KIT = ROOT / "templates" / "kits" / "ransomware-before-monday"
OPERATOR, VENDOR = "ops@hosting.example", "jana@northwind.example"
PARTNER, SIBLING = "marc@harbour-it.example", "priya@kestrel.example"
PRICE = "12.50"  # francs per 1,000 messages
CERTIFICATE = "400.00"
MAIL_LIMIT = 300.0
AT_ONCE = 6
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


def run(
    commands: click.Command,
    report: Callable[[str], None],
    *,
    rows: int = 5_000,
    seed: int = 20261121,
    folder: Path | None = None,
    database_url: str = "",
) -> bool:
    """The demo in a scratch folder; True when every figure is right. `commands` is all of `tcma`, which the
    people of the demo type. `rows` is LEAST_ROWS or more; one to two minutes with 5,000."""
    began = time.monotonic()
    figures = Figures(report)
    with tempfile.TemporaryDirectory(prefix="tcma-demo-") as scratch:
        try:
            with open_house(commands, folder or Path(scratch), database_url) as house:
                _loop(house, figures, make(rows, seed), Crowd.of(rows))
        except DomainError as error:
            figures.equal("the loop", error.sentence, "went through")
    seconds = time.monotonic() - began
    if figures.wrong:
        report(f"\n{len(figures.wrong)} figures are wrong: {', '.join(figures.wrong)}. {seconds:.0f} s.")
    else:
        report(f"\nEvery figure is right. {seconds:.0f} s.")
    return not figures.wrong


def _loop(house: House, figures: Figures, file: ContactFile, crowd: Crowd) -> None:
    _firms(house, figures)
    _publish(house, figures)
    _read_contacts(house, figures, file)
    code = _ask_for_funding(house, figures)
    campaign = _launch(house, figures, file, code)
    first = _first_mail(house, figures, file, campaign)
    chosen = _react(house, figures, first, file, crowd)
    _leads(house, figures, chosen, crowd)
    _second_mail(house, figures, campaign, first, chosen)
    _third_mail(house, figures, campaign, first, chosen)
    _money(house, figures, campaign, code)


def _firms(house: House, figures: Figures) -> None:
    figures.step("1. An operator, a vendor, two partners")
    house.tcma("user", "operator", OPERATOR, "--name", "Rolf Amsler", "--firm", "Example Hosting")
    house.tcma("fund", "price", "CHF", PRICE, acting=OPERATOR)
    house.tcma(
        *("vendor", "add", "Northwind Security", "--owner", VENDOR, "--domain", "northwind.example"),
        *("--street", "Limmatquai 80", "--postal-code", "8001", "--city", "Zürich", "--country", "CH"),
        *("--currency", "CHF", "--timezone", "Europe/Zurich"),
        acting=OPERATOR,
    )
    _brand(house, VENDOR, "#1d3f72", "northwind.example", "Jana Frei", _SHIELD)
    for name, email, colour, logo in (
        ("Harbour IT", PARTNER, "#f58220", _WAVE),
        ("Kestrel Networks", SIBLING, "#6b2c91", _WAVE.replace("Harbour IT", "Kestrel")),
    ):
        domain = email.partition("@")[2]
        invited = house.tcma(
            *("partner", "invite", name, "--email", email, "--tier", "gold", "--domain", domain),
            *("--street", "Hafenstrasse 1", "--postal-code", "8001", "--city", "Zürich", "--country", "CH"),
            *("--currency", "CHF", "--timezone", "Europe/Zurich"),
            acting=VENDOR,
        )
        house.tcma("user", "accept", invited["token"], "--name", email.partition("@")[0].title())
        house.tcma("partner", "accept", "northwind-security", acting=email)
        house.tcma("partner", "terms", str(invited["slug"]), "--ready-until", "2030-12-31", acting=VENDOR)
        _brand(house, email, colour, domain, email.partition("@")[0].title(), logo)
    active = [row["status"] for row in house.tcma("partner", "list", acting=VENDOR)]
    figures.equal("partners that accepted", active, ["active", "active"])


def _brand(house: House, email: str, colour: str, domain: str, person: str, logo: str) -> None:
    path = house.folder / f"{domain}.svg"
    path.write_text(logo)
    house.tcma(
        *("partner", "brand", "--logo", str(path), "--colour", colour, "--website", f"https://{domain}"),
        *("--phone", "+41 44 555 01 23", "--contact-name", person, "--contact-email", email),
        *("--contact-phone", "+41 44 555 01 23", "--privacy-url", f"https://{domain}/privacy"),
        *("--imprint-url", f"https://{domain}/imprint"),
        acting=email,
    )


def _publish(house: House, figures: Figures) -> None:
    figures.step("2. The starter kit: checked, imported, published")
    problems = [row for row in house.tcma("kit", "check", str(KIT)) if row["severity"] == "problem"]
    figures.equal("problems of the kit", len(problems), 0)
    house.tcma("kit", "import", str(KIT), acting=VENDOR)
    published = house.tcma("kit", "publish", KIT.name, acting=VENDOR)
    figures.equal("published in", published["languages"], ["en", "de"])
    seen = [row["slug"] for row in house.tcma("kit", "list", acting=PARTNER)]
    figures.equal("kits the partner sees", seen, [KIT.name])


def _read_contacts(house: House, figures: Figures, file: ContactFile) -> None:
    figures.step("3. A contact file: Windows-1252, semicolons, German columns, mistakes")
    path = house.folder / "kontakte.csv"
    path.write_bytes(file.content)
    house.tcma("contacts", "terms", "--accept", acting=PARTNER)
    read = house.tcma(
        "contacts", "import", str(path), "--list", "Kunden", "--basis", "customer", acting=PARTNER
    )
    figures.equal("people ready", read["ready"], len(file.ready))
    figures.equal("rows skipped, by reason", _sorted(read["by_reason"]), _sorted(file.skipped))
    figures.note(f"{read['seconds']} s")


def _ask_for_funding(house: House, figures: Figures) -> str:
    figures.step("4. A certificate, asked for and granted by rule")
    house.tcma(
        *(
            "fund",
            "create",
            "Small firms",
            "--currency",
            "CHF",
            "--from",
            "2026-01-01",
            "--until",
            "2030-12-31",
        ),
        *("--share", "50", "--cap", "1000.00", "--at-once-up-to", "500.00", "--tier", "gold"),
        acting=VENDOR,
    )
    house.tcma("fund", "allocate", "Small firms", "10000.00", acting=VENDOR)
    asked = house.tcma("certificate", "ask", "northwind-security", CERTIFICATE, acting=PARTNER)
    figures.equal("the request", asked["status"], "approved")
    figures.note(f"rule: {asked['rule']}")
    return str(asked["certificate"])


def _launch(house: House, figures: Figures, file: ContactFile, code: str) -> str:
    figures.step("5. Launched by the partner")
    drafted = house.tcma(
        *("campaign", "draft", KIT.name, "--name", "Ransomware", "--list", "Kunden", "--start", "now"),
        *("--language", "en", "--language", "de", "--certificate", code),
        acting=PARTNER,
    )
    campaign = str(drafted["campaign"])
    launched = house.tcma("campaign", "launch", campaign, acting=PARTNER)
    figures.equal("people at launch", launched["people"], len(file.ready))
    figures.equal("messages planned", launched["messages"], 3 * len(file.ready))
    price, cap = money.parse(PRICE, "CHF") * 1_000_000, money.parse(CERTIFICATE, "CHF")
    planned = money.vendor_share(3 * len(file.ready), price, 5_000, cap)
    balance = reading.certificate(house, code)
    set_aside = balance["reserved"] + balance["used"]  # the first messages may be out already
    figures.equal("set aside by the vendor, in Rappen", set_aside, planned)
    return campaign


def _first_mail(house: House, figures: Figures, file: ContactFile, campaign: str) -> dict[str, Received]:
    figures.step("6. The first mail, sent by the worker, received by the mail server")
    _until_sent(house, figures, campaign, "invite")
    received = reading.mails_received(house)
    people = by_person(received)
    figures.equal("people who got it", set(people) == set(file.ready), True)
    figures.equal("who got it more than once", sum(len(mails) > 1 for mails in people.values()), 0)
    figures.equal("messages whose tokens do not verify", sum(bool(mail.problems) for mail in received), 0)
    logos = {"Harbour IT", "Northwind Security"}
    figures.equal("messages without both logos", sum(not logos <= set(mail.alts) for mail in received), 0)
    figures.equal("messages without one-click unsubscribe", sum(not mail.one_click for mail in received), 0)
    pictures = {picture for mail in received for picture in mail.pictures}
    answers = {prospects.fetch(picture) for picture in pictures}
    figures.equal(f"its {len(pictures)} pictures", answers, {(200, "image/png")})
    subjects = {mail.subject for mail in received}
    figures.equal("languages it went out in", len(subjects), 2)
    return {address: mails[0] for address, mails in people.items()}


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


def _second_mail(
    house: House, figures: Figures, campaign: str, first: dict[str, Received], chosen: dict[str, list[str]]
) -> None:
    figures.step("10. The second mail, on its day")
    before = reading.received_count(house)
    _move_to(house, campaign, "reminder")
    _until_sent(house, figures, campaign, "reminder")
    _same_people(house, figures, before, first, chosen, "mail 2")


def _third_mail(
    house: House, figures: Figures, campaign: str, first: dict[str, Received], chosen: dict[str, list[str]]
) -> None:
    figures.step("11. The third mail, on its day")
    before = reading.received_count(house)
    _move_to(house, campaign, "last-note")
    _until_sent(house, figures, campaign, "last-note")
    _same_people(house, figures, before, first, chosen, "mail 3")
    house.wait("the campaign was finished", lambda: reading.status(house, campaign) == "finished", 90.0)
    figures.equal("the campaign", reading.status(house, campaign), "finished")


def _same_people(
    house: House,
    figures: Figures,
    before: int,
    first: dict[str, Received],
    chosen: dict[str, list[str]],
    what: str,
) -> None:
    out = set(chosen["prospects"]) | set(chosen["colleagues"]) | set(chosen["leavers"])
    expected = sorted(set(first) - out)
    received = sorted(reading.recipients(house)[before:])
    figures.equal(f"receivers of {what}", len(received), len(expected))
    figures.equal(f"{what}: those of mail 1 less who clicked and who left", received == expected, True)


def _money(house: House, figures: Figures, campaign: str, code: str) -> None:
    figures.step("12. The money")
    sent = sum(row["sent"] for row in house.tcma("campaign", "show", campaign, acting=PARTNER))
    price = money.parse(PRICE, "CHF") * 1_000_000
    share = money.vendor_share(sent, price, 5_000, money.parse(CERTIFICATE, "CHF"))
    balance = reading.certificate(house, code)
    figures.equal(f"captured for {sent:,} messages, in Rappen", balance["used"], share)
    figures.equal("still set aside", balance["reserved"], 0)
    figures.equal("left on the certificate", balance["left"], money.parse(CERTIFICATE, "CHF") - share)
    figures.equal("what does not balance", house.tcma("ledger", "prove"), [])
    figures.note(f"{reading.notice_count(house)} mails of the platform told its own people of all this")


def _move_to(house: House, campaign: str, touch: str) -> None:
    """Move web and worker to the minute a mail is due."""
    seconds = reading.seconds_until_due(house, campaign, touch)
    house.tcma("clock", "move", f"{seconds + 5}s")


def _until_sent(house: House, figures: Figures, campaign: str, touch: str) -> None:
    began = time.monotonic()
    shown = [0.0]

    def done() -> bool:
        row = reading.touch(house, campaign, touch)
        if row["waiting"] + row["sent"] + row["skipped"] + row["failed"] + row["unknown"] != row["people"]:
            figures.equal("waiting + sent + skipped + failed + unknown", "not the people", "the people")
        if time.monotonic() - shown[0] > 5:
            shown[0] = time.monotonic()
            figures.note(f"{row['sent']:,} sent, {row['waiting']:,} waiting, {row['skipped']:,} skipped")
        if row["status"] not in ("pending", "running", "done"):
            raise DomainError(f"The mail '{touch}' is {row['status']}.")
        return bool(row["status"] == "done")

    house.wait(f"the mail '{touch}' was sent", done, MAIL_LIMIT)
    row = reading.touch(house, campaign, touch)
    seconds = time.monotonic() - began
    figures.note(f"{row['sent']:,} sent, {row['skipped']:,} skipped in {seconds:.0f} s")
    figures.equal("failed or unknown", row["failed"] + row["unknown"], 0)


def _sorted(counts: dict[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


_WAVE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="72" viewBox="0 0 300 72">'
    '<path d="M8 50c8 8 16 8 24 0s16-8 24 0" fill="none" stroke="#f58220" stroke-width="7"/>'
    '<text x="72" y="48" font-family="Inter" font-size="36" font-weight="700" fill="#14181d">Harbour IT</text></svg>'
)
_SHIELD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="72" viewBox="0 0 300 72">'
    '<path d="M30 6 54 16v18c0 16-11 26-24 32C17 60 6 50 6 34V16z" fill="#1d3f72"/>'
    '<text x="68" y="46" font-family="Inter" font-size="33" font-weight="600" fill="#1d3f72">Northwind</text></svg>'
)

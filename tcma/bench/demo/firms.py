"""Before a campaign: the firms, the kit, a contact file, a certificate. The same for every kit."""

from typing import Any

from campaigns import kit as kits
from campaigns.kit import Kit
from tcma import money
from tcma.bench.demo import reading
from tcma.bench.demo.contact_file import ContactFile
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.house import House
from tcma.config import ROOT

KITS = ROOT / "templates" / "kits"
OPERATOR, VENDOR = "ops@hosting.example", "jana@northwind.example"
PARTNER, SIBLING = "marc@harbour-it.example", "priya@kestrel.example"
PARTNER_NAME, SIBLING_NAME, VENDOR_NAME = "Harbour IT", "Kestrel Networks", "Northwind Security"
LOGOS = {PARTNER_NAME, VENDOR_NAME}
PRICE = "12.50"  # francs per 1,000 messages
CERTIFICATE = "400.00"
LIST = "Kunden"


def begin(house: House, figures: Figures, slug: str, file: ContactFile) -> tuple[Kit, str]:
    """The first four steps; the kit, and the code of the partner's certificate."""
    firms(house, figures)
    kit = publish(house, figures, slug)
    read_contacts(house, figures, file)
    return kit, ask_for_funding(house, figures)


def firms(house: House, figures: Figures) -> None:
    figures.step("1. An operator, a vendor, two partners")
    house.tcma("user", "operator", OPERATOR, "--name", "Rolf Amsler", "--firm", "Example Hosting")
    house.tcma("fund", "price", "CHF", PRICE, acting=OPERATOR)
    house.tcma(
        *("vendor", "add", VENDOR_NAME, "--owner", VENDOR, "--domain", "northwind.example"),
        *("--street", "Limmatquai 80", "--postal-code", "8001", "--city", "Zürich", "--country", "CH"),
        *("--currency", "CHF", "--timezone", "Europe/Zurich"),
        acting=OPERATOR,
    )
    _brand(house, VENDOR, "#1d3f72", "northwind.example", "Jana Frei", _SHIELD)
    for name, email, colour, logo in (
        (PARTNER_NAME, PARTNER, "#f58220", _WAVE),
        (SIBLING_NAME, SIBLING, "#6b2c91", _WAVE.replace("Harbour IT", "Kestrel")),
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


def publish(house: House, figures: Figures, slug: str) -> Kit:
    figures.step("2. The starter kit: checked, imported, published")
    folder = KITS / slug
    kit = kits.read(kits.read_folder(folder))
    problems = [row for row in house.tcma("kit", "check", str(folder)) if row["severity"] == "problem"]
    figures.equal("problems of the kit", len(problems), 0)
    house.tcma("kit", "import", str(folder), acting=VENDOR)
    published = house.tcma("kit", "publish", slug, acting=VENDOR)
    figures.equal("published in", published["languages"], list(kit.languages))
    seen = [row["slug"] for row in house.tcma("kit", "list", acting=PARTNER)]
    figures.equal("kits the partner sees", seen, [slug])
    return kit


def read_contacts(house: House, figures: Figures, file: ContactFile) -> None:
    figures.step("3. A contact file: Windows-1252, semicolons, German columns, mistakes")
    read = import_file(house, file, PARTNER)
    figures.equal("people ready", read["ready"], len(file.ready))
    figures.equal("rows skipped, by reason", _sorted(read["by_reason"]), _sorted(file.skipped))
    figures.note(f"{read['seconds']} s")


def import_file(house: House, file: ContactFile, email: str) -> dict[str, Any]:
    path = house.folder / "kontakte.csv"
    path.write_bytes(file.content)
    house.tcma("contacts", "terms", "--accept", acting=email)
    typed = ("contacts", "import", str(path), "--list", LIST, "--basis", "customer")
    read: dict[str, Any] = house.tcma(*typed, acting=email)
    return read


def ask_for_funding(house: House, figures: Figures) -> str:
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


def check_set_aside(house: House, figures: Figures, code: str, messages: int) -> None:
    price, cap = money.parse(PRICE, "CHF") * 1_000_000, money.parse(CERTIFICATE, "CHF")
    balance = reading.certificate(house, code)
    set_aside = balance["reserved"] + balance["used"]  # the first messages may be out already
    share = money.vendor_share(messages, price, 5_000, cap)
    figures.equal("set aside by the vendor, in Rappen", set_aside, share)


def check_money(house: House, figures: Figures, code: str, sent: int, bounced: int = 0) -> None:
    """What was captured for the messages that were accepted, less those that came back at once."""
    price, cap = money.parse(PRICE, "CHF") * 1_000_000, money.parse(CERTIFICATE, "CHF")
    share = money.vendor_share(sent - bounced, price, 5_000, cap)
    balance = reading.certificate(house, code)
    told = f"{sent:,} messages" + (f" less {bounced} that bounced" if bounced else "")
    figures.equal(f"captured for {told}, in Rappen", balance["used"], share)
    figures.equal("still set aside", balance["reserved"], 0)
    figures.equal("left on the certificate", balance["left"], cap - share)
    figures.equal("what does not balance", house.tcma("ledger", "prove"), [])
    figures.note(f"{reading.notice_count(house)} mails of the platform told its own people of all this")


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

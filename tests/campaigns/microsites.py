"""A microsite to test with: every block, every kind of field, and texts that use the grammar."""

from dataclasses import replace
from html.parser import HTMLParser

from campaigns.brand import Brand
from campaigns.channels import microsite
from campaigns.kit.microsite import (
    Confirmation,
    Copy,
    FieldName,
    Form,
    FormField,
    Hero,
    MicrositePage,
    PersonBlock,
    Picture,
    Proof,
    ProofPoint,
    Prose,
    Question,
    Questions,
    Quote,
    Step,
    Steps,
    Thanks,
)
from campaigns.kit.model import ConsentText, Party, Purpose
from campaigns.regions import Formatting, Region, RegionKind, apply
from tests.campaigns.brands import a_partner, a_vendor

BANDS = ("1 to 9", "10 to 49", "50 and more")
REGIONS = (
    Region("headline", RegionKind.EDITABLE, {"en": "Headline"}),
    Region("lead", RegionKind.EDITABLE, {"en": "Lead"}, formatting=Formatting.BOLD),
    Region("picture", RegionKind.BRAND, {"en": "Picture"}),
    Region("quote", RegionKind.OPTIONAL, {"en": "Quote"}, default_on=False),
)
CONSENTS = (
    ConsentText(
        "info",
        1,
        Purpose.INFORMATION,
        Party.PARTNER,
        {"en": "{{ partner.name }} uses your answers.", "de": "{{ partner.name }} verwendet Ihre Angaben."},
    ),
    ConsentText("news", 3, Purpose.NEWS, Party.PARTNER, {"en": "{{ partner.name }} may send me news."}),
    ConsentText("vendor", 2, Purpose.NEWS, Party.VENDOR, {"en": "{{ vendor.name }} may write to me."}),
)
FRAME = microsite.Frame(
    nonce="n0nce",
    asset=lambda path: f"/assets/{path}",
    picture=lambda path: f"/i/{path}",
    stored=lambda name: f"/i/{name}",
)
FACTS = microsite.CampaignFacts("Stop ransomware", "stop", "/c/harbour-it/stop")


def a_page(locale: str = "en") -> MicrositePage:
    return MicrositePage(
        locale=locale,
        title="Stop ransomware | {{ partner.name }}",
        description="Seven checks on one page.",
        hero=Hero(
            Copy("Stop ransomware before Monday", "headline"),
            Copy("{{ partner.contact.name }} shows you how.", "lead"),
            Copy("Send me the checklist"),
            Picture("assets/hero.png", "A desk at dusk", "picture"),
        ),
        form=Form(
            Copy("Where may we send it?"),
            (
                FormField(FieldName.EMAIL, "Work e-mail", True, autocomplete="email"),
                FormField(FieldName.NAME, "Your name", True),
                FormField(FieldName.COMPANY, "Company", True),
                FormField(FieldName.EMPLOYEES, "People", True, options=BANDS),
                FormField(FieldName.PHONE, "Phone", False, "Only if you like to be called."),
                FormField(FieldName.MESSAGE, "Message", False),
            ),
            Copy("Send me the checklist"),
            "info",
            ("news", "vendor"),
        ),
        thanks=Thanks(Copy("Thank you"), Copy("It is on its way."), Copy("We call you."), "assets/a.pdf"),
        confirmation=Confirmation("Your checklist", "Here it is."),
        proof=Proof(
            Copy("Why"), (ProofPoint("88 %", "of breaches", "A study, 2025", "https://study.example/2025"),)
        ),
        quote=Quote(Copy("They were quick."), Copy("Ruth Aebi"), "quote"),
        sections=(Prose(Copy("What it is"), "One page.\n\n- **Short**\n- [Source](https://study.example)"),),
        steps=Steps(Copy("What happens next"), (Step("We call", "One short call.", "Within one day"),)),
        person=PersonBlock(Copy("Who you talk to"), Copy("I answer my own phone.")),
        questions=Questions(Copy("Questions"), (Question("What does it cost?", "Nothing."),)),
    )


def a_site(
    page: MicrositePage | None = None, *, partner: Brand | None = None, **regions: str
) -> microsite.Site:
    made = page or a_page()
    return microsite.fill(
        made, partner=partner or a_partner(), vendor=a_vendor(), regions=apply(REGIONS, regions, made.locale)
    )


def rendered(
    site: microsite.Site | None = None,
    form: microsite.FormState | None = None,
    *,
    partner: Brand | None = None,
    preview: bool = False,
) -> str:
    return microsite.render_page(
        site or a_site(partner=partner),
        replace(FRAME, preview=preview),
        partner=partner or a_partner(),
        vendor=a_vendor(),
        campaign=FACTS,
        form=form or microsite.FormState("form-token"),
        consents=CONSENTS,
    )


def every_page(partner: Brand, locale: str) -> dict[str, str]:
    """All pages a prospect can get from one campaign, by name."""
    site, vendor = a_site(a_page(locale), partner=partner), a_vendor()
    pages = {
        "page": rendered(site, partner=partner),
        "errors": rendered(
            site, microsite.FormState("t", {"name": "A"}, {"email": "Wrong.", "": "All."}), partner=partner
        ),
        "thanks": microsite.render_thanks(
            site, FRAME, partner=partner, vendor=vendor, file="/f/checklist.pdf", confirm=True
        ),
        "unsubscribe": microsite.render_unsubscribe(
            FRAME, partner=partner, address="anna@lindt.example", action="/u/token", locale=locale
        ),
        "unsubscribed": microsite.render_unsubscribed(
            FRAME, partner=partner, address="anna@lindt.example", locale=locale
        ),
        "confirm": microsite.render_confirm(
            FRAME, partner=partner, wordings=["News."], action="/confirm/token", locale=locale
        ),
        "confirmed": microsite.render_confirmed(FRAME, partner=partner, locale=locale),
    }
    for why in microsite.Ended:
        pages[why] = microsite.render_ended(FRAME, partner=partner, why=why, locale=locale)
    for message in microsite.Message:
        pages[message] = microsite.render_message(message, FRAME, locale=locale)
    return pages


class Document(HTMLParser):
    """What a page consists of: its start tags with their attributes, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.tags if "id" in attributes]

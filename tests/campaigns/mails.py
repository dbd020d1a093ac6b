"""A small kit's mail and its artefact, for tests of what is made from them."""

from datetime import UTC, datetime

from campaigns.brand import Brand
from campaigns.channels.email import Artefact, Facts, MailSource, freeze_source
from campaigns.compliance import reason_line
from campaigns.message import Envelope, Recipient
from campaigns.people.model import Basis
from campaigns.regions import Region, RegionContent, RegionKind, RegionValues
from campaigns.regions import apply as apply_regions
from tests.campaigns.brands import a_logo, a_partner, a_vendor

BODY = """<mjml><mj-head></mj-head><mj-body background-color="#f6f5f2">
<mj-section css-class="platform-lockup"></mj-section>
<mj-section><mj-column>
<mj-text css-class="rg-headline"><h1 style="margin:0">Stop ransomware</h1></mj-text>
<mj-text>Hello {{ contact.first_name }},</mj-text>
<mj-text>{% if contact.company %}For {{ contact.company }}.{% else %}For you.{% endif %}</mj-text>
<mj-text css-class="rg-extra"><p>Only if wanted.</p></mj-text>
<mj-button css-class="rg-button" href="{{ link.microsite }}">Get it</mj-button>
<mj-text>Or read <a href="https://northwind.example/a?b=1">more</a> or call {{ partner.phone }}.</mj-text>
</mj-column></mj-section>
<mj-section css-class="platform-footer"></mj-section>
</mj-body></mjml>"""

REGIONS = (
    Region("headline", RegionKind.EDITABLE, {"en": "Headline"}, RegionContent.HEADLINE, max_length=60),
    Region("button", RegionKind.EDITABLE, {"en": "Button"}, RegionContent.BUTTON, max_length=40),
    Region("extra", RegionKind.OPTIONAL, {"en": "Extra"}, default_on=False),
)


def facts(reason: str | None = None, *, counts_opens: bool = False) -> Facts:
    line = reason_line(Basis.CUSTOMER, a_partner(), "en") if reason is None else reason
    return Facts("ransomware", "Ransomware", "harbour-it", "https://go.example", line, counts_opens)


def set_values(**submitted: str) -> RegionValues:
    return apply_regions(REGIONS, submitted, "en")


def an_artefact(
    body: str = BODY,
    *,
    subject: str = "{{ contact.first_name }}, seven checks",
    values: RegionValues | None = None,
    partner: Brand | None = None,
    about: Facts | None = None,
    locale: str = "en",
) -> Artefact:
    source = MailSource(
        name="invite",
        path="emails/01-invite.mjml",
        locale=locale,
        mjml=body,
        subject=subject,
        preview="From {{ partner.name }}",
        fallbacks={"contact.first_name": "there", "contact.company": "your firm"},
        version="1",
        assets={},
    )
    return freeze_source(
        source,
        values=values,
        vendor=a_vendor(logo=a_logo(name="b" * 64)),
        partner=partner or a_partner(logo=a_logo()),
        facts=about or facts(),
    )


def a_recipient(**changed: str) -> Recipient:
    given = {
        "email": "anna@lindt.example",
        "first_name": "Anna",
        "last_name": "Frei",
        "company": "Lindt",
    } | changed
    return Recipient(**given)


def an_envelope(mark: str = "A", **changed: object) -> Envelope:
    given: dict[str, object] = {
        "click": mark * 48,
        "open": "o" + mark * 47,
        "unsubscribe": "u" + mark * 47,
        "message_id": f"<{mark}1@go.example>",
        "date": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    }
    return Envelope(**(given | changed))  # type: ignore[arg-type]

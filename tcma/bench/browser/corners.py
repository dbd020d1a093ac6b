"""Further pages to check by a program, too many to look at one by one: each state of what a partner has, each small
form as it opens and as it is refused, and what stands there after the button of a mail's page was pressed."""

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import addresses
from tcma.bench.browser.states import owner_of
from tcma.bench.browser.stop import Gesture, Stop, send
from tcma.funds.models import Certificate, FundingRequest
from tcma.installation import Installation
from tcma.launches.models import Campaign
from tcma.leads.models import Lead, Stage
from tcma.organisations.models import Organisation

FREELANCER = "nadia@vogel-marketing.example"  # works for two firms
DEEDS = ("contacted", "qualify", "not-now", "push-back", "not-a-fit", "won", "lost")
# Pages of mails whose one button is pressed.
PRESSED = (
    "public/link-unsubscribe",
    "public/link-confirm",
    "public/link-notice-switch",
    "public/link-lead-new",
)
# Forms that say what is wrong when they are sent empty, by the page they stand on.
REFUSED = {
    "owner/partner_team.index": "form[action$='/invite']",
    "owner/partner_settings.show": "#firm-form",
    "owner/account.show": "#wishes",
    "owner/partner_brand.edit": "main form.form",
    "owner/partner_funding_requests.new": "#ask-form",
    "owner/partner_funding_elsewhere.new": "main form.form",
    "owner/partner_audience.edit": "main form.form",
    "owner/partner_audience_people.new": "main form.form",
    "state/change-time": "main form.form",
    "owner/partner_suppressed.show": "#look-up form",
    "public/sign-in-link": "main form",
    "public/certificate-code": "main form",
}
BUDGET = "draft/partner_setup_budget.edit"


def find(installation: Installation, others: list[Stop]) -> list[Stop]:
    """`others` are the pages that were found already."""
    with installation.owner.reading() as session:
        return [
            Stop("corner/choose-firm", "/", FREELANCER),
            *_states(session),
            *_leads(session),
            *_forms(others),
        ]


def _states(session: Session) -> Iterator[Stop]:
    for name, model, path in (
        ("campaign", Campaign, addresses.campaign),
        ("request", FundingRequest, addresses.funding_request),
        ("certificate", Certificate, addresses.certificate),
    ):
        for row, slug in _one_of_each(session, model, model.status, model.partner_id):
            where, owner = path(slug, row.public_id), owner_of(session, slug)
            yield Stop(f"corner/{name}-{row.status}", where, owner)
            if isinstance(row, Certificate):
                yield Stop(
                    f"corner/certificate-{row.status}-check", addresses.certificate_check(row.code), ""
                )
            if isinstance(row, Campaign):
                yield Stop(f"corner/microsite-{row.status}", addresses.microsite(slug, row.slug), "")
                if row.status == "draft":
                    yield Stop("corner/campaign-delete", f"{where}/delete", owner)


def _leads(session: Session) -> Iterator[Stop]:
    """Leads in each stage, and each deed's form as it opens and refused."""
    for lead, slug in _one_of_each(session, Lead, Lead.stage, Lead.owner_id):
        where, owner = addresses.lead(slug, lead.public_id), owner_of(session, slug)
        yield Stop(f"corner/lead-{lead.stage}", where, owner)
        if lead.stage is Stage.CONTACTED:
            for deed in DEEDS:
                yield Stop(f"corner/deed-{deed}", f"{where}/{deed}", owner)
                yield Stop(
                    f"corner/deed-{deed}-refused", f"{where}/{deed}", owner, sent_empty("main form.form")
                )


def _forms(others: list[Stop]) -> Iterator[Stop]:
    for stop in others:
        view = stop.name.rpartition("/")[2]
        if stop.name in REFUSED:
            yield Stop(f"corner/{view}-refused", stop.path, stop.email, sent_empty(REFUSED[stop.name]))
        if stop.name == BUDGET:  # a budget may be empty
            much = send("#budget-form", **{"name-0": "Advert", "amount-0": "much"})
            yield Stop(f"corner/{view}-refused", stop.path, stop.email, much)
        if stop.name in PRESSED:
            yield Stop(f"corner/{view}-pressed", stop.path, stop.email, pressed)


def sent_empty(form: str) -> Gesture:
    """Empty the texts of a form and send it past the browser's own checks."""

    def gesture(page: Page) -> None:
        with page.expect_navigation():
            page.locator(form).first.evaluate(
                """form => {
                  for (const field of form.querySelectorAll('input, textarea')) {
                    if (['hidden', 'submit', 'file'].includes(field.type)) continue;
                    if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
                    else field.value = '';
                  }
                  form.noValidate = true;
                  form.requestSubmit();
                }"""
            )

    return gesture


def pressed(page: Page) -> None:
    """The first button of the page's own."""
    with page.expect_navigation():
        page.locator("main button[type=submit]").first.press("Enter")


def _one_of_each(session: Session, model: type[Any], status: Any, partner: Any) -> Iterator[tuple[Any, str]]:
    """The first row of each status, with its partner's name in addresses."""
    seen = set()
    rows = select(model, Organisation.slug).join(Organisation, Organisation.id == partner).order_by(model.id)
    for row, slug in session.execute(rows):
        value = getattr(row, status.key)
        if value not in seen:
            seen.add(value)
            yield row, slug

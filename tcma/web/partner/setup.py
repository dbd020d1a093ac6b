"""Setting up a campaign: what its four steps share. The address is the step; every answer is kept as it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request, url_for
from flask import session as cookie
from sqlalchemy.orm import Session

from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.launches import drafts, queries, setup
from tcma.launches.budgets import Money
from tcma.launches.models import CampaignStatus
from tcma.launches.setup import Draft, Missing, Step
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import brand_form, previews
from tcma.web.partner.previews import Beside
from tcma.web.unit import reading, viewer

BACK = "checks_of"  # in the cookie: the campaign whose checks sent this person to a step

bp = Blueprint("partner_setup", __name__, url_prefix="/p/<slug:partner>/campaigns")

ONE_FIELD = "X-Saved-Field"

TITLES = {
    Step.BRAND: mark("Brand"),
    Step.AUDIENCE: mark("Audience"),
    Step.BUDGET: mark("Budget"),
    Step.LAUNCH: mark("Launch"),
}
LACKS = {
    Missing.POSTAL_ADDRESS: mark("Your postal address is missing. Every mail has to show it."),
    Missing.CONTACT: mark("Say who answers: a name and an e-mail address."),
    Missing.WEBINAR: mark("Set the webinar: day and time, the room, and who hosts."),
    Missing.TERMS: mark("Read and accept the processing terms."),
    Missing.PEOPLE: mark("Choose the people it goes to."),
    Missing.REACHABLE: mark("Nobody on this list may be written to."),
    Missing.CERTIFICATE: mark("The certificate cannot be used any more."),
    Missing.REQUEST: mark("The request for money was not approved."),
    Missing.EARLIER_STEPS: mark("An earlier step is not complete."),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A step in the row of steps: what came of it, or what it lacks."""

    step: Step
    number: int
    title: str
    result: str
    missing: tuple[str, ...]
    address: str
    is_here: bool
    is_done: bool

    @property
    def state(self) -> str:
        """As the component `stepper` knows it."""
        if self.is_here:
            return "current"
        return (
            "done" if self.is_done else "stuck" if self.missing and self.step is not Step.LAUNCH else "open"
        )


@bp.post("/setup")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def start() -> Response:
    """ "Launch this kit": a draft of the version in the field `version`, at the step that needs the person. Where
    one is open already it goes on with that, unless the field `another` is sent."""
    try:
        version = UUID(request.form.get("version", ""))
    except ValueError as error:
        raise Invalid(_("Choose a kit to launch.")) from error
    installed = installation()
    with reading() as session:
        campaign = None if request.form.get("another") else drafts.open_draft(session, viewer(), version)
    if campaign is not None:
        pages.toast(_("This is your draft of this kit. The kit's page also starts another one."))
    else:
        campaign = drafts.start(installed.web, viewer(), installed.storage, version)
    return pages.see_other(url_for(".index", campaign=campaign.public_id))


@bp.get("/<uuid:campaign>/setup")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def index(campaign: UUID) -> Response:
    """Leads to the step where there is something to do."""
    draft = open_draft(campaign)
    return pages.see_other(address(draft, setup.begins_at(draft.facts)))


def open_draft(campaign: UUID) -> Draft:
    """The draft of this address, read on its own; Conflict once it was launched."""
    with reading_draft(campaign) as (_session, draft):
        return draft


@contextmanager
def reading_draft(campaign: UUID) -> Iterator[tuple[Session, Draft]]:
    """The draft of this address with the session that read it: a step's page reads all it shows in one, and so
    nothing twice."""
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        is_page = request.method in ("GET", "HEAD") and "HX-Request" not in request.headers
        if is_page and found.launched_at is not None and found.status is not CampaignStatus.DRAFT:
            pages.toast(_("This campaign was launched. Its page shows what happens now."))
            abort(pages.see_other(url_for("partner_campaigns.show", campaign=campaign)))
        yield session, setup.find_draft(session, viewer(), installation().storage, campaign)


def address(draft: Draft, step: Step) -> str:
    return f"{url_for('partner_setup.index', campaign=draft.campaign.public_id)}/{step}"


def shown(template: str, draft: Draft, beside: Beside, step: Step, **values: Any) -> Response:
    """A step's page, inside partner/setup/layout.html. To a field that kept itself the answer is the page without
    its preview, which is drawn anew on its own."""
    return pages.page(template, **_shared(draft, beside, step), **values)


def refused(
    template: str, draft: Draft, beside: Beside, step: Step, error: Invalid, **values: Any
) -> Response:
    """The step again with what is wrong; `values` hold what was typed."""
    return pages.problem(template, error, **_shared(draft, beside, step), **values)


def is_one_field() -> bool:
    """Whether the script sent a single field, as it was entered."""
    return ONE_FIELD in request.headers


def onward(draft: Draft, step: Step) -> Response:
    """After "Continue": the next step, or the checks where they sent somebody here to mend something."""
    back = cookie.pop(BACK, None) == str(draft.campaign.public_id)
    return pages.see_other(address(draft, Step.LAUNCH if back else setup.following(step)))


def _shared(draft: Draft, beside: Beside, step: Step) -> dict[str, Any]:
    tabs = tabs_of(draft, step)
    public_id = str(draft.campaign.public_id)
    if request.args.get("back") == Step.LAUNCH:
        cookie[BACK] = public_id
    elif step is Step.LAUNCH:
        cookie.pop(BACK, None)
    return {
        "checks_address": address(draft, Step.LAUNCH) if cookie.get(BACK) == public_id else "",
        "draft": draft,
        "step": step,
        "steps": [(tab.title, tab.address, tab.state, tab.result) for tab in tabs],
        "tab": next(tab for tab in tabs if tab.is_here),
        "saved_at": _saved_at(draft),
        "preview": None if is_one_field() else previews.panel(draft, beside),
        "next_address": address(draft, setup.following(step)),
    }


def tabs_of(draft: Draft, here: Step) -> list[Tab]:
    lacks = setup.missing(draft.facts)
    results = {
        Step.BRAND: _brand(draft),
        Step.AUDIENCE: _audience(draft),
        Step.BUDGET: _budget(draft),
        Step.LAUNCH: _("Check and go"),
    }
    return [
        Tab(
            step=step,
            number=number,
            title=_(TITLES[step]),
            result=_("Not complete") if lacks[step] and step is not Step.LAUNCH else results[step],
            missing=tuple(_(LACKS[lack]) for lack in lacks[step]),
            address=address(draft, step),
            is_here=step is here,
            is_done=not lacks[step] and step is not Step.LAUNCH,
        )
        for number, step in enumerate(Step, start=1)
    ]


def _brand(draft: Draft) -> str:
    if draft.profile is None:
        return draft.partner.name
    return f"{draft.partner.name}, {brand_form.name_of(draft.profile.colour)}"


def _audience(draft: Draft) -> str:
    if draft.facts.is_link_only:
        return _("By link only")
    count = draft.facts.people_count
    return ngettext("%(num)s person", "%(num)s people", count)


def _budget(draft: Draft) -> str:
    budget = draft.budget
    if not budget.split.budget:
        return _("No budget")
    amount = formats.money(budget.split.budget, budget.currency)
    if budget.source.money is Money.REQUEST:
        return _("%(amount)s, waits for %(vendor)s", amount=amount, vendor=draft.vendor.name)
    if budget.source.money is Money.CERTIFICATE and budget.direct:
        part = formats.percent(budget.direct, budget.split.budget)
        return _("%(amount)s, %(part)s paid", amount=amount, part=part)
    return amount


def _saved_at(draft: Draft) -> datetime:
    """When the last answer was kept."""
    moments = [draft.campaign.changed_at or draft.campaign.created_at]
    if draft.profile is not None:
        moments.append(draft.profile.updated_at)
    return max(moments)

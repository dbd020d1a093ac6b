"""Step 3 of a launch: the cost list, who pays what of it, and asking the vendor for its part."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from tcma import clock, money
from tcma.errors import DomainError, Invalid
from tcma.funds import answer_time
from tcma.funds.models import RequestStatus
from tcma.language import gettext as _
from tcma.launches import asking, budgets, drafts, queries
from tcma.launches.budgets import Budget, Cost, Money
from tcma.launches.setup import Draft, Step
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import funding_words, previews, setup, start_form
from tcma.web.unit import viewer, writing

bp = Blueprint(
    "partner_setup_budget", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/setup/budget"
)

TEMPLATE = "partner/setup/budget.html"
SPARE_ROWS = 2  # empty lines below the list


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def edit(campaign: UUID) -> Response:
    return _page(campaign)


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def update(campaign: UUID) -> Response:
    """Keep the list; the button pressed says what comes next: asking, the next step, or (sent by the script)
    the page again with its sums."""
    draft = setup.open_draft(campaign)
    rows = _typed()
    try:
        _save(draft, rows)
        if "ask" in request.form:
            _ask(draft)
    except DomainError as error:
        return _page(campaign, rows, error if isinstance(error, Invalid) else Invalid(error.sentence))
    if "HX-Request" in request.headers:
        return _page(campaign, rows)
    return setup.onward(draft, Step.BUDGET)


@bp.post("/withdraw")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def withdraw(campaign: UUID) -> Response:
    draft = setup.open_draft(campaign)
    with writing() as session:
        asking.withdraw_request(session, viewer(), campaign)
    pages.toast(_("Withdrawn. You can ask again, or launch without."))
    return pages.see_other(setup.address(draft, Step.BUDGET))


def _save(draft: Draft, rows: list[tuple[str, str]]) -> None:
    public_id, problems = draft.campaign.public_id, {}
    with writing() as session:
        budget = _budget(session, draft)
        costs = []
        for number, (name, amount) in enumerate(rows):
            try:
                costs.append(Cost(name, money.parse(amount or "0", budget.currency)))
            except Invalid as error:
                problems[f"amount-{number}"] = error.sentence
        if problems:
            raise Invalid(_("Some amounts cannot be read."), problems)
        untouched = [(_name(cost.name), cost.amount) for cost in budget.costs]
        is_changed = [(cost.name, cost.amount) for cost in costs] != untouched
        # What the kit proposes is nobody's plan before somebody stands behind it.
        if is_changed or (not budget.is_saved and budget.source.money is not Money.OFFER):
            budgets.set_costs(session, viewer(), public_id, costs, budget.currency)
        if chosen := request.form.get("certificate"):
            drafts.set_funding(session, viewer(), public_id, certificate_id=start_form.uuid_of(chosen))
        start_form.save(session, draft)


def _ask(draft: Draft) -> None:
    installed = installation()
    request_ = asking.ask_for_funding(
        installed.web,
        viewer(),
        installed.storage,
        draft.campaign.public_id,
        request.form.get("why", "")[:2_000],
    )
    amount = formats.money(request_.amount, request_.currency)
    if request_.status is RequestStatus.APPROVED:
        pages.toast(
            _(
                "%(vendor)s pays %(amount)s. The certificate is yours.",
                vendor=draft.vendor.name,
                amount=amount,
            )
        )
    else:
        pages.toast(_("Asked %(vendor)s for %(amount)s.", vendor=draft.vendor.name, amount=amount))


def _typed() -> list[tuple[str, str]]:
    """The lines as they were typed; empty ones are not there."""
    found = []
    for number in range(budgets.MOST_COSTS + SPARE_ROWS):
        name = request.form.get(f"name-{number}", "").strip()[:200]
        amount = request.form.get(f"amount-{number}", "").strip()[:40]
        if name or amount:
            found.append((name, amount))
    return found


def _budget(session: Session, draft: Draft) -> Budget:
    campaign = queries.find_campaign(session, viewer(), draft.campaign.public_id)
    return budgets.budget_of(session, viewer(), campaign, draft.kit)


def _page(
    campaign: UUID, rows: list[tuple[str, str]] | None = None, error: Invalid | None = None
) -> Response:
    """The step: as kept, or with the lines that were typed; about 25 statements."""
    with setup.reading_draft(campaign) as (session, draft):
        values, beside = _values(session, draft, rows), previews.see(session, draft)
    if error is not None:
        values["start"] = start_form.as_typed(values["start"])
        return setup.refused(TEMPLATE, draft, beside, Step.BUDGET, error, **values)
    return setup.shown(TEMPLATE, draft, beside, Step.BUDGET, **values)


def _values(session: Session, draft: Draft, rows: list[tuple[str, str]] | None) -> dict[str, Any]:
    budget = draft.budget
    now = clock.now(session)
    takes = None
    if budget.source.money in (Money.OFFER, Money.REQUEST):
        takes = answer_time.median_answer_time(session, draft.campaign.vendor_id)
    start = start_form.proposal(session, draft)
    is_open = budget.source.money in (Money.OFFER, Money.NONE)
    declined = budgets.declined_lately(session, draft.campaign) if is_open else None
    if rows is None:
        rows = [(_name(cost.name), money.typed(cost.amount, budget.currency)) for cost in budget.costs]
    spare = max(0, min(SPARE_ROWS, budgets.MOST_COSTS - len(rows)))
    return {
        "budget": budget,
        "rows": [*rows, *[("", "")] * spare],
        "kept": len(rows),
        "share": funding_words.share(budget.source.share_bp),
        "answers_in": takes,
        "declined": declined,
        "start": start,
        "now": now,
    }


def _name(name: str) -> str:
    return _("Adverts, event or own work") if name == budgets.UNNAMED else name

"""A partner's settings: what the firm says about itself, its vendors, and who runs all this."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from tcma.audiences import terms
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.organisations import facts, queries
from tcma.organisations.facts import Facts
from tcma.partners import queries as partnerships
from tcma.partners import service as partners
from tcma.viewer import OrganisationKind, Role
from tcma.web import choices, frame, pages, unit
from tcma.web.guards import Access, guard
from tcma.web.pages import page, see_other, toast

PARTNER = OrganisationKind.PARTNER
bp = Blueprint("partner_settings", __name__, url_prefix="/p/<slug:partner>/settings")


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def show() -> Response:
    """Three statements and one for each vendor's name that is not loaded yet."""
    return page("partner/settings/show.html", **_values(facts.facts_of(unit.organisation())))


@bp.post("")
@guard(Access.MEMBER, kind=PARTNER, roles=(Role.OWNER,))
def update() -> Response:
    sent = request.form
    typed = Facts(
        **{
            name: sent.get(name, "")
            for name in (
                "name legal_name street postal_code city country locale timezone imprint opens closes"
                " holiday_region closed_on"
            ).split()
        },
        working_days=tuple(sent.getlist("working_days")),
    )
    try:
        with unit.writing() as session:
            facts.change_facts(session, unit.viewer(), typed)
    except Invalid as error:
        return pages.problem("partner/settings/show.html", error, **_values(typed))
    toast(_("Saved."))
    return see_other(_here())


@bp.post("/vendors/<uuid:public_id>/accept")
@guard(Access.MEMBER, kind=PARTNER, roles=(Role.OWNER,))
def accept(public_id: UUID) -> Response:
    """Work with a vendor that invited the firm."""
    with unit.writing() as session:
        partners.accept(session, unit.viewer(), public_id)
    toast(_("You work together now. The vendor's kits are open to you."))
    return see_other(_here())


def _values(typed: Facts) -> dict[str, Any]:
    viewer = unit.viewer()
    with unit.reading() as session:
        vendors = [
            (partnership, queries.find_organisation_by_id(session, partnership.vendor_id))
            for partnership in partnerships.partnerships_for(session, viewer)
        ]
        accepted = terms.accepted(session, viewer.organisation_id)
        signer = queries.find_user_by_id(session, accepted.accepted_by_id) if accepted else None
    return {
        "facts": typed,
        "is_owner": Role.OWNER in viewer.roles,
        "vendors": vendors,
        "accepted": accepted,
        "signer": signer,
        "operator": frame.installation().settings.operator_name,
        "countries": choices.countries(),
        "languages": choices.languages(),
        "zones": choices.timezones(),
        "regions": [("", "–"), *((sign, sign) for sign in facts.regions(typed.country))],
        "weekdays": choices.weekdays(),
    }


def _here() -> str:
    return f"/p/{unit.organisation().slug}/settings"

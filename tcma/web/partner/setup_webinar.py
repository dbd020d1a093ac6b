"""The webinar of a draft: day, time, zone, room, seats and host. Part of step 1 of a launch."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from tcma.errors import Invalid
from tcma.launches import brands, webinars
from tcma.launches.setup import Step
from tcma.viewer import OrganisationKind, Role
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import previews, setup, webinar_form
from tcma.web.unit import viewer

bp = Blueprint(
    "partner_setup_webinar", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/setup/webinar"
)

TEMPLATE = "partner/setup/webinar.html"


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def edit(campaign: UUID) -> Response:
    return _page(campaign)


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def update(campaign: UUID) -> Response:
    """Keep all of it, or nothing where a field is wrong. What is still empty the launch asks for."""
    installed = installation()
    try:
        webinars.set_webinar(installed.web, viewer(), installed.storage, campaign, webinar_form.wish())
    except Invalid as error:
        return _page(campaign, webinar_form.named(error))
    return setup.onward(setup.open_draft(campaign), Step.BRAND)


def _page(campaign: UUID, error: Invalid | None = None) -> Response:
    with setup.reading_draft(campaign) as (session, draft):
        row = webinars.find_session(session, draft.campaign)
        is_set = draft.profile is not None
        mail_from = installation().settings.mail_from
        made = brands.current(session, draft.campaign, mail_from) if is_set else None
        beside = previews.see(session, draft, made)
        webinar = draft.kit.webinar(draft.campaign.locales[0])
    values = {
        "fields": webinar_form.of(row, webinar_form.typed() if error else None),
        "zones": webinar_form.zone_options(row.timezone),
        "webinar": webinar,
        "action": url_for(".update", campaign=campaign),
    }
    if error is not None:
        return setup.refused(TEMPLATE, draft, beside, Step.BRAND, error, **values)
    return setup.shown(TEMPLATE, draft, beside, Step.BRAND, **values)

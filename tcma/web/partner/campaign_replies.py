"""What people wrote back to the mails of a campaign, and one press that makes a reply a lead."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from campaigns.replies import Kind
from tcma import addresses
from tcma.kits import content
from tcma.language import gettext as _
from tcma.launches import queries as campaigns
from tcma.leads.service import WORKERS
from tcma.replies import intake, queries, service
from tcma.replies.queries import Told
from tcma.viewer import OrganisationKind
from tcma.web import lists, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.unit import organisation, reading, viewer, writing

bp = Blueprint(
    "partner_campaign_replies", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/replies"
)


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def index(campaign: UUID) -> Response:
    """Newest first; what machines answered is among them and says so."""
    listing = lists.listing(("newest",), ())
    after = int(listing.after) if listing.after.isdigit() else 0
    with reading() as session:
        found = campaigns.find_campaign(session, viewer(), campaign)
        told = queries.replies_of(session, viewer(), found, after=after, limit=lists.PAGE_SIZE + 1)
        count = queries.count_of(session, viewer(), found)
    part = lists.cut(told, lambda one: str(one[0].id))
    return pages.page(
        "partner/campaigns/replies.html",
        campaign=found,
        listing=listing,
        part=part,
        count=count,
        name=name_of,
        is_person=lambda one: one[0].kind is Kind.PERSON,
        lead=lambda one: addresses.lead(organisation().slug, one[2].public_id) if one[2] else "",
    )


@bp.post("/<uuid:reply>/lead")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=WORKERS)
def make_lead(campaign: UUID, reply: UUID) -> Response:
    who, at = viewer(), installation()
    who.require(OrganisationKind.PARTNER, *WORKERS)
    with reading() as session:
        found = campaigns.find_campaign(session, who, campaign)
        kit = content.load_kit(session, at.storage, found.kit_version_id)
    with writing() as session:
        found = campaigns.find_campaign(session, who, campaign)
        told = queries.find(session, who, found, reply)
        lead = service.make_lead(session, told, kit, hash_key=at.settings.hash_key)
        address = addresses.lead(organisation().slug, lead.public_id)
    pages.toast(_("It is a lead now."))
    return pages.see_other(address)


@bp.get("/<uuid:reply>/mail.eml")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def mail(campaign: UUID, reply: UUID) -> Response:
    """The whole mail with what was attached: always a download, in a box of its own."""
    with reading() as session:
        found = campaigns.find_campaign(session, viewer(), campaign)
        told = queries.find(session, viewer(), found, reply)
    raw = intake.fetch(installation().storage, told.kept_as)
    answer = Response(raw, content_type="message/rfc822")
    answer.headers.set("Content-Disposition", "attachment", filename="mail.eml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def name_of(told: Told) -> str:
    """Who wrote: as they call themselves, as the list knows them, or the address."""
    reply, person, _lead = told
    known = f"{person.first_name} {person.last_name}".strip() if person else ""
    return reply.name or known or reply.address


def link_to(campaign: UUID) -> str:
    return url_for("partner_campaign_replies.index", campaign=campaign)

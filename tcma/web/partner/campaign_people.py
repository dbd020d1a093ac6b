"""Who got what of a campaign, as a table and as a file."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, url_for

from tcma.language import gettext as _
from tcma.launches import queries, recipients
from tcma.launches.models import CampaignTouch
from tcma.launches.recipients import Asked, Did, Recipient, Where
from tcma.launches.schedule import EMAIL
from tcma.leads import by_campaign
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, lists, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import campaign_words as words
from tcma.web.unit import reading, viewer

bp = Blueprint(
    "partner_campaign_people", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/people"
)

SORTS = ("listed",)
FILTERS = ("message", "part", "did", "q")
_PARTS, _DEEDS = frozenset(Where), frozenset(Did)


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def index(campaign: UUID) -> Response:
    listing = lists.listing(SORTS, FILTERS)
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        mails = [touch for touch in found.touches if touch.kind == EMAIL]
        people = recipients.recipients_for(session, viewer(), found, _asked(listing))
        count = recipients.count_of(session, viewer(), found, _asked(listing)) if listing.choices else 0
        leads = by_campaign.leads_of_people(
            session, viewer(), found, [person.contact.id for person in people]
        )
    part = lists.cut(people, lambda person: str(person.contact.id))
    total = count if listing.choices else max((touch.people_count for touch in mails), default=0)
    return pages.page(
        "partner/campaigns/people.html",
        campaign=found,
        mails=mails,
        listing=listing,
        part=part,
        leads=leads,
        chips=_chips(listing, {touch.key: touch.name for touch in mails}),
        words=words,
        name=name_of,
        total=total,
        csv=_csv_address(campaign, listing),
        options=_options(mails),
    )


@bp.get("/people.csv")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def csv(campaign: UUID) -> Response:
    """Everybody the filters leave, written while it is read."""
    listing = lists.listing(SORTS, FILTERS)
    who, web = viewer(), installation().web
    with reading() as session:
        found = queries.find_campaign(session, who, campaign)
        mails = [(touch.key, touch.name) for touch in found.touches if touch.kind == EMAIL]
    header = [
        _("E-mail"),
        _("First name"),
        _("Last name"),
        _("Company"),
        *(name for _key, name in mails),
        _("Clicked"),
        _("Answered"),
    ]
    asked = _asked(listing)
    said = {True: _("yes"), False: _("no")}
    rows = (
        (
            person.contact.address_typed,
            person.contact.first_name,
            person.contact.last_name,
            person.contact.company,
            *(words.delivery(person.mails.get(key)) for key, _name in mails),
            formats.moment(person.clicked_at) if person.clicked_at else "",
            said[person.answered],
        )
        for person in recipients.all_recipients(web, who, found, asked)
    )
    return lists.csv_answer(f"{found.slug}-people", header, rows)


def name_of(person: Recipient) -> str:
    """A name, else the address, else that the person was deleted."""
    contact = person.contact
    if contact.deleted_at is not None:
        return _("Deleted")
    return f"{contact.first_name} {contact.last_name}".strip() or contact.address_typed


def _csv_address(campaign: UUID, listing: lists.Listing) -> str:
    query = urlencode(dict(listing.choices))
    return f"{url_for('.csv', campaign=campaign)}?{query}"


def _asked(listing: lists.Listing) -> Asked:
    part, did = listing.choices.get("part", ""), listing.choices.get("did", "")
    after = listing.after
    return Asked(
        touch_key=listing.choices.get("message", "")[:60],
        part=Where(part) if part in _PARTS else None,
        did=Did(did) if did in _DEEDS else None,
        words=listing.choices.get("q", ""),
        after=int(after) if after.isdecimal() and len(after) < 18 else 0,
        limit=lists.PAGE_SIZE + 1,
    )


def _chips(listing: lists.Listing, names: dict[str, str]) -> list[tuple[str, str]]:
    shown = []
    for filter_, value in listing.choices.items():
        if filter_ == "message" and value in names:
            shown.append((names[value], listing.address(message=None)))
        elif filter_ == "part" and value in _PARTS:
            shown.append((_(words.PARTS[Where(value)]), listing.address(part=None)))
        elif filter_ == "did" and value in _DEEDS:
            shown.append((_(words.DID[Did(value)]), listing.address(did=None)))
        elif filter_ == "q":
            shown.append((value, listing.address(q=None)))
    return shown


def _options(mails: list[CampaignTouch]) -> dict[str, list[tuple[str, str]]]:
    return {
        "message": [("", _("Any message")), *((touch.key, touch.name) for touch in mails)],
        "part": [("", _("Any state")), *((part.value, _(label)) for part, label in words.PARTS.items())],
        "did": [("", _("Clicked or not")), *((did.value, _(label)) for did, label in words.DID.items())],
    }

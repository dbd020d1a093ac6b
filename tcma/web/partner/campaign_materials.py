"""What the partner's people do for a campaign by hand: posts to copy, scripts and guides to read, the briefing."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from campaigns.kit import Touch, TouchKind
from tcma import addresses
from tcma.errors import NotFound, phrase
from tcma.language import gettext as _
from tcma.launches import briefings, by_hand, queries, ways_in
from tcma.launches.by_hand import Seen
from tcma.launches.ways_in import SOCIAL, WayIn
from tcma.viewer import OrganisationKind
from tcma.web import pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import kit_words, material_pictures, material_words
from tcma.web.unit import organisation, reading, viewer, writing

PARTNER = OrganisationKind.PARTNER
bp = Blueprint(
    "partner_campaign_materials", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>"
)


@bp.get("/social")
@guard(Access.MEMBER, kind=PARTNER)
def social(campaign: UUID) -> Response:
    """Texts and pictures ready to post, and what came of them. At most nine statements."""
    seen, visits = _seen(campaign), {}
    with reading() as session:
        visits = ways_in.visits(session, seen.campaign)
    found = []
    for touch, material in by_hand.social_touches(seen):
        posts = by_hand.posts(seen, touch, material)
        networks = list(dict.fromkeys(post.network for post in posts))
        found.append(
            {
                "touch": touch,
                "networks": [(one, [post for post in posts if post.network is one]) for one in networks],
                "pictures": material_pictures.of_posts(installation().storage, seen, material),
            }
        )
    if not found:
        raise NotFound(phrase("This kit has no posts."))
    return pages.page(
        "partner/materials/social.html",
        seen=seen,
        campaign=seen.campaign,
        sets=found,
        visits={way: visits[way] for way in WayIn if way in visits and way in SOCIAL},
        words=material_words,
        kit_words=kit_words,
    )


@bp.get("/material/<part>")
@guard(Access.MEMBER, kind=PARTNER)
def material(campaign: UUID, part: str) -> Response:
    """One ad, block, event or trial."""
    seen = _seen(campaign)
    touch = by_hand.find(seen, part)
    if touch.kind is TouchKind.SOCIAL:
        return pages.see_other(url_for(".social", campaign=campaign))
    return _material(seen, touch)


@bp.get("/for-sales/<script>")
@guard(Access.MEMBER, kind=PARTNER, roles=briefings.READERS)
def for_sales(campaign: UUID, script: str) -> Response:
    """One call script or guide, made to be read on a phone and to be printed."""
    seen = _seen(campaign)
    return _material(seen, by_hand.find(seen, script, for_sales=True))


@bp.get("/briefing")
@guard(Access.MEMBER, kind=PARTNER, roles=briefings.READERS)
def briefing(campaign: UUID) -> Response:
    """Five minutes of reading, and who has read it. At most nine statements."""
    seen = _seen(campaign)
    with reading() as session:
        readers = briefings.readers_of(session, viewer(), seen.campaign)
    if not seen.kit.briefing:
        raise NotFound(phrase("This kit has no briefing."))
    return pages.page(
        "partner/materials/briefing.html",
        seen=seen,
        campaign=seen.campaign,
        briefing=seen.kit.briefing.get(seen.locale) or seen.kit.briefing[seen.kit.default_language],
        readers=readers,
        own=next((one.at for one in readers if one.user_id == viewer().user_id), None),
        words=material_words,
    )


@bp.post("/briefing/read")
@guard(Access.MEMBER, kind=PARTNER, roles=briefings.READERS)
def confirm_reading(campaign: UUID) -> Response:
    seen = _seen(campaign)
    if not seen.kit.briefing:
        raise NotFound(phrase("This kit has no briefing."))
    with writing() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        is_new = briefings.confirm_reading(session, viewer(), found)
    pages.toast(_("Noted. Your team sees that you have read it.") if is_new else _("That was noted before."))
    return pages.see_other(addresses.campaign(organisation().slug, campaign))


def _material(seen: Seen, touch: Touch) -> Response:
    return pages.page(
        "partner/materials/material.html",
        seen=seen,
        campaign=seen.campaign,
        touch=touch,
        material=seen.material(touch),
        link=lambda target, way: by_hand.link(seen, target, way),
        ways=WayIn,
        ads=ways_in.ADS,
        picture=lambda path: material_pictures.of_kit(installation().storage, seen.kit, path),
        words=material_words,
        kit_words=kit_words,
    )


def _seen(campaign: UUID) -> Seen:
    installed = installation()
    with reading() as session:
        return by_hand.see(session, viewer(), installed.storage, installed.settings.base_url, campaign)

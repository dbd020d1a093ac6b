"""Kits: looking through what is open to the partner, and into one of them, in the partner's own brand."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from campaigns.regions import RegionKind
from tcma import addresses
from tcma.errors import NotFound, phrase
from tcma.funds import cards as funding
from tcma.funds.offers import all_offers
from tcma.kits import catalogue
from tcma.kits.catalogue import BANDS, Offered, Wish
from tcma.kits.summaries import EDITABLE
from tcma.language import current
from tcma.launches import drafts, kit_previews
from tcma.leads.kit_results import Typical, typical_leads
from tcma.partners import brands
from tcma.partners.models import BrandProfile
from tcma.viewer import OrganisationKind, Role
from tcma.web import frame, lists, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import kit_parts, kit_words, material_pictures, material_words, previews
from tcma.web.partner.kit_words import Paid
from tcma.web.unit import organisation, reading, viewer

PARTNER = OrganisationKind.PARTNER
LAUNCHERS = (Role.OWNER, Role.MARKETER)
FRAME_AGE = 300  # seconds a browser keeps a frame; it holds nobody's data
bp = Blueprint("partner_kits", __name__, url_prefix="/p/<slug:partner>/kits")


@dataclass(frozen=True, slots=True)
class KitCard:
    """A kit in the list."""

    offered: Offered
    paid: Paid
    typical: Typical
    picture: str  # address of the frame; "" without a mail
    mark: str  # address of the vendor's square logo; "" without one


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def index() -> Response:
    """The catalogue. Ten statements, and four a vendor besides switching to it and back."""
    listing = lists.listing(("newest",), ("vendor", "topic", "language", "size"))
    with reading() as session:
        found = catalogue.offered_to(session, viewer())
        wanted = catalogue.matching(found, _wish(listing.choices))
        wanted = catalogue.in_own_language_first(wanted, organisation().locale)
        offers = {one.vendor.id: one.offers for one in all_offers(session, viewer())}
        cards = funding.cards_for(session, viewer())
        results = typical_leads(session, viewer(), {one.kit.id: one.vendor.id for one in wanted})
        marks = brands.marks_of(session, [one.vendor.id for one in wanted])
        has_brand = brands.profile_of(session, viewer().organisation_id) is not None
        contacts = [] if found else _contacts(session)
    choices = catalogue.choices_of(found)
    return pages.page(
        "partner/kits/index.html",
        listing=listing,
        kits=[
            KitCard(
                one,
                kit_words.paid(one, offers.get(one.vendor.id, ()), cards),
                results[one.kit.id],
                _picture(one),
                _mark(marks.get(one.vendor.id, "")),
            )
            for one in wanted
        ],
        choices=choices,
        topic_pairs=[(topic, topic) for topic in choices.topics],
        language_pairs=_languages(choices.locales),
        bands=[(str(place), kit_words.band(place)) for place in range(len(BANDS))],
        any_open=bool(found),
        contacts=contacts,
        may_launch=_may_launch(),
        has_brand=has_brand,
        words=kit_words,
        locale=current(),
    )


@bp.get("/<uuid:kit>")
@guard(Access.MEMBER, kind=PARTNER)
def show(kit: UUID) -> Response:
    """Everything of one kit before it is launched. At most 26 statements."""
    installed = installation()
    seen = kit_previews.look(
        installed.web, viewer(), installed.storage, installed.settings, kit, _wanted_language()
    )
    offered = seen.offered
    with reading() as session:
        offers = next(
            (one.offers for one in all_offers(session, viewer()) if one.vendor.id == offered.vendor.id), ()
        )
        cards = funding.cards_for(session, viewer())
        typical = typical_leads(session, viewer(), {offered.kit.id: offered.vendor.id})[offered.kit.id]
        draft = drafts.open_draft(session, viewer(), offered.version.public_id)
    parts = kit_parts.parts_of(seen)
    part = next((one for one in parts if one.key == request.args.get("show")), parts[0])
    mail, trouble = kit_parts.mail_of(seen, part)
    drawn = kit_parts.drawn_from(seen)
    return pages.page(
        "partner/kits/show.html",
        offered=offered,
        look=seen,
        parts=parts,
        part=part,
        mail=mail,
        trouble=trouble,
        device=_choice("device", previews.DEVICES),
        scheme=_choice("scheme", previews.SCHEMES),
        drawn=drawn,
        pictures=kit_parts.pictures_of(drawn, part),
        picture=lambda path: material_pictures.of_kit(installed.storage, seen.kit, path),
        material_words=material_words,
        frame_address=_frame(offered, part.key, _choice("scheme", previews.SCHEMES), seen.locale),
        language_pairs=_languages(offered.locales),
        editable=[region for region in seen.kit.regions if region.kind in EDITABLE],
        locked=[region for region in seen.kit.regions if region.kind is RegionKind.LOCKED],
        kept=kit_words.kept(seen.kit, seen.locale),
        briefing=kit_parts.briefing_of(seen),
        offers=offers,
        paid=kit_words.paid(offered, offers, cards),
        typical=typical,
        draft=draft,
        sees=kit_words.SEES[seen.kit.lead_visibility],
        may_launch=_may_launch(),
        words=kit_words,
        locale=current(),
    )


@bp.get("/<uuid:kit>/preview/<key>")
@guard(Access.MEMBER, kind=PARTNER)
def preview(kit: UUID, key: str) -> Response:
    """One mail or the page in a frame that lets nothing run, load or lead away."""
    installed = installation()
    seen = kit_previews.look(
        installed.web, viewer(), installed.storage, installed.settings, kit, request.args.get("language", "")
    )
    part = next((one for one in kit_parts.parts_of(seen) if one.key == key), None)
    if part is None or part.material is not None:
        raise NotFound(phrase("There is no such part of this kit."))
    html = kit_parts.html_of(seen, part)
    scheme = _choice("scheme", previews.SCHEMES)
    answer = frame.html(previews.framed(html, scheme, installed.settings.base_url, {}))
    answer.headers["Content-Security-Policy"] = previews.POLICY
    answer.headers["Cache-Control"] = f"private, max-age={FRAME_AGE}"
    return answer


def _wish(choices: Any) -> Wish:
    size = choices.get("size", "")
    known = size in {str(place) for place in range(len(BANDS))}
    return Wish(
        vendor=choices.get("vendor", ""),
        topic=choices.get("topic", ""),
        locale=choices.get("language", ""),
        band=int(size) if known else None,
    )


def _picture(one: Offered) -> str:
    """The first mail in the partner's brand, in the reader's language where the kit is released in it."""
    if not one.summary.first_mail:
        return ""
    locale = current() if current() in one.locales else one.locales[0]
    return _frame(one, one.summary.first_mail, previews.SCHEMES[0], locale)


def _mark(name: str) -> str:
    sha256, _dot, extension = name.partition(".")
    return addresses.picture(sha256, extension) if name else ""


def _frame(one: Offered, key: str, scheme: str, locale: str) -> str:
    return url_for(".preview", kit=one.kit.public_id, key=key, scheme=scheme, language=locale)


def _languages(locales: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(locale, kit_words.language(locale)) for locale in locales]


def _wanted_language() -> str:
    """The language chosen, else the reader's own; a kit that is not there in it shows its first one."""
    return request.args.get("language", "") or current()


def _choice(name: str, among: tuple[str, ...]) -> str:
    wanted = request.args.get(name, "")
    return wanted if wanted in among else among[0]


def _contacts(session: Any) -> list[tuple[str, BrandProfile | None]]:
    """Whom to ask where nothing is open: each vendor's name and its contact."""
    return [
        (one.vendor.name, brands.profile_of(session, one.vendor.id)) for one in all_offers(session, viewer())
    ]


def _may_launch() -> bool:
    return bool(viewer().roles & set(LAUNCHERS))

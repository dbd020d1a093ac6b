"""The brand of a partner: logo, colours, contact, sender and legal lines, with a live sample of a mail and a page.
The same parts as step 1 of a launch; every field is kept as it is entered."""

from uuid import UUID

from flask import Blueprint, Response, url_for

from tcma.errors import DomainError, Invalid
from tcma.kits import catalogue
from tcma.language import gettext as _
from tcma.language import spoken
from tcma.launches import kit_previews
from tcma.launches.kit_previews import Look
from tcma.launches.previews import Shown
from tcma.organisations.queries import find_organisation_by_id
from tcma.partners import brands, senders
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import brand_form, previews, setup
from tcma.web.partner.previews import Panel, Part
from tcma.web.unit import reading, viewer

bp = Blueprint("partner_brand", __name__, url_prefix="/p/<slug:partner>/brand")

TEMPLATE = "partner/brand/index.html"


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def edit() -> Response:
    return _answer(None, {})


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=brand_form.UPLOAD)
def update() -> Response:
    """Keep what was sent, one field or all of them."""
    texts, lines = brand_form.sent()
    try:
        brand_form.save_logo()
        brand_form.save_picture()
        brand_form.save(texts, lines)
        if brand_form.wants_removal():
            brand_form.remove()
        if brand_form.wants_fetched_logo():
            brand_form.fetch_logo()
    except Invalid as error:
        return _answer(error, {**texts, **lines})
    if setup.is_one_field():
        return _answer(None, {})
    pages.toast(_("Your brand is saved."))
    return pages.see_other(url_for(".edit"))


@bp.get("/sample/<uuid:kit>/<key>")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def sample(kit: UUID, key: str) -> Response:
    """The frame: a mail or the page of a kit as it looks in the partner's brand today."""
    choice, installed = previews.chosen(), installation()
    seen = kit_previews.look(installed.web, viewer(), installed.storage, installed.settings, kit)
    mail = None
    if any(part.key == key and part.is_mail for part in previews.parts_of(seen.kit, seen.locale)):
        mail = kit_previews.mail(installed.storage, installed.settings, seen, key)
        html = mail.message.html
    else:
        kit_previews.publish_pictures(installed.storage, seen)
        html = previews.page_html(kit_previews.page(seen))
    return previews.frame_answer(html, choice.scheme, {}, mail)


def _answer(error: Invalid | None, typed: dict[str, str]) -> Response:
    with reading() as session:
        profile = brands.profile_of(session, viewer().organisation_id)
        firm = find_organisation_by_id(session, viewer().organisation_id)
        sender = senders.sender_of(session, viewer().organisation_id)
        offered = catalogue.offered_to(session, viewer())
    values = {
        "brand": brand_form.form_of(profile, firm, typed, sender),
        "firm": firm,
        "saved_at": profile.updated_at if profile else None,
        "preview": None if setup.is_one_field() or not offered else _panel(offered[0].kit.public_id),
    }
    return pages.problem(TEMPLATE, error, **values) if error else pages.page(TEMPLATE, **values)


def _panel(kit: UUID) -> Panel | None:
    """One mail and the page of a kit that is open to the partner; None while that cannot be shown."""
    installed, choice = installation(), previews.chosen()
    try:
        seen = kit_previews.look(installed.web, viewer(), installed.storage, installed.settings, kit)
    except DomainError:
        return None
    parts = _parts(seen)
    part = next((part for part in parts if part.key == choice.show), parts[0])
    mail: Shown | None = None
    trouble = ""
    try:
        if part.is_mail:
            mail = kit_previews.mail(installed.storage, installed.settings, seen, part.key)
    except DomainError as error:
        trouble = spoken(error.sentence)
    address = url_for(".sample", kit=kit, key=part.key, scheme=choice.scheme)
    return Panel(parts, part, choice, (seen.locale,), (), address, mail, trouble)


def _parts(seen: Look) -> tuple[Part, ...]:
    """The first mail and the page."""
    parts = previews.parts_of(seen.kit, seen.locale)
    mails, sites = [part for part in parts if part.is_mail], [part for part in parts if not part.is_mail]
    return (*mails[:1], *sites[:1])

"""Step 1 of a launch: the partner's brand, and what of the kit it makes its own. Every field is kept as it is
entered; a form that is sent as a whole does the same and goes on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from babel import Locale
from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from campaigns.kit import Kit
from campaigns.pictures import MAX_BYTES
from tcma import language
from tcma.errors import Invalid
from tcma.kits.content import load_kit
from tcma.language import gettext as _
from tcma.launches import brands, drafts, editable, queries
from tcma.launches.brands import Brands
from tcma.launches.models import Campaign
from tcma.launches.setup import Draft, Step
from tcma.partners import brands as profiles
from tcma.partners import senders
from tcma.partners.models import SenderDomain
from tcma.viewer import OrganisationKind, Role
from tcma.web import frame, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import brand_form, previews, setup
from tcma.web.unit import reading, viewer

bp = Blueprint(
    "partner_setup_brand", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/setup/brand"
)

TEMPLATE = "partner/setup/brand.html"
PREFIX = "region-"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the texts are compared with. `brands` is None before the partner has set its own."""

    campaign: Campaign
    kit: Kit
    brands: Brands | None


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def edit(campaign: UUID) -> Response:
    return _page(campaign)


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=brand_form.UPLOAD)
def update(campaign: UUID) -> Response:
    """Keep what was sent, one field or all of them. A value for a part that is locked or not there refuses
    everything."""
    seen = _read(campaign)
    locale = _locale(seen.campaign)
    texts, lines = brand_form.sent()
    regions = _regions(seen, locale)
    try:
        _save_regions(seen.campaign, locale, regions)
        brand_form.save_logo()
        brand_form.save_picture()
        brand_form.save(texts, lines)
        if brand_form.wants_removal():
            brand_form.remove()
        if brand_form.wants_fetched_logo():
            brand_form.fetch_logo()
    except Invalid as error:
        return _page(campaign, _named(error, regions), {**texts, **lines}, regions)
    if setup.is_one_field():
        return edit(campaign)
    draft = setup.open_draft(campaign)
    if "original" in request.form or brand_form.wants_fetched_logo() or brand_form.wants_removal():
        return pages.see_other(setup.address(draft, Step.BRAND))
    return setup.onward(draft, Step.BRAND)


def _read(campaign: UUID) -> Seen:
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        kit = load_kit(session, installation().storage, found.kit_version_id)
        is_set = profiles.profile_of(session, found.partner_id) is not None
        return _seen(session, found, kit, is_set=is_set)


def _seen(session: Session, campaign: Campaign, kit: Kit, *, is_set: bool) -> Seen:
    made = brands.current(session, campaign, installation().settings.mail_from) if is_set else None
    return Seen(campaign, kit, made)


def _save_regions(campaign: Campaign, locale: str, regions: dict[str, str]) -> None:
    """Texts first: where one is refused, no picture is kept either."""
    installed = installation()
    uploads = {
        field.removeprefix(PREFIX): upload
        for field, upload in request.files.items()
        if field.startswith(PREFIX) and upload.filename
    }
    if regions:
        drafts.set_regions(installed.web, viewer(), installed.storage, campaign.public_id, locale, regions)
    for region, upload in uploads.items():
        content = upload.stream.read(MAX_BYTES + 1)
        drafts.set_picture(
            installed.web, viewer(), installed.storage, campaign.public_id, locale, region, content
        )


def _regions(seen: Seen, locale: str) -> dict[str, str]:
    """The texts that were sent, by region; of a tick and the empty value before it the last counts."""
    typed = {
        field.removeprefix(PREFIX): request.form.getlist(field)[-1]
        for field in request.form
        if field.startswith(PREFIX)
    }
    if back := request.form.get("original", ""):
        typed[back] = ""
    if not typed:
        return {}
    return editable.without_originals(editable.groups(seen.kit, seen.campaign, seen.brands, locale), typed)


def _locale(campaign: Campaign) -> str:
    """The language whose texts are edited: the form's, else the one the preview shows."""
    wanted = request.form.get("locale") or previews.chosen().locale
    return wanted if wanted in campaign.locales else str(campaign.locales[0])


def _named(error: Invalid, regions: dict[str, str]) -> Invalid:
    """With the names that the form's fields have."""
    fields = {
        f"{PREFIX}{name}" if name in regions or f"{PREFIX}{name}" in request.files else name: sentence
        for name, sentence in error.fields.items()
    }
    return Invalid(error.sentence, fields)


def _page(
    campaign: UUID,
    error: Invalid | None = None,
    typed: dict[str, str] | None = None,
    regions: dict[str, str] | None = None,
) -> Response:
    """The step: as kept, or with what was typed; about 25 statements."""
    with setup.reading_draft(campaign) as (session, draft):
        seen = _seen(session, draft.campaign, draft.kit, is_set=draft.profile is not None)
        sender = senders.sender_of(session, draft.campaign.partner_id)
        beside = previews.see(session, draft, seen.brands, is_drawn=not setup.is_one_field())
    values = _values(draft, seen, sender, typed, regions)
    if error is not None:
        return setup.refused(TEMPLATE, draft, beside, Step.BRAND, error, **values)
    return setup.shown(TEMPLATE, draft, beside, Step.BRAND, **values)


def _values(
    draft: Draft,
    seen: Seen,
    sender: SenderDomain | None,
    typed: dict[str, str] | None,
    regions: dict[str, str] | None,
) -> dict[str, Any]:
    locale = _locale(draft.campaign)
    return {
        "brand": brand_form.form_of(draft.profile, draft.partner, typed or {}, sender),
        "groups": editable.groups(seen.kit, seen.campaign, seen.brands, locale),
        "typed": regions or {},
        "locale": locale,
        "languages": [(_language(one), f"?locale={one}", one == locale) for one in draft.campaign.locales],
        "kit_picture": frame.kit_picture(draft.kit),
        "set_by": _("Set by %(vendor)s", vendor=draft.vendor.name),
    }


def _language(locale: str) -> str:
    """A language by its name in the reader's language."""
    return Locale.parse(locale, sep="-").get_language_name(language.current()) or locale

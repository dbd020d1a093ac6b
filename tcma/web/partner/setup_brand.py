"""Step 1 of a launch: the partner's brand, and what of the kit it makes its own. Every field is kept as it is
entered; a form that is sent as a whole does the same and goes on."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from campaigns.pictures import MAX_BYTES
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.launches import brands, drafts, editable
from tcma.launches.editable import Group
from tcma.launches.setup import Draft, Step
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
ON = "continue"  # the button that goes on to the next step
ONE = "X-Saved-Field"  # sent by the script with a single field


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def edit(campaign: UUID) -> Response:
    draft = setup.open_draft(campaign)
    return setup.shown(TEMPLATE, draft, Step.BRAND, **_values(draft))


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=brand_form.UPLOAD)
def update(campaign: UUID) -> Response:
    """Keep what was sent, one field or all of them. A value for a part that is locked or not there refuses
    everything."""
    draft = setup.open_draft(campaign)
    locale = _locale(draft)
    texts, lines = brand_form.sent()
    regions = _regions(draft, locale)
    try:
        _save_regions(draft, locale, regions)
        brand_form.save_logo()
        brand_form.save(texts, lines)
    except Invalid as error:
        again = setup.open_draft(campaign)
        return setup.refused(
            TEMPLATE, again, Step.BRAND, _named(error, regions), **_values(again, {**texts, **lines}, regions)
        )
    if ONE in request.headers:
        return edit(campaign)
    if "original" in request.form:
        return pages.see_other(setup.address(draft, Step.BRAND))
    return setup.onward(draft, Step.BRAND)


def _save_regions(draft: Draft, locale: str, regions: dict[str, str]) -> None:
    """Texts first: where one is refused, no picture is kept either."""
    installed, public_id = installation(), draft.campaign.public_id
    uploads = {
        field.removeprefix(PREFIX): upload
        for field, upload in request.files.items()
        if field.startswith(PREFIX) and upload.filename
    }
    if regions:
        drafts.set_regions(installed.web, viewer(), installed.storage, public_id, locale, regions)
    for region, upload in uploads.items():
        content = upload.stream.read(MAX_BYTES + 1)
        drafts.set_picture(installed.web, viewer(), installed.storage, public_id, locale, region, content)


def _regions(draft: Draft, locale: str) -> dict[str, str]:
    """The texts that were sent, by region; of a tick and the empty value before it the last counts."""
    back = request.form.get("original", "")
    typed = {
        field.removeprefix(PREFIX): request.form.getlist(field)[-1]
        for field in request.form
        if field.startswith(PREFIX)
    }
    if back:
        typed[back] = ""
    return editable.without_originals(_groups(draft, locale), typed)


def _groups(draft: Draft, locale: str) -> tuple[Group, ...]:
    made = None
    if draft.profile is not None:
        with reading() as session:
            made = brands.current(session, draft.campaign, installation().settings.mail_from)
    return editable.groups(draft.kit, draft.campaign, made, locale)


def _locale(draft: Draft) -> str:
    """The language whose texts are edited: the form's, else the one the preview shows."""
    wanted = request.form.get("locale") or previews.chosen().locale
    return wanted if wanted in draft.campaign.locales else draft.campaign.locales[0]


def _named(error: Invalid, regions: dict[str, str]) -> Invalid:
    """With the names that the form's fields have."""
    fields = {
        f"{PREFIX}{name}" if name in regions or f"{PREFIX}{name}" in request.files else name: sentence
        for name, sentence in error.fields.items()
    }
    return Invalid(error.sentence, fields)


def _values(
    draft: Draft, typed: dict[str, str] | None = None, regions: dict[str, str] | None = None
) -> dict[str, Any]:
    locale = _locale(draft)
    return {
        "brand": brand_form.form_of(draft.profile, draft.partner, typed or {}),
        "groups": _groups(draft, locale),
        "typed": regions or {},
        "locale": locale,
        "kit_picture": frame.kit_picture(draft.kit),
        "set_by": _("Set by %(vendor)s", vendor=draft.vendor.name),
    }

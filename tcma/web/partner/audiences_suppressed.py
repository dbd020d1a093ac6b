"""Addresses that get no mail: how many, looking one up, stopping one, the list of another tool."""

from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from tcma import clock
from tcma.audiences import suppression, suppression_files
from tcma.audiences.suppression import SuppressionReceipt
from tcma.audiences.suppression_models import SuppressionImport
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.language import spoken
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.formats import number
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import audience_files as files
from tcma.web.partner import audience_words as words
from tcma.web.partner import audiences
from tcma.web.unit import reading, viewer, writing

bp = Blueprint("partner_suppressed", __name__, url_prefix="/p/<slug:partner>/audiences/suppressed")

TEMPLATE = "partner/audiences/suppressed.html"
DESK = (Role.MARKETER, Role.SALES)


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    return pages.page(TEMPLATE, **_values())


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=suppression_files.LARGEST)
def create() -> Response:
    """The people who left another tool."""
    sent = request.files.get(files.FILE)
    installed = installation()
    try:
        if sent is None or not sent.filename:
            sentence = _("Choose a file first.")
            raise Invalid(sentence, {files.FILE: sentence})
        received = suppression_files.receive(
            installed.web,
            viewer(),
            installed.storage,
            cast(BinaryIO, sent.stream),
            file_name=sent.filename,
            hash_key=installed.settings.hash_key,
        )
    except Invalid as error:
        return pages.problem(TEMPLATE, Invalid(error.sentence, {files.FILE: error.sentence}), **_values())
    if isinstance(received, SuppressionReceipt):
        pages.toast(_told(received))
    return pages.see_other(url_for(".show"))


@bp.post("/look-up")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=DESK)
def look_up() -> Response:
    """Whether an address gets no mail. A form, so that addresses stand in no log."""
    address = request.form.get("address", "").strip()[:400]
    try:
        with reading() as session:
            found = suppression.look_up(session, viewer(), address, hash_key=installation().settings.hash_key)
    except Invalid as error:
        return pages.problem(TEMPLATE, error, **_values(address=address))
    stops = [(_(words.REASONS[reason]), at) for reason, at in found]
    return pages.page(TEMPLATE, **_values(address=address, looked_up=True, stops=stops))


@bp.post("/stop")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=DESK)
def stop() -> Response:
    """Somebody asked for no more mail, who need not be on any list."""
    address = request.form.get("address", "").strip()[:400]
    try:
        with writing() as session:
            suppression.suppress_by_hand(
                session, viewer(), address, hash_key=installation().settings.hash_key
            )
    except Invalid as error:
        return pages.problem(TEMPLATE, error, **_values(address=address))
    pages.toast(_("%(address)s gets no more mail from you.", address=address))
    return pages.see_other(url_for(".show"))


@bp.post("/terms")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def accept() -> Response:
    files.accept_terms()
    return pages.see_other(url_for(".show"))


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> Response:
    sentence = _("This file is larger than 25 MB. Split it and upload the parts one after the other.")
    answer = pages.problem(TEMPLATE, Invalid(sentence, {files.FILE: sentence}), **_values())
    answer.status_code = 413
    return answer


def _values(
    address: str = "", looked_up: bool = False, stops: list[tuple[str, Any]] | None = None
) -> dict[str, Any]:
    with reading() as session:
        counts = suppression.counts_for(session, viewer())
        newest = suppression_files.newest(session, viewer())
        now = clock.now(session)
    return {
        "counts": [(_(words.REASONS[reason]), count) for reason, count in counts.items()],
        "newest": newest,
        "progress": words.progress(newest) if newest else "",
        "waits": words.waits(newest, now) if newest else 0,
        "trouble": spoken(newest.problem) if newest else "",
        "came_of_it": _told(_receipt(newest)) if newest else "",
        "address": address,
        "looked_up": looked_up,
        "stops": stops or [],
        "may_write": audiences.may_write(),
        "may_stop": audiences.may_write(Role.SALES),
        "needs_terms": files.needs_terms(),
        **audiences.terms_values(),
    }


def _receipt(read: SuppressionImport) -> SuppressionReceipt:
    return SuppressionReceipt(read.added_count, read.known_count, read.unusable_count)


def _told(receipt: SuppressionReceipt) -> str:
    return _(
        "%(added)s addresses get no more mail from you. %(known)s were known already,"
        " %(unusable)s rows hold no address.",
        added=number(receipt.added),
        known=number(receipt.known),
        unusable=number(receipt.unusable),
    )

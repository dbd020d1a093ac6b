"""Addresses that get no mail: how many, looking one up, stopping one, the list of another tool."""

from typing import Any, BinaryIO, cast

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from tcma.audiences import suppression
from tcma.audiences.suppression import SuppressionReceipt
from tcma.errors import Invalid
from tcma.language import gettext as _
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
LARGEST = 10 * 1024 * 1024  # bytes: some 300,000 addresses, read while the person waits
DESK = (Role.MARKETER, Role.SALES)


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    return pages.page(TEMPLATE, **_values())


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,), upload=LARGEST)
def create() -> Response:
    """The people who left another tool."""
    sent = request.files.get(files.FILE)
    installed = installation()
    try:
        if sent is None or not sent.filename:
            sentence = _("Choose a file first.")
            raise Invalid(sentence, {files.FILE: sentence})
        receipt = suppression.import_suppressions(
            installed.web, viewer(), cast(BinaryIO, sent.stream), hash_key=installed.settings.hash_key
        )
    except Invalid as error:
        return pages.problem(TEMPLATE, Invalid(error.sentence, {files.FILE: error.sentence}), **_values())
    pages.toast(_told(receipt))
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
    sentence = _("This file is larger than 10 MB. Split it and upload the parts one after the other.")
    answer = pages.problem(TEMPLATE, Invalid(sentence, {files.FILE: sentence}), **_values())
    answer.status_code = 413
    return answer


def _values(
    address: str = "", looked_up: bool = False, stops: list[tuple[str, Any]] | None = None
) -> dict[str, Any]:
    with reading() as session:
        counts = suppression.counts_for(session, viewer())
    return {
        "counts": [(_(words.REASONS[reason]), count) for reason, count in counts.items()],
        "address": address,
        "looked_up": looked_up,
        "stops": stops or [],
        "may_write": audiences.may_write(),
        "may_stop": audiences.may_write(Role.SALES),
        "needs_terms": files.needs_terms(),
        **audiences.terms_values(),
    }


def _told(receipt: SuppressionReceipt) -> str:
    return _(
        "%(added)s addresses get no more mail from you. %(known)s were known already,"
        " %(unusable)s rows hold no address.",
        added=number(receipt.added),
        known=number(receipt.known),
        unusable=number(receipt.unusable),
    )

"""Whether a certificate is valid: for whoever reads its code on paper. Amounts are for the two firms alone."""

from dataclasses import dataclass

from flask import Blueprint, Response, g, redirect, request, url_for

from tcma.funds import cards, codes, queries
from tcma.funds.cards import Card, CardState
from tcma.language import gettext as _
from tcma.language import mark
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Viewer
from tcma.web import pages, unit
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import funding_words

LONGEST_CODE = 24
bp = Blueprint("certificate_check", __name__, url_prefix="/g")

# the word, the tone of its badge, and what it means
SAID = {
    CardState.OFFERED: (mark("Offered"), "info", mark("It is offered and not accepted yet.")),
    CardState.USED_UP: (mark("Used up"), "neutral", mark("All of it is used.")),
    CardState.SUSPENDED: (mark("Suspended"), "warn", mark("It cannot be used at the moment.")),
    CardState.EXPIRED: (mark("Expired"), "bad", mark("Nothing new can be paid with it.")),
    CardState.WITHDRAWN: (mark("Withdrawn"), "bad", mark("Nothing new can be paid with it.")),
    CardState.DECLINED: (mark("Declined"), "bad", mark("It was never used.")),
}
VALID = (mark("Valid"), "ok", mark("It can be used."))


@dataclass(frozen=True, slots=True)
class Checked:
    card: Card
    partner: Organisation
    shows_amounts: bool


@bp.get("")
@guard(Access.ANYBODY)
def index() -> Response:
    """A field for a code."""
    code = codes.typed(request.args.get("code", "")[:LONGEST_CODE])
    if code:
        answer = redirect(url_for(".show", code=code), code=303)
        assert isinstance(answer, Response)
        return answer
    return pages.page("public/certificate.html", checked=None, code="", words=funding_words)


@bp.get("/<code>")
@guard(Access.ANYBODY)
def show(code: str) -> Response:
    """Six statements; a code nobody was given looks like one that is gone."""
    g.signed_in = unit.look_up(None)
    found = _checked(code) if len(code) <= LONGEST_CODE else None
    if found is None:
        return pages.shown(
            "public/certificate.html",
            404,
            checked=None,
            code=codes.typed(code)[:LONGEST_CODE],
            words=funding_words,
        )
    word, tone, meaning = SAID.get(found.card.state, VALID)
    return pages.page(
        "public/certificate.html",
        checked=found,
        code=found.card.certificate.code,
        word=_(word),
        tone=tone,
        meaning=_(meaning),
        words=funding_words,
    )


def _checked(code: str) -> Checked | None:
    web = installation().web
    with web.reading() as session:
        partner_id = codes.partner_of(session, code)
    if partner_id is None:
        return None
    with web.reading(partner_id) as session:
        partner = session.get_one(Organisation, partner_id)
        viewer = Viewer(partner_id, OrganisationKind.PARTNER, partner.name)
        certificate = queries.find_certificate_by_code(session, viewer, code)
        card = cards.find_card(session, viewer, certificate.public_id)
    return Checked(card, partner, _is_party(card))


def _is_party(card: Card) -> bool:
    reader = unit.somebody()
    parties = {card.certificate.vendor_id, card.certificate.partner_id}
    return reader is not None and any(place.organisation.id in parties for place in reader.places)

"""One certificate: its card, its terms, its lines, its campaigns; accepting or declining it; on paper."""

from uuid import UUID

from flask import Blueprint, Response, request, url_for

from tcma.errors import Conflict, phrase
from tcma.funds import cards, service, statements
from tcma.funds.cards import Card, CardState
from tcma.funds.statements import Wanted
from tcma.language import gettext as _
from tcma.launches import paid_from, states
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, pages, qr
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other, toast
from tcma.web.partner import campaign_words, funding, funding_words, questions
from tcma.web.partner.questions import Question
from tcma.web.unit import organisation, reading, viewer, writing

PARTNER = OrganisationKind.PARTNER
MARKETERS = (Role.MARKETER,)
PAPERS = ("a4", "letter")
LINES = 20  # of the statement; the whole stands on its own page
bp = Blueprint(
    "partner_funding_certificates", __name__, url_prefix="/p/<slug:partner>/funding/<uuid:certificate>"
)


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def show(certificate: UUID) -> Response:
    """At most nine statements."""
    with reading() as session:
        card = cards.find_card(session, viewer(), certificate)
        wanted = Wanted(certificate_id=card.certificate.id)
        lines = statements.lines_for(session, viewer(), wanted, limit=LINES)
        campaigns = paid_from.campaigns_of(session, viewer(), card.certificate.id)
    names = {
        paid.campaign.id: paid_from.Named(paid.campaign.public_id, paid.campaign.name) for paid in campaigns
    }
    return pages.page(
        "partner/funding/certificate.html",
        card=card,
        lines=lines,
        campaigns=campaigns,
        names=names,
        statement=url_for("partner_funding_ledger.index", certificate=card.certificate.code),
        use_address=funding.use_address(card),
        is_offered=card.state is CardState.OFFERED,
        no_thanks=_no_thanks(card),
        may_accept=funding.may_ask(),
        words=funding_words,
        state=lambda paid: campaign_words.state(states.shown(paid.campaign, ())),
        tone=lambda paid: campaign_words.tone(states.shown(paid.campaign, ())),
    )


@bp.post("/accept")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS)
def accept(certificate: UUID) -> Response:
    """The terms that were on the page, and no others."""
    with writing() as session:
        found = service.accept(
            session, viewer(), certificate, terms_version=request.form.get("terms_version", "")
        )
    toast(_("Certificate %(code)s is yours to use.", code=found.code))
    return see_other(url_for(".show", certificate=certificate))


@bp.get("/decline")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS)
def confirm(certificate: UUID) -> Response:
    """The question of the dialog."""
    with reading() as session:
        card = cards.find_card(session, viewer(), certificate)
    if card.state is not CardState.OFFERED:
        return see_other(url_for(".show", certificate=certificate))
    return questions.page(_no_thanks(card))


@bp.post("/decline")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS)
def decline(certificate: UUID) -> Response:
    with writing() as session:
        found = service.decline(session, viewer(), certificate)
    toast(_("Declined. The money of %(code)s went back to the vendor.", code=found.code))
    return see_other(url_for("partner_funding.index"))


@bp.get("/print")
@guard(Access.MEMBER, kind=PARTNER)
def paper(certificate: UUID) -> Response:
    """For A4 or US Letter, by the reader's choice or their country."""
    with reading() as session:
        card = cards.find_card(session, viewer(), certificate)
    if card.state is CardState.OFFERED:
        raise Conflict(phrase("Accept this certificate first; then it can be printed."))
    usual = "letter" if organisation().country in {"US", "CA", "MX"} else "a4"
    wanted = request.args.get("paper", usual)
    check = (
        f"{installation().settings.base_url}{url_for('certificate_check.show', code=card.certificate.code)}"
    )
    return pages.page(
        "partner/funding/print.html",
        card=card,
        paper=wanted if wanted in PAPERS else usual,
        check=check,
        code=qr.drawn(check, _("QR code that opens %(address)s", address=check)),
        words=funding_words,
    )


def _no_thanks(card: Card) -> Question:
    found = card.certificate
    return Question(
        _("Decline certificate %(code)s?", code=found.code),
        _(
            "The %(amount)s go back to %(vendor)s at once. This cannot be undone; %(vendor)s can offer it anew.",
            amount=formats.money(found.amount, found.currency),
            vendor=card.vendor.name,
        ),
        _("Yes, decline"),
        _("Keep it"),
        url_for(".decline", certificate=found.public_id),
        url_for(".show", certificate=found.public_id),
        "funding",
    )

"""Requests for money: asking without a kit, answering a question, taking it back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from tcma import clock, money
from tcma.errors import Conflict, Invalid
from tcma.funds import queries, request_files, requests
from tcma.funds.answer_time import median_answer_time
from tcma.funds.models import FundingRequest, RequestStatus
from tcma.funds.offers import all_offers
from tcma.funds.outlook import Outlook, Prospect, outlook
from tcma.language import gettext as _
from tcma.language import spoken
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, pages
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other, toast
from tcma.web.partner import funding, funding_words, papers, questions, request_form
from tcma.web.partner.questions import Question
from tcma.web.partner.request_form import Choice, Typed
from tcma.web.unit import reading, viewer, writing

PARTNER = OrganisationKind.PARTNER
MARKETERS = (Role.MARKETER,)
_WAITING = (RequestStatus.SUBMITTED, RequestStatus.INFO_REQUESTED)
bp = Blueprint("partner_funding_requests", __name__, url_prefix="/p/<slug:partner>/funding")


@bp.get("/ask")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS)
def new() -> Response:
    """The empty form, or the draft named in the address. Two statements and one a vendor."""
    draft = _uuid(request.args.get("draft", ""))
    with reading() as session:
        found = request_form.choices(all_offers(session, viewer()))
        kept = queries.find_request(session, viewer(), draft) if draft else None
        file = request_files.file_of(session, viewer(), kept) if kept else None
    if kept is not None and kept.status is not RequestStatus.DRAFT:
        return see_other(_address(kept))
    offer = next((one.offer for one in found if kept and one.vendor.id == kept.vendor_id), None)
    typed = Typed.of(kept, offer) if kept else Typed.read(request.args)
    return pages.page("partner/funding/ask.html", **_form(found, typed, draft, file=file))


@bp.post("/ask")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS, upload=papers.BODY)
def create() -> Response:
    """`do` says what was pressed: look ahead, keep as a draft, ask; `instead` asks for another amount than typed."""
    typed, draft = Typed.read(request.form), _uuid(request.form.get("draft", ""))
    do = request.form.get("do", "look")
    if instead := request.form.get("instead", "").strip():
        typed, do = replace(typed, amount=instead), "ask"
    with reading() as session:
        found = request_form.choices(all_offers(session, viewer()))
    try:
        wanted = request_form.wanted(found, typed)
        if do == "look":
            with reading() as session:
                seen = outlook(session, viewer(), wanted)
            return pages.page("partner/funding/ask.html", **_form(found, typed, draft, seen))
        paper = papers.kept()
        with writing() as session:
            deed = requests.keep_draft if do == "keep" else requests.ask
            made = deed(session, viewer(), wanted, draft)
            if paper is not None:
                request_files.attach(session, viewer(), made, paper)
    except (Invalid, Conflict) as error:
        shown = error if isinstance(error, Invalid) else Invalid(error.sentence)
        return pages.problem("partner/funding/ask.html", shown, **_form(found, typed, draft))
    return _done(made)


@bp.get("/requests/<uuid:asked>")
@guard(Access.MEMBER, kind=PARTNER)
def show(asked: UUID) -> Response:
    """At most nine statements."""
    return pages.page("partner/funding/request.html", **_shown(asked))


@bp.post("/requests/<uuid:asked>/answer")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS, upload=papers.BODY)
def answer(asked: UUID) -> Response:
    """To the vendor's question, with a paper if it helps."""
    typed = request.form.get("answer", "")
    try:
        paper = papers.kept()
        with writing() as session:
            found = requests.answer(session, viewer(), asked, typed)
            if paper is not None:
                request_files.attach(session, viewer(), found, paper)
    except Invalid as error:
        return pages.problem("partner/funding/request.html", error, **_shown(asked, answer=typed))
    toast(_("Sent. The request is with the vendor again."))
    return see_other(_address(found))


@bp.get("/requests/<uuid:asked>/withdraw")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS)
def confirm(asked: UUID) -> Response:
    """The question of the dialog."""
    with reading() as session:
        found = queries.find_request(session, viewer(), asked)
        vendor = session.get_one(Organisation, found.vendor_id)
    return questions.page(_withdrawal(found, vendor))


@bp.post("/requests/<uuid:asked>/withdraw")
@guard(Access.MEMBER, kind=PARTNER, roles=MARKETERS)
def withdraw(asked: UUID) -> Response:
    with writing() as session:
        requests.withdraw(session, viewer(), asked)
    toast(_("Withdrawn. You can ask again whenever you like."))
    return see_other(url_for("partner_funding.index"))


@bp.get("/requests/<uuid:asked>/file")
@guard(Access.MEMBER, kind=PARTNER)
def file(asked: UUID) -> Response:
    with reading() as session:
        found = request_files.find_file(session, viewer(), asked)
    return papers.download(found.partner_id, found.name, found.content_type, found.sha256)


def _done(made: FundingRequest) -> Response:
    match made.status:
        case RequestStatus.APPROVED:
            toast(_("Granted at once. The certificate is yours to use."))
        case RequestStatus.DRAFT:
            toast(_("Kept as a draft. The vendor does not see it."))
            return see_other(url_for("partner_funding.index"))
        case _:
            toast(_("Asked. You hear as soon as it is decided."))
    return see_other(_address(made))


def _withdrawal(found: FundingRequest, vendor: Organisation) -> Question:
    is_draft = found.status is RequestStatus.DRAFT
    amount = formats.money(found.amount, found.currency)
    return Question(
        _("Delete the draft?") if is_draft else _("Withdraw the request for %(amount)s?", amount=amount),
        _("Nobody has seen it. This cannot be undone.")
        if is_draft
        else _(
            "%(vendor)s does not decide about it any more. This cannot be undone; you can ask again.",
            vendor=vendor.name,
        ),
        _("Yes, delete") if is_draft else _("Yes, withdraw"),
        _("Keep it"),
        url_for(".withdraw", asked=found.public_id),
        _address(found),
        "funding",
    )


def _form(
    found: list[Choice],
    typed: Typed,
    draft: UUID | None,
    seen: Outlook | None = None,
    file: Any = None,
) -> dict[str, Any]:
    choice = request_form.chosen(found, typed)
    return {
        "choices": found,
        "choice": choice,
        "currency": request_form.currency(found, typed),
        "typed": typed,
        "draft": draft,
        "file": file,
        "activities": [(word, funding_words.activity(word)) for word in request_form.ACTIVITIES],
        "outlook": _outlook_words(seen, choice) if seen and choice else None,
        "instead": seen if seen and seen.prospect is Prospect.OVER_CAP else None,
        "plain": money.typed,
        "accept": papers.ACCEPT,
        "words": funding_words,
    }


def _outlook_words(seen: Outlook, choice: Choice) -> tuple[str, str, str]:
    """The answer, what stands behind it, and the tone."""
    match seen.prospect:
        case Prospect.AT_ONCE:
            return _("Within your terms. Granted at once."), "", "ok"
        case Prospect.NEEDS_A_LOOK:
            time = funding_words.answer_time(seen.answer_time, choice.vendor.name)
            return _("Needs a look. %(time)s", time=time), " ".join(map(spoken, seen.reasons)), "info"
        case Prospect.OVER_CAP:
            over = formats.money(seen.over, seen.currency)
            cap = formats.money(seen.cap, seen.currency)
            return (
                _("Over the cap by %(over)s.", over=over),
                _("No certificate of this fund holds more than %(cap)s.", cap=cap),
                "warn",
            )


def _shown(asked: UUID, answer: str = "") -> dict[str, Any]:
    with reading() as session:
        found = queries.find_request(session, viewer(), asked)
        vendor = session.get_one(Organisation, found.vendor_id)
        file = request_files.file_of(session, viewer(), found)
        certificate = queries.certificate_of(session, viewer(), found)
        usual = median_answer_time(session, found.vendor_id) if found.status in _WAITING else None
        now = clock.now(session)
    word, tone = funding_words.request_state(found.status)
    return {
        "asked": found,
        "vendor": vendor,
        "withdrawal": _withdrawal(found, vendor),
        "file": file,
        "certificate": certificate,
        "usual": usual,
        "waits": found.status in _WAITING,
        "is_question": found.status is RequestStatus.INFO_REQUESTED,
        "is_draft": found.status is RequestStatus.DRAFT,
        "word": word,
        "tone": tone,
        "answer": answer,
        "accept": papers.ACCEPT,
        "may_ask": funding.may_ask(),
        "now": now,
        "words": funding_words,
    }


def _address(found: FundingRequest) -> str:
    return url_for("partner_funding_requests.show", asked=found.public_id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

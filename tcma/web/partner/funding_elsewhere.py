"""Money from elsewhere: the partner's own notes of other vendors' funds, with dates and papers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from tcma import clock, money
from tcma.errors import Conflict, Invalid
from tcma.funds import elsewhere
from tcma.funds.elsewhere import Noted
from tcma.funds.elsewhere_models import ELSEWHERE_NEXT, ElsewhereFile, ElsewhereMoney, ElsewhereStatus
from tcma.language import gettext as _
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other, toast
from tcma.web.partner import fields, funding, funding_words, papers, questions
from tcma.web.partner.questions import Question
from tcma.web.unit import organisation, reading, viewer, writing

PARTNER = OrganisationKind.PARTNER
WRITERS = (Role.MARKETER, Role.FINANCE)
LONGEST_SHARE = 6
# of countries where partners and their vendors usually are; a note in another keeps its own
CURRENCIES = (
    "AED AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR ISK JPY KRW KWD MXN NOK NZD PLN RON RSD SAR SEK"
    " SGD THB TRY UAH USD ZAR"
).split()
bp = Blueprint("partner_funding_elsewhere", __name__, url_prefix="/p/<slug:partner>/funding/elsewhere")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed."""

    vendor_name: str = ""
    amount: str = ""
    currency: str = ""
    share: str = ""
    use_by_on: str = ""
    claim_by_on: str = ""
    note: str = ""

    @classmethod
    def read(cls) -> "Typed":
        return cls(**{name: request.form.get(name, "").strip() for name in cls.__dataclass_fields__})

    @classmethod
    def of(cls, found: ElsewhereMoney) -> "Typed":
        return cls(
            vendor_name=found.vendor_name,
            amount=money.typed(found.amount, found.currency),
            currency=found.currency,
            share=f"{(Decimal(found.share_bp) / 100).normalize():f}" if found.share_bp else "",
            use_by_on=found.use_by_on.isoformat() if found.use_by_on else "",
            claim_by_on=found.claim_by_on.isoformat() if found.claim_by_on else "",
            note=found.note,
        )

    def said(self) -> Noted:
        """Invalid names what cannot be read; the deed checks the rest."""
        wrong: dict[str, str] = {}
        made = Noted(
            vendor_name=self.vendor_name,
            amount=_amount(self.amount, self.currency, wrong),
            currency=self.currency,
            share_bp=_share(self.share, wrong),
            use_by_on=_day("use_by_on", self.use_by_on, wrong),
            claim_by_on=_day("claim_by_on", self.claim_by_on, wrong),
            note=self.note,
        )
        if wrong:
            raise Invalid(next(iter(wrong.values())), wrong)
        return made


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def index() -> Response:
    """Two statements."""
    with reading() as session:
        found = elsewhere.money_for(session, viewer())
        today = clock.now(session).date()
    return pages.page(
        "partner/funding/elsewhere.html",
        tabs=funding.tabs("elsewhere"),
        lines=[_line(one, today) for one in found],
        may_write=_may_write(),
    )


@bp.get("/new")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def new() -> Response:
    return _form(Typed(currency=organisation().currency))


@bp.post("")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS, upload=papers.BODY)
def create() -> Response:
    typed = Typed.read()
    try:
        said = typed.said()
        paper = papers.kept()
        with writing() as session:
            made = elsewhere.note(session, viewer(), said)
            session.flush()
            if paper is not None:
                elsewhere.add_file(session, viewer(), made.public_id, paper)
    except Invalid as error:
        return _form(typed, error=error)
    toast(_("Noted. You are reminded 30, 14 and 3 days before each date."))
    return see_other(_address(made.public_id))


@bp.get("/<uuid:note>")
@guard(Access.MEMBER, kind=PARTNER)
def show(note: UUID) -> Response:
    """Three statements."""
    return pages.page("partner/funding/elsewhere_one.html", **_one(note))


@bp.get("/<uuid:note>/edit")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def edit(note: UUID) -> Response:
    with reading() as session:
        found = elsewhere.find_money(session, viewer(), note)
    return _form(Typed.of(found), found)


@bp.post("/<uuid:note>")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def update(note: UUID) -> Response:
    typed = Typed.read()
    try:
        said = typed.said()
        with writing() as session:
            elsewhere.change(session, viewer(), note, said)
    except Invalid as error:
        with reading() as session:
            found = elsewhere.find_money(session, viewer(), note)
        return _form(typed, found, error)
    toast(_("Saved."))
    return see_other(_address(note))


@bp.post("/<uuid:note>/status")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def move(note: UUID) -> Response:
    """How it stands now; the way back is one press, where there is one."""
    word = request.form.get("status", "")
    if word not in set(ElsewhereStatus):
        raise Invalid(_("Choose how it stands."))
    with writing() as session:
        elsewhere.move(session, viewer(), note, ElsewhereStatus(word))
    toast(_("Noted: %(state)s.", state=funding_words.elsewhere_state(ElsewhereStatus(word))[0]))
    return see_other(_address(note))


@bp.post("/<uuid:note>/files")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS, upload=papers.BODY)
def add_file(note: UUID) -> Response:
    try:
        paper = papers.kept()
        if paper is None:
            sentence = _("Choose a file.")
            raise Invalid(sentence, {"file": sentence})
        with writing() as session:
            elsewhere.add_file(session, viewer(), note, paper)
    except (Invalid, Conflict) as error:
        shown = error if isinstance(error, Invalid) else Invalid(error.sentence, {"file": error.sentence})
        return pages.problem("partner/funding/elsewhere_one.html", shown, **_one(note))
    toast(_("Added %(name)s.", name=paper.name))
    return see_other(_address(note))


@bp.get("/<uuid:note>/files/<uuid:paper>")
@guard(Access.MEMBER, kind=PARTNER)
def file(note: UUID, paper: UUID) -> Response:
    with reading() as session:
        found = elsewhere.find_file(session, viewer(), note, paper)
    return papers.download(found.partner_id, found.name, found.content_type, found.sha256)


@bp.get("/<uuid:note>/files/<uuid:paper>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def confirm_file(note: UUID, paper: UUID) -> Response:
    """The question of the dialog."""
    with reading() as session:
        found = elsewhere.find_file(session, viewer(), note, paper)
    return questions.page(_away(note, found))


@bp.post("/<uuid:note>/files/<uuid:paper>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def remove_file(note: UUID, paper: UUID) -> Response:
    with writing() as session:
        elsewhere.remove_file(session, viewer(), note, paper)
    toast(_("Removed."))
    return see_other(_address(note))


@bp.get("/<uuid:note>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def confirm(note: UUID) -> Response:
    """The question of the dialog as a page, for browsers without script."""
    with reading() as session:
        found = elsewhere.find_money(session, viewer(), note)
    return pages.page("partner/funding/elsewhere_delete.html", money=found)


@bp.post("/<uuid:note>/delete")
@guard(Access.MEMBER, kind=PARTNER, roles=WRITERS)
def delete(note: UUID) -> Response:
    with writing() as session:
        elsewhere.forget(session, viewer(), note)
    toast(_("Deleted."))
    return see_other(url_for(".index"))


def _line(found: ElsewhereMoney, today: date) -> dict[str, Any]:
    """A note as the list shows it."""
    word, tone = funding_words.elsewhere_state(found.status)
    deadline = elsewhere.deadline_of(found)
    chip = funding_words.deadline(deadline, (deadline.on - today).days) if deadline else None
    share = funding_words.share(found.share_bp) if found.share_bp else ""
    return {"money": found, "word": word, "tone": tone, "chip": chip, "share": share}


def _one(note: UUID) -> dict[str, Any]:
    with reading() as session:
        found = elsewhere.find_money(session, viewer(), note)
        files = elsewhere.files_of(session, found)
        today = clock.now(session).date()
    deeds = [
        (status.value, funding_words.elsewhere_deed(status))
        for status in ElsewhereStatus
        if status in ELSEWHERE_NEXT[found.status]
    ]
    return {
        **_line(found, today),
        "files": [(file, _away(note, file)) for file in files],
        "deeds": deeds,
        "may_write": _may_write(),
        "accept": papers.ACCEPT,
        "is_full": len(files) >= elsewhere.MOST_FILES,
    }


def _away(note: UUID, paper: ElsewhereFile) -> Question:
    return Question(
        _("Remove “%(name)s”?", name=paper.name),
        _("The file is deleted. This cannot be undone."),
        _("Yes, remove"),
        _("Keep it"),
        url_for(".remove_file", note=note, paper=paper.public_id),
        _address(note),
        "funding",
    )


def _form(typed: Typed, found: ElsewhereMoney | None = None, error: Invalid | None = None) -> Response:
    values = {
        "typed": typed,
        "money": found,
        "currencies": [(code, code) for code in sorted({*CURRENCIES, *filter(None, [typed.currency[:3]])})],
        "accept": papers.ACCEPT,
    }
    template = "partner/funding/elsewhere_form.html"
    return pages.problem(template, error, **values) if error else pages.page(template, **values)


def _amount(text: str, currency: str, wrong: dict[str, str]) -> int:
    try:
        return fields.amount(text, currency, "amount") if text and len(currency) == 3 else 0
    except Invalid as error:
        wrong |= error.fields
        return 0


def _share(text: str, wrong: dict[str, str]) -> int | None:
    plain = text.rstrip("% ").replace(",", ".")
    if not plain:
        return None
    try:
        share = Decimal(plain) * 100 if len(plain) <= LONGEST_SHARE else Decimal("NaN")
    except InvalidOperation:
        share = Decimal("NaN")
    if not share.is_finite() or share != int(share):
        wrong["share"] = _("Write a share in percent, such as 50 or 33.33.")
        return None
    return int(share)


def _day(field: str, text: str, wrong: dict[str, str]) -> date | None:
    try:
        return fields.day(text, field)
    except Invalid as error:
        wrong |= error.fields
        return None


def _address(note: UUID) -> str:
    return url_for("partner_funding_elsewhere.show", note=note)


def _may_write() -> bool:
    return bool(viewer().roles & {Role.OWNER, *WRITERS})

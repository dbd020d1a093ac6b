"""The small forms of a lead's deeds: what was typed, read into the domain's words."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tcma import money
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.leads import amounts, closing, nurture, qualifying, queries, returns, service
from tcma.leads.amounts import Product
from tcma.leads.dealings import AmountKind, Finding, Horizon, Question
from tcma.leads.qualifying import Said
from tcma.leads.story import Story
from tcma.leads.transitions import Done
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer
from tcma.web.partner import fields

ROWS = 3  # of products; empty ones are left out
Form = MultiDict[str, str]
Word = TypeVar("Word", Finding, Horizon)


def contacted(session: Session, viewer: Viewer, lead: UUID, form: Form) -> Done:
    return service.contacted(session, viewer, lead, form.get("note", ""))


def qualify(session: Session, viewer: Viewer, lead: UUID, form: Form) -> Done:
    """Four answers, each with an optional line; amount and day are optional too."""
    said = {
        question: Said(
            _word(Finding, form.get(question.value, "")) or Finding.UNKNOWN,
            form.get(f"{question.value}_evidence", ""),
            _word(Horizon, form.get("horizon", "")) if question is Question.TIMING else None,
        )
        for question in Question
    }
    products = _products(session, viewer, lead, form)
    expected_on = fields.day(form.get("expected_on", ""), "expected_on")
    return qualifying.qualify(session, viewer, lead, said, expected=products, expected_on=expected_on)


def not_now(session: Session, viewer: Viewer, lead: UUID, form: Form) -> Done:
    until = fields.day(form.get("until") or form.get("proposed", ""), "until")
    if until is None:
        sentence = _("Choose when it should come back.")
        raise Invalid(sentence, {"proposed": sentence})
    return nurture.not_now(session, viewer, lead, until)


def push_back(session: Session, viewer: Viewer, lead: UUID, form: Form) -> Done:
    return returns.push_back(session, viewer, lead, form.get("reason", ""))


def not_a_fit(session: Session, viewer: Viewer, lead: UUID, form: Form) -> Done:
    return returns.disqualify(session, viewer, lead, form.get("reason", ""), form.get("note", ""))


def won(session: Session, viewer: Viewer, lead: UUID, form: Form) -> Done:
    products = _products(session, viewer, lead, form)
    currency = _currency(session, viewer)
    deal = form.get("deal", "").strip()
    whole = fields.amount(deal, currency, "deal") if deal else None
    return closing.won(session, viewer, lead, products, whole)


def lost(session: Session, viewer: Viewer, lead: UUID, form: Form) -> Done:
    return closing.lost(session, viewer, lead, form.get("reason", ""), form.get("note", ""))


DEEDS: Mapping[str, Callable[[Session, Viewer, UUID, Form], Done]] = {
    "contacted": contacted,
    "qualify": qualify,
    "not-now": not_now,
    "push-back": push_back,
    "not-a-fit": not_a_fit,
    "won": won,
    "lost": lost,
}


def typed(form: Form, story: Story) -> dict[str, str]:
    """What a form shows: what was typed, else what is known already; nothing is asked twice. A field without
    either is empty."""
    known: dict[str, str] = defaultdict(str)
    if form:
        known.update(form.items())
        return known
    for question, found in story.findings.items():
        known[question.value] = found.finding.value
        known[f"{question.value}_evidence"] = found.evidence
        if found.horizon is not None:
            known["horizon"] = found.horizon.value
    if story.lead.expected_on is not None:
        known["expected_on"] = story.lead.expected_on.isoformat()
    for number, row in enumerate(amounts.latest(story.amounts, AmountKind.EXPECTED)[:ROWS]):
        known[f"product_{number}"] = row.product
        known[f"amount_{number}"] = money.typed(row.amount, row.currency)
    known.setdefault("product_0", story.lead.vendor.name)
    return known


def _products(session: Session, viewer: Viewer, lead: UUID, form: Form) -> list[Product]:
    """The rows in which an amount stands."""
    currency = _currency(session, viewer)
    vendor = queries.find_lead(session, viewer, lead).vendor.name
    found = []
    for number in range(ROWS):
        text = form.get(f"amount_{number}", "").strip()
        if text:
            name = form.get(f"product_{number}", "").strip() or vendor
            found.append(Product(name, fields.amount(text, currency, f"amount_{number}")))
    return found


def _currency(session: Session, viewer: Viewer) -> str:
    return session.get_one(Organisation, viewer.organisation_id).currency


def _word(kind: type[Word], text: str) -> Word | None:
    return kind(text) if text in set(kind) else None

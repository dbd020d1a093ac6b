"""The form that asks for money without a kit: what was typed, what it means, what it would meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tcma import money
from tcma.errors import Invalid
from tcma.funds.models import FundingRequest
from tcma.funds.offers import Offer, VendorOffers
from tcma.funds.requests import Ask
from tcma.language import gettext as _
from tcma.organisations.models import Organisation
from tcma.web import formats
from tcma.web.partner import fields, funding_words

ACTIVITIES = ("event", "advert", "print", "content", "other")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed."""

    fund: str = ""
    terms_version: str = ""
    activity: str = ""
    amount: str = ""
    starts_on: str = ""
    expected_leads: str = ""
    why: str = ""

    @classmethod
    def read(cls, form: Mapping[str, str]) -> "Typed":
        """Each fund has a field with the version of its terms that were on the page."""
        said = {name: form.get(name, "").strip() for name in cls.__dataclass_fields__}
        return cls(**{**said, "terms_version": form.get(f"terms-{said['fund']}", "")})

    @classmethod
    def of(cls, request: FundingRequest, offer: Offer | None) -> "Typed":
        """A draft as its form shows it."""
        return cls(
            fund=str(offer.fund_id) if offer else "",
            terms_version=offer.terms_version if offer else "",
            activity=request.activity,
            amount=money.typed(request.amount, request.currency),
            starts_on=request.starts_on.isoformat() if request.starts_on else "",
            expected_leads="" if request.expected_leads is None else str(request.expected_leads),
            why=request.why,
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """A fund that can be asked."""

    vendor: Organisation
    offer: Offer

    @property
    def value(self) -> str:
        return str(self.offer.fund_id)

    @property
    def label(self) -> str:
        return f"{self.vendor.name}: {self.offer.name}"

    @property
    def words(self) -> str:
        return _(
            "Pays %(share)s, up to %(cap)s, until %(day)s.",
            share=funding_words.share(self.offer.share_bp),
            cap=formats.money(self.offer.cap_amount, self.offer.currency),
            day=formats.date(self.offer.until_on),
        )


def choices(vendors: list[VendorOffers]) -> list[Choice]:
    return [Choice(one.vendor, offer) for one in vendors for offer in one.offers]


def currency(found: list[Choice], typed: Typed) -> str:
    """The one the amount is in; "" while that depends on a fund that is not chosen yet."""
    choice = chosen(found, typed)
    known = {choice.offer.currency} if choice else {one.offer.currency for one in found}
    return known.pop() if len(known) == 1 else ""


def chosen(found: list[Choice], typed: Typed) -> Choice | None:
    """The fund that was named; the only one there is, where none was."""
    if not typed.fund and len(found) == 1:
        return found[0]
    return next((choice for choice in found if choice.value == typed.fund), None)


def wanted(found: list[Choice], typed: Typed) -> Ask:
    """What is asked. Invalid names every field that cannot be used."""
    choice = chosen(found, typed)
    wrong: dict[str, str] = {}
    if choice is None:
        wrong["fund"] = _("Choose whom to ask.")
    amount = _amount(typed.amount, choice, wrong)
    starts_on = _day(typed.starts_on, wrong)
    leads = _leads(typed.expected_leads, wrong)
    if typed.activity not in ACTIVITIES:
        wrong["activity"] = _("Choose what it is for.")
    if not typed.why:
        wrong["why"] = _("Say in a sentence what you plan.")
    if wrong or choice is None:
        raise Invalid(next(iter(wrong.values())), wrong)
    return Ask(
        vendor_id=choice.vendor.id,
        fund_id=UUID(choice.value),
        amount=amount,
        terms_version=typed.terms_version or choice.offer.terms_version,
        activity=typed.activity,
        starts_on=starts_on,
        expected_leads=leads,
        why=typed.why,
    )


def _amount(text: str, choice: Choice | None, wrong: dict[str, str]) -> int:
    if choice is None:
        return 0
    if not text:
        wrong["amount"] = _("Say how much you ask for.")
        return 0
    try:
        amount = fields.amount(text, choice.offer.currency, "amount")
    except Invalid as error:
        wrong |= error.fields
        return 0
    if amount == 0:
        wrong["amount"] = _("The amount is above zero.")
    return amount


def _day(text: str, wrong: dict[str, str]) -> date | None:
    try:
        return fields.day(text, "starts_on")
    except Invalid as error:
        wrong |= error.fields
        return None


def _leads(text: str, wrong: dict[str, str]) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 6:
        wrong["expected_leads"] = _("Write a whole number, or leave it empty.")
        return None
    return int(text)

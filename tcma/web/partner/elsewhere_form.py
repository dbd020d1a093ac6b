"""A note of money from elsewhere as it is typed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import request

from tcma import money
from tcma.errors import Invalid
from tcma.funds.elsewhere import Noted
from tcma.funds.elsewhere_models import ElsewhereMoney
from tcma.language import gettext as _
from tcma.web.partner import fields

LONGEST_SHARE = 6
# of countries where partners and their vendors usually are; a note in another keeps its own
CURRENCIES = (
    "AED AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS INR ISK JPY KRW KWD MXN NOK NZD PLN RON RSD SAR SEK"
    " SGD THB TRY UAH USD ZAR"
).split()


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

    @property
    def currencies(self) -> list[tuple[str, str]]:
        """To choose from, its own among them."""
        return [(code, code) for code in sorted({*CURRENCIES, *filter(None, [self.currency[:3]])})]

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

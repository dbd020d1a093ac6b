"""Amounts and days as people type them, said alike wherever they are asked for."""

from datetime import date

from tcma import money
from tcma.errors import Invalid
from tcma.language import gettext as _


def amount(text: str, currency: str, field: str) -> int:
    """Minor units. Invalid names the field."""
    try:
        return money.parse(text, currency)
    except Invalid as error:
        raise Invalid(error.sentence, {field: error.sentence}) from error


def day(text: str, field: str) -> date | None:
    """None where nothing is written. Invalid names the field."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        sentence = _("Write the day like 2026-11-24.")
        raise Invalid(sentence, {field: sentence}) from error

"""Amounts in minor units, shares of a running total, prices in millionths. No floats."""

import re

from babel.numbers import format_currency, get_currency_precision

from tcma.errors import Invalid, phrase

PRICE_SCALE = 1_000 * 1_000_000  # a unit price is in millionths of a minor unit per 1,000 units
MOST_DIGITS = 15
GROUP = 3
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]+))?", re.ASCII)
_GROUPED = re.compile(r"([0-9]{1,3}(?:([ '.,])[0-9]{3})(?:\2[0-9]{3})*)(?:(([.,]))([0-9]+))?", re.ASCII)
FULL_SHARE = 10_000  # a share is in hundredths of a percent


def rounded(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest integer, halves away from zero; the only rounding there is."""
    if denominator <= 0:
        raise ValueError("A denominator is above zero.")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def cost(units: int, price: int) -> int:
    """Minor units for `units` at `price` (millionths of a minor unit per 1,000), rounded once."""
    return rounded(units * price, PRICE_SCALE)


def vendor_share(units: int, price: int, share_bp: int, cap: int) -> int:
    """The vendor's part of a line's running total: rate × net, rounded once, then the cap.

    Never more than the cost itself, so the partner's remainder is never below zero.
    """
    share = rounded(units * price * share_bp, PRICE_SCALE * FULL_SHARE)
    return min(share, cap, cost(units, price))


def split(total: int, shares_bp: list[int]) -> list[int]:
    """Several funders of one total: funder k gets round(cumulative share k) − round(cumulative share k−1)."""
    if sum(shares_bp) > FULL_SHARE or any(share < 0 for share in shares_bp):
        raise Invalid("All funders of one line together pay at most 100 %.")
    parts, before, running = [], 0, 0
    for share in shares_bp:
        running += share
        upto = rounded(total * running, FULL_SHARE)
        parts.append(upto - before)
        before = upto
    return parts


def exponent(currency: str) -> int:
    """Decimal places of a currency: 0 for JPY, 2 for EUR, 3 for KWD."""
    return int(get_currency_precision(currency))


def shown(amount: int, currency: str, locale: str = "en") -> str:
    """An amount as a person reads it: `CHF 400.00`."""
    digits = plain(abs(amount), currency)
    text = format_currency(digits, currency, locale=locale, format="¤¤\u00a0#,##0.00", currency_digits=True)
    return f"-{text}" if amount < 0 else text


def plain(amount: int, currency: str) -> str:
    """An amount as a file and its programs read it: `1234.50`, with all the places its currency has."""
    scale = 10 ** exponent(currency)
    whole, part = divmod(abs(amount), scale)
    digits = f"{whole}.{part:0{exponent(currency)}d}" if scale > 1 else str(whole)
    return f"-{digits}" if amount < 0 else digits


def typed(amount: int, currency: str) -> str:
    """An amount as one types it: as in a file, but `400` where nothing stands behind the point."""
    whole, _point, part = plain(amount, currency).partition(".")
    return f"{whole}.{part}" if part.strip("0") else whole


def parse(text: str, currency: str) -> int:
    """Minor units from `1000`, `1'000`, `1.000,00` or `1,000.00`; Invalid says what was wrong.

    A separator groups thousands when exactly three digits follow each one, and marks decimals otherwise.
    """
    cleaned = text.strip().replace("’", "'").replace("\u00a0", " ")
    whole, fraction = _parts(cleaned, exponent(currency))
    if whole is None or len(whole) > MOST_DIGITS:
        raise Invalid(phrase("'%(text)s' is not an amount. Write it like 1000 or 1,000.00.", text=text[:40]))
    places = exponent(currency)
    if len(fraction) > places:
        raise Invalid(
            phrase(
                "%(currency)s has %(places)s decimal places; '%(text)s' has %(found)s.",
                currency=currency,
                places=places,
                text=text[:40],
                found=len(fraction),
            )
        )
    minor: int = 10**places
    return int(whole) * minor + int(fraction.ljust(places, "0") or 0)


def _parts(text: str, places: int) -> tuple[str | None, str]:
    """The digits before and after the decimal mark; None when the text is no amount."""
    plain = _PLAIN.fullmatch(text)
    if plain and not (plain[2] and len(plain[2]) == GROUP and places != GROUP):
        return plain[1], plain[2] or ""
    grouped = _GROUPED.fullmatch(text)
    if grouped is None or grouped[4] == grouped[2]:
        return None, ""
    return grouped[1].replace(grouped[2], ""), grouped[5] or ""

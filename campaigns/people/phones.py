"""Phone numbers as E.164 where they are valid for their country.

`phonenumbers` takes about 60 µs a number, more than all the rest of a row. Numbers typed in the common ways
("+41 44 555 01 23", "044 555 01 23") are therefore matched against the library's own patterns here; whatever
is typed otherwise goes to the library.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat

_FORMATTING = str.maketrans("", "", " ()-./\u00a0\u2011\u2013\u202f'")
_DIGITS = re.compile(r"\+?[0-9]{6,17}\Z").match
_KINDS = (
    "fixed_line",
    "mobile",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "personal_number",
    "voip",
    "pager",
    "uan",
    "voicemail",
)


class _Plan(NamedTuple):
    code: str
    is_number: Callable[[str], object]
    has_trunk_zero: bool  # national numbers are written with a leading 0 that is not part of the number


def normalise(typed: str, country: str) -> str:
    """E.164 if the number is valid for `country` (ISO code, or "" for none) or names its country; else as
    typed."""
    digits = typed.translate(_FORMATTING)
    if _DIGITS(digits):
        plan, national = None, ""
        if digits[0] == "+":
            plan = _plan_of_number(digits[1:4])
            national = digits[1 + len(plan.code) :] if plan else ""
        elif digits[0] == "0" and (home := _plan_of_country(country)) and home.has_trunk_zero:
            plan, national = home, digits[1:]
        if plan and plan.is_number(national):
            return f"+{plan.code}{national}"
    return _by_library(typed, country)


@lru_cache(maxsize=1024)
def _by_library(typed: str, country: str) -> str:
    if len(typed) > 60:
        return typed
    try:
        number = phonenumbers.parse(typed, country or None)
    except phonenumbers.NumberParseException:
        return typed
    if number.extension or not phonenumbers.is_valid_number(number):
        return typed
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


@lru_cache(maxsize=1024)
def _plan_of_number(first_digits: str) -> _Plan | None:
    for length in (1, 2, 3):
        code = first_digits[:length]
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
        if regions:
            return _plan_of_country(regions[0])
    return None


@lru_cache(maxsize=512)
def _plan_of_country(country: str) -> _Plan | None:
    """The main patterns of a country; None where numbers are too particular for the short way."""
    metadata = PhoneMetadata.metadata_for_region(country, None) if country else None
    if metadata is None or metadata.general_desc is None or metadata.country_code == 39:
        return None
    kinds = [getattr(metadata, kind) for kind in _KINDS]
    patterns = [kind.national_number_pattern for kind in kinds if kind and kind.national_number_pattern]
    general = metadata.general_desc.national_number_pattern
    if not patterns or not general or metadata.leading_digits:
        return None
    number = re.compile(f"(?=(?:{general})\\Z)(?:{'|'.join(patterns)})\\Z").match
    trunk = metadata.national_prefix_for_parsing == "0" and metadata.national_prefix_transform_rule is None
    return _Plan(str(metadata.country_code), number, trunk)

"""The seven filters. Each takes a plain value and gives a plain text; none can grow its input without
bound."""

from datetime import date

from babel.dates import format_date

from campaigns.sandbox_nodes import Filter, Value

_DATE_STYLES = ("short", "medium", "long", "full")
_MOST_DEFAULT = 200
_MOST_TRUNCATE = 1_000


def check_filter(name: str, argument: str | None) -> str | None:
    """What is wrong with this filter, as a sentence; None if nothing is."""
    if name in ("upper", "lower", "title", "digits"):
        return None if argument is None else f"The filter '{name}' takes nothing in brackets."
    if name == "default":
        if argument is None or len(argument) > _MOST_DEFAULT:
            return (
                f"The filter 'default' needs a text of at most {_MOST_DEFAULT} characters: |default('there')."
            )
        return None
    if name == "date":
        if argument not in _DATE_STYLES:
            return 'The filter \'date\' needs "short", "medium", "long" or "full": |date("long").'
        return None
    if name == "truncate":
        if argument is None or not argument.isdecimal() or not 1 <= int(argument) <= _MOST_TRUNCATE:
            return f"The filter 'truncate' needs a number from 1 to {_MOST_TRUNCATE}: |truncate(80)."
        return None
    known = "default, upper, lower, title, digits, date and truncate"
    return f"There is no filter '{name[:20]}'. Filters are {known}."


def filtered(value: Value, filters: tuple[Filter, ...], locale: str) -> str:
    """The value as text after all filters; empty for nothing. Lists and mappings have no text and give ""."""
    for item in filters:
        value = _apply(value, item, locale)
    return as_text(value)


def as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__repr__(value)
    return value.isoformat() if isinstance(value, date) else ""


def _apply(value: Value, item: Filter, locale: str) -> Value:
    argument = item.argument or ""
    match item.name:
        case "default":
            return value if as_text(value) else argument
        case "date":
            return format_date(value, argument, locale=locale) if isinstance(value, date) else value
        case "upper":
            return as_text(value).upper()
        case "lower":
            return as_text(value).lower()
        case "digits":
            return "".join(character for character in as_text(value) if character in "+0123456789")
        case "title":
            return _titled(as_text(value))
        case _:
            return _truncated(as_text(value), int(argument))


def _titled(text: str) -> str:
    """Each word with a capital, the rest as typed: "van der Meer" gives "Van Der Meer", "O'Neil" stays."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def _truncated(text: str, most: int) -> str:
    """At most `most` characters, cut at a word where one ends in the second half, with … for what is
    missing."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > most // 2 else cut).rstrip() + "…"

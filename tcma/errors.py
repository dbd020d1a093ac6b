"""Broken rules, each with a sentence for the person who met it.

The rules speak English. A sentence with values in it is `phrase(…)`, which keeps text and values apart, so that
`tcma.language.spoken` can say it in the reader's language.
"""

from collections.abc import Mapping
from enum import StrEnum


class Phrase(str):
    """A sentence with values: reads as English, and knows its `template` and `values`."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> "Phrase":
        made = super().__new__(cls, template % {name: _plain(value) for name, value in values.items()})
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """What travels or is stored is the English sentence."""
        return str, (str(self),)


def phrase(template: str, /, **values: object) -> Phrase:
    """A sentence with `%(name)s` filled in; a percent sign is written `%%`.

    A value is a text, a number, a date, a word of ours (a state, a role), or several of them.
    """
    return Phrase(template, **values)


def word(value: StrEnum) -> str:
    """How a state or a role is called within a sentence: `info requested`."""
    return value.value.replace("_", " ")


def _plain(value: object) -> str:
    if isinstance(value, StrEnum):
        return word(value)
    if isinstance(value, tuple | list):
        return ", ".join(_plain(each) for each in value)
    return f"{value:,}" if isinstance(value, int) else str(value)


class DomainError(Exception):
    """A rule said no. `sentence` is shown as it is; it says what happened and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(DomainError):
    """Absent, or not the viewer's: the two look alike on purpose."""


class Refused(DomainError):
    """The viewer is known, but may not do this here."""


class Conflict(DomainError):
    """The thing is in a state that does not allow it, or somebody was faster."""


class Unavailable(DomainError):
    """Something outside that is needed does not answer; the same may work later."""


class Invalid(DomainError):
    """Input that cannot be used; `fields` maps a field's name to its sentence."""

    def __init__(self, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})

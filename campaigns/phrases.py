"""Sentences for people, kept apart from the values in them, so that they can be said in another language.

The engine and the rules speak English. Whoever shows a sentence looks its text up and fills the values in anew;
where nobody does, it reads as what it is: an English text.
"""

from datetime import date, datetime
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


class Word(str):
    """A word of ours within a sentence, such as what a refused step was about: "campaign"."""

    __slots__ = ()


def phrase(template: str, /, **values: object) -> Phrase:
    """A sentence with `%(name)s` filled in; a percent sign is written `%%`.

    A value is a text, a number, a date, a word of ours (a state, a role), another phrase, or several of them.
    A hole called `sentence` holds a whole sentence of ours, and nothing else does.
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
    if isinstance(value, datetime):
        return f"{value:%a %-d %b %Y, %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    return f"{value:,}" if isinstance(value, int) else str(value)

"""What the product says, in the reader's language: gettext over the catalogues in `tcma/locales`.

English is written in the code. Every subject has a file of its own per language (`locales/de/leads.po`);
they are merged when first needed. The language is a matter of the current context: the web sets it for
each request, a worker for each mail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from tcma.config import ROOT
from tcma.errors import Phrase, word

LOCALES = ROOT / "tcma" / "locales"
SHIPPED = ("en", "de")
WORD = "word"  # the context of states, roles and things within a sentence

_current: ContextVar[str] = ContextVar("language", default=SHIPPED[0])


def gettext(message: str, **values: object) -> str:
    """The text in the current language, with `%(name)s` filled in; a percent sign is written `%%`."""
    return translations(current()).gettext(message) % values


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form that fits the number; `%(num)s` is the number itself unless `values` say otherwise."""
    return translations(current()).ngettext(one, many, num) % {"num": num, **values}


def pgettext(context: str, message: str, **values: object) -> str:
    """A text whose word means different things in different places."""
    return translations(current()).pgettext(context, message) % values


def spoken(sentence: str) -> str:
    """A sentence of the rules, which speak English, in the current language where the catalogues know it.

    Of a phrase the text is looked up and its values are filled in, each said in that language too.
    """
    if not sentence or current() == SHIPPED[0]:
        return sentence
    known = translations(current())
    if not isinstance(sentence, Phrase):
        return known.gettext(sentence)
    if not sentence.values:
        return known.pgettext(WORD, sentence.template)
    return known.gettext(sentence.template) % {
        name: _value(value, known) for name, value in sentence.values.items()
    }


def _value(value: object, known: NullTranslations) -> str:
    if isinstance(value, Phrase):
        return spoken(value)
    if isinstance(value, StrEnum):
        return known.pgettext(WORD, word(value))
    if isinstance(value, tuple | list):
        return ", ".join(_value(each, known) for each in value)
    return format_decimal(value, locale=current()) if isinstance(value, int) else str(value)


def mark(message: str) -> str:
    """Names a text of a table for the catalogues; `gettext` says it when it is shown."""
    return message


def current() -> str:
    """The language texts are said in right now: one of `SHIPPED`."""
    return _current.get()


def use(locale: str) -> None:
    """Speak this language from here on in this context; a region ("de-CH") gets its language."""
    _current.set(shipped(locale))


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """A block that speaks one language, whatever is spoken around it."""
    token = _current.set(shipped(locale))
    try:
        yield
    finally:
        _current.reset(token)


def shipped(locale: str) -> str:
    """The shipped language nearest to a locale; English where there is none."""
    wanted = locale.replace("_", "-").partition("-")[0].lower()
    return wanted if wanted in SHIPPED else SHIPPED[0]


@cache
def translations(language: str) -> NullTranslations:
    """The merged catalogue of one language."""
    if language == SHIPPED[0]:
        return NullTranslations()
    binary = BytesIO()
    write_mo(binary, catalogue(language))
    binary.seek(0)
    return GNUTranslations(binary)


def catalogue(language: str) -> Catalog:
    """All files of one language in one. Where two say the same text differently, the first by name counts."""
    merged = Catalog(locale=language)
    for _, messages in _files(language):
        for message in messages:
            if message.id and merged.get(message.id, message.context) is None:
                merged[message.id] = message
    return merged


def clashes(language: str) -> list[str]:
    """Texts that two files of a language say differently; a test wants none."""
    said: dict[object, tuple[str, object]] = {}
    found = []
    for name, messages in _files(language):
        for message in messages:
            key = message.context, message.id
            first, text = said.setdefault(key, (name, message.string))
            if message.id and text != message.string:
                found.append(f"{message.id!r}: {first} {text!r}, {name} {message.string!r}")
    return found


def _files(language: str) -> Iterator[tuple[str, Catalog]]:
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            yield path.name, read_po(file, locale=language)

"""What the product says, in the reader's language: gettext over the catalogues in `tcma/locales`.

English is written in the code. Every subject has a file of its own per language (`locales/de/leads.po`);
they are merged when first needed. The language is a matter of the current context: the web sets it for
each request, a worker for each mail.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from campaigns.recognised import SENTENCE, Templates
from tcma.config import ROOT
from tcma.errors import Phrase, Word, word

LOCALES = ROOT / "tcma" / "locales"
SHIPPED = ("en", "de")
LABEL = "label"  # a hole of this name holds the name of a field, which may be a word of ours
MOST_JOINED = 4  # pieces that end like sentences and together are one
WORD = "word"  # the context of states, roles and things within a sentence

_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=\S)")
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

    Of a phrase the text is looked up and its values are filled in, each said in that language too. What was stored
    or joined is English by now: then the text it was made of is found again. Lines are sentences of their own.
    """
    if not sentence or current() == SHIPPED[0]:
        return sentence
    known = translations(current())
    if isinstance(sentence, Phrase):
        return _filled(known.gettext(sentence.template), sentence.values, known)
    if isinstance(sentence, Word):
        return known.pgettext(WORD, sentence)
    if "\n" in sentence:
        return "\n".join(spoken(line) for line in sentence.split("\n"))
    told = known.gettext(sentence)
    return told if told != sentence else _recognised(sentence, known)


def _recognised(sentence: str, known: NullTranslations) -> str:
    """What was joined from several sentences is taken apart; one that nothing is known of leaves all as it is."""
    pieces, told = _SENTENCE_END.split(sentence), list[str]()
    while pieces:
        lengths = range(min(len(pieces), MOST_JOINED), 0, -1)
        said = ((length, _one_recognised(" ".join(pieces[:length]), known)) for length in lengths)
        length, text = next(((length, text) for length, text in said if text), (0, ""))
        if not length:
            return sentence
        told.append(text)
        del pieces[:length]
    return " ".join(told)


def _one_recognised(sentence: str, known: NullTranslations) -> str:
    """Empty where nothing is known of it."""
    fixed = known.gettext(sentence)
    if fixed != sentence:
        return fixed
    found = _templates(current()).find(sentence)
    if found is None:
        return ""
    template, values = found
    told = _filled(known.gettext(template), values, known)
    return told[:1].upper() + told[1:] if sentence[:1].isupper() else told


def _filled(text: str, values: Mapping[str, object], known: NullTranslations) -> str:
    if not values:
        return text.replace("%%", "%")
    return text % {name: _value(_meant(name, value), known) for name, value in values.items()}


def _meant(name: str, value: object) -> object:
    """What a text in a hole of this name is."""
    if isinstance(value, Phrase | Word) or not isinstance(value, str):
        return value
    return Word(value) if name == LABEL else spoken(value) if name == SENTENCE else value


def _value(value: object, known: NullTranslations) -> str:
    if isinstance(value, Phrase | Word):
        return spoken(value)
    if isinstance(value, StrEnum):
        return known.pgettext(WORD, word(value))
    if isinstance(value, tuple | list):
        return ", ".join(_value(each, known) for each in value)
    if isinstance(value, datetime):
        return format_datetime(value, "EEE d. MMM y, HH:mm", locale=current())
    if isinstance(value, date):
        return format_date(value, locale=current())
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


@cache
def _templates(language: str) -> Templates:
    return Templates(message.id for message in catalogue(language) if isinstance(message.id, str))


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

"""What the product says, in the reader's language: gettext over the catalogues in `tcma/locales`.

English is written in the code. Every subject has a file of its own per language (`locales/de/leads.po`);
they are merged when first needed. The language is a matter of the current context: the web sets it for
each request, a worker for each mail.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tcma.config import ROOT

LOCALES = ROOT / "tcma" / "locales"
SHIPPED = ("en", "de")

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
    """All files of one language in one; ValueError where two of them say the same text differently."""
    merged = Catalog(locale=language)
    for path in sorted((LOCALES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if not message.id:
                    continue
                known = merged.get(message.id, message.context)
                if known is not None and known.string != message.string:
                    raise ValueError(f"{path.name} says {message.id!r} differently from another file.")
                merged[message.id] = message
    return merged

"""The platform's own words in the reader's language: gettext, with English sentences as their own keys.

A table marks its sentences where they stand, and a reader's language is chosen where they are said:

    TITLE = N_("Thank you, {name}.")
    translated(TITLE, "de-CH").format(name=name)
    catalogue(locale).ngettext("{count} person", "{count} people", count).format(count=count)

Translations are text, `locales/<locale>/LC_MESSAGES/campaigns.po`, compiled in memory when first needed: there
is no second file that could be older. A further language is a further folder, and nothing else.

The confirmation mail keeps its few sentences beside its body (`templates/notices/confirmation/words.yml`): they
are written in the grammar of mails, `{{ partner.name }}`, which the mail itself parses and fills.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final

from babel import Locale
from babel.localedata import locale_identifiers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ENGLISH: Final = "en"
FOLDER: Final = Path(__file__).resolve().parent / "locales"
DOMAIN: Final = "campaigns"


class Message(str):
    """A marked English sentence. `context` tells two uses apart that need two translations; mostly empty."""

    __slots__ = ("context",)
    context: str


def N_(msgid: str) -> Message:
    """Marks a sentence for translation and leaves it as it is. Write it as a literal."""
    return NP_("", msgid)


def NP_(context: str, msgid: str) -> Message:
    """Marks a sentence that is translated differently elsewhere; the context is for translators alone."""
    message = Message(msgid)
    message.context = context
    return message


def translated(message: Message, locale: str) -> str:
    """The sentence for this locale, its placeholders still open; English where no translation is there."""
    found, msgid = catalogue(locale), str(message)
    return found.pgettext(message.context, msgid) if message.context else found.gettext(msgid)


def catalogue(locale: str) -> NullTranslations:
    """The translations for a locale such as "de" or "de-CH"; for an unknown one those that stay English."""
    return _shipped(language_of(locale))


def language_of(locale: str) -> str:
    """The nearest locale that we speak: "de-CH" is "de" as long as it has no words of its own, "it" is "en"."""
    wanted = f"{_tag(locale)}-"
    speaks = [name for name in languages() if wanted.startswith(f"{_tag(name)}-")]
    return max(speaks, key=len, default=ENGLISH)


@cache
def dates_in(locale: str, country: str) -> Locale:
    """How days and times are written for readers of `locale` (as in kits, "de-CH"), who are in `country` where the
    locale itself names none: an English page of a Swiss firm does not write as one of an American."""
    language = Locale.parse(locale, sep="-")
    if language.territory:
        return language
    wanted = f"{locale.replace('-', '_')}_{country.upper()}"
    if wanted in locale_identifiers():
        return Locale.parse(wanted)
    return Locale.parse("en_GB") if language.language == ENGLISH else language


@cache
def languages() -> tuple[str, ...]:
    """Every locale that we speak, English first."""
    return ENGLISH, *sorted(path.parents[1].name for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def read_catalogue(path: Path) -> GNUTranslations:
    """A .po file, ready to translate; its sentences without a translation, and fuzzy ones, stay English.

    Raises:
        PoFileError: a line of the file is none of a catalogue's.
        ValueError: its head names no language: then its plural forms would be counted as in English.
    """
    with path.open("rb") as source:
        catalog = read_po(source, abort_invalid=True)
    if catalog.locale is None:
        raise ValueError(
            f'{path} names no language. Write "Language: de\\n" into its head, with its own locale.'
        )
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _shipped(name: str) -> NullTranslations:
    """`name` is one of `languages()`, so that what a stranger sends neither opens files nor fills the cache."""
    if name == ENGLISH:
        return NullTranslations()
    return read_catalogue(FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.po")


def _tag(locale: str) -> str:
    return locale.replace("_", "-").lower()

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po

from campaigns import language
from campaigns.channels.microsite_words import words
from campaigns.compliance import footer_words, reason_line
from campaigns.language import N_, NP_, catalogue, language_of, languages, read_catalogue, translated
from campaigns.people.model import Basis
from tests.campaigns.brands import a_partner

ROOT = Path(language.__file__).resolve().parent
CONFIRMATION = ROOT.parent / "templates" / "notices" / "confirmation" / "words.yml"
TRANSLATIONS = [name for name in languages() if name != language.ENGLISH]
MARKS = {"N_": ["msgid"], "NP_": ["context", "msgid"]}
CALLS = {
    "gettext": ["msgid"],
    "ngettext": ["msgid", "plural"],
    "pgettext": ["context", "msgid"],
    "npgettext": ["context", "msgid", "plural"],
}

Key = tuple[str, str]
"""Context (empty without one) and msgid (the singular where there are two)."""


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_every_marked_sentence_is_translated(name: str) -> None:
    assert marked() - {key for key, texts in entries(name).items() if all(texts)} == set()


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_no_translation_is_unused_or_only_a_guess(name: str) -> None:
    assert entries(name).keys() - marked() == set()
    assert [message.id for message in po(name) if message.fuzzy and message.id] == []
    assert list(po(name).obsolete) == []


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_translation_has_the_placeholders_of_its_sentence(name: str) -> None:
    wrong = {
        key: texts
        for key, texts in entries(name).items()
        if any(placeholders(text) != placeholders(key[1]) for text in texts)
    }

    assert wrong == {}


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_catalogue_has_as_many_plural_forms_as_its_language(name: str) -> None:
    assert po(name).num_plurals == get_plural(name).num_plurals


def test_the_german_catalogue_counts_as_german_does(tmp_path: Path) -> None:
    added = '\nmsgid "person"\nmsgid_plural "people"\nmsgstr[0] "Person"\nmsgstr[1] "Personen"\n'
    german = read_catalogue(a_file(tmp_path, file_of("de").read_text(encoding="utf-8") + added))

    said = [german.ngettext("person", "people", count) for count in (0, 1, 2, 21)]

    assert said == ["Personen", "Person", "Personen", "Personen"]


@pytest.mark.parametrize("name", TRANSLATIONS)
def test_a_catalogue_is_written_line_by_line_in_quotes_and_says_nothing_twice(name: str) -> None:
    lines = [
        line for line in file_of(name).read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")
    ]

    assert [
        line for line in lines if not WRITTEN.fullmatch(line)
    ] == []  # Babel would drop letters in silence
    assert sum(line.startswith("msgid ") for line in lines) == 1 + len(entries(name))


def test_the_tables_are_found_where_they_stand() -> None:
    assert {("", "Unsubscribe"), ("", "Thank you")} <= marked()
    assert len(marked()) > 70


def test_german_and_french_are_spoken() -> None:
    assert TRANSLATIONS == ["de", "fr"]
    assert translated(N_("Unsubscribe"), "de") == "Abmelden"
    assert translated(N_("Unsubscribe"), "fr") == "Se désabonner"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de", "de"),
        ("de-CH", "de"),
        ("de_AT", "de"),
        ("DE-Latn-ch", "de"),
        ("en", "en"),
        ("en_GB", "en"),
        ("fr", "fr"),
        ("fr-CH", "fr"),
        ("it", "en"),
        ("den", "en"),
        ("", "en"),
        ("../locales/de", "en"),
        ("de" * 100_000, "en"),
    ],
)
def test_a_region_reads_its_language_and_an_unknown_language_english(locale: str, expected: str) -> None:
    assert language_of(locale) == expected
    assert words(locale).locale == expected
    assert footer_words(locale) == footer_words(expected)


def test_a_reason_line_for_a_region_has_words_and_date_of_its_language() -> None:
    line = reason_line(Basis.AGREED, a_partner(), "de-CH", agreed_on=date(2026, 3, 4))

    assert (
        line == "Sie erhalten diese E-Mail, weil Sie sich am 4. März 2026 für Neuigkeiten angemeldet haben."
    )


def test_one_english_sentence_has_two_translations_by_its_context() -> None:
    before, after = (words("de")(key, address="a", partner="B") for key in LEAVING)

    assert (before, after) == (
        "a bekommt dann keine E-Mails mehr von B.",
        "a bekommt keine E-Mails mehr von B.",
    )
    assert len({words("en")(key, address="a", partner="B") for key in LEAVING}) == 1


def test_a_sentence_that_nobody_translated_stays_english() -> None:
    assert translated(N_("Nobody wrote this."), "de") == "Nobody wrote this."
    assert translated(NP_("another place", "Unsubscribe"), "de") == "Unsubscribe"
    assert translated(N_("Unsubscribe"), "en") == "Unsubscribe"


def test_plural_forms_follow_the_rule_of_the_language(tmp_path: Path) -> None:
    polish = read_catalogue(a_file(tmp_path, POLISH))

    said = [polish.ngettext("{count} file", "{count} files", count) for count in (1, 3, 5, 12, 22)]

    assert [form.removeprefix("{count} ") for form in said] == ["plik", "pliki", "plików", "plików", "pliki"]
    assert catalogue("en").ngettext("{count} file", "{count} files", 1) == "{count} file"


def test_a_guess_is_not_shown(tmp_path: Path) -> None:
    guessed = read_catalogue(a_file(tmp_path, HEADER + '#, fuzzy\nmsgid "Yes"\nmsgstr "Nein"\n'))

    assert guessed.gettext("Yes") == "Yes"


def test_a_broken_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PoFileError):
        read_catalogue(a_file(tmp_path, HEADER + 'msgid "Yes"\nmsgstring "Ja"\n'))
    with pytest.raises(ValueError, match="names no language"):
        read_catalogue(a_file(tmp_path, 'msgid "Yes"\nmsgstr "Ja"\n'))


def test_the_confirmations_own_file_has_the_same_words_in_every_language() -> None:
    said = yaml.safe_load(CONFIRMATION.read_text(encoding="utf-8"))
    english = said["en"]

    assert set(said) == set(languages())
    for name in TRANSLATIONS:
        assert said[name].keys() == english.keys()
        assert all(said[name].values())
        assert {key for key in english if holes(said[name][key]) != holes(english[key])} == set()


LEAVING = ("unsubscribe_text", "unsubscribed_text")
HEADER = 'msgid ""\nmsgstr ""\n"Language: pl\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
POLISH = (
    HEADER
    + r""""Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "{count} file"
msgid_plural "{count} files"
msgstr[0] "{count} plik"
msgstr[1] "{count} pliki"
msgstr[2] "{count} plików"
"""
)


WRITTEN = re.compile(r'((msgctxt|msgid|msgid_plural|msgstr(\[\d\])?) )?"([^"\\]|\\.)*"')


def file_of(name: str) -> Path:
    return ROOT / "locales" / name / "LC_MESSAGES" / "campaigns.po"


def a_file(folder: Path, text: str) -> Path:
    path = folder / "campaigns.po"
    path.write_text(text, encoding="utf-8")
    return path


@cache
def marked() -> set[Key]:
    """Every sentence that the source marks, or says at once, with its context."""
    return {key for path in sorted(ROOT.rglob("*.py")) for key in marked_in(path)}


def marked_in(path: Path) -> Iterator[Key]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or path == Path(language.__file__):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        parameters = (MARKS | CALLS).get(name)
        if parameters is None:
            continue
        given = dict(zip(parameters, node.args, strict=False))
        literal = {key: str(arg.value) for key, arg in given.items() if isinstance(arg, ast.Constant)}
        assert literal.keys() == set(parameters), f"{path}:{node.lineno}: {name} takes plain sentences only"
        yield literal.get("context", ""), literal["msgid"]


@cache
def po(name: str) -> Catalog:
    with file_of(name).open("rb") as source:
        return read_po(source, abort_invalid=True)


def entries(name: str) -> dict[Key, tuple[str, ...]]:
    """The catalogue's sentences with all forms of their translation."""
    return {
        (message.context or "", message.id if isinstance(message.id, str) else message.id[0]): (
            (message.string,) if isinstance(message.string, str) else tuple(message.string or [""])
        )
        for message in po(name)
        if message.id
    }


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w*)}", text))


def holes(text: str) -> set[str]:
    return set(re.findall(r"{{\s*([\w.]+)\s*}}", text))

"""What the product says exists in every language it ships, and is filled in alike."""

import ast
import copy
import re
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from tcma import language
from tcma.config import ROOT
from tcma.errors import Conflict, phrase, word
from tcma.language import gettext, ngettext, speaking, spoken
from tcma.launches.models import CampaignStatus
from tcma.lifecycle import moved
from tcma.models import LIFECYCLES
from tcma.viewer import OrganisationKind, Role

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "mark": None,
    "phrase": None,
}
OPTIONS = {"trimmed": "true", "extensions": "jinja2.ext.do"}
RULES = ("audiences", "funds", "kits", "launches", "leads", "organisations", "partners")
REFUSALS = {"Conflict", "Invalid", "NotFound", "Refused"}
SAMPLES = "templates/admin/components.html"  # words that only stand for words
_CALL = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\(")
_NOUN = re.compile(r'\bmoved\("([^"]+)"')
_HOLE = re.compile(r"%\(\w+\)s|%%")

Text = str | tuple[str, ...]


def sources() -> Iterator[Path]:
    yield from sorted((ROOT / "tcma").rglob("*.py"))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        if path.relative_to(ROOT).parts[1] != "kits":
            yield path


@cache
def texts() -> list[tuple[str, int, Text, str | None]]:
    """File, line, text or (one, many), context."""
    return list(_texts())


def _texts() -> Iterator[tuple[str, int, Text, str | None]]:
    for path in [*sources(), *sorted((ROOT / "campaigns").rglob("*.py"))]:
        is_python = path.suffix == ".py"
        if is_python and not _CALL.search(path.read_text()):
            continue
        of_engine = path.is_relative_to(
            ROOT / "campaigns"
        )  # it has catalogues of its own for what prospects read
        with path.open("rb") as file:
            found = extract(
                "python" if is_python else "jinja2",
                file,
                keywords={"phrase": None} if of_engine else KEYWORDS,
                options={} if is_python else OPTIONS,
            )
            for line, text, _, context in found:
                yield str(path.relative_to(ROOT)), line, text, context


@cache
def refused() -> list[tuple[Path, ast.Call, list[ast.expr]]]:
    """Every place in `tcma` that makes a refusal, with what is said there."""
    found = []
    for path in sorted((ROOT / "tcma").rglob("*.py")):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if any(f"{name}(" in text for name in REFUSALS) else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS:
                said = [each for each in node.args if not isinstance(each, ast.Dict)]
                said += [each for one in node.args if isinstance(one, ast.Dict) for each in one.values]
                found.append((path.relative_to(ROOT), node, said))
    return found


def refusals() -> Iterator[tuple[str, str]]:
    """Place and sentence of every rule that says no in fixed words."""
    for path, node, said in refused():
        for one in said if path.parts[1] in RULES else ():
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield f"{path}:{node.lineno}", one.value


def refusals_in_one_piece() -> Iterator[str]:
    """Place of every rule that says no in a text with its values already in it."""
    for path, node, said in refused():
        if path.parts[1] not in {"bench", "cli"} and any(isinstance(one, ast.JoinedStr) for one in said):
            yield f"{path}:{node.lineno}"


def holes(text: str | list[str] | None) -> list[str]:
    return sorted(_HOLE.findall(str(text)))


@pytest.mark.parametrize("locale", [locale for locale in language.SHIPPED if locale != "en"])
def test_no_text_lacks_its_translation(locale: str) -> None:
    known = language.catalogue(locale)
    missing = []
    for path, line, text, context in texts():
        message = known.get(text[0] if isinstance(text, tuple) else text, context)
        said = message.string if message else ""
        if not (all(said) if isinstance(said, tuple) else said):
            missing.append(f"{path}:{line} {text!r}")
        elif message and isinstance(message.id, tuple) != isinstance(text, tuple):
            missing.append(f"{path}:{line} {text!r} has its plural in one place only")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("locale", [locale for locale in language.SHIPPED if locale != "en"])
def test_no_rule_says_no_in_english_alone(locale: str) -> None:
    found, known = list(refusals()), language.catalogue(locale)
    missing = [f"{place} {text!r}" for place, text in found if not _said(known, text)]
    assert len(found) > 90 and not missing, "\n".join(missing)


def test_no_rule_mixes_its_values_into_its_text() -> None:
    assert list(refusals_in_one_piece()) == []


def test_a_refusal_with_values_is_said_in_the_readers_language() -> None:
    role = phrase("%(one)s or %(other)s", one=Role.OWNER, other=Role.SALES)
    told = phrase(
        "Only people with the role %(roles)s at %(organisation)s can do this.",
        roles=role,
        organisation="100 %",
    )

    assert told == "Only people with the role owner or sales at 100 % can do this."
    with speaking("de"):
        assert spoken(told) == "Das können nur Personen mit der Rolle Leitung oder Vertrieb bei 100 %."
        assert spoken(phrase("At most %(most)s characters fit here.", most=4000)).startswith("Hier passen")
        assert "4.000" in spoken(phrase("At most %(most)s characters fit here.", most=4000))
    assert spoken(told) == told and copy.deepcopy(told) == told


STORED = {
    "Row 14: “anna@lindt” is not a complete address. Write it as name@company.com.": (
        "Zeile 14: „anna@lindt“ ist keine vollständige Adresse. Schreiben Sie sie wie name@firma.de."
    ),
    "Nobody in this file can be used. Row 1: there is no e-mail address. Add one, or leave the row out.": (
        "Niemand in dieser Datei ist verwendbar. Zeile 1: Es fehlt die E-Mail-Adresse. Ergänzen Sie eine, oder lassen"
        " Sie die Zeile weg."
    ),
    "Row 1,200 and all after it: a file may hold 1,000 rows. Split it and upload the rest.": (
        "Zeile 1.200 und alle danach: Eine Datei darf 1.000 Zeilen haben. Teilen Sie sie und laden Sie den Rest hoch."
    ),
    "The file is empty. Upload a CSV with one person per row.": (
        "Die Datei ist leer. Laden Sie eine CSV-Datei mit einer Person je Zeile hoch."
    ),
    "2 people of 700 reported this mail as spam. At 0.3 % sending stops.": (
        "2 Personen von 700 haben diese E-Mail als Spam gemeldet. Bei 0,3 % hält der Versand an."
    ),
    "First name is longer than 80 characters. Shorten it. Say the name of the firm.": (
        "Vorname ist länger als 80 Zeichen. Kürzen Sie es. Geben Sie den Namen der Firma an."
    ),
}


@pytest.mark.parametrize("stored", STORED)
def test_a_sentence_that_was_stored_or_joined_is_said_in_the_readers_language(stored: str) -> None:
    with speaking("de"):
        assert spoken(stored) == STORED[stored]
    assert spoken(stored) == stored


@pytest.mark.parametrize(
    "said", ["Call Anna back.", "Hafenstrasse 1, 8001 Zürich: no lift.", "a: b", "100 %", ". "]
)
def test_what_people_wrote_stays_as_they_wrote_it(said: str) -> None:
    with speaking("de"):
        assert spoken(said) == said


def test_every_text_with_values_is_known_again_when_it_was_stored() -> None:
    """Of those whose values are no sentences: each is filled in, and found among all others."""
    known = language.catalogue("de")
    lost = []
    for text in {
        text for path, _, text, _ in texts() if isinstance(text, str) and path.startswith("campaigns")
    }:
        names = re.findall(r"%\((\w+)\)s", text)
        if not names or "sentence" in names or known.get(text) is None:
            continue
        said = phrase(text, **{name: f"<{name}>" for name in names})
        with speaking("de"):
            if spoken(str(said)) != spoken(said):
                lost.append(text)
    assert lost == []


def test_a_state_that_forbids_a_step_is_named_in_the_readers_language() -> None:
    with pytest.raises(Conflict) as refusal, speaking("de"):
        moved("campaign", CampaignStatus.PAUSED, CampaignStatus.DRAFT, LIFECYCLES["Campaign"])
    with speaking("de"):
        assert spoken(refusal.value.sentence) == (
            "Kampagne: Der Stand ist „pausiert“ und kann nicht „im Entwurf“ werden."
            " Möglich ist von hier: abgebrochen, zurückgerufen, laufend."
        )


@pytest.mark.parametrize("locale", [locale for locale in language.SHIPPED if locale != "en"])
def test_every_state_role_and_kind_has_its_word(locale: str) -> None:
    known = language.catalogue(locale)
    words = [word(state) for table in LIFECYCLES.values() for state in type(next(iter(table)))]
    words += [word(each) for each in (*Role, *OrganisationKind)]
    words += [
        noun for path in sorted((ROOT / "tcma").rglob("*.py")) for noun in _NOUN.findall(path.read_text())
    ]

    assert [one for one in words if known.get(one, language.WORD) is None] == []


def _said(known: Catalog, text: str) -> bool:
    message = known.get(text)
    return bool(message and message.string)


@pytest.mark.parametrize("locale", [locale for locale in language.SHIPPED if locale != "en"])
def test_no_text_is_said_in_two_ways(locale: str) -> None:
    assert not language.clashes(locale), "\n".join(language.clashes(locale))


@pytest.mark.parametrize("locale", [locale for locale in language.SHIPPED if locale != "en"])
def test_a_translation_fills_the_same_holes(locale: str) -> None:
    for message in language.catalogue(locale):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        for one in said:
            assert holes(one) in [holes(each) for each in ids], (message.id, one)


def test_the_language_is_a_matter_of_the_block_and_the_thread() -> None:
    heard: list[str] = []
    with speaking("de-CH"):
        assert gettext("Leads") == "Leads" and gettext("Calendar") == "Kalender"
        with speaking("en"):
            assert gettext("Calendar") == "Calendar"
        other = threading.Thread(target=lambda: heard.append(gettext("Calendar")))
        other.start()
        other.join()
        assert gettext("Calendar") == "Kalender"
    assert gettext("Calendar") == "Calendar" and heard == ["Calendar"]


def test_a_plural_takes_its_form_by_the_number_and_fills_in_values() -> None:
    with speaking("de"):
        assert ngettext("%(num)s new lead", "%(num)s new leads", 1) == "1 neuer Lead"
        assert ngettext("%(num)s new lead", "%(num)s new leads", 3) == "3 neue Leads"
        assert gettext("This installation is run by %(operator)s.", operator="100 % Mail").endswith(
            "100 % Mail."
        )


@pytest.mark.parametrize(("locale", "spoken"), [("de_AT", "de"), ("DE", "de"), ("fr", "en"), ("", "en")])
def test_a_language_that_is_not_shipped_is_english(locale: str, spoken: str) -> None:
    assert language.shipped(locale) == spoken

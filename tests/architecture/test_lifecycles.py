"""The tables of docs/lifecycles.md and the tables the code obeys are the same, read in both directions."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from tcma.errors import Conflict
from tcma.lifecycle import moved
from tcma.models import LIFECYCLES

DOCUMENT = Path(__file__).parents[2] / "docs" / "lifecycles.md"
FINAL = "–"
_ROW = re.compile(r"^\| (?P<state>[a-z_]+) \| (?P<targets>.+) \|$", re.MULTILINE)
_MEANING = re.compile(r"^- \*\*(?P<state>[a-z_]+)\*\*: \S.+\.$", re.MULTILINE)


def _sections() -> dict[str, str]:
    title, *parts = re.split(r"^## (.+)$", DOCUMENT.read_text(), flags=re.MULTILINE)
    assert title.startswith("# Lifecycles")
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _drawn(section: str) -> dict[str, set[str]]:
    rows = [(row["state"], row["targets"]) for row in _ROW.finditer(section) if row["state"] != "from"]
    assert len(rows) == len(dict(rows)), "a state has two rows"
    return {state: set() if targets == FINAL else set(targets.split(", ")) for state, targets in rows}


def test_every_lifecycle_has_its_section_and_no_other_stands_there() -> None:
    assert list(_sections()) == list(LIFECYCLES)


@pytest.mark.parametrize("noun", LIFECYCLES)
def test_the_drawn_table_is_the_one_the_code_obeys(noun: str) -> None:
    obeyed = {state.value: {target.value for target in ways} for state, ways in LIFECYCLES[noun].items()}
    assert _drawn(_sections()[noun]) == obeyed


@pytest.mark.parametrize("noun", LIFECYCLES)
def test_every_state_has_a_row_and_says_what_it_means(noun: str) -> None:
    states = {state.value for state in type(next(iter(LIFECYCLES[noun])))}
    section = _sections()[noun]
    assert set(_drawn(section)) == states
    assert {found["state"] for found in _MEANING.finditer(section)} == states


@pytest.mark.parametrize("noun", LIFECYCLES)
def test_every_move_that_is_not_drawn_is_refused_in_a_sentence(noun: str) -> None:
    table = LIFECYCLES[noun]
    drawn = _drawn(_sections()[noun])
    states: list[StrEnum] = list(table)
    for before in states:
        for after in states:
            if after.value in drawn[before.value]:
                assert moved(noun.lower(), before, after, table) is after
                continue
            with pytest.raises(Conflict) as refusal:
                moved(noun.lower(), before, after, table)
            for allowed in drawn[before.value]:
                assert allowed.replace("_", " ") in refusal.value.sentence

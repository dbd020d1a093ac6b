"""Who writes what decides whom a list reaches says so, or counts that are kept would be wrong for good."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COUNTED = {"Contact", "ListMember", "PartnerSuppression", "Consent"}
WRITES = {"insert", "update", "delete", "insert_into", "insert_on"}
TABLES = {"_CONTACTS", "_MEMBERS"}  # the same as plain tables, in audiences
NAMED = {f"{before}{name}" for name in COUNTED | TABLES for before in ("(", " ")}
# Functions that write and do not say so themselves, and why.
EXCUSED = {
    "audiences/contact_rows.py:_contact_upsert": "makes the statement; contacts.keep says so",
    "audiences/contact_rows.py:_member_upsert": "makes the statement; contacts.keep says so",
    "audiences/taking_back.py:remove_contacts": "people who are on no list",
    "audiences/taking_back.py:_restore_known": "take_back says so, slice by slice",
    "audiences/taking_back.py:_earlier_texts": "take_back says so, slice by slice",
    "audiences/taking_back.py:_remove_new": "take_back says so, slice by slice",
}


def test_whoever_writes_people_says_that_they_changed() -> None:
    silent = set()
    for path in sorted((ROOT / "tcma").rglob("*.py")):
        place = path.relative_to(ROOT / "tcma").as_posix()
        text = path.read_text()
        if place.startswith(("bench/", "seed/", "migrations/")) or not any(name in text for name in NAMED):
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef) and _writes(function) and not _says_so(function):
                silent.add(f"{place}:{function.name}")
    assert silent == set(EXCUSED)


def _writes(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in WRITES
        and any(_is_counted(argument) for argument in node.args)
        for node in ast.walk(function)
    ) or any(isinstance(node, ast.Call) and _is_model(node.func) for node in ast.walk(function))


def _is_counted(argument: ast.expr) -> bool:
    """A model or its table, or a row that is read from one of them and deleted or changed as a whole."""
    return _is_model(argument) or (isinstance(argument, ast.Name) and argument.id in TABLES)


def _is_model(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in COUNTED


def _says_so(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute) and node.attr == "people_changed" for node in ast.walk(function)
    )

"""A hundred people on a partner's list; what a vendor's people see of them is who agreed to be named."""

import sqlite3
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tcma.db import Base
from tcma.organisations import queries as organisations
from tcma.viewer import OrganisationKind
from tests.cli.examples import Example, examples
from tests.cli.shell import Shell, leaves
from tests.cli.world import (
    AGREED,
    CANARIES,
    HANNA,
    NORA,
    NORTHWIND_READER,
    TILDA,
    World,
    address,
    canaries_in,
)

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
UUID_COMMANDS = ("lead show", "certificate approve", "certificate decline")
WRITTEN_ONLY = {  # by whoever tells somebody something; only workers read it
    mapper.class_.__tablename__
    for mapper in Base.registry.mappers
    if "SELECT" not in mapper.class_.__web_rights__
}
OF_EACH_TABLE = 6  # public ids guessed, at most about twice as many
NAME_COMMANDS = ("kit publish", "certificate revoke", "fund allocate", "partner terms", "partner end")


def shown_to(shell: Shell, person: str, *command: str) -> str:
    """What a command prints on both streams, as a table and as JSON, without the words that were typed."""
    told = "".join(
        done.stdout + done.stderr
        for done in (shell.run(*command, acting=person), shell.run(*command, "--json", acting=person))
    )
    for word in command:
        told = told.replace(word, "…") if canaries_in(word) else told
    return told


def reading_first(table: dict[str, Example]) -> list[tuple[str, Example]]:
    return sorted(table.items(), key=lambda item: (item[1].changes, item[0]))


def test_no_command_shows_a_vendor_more_than_who_agreed(fresh: World) -> None:
    """Every command of a vendor or a partner, run by a vendor's owner with arguments that exist."""
    seen: dict[str, set[int]] = {}
    for name, example in reading_first(examples(fresh)):
        for arguments in example.works.values():
            found = canaries_in(shown_to(fresh.shell, NORA, *name.split(), *arguments))
            if found:
                seen[name] = found
    assert seen == {"lead list": set(AGREED)}


def test_each_lead_names_to_the_vendor_only_who_agreed(world: World) -> None:
    leads = [shown_to(world.shell, NORA, "lead", "show", lead) for lead in world.leads]
    assert sorted(sorted(canaries_in(lead)) for lead in leads) == [[], [], [0], [1]]
    assert [canaries_in(shown_to(world.shell, TILDA, "lead", "show", lead)) for lead in world.leads] == [
        set()
    ] * 4


def test_a_vendors_reader_sees_no_more_than_its_owner(world: World) -> None:
    for name, example in examples(world).items():
        if VENDOR in example.works and not example.changes:
            found = canaries_in(
                shown_to(world.shell, NORTHWIND_READER, *name.split(), *example.works[VENDOR])
            )
            assert found <= set(AGREED), name


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_no_name_or_id_guessed_from_the_database_shows_a_canary(fresh: World) -> None:
    """Public ids of every table, each slug, code and name, and addresses, in every command that takes one."""
    ids, names = guesses(fresh)
    seen: dict[tuple[str, str], set[int]] = {}
    for name in UUID_COMMANDS:
        more: tuple[str, ...] = ("--reason", "x") if name == "certificate decline" else ()
        for guess in ids:
            found = canaries_in(shown_to(fresh.shell, NORA, *name.split(), guess, *more))
            if found - set(AGREED):
                seen[name, guess] = found
    for name in NAME_COMMANDS:
        more = (
            ("10",) if name == "fund allocate" else ("--reason", "x") if name == "certificate revoke" else ()
        )
        for guess in names:
            found = canaries_in(shown_to(fresh.shell, NORA, *name.split(), guess, *more))
            if found - set(AGREED):
                seen[name, guess] = found
    assert len(ids) >= 40 and address(5) in names and seen == {}


def test_the_table_of_guessing_commands_is_complete() -> None:
    """Commands of vendors that take one name or id and are not in the tables above take no object."""
    named = {
        name
        for name, command in leaves()
        if VENDOR in getattr(getattr(command.callback, "__acting__", None), "kinds", ())
        and any(parameter.param_type_name == "argument" for parameter in command.params)
    }
    alike = {
        "kit export",
        "kit submit",
        "kit withdraw",
        "kit recall",
        "partner suspend",
        "partner resume",
    }  # found the same way
    makes = {"kit import", "fund create", "partner invite", "user invite", "certificate grant"}
    team = {"user roles", "user remove", "user take-back"}  # name colleagues, and look nowhere else
    assert named == {*UUID_COMMANDS, *NAME_COMMANDS} | alike | makes | team


def test_the_search_finds_every_canary_where_they_may_be_seen(world: World) -> None:
    """Proof that the tests above can fail: their partner's own commands show them all."""
    assert canaries_in(shown_to(world.shell, HANNA, "contacts", "list", "Harbour customers")) == set(
        range(CANARIES)
    )
    assert canaries_in(shown_to(world.shell, HANNA, "lead", "list")) == {0, 1, 2, 3}
    assert canaries_in("+41 44 99 98 012") == {12}


def test_whoever_takes_back_nothing_stays_named_and_nobody_else_becomes_so(fresh: World) -> None:
    """The partner's own work on a lead names nobody new."""
    for lead in fresh.leads:
        fresh.shell.ask("lead", "accept", lead, acting=HANNA)
        fresh.shell.ask("lead", "contacted", lead, "--note", f"Spoke to Zanary{CANARIES - 1}", acting=HANNA)
    shown = [shown_to(fresh.shell, NORA, "lead", "show", lead) for lead in fresh.leads]
    assert {number for lead in shown for number in canaries_in(lead)} == set(AGREED)


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.parametrize("owner", [NORA, TILDA])
def test_sql_without_a_filter_shows_a_vendor_only_who_agreed(world_on_postgresql: World, owner: str) -> None:
    """`SELECT *` from every table as the web role, with that vendor as tenant."""
    seen = {table: found for table, found in selected(world_on_postgresql, owner) if found}
    expected = {"lead_people": set(AGREED), "lead_answers": set(AGREED)} if owner == NORA else {}
    assert seen == expected
    assert {"contacts", "lead_people"} <= {
        table for table, found in selected(world_on_postgresql, HANNA) if found
    }


def selected(world: World, person: str) -> Iterator[tuple[str, set[int]]]:
    installed = world.shell.installation()
    with installed.web.reading() as session:
        tenant = organisations.viewer_for(session, person).organisation_id
    with installed.web.reading(tenant) as session:
        for table in sorted(Base.metadata.tables):
            if table in WRITTEN_ONLY:
                with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
                    session.execute(text(f'SELECT * FROM "{table}"'))
                continue
            rows = session.execute(text(f'SELECT * FROM "{table}"')).fetchall()
            yield table, canaries_in("\n".join(readable(value) for row in rows for value in row))
    installed.dispose()


def readable(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def guesses(world: World) -> tuple[list[str], list[str]]:
    """Public ids of every table, everything that serves as a name, and some addresses."""
    connection = sqlite3.connect(world.shell.folder / "tcma.db")
    ids, names = set(), set()
    for table in Base.metadata.sorted_tables:
        if "public_id" in table.columns:
            rows = connection.execute(f"SELECT public_id FROM {table.name}").fetchall()
            thinned = rows[:: len(rows) // OF_EACH_TABLE + 1] if rows else []
            ids |= {str(UUID(bytes=row[0])) for row in thinned}
        for column in ("slug", "code", "name"):
            if column in table.columns:
                names |= {
                    str(row[0]) for row in connection.execute(f"SELECT {column} FROM {table.name}") if row[0]
                }
    names |= {row[0] for row in connection.execute("SELECT address FROM contacts WHERE id % 10 = 6")}
    connection.close()
    return sorted(ids), sorted(names)

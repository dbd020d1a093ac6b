"""Every command × every principal, from the commands as they are declared.

A command of persons says who may use it (`__acting__`); here each principal tries each command.
Commands that need no person are listed with the reason.
"""

import re
import sqlite3
from contextlib import closing
from hashlib import blake2b
from pathlib import Path

import pytest
from click.testing import Result

from tcma.cli.frame import Acting, Exit
from tcma.organisations.service import ROLES
from tcma.viewer import OrganisationKind, Role
from tests.cli.examples import OWNERS, STRANGERS, Example, examples
from tests.cli.shell import Shell, leaves
from tests.cli.world import (
    ALMA,
    HANNA,
    HARBOUR_READER,
    LONER,
    NORA,
    NORTHWIND_READER,
    OPERATOR,
    TILDA,
    UNKNOWN,
    World,
    with_roles,
)

VENDOR, PARTNER, OPERATES = OrganisationKind.VENDOR, OrganisationKind.PARTNER, OrganisationKind.OPERATOR

WITHOUT_A_PERSON = {
    "clock move": "moves the whole installation, never in production",
    "clock show": "shows no data",
    "clock to": "moves the whole installation, never in production",
    "demo": "works in a scratch folder of its own",
    "dev": "starts the installation for whoever sits at its machine",
    "axe": "looks at an example world of its own",
    "bench import": "works in a scratch database of its own",
    "bench kit-mails": "makes an installation of its own",
    "bench mails": "looks at the tests' mails",
    "bench pages": "works in a scratch database of its own",
    "faults events": "works in a scratch database of its own",
    "faults import": "works in a scratch database of its own",
    "faults ledger": "works in a scratch database of its own",
    "faults send": "works in a scratch database of its own",
    "inbound": "takes mails in for whoever runs the installation, shows none",
    "jobs failed": "names and numbers, for whoever runs the installation",
    "jobs retry": "for whoever runs the installation",
    "kit check": "reads a folder on the caller's disk and nothing else",
    "kit new": "writes a folder on the caller's disk and nothing else",
    "audit verify": "recounts seals for whoever runs the installation",
    "ledger prove": "recounts balances for whoever runs the installation",
    "migrate": "comes before anybody is there",
    "shots": "looks at an example world of its own",
    "seed": "fills an empty database",
    "user accept": "the token of the invitation says who it is",
    "user link": "for whoever runs the installation, before mail works",
    "user operator": "makes the first person; works once",
    "user password": "for whoever runs the installation, when somebody is locked out",
}
OF_ONE_PERSON = {"lead undo"}  # takes back what the same person did a moment ago, whatever their role
COMMANDS = dict(leaves())
OF_PERSONS = {name: command for name, command in COMMANDS.items() if hasattr(command.callback, "__acting__")}
KINDS = {
    OPERATOR: OPERATES,
    NORA: VENDOR,
    NORTHWIND_READER: VENDOR,
    TILDA: VENDOR,
    HANNA: PARTNER,
    HARBOUR_READER: PARTNER,
    ALMA: PARTNER,
}
READERS = {VENDOR: NORTHWIND_READER, PARTNER: HARBOUR_READER}
NO_ONE = {UNKNOWN: "There is no person with the address", LONER: "does not belong to an organisation yet"}


ONE_OR_ALL = pytest.mark.parametrize(
    "everybody",
    [pytest.param(False, marks=pytest.mark.quick), pytest.param(True, marks=pytest.mark.slow)],
    ids=["one", "all"],
)


def declared(name: str) -> Acting:
    acting = getattr(COMMANDS[name].callback, "__acting__", None)
    assert isinstance(acting, Acting)
    return acting


@pytest.fixture(scope="module")
def table(world: World) -> dict[str, Example]:
    return examples(world)


def test_none_is_missing(table: dict[str, Example]) -> None:
    assert set(table) == set(OF_PERSONS)
    assert set(COMMANDS) - set(OF_PERSONS) <= set(WITHOUT_A_PERSON)
    assert not set(WITHOUT_A_PERSON) & set(OF_PERSONS)


def test_each_example_is_for_the_kinds_the_command_declares(table: dict[str, Example]) -> None:
    assert {name: set(example.works) for name, example in table.items()} == {
        name: set(declared(name).kinds) for name in table
    }


@ONE_OR_ALL
@pytest.mark.parametrize("name", sorted(OF_PERSONS))
def test_who_may_not_is_told_so_and_nothing_changes(
    name: str, everybody: bool, world: World, table: dict[str, Example]
) -> None:
    """Quickly with one principal of each sort, slowly with all of them."""
    example, who = table[name], declared(name)
    works = next(iter(example.works.values()))
    before = checksum(world.shell)
    principals = KINDS if everybody else {person: KINDS[person] for person in one_of_each(who)}

    assert "Missing option '--as'" in refused(world.shell.run(*name.split(), *works), Exit.USAGE)
    for person, sentence in NO_ONE.items() if everybody else ():
        assert sentence in refused(world.shell.run(*name.split(), *works, acting=person))
    for person, kind in principals.items():
        if kind not in who.kinds:
            done = world.shell.run(*name.split(), *works, acting=person)
            assert refused(done).startswith("This is a command of a "), (person, done.output)
        elif person == READERS.get(kind) and who.roles and example.before is None:
            done = world.shell.run(*name.split(), *example.works[kind], acting=person)
            assert refused(done).startswith("Only people with the role "), (person, done.output)
    assert checksum(world.shell) == before


@pytest.mark.parametrize("name", sorted(OF_PERSONS))
def test_what_belongs_to_another_looks_like_what_is_not_there(
    name: str, world: World, table: dict[str, Example]
) -> None:
    before = checksum(world.shell)
    for stranger, pairs in table[name].foreign.items():
        for foreign, absent in pairs:
            one = refused(world.shell.run(*name.split(), *foreign, acting=stranger))
            other = refused(world.shell.run(*name.split(), *absent, acting=stranger))
            assert without(one, foreign) == without(other, absent)
            assert re.search(r"no such|There is no|You have no |not on|no list|no fund", one), one
    assert checksum(world.shell) == before


@ONE_OR_ALL
@pytest.mark.parametrize("name", sorted(OF_PERSONS))
def test_who_may_does(
    name: str, everybody: bool, world: World, table: dict[str, Example], home: Path
) -> None:
    """Owners on what is theirs; readers too where no role is asked for; strangers where no object is named."""
    example, who = table[name], declared(name)
    principals = KINDS if everybody else {person: kind for kind, person in OWNERS.items()}
    reference = checksum(world.shell)
    for person, kind in principals.items():
        is_reader = person == READERS.get(kind)
        is_stranger = person == STRANGERS.get(kind)
        if kind not in who.kinds or (is_reader and who.roles) or (is_stranger and example.foreign):
            continue
        mine = world
        if example.changes:
            mine = world.at(world.shell.copied(home / "mine"))
            if example.before is not None:
                example.before(mine)
        arguments = own_arguments(name, example.works[kind], person)
        done = mine.shell.run(*name.split(), *arguments, acting=person)
        assert done.exit_code == Exit.OK and done.stdout.strip(), (person, done.output, done.exception)
    assert checksum(world.shell) == reference


def test_who_is_nobody_here_is_told_so(world: World) -> None:
    for person, sentence in NO_ONE.items():
        assert sentence in refused(world.shell.run("kit", "list", acting=person))
    assert "name@company.com" in refused(world.shell.run("kit", "list", "--as", "no address"))
    assert "does not belong to 'alpine-it'" in refused(
        world.shell.run("kit", "list", acting=f"{HANNA}@alpine-it")
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", [VENDOR, PARTNER])
def test_the_roles_declared_are_the_roles_asked_for(
    kind: OrganisationKind, world: World, table: dict[str, Example], home: Path
) -> None:
    """Whoever has every role but the declared ones is refused; each declared one alone is enough."""
    with_roles_declared = [name for name in table if kind in declared(name).kinds and declared(name).roles]
    refusing = world.at(world.shell.copied(home / "refusing"))
    for name in with_roles_declared:
        roles = set(ROLES[kind]) - declared(name).roles - {Role.OWNER}
        if table[name].before is not None:
            continue
        person = with_roles(refusing.shell, OWNERS[kind], roles)
        said = refused(refusing.shell.run(*name.split(), *table[name].works[kind], acting=person))
        assert said.startswith("Only people with the role "), (name, person, said)
    for name in with_roles_declared:
        if name in OF_ONE_PERSON:
            continue
        for role in sorted(declared(name).roles & ROLES[kind]):
            mine = world.at(world.shell.copied(home / "mine")) if table[name].changes else refusing
            if table[name].before is not None:
                table[name].before(mine)  # type: ignore[misc]
            person = with_roles(mine.shell, OWNERS[kind], {role})
            done = mine.shell.run(*name.split(), *table[name].works[kind], acting=person)
            assert done.exit_code == Exit.OK, (name, role, done.output, done.exception)


@pytest.mark.slow
@pytest.mark.postgresql
def test_reading_commands_answer_alike_on_postgresql(world_on_postgresql: World) -> None:
    world = world_on_postgresql
    for name, example in examples(world).items():
        if example.changes:
            continue
        for person, kind in KINDS.items():
            if kind not in declared(name).kinds:
                done = world.shell.run(*name.split(), *next(iter(example.works.values())), acting=person)
                assert refused(done).startswith("This is a command of a ")
            elif person == STRANGERS.get(kind) and example.foreign:
                for foreign, absent in example.foreign[person]:
                    one = refused(world.shell.run(*name.split(), *foreign, acting=person))
                    other = refused(world.shell.run(*name.split(), *absent, acting=person))
                    assert without(one, foreign) == without(other, absent)
            elif person != READERS.get(kind) or not declared(name).roles:
                done = world.shell.run(*name.split(), *example.works[kind], acting=person)
                assert done.exit_code == Exit.OK and done.stdout.strip(), (name, person, done.output)


def test_the_checksum_sees_a_change(fresh: World) -> None:
    before = checksum(fresh.shell)
    fresh.shell.ask("campaign", "pause", fresh.campaign, acting=HANNA)
    assert checksum(fresh.shell) != before


def one_of_each(who: Acting) -> list[str]:
    """A person of a wrong kind and, where roles are asked for, a reader of the right one."""
    wrong = next((person for person, kind in KINDS.items() if kind not in who.kinds), None)
    reader = next((READERS[kind] for kind in who.kinds if kind in READERS and who.roles), None)
    return [person for person in (wrong, reader) if person]


def own_arguments(name: str, works: tuple[str, ...], person: str) -> tuple[str, ...]:
    """A stranger's own list, where the example names Harbour IT's to be made."""
    return tuple(
        "Alpine customers" if person == ALMA and word == "Harbour customers" else word for word in works
    )


def refused(done: Result, code: Exit = Exit.REFUSED) -> str:
    """What was said by a command that refused: a sentence on stderr, no traceback, nothing on stdout."""
    assert done.exit_code == code, (done.exit_code, done.output, done.exception)
    assert isinstance(done.exception, SystemExit), done.exception
    assert done.stdout == "" and "Traceback" not in done.stderr
    if code is Exit.REFUSED:
        assert len(done.stderr.strip().splitlines()) == 1 and done.stderr.strip().endswith("."), done.stderr
    return done.stderr.strip()


def without(sentence: str, arguments: tuple[str, ...]) -> str:
    """The sentence with what was typed taken out."""
    for word in sorted(arguments, key=len, reverse=True):
        sentence = sentence.replace(word, "…") if len(word) > 2 else sentence
    return sentence


def checksum(shell: Shell) -> str:
    """Of every page of the database, as a reader sees them."""
    with closing(sqlite3.connect(shell.folder / "tcma.db")) as connection:
        return blake2b(connection.serialize(), digest_size=16).hexdigest()

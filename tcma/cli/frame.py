"""What every command shares: the installation, who acts, how answers and errors are printed."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cached_property, wraps
from typing import Any

import click
import orjson
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from campaigns.errors import ContentError
from tcma import logs
from tcma.cli import running
from tcma.config import ConfigError, Settings, load
from tcma.errors import DomainError, Invalid, Refused
from tcma.installation import Installation
from tcma.organisations import queries as organisations
from tcma.viewer import OrganisationKind, Role, Viewer

Command = Callable[..., None]  # its first argument is the Desk


class Exit(IntEnum):
    OK = 0
    REFUSED = 1  # a rule said no, or a check failed
    USAGE = 2  # click's own
    BROKEN = 70  # a bug of ours


class Desk:
    """One command's run: opened lazily, so that `--help` touches nothing."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        self.acting_as = ""

    @cached_property
    def settings(self) -> Settings:
        settings = load()
        logs.configure(settings)
        return settings

    @property
    def base_url(self) -> str:
        """What printed links begin with: the address of a `tcma dev` that runs here, else the settings'."""
        return running.base_url(self.settings)

    @cached_property
    def installation(self) -> Installation:
        return Installation.at(self.settings)

    @cached_property
    def viewer(self) -> Viewer:
        """The person named by `--as EMAIL[@ORGANISATION]`."""
        email, organisation = split_actor(self.acting_as)
        with self.installation.web.reading() as session:
            return organisations.viewer_for(session, email, organisation)

    @contextmanager
    def deed(self) -> Iterator[Session]:
        """A transaction of the acting person."""
        with self.installation.web.transaction(self.viewer.organisation_id) as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A reading session of the acting person."""
        with self.installation.web.reading(self.viewer.organisation_id) as session:
            yield session

    def say(self, sentence: str, **facts: Any) -> None:
        """One answer: the sentence for people, the facts with `--json`."""
        if self.as_json:
            click.echo(orjson.dumps(facts or {"message": sentence}, default=str).decode())
        else:
            click.echo(sentence)

    def table(self, rows: list[dict[str, Any]], empty: str) -> None:
        """Rows of equal keys as an aligned table, or as JSON; `empty` when there are none."""
        if self.as_json:
            click.echo(orjson.dumps(rows, default=str).decode())
        elif not rows:
            click.echo(empty)
        else:
            for line in aligned(rows):
                click.echo(line)


def split_actor(text: str) -> tuple[str, str | None]:
    """`eva@harbour-it.example@harbour-it` is Eva at the organisation harbour-it."""
    if text.count("@") > 1:
        email, _, organisation = text.rpartition("@")
        return email, organisation
    return text, None


def wall_time(text: str) -> datetime:
    """A local time as people type it, such as 2026-11-24T09:30. Raises Invalid."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M")  # noqa: DTZ007  (local wall time is meant)
    except ValueError as error:
        raise Invalid(f"'{text[:20]}' is not a local time. Write 2026-11-24T09:30.") from error


def aligned(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Columns as wide as their widest cell; numbers to the right."""
    heads = list(rows[0])
    cells = [[_cell(row[head]) for head in heads] for row in rows]
    widths = [max(len(head), *(len(row[n]) for row in cells)) for n, head in enumerate(heads)]
    numeric = [all(isinstance(row[head], int) for row in rows) for head in heads]
    yield "  ".join(_pad(h, w, n) for h, w, n in zip(heads, widths, numeric, strict=True)).rstrip()
    for row in cells:
        yield "  ".join(_pad(c, w, n) for c, w, n in zip(row, widths, numeric, strict=True)).rstrip()


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return str(value)


def _pad(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)


def answering(command: Command) -> Command:
    """A command that gets the Desk; broken rules become a sentence on stderr and exit status 1."""

    @click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for scripts.")
    @wraps(command)
    def run(*args: Any, as_json: bool, **options: Any) -> None:
        desk = Desk(as_json)
        desk.acting_as = options.pop("acting_as", "")
        with sentences(desk):
            command(desk, *args, **options)

    return run


@dataclass(frozen=True, slots=True)
class Acting:
    """Who may use a command: members of these kinds of organisation, with any role or one of `roles`."""

    kinds: frozenset[OrganisationKind]
    roles: frozenset[Role]


def acting(*kinds: OrganisationKind, roles: Iterable[Role] = ()) -> Callable[[Command], Command]:
    """As `answering`, for commands of a person: adds the required `--as` and declares who may.

    The kind is checked here, roles by the deed itself; a test compares both with this declaration.
    """
    declared = Acting(frozenset(kinds), frozenset(roles))

    def declare(command: Command) -> Command:
        @wraps(command)
        def checked(desk: Desk, *args: Any, **options: Any) -> None:
            if desk.viewer.kind not in declared.kinds:
                kind = " or ".join(sorted(kind.value for kind in declared.kinds))
                raise Refused(
                    f"This is a command of a {kind}; {desk.viewer.organisation_name} is"
                    f" a {desk.viewer.kind.value} here."
                )
            command(desk, *args, **options)

        run = click.option(
            "--as",
            "acting_as",
            required=True,
            metavar="EMAIL[@ORGANISATION]",
            help="Who acts; name the organisation when the person has several.",
        )(answering(checked))
        run.__acting__ = declared  # type: ignore[attr-defined]
        return run

    return declare


@contextmanager
def sentences(desk: Desk) -> Iterator[None]:
    """Errors in sentences: nothing the person cannot act on reaches the screen."""
    try:
        yield
    except (DomainError, ConfigError) as error:
        lines = [str(error)]
        if isinstance(error, Invalid):
            lines += [f"{name}: {sentence}" for name, sentence in error.fields.items()]
        _complain(desk, lines)
    except ContentError as error:
        _complain(desk, [str(problem) for problem in error.problems])
    except FileNotFoundError as error:
        _complain(desk, [f"There is no file {error.filename}."])
    except OperationalError as error:
        said = (str(error.orig).splitlines() or ["no answer"])[0]
        _complain(
            desk, [f"The database refuses: {said}.", "Is it there, and was it made ready by tcma migrate?"]
        )
    finally:
        if "installation" in desk.__dict__:
            desk.installation.dispose()


def _complain(desk: Desk, lines: list[str]) -> None:
    if desk.as_json:
        click.echo(orjson.dumps({"error": lines}).decode(), err=True)
    else:
        for line in lines:
            click.echo(line, err=True)
    sys.exit(Exit.REFUSED)


@contextmanager
def counting(desk: Desk, what: str) -> Iterator[Callable[[int], None]]:
    """Progress of long work on stderr: a running count on a terminal, silence elsewhere."""
    shown = sys.stderr.isatty() and not desk.as_json

    def report(count: int) -> None:
        if shown:
            click.echo(f"\r{count:,} {what}", nl=False, err=True)

    yield report
    if shown:
        click.echo("", err=True)

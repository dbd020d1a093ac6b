"""`tcma demo`: the whole loop of a starter kit, each figure beside what it must be."""

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import click

from tcma.bench.demo import midmarket, small, webinar
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.house import House, open_house
from tcma.bench.demo.post import By
from tcma.errors import DomainError


class Loop(Protocol):
    def __call__(self, house: House, figures: Figures, rows: int, seed: int) -> None: ...


class Kit(StrEnum):
    """The starter kits by whom they are for."""

    SMALL = "small"
    WEBINAR = "webinar"
    MIDMARKET = "midmarket"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is run for a kit: `rows` of the contact file by default, and at least."""

    loop: Loop
    rows: int
    least_rows: int
    takes_replies: bool = False


PLANS: Mapping[Kit, Plan] = {
    Kit.SMALL: Plan(small.run, 5_000, small.LEAST_ROWS),
    Kit.WEBINAR: Plan(webinar.run, webinar.ROWS, webinar.LEAST_ROWS),
    Kit.MIDMARKET: Plan(midmarket.run, midmarket.ROWS, midmarket.LEAST_ROWS, takes_replies=True),
}


def run(
    commands: click.Command,
    report: Callable[[str], None],
    *,
    kit: Kit = Kit.SMALL,
    by: By = By.SMTP,
    rows: int = 0,
    seed: int = 20261121,
    folder: Path | None = None,
    database_url: str = "",
) -> bool:
    """The demo in a scratch folder; True when every figure is right. `commands` is all of `tcma`, which the
    people of the demo type. `rows` is the plan's least or more, 0 for its own number."""
    began = time.monotonic()
    figures, plan = Figures(report), PLANS[kit]
    with tempfile.TemporaryDirectory(prefix="tcma-demo-") as scratch:
        try:
            with open_house(
                commands, folder or Path(scratch), database_url, by=by, replies=plan.takes_replies
            ) as house:
                plan.loop(house, figures, rows or plan.rows, seed)
        except DomainError as error:
            figures.equal("the loop", error.sentence, "went through")
    seconds = time.monotonic() - began
    if figures.wrong:
        report(f"\n{len(figures.wrong)} figures are wrong: {', '.join(figures.wrong)}. {seconds:.0f} s.")
    else:
        report(f"\nEvery figure is right. {seconds:.0f} s.")
    return not figures.wrong

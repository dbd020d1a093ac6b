"""How long the server takes for each page of a partner, and how many SQL statements it needs.

The reference is 50 partners with 200,000 leads and 1,000,000 touch events. The floor, measured in the same run,
is a page of one signed-in person that shows no data of the firm: what Flask, the session and the frame cost.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from sqlalchemy import Engine, event

from tcma.bench.visitor import Visitor

TARGET_MS = 200.0
FLOOR = "/account/"
PARTNER = "/p/<slug:partner>/"
WARM_UP = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """One page: milliseconds at the server and SQL statements (those of the sign-in included). Of a CSV file, which
    leaves while it is read, the milliseconds go to its first row; statements and size are of all of it."""

    view: str
    path: str
    median_ms: float
    p95_ms: float
    worst_ms: float
    statements: int
    size: int

    def as_row(self) -> dict[str, object]:
        return asdict(self)


def measure(
    visitor: Visitor,
    engine: Engine,
    starts: Sequence[str],
    *,
    rounds: int,
    report: Callable[[str], None] = lambda line: None,
) -> list[Figure]:
    """The floor first, then every view that links from `starts` lead to: pages, files, frames and parts."""
    crawl = visitor.crawl(*starts)
    report(f"{len(crawl.pages)} pages and {len(crawl.others)} files, frames and parts found")
    figures = [_figure(visitor, engine, "floor", FLOOR, rounds)]
    for view, path in [*crawl.pages.items(), *crawl.others.items()]:
        figures.append(_figure(visitor, engine, view, path, rounds))
        last = figures[-1]
        report(f"{last.p95_ms:7.1f} ms  {last.statements:3} SQL  {view}")
    return figures


def not_opened(visitor: Visitor, figures: Iterable[Figure]) -> list[str]:
    """Views of a partner that can be looked at and were not."""
    opened = {figure.view for figure in figures}
    return sorted(
        rule.endpoint
        for rule in visitor.app.url_map.iter_rules()
        if rule.rule.startswith(PARTNER) and "GET" in (rule.methods or ()) and rule.endpoint not in opened
    )


def _figure(visitor: Visitor, engine: Engine, view: str, path: str, rounds: int) -> Figure:
    for _ in range(WARM_UP):
        visitor.get(path)
    with counted(engine) as counter:
        answer = visitor.get(path)
        size = len(answer.get_data())
    look = visitor.first_row if answer.mimetype == "text/csv" else visitor.get
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        look(path)
        taken.append((time.perf_counter() - begun) * 1_000)
    return Figure(
        view=view,
        path=path,
        median_ms=round(statistics.median(taken), 1),
        p95_ms=round(sorted(taken)[max(0, -(-len(taken) * 95 // 100) - 1)], 1),
        worst_ms=round(max(taken), 1),
        statements=counter[0],
        size=size,
    )


@contextmanager
def counted(engine: Engine) -> Iterator[list[int]]:
    """Counts the statements that reach the database, those that only open or name a transaction left out."""
    counter = [0]

    def count(connection: object, cursor: object, statement: str, *more: object) -> None:
        if not statement.lstrip().upper().startswith(("PRAGMA", "BEGIN", "SET ", "SELECT SET_CONFIG")):
            counter[0] += 1

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield counter
    finally:
        event.remove(engine, "before_cursor_execute", count)

"""A contact file of a million rows: how fast it is read, checked and stored, and in how much memory.

The file is written to disk first; what is measured runs in this process, one after the other, so the peak of its memory
is that of the whole: program, SQLite or the client of PostgreSQL, and the rows on their way.
"""

import csv
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from campaigns import people
from tcma.audiences import imports, service
from tcma.audiences.models import Basis
from tcma.bench.faults_import import a_partner
from tcma.installation import Installation

MOST_MB = 200
WRONG_EVERY = 25


@dataclass(frozen=True, slots=True)
class Step:
    """One way through the file; memory is the peak of the process so far."""

    name: str
    rows: int
    seconds: float
    cpu: float
    peak_mb: int

    def line(self) -> str:
        return (
            f"{self.name:<10}{self.rows / self.seconds:>10,.0f} rows/s{self.seconds:>9.1f} s{self.cpu:>9.1f} s CPU"
            f"{self.peak_mb:>7} MB at most"
        )


@dataclass(frozen=True, slots=True)
class Result:
    rows: int
    size: int
    ready: int
    skipped: int
    steps: tuple[Step, ...]

    @property
    def problems(self) -> list[str]:
        found = []
        wrong = len(range(WRONG_EVERY - 1, self.rows, WRONG_EVERY))
        if (self.ready, self.skipped) != (self.rows - wrong, wrong):
            found.append(f"{self.ready:,} ready and {self.skipped:,} left out, not {self.rows - wrong:,} and {wrong:,}.")
        if self.steps[-1].peak_mb > MOST_MB:
            found.append(f"{self.steps[-1].peak_mb} MB are more than {MOST_MB}.")
        return found


def run(installation: Installation, rows: int, report: Callable[[str], None]) -> Result:
    """Read a file of `rows` rows three times: as CSV alone, checked, and into a list of a new partner."""
    viewer = a_partner(installation)
    with tempfile.TemporaryDirectory(prefix="tcma-import-") as folder:
        path = Path(folder, "large.csv")
        _write(path, rows)
        report(f"{path.stat().st_size / 1024 / 1024:.0f} MB written")
        steps = [_step("floor", rows, lambda: _floor(path)), _step("checked", rows, lambda: _checked(path))]
        with installation.web.transaction(viewer.organisation_id) as session:
            target = service.make_list(session, viewer, "Large").public_id
        receipts: list[imports.ImportReceipt] = []

        def stored() -> None:
            with path.open("rb") as file:
                receipts.append(
                    imports.run(
                        installation.web,
                        viewer,
                        target,
                        file,
                        file_name=path.name,
                        basis=Basis.CUSTOMER,
                        hash_key=installation.settings.hash_key,
                    )
                )

        steps.append(_step("stored", rows, stored))
        size = path.stat().st_size
    return Result(rows, size, receipts[0].ready, receipts[0].skipped, tuple(steps))


def _step(name: str, rows: int, go: Callable[[], None]) -> Step:
    begun, cpu = time.monotonic(), time.process_time()
    go()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Step(name, rows, time.monotonic() - begun, time.process_time() - cpu, peak)


def _floor(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def _checked(path: Path) -> None:
    with path.open("rb") as file:
        layout = people.sniff(file.read(people.SAMPLE), path.stat().st_size)
        file.seek(0)
        for _ in people.read(file, layout):
            pass


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write("First name,Last name,E-mail,Company,Phone,Employees\n")
        for number in range(rows):
            address = f"p{number}@firm{number // 3}.example" if (number + 1) % WRONG_EVERY else f"p{number} at firm"
            out.write(
                f"Anna{number % 97},Müller{number % 89},{address},"
                f"Firm {number // 3} AG,+41 44 555 {number % 10000:04},{number % 500 + 1}\n"
            )

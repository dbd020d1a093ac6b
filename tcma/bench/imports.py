"""A contact file of a million rows: how fast it is read, checked and stored, and in how much memory.

The file is written to disk first. It is stored by the command that a person types, in a process of its own, whose peak
of memory is that of the whole: program, SQLite or the client of PostgreSQL, and the rows on their way.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from campaigns import people
from tcma import clock
from tcma.bench import workers
from tcma.bench.faults_import import a_partner
from tcma.config import ROOT
from tcma.errors import DomainError
from tcma.installation import Installation
from tcma.organisations.models import Membership, User
from tcma.viewer import Role

MOST_MB = 200
WRONG_EVERY = 25

# A process between: the peak of a child counts what its parent weighed when it forked.
_PEAK = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"kb": used.ru_maxrss, "cpu": used.ru_utime + used.ru_stime}))
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One way through the file."""

    name: str
    rows: int
    seconds: float
    cpu: float

    def line(self) -> str:
        rate = f"{self.name:<10}{self.rows / self.seconds:>10,.0f} rows/s"
        return (
            f"{rate}{self.seconds:>9.1f} s{self.cpu:>9.1f} s CPU{self.rows / self.cpu:>10,.0f} rows/s of CPU"
        )


@dataclass(frozen=True, slots=True)
class Result:
    rows: int
    size: int
    ready: int
    skipped: int
    peak_mb: int
    steps: tuple[Step, ...]

    @property
    def problems(self) -> list[str]:
        found = []
        wrong = len(range(WRONG_EVERY - 1, self.rows, WRONG_EVERY))
        if (self.ready, self.skipped) != (self.rows - wrong, wrong):
            found.append(
                f"{self.ready:,} ready and {self.skipped:,} left out, not {self.rows - wrong:,} and {wrong:,}."
            )
        if self.peak_mb > MOST_MB:
            found.append(f"{self.peak_mb} MB are more than {MOST_MB}.")
        return found


def run(installation: Installation, rows: int, report: Callable[[str], None]) -> Result:
    """Read a file of `rows` rows three times: as CSV alone, checked, and into a list of a new partner."""
    viewer = a_partner(installation)
    with installation.worker.transaction() as session:
        email = session.get_one(User, viewer.user_id).email
        owner = Membership(user_id=viewer.user_id, organisation_id=viewer.organisation_id, role=Role.OWNER)
        owner.created_at = clock.now(session)
        session.add(owner)
    with tempfile.TemporaryDirectory(prefix="tcma-import-") as folder:
        path = Path(folder, "large.csv")
        _write(path, rows)
        size = path.stat().st_size
        report(f"{size / 1024 / 1024:.0f} MB written")
        steps = [_step("floor", rows, lambda: _floor(path)), _step("checked", rows, lambda: _checked(path))]
        command = [
            "contacts",
            "import",
            str(path),
            "--list",
            "Large",
            "--basis",
            "customer",
            "--json",
            "--as",
            email,
        ]
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, sys.executable, "-m", "tcma", *command],
            cwd=ROOT,
            env=workers.environment(installation.settings),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DomainError(f"The file was not read: {done.stderr.strip()[:300]}")
        answer, used = map(json.loads, done.stdout.strip().splitlines())
        steps.append(Step("stored", rows, time.monotonic() - begun, used["cpu"]))
    return Result(rows, size, answer["ready"], answer["skipped"], used["kb"] // 1024, tuple(steps))


def _step(name: str, rows: int, go: Callable[[], None]) -> Step:
    begun, cpu = time.monotonic(), time.process_time()
    go()
    return Step(name, rows, time.monotonic() - begun, time.process_time() - cpu)


def _floor(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file):
            pass


def _checked(path: Path) -> None:
    with path.open("rb") as file:
        layout = people.sniff(file.read(people.SAMPLE), path.stat().st_size)
        file.seek(0)
        for _ in people.read(file, layout, asks_about_doubt=True):
            pass


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write("First name,Last name,E-mail,Company,Phone,Employees\n")
        for number in range(rows):
            address = (
                f"p{number}@firm{number // 3}.example" if (number + 1) % WRONG_EVERY else f"p{number} at firm"
            )
            out.write(
                f"Anna{number % 97},Müller{number % 89},{address},"
                f"Firm {number // 3} AG,+41 44 555 {number % 10000:04},{number % 500 + 1}\n"
            )

"""Kill -9 of the worker while it reads a contact file: each valid row once, and who left stays out.

The file is given as the page gives it, twice; a worker process reads it as a job, slice by slice, and is killed
again and again. Which rows are good is known beforehand.
"""

import io
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma.audiences import suppression, terms, uploads
from tcma.audiences.models import Contact, ContactImport, ImportStatus, ListMember
from tcma.bench import workers
from tcma.bench.demo import contact_file
from tcma.bench.demo.contact_file import ContactFile
from tcma.bench.send_world import Plan, build
from tcma.installation import Installation
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer

LIFE = 1.0  # seconds a worker lives at most after it came forward, before it is killed
LOOK = 0.02  # seconds between two looks at how far it is
START_LIMIT = 90.0
END_LIMIT = 600.0
LEFT_EVERY = 97  # one in so many left another tool before
GONE = "unsubscribed_earlier"


@dataclass
class Result:
    """What a run did and what it found wrong (nothing, when the promises hold)."""

    rows: int
    seed: int
    kills: int = 0
    ready: int = 0
    skipped: int = 0
    left: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def lines(self) -> list[str]:
        """The table."""
        return [
            f"rows        {self.rows:>9,}   seed {self.seed}, {self.seconds:.0f} s",
            f"kills       {self.kills:>9,}",
            f"people      {self.ready:>9,}   each once, as the file says",
            f"left out    {self.skipped:>9,}   with the reason the file says",
            f"suppressed  {self.left:>9,}   of them, and still suppressed",
            *(f"PROBLEM: {problem}" for problem in self.problems),
        ]


def run(
    installation: Installation, rows: int, kills: int, seed: int, report: Callable[[str], None]
) -> Result:
    """Read a file of `rows` rows by a worker that is killed `kills` times at moments drawn from `seed`.

    The database must be migrated and used by nobody else. `result.ok` says whether every promise held.
    """
    begun = time.monotonic()
    result, random = Result(rows, seed), Random(seed)
    viewer = a_partner(installation)
    file = contact_file.make(rows, seed)
    left = sorted(file.ready)[::LEFT_EVERY]
    gone = io.BytesIO("\n".join(["E-mail", *left, ""]).encode())
    key = installation.settings.hash_key
    suppression.import_suppressions(installation.web, viewer, gone, hash_key=key)
    first, again = (_give(installation, viewer, file) for _ in range(2))
    if first.is_known or not again.is_known:
        result.problems.append("The same file given twice was taken for two.")
    for number in range(kills):
        _live_and_die(installation, random, rows * (number + 1) // (kills + 1))
        result.kills += 1
        report(f"Killed {number + 1} of {kills}: {_next_row(installation):,} rows read")
    if _status(installation) is ImportStatus.DONE:
        result.problems.append("It was over before the last kill: give it more rows.")
    _finish(installation)
    with installation.worker.reading() as session:
        _judge(session, file, left, result)
    result.seconds = time.monotonic() - begun
    return result


def a_partner(installation: Installation) -> Viewer:
    """The owner of a new partner that accepted the processing terms."""
    with installation.worker.transaction() as session:
        plan, key = Plan(people=1), installation.settings.hash_key
        world = build(session, plan, hash_key=key, files=installation.storage)
        firm = session.get_one(Organisation, world.partner_id)
        viewer = Viewer(firm.id, OrganisationKind.PARTNER, firm.name, world.user_id, frozenset({Role.OWNER}))
    with installation.web.transaction(viewer.organisation_id) as session:
        terms.accept_processing_terms(session, viewer, terms.CURRENT)
    return viewer


def _give(installation: Installation, viewer: Viewer, file: ContactFile) -> uploads.Received:
    return uploads.receive(
        installation.web,
        viewer,
        installation.storage,
        io.BytesIO(file.content),
        file_name="customers.csv",
        hash_key=installation.settings.hash_key,
    )


def _live_and_die(installation: Installation, random: Random, most: int) -> None:
    """Start a worker, let it read on for a moment, kill it without warning: when it has read `most` rows at the
    latest, so that each kill finds it at work."""
    before = _next_row(installation)
    worker = workers.start(installation.settings, lease="2")
    try:
        workers.wait(lambda: _next_row(installation) > before, START_LIMIT, worker)
        end = time.monotonic() + random.uniform(0.0, LIFE)
        while time.monotonic() < end and _next_row(installation) < most:
            time.sleep(LOOK)
    finally:
        worker.kill()
        worker.wait()


def _finish(installation: Installation) -> None:
    """One more worker, which nobody kills, reads to the end."""
    worker = workers.start(installation.settings, lease="2")
    try:
        workers.wait(lambda: _status(installation) is ImportStatus.DONE, END_LIMIT, worker)
    finally:
        worker.kill()
        worker.wait()


def _judge(session: Session, file: ContactFile, left: list[str], result: Result) -> None:
    """Hold the list against the file."""
    found = session.scalars(select(ContactImport)).one()
    people = session.execute(
        select(Contact.address, Contact.company, func.count())
        .join(ListMember, ListMember.contact_id == Contact.id)
        .where(ListMember.list_id == found.list_id)
        .group_by(Contact.address, Contact.company)
    ).all()
    gone = set(left)
    wanted = {address: company for address, company in file.ready.items() if address not in gone}
    stored = {address: company for address, company, _ in people}
    result.ready, result.left = len(stored), len(gone)
    result.skipped = found.skipped_count
    if len(people) != len(stored) or any(count != 1 for *_, count in people):
        result.problems.append("Somebody stands on the list more than once.")
    if stored != wanted:
        missing, added = len(wanted.keys() - stored.keys()), len(stored.keys() - wanted.keys())
        result.problems.append(f"{missing} people are missing, {added} are too many.")
    expected = Counter(file.skipped) + Counter({GONE: len(gone)})
    if Counter(found.skipped_by_reason) != expected:
        result.problems.append(f"Left out were {found.skipped_by_reason}, not {dict(expected)}.")
    if found.ready_count != len(wanted):
        result.problems.append(f"The page says {found.ready_count:,} people; there are {len(wanted):,}.")


def _next_row(installation: Installation) -> int:
    with installation.worker.reading() as session:
        return session.scalars(select(ContactImport.next_row)).one()


def _status(installation: Installation) -> ImportStatus:
    with installation.worker.reading() as session:
        return session.scalars(select(ContactImport.status)).one()

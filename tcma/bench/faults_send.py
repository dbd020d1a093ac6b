"""Kill -9 of the worker in mid-send, again and again: nothing lost, nothing doubled, what is in doubt is listed.

A real worker process sends over SMTP to the sink, which runs in a process of its own and writes down what it
accepted before it says so: its journal is the oracle.
"""

import signal
import subprocess
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import ColumnElement, func, select

from tcma.audiences.models import Contact
from tcma.bench import workers
from tcma.bench.send_world import Plan, World, build
from tcma.bench.sink import Options, Sink
from tcma.db import Database
from tcma.funds.models import CostLine
from tcma.installation import Installation
from tcma.launches.deliveries import Delivery, DeliveryStatus, SendGroup
from tcma.launches.models import CampaignTouch

LIFE = 0.8  # seconds a worker lives at most after its first message, before it is killed
START_LIMIT = 60.0
END_LIMIT = 180.0
SAMPLE = 0.05
SHOWN_PROBLEMS = 20
PRICE = 25_000_000  # millionths of a minor unit per 1,000: money moves with every group

_D = DeliveryStatus
_OPEN = (_D.QUEUED, _D.UNKNOWN, _D.SKIPPED, _D.FAILED)


@dataclass
class Result:
    """What a run did and what it found wrong (nothing, when the promises hold)."""

    recipients: int
    seed: int
    kills: int = 0
    group_size: int = 0
    received: int = 0
    lost: int = 0
    doubled: int = 0
    unknown: int = 0
    unknown_groups: int = 0
    samples: int = 0
    seconds: float = 0.0
    statuses: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def lines(self) -> list[str]:
        """The table."""
        shown = ", ".join(f"{number:,} {status}" for status, number in sorted(self.statuses.items()))
        return [
            f"recipients        {self.recipients:>8,}   seed {self.seed}, {self.seconds:.0f} s",
            f"kills             {self.kills:>8,}   groups of {self.group_size}",
            f"received          {self.received:>8,}",
            f"lost              {self.lost:>8,}",
            f"doubled           {self.doubled:>8,}",
            f"unknown           {self.unknown:>8,}   in {self.unknown_groups} groups, all listed",
            f"samples           {self.samples:>8,}   of the figures, while it ran",
            f"at the end        {shown}",
            *(f"PROBLEM: {problem}" for problem in self.problems[:SHOWN_PROBLEMS]),
        ]


def run(
    installation: Installation,
    recipients: int,
    kills: int,
    seed: int,
    report: Callable[[str], None],
) -> Result:
    """Send to `recipients` people through a worker that is killed `kills` times at moments drawn from `seed`.

    The database must be migrated and used by nobody else. `result.ok` says whether every promise held.
    """
    begun = time.monotonic()
    result, random = Result(recipients, seed), Random(seed)
    installation.settings.var.mkdir(parents=True, exist_ok=True)
    with installation.worker.transaction() as session:
        plan = Plan(recipients, chunk_size=100, price=PRICE)
        key = installation.settings.hash_key
        world = build(session, plan, hash_key=key, files=installation.storage)
    journal = installation.settings.var / f"sink-{world.campaign_id}.jsonl"
    lanes = installation.settings.lanes
    # Small groups, so that after all kills there is still something to send.
    most = recipients // (3 * lanes * max(kills, 1))
    group_size = result.group_size = max(1, min(installation.settings.group_size, most))
    delay = max(kills, 1) * LIFE * lanes / recipients  # slow enough that every kill finds work
    with Sink.start(Options(journal, delay=delay)) as sink, _sampling(installation.worker, world, result):
        for number in range(kills):
            _live_and_die(installation, sink, random, group_size)
            result.kills += 1
            report(f"Killed {number + 1} of {kills}: {len(sink.journal()):,} received")
        _finish(installation, sink, world, result)
        _judge(installation.worker, world, sink, result, lanes=lanes)
    result.seconds = time.monotonic() - begun
    return result


def _live_and_die(installation: Installation, sink: Sink, random: Random, group_size: int) -> None:
    """Start a worker, let it send for a moment, kill it without warning."""
    before = len(sink.journal())
    worker = _start(installation, sink, group_size)
    try:
        workers.wait(lambda: len(sink.journal()) > before, START_LIMIT, worker)
        time.sleep(random.uniform(0.0, LIFE))
    finally:
        worker.kill()
        worker.wait()


def _start(installation: Installation, sink: Sink, group_size: int) -> subprocess.Popen[bytes]:
    mail = f"smtp://127.0.0.1:{sink.port}?security=none"
    return workers.start(installation.settings, group_size=str(group_size), mail=mail)


def _finish(installation: Installation, sink: Sink, world: World, result: Result) -> None:
    """One more worker, which nobody kills, sends what is left and drains."""
    worker = _start(installation, sink, result.group_size)
    try:
        workers.wait(lambda: not _waiting(installation.worker, world), END_LIMIT, worker)
        worker.send_signal(signal.SIGTERM)
        status = worker.wait(30)
        if status != 0:
            result.problems.append(f"The worker ended with status {status} when it was asked to stop.")
    finally:
        if worker.poll() is None:
            worker.kill()
            worker.wait()


def _judge(database: Database, world: World, sink: Sink, result: Result, *, lanes: int) -> None:
    """Hold the database against the journal of the receiver."""
    received = Counter(address for entry in sink.journal() for address in entry.recipients)
    with database.reading() as session:
        rows = session.execute(
            select(
                Delivery.id, Delivery.status, Delivery.group_id, SendGroup.worker_id, Contact.address_typed
            )
            .join(Contact, Contact.id == Delivery.contact_id)
            .outerjoin(SendGroup, SendGroup.id == Delivery.group_id)
            .where(Delivery.campaign_id == world.campaign_id)
        ).all()
        units = session.scalars(select(CostLine.units).where(CostLine.campaign_id == world.campaign_id)).one()
    groups: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        times = received.pop(row.address_typed, 0)
        if times == 0 and row.status not in _OPEN:
            result.lost += 1
            result.problems.append(f"Message {row.id} is {row.status.value} and was not received.")
        if times > 1:
            result.doubled += 1
            result.problems.append(f"Message {row.id} was received {times} times.")
        if times and row.status not in (_D.SENT, _D.DELIVERED, _D.UNKNOWN):
            result.problems.append(f"Message {row.id} is {row.status.value} and was received.")
        if row.status is _D.UNKNOWN:
            groups[row.worker_id].add(row.group_id)
        result.received += times
    result.problems += [f"Nobody of ours has the address {address}." for address in received]
    result.statuses = dict(Counter(row.status.value for row in rows))
    result.unknown = result.statuses.get(_D.UNKNOWN.value, 0)
    result.unknown_groups = sum(len(found) for found in groups.values())
    for worker_id, found in sorted(groups.items()):
        if len(found) > lanes:
            result.problems.append(
                f"Worker {worker_id} left {len(found)} groups in doubt, with {lanes} lanes."
            )
    if len(groups) > result.kills:
        result.problems.append(f"{len(groups)} workers left messages in doubt, {result.kills} were killed.")
    if units != result.statuses.get(_D.SENT.value, 0):
        result.problems.append(f"The cost line counts {units} messages, sent are {result.statuses}.")


@contextmanager
def _sampling(database: Database, world: World, result: Result) -> Iterator[None]:
    """While the block runs, look whether the figures add up, each time in one statement."""
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLE):
            problem = _figures_problem(database, world)
            result.samples += 1
            if problem:
                result.problems.append(problem)

    thread = threading.Thread(target=sample, name="sampling", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _figures_problem(database: Database, world: World) -> str:
    def counted(status: DeliveryStatus) -> ColumnElement[int]:
        return (
            select(func.count())
            .where(Delivery.touch_id == CampaignTouch.id, Delivery.status == status)
            .correlate(CampaignTouch)
            .scalar_subquery()
            .label(status.value)
        )

    with database.reading() as session:
        touch, *numbers = session.execute(
            select(CampaignTouch, *(counted(status) for status in DeliveryStatus)).where(
                CampaignTouch.id == world.touch_ids[0]
            )
        ).one()
        shown = [getattr(touch, f"{status.value}_count") for status in DeliveryStatus]
        people = touch.people_count
    if list(numbers) == shown and sum(shown) == people:
        return ""
    return f"The figures do not add up: shown {shown}, counted {list(numbers)}, people {people}."


def _waiting(database: Database, world: World) -> int:
    with database.reading() as session:
        waiting = CampaignTouch.queued_count + CampaignTouch.sending_count
        return session.scalars(select(func.sum(waiting)).where(CampaignTouch.id.in_(world.touch_ids))).one()

"""A campaign goes out through the fake of SendGrid, whose reports come twenty times, in any order, too early and
forged; the end is compared with what each event once would have made."""

import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from sqlalchemy import func, select
from werkzeug.test import Client

from campaigns.providers.base import Accepted, Outcome, Outgoing, Provider
from campaigns.providers.sendgrid_events import OLDEST, SIGNATURE, TIMESTAMP
from tcma import clock
from tcma.audiences.models import Contact, PartnerSuppression
from tcma.bench import fake_sendgrid_events as sendgrid
from tcma.bench.events_story import HARMLESS, End, Happening, end_of, stories
from tcma.bench.fake_sendgrid import Act, FakeSendGrid, Manners
from tcma.bench.send_world import Plan, World, build
from tcma.funds.models import CostLine
from tcma.installation import Installation
from tcma.jobs import queue
from tcma.jobs.leases import Lease
from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.launches import provider_reports, reached, sending
from tcma.launches.deliveries import Delivery, DeliveryStatus, TouchEvent
from tcma.launches.models import CampaignTouch
from tcma.launches.provider_reports import ProviderReport
from tcma.launches.ways_out import MailComposer, open_provider, site_of
from tcma.web import create_app

KEY = "SG.of-the-fault-run"
ADDRESS = "/events/sendgrid"
PRICE = 10_000_000
MOST_A_REPORT = 500  # events
EARLY = 0.5  # of the mails have events before our own commit
LOST_ANSWERS = 3  # every n-th answer of the API is lost after the mails were taken
SHOWN_PROBLEMS = 20


@dataclass
class Result:
    """What was done, and what was found wrong (nothing, when every promise held)."""

    mails: int
    events: int
    copies: int
    seed: int
    reports: int = 0
    early: int = 0
    doubtful: int = 0
    forged: int = 0
    refused: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def lines(self) -> list[str]:
        shown = ", ".join(f"{number:,} {status}" for status, number in sorted(self.statuses.items()))
        return [
            f"mails             {self.mails:>8,}   seed {self.seed}, {self.seconds:.0f} s",
            f"events            {self.events:>8,}   {self.copies} copies of each, in {self.reports:,} reports",
            f"early             {self.early:>8,}   before our own commit of their mails",
            f"in doubt          {self.doubtful:>8,}   mails whose answer was lost: their events settled them",
            f"forged            {self.forged:>8,}   reports, {self.refused:,} refused",
            f"taken in          {self.rate:>8,.0f}   events a second, copies included, on two workers",
            f"at the end        {shown}",
            *(f"PROBLEM: {problem}" for problem in self.problems[:SHOWN_PROBLEMS]),
        ]


def run(
    made: Installation,
    events: int,
    copies: int,
    forged: int,
    seed: int,
    report: Callable[[str], None],
) -> Result:
    """At least `events` events, each `copies` times, and `forged` reports among them, drawn from `seed`.

    The database must be migrated and used by nobody else. `result.ok` says whether every promise held.
    """
    begun, random = time.monotonic(), Random(seed)
    told = stories(random, events)
    result = Result(len(told), sum(map(len, told)), copies, seed)
    journal = made.settings.var / f"sendgrid-{seed}.jsonl"
    signer = sendgrid.Signer()
    with FakeSendGrid(journal, KEY, Manners(fail_every=LOST_ANSWERS, fail_with=Act.CUT_AFTER)) as fake:
        settings = replace(
            made.settings,
            mail=f"sendgrid:{fake.address}",
            sendgrid_key=KEY,
            sendgrid_events_key=signer.public_key,
        )
        run_in = replace(made, settings=settings)
        with run_in.worker.transaction() as session:
            plan = Plan(len(told), price=PRICE)
            world = build(session, plan, hash_key=settings.hash_key, files=run_in.storage)
        machine = _Machine(run_in, world, signer, random, result)
        machine.tell(told)
        machine.send_out()
        machine.check_journal(fake)
    report(f"{len(told):,} mails sent, {result.early:,} events were there before our own commit")
    machine.report_all(copies, forged, report)
    machine.judge()
    result.seconds = time.monotonic() - begun
    return result


class _Machine:
    def __init__(
        self, made: Installation, world: World, signer: sendgrid.Signer, random: Random, result: Result
    ) -> None:
        self.made, self.world, self.signer, self.random, self.result = made, world, signer, random, result
        self.client = Client(create_app(made))
        self.site = site_of(made.settings)
        self.told: dict[int, list[Happening]] = {}
        self.accepted: set[int] = set()

    def tell(self, told: Sequence[list[Happening]]) -> None:
        """Which mail has which story."""
        with self.made.worker.reading() as session:
            ids = session.scalars(
                select(Delivery.id)
                .where(Delivery.campaign_id == self.world.campaign_id)
                .order_by(Delivery.id)
            ).all()
        self.told = dict(zip(ids, told, strict=True))

    def send_out(self) -> None:
        """One lane hands everything over; half of the mails are reported before it knows that they went."""
        lease = Lease(self.made.worker, 60.0)
        composer = MailComposer(self.made.worker, self.made.storage, self.made.signer, self.made.settings)
        settings = replace(self.made.settings, group_time=60.0)
        try:
            while True:
                provider = _Early(open_provider(settings, self.made.storage), self._report_early)
                before = len(self.accepted)
                sending.run_lane(self.made.worker, composer, provider, lease, settings, lambda: False)
                self.accepted |= provider.accepted
                if len(self.accepted) == before:
                    return
        finally:
            lease.sign_off()

    def check_journal(self, fake: FakeSendGrid) -> None:
        """Every mail was taken by the provider, once."""
        taken = Counter(int(one.custom_args["tcma_delivery"]) for one in fake.taken())
        if set(taken) != set(self.told) or set(taken.values()) != {1}:
            self.problem(f"{len(taken):,} of {len(self.told):,} mails were taken, not each of them once.")
        self.result.doubtful = len(self.told) - len(self.accepted)

    def report_all(self, copies: int, forged: int, report: Callable[[str], None]) -> None:
        """Every event `copies` times in random order, forged reports in between; then everything once more."""
        events = [(number, one) for number, story in self.told.items() for one in story]
        for round_ in ("first", "again"):
            pile = events * (copies if round_ == "first" else 1)
            self.random.shuffle(pile)
            begun = time.monotonic()
            self._pour(pile, forged if round_ == "first" else 0)
            self._work()
            if round_ == "first":
                self.result.rate = len(pile) / (time.monotonic() - begun)
                state = self._ends()
                report(f"{len(pile):,} events taken in, {self.result.rate:,.0f} a second")
            elif self._ends() != state:
                self.problem("Replaying everything changed the end.")

    def judge(self) -> None:
        """The end against what each event once makes of each mail."""
        found = self._ends()
        for number, story in self.told.items():
            wanted = end_of(story, accepted=number in self.accepted)
            self.result.statuses[found[number].status] += 1
            if found[number] != wanted:
                self.problem(f"Mail {number} ({_words(story)}) is {found[number]}, not {wanted}.")
        statuses = self.result.statuses
        with self.made.worker.reading() as session:
            touch = session.get_one(CampaignTouch, self.world.touch_ids[0])
            units = session.scalars(
                select(CostLine.units).where(CostLine.campaign_id == self.world.campaign_id)
            ).one()
            left = session.scalar(select(func.count()).select_from(ProviderReport))
        shown = {status.value: getattr(touch, f"{status.value}_count") for status in DeliveryStatus}
        if {status: number for status, number in shown.items() if number} != dict(statuses):
            self.problem(f"The figures say {shown}, counted are {dict(statuses)}.")
        if units != statuses["sent"] + statuses["delivered"]:
            self.problem(f"{units} messages are charged, of {dict(statuses)}.")
        counts = Counter(kind for end in found.values() for kind, _, _ in end.events)
        if (touch.complained_count, touch.unsubscribed_count) != (
            counts["complained"],
            counts["unsubscribed"],
        ):
            self.problem("Complaints or unsubscriptions are not what their events are.")
        if left:
            self.problem(f"{left} reports were not worked off.")

    def problem(self, sentence: str) -> None:
        self.result.problems.append(sentence)

    def _report_early(self, messages: Sequence[Outgoing]) -> None:
        chosen = [one.delivery_id for one in messages if self.random.random() < EARLY]
        pile = [(number, one) for number in chosen for one in self.told[number] if one.word in HARMLESS]
        self.random.shuffle(pile)
        self.result.early += len(pile)
        self._pour(pile, 0)
        self._work()

    def _pour(self, pile: Sequence[tuple[int, Happening]], forged: int) -> None:
        """Post the events in reports of random length, forged ones at random places among them."""
        start, places = 0, sorted(self.random.randrange(len(pile) + 1) for _ in range(forged))
        while start < len(pile):
            end = start + self.random.randrange(1, MOST_A_REPORT)
            while places and places[0] < end:
                places.pop(0)
                self._forge(pile)
            body = sendgrid.body([self._event(number, one) for number, one in pile[start:end]])
            status = self._post(body, self.signer.headers(body, clock.real().timestamp()))
            if status != 204:
                self.problem(f"A report was answered {status}.")
            self.result.reports += 1
            start = end
        for _ in places:
            self._forge(pile)

    def _forge(self, pile: Sequence[tuple[int, Happening]]) -> None:
        """A report that says of somebody's mail that it bounced, signed in one of the wrong ways."""
        number, _ = self.random.choice(pile)
        at = clock.real().timestamp()
        body = sendgrid.body([sendgrid.event("bounce", number, int(at) + 1, site=self.site)])
        headers = self.signer.headers(body, at)
        other = self.signer.headers(body + b" ", at)
        signature = headers[SIGNATURE]
        wrong: list[dict[str, str]] = [
            {},
            {TIMESTAMP: headers[TIMESTAMP]},
            {SIGNATURE: signature},
            sendgrid.Signer().headers(body, at),
            other,
            {**headers, TIMESTAMP: str(int(at) + 1)},
            {**headers, TIMESTAMP: "soon"},
            {**headers, SIGNATURE: signature[:-8]},
            {**headers, SIGNATURE: "§" * 40},
            {**headers, SIGNATURE: b64encode(b"x" * 70).decode()},
            self.signer.headers(body, at - OLDEST - 60),
            self.signer.headers(body, at + 3_600),
        ]
        self.result.forged += 1
        status = self._post(body, self.random.choice(wrong))
        if status == 403:
            self.result.refused += 1
        else:
            self.problem(f"A forged report was answered {status}.")

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        latin = {name: value.encode().decode("latin-1") for name, value in headers.items()}
        return self.client.post(
            ADDRESS, data=body, headers=latin, content_type="application/json"
        ).status_code

    def _event(self, number: int, one: Happening) -> dict[str, Any]:
        return sendgrid.event(one.word, number, one.at, site=self.site)

    def _work(self) -> None:
        """Two workers take what is due, as often as there is something."""
        while True:
            with self.made.worker.reading() as session:
                due = [row.id for row in queue.due(session) if row.name == Job.LAUNCHES_TAKE_REPORT.value]
            if not due:
                return
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(self._take, due))

    def _take(self, job_id: int) -> None:
        with self.made.worker.reading() as session:
            arguments = session.get_one(JobRow, job_id).arguments
        provider_reports.take(self.made.worker, arguments["report_id"])
        with self.made.worker.transaction() as session:
            queue.finish(session, job_id)

    def _ends(self) -> dict[int, End]:
        with self.made.worker.reading() as session:
            mails = session.execute(
                select(Delivery.id, Delivery.status, reached.address_hash().label("hash"))
                .join(Contact, Contact.id == Delivery.contact_id)
                .where(Delivery.campaign_id == self.world.campaign_id)
            ).all()
            events = session.execute(
                select(TouchEvent.delivery_id, TouchEvent.kind, TouchEvent.detail, TouchEvent.at).where(
                    TouchEvent.campaign_id == self.world.campaign_id
                )
            ).all()
            reasons = session.execute(
                select(PartnerSuppression.address_hash, PartnerSuppression.reason).where(
                    PartnerSuppression.partner_id == self.world.partner_id
                )
            ).all()
        by_mail: dict[int, list[tuple[str, bool | None, int]]] = {}
        for row in events:
            hard = (row.detail or {}).get("hard")
            by_mail.setdefault(row.delivery_id, []).append((row.kind.value, hard, int(row.at.timestamp())))
        by_hash: dict[bytes, list[str]] = {}
        for address_hash, reason in reasons:
            by_hash.setdefault(address_hash, []).append(reason.value)
        return {
            row.id: End(
                row.status.value,
                tuple(sorted(by_mail.get(row.id, ()), key=repr)),
                tuple(sorted(by_hash.get(row.hash, ()))),
            )
            for row in mails
        }


class _Early:
    """A provider of whose mails something is heard before whoever handed them over could note it down."""

    def __init__(self, provider: Provider, tell: Callable[[Sequence[Outgoing]], None]) -> None:
        self.provider, self.tell = provider, tell
        self.accepted: set[int] = set()

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        outcomes = list(self.provider.send(batch))
        went = {one.delivery_id for one in outcomes if isinstance(one, Accepted)}
        self.accepted |= went
        self.tell([one for one in batch if one.delivery_id in went])
        yield from outcomes

    @property
    def is_between(self) -> bool:
        return False

    def look_up(self, attempt_id: str, delivery_id: int) -> Outcome | None:
        return self.provider.look_up(attempt_id, delivery_id)

    def close(self) -> None:
        self.provider.close()


def _words(story: Sequence[Happening]) -> str:
    return ", ".join(one.word for one in story)

"""The lane: take the chunk whose turn it is, claim a group, hand it over, record it; again, until stopped.

Claim and record are one transaction each; composing and handing over happen between them, outside of any.
What the database says is all there is: after a crash the rows still marked `sending` are exactly those nobody
can know about.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from campaigns.errors import ContentError
from campaigns.providers.base import Accepted, AccountRefused, NotSent, Outcome, Outgoing, Provider, Unknown
from tcma import clock
from tcma.audit import trail
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import phrase
from tcma.launches import figures, sending_chunks, soft_start, telling
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, StopReason, TouchStatus
from tcma.launches.sending_chunks import Turn
from tcma.launches.sending_claim import Claim, Claimed, Group, claim_group
from tcma.launches.sending_record import CANNOT_BE_MADE, complete, printable, record

TURN_TIME = 2.0  # seconds a partner is served before the next one's turn
REST = 1.0  # seconds a lane rests after a group of which nothing could be sent
PAUSES = (0.1, 0.5, 1.0, 2.0, 4.0)  # between tries to record while the database is away

_log = structlog.get_logger(__name__)
T = TypeVar("T")


class Composer(Protocol):
    """Makes the message of a delivery. Raises ContentError when it never can be; anything else may pass."""

    def compose(self, claimed: Claimed, attempt_id: str) -> Outgoing: ...


class Holding(Protocol):
    """The worker's registration (`tcma.jobs.leases.Lease`)."""

    @property
    def worker_id(self) -> int: ...

    def held(self) -> bool: ...


@dataclass(slots=True)
class LaneReport:
    """What a lane did; `has_more` when it was told to stop before it ran dry."""

    accepted_count: int = 0
    handled_count: int = 0
    has_more: bool = False


@dataclass(slots=True)
class _Handed:
    """What is known of a group so far."""

    outcomes: list[Outcome] = field(default_factory=list)
    unmade: dict[int, str] = field(default_factory=dict)

    @property
    def is_outage(self) -> bool:
        """Nothing goes out at the moment: the lane rests before it tries again."""
        if self.account_refusal is not None:
            return True
        return bool(self.outcomes) and all(isinstance(outcome, NotSent) for outcome in self.outcomes)

    @property
    def account_refusal(self) -> AccountRefused | None:
        return next((outcome for outcome in self.outcomes if isinstance(outcome, AccountRefused)), None)


def run_lane(
    database: Database,
    composer: Composer,
    provider: Provider,
    lease: Holding,
    settings: Settings,
    until: Callable[[], bool],
) -> LaneReport:
    """Send what may go now, partner by partner, until nothing is left, `until()` or the lease is lost."""
    lane = _Lane(database, composer, provider, lease, settings, until)
    return lane.run()


_IDLE = (  # built once: every worker asks once a second
    select(CampaignTouch.id)
    .where(
        CampaignTouch.kind == "email",
        CampaignTouch.status == TouchStatus.RUNNING,
        CampaignTouch.queued_count == 0,
        CampaignTouch.sending_count == 0,
    )
    .order_by(CampaignTouch.id)
)


def complete_idle(database: Database) -> int:
    """Touches that run with nothing waiting (nobody to write to, all skipped) are done."""
    with database.reading() as session:
        touch_ids = session.scalars(_IDLE).all()
    for touch_id in touch_ids:
        with database.transaction() as session:
            figures.lock_touches(session, [touch_id])
            complete(session, touch_id)
    return len(touch_ids)


@dataclass(slots=True)
class _Lane:
    database: Database
    composer: Composer
    provider: Provider
    lease: Holding
    settings: Settings
    until: Callable[[], bool]
    report: LaneReport = field(default_factory=LaneReport)

    def run(self) -> LaneReport:
        while self._goes_on():
            soft_start.review(self.database, wait=self.settings.soft_start_wait)
            with self.database.transaction() as session:
                turn = sending_chunks.take(session, self.lease.worker_id)
            if turn is None:
                return self.report
            try:
                self._serve(turn)
            finally:
                self._try_to_keep(
                    partial(sending_chunks.give_back, turn=turn, worker_id=self.lease.worker_id)
                )
        self.report.has_more = True
        return self.report

    def _goes_on(self) -> bool:
        return not self.until() and self.lease.held()

    def _serve(self, turn: Turn) -> None:
        ends_at = time.monotonic() + TURN_TIME
        while self._goes_on() and time.monotonic() < ends_at:
            with self.database.transaction() as session:
                claim: Claim = claim_group(session, turn, self.lease.worker_id, self.settings.group_size)
                if claim.skipped_count:
                    complete(session, turn.touch_id)
            if claim.group is not None:
                handed = self._hand_over(claim.group)
                self._settle(claim.group, handed)
                if handed.is_outage:
                    self._rest()
                    return
            elif not claim.skipped_count:
                return

    def _hand_over(self, group: Group) -> _Handed:
        handed = _Handed()
        batch = self._composed(group, handed)
        if not batch:
            return handed
        ends_at = time.monotonic() + self.settings.group_time
        outcomes = self.provider.send(batch)
        for place, message in enumerate(batch):
            # Asking for the next outcome may hand over the next messages: not without the lease.
            if self.provider.is_between and (not self.lease.held() or time.monotonic() >= ends_at):
                break
            try:
                handed.outcomes.append(next(outcomes))
            except Exception as error:  # a defect of the provider: what it had in hand may have gone
                _log.exception("provider_failed", delivery_id=message.delivery_id)
                reason = f"The provider failed: {type(error).__name__}"
                in_hand = batch[place : place + 1] if self.provider.is_between else batch[place:]
                handed.outcomes += [Unknown(one.delivery_id, reason) for one in in_hand]
                break
        return handed

    def _composed(self, group: Group, handed: _Handed) -> list[Outgoing]:
        """The group's messages. When one of them cannot be made now, which is no fault of its own (database
        or storage are away), it is put off and nothing of the group is handed over: the others wait with
        no attempt counted, so that a message that never can be made holds up nobody."""
        batch: list[Outgoing] = []
        for claimed in group.messages:
            try:
                batch.append(self.composer.compose(claimed, str(group.group_id)))
            except ContentError as error:
                handed.unmade[claimed.delivery_id] = f"{CANNOT_BE_MADE}: {error}"
            except Exception as error:  # whatever it is, it must not fail the message for good
                _log.exception("message_not_composed", delivery_id=claimed.delivery_id)
                reason = f"{CANNOT_BE_MADE} at the moment: {type(error).__name__}"
                handed.outcomes.append(NotSent(claimed.delivery_id, reason))
                return []
        return batch

    def _settle(self, group: Group, handed: _Handed) -> None:
        self._try_to_keep(
            lambda session: record(session, group.group_id, group.turn, handed.outcomes, handed.unmade)
        )
        self.report.handled_count += len(handed.outcomes)
        self.report.accepted_count += sum(isinstance(outcome, Accepted) for outcome in handed.outcomes)
        refusal = handed.account_refusal
        if refusal is not None:
            _stop_refused(self.database, group.turn.campaign_id, refusal)

    def _try_to_keep(self, step: Callable[[Session], T]) -> T:
        """Run the transaction; while the database is away, again. Every step here may run twice."""
        for pause in PAUSES:
            try:
                with self.database.transaction() as session:
                    return step(session)
            except OperationalError as error:
                _log.warning("database_away", error=type(error).__name__)
                if not self.lease.held():
                    break
                time.sleep(pause)
        with self.database.transaction() as session:
            return step(session)

    def _rest(self) -> None:
        ends_at = time.monotonic() + REST
        while self._goes_on() and time.monotonic() < ends_at:
            time.sleep(0.05)


def _stop_refused(database: Database, campaign_id: int, refusal: AccountRefused) -> None:
    """Until a person has put the account right no message will go out."""
    with database.transaction() as session:
        campaign = session.scalars(
            select(Campaign).where(Campaign.id == campaign_id).with_for_update(key_share=True)
        ).one()
        if campaign.status is not CampaignStatus.RUNNING:
            return
        sentence = phrase(
            "The mail provider does not accept our account (%(answer)s). The operator has to put this right;"
            " then continue.",
            answer=printable(f"{refusal.code} {refusal.reason}", 200),
        )
        campaign.stop(StopReason.PROVIDER_REFUSED, sentence)
        telling.stopped(session, campaign)
        trail.record(session, None, "campaign.stopped", campaign, organisation_id=campaign.partner_id)
        _log.error("provider_refused_account", campaign_id=campaign_id, at=clock.real().isoformat())

"""A partner's campaign and its touches."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.kit.model import ConditionKind
from tcma.columns import BigInt, Json, Key, PublicId, UtcDateTime, new_mark, new_public_id, word
from tcma.db import Base
from tcma.kits.models import KitVersion
from tcma.lifecycle import moved
from tcma.tenancy import Tenancy


class CampaignStatus(StrEnum):
    DRAFT = "draft"
    WAITING_FOR_FUNDING = "waiting_for_funding"
    SCHEDULED = "scheduled"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    RECALLED = "recalled"


class TouchStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    MISSED = "missed"
    SKIPPED = "skipped"


class StopReason(StrEnum):
    """Why the product stopped a campaign by itself."""

    MISSED = "missed"
    BAD_ADDRESSES = "bad_addresses"
    COMPLAINTS = "complaints"
    PROVIDER_REFUSED = "provider_refused"


_C, _T = CampaignStatus, TouchStatus

CAMPAIGN_NEXT = {
    _C.DRAFT: {_C.WAITING_FOR_FUNDING, _C.SCHEDULED, _C.CANCELLED},
    _C.WAITING_FOR_FUNDING: {
        _C.SCHEDULED,
        _C.RUNNING,
        _C.DRAFT,
        _C.CANCELLED,
        _C.RECALLED,
    },
    _C.SCHEDULED: {_C.RUNNING, _C.DRAFT, _C.STOPPED, _C.CANCELLED, _C.RECALLED},
    _C.RUNNING: {_C.PAUSED, _C.STOPPED, _C.FINISHED, _C.CANCELLED, _C.RECALLED},
    _C.PAUSED: {_C.RUNNING, _C.CANCELLED, _C.RECALLED},
    _C.STOPPED: {_C.RUNNING, _C.CANCELLED, _C.RECALLED},
    _C.FINISHED: set[CampaignStatus](),
    _C.CANCELLED: set[CampaignStatus](),
    _C.RECALLED: set[CampaignStatus](),
}

TOUCH_NEXT = {
    _T.PENDING: {_T.RUNNING, _T.MISSED, _T.SKIPPED},
    _T.RUNNING: {_T.DONE, _T.SKIPPED},
    _T.MISSED: {_T.RUNNING, _T.PENDING, _T.SKIPPED},
    _T.DONE: set[TouchStatus](),
    _T.SKIPPED: {_T.PENDING},  # when its launch is taken back
}


class Campaign(Base):
    """One partner running one kit version for one audience."""

    __tablename__ = "campaigns"
    __tenancy__ = Tenancy.PARTNERSHIP
    __inserted_by__ = __updated_by__ = ("partner_id",)  # the vendor's deeds reach it by jobs
    __table_args__ = (
        UniqueConstraint("partner_id", "slug"),
        Index("ix_campaigns_status", "status"),
        Index("ix_campaigns_version", "kit_version_id"),
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kit_version_id: Mapped[int] = mapped_column(ForeignKey("kit_versions.id"))
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(160))
    status: Mapped[CampaignStatus] = mapped_column(word(CampaignStatus))
    stop_reason: Mapped[StopReason | None] = mapped_column(word(StopReason))
    stop_sentence: Mapped[str] = mapped_column(Text, default="")
    locales: Mapped[list[str]] = mapped_column(Json)  # the first is the default
    timezone: Mapped[str] = mapped_column(String(40))
    starts_local: Mapped[str | None] = mapped_column(String(16))  # wall time "2026-11-24T09:30"
    list_id: Mapped[int | None] = mapped_column(ForeignKey("contact_lists.id"))
    is_link_only: Mapped[bool] = mapped_column(Boolean, default=False)  # no mail: people come by its link
    basis: Mapped[str] = mapped_column(String(20), default="")  # audiences.Basis of the reason line
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("funding_requests.id"))
    region_values: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)  # locale -> region -> text
    partner_brand: Mapped[dict[str, Any] | None] = mapped_column(Json)  # snapshots, frozen at launch
    vendor_brand: Mapped[dict[str, Any] | None] = mapped_column(Json)
    budget_currency: Mapped[str | None] = mapped_column(String(3))  # None: its cost list was never saved
    answerer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # holds the leads that come of it
    briefed_count: Mapped[int] = mapped_column(
        Integer, default=0
    )  # people who read its briefing; see briefings
    answerer_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that person said yes
    leaves_out_recent: Mapped[bool] = mapped_column(Boolean, default=False)  # see launches.recency
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the draft's last answer
    launched_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    launched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    external_id: Mapped[str | None] = mapped_column(String(80))

    kit_version: Mapped[KitVersion] = relationship()
    touches: Mapped[list["CampaignTouch"]] = relationship(
        order_by="CampaignTouch.position", back_populates="campaign"
    )

    @property
    def is_open(self) -> bool:
        """Whether its page still takes answers."""
        return self.status in {
            CampaignStatus.SCHEDULED,
            CampaignStatus.RUNNING,
            CampaignStatus.PAUSED,
            CampaignStatus.STOPPED,
            CampaignStatus.FINISHED,
        }

    def wait_for_funding(self) -> None:
        self._move_to(CampaignStatus.WAITING_FOR_FUNDING)

    def schedule(self) -> None:
        self._move_to(CampaignStatus.SCHEDULED)

    def start(self) -> None:
        self._move_to(CampaignStatus.RUNNING)
        self.stop_reason, self.stop_sentence = None, ""

    def return_to_draft(self) -> None:
        self._move_to(CampaignStatus.DRAFT)

    def pause(self) -> None:
        self._move_to(CampaignStatus.PAUSED)

    def stop(self, reason: StopReason, sentence: str) -> None:
        self._move_to(CampaignStatus.STOPPED)
        self.stop_reason, self.stop_sentence = reason, sentence

    def finish(self, at: datetime) -> None:
        self._move_to(CampaignStatus.FINISHED)
        self.ended_at = at

    def cancel(self, at: datetime) -> None:
        self._move_to(CampaignStatus.CANCELLED)
        self.ended_at = at

    def recall(self, at: datetime) -> None:
        self._move_to(CampaignStatus.RECALLED)
        self.ended_at = at

    def _move_to(self, status: CampaignStatus) -> None:
        self.status = moved("campaign", self.status, status, CAMPAIGN_NEXT)


class CampaignTouch(Base):
    """One touch of the kit within a campaign, with the figures every screen reads.

    waiting (queued, sending) + sent (sent, delivered, bounced) + skipped + failed + unknown = people.
    The counts and the mark change only in the transaction that changes the deliveries.
    """

    __tablename__ = "campaign_touches"
    __tenancy__ = Tenancy.PARTNERSHIP
    __inserted_by__ = __updated_by__ = ("partner_id",)
    __table_args__ = (
        UniqueConstraint("campaign_id", "key"),
        Index("ix_campaign_touches_due", "status", "due_at"),
    )

    id: Mapped[Key]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    position: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(60))  # the touch's key in the kit
    kind: Mapped[str] = mapped_column(String(20))  # email, microsite, webinar
    name: Mapped[str] = mapped_column(String(160))
    status: Mapped[TouchStatus] = mapped_column(word(TouchStatus))
    due_local: Mapped[str | None] = mapped_column(String(16))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # whom it is for, by what they did about another touch; None: everybody
    condition: Mapped[ConditionKind | None] = mapped_column(word(ConditionKind))
    condition_touch_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_touches.id"))
    is_invitation: Mapped[bool] = mapped_column(Boolean, default=False)  # to a webinar or an event
    counted_from: Mapped[str] = mapped_column(
        String(60), default=""
    )  # key of the webinar its day counts from
    soft_start_size: Mapped[int] = mapped_column(Integer, default=0)
    soft_start_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # real clock; None: not yet full
    soft_start_passed: Mapped[bool] = mapped_column(Boolean, default=False)
    people_count: Mapped[int] = mapped_column(Integer, default=0)
    queued_count: Mapped[int] = mapped_column(Integer, default=0)
    sending_count: Mapped[int] = mapped_column(Integer, default=0)
    sent_count: Mapped[int] = mapped_column(Integer, default=0)
    delivered_count: Mapped[int] = mapped_column(Integer, default=0)
    bounced_count: Mapped[int] = mapped_column(Integer, default=0)
    skipped_count: Mapped[int] = mapped_column(Integer, default=0)
    failed_count: Mapped[int] = mapped_column(Integer, default=0)
    unknown_count: Mapped[int] = mapped_column(Integer, default=0)
    clicked_count: Mapped[int] = mapped_column(Integer, default=0)  # people, machines left out
    complained_count: Mapped[int] = mapped_column(Integer, default=0)
    unsubscribed_count: Mapped[int] = mapped_column(Integer, default=0)
    answered_count: Mapped[int] = mapped_column(Integer, default=0)
    # The figures when a guard last stopped it: after a person's "continue" only what came since is judged.
    judged_out_count: Mapped[int] = mapped_column(Integer, default=0)
    judged_bad_count: Mapped[int] = mapped_column(Integer, default=0)
    judged_complained_count: Mapped[int] = mapped_column(Integer, default=0)
    progress_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # For counts that are kept: drawn anew whenever its deliveries move, and when the last of them went out.
    mark: Mapped[int] = mapped_column(BigInt, default=0)
    last_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    campaign: Mapped[Campaign] = relationship(back_populates="touches")

    @property
    def waiting_count(self) -> int:
        return self.queued_count + self.sending_count

    @property
    def out_count(self) -> int:
        """Accepted by the provider, whatever became of it."""
        return self.sent_count + self.delivered_count + self.bounced_count

    def run(self) -> None:
        self._move_to(TouchStatus.RUNNING)

    def miss(self) -> None:
        self._move_to(TouchStatus.MISSED)

    def put_off(self) -> None:
        self._move_to(TouchStatus.PENDING)

    def skip(self) -> None:
        self._move_to(TouchStatus.SKIPPED)

    def take_back(self) -> None:
        """Its launch never was: what was left out waits again, and nothing is counted."""
        if self.status is TouchStatus.SKIPPED:
            self._move_to(TouchStatus.PENDING)
        self.people_count = self.queued_count = self.sending_count = self.skipped_count = 0
        self.sent_count = self.delivered_count = self.bounced_count = 0
        self.failed_count = self.unknown_count = 0
        self.soft_start_size, self.soft_start_until, self.soft_start_passed = 0, None, False
        self.mark = new_mark()
        self.due_at = self.due_local = self.progress_at = self.finished_at = None

    def complete(self, at: datetime) -> None:
        self._move_to(TouchStatus.DONE)
        self.finished_at = at

    def _move_to(self, status: TouchStatus) -> None:
        self.status = moved("message", self.status, status, TOUCH_NEXT)

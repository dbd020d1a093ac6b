"""A campaign's webinar, the seats in it, and the attendance lists that were uploaded."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Key, UtcDateTime, word
from tcma.db import Base
from tcma.lifecycle import moved
from tcma.tenancy import Tenancy


class SeatStatus(StrEnum):
    SAVED = "saved"
    GIVEN_BACK = "given_back"
    WANTS_RECORDING = "wants_recording"
    UNINVITED = "uninvited"


_S = SeatStatus

SEAT_NEXT = {
    _S.SAVED: {_S.GIVEN_BACK, _S.WANTS_RECORDING},
    _S.GIVEN_BACK: {_S.SAVED, _S.WANTS_RECORDING},
    _S.WANTS_RECORDING: {_S.SAVED, _S.GIVEN_BACK},
    _S.UNINVITED: {_S.SAVED, _S.WANTS_RECORDING},
}


class WebinarSession(Base):
    """The one webinar of a campaign, as its partner set it. `sequence` counts what calendars have to be told:
    every move and the end raise it. Who came is known once `attendance_known_at` is set."""

    __tablename__ = "webinar_sessions"
    __tenancy__ = Tenancy.PARTNER_PRIVATE

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), unique=True)
    starts_local: Mapped[str | None] = mapped_column(String(16))  # wall time "2026-12-10T14:00"
    timezone: Mapped[str] = mapped_column(String(40))  # the organiser's
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    minutes: Mapped[int] = mapped_column(Integer)  # the kit's
    room_url: Mapped[str] = mapped_column(String(500), default="")
    host_name: Mapped[str] = mapped_column(String(120), default="")
    seat_limit: Mapped[int | None] = mapped_column(Integer)  # None: no limit
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recording_url: Mapped[str] = mapped_column(String(500), default="")
    recording_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attendance_known_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Seat(Base):
    """One person and one webinar. `attended_minutes` is None for who stands on no attendance list; somebody may say
    that such a person came all the same. A reminder is due at its time and not due any more once that is None."""

    __tablename__ = "webinar_seats"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        UniqueConstraint("session_id", "contact_id"),
        Index("ix_webinar_seats_contact", "contact_id"),
        Index("ix_webinar_seats_day", "day_reminder_at"),
        Index("ix_webinar_seats_hour", "hour_reminder_at"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("webinar_sessions.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("leads.id"), index=True)
    status: Mapped[SeatStatus] = mapped_column(word(SeatStatus))
    locale: Mapped[str] = mapped_column(String(12))
    timezone: Mapped[str] = mapped_column(String(40))  # the person's
    wants_reminders: Mapped[bool] = mapped_column(Boolean, default=True)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    change_count: Mapped[int] = mapped_column(Integer, default=0)  # of this seat alone, for calendars
    day_reminder_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hour_reminder_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reminded_count: Mapped[int] = mapped_column(Integer, default=0)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # first press of the button
    attended_minutes: Mapped[int | None] = mapped_column(Integer)
    attended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when that became known

    def save(self) -> None:
        self._move_to(SeatStatus.SAVED)

    def give_back(self) -> None:
        self._move_to(SeatStatus.GIVEN_BACK)

    def want_recording(self) -> None:
        self._move_to(SeatStatus.WANTS_RECORDING)

    def _move_to(self, status: SeatStatus) -> None:
        """Whoever has no seat is not reminded; calendars are told."""
        if self.status is status:
            return
        self.status = moved("seat", self.status, status, SEAT_NEXT)
        self.change_count += 1
        if status is not SeatStatus.SAVED:
            self.day_reminder_at = self.hour_reminder_at = None


class AttendanceUpload(Base):
    """One attendance list. Its rows live on in the seats; what was wrong is told by row numbers alone, and the
    file is not kept."""

    __tablename__ = "webinar_attendance_uploads"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (UniqueConstraint("session_id", "content_sha256"),)

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    session_id: Mapped[int] = mapped_column(ForeignKey("webinar_sessions.id"))
    content_sha256: Mapped[str] = mapped_column(String(64))
    tool: Mapped[str] = mapped_column(String(20))  # zoom, teams, goto, other
    people_count: Mapped[int] = mapped_column(Integer)
    guest_count: Mapped[int] = mapped_column(Integer)  # addresses that nobody here has
    problems: Mapped[str] = mapped_column(Text, default="")  # a sentence a line
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    size: Mapped[int] = mapped_column(BigInt)  # bytes

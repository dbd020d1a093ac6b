"""People on a partner's lists, what they agreed to, and who must not be written to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tcma.columns import BigInt, Json, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
from tcma.lifecycle import moved
from tcma.tenancy import Tenancy


class Relation(StrEnum):
    CUSTOMER = "customer"
    PROSPECT = "prospect"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """Why a partner may write to a person; `not_sure` means no mail."""

    CUSTOMER = "customer"
    AGREED = "agreed"
    BUSINESS = "business"
    NOT_SURE = "not_sure"


class SuppressionReason(StrEnum):
    UNSUBSCRIBED = "unsubscribed"
    COMPLAINED = "complained"
    BOUNCED = "bounced"  # hard bounce
    IMPORTED = "imported"  # another tool's list
    BY_HAND = "by_hand"


class ImportStatus(StrEnum):
    RUNNING = "running"
    REPLACING = "replacing"  # its columns were changed: what it brought is taken back, then it is read anew
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"  # what it brought is taken back, then it is gone


_I = ImportStatus

IMPORT_NEXT = {
    _I.RUNNING: {_I.DONE, _I.FAILED, _I.CANCELLED},
    _I.REPLACING: {_I.RUNNING, _I.CANCELLED},
    _I.DONE: {_I.REPLACING},
    _I.FAILED: {_I.RUNNING, _I.REPLACING, _I.CANCELLED},
    _I.CANCELLED: set[ImportStatus](),
}


class Contact(Base):
    """A person on one partner's lists. Deleting blanks the row to a tombstone; its deliveries stay."""

    __tablename__ = "contacts"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        UniqueConstraint("partner_id", "address"),
        Index("ix_contacts_hash", "partner_id", "address_hash"),
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    address: Mapped[str] = mapped_column(String(320))  # lower case, IDNA: for matching
    address_typed: Mapped[str] = mapped_column(String(320))  # for sending
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(16))  # tcma.addresses.person_key
    first_name: Mapped[str] = mapped_column(String(80), default="")
    last_name: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(120), default="")
    company: Mapped[str] = mapped_column(String(160), default="")
    industry: Mapped[str] = mapped_column(String(80), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    language: Mapped[str] = mapped_column(String(12), default="")
    employees: Mapped[str] = mapped_column(String(40), default="")
    employees_min: Mapped[int | None] = mapped_column(Integer)
    employees_max: Mapped[int | None] = mapped_column(Integer)
    relation: Mapped[Relation] = mapped_column(word(Relation), default=Relation.UNKNOWN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    def blank(self, at: datetime, address_hash: bytes) -> None:
        """Become a tombstone: nothing about the person is left, and no address that could be written to."""
        self.address = f"deleted:{self.public_id}"
        self.address_typed = ""
        self.address_hash = address_hash
        self.first_name = self.last_name = self.title = self.company = self.industry = ""
        self.phone = self.country = self.language = self.employees = ""
        self.employees_min = self.employees_max = None
        self.relation = Relation.UNKNOWN
        self.updated_at = self.deleted_at = at


class ContactList(Base):
    """A named list of a partner; an audience is taken from one."""

    __tablename__ = "contact_lists"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (UniqueConstraint("partner_id", "name"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # gone for people; a job forgets the rest

    def delete(self, at: datetime) -> None:
        """Gone from every page; the name is free again."""
        self.name = f"deleted:{self.public_id}"
        self.deleted_at = at


class ListMember(Base):
    """A contact on a list, with where it came from and why it may be written to."""

    __tablename__ = "list_members"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        UniqueConstraint("list_id", "contact_id"),
        Index("ix_list_members_contact", "contact_id"),
    )

    id: Mapped[Key]
    list_id: Mapped[int] = mapped_column(ForeignKey("contact_lists.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    basis: Mapped[Basis] = mapped_column(word(Basis))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("contact_imports.id"))
    source: Mapped[str] = mapped_column(String(40), default="file")  # file, by_hand, form
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContactImport(Base):
    """One file read into one list: who, which basis in which wording, how many rows became what.

    Until somebody states the basis (`basis_stated_at`) nobody it brought gets mail. `file_kept_until` says how
    long the file itself, the rows left out and what they replaced stay; None once they are gone.
    """

    __tablename__ = "contact_imports"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        UniqueConstraint("list_id", "file_sha256"),
        Index("ix_contact_imports_kept", "file_kept_until"),
    )

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("contact_lists.id"))
    made_list: Mapped[bool] = mapped_column(default=False)  # the list was made for this file
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_size: Mapped[int] = mapped_column(BigInt, default=0)  # bytes
    file_kept_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    layout: Mapped[dict[str, Any]] = mapped_column(Json)  # encoding, separator, columns, mapping, first rows
    basis: Mapped[Basis] = mapped_column(word(Basis))
    basis_wording: Mapped[str] = mapped_column(Text)
    basis_stated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    basis_stated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[ImportStatus] = mapped_column(word(ImportStatus))
    problem: Mapped[str] = mapped_column(Text, default="")  # why it failed, for its owner
    next_row: Mapped[int] = mapped_column(Integer, default=0)  # where a killed import goes on
    row_estimate: Mapped[int] = mapped_column(Integer, default=0)  # of the whole file, by its size
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    ready_count: Mapped[int] = mapped_column(Integer, default=0)
    skipped_count: Mapped[int] = mapped_column(Integer, default=0)
    skipped_by_reason: Mapped[dict[str, int]] = mapped_column(Json, default=dict)  # of all skipped rows
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_under_way(self) -> bool:
        return self.status in {ImportStatus.RUNNING, ImportStatus.REPLACING, ImportStatus.CANCELLED}

    @property
    def basis_by_column(self) -> bool:
        return bool(self.layout["basis_by_column"])

    def state_basis(self, basis: Basis, wording: str, user_id: int, at: datetime) -> None:
        self.basis, self.basis_wording = basis, wording
        self.basis_stated_by_id, self.basis_stated_at = user_id, at

    def run(self) -> None:
        self._move_to(ImportStatus.RUNNING)

    def replace(self) -> None:
        self._move_to(ImportStatus.REPLACING)

    def finish(self, at: datetime) -> None:
        self._move_to(ImportStatus.DONE)
        self.finished_at, self.problem = at, ""

    def fail(self, sentence: str) -> None:
        self._move_to(ImportStatus.FAILED)
        self.problem = sentence

    def cancel(self) -> None:
        self._move_to(ImportStatus.CANCELLED)

    def begin_anew(self) -> None:
        """Nothing of the file has been read."""
        self.next_row = self.row_count = self.ready_count = self.skipped_count = 0
        self.skipped_by_reason = {}

    def _move_to(self, status: ImportStatus) -> None:
        self.status = moved("contact import", self.status, status, IMPORT_NEXT)


class SkippedRow(Base):
    """A row of a file that was left out; number as a spreadsheet shows it."""

    __tablename__ = "skipped_rows"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (UniqueConstraint("import_id", "number"),)

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(ForeignKey("contact_imports.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(String(40))
    sentence: Mapped[str] = mapped_column(Text)
    row_text: Mapped[str] = mapped_column(Text)  # bounded by the reader


class ContactBefore(Base):
    """What was known of a person before a file told it anew, so that the file can be taken back.

    `member_basis` is None when the person was not on the list yet.
    """

    __tablename__ = "contacts_before"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (
        UniqueConstraint("import_id", "contact_id"),
        Index("ix_contacts_before_contact", "contact_id"),
    )

    id: Mapped[Key]
    import_id: Mapped[int] = mapped_column(ForeignKey("contact_imports.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    address_typed: Mapped[str] = mapped_column(String(320))
    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    company: Mapped[str] = mapped_column(String(160))
    industry: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str] = mapped_column(String(40))
    country: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(12))
    employees: Mapped[str] = mapped_column(String(40))
    employees_min: Mapped[int | None] = mapped_column(Integer)
    employees_max: Mapped[int | None] = mapped_column(Integer)
    relation: Mapped[Relation] = mapped_column(word(Relation))
    member_basis: Mapped[Basis | None] = mapped_column(word(Basis))
    member_import_id: Mapped[int | None] = mapped_column(ForeignKey("contact_imports.id"))
    member_source: Mapped[str] = mapped_column(String(40))


class Consent(Base):
    """A person's yes or no towards one organisation, for one purpose and channel; never changed."""

    __tablename__ = "consents"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __append_only__ = True
    __table_args__ = (
        Index("ix_consents_person", "partner_id", "address_hash", "party_id"),
        UniqueConstraint("partner_id", "natural_key"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    party_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))  # towards whom
    purpose: Mapped[str] = mapped_column(String(40))  # news, sharing
    channel: Mapped[str] = mapped_column(String(20), default="email")
    given: Mapped[bool] = mapped_column()
    wording_version: Mapped[str] = mapped_column(String(40))
    wording: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(String(40))  # form_confirmed, file, withdrawn_by_link
    natural_key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PartnerSuppression(Base):
    """An address this partner may not write to. Survives erasure: only the keyed hash is kept."""

    __tablename__ = "partner_suppressions"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (UniqueConstraint("partner_id", "address_hash", "reason"),)

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    reason: Mapped[SuppressionReason] = mapped_column(word(SuppressionReason))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ProgrammeSuppression(Base):
    """An address that may not get mail made from this vendor's kits."""

    __tablename__ = "programme_suppressions"
    __tenancy__ = Tenancy.ORGANISATION
    __table_args__ = (UniqueConstraint("organisation_id", "address_hash", "reason"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    reason: Mapped[SuppressionReason] = mapped_column(word(SuppressionReason))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PlatformSuppression(Base):
    """An address nobody on this installation may write to."""

    __tablename__ = "platform_suppressions"
    __tenancy__ = Tenancy.GLOBAL
    __web_rights__ = "SELECT, INSERT"
    __table_args__ = (UniqueConstraint("address_hash", "reason"),)

    id: Mapped[Key]
    address_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    reason: Mapped[SuppressionReason] = mapped_column(word(SuppressionReason))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

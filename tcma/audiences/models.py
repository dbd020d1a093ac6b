"""People on a partner's lists, what they agreed to, and who must not be written to."""

from datetime import datetime
from enum import StrEnum
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

from tcma.columns import Json, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
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
    DONE = "done"
    FAILED = "failed"


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
        self.first_name = self.last_name = self.title = self.company = self.phone = ""
        self.country = self.language = self.employees = ""
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
    """One file read into one list: who, which basis in which wording, how many rows became what."""

    __tablename__ = "contact_imports"
    __tenancy__ = Tenancy.PARTNER_PRIVATE
    __table_args__ = (UniqueConstraint("list_id", "file_sha256"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    list_id: Mapped[int] = mapped_column(ForeignKey("contact_lists.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    layout: Mapped[dict[str, object]] = mapped_column(Json)  # encoding, separator, chosen columns
    basis: Mapped[Basis] = mapped_column(word(Basis))
    basis_wording: Mapped[str] = mapped_column(Text)
    status: Mapped[ImportStatus] = mapped_column(word(ImportStatus))
    next_row: Mapped[int] = mapped_column(Integer, default=0)  # where a killed import goes on
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    ready_count: Mapped[int] = mapped_column(Integer, default=0)
    skipped_count: Mapped[int] = mapped_column(Integer, default=0)
    skipped_by_reason: Mapped[dict[str, int]] = mapped_column(Json, default=dict)  # of all skipped rows
    imported_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


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

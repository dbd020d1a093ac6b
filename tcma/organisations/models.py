"""Vendors, partners and the operator; the people in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tcma.columns import Json, Key, PublicId, UtcDateTime, new_public_id, word
from tcma.db import Base
from tcma.tenancy import Tenancy
from tcma.viewer import OrganisationKind, Role


class Organisation(Base):
    """A firm on this installation; it exists once, whoever invited it."""

    __tablename__ = "organisations"
    __tenancy__ = Tenancy.GLOBAL

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    kind: Mapped[OrganisationKind] = mapped_column(word(OrganisationKind))
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    legal_name: Mapped[str] = mapped_column(String(160))
    domain: Mapped[str | None] = mapped_column(String(253), unique=True)
    street: Mapped[str] = mapped_column(String(160), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(80), default="")
    country: Mapped[str] = mapped_column(String(2))
    locale: Mapped[str] = mapped_column(String(12), default="en")
    timezone: Mapped[str] = mapped_column(String(40), default="UTC")
    currency: Mapped[str] = mapped_column(String(3))
    imprint: Mapped[str] = mapped_column(Text, default="")  # what the law wants beside name and address
    opens: Mapped[int] = mapped_column(Integer, default=8 * 60)  # minutes after midnight, local
    closes: Mapped[int] = mapped_column(Integer, default=17 * 60)
    working_days: Mapped[str] = mapped_column(String(7), default="01234")  # Monday is 0
    holiday_region: Mapped[str | None] = mapped_column(String(10))  # ISO 3166-2 without the country
    closed_on: Mapped[list[Any]] = mapped_column(Json, default=list)  # ISO dates of its own holidays
    external_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class User(Base):
    """A person with one sign-in, in any number of organisations."""

    __tablename__ = "users"
    __tenancy__ = Tenancy.GLOBAL

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # lower-cased for matching
    name: Mapped[str] = mapped_column(String(120))
    locale: Mapped[str] = mapped_column(String(12), default="en")
    theme: Mapped[str] = mapped_column(String(8), default="system")  # system, light, dark
    timezone: Mapped[str | None] = mapped_column(String(40))  # None: that of the organisation
    keys_on: Mapped[bool] = mapped_column(default=True)  # single-letter keys
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """One role of one person in one organisation."""

    __tablename__ = "memberships"
    __tenancy__ = Tenancy.GLOBAL  # read at sign-in, before there is a tenant
    __web_rights__ = "SELECT, INSERT, DELETE"  # a role is given or taken, never turned into another
    __table_args__ = (UniqueConstraint("user_id", "organisation_id", "role"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
    organisation: Mapped[Organisation] = relationship()


class Invitation(Base):
    """A person asked to join an organisation; the link's token is kept as a hash."""

    __tablename__ = "invitations"
    __tenancy__ = Tenancy.ORGANISATION

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    role: Mapped[Role] = mapped_column(word(Role))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class JoinRequest(Base):
    """Somebody at the firm's own mail domain whom another firm invited while the firm is here already: its
    owner lets the person in, or not."""

    __tablename__ = "join_requests"
    __tenancy__ = Tenancy.ORGANISATION
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    email: Mapped[str] = mapped_column(String(254))
    invited_by: Mapped[str] = mapped_column(String(120))  # the firm that meant to invite the person
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class TermsAcceptance(Base):
    """Who accepted which text for an organisation; the text is kept as it was shown."""

    __tablename__ = "terms_acceptances"
    __tenancy__ = Tenancy.ORGANISATION
    __append_only__ = True
    __table_args__ = (UniqueConstraint("organisation_id", "kind", "version"),)

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(40))  # "processing": before the first contact file
    version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    accepted_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignIn(Base):
    """One browser in which a person is signed in; the cookie's key is kept as a hash."""

    __tablename__ = "sign_ins"
    __tenancy__ = Tenancy.GLOBAL  # read before there is a tenant

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    device: Mapped[str] = mapped_column(String(80))  # "Firefox on Windows", never a place
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)  # written every ten minutes at most
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)  # last time the person showed who they are

    user: Mapped[User] = relationship()


class SignInLink(Base):
    """A link that signs in once. One asked for by a stranger belongs to nobody and opens nothing."""

    __tablename__ = "sign_in_links"
    __tenancy__ = Tenancy.GLOBAL

    id: Mapped[Key]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    path: Mapped[str] = mapped_column(String(400), default="/")  # where it lands
    email: Mapped[str | None] = mapped_column(String(254))  # a new address this link confirms
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User | None] = relationship()


class PressedForm(Base):
    """A form that was sent: pressed twice, its deed is done once and both presses get the first's answer."""

    __tablename__ = "pressed_forms"
    __tenancy__ = Tenancy.GLOBAL
    __table_args__ = (UniqueConstraint("user_id", "request_key"),)

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    request_key: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str | None] = mapped_column(Text)  # where the first press was sent on to; None: under way
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

"""A row for any model, made from its columns."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    Enum,
    Integer,
    LargeBinary,
    String,
    insert,
)

from tcma.columns import PublicId, UtcDateTime, new_public_id
from tcma.db import Base
from tcma.organisations.models import Organisation

PARTNER_COLUMNS = {"partner_id", "owner_id", "organisation_id", "holder_id"}
VENDOR_COLUMNS = {"vendor_id", "other_id"}
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def organisations(connection: Connection, *ids: int) -> None:
    for number in ids:
        connection.execute(
            insert(Organisation).values(
                id=number,
                public_id=new_public_id(),
                kind="partner",
                slug=f"o{number}",
                name="O",
                legal_name="O",
                country="CH",
                currency="CHF",
                created_at=NOW,
            )
        )


def filler(model: type[Base], *, partner: int, vendor: int, number: int = 1) -> dict[str, Any]:
    """Values for every column that must be given; the tenancy columns name `partner` and `vendor`."""
    values: dict[str, Any] = {}
    for column in model.__table__.columns:
        if column.name in PARTNER_COLUMNS:
            values[column.name] = partner
        elif column.name in VENDOR_COLUMNS:
            values[column.name] = vendor
        elif column.primary_key:
            values[column.name] = number
        elif not column.nullable:
            values[column.name] = _value(column.type, column.name, number)
    return values


def _value(kind: Any, name: str, number: int) -> Any:
    if isinstance(kind, PublicId):
        return new_public_id()
    if isinstance(kind, UtcDateTime):
        return NOW
    if isinstance(kind, Date):
        return date(2026, 11, 21)
    if isinstance(kind, Enum):
        members: type[StrEnum] = kind.enum_class  # type: ignore[assignment]
        return next(iter(members))
    if isinstance(kind, JSON):
        return {}
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, LargeBinary):
        return bytes([number]) * 16
    if isinstance(kind, BigInteger | Integer):
        return 0 if name in {"balance", "share_bp"} else number
    assert isinstance(kind, String), kind
    return f"{name[:8]}{number}"[: kind.length or 40]

"""Who may read and write a row, declared per model and enforced twice.

Each model names its class (`__tenancy__`). From it come the ORM guard of `tcma.db`, the row-level
security policies of PostgreSQL (written into the migration) and the tests of both.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, column, exists, false, or_, table


class Tenancy(StrEnum):
    GLOBAL = "global"  # nothing that belongs to one tenant
    ORGANISATION = "organisation"  # organisation_id reads and writes
    PARTNER_PRIVATE = "partner_private"  # partner_id reads and writes
    PARTNERSHIP = "partnership"  # vendor_id and partner_id, both
    PAIR = "pair"  # holder_id and other_id, both
    OFFERED = "offered"  # vendor_id writes; its partners read once offered_at is set
    LEAD = "lead"  # owner_id and vendor_id, both; no personal data
    DISCLOSED = "disclosed"  # owner_id writes; vendor_id reads once disclosed_at is set


# The columns that carry the class: NOT NULL on every model of it, alone allowed in composite keys.
COLUMNS: dict[Tenancy, tuple[str, ...]] = {
    Tenancy.GLOBAL: (),
    Tenancy.ORGANISATION: ("organisation_id",),
    Tenancy.PARTNER_PRIVATE: ("partner_id",),
    Tenancy.PARTNERSHIP: ("vendor_id", "partner_id"),
    Tenancy.PAIR: ("holder_id", "other_id"),
    Tenancy.OFFERED: ("vendor_id",),
    Tenancy.LEAD: ("owner_id", "vendor_id"),
    Tenancy.DISCLOSED: ("owner_id", "vendor_id"),
}

SETTING = "tcma.tenant"
WEB_ROLE = "tcma_web"
WORKER_ROLE = "tcma_worker"
_CURRENT = f"NULLIF(current_setting('{SETTING}', true), '')::bigint"
_PARTNERSHIPS = table("partnerships", column("vendor_id"), column("partner_id"), column("status"))


def writers(tenancy: Tenancy) -> tuple[str, ...]:
    """The columns whose organisation may write a row, where the model does not say more narrowly."""
    return {
        Tenancy.OFFERED: ("vendor_id",),
        Tenancy.DISCLOSED: ("owner_id",),
    }.get(tenancy, COLUMNS[tenancy])


@dataclass(frozen=True, slots=True)
class Rules:
    """What one model says about itself: its class, and who writes where that is narrower than the class."""

    tenancy: Tenancy
    append_only: bool = False
    inserted_by: tuple[str, ...] = ()
    updated_by: tuple[str, ...] = ()
    web_rights: str = "SELECT, INSERT, UPDATE, DELETE"

    @property
    def inserters(self) -> tuple[str, ...]:
        return self.inserted_by or writers(self.tenancy)

    @property
    def updaters(self) -> tuple[str, ...]:
        return self.updated_by or writers(self.tenancy)


def rules_of(model: Any) -> Rules:
    return Rules(
        tenancy=model.__tenancy__,
        append_only=model.__append_only__,
        inserted_by=model.__inserted_by__,
        updated_by=model.__updated_by__,
        web_rights=model.__web_rights__,
    )


def readable(model: Any, tenant: int | None) -> ColumnElement[bool]:
    """The ORM guard: rows of `model` that organisation `tenant` may read; none without a tenant."""
    if tenant is None:
        return false()
    tenancy: Tenancy = model.__tenancy__
    own = or_(*(getattr(model, name) == tenant for name in writers(tenancy)))
    if tenancy is Tenancy.OFFERED:
        partner = exists().where(
            _PARTNERSHIPS.c.vendor_id == model.vendor_id,
            _PARTNERSHIPS.c.partner_id == tenant,
            _PARTNERSHIPS.c.status.in_(("active", "suspended")),
        )
        return or_(own, and_(model.offered_at.is_not(None), partner))
    if tenancy is Tenancy.DISCLOSED:
        return or_(own, and_(model.vendor_id == tenant, model.disclosed_at.is_not(None)))
    return own


def policies(name: str, rules: Rules) -> Iterator[str]:
    """The PostgreSQL statements that put table `name` under its rules."""
    every = "SELECT, INSERT" if rules.append_only else "SELECT, INSERT, UPDATE, DELETE"
    yield f"GRANT {every} ON {name} TO {WORKER_ROLE}"
    yield f"GRANT {'SELECT, INSERT' if rules.append_only else rules.web_rights} ON {name} TO {WEB_ROLE}"
    if rules.tenancy is Tenancy.GLOBAL:
        return
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield f"CREATE POLICY {name}_owner ON {name} TO CURRENT_USER USING (true) WITH CHECK (true)"
    yield f"CREATE POLICY {name}_worker ON {name} TO {WORKER_ROLE} USING (true) WITH CHECK (true)"
    insert, update = _any_of(rules.inserters), _any_of(rules.updaters)
    web = f"ON {name} FOR {{}} TO {WEB_ROLE}"
    yield f"CREATE POLICY {name}_read {web.format('SELECT')} USING ({_any_of(writers(rules.tenancy))})"
    yield f"CREATE POLICY {name}_insert {web.format('INSERT')} WITH CHECK ({insert})"
    yield f"CREATE POLICY {name}_update {web.format('UPDATE')} USING ({update}) WITH CHECK ({update})"
    yield f"CREATE POLICY {name}_delete {web.format('DELETE')} USING ({update})"
    if rules.tenancy is Tenancy.OFFERED:
        yield (
            f"CREATE POLICY {name}_partner ON {name} FOR SELECT TO {WEB_ROLE} USING (offered_at IS NOT NULL"
            f" AND EXISTS (SELECT 1 FROM partnerships p WHERE p.vendor_id = {name}.vendor_id"
            f" AND p.partner_id = {_CURRENT} AND p.status IN ('active', 'suspended')))"
        )
    if rules.tenancy is Tenancy.DISCLOSED:
        yield (
            f"CREATE POLICY {name}_vendor ON {name} FOR SELECT TO {WEB_ROLE}"
            f" USING (disclosed_at IS NOT NULL AND vendor_id = {_CURRENT})"
        )


def _any_of(columns: tuple[str, ...]) -> str:
    return " OR ".join(f"{column} = {_CURRENT}" for column in columns)

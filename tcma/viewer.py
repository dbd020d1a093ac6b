"""Who is looking: the start of every load for a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from tcma.db import switch_tenant
from tcma.errors import Phrase, Refused, phrase


class OrganisationKind(StrEnum):
    VENDOR = "vendor"
    PARTNER = "partner"
    OPERATOR = "operator"


class Role(StrEnum):
    OWNER = "owner"
    MARKETER = "marketer"
    SALES = "sales"
    FINANCE = "finance"
    READER = "reader"
    KIT_AUTHOR = "kit_author"
    CHANNEL_MANAGER = "channel_manager"
    APPROVER = "approver"
    LEAD_DEVELOPMENT = "lead_development"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person in one organisation, or a prospect in the partner whose page is open (no user, no role)."""

    organisation_id: int
    kind: OrganisationKind
    organisation_name: str
    user_id: int | None = None
    roles: frozenset[Role] = frozenset()

    @property
    def is_vendor(self) -> bool:
        return self.kind is OrganisationKind.VENDOR

    @property
    def is_partner(self) -> bool:
        return self.kind is OrganisationKind.PARTNER

    @property
    def is_operator(self) -> bool:
        return self.kind is OrganisationKind.OPERATOR

    def require(self, kind: OrganisationKind, *roles: Role) -> None:
        """Refused unless the viewer sits in an organisation of `kind` and owns it or has one of `roles`."""
        if self.kind is not kind:
            raise Refused(
                phrase(
                    "This is done by a %(kind)s; %(organisation)s is a %(own)s here.",
                    kind=kind,
                    organisation=self.organisation_name,
                    own=self.kind,
                )
            )
        if Role.OWNER in self.roles or Role.OPERATOR in self.roles or self.roles & set(roles):
            return
        raise Refused(
            phrase(
                "Only people with the role %(roles)s at %(organisation)s can do this.",
                roles=_one_of(sorted({Role.OWNER, *roles})),
                organisation=self.organisation_name,
            )
        )


def _one_of(roles: list[Role]) -> Role | Phrase:
    """`finance or owner`."""
    if len(roles) == 1:
        return roles[0]
    return phrase("%(one)s or %(other)s", one=_one_of(roles[:-1]), other=roles[-1])


@contextmanager
def acting_for(session: Session, organisation_id: int, rule: str) -> Iterator[None]:
    """A block in which the session acts for another organisation because a rule says so.

    `rule` names it ("funds.grant_by_rule"); a test lists every such block. The tenant before is
    restored even when the block raises.
    """
    if not rule:
        raise ValueError("A rule must be named.")
    before = session.info["tenant"]
    switch_tenant(session, organisation_id)
    session.info.setdefault("acting_rules", []).append(rule)
    try:
        yield
        session.flush()
    finally:
        session.info["acting_rules"].pop()
        if session.is_active:
            switch_tenant(session, before)
        else:
            session.info["tenant"] = before

"""What people agreed to. Rows are only added; the latest one decides."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import Session, aliased

from tcma.audiences import marks
from tcma.audiences.models import Consent, Contact
from tcma.db import insert_into

NEWS = "news"
SHARING = "sharing"
EMAIL = "email"


def record(
    session: Session,
    *,
    partner_id: int,
    address_hash: bytes,
    party_id: int,
    purpose: str,
    given: bool,
    wording_version: str,
    wording: str,
    how: str,
    natural_key: str,
    at: datetime,
    channel: str = EMAIL,
) -> bool:
    """Add a yes (`given`) or a no towards `party_id`; False when this very act was recorded before.

    `natural_key` (at most 80 characters) names the act ("confirm:4711"): the same act told twice is one.
    """
    if not 0 < len(natural_key) <= 80:
        raise ValueError("A consent's natural key has 1 to 80 characters.")
    marks.people_changed(session, partner_id)
    values = {
        "partner_id": partner_id,
        "address_hash": address_hash,
        "party_id": party_id,
        "purpose": purpose,
        "channel": channel,
        "given": given,
        "wording_version": wording_version,
        "wording": wording,
        "how": how,
        "natural_key": natural_key,
        "at": at,
    }
    statement = (
        insert_into(session, Consent)
        .values(values)
        .on_conflict_do_nothing(index_elements=["partner_id", "natural_key"])
        .returning(Consent.__table__.c.id)
    )
    return session.execute(statement).scalar() is not None


def latest(
    session: Session,
    *,
    partner_id: int,
    address_hash: bytes,
    party_id: int,
    purpose: str = NEWS,
    channel: str = EMAIL,
) -> Consent | None:
    """What the person said last; None when nothing was ever recorded."""
    return session.scalar(
        select(Consent)
        .where(
            Consent.partner_id == partner_id,
            Consent.address_hash == address_hash,
            Consent.party_id == party_id,
            Consent.purpose == purpose,
            Consent.channel == channel,
        )
        .order_by(Consent.at.desc(), Consent.id.desc())
        .limit(1)
    )


def latest_given(contact: type[Contact], partner_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """In SQL: whether the last word about the partner's news by mail was yes; NULL when there was none."""
    consent, any_consent = aliased(Consent), aliased(Consent)
    last = (
        select(consent.given)
        .where(
            consent.partner_id == partner_id,
            consent.address_hash == contact.address_hash,
            consent.party_id == partner_id,
            consent.purpose == NEWS,
            consent.channel == EMAIL,
        )
        .order_by(consent.at.desc(), consent.id.desc())
        .limit(1)
        .correlate_except(consent)
        .scalar_subquery()
    )
    if not isinstance(partner_id, int):
        return last
    # Few people ever said anything: who did is read once, and only for them the last word is looked up.
    spoke = select(any_consent.address_hash).where(any_consent.partner_id == partner_id)
    return case((contact.address_hash.in_(spoke), last))

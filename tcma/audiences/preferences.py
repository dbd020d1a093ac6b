"""A person's own choice of how much a partner writes to them. Nobody at the partner can change it."""

from datetime import datetime

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from campaigns.mail_choice import Chosen, MailChoice, choose
from tcma import clock
from tcma.audiences.models import PartnerSuppression, PlatformSuppression
from tcma.audiences.preference_models import MailPreference
from tcma.db import Database, insert_into


def find(session: Session, partner_id: int, address_hash: bytes) -> Chosen:
    """What holds for this address; everything where nothing was chosen."""
    found = session.scalar(_of(partner_id, address_hash))
    return found.chosen if found is not None else Chosen()


def set_choice(
    session: Session, partner_id: int, address_hash: bytes, choice: MailChoice, at: datetime
) -> Chosen:
    """Keep the choice; what holds now. Chosen again, nothing changes."""
    found = session.scalar(_of(partner_id, address_hash).with_for_update())
    chosen = choose(found.chosen if found is not None else Chosen(), choice, at)
    if chosen == Chosen():
        if found is not None:
            session.delete(found)
        return chosen
    told = {"pace": chosen.pace, "paused_until": chosen.paused_until, "at": at}
    keys = {"partner_id": partner_id, "address_hash": address_hash}
    statement = insert_into(session, MailPreference).values(**keys, **told)
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=told))
    return chosen


def has_left(session: Session, partner_id: int, address_hash: bytes) -> bool:
    """Whether no marketing mail of the partner reaches this address at all: there is nothing to choose then."""
    partners = select(PartnerSuppression.id).where(
        PartnerSuppression.partner_id == partner_id, PartnerSuppression.address_hash == address_hash
    )
    platform = select(PlatformSuppression.id).where(PlatformSuppression.address_hash == address_hash)
    return bool(session.scalar(select(or_(partners.exists(), platform.exists()))))


def forget_past(database: Database) -> None:
    """Pauses that are over, of people who chose nothing else. `database` is the worker's."""
    with database.transaction() as session:
        session.execute(
            delete(MailPreference).where(
                MailPreference.pace == MailChoice.EVERYTHING,
                MailPreference.paused_until <= clock.now(session),
            )
        )


def _of(partner_id: int, address_hash: bytes) -> Select[MailPreference]:
    wanted = select(MailPreference).where(
        MailPreference.partner_id == partner_id, MailPreference.address_hash == address_hash
    )
    return wanted.execution_options(populate_existing=True)

"""Mails of a launched campaign frozen anew, because what they say of its webinar changed: whoever waits gets the
new one, what has gone stays as it was."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns import webinar as times
from campaigns.kit import Kit
from tcma import storage
from tcma.audiences.models import Basis
from tcma.launches import artefacts, brands, expand, queries
from tcma.launches.artefacts import Frozen, Place
from tcma.launches.deliveries import Artefact, Delivery, DeliveryStatus, MessageClass
from tcma.launches.expand import Choice
from tcma.launches.models import Campaign


@dataclass(frozen=True, slots=True)
class Reprint:
    """New mails with their content in storage, by the artefact each takes the place of."""

    mails: tuple[tuple[int, Frozen], ...]
    stored: dict[str, str]


def prepare(
    session: Session,
    files: storage.Storage,
    campaign: Campaign,
    kit: Kit,
    place: Place,
    held: times.Session,
) -> Reprint:
    """Freeze what still waits, as of the webinar's new day. Compiles: not inside a writing transaction. Raises
    ContentError where a mail cannot be made."""
    waiting = session.scalars(
        select(Artefact).where(
            Artefact.id.in_(
                select(Delivery.artefact_id).where(
                    Delivery.campaign_id == campaign.id,
                    Delivery.status == DeliveryStatus.QUEUED,
                    Delivery.message_class == MessageClass.MARKETING,
                )
            )
        )
    ).all()
    made = brands.frozen(campaign)
    likely = expand.bases_of(session, campaign.partner_id, campaign.list_id or 0) if waiting else []
    bases = dict.fromkeys([*likely, *Basis])
    then = Place(place.base_url, place.partner_slug, held)
    keys = {touch.id: touch.key for touch in queries.touches_of(session, campaign.id)}
    found = []
    for row in waiting:
        old = artefacts.load_artefact(session, files, row.id)
        for basis in bases:
            choice, key = Choice(basis, row.locale), keys[row.touch_id]
            one = artefacts.freeze_mail(kit, campaign, made, then, touch_key=key, choice=choice)
            if one.reason == old.reason:  # who is written to on another basis reads another reason
                found.append((row.id, Frozen(key, choice, one)))
                break
    stored = artefacts.store(files, campaign.partner_id, [one for _id, one in found])
    return Reprint(tuple(found), stored)


def swap(session: Session, campaign: Campaign, reprint: Reprint) -> int:
    """Let those who wait get the new mails; how many messages. The campaign's touches are locked."""
    touches = queries.touches_of(session, campaign.id)
    count = 0
    for old_id, one in reprint.mails:
        ((_touch_id, numbers),) = artefacts.add_rows(
            session, campaign, touches, [one], reprint.stored
        ).items()
        count += _swap(session, old_id, numbers[one.choice])
    return count


def _swap(session: Session, old_id: int, new_id: int) -> int:
    if old_id == new_id:
        return 0
    changed = session.execute(
        update(Delivery)
        .where(
            Delivery.artefact_id == old_id,
            Delivery.status == DeliveryStatus.QUEUED,
            Delivery.message_class == MessageClass.MARKETING,
        )
        .values(artefact_id=new_id)
        .execution_options(synchronize_session=False)
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]

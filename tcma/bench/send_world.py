"""The rows a send needs, written straight into a database: for fault runs, benchmarks and tests of the
lane."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from campaigns.channels.email_artefact import Artefact as Mail
from campaigns.compliance import MailClass
from campaigns.kit.model import ConditionKind
from campaigns.links import CLICK_HOLE, UNSUBSCRIBE_HOLE, Link
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences.models import Basis, Contact
from tcma.columns import new_public_id
from tcma.funds.models import CostLine, LineStatus
from tcma.kits.models import Kit, KitVersion, VersionStatus
from tcma.launches.artefacts import FILES
from tcma.launches.deliveries import Artefact, Chunk, Delivery, DeliveryStatus, MessageClass
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.organisations.models import Organisation, User
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.storage import Storage, keep
from tcma.viewer import OrganisationKind

SLICE = 1_000

MAIL = Mail(
    key="0" * 64,
    mail_class=MailClass.MARKETING,
    locale="en",
    subject="A word about backups, {{ contact.first_name }}",
    preview="",
    html=(
        "<html><body><p>Dear {{ contact.first_name }} of {{ contact.company }}</p>"
        f'<p><a href="https://mail.example/r/{CLICK_HOLE}/0">Read on</a></p>'
        f'<p><a href="https://mail.example/u/{UNSUBSCRIBE_HOLE}">Stop</a></p></body></html>'
    ),
    text=f"Dear {{{{ contact.first_name }}}}\n\nStop: https://mail.example/u/{UNSUBSCRIBE_HOLE}\n",
    links=(Link("https://harbour-it.example/"),),
    pictures=(),
    fallbacks=(("contact.first_name", "reader"), ("contact.company", "your firm")),
    sender_name="Harbour IT AG",
    sender_email="post@mail.example",
    reply_to="marc.keller@harbour-it.example",
    base_url="https://mail.example",
    list_id="harbour-it.mail.example",
    feedback_id="1:1:tcma",
    reason="You get this mail because you are a customer.",
    postal_address="Harbour IT AG, Hafenstrasse 1, 8001 Zürich",
)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much there is to send. `price` is the cost line's, in millionths of a minor unit per 1,000."""

    people: int
    touches: int = 1
    chunk_size: int = 500
    soft_start_size: int = 0
    price: int = 0
    condition: ConditionKind | None = None  # of each touch, about the one before
    domain: str = "people.example"


@dataclass(frozen=True, slots=True)
class World:
    vendor_id: int
    partner_id: int
    user_id: int
    kit_version_id: int
    campaign_id: int
    touch_ids: list[int] = field(default_factory=list)
    artefact_ids: list[int] = field(default_factory=list)
    contact_ids: list[int] = field(default_factory=list)


def build(
    session: Session,
    plan: Plan,
    *,
    hash_key: bytes,
    files: Storage | None = None,
    vendor_id: int | None = None,
) -> World:
    """A partner whose campaign runs: every touch running, every message queued, in chunks.

    With `files` its mail is kept there, so that a real worker can send it.
    """
    now = clock.now(session)
    _operator(session, now)
    vendor = vendor_id or _organisation(session, OrganisationKind.VENDOR, now)
    partner = _organisation(session, OrganisationKind.PARTNER, now)
    number = next(_numbers)
    email = f"someone{number}.{vendor}.{partner}@crew.example"
    user = _add(session, User, email=email, name="Someone", created_at=now)
    _add(
        session, Partnership, vendor_id=vendor, partner_id=partner, status=PartnershipStatus.ACTIVE,
        invited_by_id=user, invited_at=now, activated_at=now, public_id=new_public_id(),
    )  # fmt: skip
    kit = _add(
        session, Kit, vendor_id=vendor, slug=f"kit-{partner}", name="Kit", created_at=now,
        offered_at=now, public_id=new_public_id(),
    )  # fmt: skip
    version = _add(
        session, KitVersion, kit_id=kit, vendor_id=vendor, number=1, status=VersionStatus.PUBLISHED,
        source_hash="0" * 64, languages=["en"], created_by_id=user, created_at=now, offered_at=now,
        public_id=new_public_id(),
    )  # fmt: skip
    campaign = _add(
        session, Campaign, vendor_id=vendor, partner_id=partner, kit_version_id=version, slug=f"c-{partner}",
        name="Campaign", status=CampaignStatus.RUNNING, locales=["en"], timezone="UTC",
        basis=Basis.CUSTOMER.value, region_values={}, created_by_id=user, created_at=now, launched_by_id=user,
        launched_at=now, public_id=new_public_id(),
    )  # fmt: skip
    _add(
        session, CostLine, vendor_id=vendor, partner_id=partner, campaign_id=campaign, currency="CHF",
        price=plan.price, share_bp=0, status=LineStatus.RESERVED, planned_units=plan.people * plan.touches,
        reserved_amount=0,
    )  # fmt: skip
    world = World(vendor, partner, user, version, campaign)
    world.contact_ids.extend(_contacts(session, world, plan, hash_key, now))
    for position in range(plan.touches):
        _touch(session, world, plan, position, now)
    if files is not None:
        keep(files, FILES, partner, MAIL.to_json().encode())
    return world


def _touch(session: Session, world: World, plan: Plan, position: int, now: datetime) -> None:
    before = world.touch_ids[-1] if plan.condition and world.touch_ids else None
    touch = _add(
        session, CampaignTouch, campaign_id=world.campaign_id, vendor_id=world.vendor_id,
        partner_id=world.partner_id, position=position, key=f"mail-{position}", kind="email",
        name=f"Mail {position + 1}", status=TouchStatus.RUNNING, due_at=now - timedelta(minutes=1),
        condition=plan.condition if before else None, condition_touch_id=before,
        soft_start_size=plan.soft_start_size if position == 0 else 0,
        people_count=plan.people, queued_count=plan.people,
    )  # fmt: skip
    artefact = _add(
        session, Artefact, partner_id=world.partner_id, campaign_id=world.campaign_id, touch_id=touch,
        locale="en", message_class=MessageClass.MARKETING, key=f"{touch:064d}", content_sha256=_sha256(MAIL),
        created_at=now,
    )  # fmt: skip
    world.touch_ids.append(touch)
    world.artefact_ids.append(artefact)
    for start in range(0, plan.people, plan.chunk_size):
        people = world.contact_ids[start : start + plan.chunk_size]
        rows = [
            {
                "partner_id": world.partner_id,
                "campaign_id": world.campaign_id,
                "touch_id": touch,
                "contact_id": contact_id,
                "artefact_id": artefact,
                "message_class": MessageClass.MARKETING,
                "status": DeliveryStatus.QUEUED,
            }
            for contact_id in people
        ]
        ids = list(session.scalars(insert(Delivery).returning(Delivery.id), rows))
        _add(
            session, Chunk, partner_id=world.partner_id, touch_id=touch,
            message_class=MessageClass.MARKETING, first_id=min(ids), last_id=max(ids),
        )  # fmt: skip


def _contacts(session: Session, world: World, plan: Plan, hash_key: bytes, now: datetime) -> list[int]:
    ids: list[int] = []
    for start in range(0, plan.people, SLICE):
        addresses = [
            f"p{number}.{world.partner_id}@{plan.domain}"
            for number in range(start, min(start + SLICE, plan.people))
        ]
        rows = [
            {
                "public_id": new_public_id(),
                "partner_id": world.partner_id,
                "address": address,
                "address_typed": address,
                "address_hash": person_key(hash_key, address),
                "first_name": "Petra",
                "last_name": "Muster",
                "company": "Muster & Söhne",
                "created_at": now,
                "updated_at": now,
            }
            for address in addresses
        ]
        ids.extend(session.scalars(insert(Contact).returning(Contact.id), rows))
    return sorted(ids)


def _sha256(mail: Mail) -> str:
    return hashlib.sha256(mail.to_json().encode()).hexdigest()


def _operator(session: Session, now: datetime) -> None:
    known = session.scalar(select(func.count()).where(Organisation.kind == OrganisationKind.OPERATOR))
    if not known:
        _organisation(session, OrganisationKind.OPERATOR, now)


def _organisation(session: Session, kind: OrganisationKind, now: datetime) -> int:
    number = next(_numbers)
    return _add(
        session, Organisation, kind=kind, slug=f"bench-{kind.value}-{number}", name=f"{kind.value} {number}",
        legal_name=f"{kind.value} {number} AG", country="CH", currency="CHF", created_at=now,
        public_id=new_public_id(),
    )  # fmt: skip


def _add(session: Session, model: type[Any], **values: Any) -> int:
    """A row without the ORM's unit of work; its id."""
    return int(session.execute(insert(model).values(values).returning(model.id)).scalar_one())

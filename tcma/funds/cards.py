"""A certificate as the marigold card shows it: its state in one word, what is left, how long."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.funds import queries
from tcma.funds.models import Certificate, CertificateStatus
from tcma.funds.queries import CertificateBalance
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer

SOON = 45  # days before the last day on which a card counts them


class CardState(StrEnum):
    OFFERED = "offered"
    ACTIVE = "active"
    PARTLY_USED = "partly_used"
    EXPIRES_SOON = "expires_soon"
    USED_UP = "used_up"
    SUSPENDED = "suspended"
    EXPIRED = "expired"  # also closed: nothing new starts with it
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"


ENDED = frozenset({CardState.EXPIRED, CardState.WITHDRAWN, CardState.DECLINED})


@dataclass(frozen=True, slots=True)
class Card:
    """Amounts in minor units of the certificate's currency; left + reserved + used is what it still holds."""

    certificate: Certificate
    vendor: Organisation
    left: int
    reserved: int
    used: int
    state: CardState
    days_left: int

    @property
    def is_usable(self) -> bool:
        return self.state in {CardState.ACTIVE, CardState.PARTLY_USED, CardState.EXPIRES_SOON}


def cards_for(
    session: Session, viewer: Viewer, *, before: int | None = None, limit: int = queries.PAGE
) -> list[Card]:
    """The viewer's certificates: those that can be used first, the soonest to end first, then the others, the
    newest first. At most four statements."""
    found = queries.certificates_for(session, viewer, before=before, limit=limit)
    return sorted(_cards(session, found), key=_order)


def find_card(session: Session, viewer: Viewer, public_id: UUID) -> Card:
    """At most four statements."""
    certificate = queries.find_certificate(session, viewer, public_id)
    (card,) = _cards(session, queries.with_balances(session, [certificate]))
    return card


def state_of(certificate: Certificate, *, left: int, today: date) -> CardState:
    """The one word for it; pure."""
    match certificate.status:
        case CertificateStatus.OFFERED:
            return CardState.OFFERED if today <= certificate.valid_until_on else CardState.EXPIRED
        case CertificateStatus.SUSPENDED:
            return CardState.SUSPENDED
        case CertificateStatus.REVOKED:
            return CardState.WITHDRAWN
        case CertificateStatus.DECLINED:
            return CardState.DECLINED
        case CertificateStatus.EXPIRED | CertificateStatus.CLOSED:
            return CardState.EXPIRED
        case CertificateStatus.ACTIVE:
            return _active(certificate, left, today)


def _active(certificate: Certificate, left: int, today: date) -> CardState:
    days = (certificate.valid_until_on - today).days
    if days < 0:
        return CardState.EXPIRED
    if left == 0:
        return CardState.USED_UP
    if days <= SOON:
        return CardState.EXPIRES_SOON
    return CardState.ACTIVE if left == certificate.amount else CardState.PARTLY_USED


def _cards(session: Session, found: list[CertificateBalance]) -> list[Card]:
    today = clock.now(session).date()
    vendor_ids = {balance.certificate.vendor_id for balance in found}
    vendors = {
        vendor.id: vendor
        for vendor in session.scalars(select(Organisation).where(Organisation.id.in_(vendor_ids)))
    }
    return [
        Card(
            certificate=balance.certificate,
            vendor=vendors[balance.certificate.vendor_id],
            left=balance.left,
            reserved=balance.reserved,
            used=balance.used,
            state=state_of(balance.certificate, left=balance.left, today=today),
            days_left=(balance.certificate.valid_until_on - today).days,
        )
        for balance in found
    ]


def _order(card: Card) -> tuple[int, int, int]:
    if card.state in ENDED or card.state is CardState.USED_UP:
        return 1, 0, -card.certificate.id
    return 0, card.days_left, card.certificate.id

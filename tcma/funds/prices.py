"""What the operator charges for a platform unit: zero until it says otherwise."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Invalid, phrase
from tcma.funds.models import UnitPrice
from tcma.viewer import OrganisationKind, Viewer

MESSAGE = "message"
UNITS = frozenset({MESSAGE})
HIGHEST_PRICE = 10**15  # a million minor units per message: beyond it somebody mistyped


def set_unit_price(
    session: Session, viewer: Viewer, currency: str, price: int, unit: str = MESSAGE
) -> UnitPrice:
    """From now on a unit costs `price` millionths of a minor unit per 1,000; open lines keep theirs."""
    viewer.require(OrganisationKind.OPERATOR)
    if unit not in UNITS:
        raise Invalid(
            phrase(
                "'%(unit)s' is not a unit of the platform. It charges: %(units)s.",
                unit=unit[:40],
                units=sorted(UNITS),
            )
        )
    if not 0 <= price <= HIGHEST_PRICE:
        raise Invalid("A unit price is zero or above, and at most a million minor units a message.")
    made = UnitPrice(unit=unit, currency=currency, price=price, valid_from=clock.now(session))
    session.add(made)
    trail.record(session, viewer, "unit_price.set", made, {"price": price})
    return made


def unit_price(session: Session, currency: str, unit: str = MESSAGE) -> int:
    """Today's price in millionths of a minor unit per 1,000; 0 when none was set."""
    found = session.scalar(
        select(UnitPrice.price)
        .where(
            UnitPrice.unit == unit, UnitPrice.currency == currency, UnitPrice.valid_from <= clock.now(session)
        )
        .order_by(UnitPrice.valid_from.desc(), UnitPrice.id.desc())
        .limit(1)
    )
    return found or 0

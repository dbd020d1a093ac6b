"""The kit most worth starting for a partner, and why: a pure choice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from tcma.funds.cards import Card
from tcma.kits.catalogue import Offered, speaks


class Reason(StrEnum):
    PAID = "paid"  # a certificate pays a share of it
    NEW = "new"  # not launched here yet
    AGAIN = "again"  # worked before


@dataclass(frozen=True, slots=True)
class Proposal:
    offered: Offered
    reason: Reason
    card: Card | None
    is_launched: bool = False  # here, once or more


def best(
    offered: Iterable[Offered], launched: Collection[int], cards: Iterable[Card], own: str = ""
) -> Proposal | None:
    """Those not launched yet first (kit ids in `launched` were), among them those in the language `own`, then paid
    ones, then in the order given."""
    usable = [card for card in cards if card.is_usable and card.left > 0]
    proposals = [_proposal(one, launched, usable) for one in offered]
    if not proposals:
        return None

    def rank(one: Proposal) -> tuple[bool, bool, bool]:
        is_foreign = not any(speaks(own, locale) for locale in one.offered.locales)
        return one.offered.kit.id in launched, is_foreign, one.card is None

    return min(proposals, key=rank)


def _proposal(one: Offered, launched: Collection[int], cards: list[Card]) -> Proposal:
    card = next((card for card in cards if _covers(card, one)), None)
    is_launched = one.kit.id in launched
    if card is not None:
        return Proposal(one, Reason.PAID, card, is_launched)
    return Proposal(one, Reason.AGAIN if is_launched else Reason.NEW, None, is_launched)


def _covers(card: Card, one: Offered) -> bool:
    certificate = card.certificate
    return certificate.vendor_id == one.vendor.id and certificate.kit_id in (None, one.kit.id)

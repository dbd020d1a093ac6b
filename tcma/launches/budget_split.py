"""Who pays what of a campaign's cost list. Pure: amounts in minor units of one currency."""

from collections.abc import Sequence
from dataclasses import dataclass

from tcma import money


@dataclass(frozen=True, slots=True)
class Split:
    """`vendor` + `partner` = `budget`. `grows_until`: above this budget the vendor's part grows no more; None
    where nobody pays a share. `by_line`: the vendor's part of every cost, in their order."""

    budget: int
    vendor: int
    partner: int
    grows_until: int | None
    by_line: tuple[int, ...]

    @property
    def is_capped(self) -> bool:
        return self.grows_until is not None and self.budget > self.grows_until


def split(costs: Sequence[int], share_bp: int, limit: int) -> Split:
    """The vendor pays `share_bp` (hundredths of a percent) of every cost, rounded line by line as the ledger
    does, at most `limit` together; the partner pays the rest.
    """
    left, parts = max(limit, 0), []
    for cost in costs:
        part = min(money.rounded(cost * share_bp, money.FULL_SHARE), left, cost)
        parts.append(part)
        left -= part
    budget, vendor = sum(costs), sum(parts)
    grows_until = -(-max(limit, 0) * money.FULL_SHARE // share_bp) if share_bp else None
    return Split(budget, vendor, budget - vendor, grows_until, tuple(parts))

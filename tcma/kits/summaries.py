"""What lists say of a kit without opening its files: kept with each version when it is imported."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from campaigns.kit import Kit, TouchKind
from campaigns.regions import RegionKind

EDITABLE = frozenset({RegionKind.EDITABLE, RegionKind.CHOICE, RegionKind.OPTIONAL, RegionKind.BRAND})


@dataclass(frozen=True, slots=True)
class Summary:
    """`sizes` are people in the customer's firm, both bounds included, None without upper bound; `last_day` is the
    day of the last mail, counted from launch; `cap_amount` are minor units of `currency`, "" without funding."""

    name: Mapping[str, str] = field(default_factory=dict)
    promise: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    sizes: tuple[tuple[int, int | None], ...] = ()
    for_whom: str = ""
    mail_count: int = 0
    page_count: int = 0
    last_day: int = 0
    editable_count: int = 0
    first_mail: str = ""  # key of the touch that is its picture
    share_percent: int = 0
    cap_amount: int = 0
    currency: str = ""

    @classmethod
    def of(cls, kit: Kit) -> Self:
        mails = [touch for touch in kit.touches if touch.kind is TouchKind.EMAIL]
        funding = kit.funding
        return cls(
            name=dict(kit.name),
            promise=dict(kit.promise),
            topics=kit.topics,
            sizes=tuple((size.least, size.most) for size in kit.sizes),
            for_whom=kit.for_whom.value,
            mail_count=len(mails),
            page_count=sum(touch.kind is TouchKind.MICROSITE for touch in kit.touches),
            last_day=max((touch.day for touch in mails), default=0),
            editable_count=sum(region.kind in EDITABLE for region in kit.regions),
            first_mail=mails[0].key if mails else "",
            share_percent=funding.share_percent if funding else 0,
            cap_amount=funding.cap_amount if funding else 0,
            currency=funding.currency if funding else "",
        )

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """From a version's row; one imported before there were summaries says little."""
        known = {name: value for name, value in kept.items() if name in cls.__dataclass_fields__}
        known["topics"] = tuple(known.get("topics", ()))
        known["sizes"] = tuple((least, most) for least, most in known.get("sizes", ()))
        return cls(**known)

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    def fits(self, least: int, most: int | None) -> bool:
        """Whether it is for some firms of this many people."""
        return any(
            (top is None or top >= least) and (most is None or bottom <= most) for bottom, top in self.sizes
        )

"""Regions: which parts of a kit a partner may change, and the proof that only those change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Localised = Mapping[str, str]
"""A text by locale code, such as {"en": "Headline", "de": "Überschrift"}."""


class RegionKind(StrEnum):
    """Who may change a region."""

    LOCKED = "locked"
    BRAND = "brand"
    EDITABLE = "editable"
    CHOICE = "choice"
    OPTIONAL = "optional"


class RegionContent(StrEnum):
    """What a region holds. Headline, text, button and picture are editable unless the kit says otherwise;
    claim, price and legal text are locked unless the kit says otherwise."""

    HEADLINE = "headline"
    TEXT = "text"
    BUTTON = "button"
    PICTURE = "picture"
    CLAIM = "claim"
    PRICE = "price"
    LEGAL = "legal"


class Formatting(StrEnum):
    """What a partner's text may contain: nothing, **bold**, or **bold** and [links](https://...)."""

    NONE = "none"
    BOLD = "bold"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the things a partner can pick in a choice region. `text` is plain text by locale; `file` an asset."""

    key: str
    label: Localised
    text: Localised = field(default_factory=dict)
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """One named part of a kit. The default content stands in the kit's files, per language; a name used in
    several places is one region with one value. Lengths count characters as the reader sees them."""

    name: str
    kind: RegionKind
    label: Localised
    content: RegionContent = RegionContent.TEXT
    help: Localised = field(default_factory=dict)
    reason: Localised = field(default_factory=dict)
    min_length: int = 1
    max_length: int = 600
    formatting: Formatting = Formatting.NONE
    link_domains: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    default_on: bool = True
    brand_value: str | None = None


@dataclass(frozen=True, slots=True)
class RegionValues:
    """What a partner has set, checked. Regions that were not set keep the text of the kit's files."""

    locale: str
    values: Mapping[str, str]
    regions: Mapping[str, Region]

    def text(self, name: str) -> str | None:
        """The plain text to put into the region (of the picked variant for a choice), None to keep the kit's."""
        raise NotImplementedError

    def html(self, name: str) -> str | None:
        """The same as escaped HTML with <strong> and <a> where allowed; braces are entities, so it is safe to put
        into a template before or after it is parsed. None to keep the kit's."""
        raise NotImplementedError

    def file(self, name: str) -> str | None:
        """The asset of the picked variant, None where there is none."""
        raise NotImplementedError

    def shown(self, name: str) -> bool:
        """Whether the region appears: False only for an optional region that is off."""
        raise NotImplementedError


def apply(regions: Iterable[Region], submitted: Mapping[str, str], locale: str) -> RegionValues:
    """Check what a partner submitted, by region name: a text, a variant key for a choice, "on" or "off" for an
    optional region. Raises ContentError with one sentence for each field that is refused."""
    raise NotImplementedError

"""The parts of a kit that a partner may change in one campaign, as a form lists them: in reading order, with the
vendor's text to start from and what the partner wrote."""

from collections.abc import Mapping
from dataclasses import dataclass

from campaigns import originals, regions, sandbox
from campaigns.errors import ContentError
from campaigns.kit import Kit, TouchKind
from campaigns.originals import Original
from campaigns.region_text import shown_text
from campaigns.regions import Region, RegionContent, RegionKind
from tcma.launches.brands import Brands
from tcma.launches.models import Campaign

LONG = 120  # characters from which a text gets several lines


@dataclass(frozen=True, slots=True)
class Field:
    """One region as a form shows it. `value` is what stands in it now: a text, a variant's key or empty for the
    kit's own, "on" or "off", a picture's name or path. `original` is what the vendor put there."""

    region: Region
    label: str
    help: str
    reason: str  # of a lock
    value: str
    original: str
    locale: str

    @property
    def name(self) -> str:
        return self.region.name

    @property
    def is_changed(self) -> bool:
        return self.value != self.original

    @property
    def is_locked(self) -> bool:
        return self.region.kind in (RegionKind.LOCKED, RegionKind.BRAND)

    @property
    def is_picture(self) -> bool:
        return self.region.content is RegionContent.PICTURE and self.region.kind is RegionKind.EDITABLE

    @property
    def is_one_line(self) -> bool:
        content = (RegionContent.HEADLINE, RegionContent.BUTTON, RegionContent.PRICE)
        return self.region.content in content or self.region.max_length <= LONG

    @property
    def length(self) -> int:
        """Characters as the reader sees them."""
        return len(shown_text(self.value, self.region.formatting))

    @property
    def variants(self) -> list[tuple[str, str]]:
        """Key and label of each, in the field's language."""
        return [(variant.key, _said(variant.label, self.locale)) for variant in self.region.variants]


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one mail or of the page."""

    touch_key: str
    name: str
    fields: tuple[Field, ...]

    @property
    def locked(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.is_locked)

    @property
    def open(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if not field.is_locked)


def groups(kit: Kit, campaign: Campaign, made: Brands | None, locale: str) -> tuple[Group, ...]:
    """By part of the campaign, mails first. A region stands where it is used first; one that is used nowhere in
    this language, or that comes from the brand, is left out. Without brands yet their names stay as the kit wrote
    them."""
    texts = originals.originals(kit, locale)
    written = campaign.region_values.get(locale, {})
    names = {"campaign.name": campaign.name, **kit.fallbacks(locale)}
    if made is not None:
        names |= {**made.partner.values("partner"), **made.vendor.values("vendor")}
    by_name = {region.name: region for region in kit.regions}
    seen: set[str] = set()
    found = []
    for touch in sorted(kit.touches, key=lambda touch: touch.kind is not TouchKind.EMAIL):
        if touch.kind is TouchKind.EMAIL and locale not in touch.files:
            continue
        fields = []
        for name in touch.regions:
            region = by_name[name]
            if name in seen or region.kind is RegionKind.BRAND:
                continue
            seen.add(name)
            original = _in_country(region, texts.get(name, Original()), made, locale)
            fields.append(_field(region, original, written, names, locale))
        title = touch.name.get(locale) or touch.name[kit.default_language]
        found.append(Group(touch.key, title, tuple(fields)))
    return tuple(found)


def _in_country(region: Region, original: Original, made: Brands | None, locale: str) -> Original:
    """What stands in the region for partners of this country, where the kit says something else there."""
    words = region.words_in(made.partner.country, locale) if made is not None else None
    return original if words is None else Original(words)


def without_originals(groups: tuple[Group, ...], typed: Mapping[str, str]) -> dict[str, str]:
    """What a form sent, with empty in place of each text that is still the vendor's: such a part follows the kit
    instead of keeping a copy. Names the form does not have are kept, so that they can be refused."""
    originals = {field.name: field.original for group in groups for field in group.fields}
    return {
        name: "" if value.replace("\r\n", "\n").strip() == originals.get(name) else value
        for name, value in typed.items()
    }


def _field(
    region: Region, original: Original, written: Mapping[str, str], names: Mapping[str, str], locale: str
) -> Field:
    theirs = _original(region, original, names)
    return Field(
        region=region,
        label=_said(region.label, locale),
        help=_said(region.help, locale),
        reason=_said(region.reason, locale),
        value=written.get(region.name, theirs),
        original=theirs,
        locale=locale,
    )


def _original(region: Region, original: Original, names: Mapping[str, str]) -> str:
    if region.kind is RegionKind.OPTIONAL:
        return "on" if region.default_on else "off"
    if region.kind is RegionKind.CHOICE:
        return ""
    if region.content is RegionContent.PICTURE:
        return original.file or ""
    try:
        return sandbox.parse(original.text).render(dict(names), escape=str)
    except ContentError:
        return original.text


def _said(text: regions.Localised, locale: str) -> str:
    return text.get(locale) or next(iter(text.values()), "")

"""Regions: which parts of a kit a partner may change, and the proof that only those change."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from campaigns.errors import ContentError, Problem
from campaigns.phrases import phrase
from campaigns.region_text import Formatting, link_refusal, links, markup, plain, shown_text

__all__ = [
    "Formatting",
    "Localised",
    "Region",
    "RegionContent",
    "RegionKind",
    "RegionValues",
    "Variant",
    "apply",
]

Localised = Mapping[str, str]
"""A text by locale code, such as {"en": "Headline", "de": "Überschrift"}."""

MOST_TYPED = 20_000
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FINE = "\n\u200c\u200d\u00ad"  # joiners of letters and emoji, soft hyphen
_STORED_PICTURE = re.compile(r"[0-9a-f]{64}\.(png|jpg|webp)")


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


_ONE_LINE = frozenset({RegionContent.HEADLINE, RegionContent.BUTTON, RegionContent.PRICE})


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the things a partner can pick in a choice region. `text` is plain text by locale; `file` an
    asset."""

    key: str
    label: Localised
    text: Localised = field(default_factory=dict)
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """One named part of a kit. The default content stands in the kit's files, per language; a name used in
    several places is one region with one value. Lengths count characters as the reader sees them. `by_country`
    are the words that stand there for partners of a country (ISO 3166), such as a price in its currency; they
    are plain, and only locked regions have them."""

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
    by_country: Mapping[str, Localised] = field(default_factory=dict)

    def words_in(self, country: str, locale: str) -> str | None:
        """What stands here for partners of a country; None where the kit's files say it."""
        texts = self.by_country.get(country)
        return None if texts is None else texts.get(locale) or next(iter(texts.values()), None)

    def variant(self, key: str) -> Variant:
        """The variant with this key; KeyError if there is none."""
        for variant in self.variants:
            if variant.key == key:
                return variant
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class RegionValues:
    """What a partner has set, checked. Regions that were not set keep the text of the kit's files.
    A name that the kit does not describe is a KeyError."""

    locale: str
    values: Mapping[str, str]
    regions: Mapping[str, Region]
    country: str = ""

    def text(self, name: str) -> str | None:
        """The plain text to put into the region (of the picked variant for a choice), without marks for
        bold; links are written "text (address)". None to keep the kit's."""
        value = self._written(name)
        return None if value is None else plain(value, self.regions[name].formatting)

    def html(self, name: str) -> str | None:
        """The same as escaped HTML with <strong>, <a> and <br /> where allowed; braces are entities, so it
        is safe to put into a template before or after it is parsed. None to keep the kit's."""
        value = self._written(name)
        return None if value is None else markup(value, self.regions[name].formatting)

    def file(self, name: str) -> str | None:
        """The picture to show: an asset of the kit for a picked variant, or the name of a stored picture
        ("<sha256>.png") that the partner set. None to keep the kit's."""
        region, value = self.regions[name], self.values.get(name)
        if value is None:
            return None
        if region.kind is RegionKind.CHOICE:
            return region.variant(value).file
        return (
            value if region.content is RegionContent.PICTURE and region.kind is RegionKind.EDITABLE else None
        )

    def shown(self, name: str) -> bool:
        """Whether the region appears: False only for an optional region that is off."""
        region = self.regions[name]
        if region.kind is not RegionKind.OPTIONAL:
            return True
        return region.default_on if name not in self.values else self.values[name] == "on"

    def _written(self, name: str) -> str | None:
        region, value = self.regions[name], self.values.get(name)
        if region.by_country:
            return region.words_in(self.country, self.locale)
        if value is None or region.kind not in (RegionKind.CHOICE, RegionKind.EDITABLE):
            return None
        if region.kind is RegionKind.CHOICE:
            text = region.variant(value).text
            return text.get(self.locale) or next(iter(text.values()), None)
        return None if region.content is RegionContent.PICTURE else value


def apply(
    regions: Iterable[Region], submitted: Mapping[str, str], locale: str, country: str = ""
) -> RegionValues:
    """Check what a partner submitted, by region name: a text, a variant key for a choice, "on" or "off" for
    an optional region, the name of a stored picture for an editable picture. A value of nothing but spaces
    means "keep the kit's". `country` is the partner's, for what the kit says differently there. Raises
    ContentError with one sentence for each field that is refused."""
    known = {region.name: region for region in regions}
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for name, typed in submitted.items():
        region = known.get(name)
        if region is None:
            problems.append(
                Problem(name[:60], None, phrase("This kit has no region of this name. Leave the field out."))
            )
            continue
        value = unicodedata.normalize("NFC", typed.replace("\r\n", "\n")).strip()
        sentence = _refusal(region, value, locale)
        if sentence:
            problems.append(Problem(name, None, sentence))
        elif value:
            values[name] = value
    if problems:
        raise ContentError(problems)
    return RegionValues(locale, values, known, country)


def _refusal(region: Region, value: str, locale: str) -> str | None:
    """Why this value may not stand in this region, None if it may. A lock is told even where nothing is
    typed."""
    label = region.label.get(locale) or next(iter(region.label.values()), region.name)
    if region.kind is RegionKind.LOCKED:
        reason = region.reason.get(locale) or next(iter(region.reason.values()), "")
        if not reason:
            return phrase("%(label)s is locked and stays as it is.", label=label)
        return phrase("%(label)s is locked and stays as it is. %(reason)s", label=label, reason=reason)
    if region.kind is RegionKind.BRAND:
        return phrase("%(label)s comes from your brand. Change it there.", label=label)
    if not value:
        return None
    if region.kind is RegionKind.OPTIONAL:
        return None if value in ("on", "off") else phrase('%(label)s can be "on" or "off".', label=label)
    if region.kind is RegionKind.CHOICE:
        keys = [variant.key for variant in region.variants]
        return None if value in keys else phrase("%(label)s can be one of: %(keys)s.", label=label, keys=keys)
    if region.content is RegionContent.PICTURE:
        if _STORED_PICTURE.fullmatch(value):
            return None
        return phrase("%(label)s needs a picture that was uploaded here.", label=label)
    return _text_refusal(region, value, label)


def _text_refusal(region: Region, value: str, label: str) -> str | None:
    if len(value) > MOST_TYPED:
        return phrase(
            "%(label)s is far too long. It may have %(most)s characters.", label=label, most=region.max_length
        )
    if "\n" in value and region.content in _ONE_LINE:
        return phrase("%(label)s has to fit on one line. Take the line breaks out.", label=label)
    if any(unicodedata.category(character) in _UNSEEN for character in value if character not in _FINE):
        return phrase("%(label)s contains an invisible control character. Type the text anew.", label=label)
    length = len(shown_text(value, region.formatting))
    if length > region.max_length:
        return phrase(
            "%(label)s has %(length)s characters. It may have %(most)s.",
            label=label,
            length=length,
            most=region.max_length,
        )
    if length < region.min_length:
        return phrase(
            "%(label)s has %(length)s characters. It needs at least %(least)s.",
            label=label,
            length=length,
            least=region.min_length,
        )
    for link in links(value):
        if region.formatting is not Formatting.LINK:
            return phrase(
                "%(label)s may not contain links. Take out '%(link)s'.", label=label, link=link[:60]
            )
        complaint = link_refusal(link, region.link_domains)
        if complaint:
            return phrase("%(label)s: %(sentence)s", label=label, sentence=complaint)
    return None

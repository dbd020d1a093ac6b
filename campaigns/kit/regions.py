"""The regions, merge fields and consent texts that kit.yml describes."""

import re
from collections.abc import Iterator

from babel.core import get_global

from campaigns.kit.fields import WORD, Section
from campaigns.kit.model import ConsentText, MergeField, Party, Purpose
from campaigns.kit.names import PERSONAL, unknown_name
from campaigns.region_text import Formatting
from campaigns.regions import Localised, Region, RegionContent, RegionKind, Variant

MOST_REGIONS = 100
BRAND_VALUES = ("logo", "colour", "name", "contact", "imprint")
COUNTRY = re.compile(r"[A-Z]{2}")

_LOCKED_CONTENT = frozenset({RegionContent.CLAIM, RegionContent.PRICE, RegionContent.LEGAL})
_LONGEST = {RegionContent.HEADLINE: 60, RegionContent.BUTTON: 40}
_DOMAIN = re.compile(r"[^\s/:@?#*]{1,250}\.[^\s/:@?#*.]{2,60}")


def read_regions(kit: Section) -> Iterator[Region]:
    for name, section in kit.named_sections("regions", most=MOST_REGIONS):
        if not WORD.fullmatch(name):
            kit.report.problem(
                kit.path,
                section.line,
                f"'{name[:40]}' cannot name a region. Use small letters, digits, hyphens.",
            )
        yield _region(name, section)


def read_merge_fields(kit: Section) -> Iterator[MergeField]:
    for name, section in kit.named_sections("merge_fields"):
        if complaint := unknown_name(name):
            section.problem(complaint)
        elif name not in PERSONAL:
            section.problem(f"'{name}' is filled in by the product and needs no fallback. Take it out.")
        yield MergeField(name, section.localised("label", most=60), section.localised("fallback", most=60))


def read_consents(kit: Section) -> Iterator[ConsentText]:
    seen: set[tuple[str, str | None]] = set()
    for section in kit.sections("consents", required=False):
        key, country = section.word("key"), section.text("country", required=False, most=2) or None
        if country and not COUNTRY.fullmatch(country):
            section.problem(f"'{country}' is not a country. Use two capitals such as CH.", "country")
        if (key, country) in seen:
            section.problem(f"The consent text '{key}' stands twice for the same country.", "key")
        seen.add((key, country))
        yield ConsentText(
            key=key,
            version=section.number("version", 1, 9_999),
            purpose=section.choice("purpose", Purpose),
            party=section.choice("party", Party),
            text=section.localised("text", most=1_000, source=True),
            country=country,
        )


def _region(name: str, section: Section) -> Region:
    content = section.choice("content", RegionContent, RegionContent.TEXT)
    default = RegionKind.LOCKED if content in _LOCKED_CONTENT else RegionKind.EDITABLE
    kind = section.choice("kind", RegionKind, default)
    longest = _LONGEST.get(content, 600)
    region = Region(
        name=name,
        kind=kind,
        label=section.localised("label", most=60),
        content=content,
        help=section.localised("help", required=False),
        reason=section.localised("reason", required=kind is RegionKind.LOCKED),
        min_length=section.number("min", 0, 2_000, 1),
        max_length=section.number("max", 1, 2_000, longest),
        formatting=section.choice("formatting", Formatting, Formatting.NONE),
        link_domains=tuple(section.texts("link_domains", required=False)),
        variants=tuple(_variants(section)) if kind is RegionKind.CHOICE else (),
        default_on=section.flag("on", True) if kind is RegionKind.OPTIONAL else True,
        brand_value=section.text("brand") if kind is RegionKind.BRAND else None,
        by_country=dict(_by_country(section)),
    )
    _check(region, section)
    return region


def _variants(section: Section) -> Iterator[Variant]:
    for key, variant in section.named_sections("variants", most=12):
        text, file = (
            variant.localised("text", required=False, most=2_000),
            variant.text("file", required=False),
        )
        if bool(text) is bool(file):
            variant.problem(f"The variant '{key}' needs either a text or a file.")
        yield Variant(key, variant.localised("label", most=60), text, file or None)


def _by_country(section: Section) -> Iterator[tuple[str, Localised]]:
    """What stands in the region for partners of a country, by language."""
    outer = section.section("countries", required=False)
    if outer is None:
        return
    for country in outer.table.entries:
        if not COUNTRY.fullmatch(country) or country not in get_global("territory_zones"):
            outer.problem(f"'{country[:40]}' is not a country. Use two capitals such as CH.", country)
        yield country, outer.localised(country, most=2_000)
    outer.done()


def _check(region: Region, section: Section) -> None:
    if region.min_length > region.max_length:
        section.problem(
            f"'min' is {region.min_length}, which is more than 'max', {region.max_length}.", "min"
        )
    if region.content is RegionContent.HEADLINE and region.max_length > 60:
        section.problem("A headline may have at most 60 characters. Set 'max' to 60 or less.", "max")
    if region.by_country and region.kind is not RegionKind.LOCKED:
        section.problem(
            "Only a locked region has texts by country. Take 'countries' out or lock it.", "countries"
        )
    if region.kind is RegionKind.CHOICE and len(region.variants) < 2:
        section.problem("A choice needs at least two variants.", "kind")
    if region.kind is RegionKind.BRAND and region.brand_value not in BRAND_VALUES:
        section.problem(f"'brand' can be: {', '.join(BRAND_VALUES)}.", "brand")
    if (region.formatting is Formatting.LINK) is not bool(region.link_domains):
        section.problem(
            "'formatting: link' and 'link_domains' belong together: say where links may lead.", "formatting"
        )
    for domain in region.link_domains:
        if not _DOMAIN.fullmatch(domain):
            section.problem(f"'{domain}' is not a domain. Write it like harbour-it.example.", "link_domains")

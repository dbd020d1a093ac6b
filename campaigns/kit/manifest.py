"""kit.yml: what a kit says about itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.core import get_global
from babel.localedata import exists as language_exists
from babel.numbers import get_currency_precision, list_currencies

from campaigns.kit.fields import Section
from campaigns.kit.model import (
    CompanySize,
    ConsentText,
    Engagement,
    ForWhom,
    FundingProposal,
    LeadVisibility,
    MergeField,
    Offer,
    Sale,
)
from campaigns.kit.regions import COUNTRY, read_consents, read_merge_fields, read_regions
from campaigns.kit.sequence import TouchEntry, check_sequence, read_sequence
from campaigns.regions import Localised, Region

FORMAT = 1
MOST_LANGUAGES = 20
MOST_TOPICS = 5
LONGEST_TOPIC = 30

_SIZE = re.compile(r"([0-9]{1,7})(?:-([0-9]{1,7})|(\+))")
_CAP = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything kit.yml says, before the files it names are read. `lines` are those of its top keys."""

    name: Localised
    promise: Localised
    sale: Sale
    offer: Offer
    engagement: Engagement
    for_whom: ForWhom
    sizes: tuple[CompanySize, ...]
    topics: tuple[str, ...]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    entries: tuple[TouchEntry, ...]
    regions: tuple[Region, ...]
    region_lines: Mapping[str, int]
    merge_fields: tuple[MergeField, ...]
    consents: tuple[ConsentText, ...]
    lead_visibility: LeadVisibility
    funding: FundingProposal | None
    external_id: str | None
    briefing: str | None
    lines: Mapping[str, int]


def read_manifest(kit: Section) -> Manifest:
    """Read the whole table; problems go to its report, so the result is sound only if there are none."""
    kit.number("kit", FORMAT, FORMAT)
    languages = tuple(_languages(kit))
    kit.language = languages[0] if languages else "en"
    kit.report.languages = languages
    regions = kit.section("regions", required=False)
    manifest = Manifest(
        name=kit.localised("name", most=80),
        promise=kit.localised("promise", most=200),
        sale=kit.choice("sale", Sale),
        offer=kit.choice("offer", Offer),
        engagement=kit.choice("engagement", Engagement),
        for_whom=kit.choice("for", ForWhom),
        sizes=tuple(_sizes(kit)),
        topics=tuple(_topics(kit)),
        languages=languages or ("en",),
        countries=tuple(_countries(kit)),
        entries=tuple(read_sequence(kit)),
        regions=tuple(read_regions(kit)),
        region_lines=regions.table.lines if regions else {},
        merge_fields=tuple(read_merge_fields(kit)),
        consents=tuple(read_consents(kit)),
        lead_visibility=kit.choice("lead_visibility", LeadVisibility, LeadVisibility.NAMED_WHERE_AGREED),
        funding=_funding(kit),
        external_id=kit.text("external_id", required=False, most=100) or None,
        briefing=kit.text("briefing", required=False, most=200) or None,
        lines=kit.table.lines,
    )
    kit.done()
    check_sequence(manifest.entries, kit)
    return manifest


def _languages(kit: Section) -> Iterator[str]:
    found = kit.texts("languages", most=MOST_LANGUAGES)
    if kit.has("languages") and not found:
        kit.problem("Name at least one language, such as [en].", "languages")
    for language in dict.fromkeys(found):
        if _LANGUAGE.fullmatch(language) and language_exists(language.replace("-", "_")):
            yield language
        else:
            kit.problem(f"'{language}' is not a language. Use codes such as en, de or fr.", "languages")


def _countries(kit: Section) -> Iterator[str]:
    known = get_global("territory_zones")
    for country in dict.fromkeys(kit.texts("countries", required=False, most=250)):
        if COUNTRY.fullmatch(country) and country in known:
            yield country
        else:
            kit.problem(f"'{country}' is not a country. Use two capitals such as CH.", "countries")


def _sizes(kit: Section) -> Iterator[CompanySize]:
    for text in kit.texts("sizes"):
        match = _SIZE.fullmatch(text.replace(" ", ""))
        least, most = (int(match.group(1)), int(match.group(2) or 0)) if match else (0, 0)
        if match and least >= 1 and (match.group(3) or most >= least):
            yield CompanySize(least, most if match.group(2) else None)
        else:
            kit.problem(f"'{text}' is not a size. Write people in the firm, such as 1-100 or 501+.", "sizes")


def _topics(kit: Section) -> Iterator[str]:
    seen: set[str] = set()
    for text in kit.texts("topics", required=False, most=MOST_TOPICS):
        topic = " ".join(text.split())
        if not topic or len(topic) > LONGEST_TOPIC:
            kit.problem(f"'{topic}' is not a topic. Write 1 to {LONGEST_TOPIC} characters.", "topics")
        elif topic.casefold() not in seen:
            seen.add(topic.casefold())
            yield topic


def _funding(kit: Section) -> FundingProposal | None:
    section = kit.section("funding", required=False)
    if section is None:
        return None
    currency = section.text("currency", most=3)
    if currency and currency not in list_currencies():
        section.problem(f"'{currency}' is not a currency. Use three capitals such as CHF.", "currency")
        currency = "CHF"
    proposal = FundingProposal(
        share_percent=section.number("share", 1, 100),
        cap_amount=_minor_units(section, currency),
        currency=currency,
        valid_days=section.number("valid_days", 1, 730),
    )
    section.done()
    return proposal


def _minor_units(section: Section, currency: str) -> int:
    text = section.text("cap", most=20)
    digits = get_currency_precision(currency) if currency else 2
    if not text:
        return 0
    if not _CAP.fullmatch(text) or len(text.partition(".")[2]) > digits:
        section.problem(f"'{text}' is not an amount of {currency}. Write it like 400 or 400.00.", "cap")
        return 0
    return int(Decimal(text).scaleb(digits))

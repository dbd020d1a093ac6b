"""The kits that are open to a partner, as it looks through them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma.errors import NotFound
from tcma.kits.models import Kit, KitRelease, KitVersion
from tcma.kits.queries import open_to
from tcma.kits.summaries import Summary
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer

READERS = (Role.MARKETER, Role.SALES, Role.FINANCE, Role.READER)

# Sizes of firms as the trade sorts them: least and most people.
BANDS: tuple[tuple[int, int | None], ...] = ((1, 100), (101, 500), (501, 2_500), (2_501, None))


@dataclass(frozen=True, slots=True)
class Offered:
    """A kit a partner can launch now. `locales` are those released for its country, the default first."""

    kit: Kit
    version: KitVersion
    vendor: Organisation
    locales: tuple[str, ...]
    summary: Summary

    def name_in(self, locale: str) -> str:
        return _in(self.summary.name, locale, self.locales) or self.kit.name

    def promise_in(self, locale: str) -> str:
        return _in(self.summary.promise, locale, self.locales)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a partner looks for; "" and None ask nothing. `vendor` is a slug, `band` a place in BANDS."""

    vendor: str = ""
    topic: str = ""
    locale: str = ""
    band: int | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by, in all kits that are open."""

    vendors: tuple[tuple[str, str], ...]  # slug, name
    topics: tuple[str, ...]
    locales: tuple[str, ...]


def offered_to(session: Session, viewer: Viewer) -> list[Offered]:
    """Every kit of an active partnership that is released in the partner's country, the newest first. Three
    statements."""
    viewer.require(OrganisationKind.PARTNER, *READERS)
    return _offered(session, viewer)


def find_offered(session: Session, viewer: Viewer, kit_id: UUID) -> Offered:
    """One of them; NotFound otherwise. Three statements."""
    viewer.require(OrganisationKind.PARTNER, *READERS)
    found = _offered(session, viewer, kit_id)
    if not found:
        raise NotFound("There is no such kit, or it is not open to you any more.")
    return found[0]


def speaks(own: str, locale: str) -> bool:
    """Whether text in `locale` is in the language `own`, whatever the country of either."""
    return own.partition("-")[0].lower() == locale.partition("-")[0].lower()


def in_own_language_first(found: Iterable[Offered], own: str) -> list[Offered]:
    """Kits that are there in the language `own` first, in the order given among themselves. Pure."""
    return sorted(found, key=lambda one: not any(speaks(own, locale) for locale in one.locales))


def matching(found: Iterable[Offered], wish: Wish) -> list[Offered]:
    """Those that meet every part of a wish. Pure."""
    return [one for one in found if _meets(one, wish)]


def choices_of(found: Sequence[Offered]) -> Choices:
    topics = {topic.casefold(): topic for one in found for topic in one.summary.topics}
    return Choices(
        vendors=tuple(sorted({(one.vendor.slug, one.vendor.name) for one in found}, key=lambda v: v[1])),
        topics=tuple(topics[key] for key in sorted(topics)),
        locales=tuple(sorted({locale for one in found for locale in one.locales})),
    )


def _offered(session: Session, viewer: Viewer, kit_id: UUID | None = None) -> list[Offered]:
    country = session.get_one(Organisation, viewer.organisation_id).country
    query = (
        select(KitVersion, Kit, Organisation)
        .join(Kit, Kit.id == KitVersion.kit_id)
        .join(Organisation, Organisation.id == KitVersion.vendor_id)
        .where(open_to(viewer.organisation_id))
        .order_by(KitVersion.offered_at.desc(), KitVersion.id.desc())
    )
    if kit_id is not None:
        query = query.where(Kit.public_id == kit_id)
    rows = session.execute(query).all()
    releases = session.execute(
        select(KitRelease.kit_version_id, KitRelease.locale).where(
            KitRelease.kit_version_id.in_([version.id for version, _, _ in rows]),
            KitRelease.country.in_(("", country)),
        )
    )
    released = {(version_id, locale) for version_id, locale in releases}
    found = [
        Offered(
            kit=kit,
            version=version,
            vendor=vendor,
            locales=tuple(locale for locale in version.languages if (version.id, locale) in released),
            summary=Summary.read(version.summary),
        )
        for version, kit, vendor in rows
    ]
    return [one for one in found if one.locales]


def _meets(one: Offered, wish: Wish) -> bool:
    topics = {topic.casefold() for topic in one.summary.topics}
    return (
        (not wish.vendor or one.vendor.slug == wish.vendor)
        and (not wish.topic or wish.topic.casefold() in topics)
        and (not wish.locale or wish.locale in one.locales)
        and (wish.band is None or one.summary.fits(*BANDS[wish.band]))
    )


def _in(texts: object, locale: str, locales: tuple[str, ...]) -> str:
    """The text in the reader's language, else in the first that is released, else in any."""
    assert isinstance(texts, dict)
    for wanted in (locale, *locales):
        if texts.get(wanted):
            return str(texts[wanted])
    return str(next(iter(texts.values()), ""))

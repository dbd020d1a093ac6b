"""Kits from their files to the partners: import, review, publication, and the ways a version ends."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from campaigns import kit as kits
from campaigns.errors import ContentError
from campaigns.kit import Kit as KitContent
from tcma import clock, storage
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.jobs.queue import Job, enqueue
from tcma.kits import content, queries
from tcma.kits.models import Kit, KitFile, KitRelease, KitVersion, VersionStatus
from tcma.kits.summaries import Summary
from tcma.organisations.firms import slug_of
from tcma.viewer import OrganisationKind, Role, Viewer

EVERYWHERE = ""
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import led to; `changed` is False when the newest version holds these very files already."""

    kit: Kit
    version: KitVersion
    changed: bool


class KitRefused(Invalid):
    """Files that make no kit; `problems` says everything found, with file and line."""

    def __init__(self, error: ContentError) -> None:
        super().__init__("\n".join(str(problem) for problem in error.problems))
        self.problems = error.problems


def import_files(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    source: Mapping[str, bytes],
    *,
    note: str = "",
    slug: str = "",
) -> Imported:
    """A draft version from a kit's files, by path. A draft nobody submitted is replaced, so that drafts
    do not pile up. `slug` names the kit in addresses, made from its name when empty. KitRefused tells every
    problem."""
    viewer.require(OrganisationKind.VENDOR, Role.KIT_AUTHOR)
    try:
        read = kits.read(source)
    except ContentError as error:
        raise KitRefused(error) from error
    stored = content.store_files(files, viewer.organisation_id, read.files)
    content.keep(read)
    with database.transaction(viewer.organisation_id) as session:
        kit = _kit_row(session, viewer, read, slug_of(slug or read.name[read.default_language])[:80])
        newest = queries.newest_version(session, kit.id)
        if newest is not None and newest.source_hash == read.source_hash:
            return Imported(kit, newest, changed=False)
        version = _draft(session, viewer, kit, newest, read=read, note=note.strip()[:LONGEST_NOTE])
        session.add_all(
            KitFile(kit_version_id=version.id, vendor_id=kit.vendor_id, path=path, sha256=sha256, size=size)
            for path, (sha256, size) in stored.items()
        )
        trail.record(session, viewer, "kit_version.imported", version, {"kit_id": kit.id})
        return Imported(kit, version, changed=True)


def export(
    database: Database, viewer: Viewer, files: storage.Storage, slug: str, number: int | None = None
) -> tuple[KitVersion, dict[str, bytes]]:
    """A version of one's kit with its files by path, byte for byte as imported; the newest without `number`."""
    viewer.require(OrganisationKind.VENDOR, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER)
    with database.reading(viewer.organisation_id) as session:
        kit = queries.find_kit(session, viewer, slug)
        for version in queries.versions_for(session, viewer, kit.id):
            if number in (None, version.number):
                return version, content.load_files(session, files, version)
    if number is None:
        raise NotFound(phrase("The kit '%(slug)s' has no version yet.", slug=slug))
    raise NotFound(phrase("The kit '%(slug)s' has no version %(number)s.", slug=slug, number=number))


def submit(session: Session, viewer: Viewer, public_id: UUID) -> KitVersion:
    """Hand a draft in for review."""
    viewer.require(OrganisationKind.VENDOR, Role.KIT_AUTHOR)
    version = queries.find_version(session, viewer, public_id, lock=True)
    version.submit()
    trail.record(session, viewer, "kit_version.submitted", version)
    return version


def return_to_draft(session: Session, viewer: Viewer, public_id: UUID) -> KitVersion:
    """The reviewer gives it back."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER, Role.KIT_AUTHOR)
    version = queries.find_version(session, viewer, public_id, lock=True)
    version.return_to_draft()
    trail.record(session, viewer, "kit_version.returned", version)
    return version


def publish(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    public_id: UUID,
    *,
    locales: Iterable[str] = (),
    countries: Iterable[str] = (),
) -> KitVersion:
    """Open a reviewed version to the vendor's partners, in its complete languages (or those named) and in the
    countries of the kit (or those of them that are named). The version published before is superseded."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    with database.reading(viewer.organisation_id) as session:
        version = queries.find_version(session, viewer, public_id)
        source = content.load_files(session, files, version)
    try:
        read = kits.read(source)  # by today's rules, whenever it was imported
    except ContentError as error:
        raise KitRefused(error) from error
    if not read.touches:
        raise Conflict(
            "This installation runs none of the touches of this kit yet, so nobody could launch it."
        )
    wanted = _locales(read, tuple(locales))
    where = _countries(read, tuple(countries))
    with database.transaction(viewer.organisation_id) as session:
        version = queries.find_version(session, viewer, public_id, lock=True)
        if version.source_hash != read.source_hash:
            raise Conflict("The draft was replaced in the meantime. Look at it again.")
        session.execute(select(Kit.id).where(Kit.id == version.kit_id).with_for_update())
        now = clock.now(session)
        before = session.scalars(
            select(KitVersion).where(
                KitVersion.kit_id == version.kit_id, KitVersion.status == VersionStatus.PUBLISHED
            )
        ).all()
        version.publish(_person(viewer), now)
        for old in before:
            old.supersede(now)
        session.add_all(
            KitRelease(
                kit_version_id=version.id,
                vendor_id=version.vendor_id,
                locale=locale,
                country=country,
                offered_at=now,
            )
            for locale in wanted
            for country in where
        )
        session.execute(update(KitFile).where(KitFile.kit_version_id == version.id).values(offered_at=now))
        trail.record(session, viewer, "kit_version.published", version, {"locales": list(wanted)})
    return version


def withdraw(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> KitVersion:
    """No new launches; campaigns that were launched go on."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    version = queries.find_version(session, viewer, public_id, lock=True)
    version.withdraw(_reason(reason), clock.now(session))
    trail.record(session, viewer, "kit_version.withdrawn", version)
    return version


def expire(session: Session, viewer: Viewer, public_id: UUID) -> KitVersion:
    """Its time is over; campaigns that were launched go on."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    version = queries.find_version(session, viewer, public_id, lock=True)
    version.expire(clock.now(session))
    trail.record(session, viewer, "kit_version.expired", version)
    return version


def recall(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> KitVersion:
    """Stop every live use at once: the claiming statement reads this status, a job ends the campaigns."""
    viewer.require(OrganisationKind.VENDOR, Role.CHANNEL_MANAGER)
    version = queries.find_version(session, viewer, public_id, lock=True)
    version.recall(_reason(reason), clock.now(session))
    trail.record(session, viewer, "kit_version.recalled", version)
    enqueue(session, Job.LAUNCHES_STOP_RECALLED, str(version.id), {"kit_version_id": version.id})
    return version


def _kit_row(session: Session, viewer: Viewer, read: KitContent, slug: str) -> Kit:
    """The kit of this name, locked, so that two imports make two versions and not one twice."""
    kit = session.scalar(
        select(Kit).where(Kit.vendor_id == viewer.organisation_id, Kit.slug == slug).with_for_update()
    )
    name = read.name[read.default_language][:160]
    if kit is None:
        kit = Kit(
            vendor_id=viewer.organisation_id,
            slug=slug,
            name=name,
            external_id=read.external_id,
            created_at=clock.now(session),
        )
        session.add(kit)
        session.flush()
    return kit


def _draft(
    session: Session, viewer: Viewer, kit: Kit, newest: KitVersion | None, *, read: KitContent, note: str
) -> KitVersion:
    if newest is not None and newest.status is VersionStatus.IN_REVIEW:
        raise Conflict(
            phrase("Version %(number)s is in review. Publish it or return it first.", number=newest.number)
        )
    now, person = clock.now(session), _person(viewer)
    if newest is not None and newest.status is VersionStatus.DRAFT:
        session.execute(delete(KitFile).where(KitFile.kit_version_id == newest.id))
        version = newest
    else:
        version = KitVersion(
            kit_id=kit.id,
            vendor_id=kit.vendor_id,
            number=newest.number + 1 if newest else 1,
            status=VersionStatus.DRAFT,
        )
    version.source_hash = read.source_hash
    version.languages = list(read.complete_languages)
    version.summary = Summary.of(read).kept()
    version.change_note = note
    version.created_by_id, version.created_at = person, now
    session.add(version)
    if kit.offered_at is None:
        kit.name = read.name[read.default_language][:160]
    session.flush()
    return version


def _locales(read: KitContent, named: tuple[str, ...]) -> tuple[str, ...]:
    if not read.complete_languages:
        raise Conflict("No language of this kit is complete. Complete one, import it again, then publish.")
    incomplete = [locale for locale in named if locale not in read.complete_languages]
    if incomplete:
        complete = ", ".join(read.complete_languages)
        raise Invalid(
            phrase(
                "Not complete in this version: %(incomplete)s. Complete: %(complete)s.",
                incomplete=", ".join(incomplete)[:80],
                complete=complete,
            )
        )
    return tuple(locale for locale in read.complete_languages if not named or locale in named)


def _countries(read: KitContent, named: tuple[str, ...]) -> tuple[str, ...]:
    if not named:
        return read.countries or (EVERYWHERE,)
    outside = [country for country in named if read.countries and country not in read.countries]
    if outside:
        raise Invalid(
            phrase(
                "The kit is not made for %(outside)s. It says: %(countries)s.",
                outside=", ".join(outside)[:80],
                countries=read.countries,
            )
        )
    return tuple(dict.fromkeys(named))


def _reason(reason: str) -> str:
    tidy = " ".join(reason.split())
    if not tidy:
        raise Invalid("Say why: the partners read it.", {"reason": "Say why: the partners read it."})
    return tidy[:LONGEST_NOTE]


def _person(viewer: Viewer) -> int:
    if viewer.user_id is None:
        raise Invalid("This is done by a person.")
    return viewer.user_id

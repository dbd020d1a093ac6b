"""Kits from their files to the partners."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import kit as kits
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.jobs.models import JobRow
from tcma.kits import content, queries, service
from tcma.kits.models import NEXT, Kit, KitFile, KitRelease, KitVersion, VersionStatus
from tcma.kits.service import KitRefused
from tcma.partners.models import PartnershipStatus
from tcma.storage.folder import FolderStorage
from tcma.viewer import Role, Viewer
from tests.campaigns.kit_files import some_files, with_change
from tests.campaigns.kit_materials import every_kind
from tests.factories import a_partner, a_partnership, a_vendor, a_viewer
from tests.installation import Installation

_V = VersionStatus
LATER = with_change("emails/01-invite.mjml", "Get it", "Send it to me")


class Shop:
    """A vendor with its files, and a partner that looks on."""

    def __init__(self, installation: Installation, folder: Path) -> None:
        self.installation, self.web = installation, installation.web
        self.files = FolderStorage(folder / "files")
        with installation.owner.transaction() as session:
            vendor, partner = a_vendor(session), a_partner(session)
            self.vendor, self.partner = a_viewer(session, vendor), a_viewer(session, partner)
            self.partnership = a_partnership(session, vendor, partner)
            self.author = a_viewer(session, vendor, Role.KIT_AUTHOR)

    def imported(self, source: dict[str, bytes] | None = None, note: str = "") -> service.Imported:
        return service.import_files(self.web, self.author, self.files, source or some_files({}), note=note)

    def published(self, source: dict[str, bytes] | None = None, **where: tuple[str, ...]) -> KitVersion:
        version = self.imported(source).version
        with self.web.transaction(self.vendor.organisation_id) as session:
            service.submit(session, self.author, version.public_id)
        return service.publish(self.web, self.vendor, self.files, version.public_id, **where)

    def status(self, version: KitVersion) -> VersionStatus:
        with self.web.reading(self.vendor.organisation_id) as session:
            return queries.find_version(session, self.vendor, version.public_id).status

    def seen_by(self, viewer: Viewer) -> tuple[int, int, int, int]:
        """How many kits, versions, files and releases an unfiltered query shows to this viewer."""
        with self.web.reading(viewer.organisation_id) as session:
            kits, versions, files, releases = (
                len(session.scalars(select(model)).all()) for model in (Kit, KitVersion, KitFile, KitRelease)
            )
            return kits, versions, files, releases


@pytest.fixture
def shop(database: Installation, tmp_path: Path) -> Shop:
    return Shop(database, tmp_path)


@pytest.fixture
def shops(databases: Installation, tmp_path: Path) -> Shop:
    return Shop(databases, tmp_path)


def test_an_import_makes_a_draft_and_the_same_files_change_nothing(shops: Shop) -> None:
    first = shops.imported(note="First go.")
    assert (first.version.number, first.version.status, first.changed) == (1, _V.DRAFT, True)
    assert (first.kit.slug, first.version.languages) == ("sleep-well", ["en"])
    again = shops.imported()
    assert (again.version.id, again.changed) == (first.version.id, False)


def test_a_draft_is_replaced_and_a_published_version_is_followed(shop: Shop) -> None:
    first = shop.imported().version
    before = first.source_hash
    second = shop.imported(LATER).version
    assert (second.id, second.number) == (first.id, 1) and second.source_hash != before
    with shop.web.transaction(shop.vendor.organisation_id) as session:
        service.submit(session, shop.author, second.public_id)
    with pytest.raises(Conflict, match="Version 1 is in review"):
        shop.imported()
    service.publish(shop.web, shop.vendor, shop.files, second.public_id)
    third = shop.imported().version
    assert (third.number, third.status) == (2, _V.DRAFT)


def test_files_that_make_no_kit_are_refused_with_every_sentence(shop: Shop) -> None:
    broken = some_files({"emails/02-reminder.mjml": None, "microsite/page.yml": "title: 1: 2"})
    with pytest.raises(KitRefused) as refusal:
        shop.imported(broken)
    assert {problem.path for problem in refusal.value.problems} >= {"microsite/page.yml"}
    assert len(refusal.value.problems) >= 2
    assert shop.seen_by(shop.vendor) == (0, 0, 0, 0)


def test_a_partner_sees_what_is_published_and_never_a_draft(shops: Shop) -> None:
    version = shops.imported().version
    assert shops.seen_by(shops.vendor)[:3] == (1, 1, 6)
    assert shops.seen_by(shops.partner) == (0, 0, 0, 0)
    with shops.web.reading(shops.partner.organisation_id) as session, pytest.raises(NotFound):
        queries.find_version(session, shops.partner, version.public_id)

    shops.published(LATER)
    shops.imported()  # the next draft
    assert shops.seen_by(shops.vendor)[1] == 2
    assert shops.seen_by(shops.partner) == (1, 1, 6, 1)
    with shops.web.reading(shops.partner.organisation_id) as session:
        (kit,) = queries.kits_for(session, shops.partner)
        assert queries.find_kit(session, shops.partner, "sleep-well").id == kit.id
        launchable = queries.find_launchable(session, shops.partner, kit.id)
        assert [found.id for found in queries.versions_for(session, shops.partner, kit.id)] == [launchable.id]
        assert queries.released_locales(session, launchable.id, "CH") == ["en"]
        assert content.load_kit(session, shops.files, launchable.id).default_language == "en"


@pytest.mark.parametrize(
    "status", [PartnershipStatus.INVITED, PartnershipStatus.SUSPENDED, PartnershipStatus.ENDED]
)
def test_kits_are_open_to_active_partnerships_only(
    databases: Installation, tmp_path: Path, status: PartnershipStatus
) -> None:
    shop = Shop(databases, tmp_path)
    version = shop.published()
    with databases.owner.transaction() as session:
        session.merge(shop.partnership).status = status
        stranger = a_viewer(session, a_partner(session))
    for viewer in (shop.partner, stranger):
        with shop.web.reading(viewer.organisation_id) as session:
            assert queries.kits_for(session, viewer) == []
            with pytest.raises(NotFound):
                queries.find_version(session, viewer, version.public_id)
            with pytest.raises(NotFound):
                queries.find_kit(session, viewer, "sleep-well")
            with pytest.raises(NotFound):
                queries.find_launchable(session, viewer, version.kit_id)
    assert shop.seen_by(stranger) == (0, 0, 0, 0)


def test_publishing_supersedes_the_version_before(shop: Shop) -> None:
    first = shop.published()
    second = shop.published(LATER)
    assert (shop.status(first), shop.status(second)) == (_V.SUPERSEDED, _V.PUBLISHED)


def test_only_complete_languages_and_the_kits_countries_are_published(shop: Shop) -> None:
    half = with_change("kit.yml", "languages: [en]", "languages: [en, de]\ncountries: [CH, AT]")
    with pytest.raises(Invalid, match="Not complete in this version: de"):
        shop.published(half, locales=("en", "de"))
    with shop.web.reading(shop.vendor.organisation_id) as session:
        (waiting,) = session.scalars(select(KitVersion)).all()
        public_id, number = waiting.public_id, waiting.id
    with pytest.raises(Invalid, match="not made for FR"):
        service.publish(shop.web, shop.vendor, shop.files, public_id, countries=("FR",))
    service.publish(shop.web, shop.vendor, shop.files, public_id)
    with shop.web.reading(shop.partner.organisation_id) as session:
        assert queries.released_locales(session, number, "CH") == ["en"]
        assert queries.released_locales(session, number, "DE") == []


def test_a_recall_says_why_and_asks_a_job_to_stop_every_use(shops: Shop) -> None:
    version = shops.published()
    with shops.web.transaction(shops.vendor.organisation_id) as session:
        with pytest.raises(Invalid, match="Say why"):
            service.recall(session, shops.vendor, version.public_id, "  ")
        recalled = service.recall(session, shops.vendor, version.public_id, "A wrong claim.")
        assert (recalled.status, recalled.ended_reason) == (_V.RECALLED, "A wrong claim.")
        assert [job.arguments for job in session.scalars(select(JobRow))] == [{"kit_version_id": version.id}]
    with shops.web.reading(shops.partner.organisation_id) as session:
        assert queries.kits_for(session, shops.partner) == []


@pytest.mark.parametrize("status", list(VersionStatus))
def test_every_deed_follows_the_drawn_arrows(shop: Shop, status: VersionStatus) -> None:
    version = shop.imported().version
    owner, public_id = shop.vendor, version.public_id
    deeds: dict[VersionStatus, Callable[[Session], KitVersion]] = {
        _V.IN_REVIEW: lambda session: service.submit(session, owner, public_id),
        _V.DRAFT: lambda session: service.return_to_draft(session, owner, public_id),
        _V.WITHDRAWN: lambda session: service.withdraw(session, owner, public_id, "Why."),
        _V.EXPIRED: lambda session: service.expire(session, owner, public_id),
        _V.RECALLED: lambda session: service.recall(session, owner, public_id, "Why."),
    }
    for target, deed in deeds.items():
        with shop.web.transaction(owner.organisation_id) as session:
            queries.find_version(session, owner, public_id).status = status
        with shop.web.transaction(owner.organisation_id) as session:
            if target in NEXT[status]:
                assert deed(session).status is target
            else:
                with pytest.raises(Conflict):
                    deed(session)


def test_partners_and_authors_do_not_publish(shop: Shop) -> None:
    version = shop.imported().version
    with pytest.raises(Refused):
        service.publish(shop.web, shop.author, shop.files, version.public_id)
    with pytest.raises(Refused):
        service.import_files(shop.web, shop.partner, shop.files, some_files({}))


def test_another_vendor_does_not_find_it(shops: Shop, databases: Installation) -> None:
    version = shops.published()
    with databases.owner.transaction() as session:
        other = a_viewer(session, a_vendor(session))
    with shops.web.transaction(other.organisation_id) as session, pytest.raises(NotFound):
        service.withdraw(session, other, version.public_id, "Mine now.")
    assert shops.seen_by(other) == (0, 0, 0, 0)


def test_a_kit_is_read_from_storage_when_it_is_not_remembered(shop: Shop) -> None:
    version = shop.published()
    content._cache.clear()
    with shop.web.reading(shop.vendor.organisation_id) as session:
        first = content.load_kit(session, shop.files, version.id)
        assert content.load_kit(session, shop.files, version.id) is first
        assert first.source_hash == version.source_hash
    for number in range(content.CACHED_KITS + 3):
        content.keep(first.__class__(**{**_fields(first), "source_hash": str(number)}))
    assert len(content._cache) == content.CACHED_KITS
    content._cache.clear()


def test_a_version_from_before_a_rule_loads_and_a_draft_is_not_published_without_it(shop: Shop) -> None:
    today = every_kind()
    before = {**today, "kit.yml": today["kit.yml"].replace(b"lead_visibility: named_by_notice\n", b"")}
    with pytest.raises(KitRefused, match="is joint"):
        shop.imported(before)
    version = shop.imported(today).version
    stored = content.store_files(shop.files, version.vendor_id, before)
    with shop.installation.owner.transaction() as session:
        of_version = KitFile.kit_version_id == version.id
        kept = session.scalars(select(KitFile).where(of_version, KitFile.path == "kit.yml")).one()
        kept.sha256, kept.size = stored["kit.yml"]
        session.get_one(KitVersion, version.id).source_hash = kits.source_hash(before)
    with shop.web.reading(shop.vendor.organisation_id) as session:
        assert content.load_kit(session, shop.files, version.id).webinar_key
    with shop.web.transaction(shop.vendor.organisation_id) as session:
        service.submit(session, shop.author, version.public_id)
    with pytest.raises(KitRefused, match="is joint"):
        service.publish(shop.web, shop.vendor, shop.files, version.public_id)


def _fields(kit: object) -> dict[str, Any]:
    return {name: getattr(kit, name) for name in kit.__dataclass_fields__}  # type: ignore[attr-defined]


def test_a_version_comes_out_byte_for_byte_as_it_went_in(shop: Shop) -> None:
    first = some_files({"README.md": "\ufeffwith a mark, no last line"})
    shop.published(first)
    shop.imported(LATER)
    for number, source in ((1, first), (2, LATER), (None, LATER)):
        version, files = service.export(shop.web, shop.author, shop.files, "sleep-well", number)
        assert files == source
        assert version.number == (number or 2)
    for slug, number in (("sleep-well", 3), ("no-such-kit", None)):
        with pytest.raises(NotFound):
            service.export(shop.web, shop.author, shop.files, slug, number)
    with pytest.raises(Refused):
        service.export(shop.web, shop.partner, shop.files, "sleep-well")


def test_what_went_in_as_a_zip_file_comes_out_of_a_zip_file_again(shop: Shop) -> None:
    made = shop.imported(kits.read_archive(kits.write_archive(every_kind())))
    _version, files = service.export(shop.web, shop.author, shop.files, made.kit.slug)
    assert kits.read_archive(kits.write_archive(files)) == every_kind()


def test_a_kit_of_which_nothing_runs_here_is_kept_and_cannot_be_published(shop: Shop) -> None:
    source = some_files({})["kit.yml"].decode()
    touches = source[source.index("  - key: page") : source.index("merge_fields:")]
    guide = "  - {key: guide, kind: sales_guide, name: Guide, file: guides/guide.md}\n"
    regions = source[source.index("regions:") : source.index("consents:")]
    files = {
        "kit.yml": source.replace(touches, guide).replace(regions, "").encode(),
        "guides/guide.md": b"# Guide\n\n## One\n\nText.\n",
    }
    with pytest.raises(Conflict, match="runs none of the touches"):
        shop.published(files)
    assert shop.seen_by(shop.partner)[0] == 0

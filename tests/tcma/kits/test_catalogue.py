"""The kits a partner may look through, on both databases."""

from pathlib import Path

import pytest

from tcma.errors import NotFound, Refused
from tcma.kits import catalogue
from tcma.kits.catalogue import BANDS, Offered, Wish, choices_of, matching
from tcma.kits.summaries import Summary
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import Viewer
from tests.campaigns.kit_files import some_files
from tests.factories import a_partner, a_partnership, a_vendor, a_viewer
from tests.installation import Installation
from tests.tcma.kits.test_kits import Shop

TOPICS = {"kit.yml": ("sizes: [1-100]", "sizes: [1-100, 501-2500]\ntopics: [Backup, Security]")}


def a_kit(**changes: str) -> dict[str, bytes]:
    files = some_files({})
    manifest = files["kit.yml"].decode().replace(*TOPICS["kit.yml"])
    for old, new in changes.items():
        manifest = manifest.replace(old, new)
    return {**files, "kit.yml": manifest.encode()}


@pytest.fixture
def shop(database: Installation, tmp_path: Path) -> Shop:
    return Shop(database, tmp_path)


@pytest.fixture
def shops(databases: Installation, tmp_path: Path) -> Shop:
    return Shop(databases, tmp_path)


def seen(shop: Shop, viewer: Viewer | None = None) -> list[Offered]:
    viewer = viewer or shop.partner
    with shop.web.reading(viewer.organisation_id) as session:
        return catalogue.offered_to(session, viewer)


def test_a_partner_sees_what_is_published_with_what_its_files_say(shops: Shop) -> None:
    assert seen(shops) == []
    shops.published(a_kit())

    (one,) = seen(shops)

    assert (one.name_in("de"), one.promise_in("en")) == ("Sleep well", "Owners ask you for a checklist.")
    assert one.locales == ("en",)
    assert one.summary.topics == ("Backup", "Security")
    assert (one.summary.mail_count, one.summary.page_count, one.summary.last_day) == (2, 1, 4)
    assert (one.summary.share_percent, one.summary.cap_amount, one.summary.currency) == (50, 40_000, "CHF")
    assert one.summary.first_mail == "invite"
    assert one.vendor.id == shops.vendor.organisation_id


def test_a_kit_for_other_countries_is_not_shown(shops: Shop) -> None:
    version = shops.published(a_kit(**{"languages: [en]": "languages: [en]\ncountries: [FR, DE]"}))

    assert seen(shops) == []
    with shops.web.reading(shops.partner.organisation_id) as session, pytest.raises(NotFound):
        catalogue.find_offered(session, shops.partner, version.public_id)


@pytest.mark.parametrize(
    "status", [PartnershipStatus.SUSPENDED, PartnershipStatus.ENDED, PartnershipStatus.INVITED]
)
def test_only_an_active_partnership_opens_kits(shops: Shop, status: PartnershipStatus) -> None:
    shops.published(a_kit())
    with shops.web.transaction(shops.vendor.organisation_id) as session:
        session.get_one(Partnership, shops.partnership.id).status = status

    assert seen(shops) == []


def test_another_vendors_partner_sees_nothing_of_it(shops: Shop, databases: Installation) -> None:
    version = shops.published(a_kit())
    with databases.owner.transaction() as session:
        vendor, partner = a_vendor(session), a_partner(session)
        a_partnership(session, vendor, partner)
        stranger = a_viewer(session, partner)

    assert seen(shops, stranger) == []
    with shops.web.reading(stranger.organisation_id) as session, pytest.raises(NotFound):
        catalogue.find_offered(session, stranger, version.kit.public_id)


def test_a_vendor_has_no_catalogue(shops: Shop) -> None:
    with pytest.raises(Refused):
        seen(shops, shops.vendor)


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(), 1),
        (Wish(topic="backup"), 1),
        (Wish(topic="golf"), 0),
        (Wish(locale="en"), 1),
        (Wish(locale="de"), 0),
        (Wish(band=0), 1),
        (Wish(band=1), 0),
        (Wish(band=2), 1),
        (Wish(band=3), 0),
        (Wish(vendor="nobody"), 0),
        (Wish(topic="Security", locale="en", band=0), 1),
    ],
)
def test_a_wish_is_met_by_every_part_of_it(shop: Shop, wish: Wish, found: int) -> None:
    shop.published(a_kit())
    assert len(matching(seen(shop), wish)) == found


def test_filters_offer_only_what_there_is(shop: Shop) -> None:
    shop.published(a_kit())
    choices = choices_of(seen(shop))
    assert (choices.topics, choices.locales) == (("Backup", "Security"), ("en",))
    assert [name for _, name in choices.vendors] == [shop.vendor.organisation_name]


def test_a_summary_is_the_same_after_it_was_kept(shop: Shop) -> None:
    shop.published(a_kit())
    (one,) = seen(shop)
    assert Summary.read(one.version.summary) == one.summary
    assert Summary.read({}) == Summary()
    assert Summary.read({"later": 1, "topics": ["x"]}).topics == ("x",)


def test_bands_are_the_trades_without_gaps() -> None:
    assert [least for least, _ in BANDS] == [1, *(most + 1 for _, most in BANDS if most)]

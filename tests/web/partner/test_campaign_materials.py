"""What a partner's people do by hand for a campaign: posts, scripts, guides, the briefing and who read it."""

import re

import pytest
from sqlalchemy import select, update

from campaigns import kit
from tcma.errors import NotFound
from tcma.kits import content
from tcma.kits.models import KitVersion
from tcma.launches import briefings, by_hand, ways_in
from tcma.launches.briefings import BriefingReceipt
from tcma.launches.deliveries import TouchEvent
from tcma.launches.ways_in import WayIn
from tcma.organisations.models import Organisation, User
from tcma.viewer import Role
from tests.campaigns.kit_materials import every_kind
from tests.factories import a_viewer
from tests.web.partner.campaign_scene import marketer, page_of, words
from tests.web.people import Visitor, signed_in
from tests.web.site import Site

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def somebody(site: Site, role: Role) -> Visitor:
    with site.installation.owner.transaction() as session:
        viewer = a_viewer(session, session.get_one(Organisation, site.partner_id), role)
        email = session.get_one(User, viewer.user_id).email
    return signed_in(site, email)


def visits(site: Site) -> dict[WayIn, int]:
    with site.installation.web.reading(site.partner_id) as session:
        return ways_in.visits(session, site.world.reread(site.campaign))


def test_posts_stand_ready_with_pictures_counts_days_and_followed_links(site: Site) -> None:
    page = marketer(site).get(page_of(site.campaign, "/social"))
    assert page.status_code == 200
    said = words(page.text)
    assert "When did you last bring a backup back?" in said and "of 280 characters" in said
    assert len(re.findall(r"Suggested: ", said)) == 9
    for network in ("linkedin", "facebook", "x"):
        assert page.text.count(f"{site.slug}?via={network}</p>") == 3
    pictures = re.findall(r'<img src="(/i/[^"]+\.jpg)" width="(\d+)" height="(\d+)" alt="[^"]+"', page.text)
    assert [size[1:] for size in pictures] == [("1200", "627"), ("1080", "1080")]
    for address, _width, _height in pictures:
        answer = marketer(site).get(address)
        assert answer.status_code == 200 and answer.data.startswith(b"\xff\xd8\xff")


def test_a_visit_by_a_post_is_counted_once_an_hour_without_anybody_and_machines_are_left_out(
    site: Site,
) -> None:
    visitor = site.visitor().client
    for _ in range(3):
        assert visitor.get(f"{site.slug}?via=linkedin", headers=BROWSER).status_code == 200
    visitor.get(f"{site.slug}?via=x", headers={"User-Agent": "facebookexternalhit/1.1"})
    visitor.get(f"{site.slug}?via=somewhere", headers=BROWSER)
    visitor.get(site.slug, headers=BROWSER)

    assert visits(site) == {WayIn.LINKEDIN: 1}
    with site.installation.owner.reading() as session:
        events = session.scalars(select(TouchEvent).where(TouchEvent.delivery_id.is_(None))).all()
        assert [(event.detail, event.machine) for event in events] == [
            ({"via": "linkedin"}, False),
            ({"via": "x"}, True),
        ]
    assert "1 visit" in words(marketer(site).get(page_of(site.campaign, "/social")).text)
    assert "LinkedIn 1" in words(marketer(site).get(page_of(site.campaign)).text)


def test_a_script_has_the_partners_names_and_a_gap_for_the_persons(site: Site) -> None:
    said = words(marketer(site).get(page_of(site.campaign, "/for-sales/call")).text)
    assert "Hello [First name]," in said and "Harbour IT" in said
    assert "What the call should lead to" in said and "“Send me something.”" in said
    guide = marketer(site).get(page_of(site.campaign, "/for-sales/guide"))
    assert "The first small step" in guide.text and "data-print" in guide.text
    assert marketer(site).get(page_of(site.campaign, "/material/posts")).status_code == 303
    for rest in ("/material/nothing", "/material/call", "/for-sales/posts"):
        assert marketer(site).get(page_of(site.campaign, rest)).status_code == 404


@pytest.mark.parametrize("role", [Role.FINANCE, Role.READER])
def test_what_is_for_sales_is_not_for_others_who_read_everything_else(site: Site, role: Role) -> None:
    other = somebody(site, role)
    for rest in ("/for-sales/call", "/for-sales/guide", "/briefing"):
        assert other.get(page_of(site.campaign, rest)).status_code == 403
    assert other.get(page_of(site.campaign, "/social")).status_code == 200
    page = words(other.get(page_of(site.campaign)).text)
    assert "Posts for the first week" in page and "Call after" not in page and "Briefing" not in page


def test_who_read_the_briefing_is_known_to_the_team_and_counted_once(site: Site) -> None:
    eva = somebody(site, Role.SALES)
    before = eva.get(page_of(site.campaign, "/briefing"))
    assert "What a good call sounds like" in before.text and "I have read it" in before.text
    for _ in range(2):
        eva.post(page_of(site.campaign, "/briefing/read"))

    after = words(eva.get(page_of(site.campaign, "/briefing")).text)
    assert "You have read it" in after and "I have read it" not in after
    assert "1 of you has read it" in words(marketer(site).get(page_of(site.campaign)).text)
    assert site.world.reread(site.campaign).briefed_count == 1
    assert len(site.rows(BriefingReceipt, campaign_id=site.campaign.id)) == 1


def test_a_vendor_sees_how_many_read_it_and_neither_who_nor_the_partners_materials(site: Site) -> None:
    with site.installation.web.transaction(site.partner_id) as session:
        assert briefings.confirm_reading(session, site.world.partner, site.world.reread(site.campaign))
    vendor, settings = site.world.vendor, site.installation.settings
    with site.installation.web.reading(vendor.organisation_id) as session:
        campaign = session.get_one(type(site.campaign), site.campaign.id)
        assert campaign.briefed_count == 1
        assert [one for one in briefings.readers_of(session, vendor, campaign) if one.at] == []
        with pytest.raises(NotFound):
            by_hand.see(session, vendor, site.installation.storage, settings.base_url, campaign.public_id)


def test_ads_blocks_events_and_trials_can_be_copied_and_followed(site: Site) -> None:
    """The kit of every kind in place of the one the campaign was launched from."""
    read = content.keep(kit.read(every_kind()))
    with site.installation.owner.transaction() as session:
        session.execute(update(KitVersion).values(source_hash=read.source_hash))
    owner = marketer(site)
    block = owner.get(page_of(site.campaign, "/material/piece")).text
    assert "&lt;strong&gt;Seven&lt;/strong&gt; checks." in block
    assert f"&lt;a href=&#34;{site.installation.settings.base_url}{site.slug}?via=site&#34;&gt;" in block
    search = words(owner.get(page_of(site.campaign, "/material/search")).text)
    assert "Seven backup checks" in search and "19 of 30 characters" in search and "?via=search-ad" in search
    for part in ("feed", "evening", "trial"):
        assert owner.get(page_of(site.campaign, f"/material/{part}")).status_code == 200

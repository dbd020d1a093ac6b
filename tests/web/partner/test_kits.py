"""The kit pages of a partner: the catalogue in its own brand, and one kit before it is launched."""

import re
from html import unescape

import pytest
from sqlalchemy import event, select, update

from tcma.kits.models import KitVersion
from tcma.launches.models import Campaign
from tcma.organisations.models import Organisation, User
from tcma.partners import brands
from tcma.partners.models import BrandProfile, Partnership, PartnershipStatus
from tcma.viewer import Role
from tests.factories import a_viewer
from tests.web.people import Visitor, signed_in
from tests.web.site import Site

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><path fill="#1d3f72" d="M4 4h52v52H4z"/></svg>'


class Desk:
    """Somebody of the first site's partner at a browser."""

    def __init__(self, site: Site, *roles: Role) -> None:
        self.site = site
        with site.installation.owner.transaction() as session:
            firm = session.get_one(Organisation, site.partner_id)
            viewer = a_viewer(session, firm, *roles)
            email = session.get_one(User, viewer.user_id).email
        self.path = f"/p/{firm.slug}/kits"
        self.visitor: Visitor = signed_in(site, email)

    def page(self, path: str = "") -> str:
        answer = self.visitor.get(f"{self.path}{path}")
        assert answer.status_code == 200, (answer.status_code, answer.text[:3000])
        return unescape(answer.text).replace("\u00a0", " ")

    def kit(self) -> str:
        with self.site.installation.owner.reading() as session:
            version = session.scalars(select(KitVersion)).one()
            return str(version.kit.public_id)


@pytest.fixture
def desk(site: Site) -> Desk:
    return Desk(site, Role.MARKETER)


def test_a_card_says_what_a_kit_is_and_shows_it_in_the_partners_brand(desk: Desk) -> None:
    page = desk.page()
    assert "Stop ransomware before Monday" in page
    assert "3 e-mails, 1 page" in page and "4 min" in page and "Firms of 1 to 100 people" in page
    assert "Too few to say" in page
    assert f"/kits/{desk.kit()}/preview/invite?scheme=light&language=en" in page


def test_the_picture_is_the_real_mail_of_this_partner_that_runs_nothing(desk: Desk) -> None:
    answer = desk.visitor.get(f"{desk.path}/{desk.kit()}/preview/invite?scheme=dark")
    assert answer.status_code == 200
    assert "Harbour IT" in answer.text and "Hello Anna" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy and "sandbox" in policy
    assert "/i/" in answer.text and "<script" not in answer.text


def test_the_page_of_a_kit_can_be_previewed_and_leads_nowhere(desk: Desk) -> None:
    text = desk.visitor.get(f"{desk.path}/{desk.kit()}/preview/page").text
    assert "Harbour IT" in text and '<base target="_blank">' in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?topic=backup", True),
        ("?topic=golf", False),
        ("?size=0", True),
        ("?size=3", False),
        ("?size=99", True),
        ("?language=en", True),
        ("?language=fr", False),
        ("?vendor=nobody", False),
    ],
)
def test_filters_are_in_the_address(desk: Desk, query: str, found: bool) -> None:
    page = desk.page(query)
    assert ("Look inside" in page) is found
    assert found or "No kit fits all of these filters." in page


def test_looking_inside_tells_the_sequence_what_is_editable_and_what_the_vendor_sees(desk: Desk) -> None:
    page = desk.page(f"/{desk.kit()}")
    assert "On the day of the launch, 09:30" in page
    assert "Only to people who did not click until then (Invitation)." in page
    assert "Headline of the invitation" in page and "2 parts are set by the vendor" in page
    assert "The figure belongs to a named study" in page
    assert "sees a lead by name where the person agreed" in page
    assert "Fewer than 5 other partners" in page
    assert "Seven checks before the weekend" in page


def test_what_is_done_by_hand_is_read_on_the_page_and_is_no_mail(desk: Desk) -> None:
    address = f"/{desk.kit()}"
    posts, call = desk.page(f"{address}?show=posts"), desk.page(f"{address}?show=call")
    assert "When did you last bring a backup back?" in posts and posts.count('src="/i/') >= 2
    assert "Hello [First name], " in call and "Which of the seven came out as no" in call
    assert "in five minutes" in call and "What a good call sounds like" in call
    assert "for whoever talks to the people" in desk.page(f"{address}?show=guide").lower()
    assert desk.visitor.get(f"{desk.path}{address}/preview/posts").status_code == 404


def test_scripts_and_guides_of_a_kit_are_not_for_readers(site: Site) -> None:
    desk = Desk(site, Role.READER)
    page = desk.page(f"/{desk.kit()}?show=call")
    assert "Posts for the first week" in page and "Call after the checklist" not in page
    assert "Hello [First name]" not in page and "five minutes" not in page


def test_a_german_reader_sees_the_german_kit(desk: Desk) -> None:
    with desk.site.installation.owner.transaction() as session:
        session.execute(update(User).values(locale="de"))
    page = desk.page(f"/{desk.kit()}")
    assert "Sieben Prüfungen vor dem Wochenende" in page and "Anruf nach der Checkliste" in page
    assert "language=de" in page
    assert "Seven checks before the weekend" in desk.page(f"/{desk.kit()}?language=en")


def test_a_part_and_a_scheme_are_chosen_by_the_address(desk: Desk) -> None:
    page = desk.page(f"/{desk.kit()}?show=reminder&device=phone&scheme=dark")
    assert "preview/reminder?scheme=dark" in page and 'class="phone mail"' in page
    assert 'class="desktop mail"' in desk.page(f"/{desk.kit()}?show=nothing&device=wall")


def test_launching_makes_a_draft_of_what_was_shown(desk: Desk) -> None:
    page = desk.page(f"/{desk.kit()}")
    assert 'action="/p/' in page and "/campaigns/setup" in page
    with desk.site.installation.owner.reading() as session:
        version = session.scalars(select(KitVersion)).one()
        before = len(session.scalars(select(Campaign)).all())
    assert str(version.public_id) in page

    answer = desk.visitor.post(
        f"{desk.path.removesuffix('/kits')}/campaigns/setup", {"version": str(version.public_id)}
    )

    assert answer.status_code == 303
    with desk.site.installation.owner.reading() as session:
        assert len(session.scalars(select(Campaign)).all()) == before + 1


@pytest.mark.parametrize("role", [Role.READER, Role.SALES, Role.FINANCE])
def test_who_may_not_launch_sees_no_button_and_why(site: Site, role: Role) -> None:
    desk = Desk(site, role)
    for page in (desk.page(), desk.page(f"/{desk.kit()}")):
        assert "Launch this kit" not in page
        assert "Owners and marketers launch kits." in page


def test_without_a_kit_the_page_names_whom_to_ask(desk: Desk) -> None:
    with desk.site.installation.owner.transaction() as session:
        version = session.scalars(select(KitVersion)).one()
        version.withdraw("Replaced", version.created_at)
    page = desk.page()
    assert "No kit is open to you yet." in page
    assert "publishes kits by tier and region" in page


def test_a_partner_without_a_brand_sees_its_name_and_is_told(desk: Desk) -> None:
    with desk.site.installation.owner.transaction() as session:
        own = select(BrandProfile).where(BrandProfile.organisation_id == desk.site.partner_id)
        session.delete(session.scalars(own).one())
    assert "You have not set your brand yet." in desk.page()
    assert "Harbour IT" in desk.visitor.get(f"{desk.path}/{desk.kit()}/preview/invite").text


def test_a_kit_of_a_suspended_partnership_is_gone(desk: Desk) -> None:
    kit = desk.kit()
    with desk.site.installation.owner.transaction() as session:
        for partnership in session.scalars(select(Partnership)):
            partnership.status = PartnershipStatus.SUSPENDED
    for path in (f"/{kit}", f"/{kit}/preview/invite"):
        assert desk.visitor.get(f"{desk.path}{path}").status_code == 404


def test_a_part_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.visitor.get(f"{desk.path}/{desk.kit()}/preview/nothing").status_code == 404


def test_the_pages_take_few_statements(desk: Desk) -> None:
    counted: list[str] = []

    def count(connection: object, cursor: object, statement: str, *more: object) -> None:
        if not statement.startswith(("PRAGMA", "BEGIN", "ROLLBACK", "COMMIT")):
            counted.append(statement)

    engine = desk.visitor.installation.web.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        for path, most in (("", 24), (f"/{desk.kit()}", 34)):
            desk.page(path)
            counted.clear()
            desk.page(path)
            assert len(counted) <= most, (path, len(counted))
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_a_card_shows_the_vendors_logo_once_there_is_one(desk: Desk) -> None:
    picture = re.compile(r'<p class="small quiet kit-vendor"><img src="(/i/[0-9a-f]{64}\.png)" alt=""')
    with desk.site.installation.owner.transaction() as session:
        vendor = desk.site.world.vendor.organisation_id
        session.scalars(select(BrandProfile).where(BrandProfile.organisation_id == vendor)).one().logo = None
    assert not picture.search(desk.page())

    installed = desk.site.installation
    brands.set_logo(installed.web, desk.site.world.vendor, installed.storage, LOGO)
    found = picture.search(desk.page())
    assert found and desk.visitor.get(found[1]).status_code == 200

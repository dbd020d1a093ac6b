"""Step 2 of a launch: a list, a file, or the link alone."""

import io
import re
from uuid import UUID

import pytest
from sqlalchemy import select

from tcma.audiences import terms
from tcma.audiences.models import ContactImport, ContactList
from tcma.launches import drafts, endings
from tcma.launches.deliveries import Delivery
from tcma.launches.models import Campaign, CampaignStatus
from tcma.organisations.models import TermsAcceptance
from tests.tcma.audiences import four_hundred
from tests.web.partner.campaign_scene import marketer, part, setup_of, words
from tests.web.people import Visitor
from tests.web.site import Site, behind


@pytest.fixture
def marc(site: Site) -> Visitor:
    return marketer(site)


@pytest.fixture
def draft(site: Site) -> Campaign:
    """A second campaign with the same kit, not launched yet."""
    world = site.world
    return drafts.draft(
        site.installation.web, world.partner, world.files, world.version.public_id, name="Once more"
    )


def test_a_file_a_basis_and_the_step_is_complete(site: Site, marc: Visitor, draft: Campaign) -> None:
    base = setup_of(draft, "audience")
    page = _upload(marc, base, four_hundred.content(mark=True, separator=","))
    assert part(page, "ready") == "415 people ready."  # nobody unsubscribed earlier here
    assert "Nobody on this list may be written to." in words(page)
    assert "Your 415 contacts stay yours." in words(page) and "What exactly is shared" in words(page)
    found = _import_of(page)
    page = marc.follow(marc.post(f"{base}/basis", {"import": found, "basis": "customer"})).text
    assert "Nobody on this list may be written to." not in words(page)
    assert "Northwind Security sees: 415 people" in words(page)
    assert "415 people" in part(page, "setup-steps")
    (row,) = site.rows(Campaign, id=draft.id)
    (chosen,) = site.rows(ContactList, id=row.list_id)
    assert chosen.name == "customers"


def test_rows_and_columns_are_mended_without_leaving_the_step(marc: Visitor, draft: Campaign) -> None:
    base = setup_of(draft, "audience")
    page = _upload(marc, base, b"E-mail;First name\nanna@lindt;Anna\nbob@ruag.example.com;Bob\n")
    found = _import_of(page)
    refused = marc.post(f"{base}/rows", {"import": found, "row": "2", "cell-0": "anna@"})
    assert refused.status_code == 422 and 'id="row-2-cell-0-error"' in refused.text
    fixed = {"import": found, "row": "2", "cell-0": "anna@lindt.example.com"}
    answer = marc.post(f"{base}/rows", fixed)
    assert answer.headers["Location"].endswith("/setup/audience#rows")
    assert part(marc.follow(answer).text, "ready") == "2 people ready."
    chosen = {"import": found, "column-0": "address", "column-1": "company"}
    page = marc.follow(marc.post(f"{base}/columns", chosen)).text
    assert re.search(r'<option value="company" selected>', page)


def test_a_list_used_before_is_one_choice_with_its_people_and_last_use(
    site: Site, marc: Visitor, draft: Campaign
) -> None:
    base = setup_of(draft, "audience")
    page = marc.get(base).text
    assert f"Customers 3 people, 3 of them can be written to. Used last for “{site.campaign.name}”." in words(
        page
    )
    (customers,) = site.rows(ContactList, partner_id=site.partner_id)
    page = marc.follow(marc.post(base, {"audience": str(customers.public_id)})).text
    assert part(page, "chosen").startswith("Customers Chosen 3 people")
    (row,) = site.rows(Campaign, id=draft.id)
    assert row.list_id == customers.id


def test_the_link_alone_is_a_choice_too_and_is_left_by_choosing_people(
    site: Site, marc: Visitor, draft: Campaign
) -> None:
    base = setup_of(draft, "audience")
    page = marc.follow(marc.post(base, {"audience": "link"})).text
    assert "By link only" in part(page, "setup-steps")
    assert "Nobody gets mail." in words(page) and "To be complete" not in words(page)
    (customers,) = site.rows(ContactList, partner_id=site.partner_id)
    page = marc.follow(marc.post(base, {"audience": str(customers.public_id)})).text
    assert "By link only" not in words(page)
    (row,) = site.rows(Campaign, id=draft.id)
    assert not row.is_link_only


def test_not_being_sure_is_explained_and_leads_to_the_link(marc: Visitor, draft: Campaign) -> None:
    base = setup_of(draft, "audience")
    found = _import_of(_upload(marc, base, b"E-mail\nanna@x.example.com\n"))
    page = marc.follow(marc.post(f"{base}/basis", {"import": found, "basis": "not_sure"})).text
    assert "Nobody of this file gets mail until you know why" in words(page)
    assert 'id="link-only"' in page


@pytest.mark.parametrize("answer", ["", "nonsense", "01a200aa-9afc-770b-a5c1-dfe02a3e2477"])
def test_nothing_or_nobody_s_list_is_refused(marc: Visitor, draft: Campaign, answer: str) -> None:
    found = marc.post(setup_of(draft, "audience"), {"audience": answer})
    assert found.status_code == (404 if len(answer) > 30 else 422)


def test_a_wrong_file_is_told_on_the_step(site: Site, marc: Visitor, draft: Campaign) -> None:
    sent = {"file": (io.BytesIO(b"%PDF-1.7"), "contacts.csv")}
    answer = marc.post(setup_of(draft, "audience"), sent)
    assert answer.status_code == 422 and "This is a PDF." in words(answer.text)
    assert not site.rows(ContactImport, partner_id=site.partner_id, file_name="contacts.csv")


def test_the_terms_are_accepted_on_the_step(site: Site, draft: Campaign) -> None:
    with site.installation.owner.transaction() as session:
        for accepted in session.scalars(select(TermsAcceptance)):
            session.delete(accepted)
    marc = marketer(site)
    base = setup_of(draft, "audience")
    page = marc.get(base).text
    assert "Before your first contacts" in words(page) and 'type="file"' not in page
    page = marc.follow(marc.post(f"{base}/terms", {"version": terms.CURRENT})).text
    assert 'type="file"' in page


def test_another_partner_s_campaign_is_not_found(sites: list[Site], draft: Campaign) -> None:
    other = marketer(sites[1])
    for path in ("", "/columns", "/basis", "/rows", "/cancel", "/terms"):
        address = setup_of(draft, "audience").replace("harbour-it", "alpine-it") + path
        assert other.post(address, {"audience": "link"}).status_code == 404, path


def _upload(marc: Visitor, base: str, content: bytes) -> str:
    return marc.follow(marc.post(base, {"file": (io.BytesIO(content), "customers.csv")})).text


def _import_of(page: str) -> str:
    found = re.search(r'name="import" value="([^"]+)"', page)
    assert found is not None
    return str(UUID(found[1]))


def test_a_campaign_by_link_only_is_launched_without_mail_and_its_page_takes_answers(
    site: Site, marc: Visitor, draft: Campaign
) -> None:
    marc.post(setup_of(draft, "audience"), {"audience": "link"})
    page = marc.get(setup_of(draft, "launch")).text
    assert "Nobody gets mail" in words(page)
    answer = marc.post(setup_of(draft, "launch") + "/go")
    assert answer.status_code == 303, words(answer.text)[:3000]
    assert "The page is open; nobody gets mail." in words(marc.follow(answer).text)
    (launched,) = site.rows(Campaign, id=draft.id)
    assert launched.status is CampaignStatus.RUNNING
    assert not site.rows(Delivery, campaign_id=draft.id)
    endings.finish_due(site.installation.worker)
    assert site.rows(Campaign, id=draft.id)[0].status is CampaignStatus.RUNNING

    before = len(site.leads())
    assert behind(site.world, launched).visitor().answer().status_code in {200, 303}
    assert len(site.leads()) == before + 1

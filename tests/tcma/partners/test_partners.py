"""Partnerships and brands."""

from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tcma.db import Database
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import Notice
from tcma.organisations import invitations
from tcma.organisations import service as organisations
from tcma.organisations.firms import Firm
from tcma.organisations.models import Organisation
from tcma.partners import brands, queries, service
from tcma.partners.models import NEXT, PartnershipStatus
from tcma.storage.folder import FolderStorage
from tcma.viewer import Role, Viewer
from tests.factories import a_partner, a_partnership, a_vendor, a_viewer
from tests.installation import Installation

FIRM = Firm("Harbour IT", "CH", "CHF", domain="harbour-it.example", timezone="Europe/Zurich")
SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">'
    b'<rect width="200" height="60" fill="#f58220"/><circle cx="30" cy="30" r="20" fill="#1d3f72"/></svg>'
)


def _vendor(database: Database) -> Viewer:
    with database.transaction() as session:
        return a_viewer(session, a_vendor(session), Role.CHANNEL_MANAGER)


def test_inviting_a_new_firm_makes_it_and_its_first_person_joins_by_token(databases: Installation) -> None:
    vendor = _vendor(databases.owner)
    with databases.web.transaction(vendor.organisation_id) as session:
        invited = service.invite(session, vendor, FIRM, "Marc@harbour-it.example", tier="Gold")
        assert not invited.joined and invited.token
        assert invited.partnership.status is PartnershipStatus.INVITED
    with databases.web.transaction() as session:
        marc = invitations.accept(session, invited.token, "Marc Keller")
    with databases.web.transaction(marc.organisation_id) as session:
        accepted = service.accept(session, marc, invited.partnership.public_id)
        assert accepted.is_active and accepted.tier == "gold"


def test_a_firm_that_is_here_is_joined_never_made_twice(databases: Installation) -> None:
    first, second = _vendor(databases.owner), _vendor(databases.owner)
    with databases.web.transaction(first.organisation_id) as session:
        one = service.invite(session, first, FIRM, "marc@harbour-it.example")
    assert one.token is not None
    with databases.web.transaction() as session:
        invitations.accept(session, one.token)
    with databases.web.transaction(second.organisation_id) as session:
        two = service.invite(
            session,
            second,
            Firm("Harbour", "CH", "CHF", domain="www.harbour-it.example"),
            "x@harbour-it.example",
        )
        assert two.joined and two.partner.id == one.partner.id
        assert session.scalar(select(func.count()).select_from(Organisation)) == 3
        with pytest.raises(Conflict, match="have a partnership already"):
            service.invite(session, second, FIRM, "x@harbour-it.example")
    with databases.worker.reading() as session:
        told = session.scalars(select(Notice).where(Notice.kind == NoticeKind.VENDOR_INVITES)).one()
    assert (told.email, told.path) == ("marc@harbour-it.example", f"/p/{one.partner.slug}/settings")
    assert told.said["vendor"] == second.organisation_name


def test_nobody_else_is_invited_to_own_a_firm_whose_owner_is_awaited(databases: Installation) -> None:
    first, second = _vendor(databases.owner), _vendor(databases.owner)
    with databases.web.transaction(first.organisation_id) as session:
        assert service.invite(session, first, FIRM, "marc@harbour-it.example").token
    with databases.web.transaction(second.organisation_id) as session:
        joined = service.invite(session, second, FIRM, "mallory@harbour-it.example")
    assert joined.joined and joined.token is None


def test_a_firm_is_handed_only_to_somebody_with_a_mailbox_there(database: Installation) -> None:
    vendor = _vendor(database.owner)
    with database.web.transaction(vendor.organisation_id) as session:
        with pytest.raises(Invalid, match=r"goes to an address at harbour-it\.example"):
            service.invite(session, vendor, FIRM, "mallory@two.example")
        assert service.invite(session, vendor, FIRM, "marc@mail.harbour-it.example").token


def test_a_vendor_cannot_be_invited_as_a_partner(database: Installation) -> None:
    vendor, other = _vendor(database.owner), _vendor(database.owner)
    with database.web.transaction(vendor.organisation_id) as session:
        domain = session.get_one(Organisation, other.organisation_id).domain
        with pytest.raises(Conflict, match="is here as a vendor"):
            service.invite(session, vendor, Firm("Other", "CH", "CHF", domain=domain), f"a@{domain}")


def test_partners_do_not_invite_and_sellers_do_not_accept(database: Installation) -> None:
    with database.owner.transaction() as session:
        vendor, partner = a_vendor(session), a_partner(session)
        owner, seller = a_viewer(session, partner), a_viewer(session, partner, Role.SALES)
        partnership = a_partnership(session, vendor, partner, PartnershipStatus.INVITED)
    with database.web.transaction(partner.id) as session:
        with pytest.raises(Refused):
            service.invite(session, owner, FIRM, "a@b.example")
        with pytest.raises(Refused):
            service.accept(session, seller, partnership.public_id)


@pytest.mark.parametrize("status", list(PartnershipStatus))
def test_every_deed_follows_the_drawn_arrows(database: Installation, status: PartnershipStatus) -> None:
    with database.owner.transaction() as session:
        vendor, partner = a_vendor(session), a_partner(session)
        owner, manager = a_viewer(session, partner), a_viewer(session, vendor)
        partnership = a_partnership(session, vendor, partner, status)
    deeds = {
        PartnershipStatus.SUSPENDED: (service.suspend, manager),
        PartnershipStatus.ENDED: (service.end, manager),
        PartnershipStatus.ACTIVE: (
            (service.resume, manager) if status is not PartnershipStatus.INVITED else (service.accept, owner)
        ),
    }
    for target, (deed, viewer) in deeds.items():
        if target in NEXT[status]:
            continue
        with database.web.transaction(viewer.organisation_id) as session, pytest.raises(Conflict):
            deed(session, viewer, partnership.public_id)


def test_suspending_resuming_and_ending(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        vendor, partner = a_vendor(session), a_partner(session)
        manager, owner = a_viewer(session, vendor, Role.CHANNEL_MANAGER), a_viewer(session, partner)
        partnership = a_partnership(session, vendor, partner)
    with databases.web.transaction(vendor.id) as session:
        assert not service.suspend(session, manager, partnership.public_id).is_active
    with databases.web.transaction(vendor.id) as session:
        assert service.resume(session, manager, partnership.public_id).is_active
    with databases.web.transaction(partner.id) as session:
        service.end(session, owner, partnership.public_id)
        jobs = session.scalars(select(JobRow)).all()
        assert [job.name for job in jobs] == [Job.LAUNCHES_RECHECK_FUNDING] * 2  # resumed, ended
        assert {tuple(job.arguments.values()) for job in jobs} == {(vendor.id, partner.id)}


def test_a_partnership_of_others_is_not_found(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        vendor, partner, stranger = a_vendor(session), a_partner(session), a_partner(session)
        partnership = a_partnership(session, vendor, partner)
        viewer, other_vendor = a_viewer(session, stranger), a_viewer(session, a_vendor(session))
    for nosy in (viewer, other_vendor):
        with databases.web.reading(nosy.organisation_id) as session:
            for wanted in (partnership.public_id, uuid4()):
                with pytest.raises(NotFound, match="There is no such partnership"):
                    queries.find_partnership(session, nosy, wanted)
            assert queries.partnerships_for(session, nosy) == []


def test_the_account_manager_is_one_of_the_vendors_people(database: Installation) -> None:
    with database.owner.transaction() as session:
        vendor, partner = a_vendor(session), a_partner(session)
        manager = a_viewer(session, vendor)
        jana = organisations.ensure_user(session, "jana@northwind.example")
        organisations.add_member(session, vendor, jana, Role.CHANNEL_MANAGER)
        eve = organisations.ensure_user(session, "eve@else.example")
        partnership = a_partnership(session, vendor, partner)
    with database.web.transaction(vendor.id) as session:
        made = service.assign_account_manager(session, manager, partnership.public_id, jana.email)
        assert made.account_manager_id == jana.id
        with pytest.raises(Invalid, match="does not belong"):
            service.assign_account_manager(session, manager, partnership.public_id, eve.email)


def test_a_brand_is_what_the_firm_and_its_profile_say(databases: Installation, tmp_path: Path) -> None:
    files = FolderStorage(tmp_path / "files")
    with databases.owner.transaction() as session:
        partner = a_partner(session, "Harbour IT", legal_name="Harbour IT AG")
        owner = a_viewer(session, partner)
    profile = brands.Profile(
        colour="#F58220", contact_name="Marc Keller", contact_email="marc@harbour-it.example"
    )
    with databases.web.reading(partner.id) as session, pytest.raises(NotFound, match="has not set its brand"):
        brands.brand_of(session, partner.id)
    with databases.web.transaction(partner.id) as session:
        brands.set_profile(session, owner, profile)
    brands.set_logo(databases.web, owner, files, SQUARE, keep_colour=True)
    with databases.web.reading(partner.id) as session:
        brand = brands.brand_of(session, partner.id)
    assert (brand.name, brand.legal_name, brand.colour) == ("Harbour IT", "Harbour IT AG", "#f58220")
    assert brand.address_lines == ("Hafenstrasse 1", "8001 Zürich")
    assert (brand.sender_name, brand.reply_to) == ("Marc Keller, Harbour IT", "marc@harbour-it.example")
    assert brand.logo is not None
    assert brands.picture(files, partner.id, brand.logo.light.name).startswith(b"\x89PNG")


def test_a_logo_brings_its_colour(database: Installation, tmp_path: Path) -> None:
    with database.owner.transaction() as session:
        owner = a_viewer(session, a_partner(session))
    row = brands.set_logo(database.web, owner, FolderStorage(tmp_path / "files"), SQUARE)
    assert row.colour in {"#f58220", "#1d3f72"}


def test_what_cannot_be_printed_is_refused_by_field(database: Installation, tmp_path: Path) -> None:
    with database.owner.transaction() as session:
        partner = a_partner(session)
        owner = a_viewer(session, partner)
    with database.web.transaction(partner.id) as session:
        for values, field in (
            ({"colour": "orange-ish"}, "colour"),
            ({"website": "javascript:alert(1)"}, "website"),
            ({"contact_email": "marc"}, "contact_email"),
            ({"sender_name": "Marc\r\nBcc: x@y.example"}, "sender_name"),
        ):
            with pytest.raises(Invalid) as refusal:
                brands.set_profile(session, owner, brands.Profile(**values))
            assert field in refusal.value.fields
    with pytest.raises(Invalid, match="neither PNG, JPEG nor SVG"):
        brands.set_logo(database.web, owner, FolderStorage(tmp_path), b"GIF89a")

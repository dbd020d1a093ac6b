"""Who belongs to an organisation: roles, going, newcomers; on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from tcma.errors import Conflict, DomainError, Invalid, NotFound, Refused
from tcma.notices.kinds import NoticeKind
from tcma.notices.models import Notice
from tcma.organisations import invitations, queries, team
from tcma.organisations.firms import Firm
from tcma.organisations.models import Invitation, User
from tcma.partners import service as partners
from tcma.viewer import Role, Viewer
from tests.factories import a_partner, a_vendor, a_viewer
from tests.installation import Installation

EVA = "eva@harbour-it.example"


@dataclass
class Firmament:
    """Two partners and a vendor with an owner each; the first partner has a sales person too."""

    installation: Installation
    owner: Viewer
    sales: Viewer
    stranger: Viewer
    vendor: Viewer

    def public_id(self, viewer: Viewer) -> UUID:
        with self.installation.owner.reading() as session:
            return session.get_one(User, viewer.user_id).public_id

    def roles(self, viewer: Viewer) -> set[Role]:
        with self.installation.web.reading(self.owner.organisation_id) as session:
            for member in team.team_of(session, self.owner):
                if member.user.id == viewer.user_id:
                    return set(member.roles)
        return set()

    def change(self, viewer: Viewer, whose: Viewer, *roles: Role) -> None:
        with self.installation.web.transaction(viewer.organisation_id) as session:
            team.change_roles(session, viewer, self.public_id(whose), roles)

    def remove(self, viewer: Viewer, whom: Viewer) -> None:
        with self.installation.web.transaction(viewer.organisation_id) as session:
            team.remove(session, viewer, self.public_id(whom))


@pytest.fixture
def firms(databases: Installation) -> Iterator[Firmament]:
    with databases.owner.transaction() as session:
        here = a_partner(session, "Harbour IT", domain="harbour-it.example")
        made = Firmament(
            databases,
            a_viewer(session, here),
            a_viewer(session, here, Role.SALES),
            a_viewer(session, a_partner(session)),
            a_viewer(session, a_vendor(session, "Northwind Security")),
        )
    yield made


def test_an_owner_gives_exactly_the_roles_that_are_chosen(firms: Firmament) -> None:
    firms.change(firms.owner, firms.sales, Role.MARKETER, Role.FINANCE)

    assert firms.roles(firms.sales) == {Role.MARKETER, Role.FINANCE}


def test_nobody_but_an_owner_changes_roles(firms: Firmament) -> None:
    with pytest.raises(Refused):
        firms.change(firms.sales, firms.sales, Role.OWNER)
    with pytest.raises(Refused):
        firms.remove(firms.sales, firms.owner)
    assert firms.roles(firms.sales) == {Role.SALES} and firms.roles(firms.owner) == {Role.OWNER}


def test_people_of_another_firm_are_not_found(firms: Firmament) -> None:
    with pytest.raises(NotFound):
        firms.change(firms.owner, firms.stranger, Role.READER)
    with pytest.raises(NotFound):
        firms.remove(firms.stranger, firms.sales)


def test_a_role_of_another_kind_of_firm_and_no_role_at_all_are_refused(firms: Firmament) -> None:
    with pytest.raises(Invalid, match="has no role"):
        firms.change(firms.owner, firms.sales, Role.APPROVER)
    with pytest.raises(Invalid, match="at least one role"):
        firms.change(firms.owner, firms.sales)
    assert firms.roles(firms.sales) == {Role.SALES}


def test_the_last_owner_cannot_go(firms: Firmament) -> None:
    with pytest.raises(Conflict, match="only owner"):
        firms.change(firms.owner, firms.owner, Role.MARKETER)
    with pytest.raises(Conflict, match="only owner"):
        firms.remove(firms.owner, firms.owner)
    firms.change(firms.owner, firms.sales, Role.OWNER)
    firms.remove(firms.owner, firms.owner)
    assert firms.roles(firms.sales) == {Role.OWNER} and firms.roles(firms.owner) == set()


def test_two_owners_who_remove_each_other_at_once_leave_one(firms: Firmament) -> None:
    firms.change(firms.owner, firms.sales, Role.OWNER)

    def remove(pair: tuple[Viewer, Viewer]) -> str:
        try:
            firms.remove(*pair)
        except DomainError as error:
            return error.sentence
        return "gone"

    both = [(firms.owner, firms.sales), (firms.sales, firms.owner)]
    with ThreadPoolExecutor(2) as crowd:
        told = list(crowd.map(remove, both))

    assert told.count("gone") == 1, told
    assert [bool(firms.roles(viewer)) for viewer in (firms.owner, firms.sales)].count(True) == 1


def test_everybody_may_leave(firms: Firmament) -> None:
    firms.remove(firms.sales, firms.sales)

    assert firms.roles(firms.sales) == set()


def test_an_invitation_is_mailed_in_words_and_a_second_one_replaces_it(firms: Firmament) -> None:
    with firms.installation.web.transaction(firms.owner.organisation_id) as session:
        _, first = invitations.invite(session, firms.owner, EVA, Role.SALES)
        _, second = invitations.invite(session, firms.owner, f" {EVA.upper()} ", Role.SALES)
        assert len(invitations.open_invitations(session, firms.owner)) == 1
    with firms.installation.worker.reading() as session:
        told = session.scalars(select(Notice).order_by(Notice.id)).all()
        assert [(one.kind, one.email, one.path) for one in told] == [
            (NoticeKind.INVITATION, EVA, f"/invitation/{token}") for token in (first, second)
        ]
        assert told[0].said["role"] == "Sales" and told[0].said["organisation"] == "Harbour IT"
    with firms.installation.web.transaction() as session:
        with pytest.raises(NotFound):
            invitations.accept(session, first)
        invitations.accept(session, second, "Eva Roth")


def test_who_has_the_role_already_is_not_invited(firms: Firmament) -> None:
    with firms.installation.owner.reading() as session:
        email = session.get_one(User, firms.sales.user_id).email
    with (
        pytest.raises(Conflict, match="already"),
        firms.installation.web.transaction(firms.owner.organisation_id) as session,
    ):
        invitations.invite(session, firms.owner, email, Role.SALES)


def test_what_was_taken_back_opens_nothing(firms: Firmament) -> None:
    with firms.installation.web.transaction(firms.owner.organisation_id) as session:
        made, token = invitations.invite(session, firms.owner, EVA, Role.SALES)
    with (
        pytest.raises(NotFound),
        firms.installation.web.transaction(firms.stranger.organisation_id) as session,
    ):
        invitations.take_back(session, firms.stranger, made.public_id)
    with firms.installation.web.transaction(firms.owner.organisation_id) as session:
        invitations.take_back(session, firms.owner, made.public_id)
    with firms.installation.web.reading() as session, pytest.raises(NotFound):
        invitations.show(session, token)


def test_an_invitations_page_says_who_invites_whom_to_what(firms: Firmament) -> None:
    with firms.installation.web.transaction(firms.owner.organisation_id) as session:
        _, token = invitations.invite(session, firms.owner, EVA, Role.SALES)
    with firms.installation.web.reading() as session:
        shown = invitations.show(session, token)
        for wrong in ("", "1", "1.x", f"{token}x", token.replace(".", "-"), "9" * 30 + ".x", "²." + "x" * 48):
            with pytest.raises(NotFound):
                invitations.show(session, wrong)
    assert (shown.organisation.name, shown.email, shown.role, shown.known) == (
        "Harbour IT",
        EVA,
        Role.SALES,
        None,
    )


def an_invitation_by_the_vendor(firms: Firmament, email: str) -> partners.Invited:
    firm = Firm(name="Harbour IT AG", country="CH", currency="CHF", domain="www.harbour-it.example")
    with firms.installation.web.transaction(firms.vendor.organisation_id) as session:
        return partners.invite(session, firms.vendor, firm, email)


def test_a_firm_that_is_here_is_joined_and_its_owner_lets_the_person_in(firms: Firmament) -> None:
    invited = an_invitation_by_the_vendor(firms, EVA)
    assert invited.joined and invited.partner.id == firms.owner.organisation_id

    with firms.installation.web.transaction(firms.owner.organisation_id) as session:
        (newcomer,) = team.newcomers(session, firms.owner)
        assert (newcomer.email, newcomer.invited_by) == (EVA, "Northwind Security")
        with pytest.raises(Refused):
            team.let_in(session, firms.sales, newcomer.public_id, Role.SALES)
        team.let_in(session, firms.owner, newcomer.public_id, Role.SALES)
        assert team.newcomers(session, firms.owner) == []
        with pytest.raises(NotFound):
            team.turn_down(session, firms.owner, newcomer.public_id)
    with firms.installation.worker.reading() as session:
        assert [one.email for one in session.scalars(select(Invitation))] == [EVA]


def test_whoever_is_turned_down_or_there_already_is_not_asked_about(firms: Firmament) -> None:
    an_invitation_by_the_vendor(firms, EVA)
    with firms.installation.web.transaction(firms.owner.organisation_id) as session:
        eva = team.newcomers(session, firms.owner)[0].public_id
        team.turn_down(session, firms.owner, eva)
        team.ask_again(session, firms.owner, eva)
        assert [one.public_id for one in team.newcomers(session, firms.owner)] == [eva]
        team.turn_down(session, firms.owner, eva)
        team.note_newcomer(
            session, firms.vendor, queries.find_organisation_by_id(session, firms.owner.organisation_id), EVA
        )
        assert team.newcomers(session, firms.owner) == []
        assert session.scalars(select(Invitation)).all() == []
        with pytest.raises(NotFound):
            team.let_in(session, firms.owner, uuid4(), Role.SALES)


def test_another_firm_does_not_hear_of_newcomers(firms: Firmament) -> None:
    an_invitation_by_the_vendor(firms, EVA)
    for viewer in (firms.stranger, firms.vendor):
        with firms.installation.web.reading(viewer.organisation_id) as session:
            assert team.newcomers(session, viewer) == []

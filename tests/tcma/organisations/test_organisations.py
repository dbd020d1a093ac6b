"""Firms, the people in them, invitations, and the viewer that every load starts from."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tcma import clock
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.organisations import invitations, queries, service
from tcma.organisations.firms import SLUG_LENGTH, Firm, free_slug, slug_of, web_domain
from tcma.organisations.models import Membership, Organisation
from tcma.viewer import OrganisationKind, Role
from tests.factories import a_partner, a_user, a_vendor, a_viewer
from tests.installation import Installation

HARBOUR = Firm(
    name="Harbour IT AG",
    country="ch",
    currency="chf",
    domain="https://www.Harbour-IT.example/kontakt",
    timezone="Europe/Zurich",
)


def test_a_firm_is_here_once_under_its_web_domain(databases: Installation) -> None:
    with databases.web.transaction() as session:
        first = service.create_organisation(session, OrganisationKind.PARTNER, HARBOUR)
        assert (first.slug, first.domain, first.country) == ("harbour-it-ag", "harbour-it.example", "CH")
        with pytest.raises(Conflict, match="Harbour IT AG is here already"):
            service.create_organisation(session, OrganisationKind.PARTNER, HARBOUR)


def test_two_firms_of_one_name_get_addresses_of_their_own(database: Installation) -> None:
    with database.web.transaction() as session:
        made = [
            service.create_organisation(session, OrganisationKind.PARTNER, Firm("Müller", "DE", "EUR"))
            for _ in range(3)
        ]
        assert [organisation.slug for organisation in made] == ["mueller", "mueller-2", "mueller-3"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "A\nBcc: x"}, "name"),
        ({"country": "Atlantis"}, "country"),
        ({"currency": "ZZZ"}, "currency"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"locale": "../etc"}, "locale"),
        ({"domain": "not a domain"}, "domain"),
        ({"domain": "gmail.com"}, "domain"),
    ],
)
def test_a_firm_that_cannot_be_is_refused_by_field(values: dict[str, str], field: str) -> None:
    given = {"name": "Harbour", "country": "CH", "currency": "CHF", **values}
    with pytest.raises(Invalid) as refusal:
        Firm(**given).checked()
    assert list(refusal.value.fields) == [field]


def test_a_slug_stays_short_and_free_however_many_firms_have_the_same_long_name() -> None:
    made: list[str] = []
    for _ in range(12):
        made.append(
            free_slug("a" * SLUG_LENGTH, lambda start: [one for one in made if one.startswith(start)])
        )

    assert len(set(made)) == 12 and max(map(len, made)) == SLUG_LENGTH


def test_domains_and_slugs_are_plain() -> None:
    assert web_domain("http://user@www.Bücher.example:8080/x?y") == "xn--bcher-kva.example"
    assert slug_of("Zürich & Söhne (IT)") == "zuerich-soehne-it"
    assert slug_of("Côté Réseau") == "cote-reseau"
    assert slug_of("山田") == "firm"


def test_whoever_is_in_several_organisations_says_which(database: Installation) -> None:
    with database.web.transaction() as session:
        one, two = a_partner(session, slug="alpha"), a_partner(session, slug="beta")
        user = service.ensure_user(session, "Eva@Firm.example", "Eva Roth")
        service.add_member(session, one, user, Role.SALES)
        assert queries.viewer_for(session, "eva@FIRM.example").organisation_id == one.id
        service.add_member(session, two, user, Role.OWNER)
        service.add_member(session, two, user, Role.SALES)
        with pytest.raises(Invalid, match="Say which one: alpha, beta"):
            queries.viewer_for(session, "eva@firm.example")
        assert queries.viewer_for(session, "eva@firm.example", "beta").roles == {Role.OWNER, Role.SALES}
        a_vendor(session, slug="gamma")
        with pytest.raises(Refused, match="does not belong to 'gamma'"):
            queries.viewer_for(session, "eva@firm.example", "gamma")


def test_a_stranger_is_not_found(database: Installation) -> None:
    with database.web.reading() as session:
        with pytest.raises(NotFound):
            queries.viewer_for(session, "nobody@firm.example")
        with pytest.raises(Invalid, match="is not an e-mail address"):
            queries.viewer_for(session, "nobody")


def test_a_role_of_another_kind_of_firm_is_refused(database: Installation) -> None:
    with database.web.transaction() as session:
        partner, user = a_partner(session), a_user(session)
        with pytest.raises(Invalid, match="A partner has no role 'approver'"):
            service.add_member(session, partner, user, Role.APPROVER)


def test_an_invitation_is_taken_once_by_the_person_it_was_written_to(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        partner = a_partner(session)
        owner = a_viewer(session, partner)
    with databases.web.transaction(partner.id) as session:
        invitation, token = invitations.invite(session, owner, "Eva@Firm.example", Role.SALES)
        assert token not in repr(vars(invitation))
    with databases.web.transaction() as session:
        viewer = invitations.accept(session, token, "Eva Roth")
        assert (viewer.organisation_id, viewer.roles) == (partner.id, frozenset({Role.SALES}))
    with databases.web.transaction() as session, pytest.raises(NotFound):
        invitations.accept(session, token)


@pytest.mark.parametrize(
    "token", ["", "1", "1-", "x-y", "-1-abc", "99999-abc", "9" * 40, "1-" + "a" * 500, "١-a"]
)
def test_a_forged_token_is_not_found(database: Installation, token: str) -> None:
    with database.web.transaction() as session:
        a_partner(session)
        with pytest.raises(NotFound):
            invitations.accept(session, token)


def test_a_token_of_one_firm_does_not_open_another(databases: Installation) -> None:
    with databases.owner.transaction() as session:
        one, two = a_partner(session), a_partner(session)
        owner = a_viewer(session, one)
    with databases.web.transaction(one.id) as session:
        _, token = invitations.invite(session, owner, "eva@firm.example", Role.SALES)
    with databases.web.transaction() as session:
        with pytest.raises(NotFound):
            invitations.accept(session, f"{two.id}.{token.partition('.')[2]}")
        assert session.scalar(select(func.count()).where(Membership.organisation_id == two.id)) == 0


def test_an_invitation_expires(database: Installation) -> None:
    with database.web.transaction() as session:
        partner = a_partner(session)
        owner = a_viewer(session, partner)
    with database.web.transaction(partner.id) as session:
        _, token = invitations.invite(session, owner, "eva@firm.example", Role.SALES)
        clock.advance(session, timedelta(days=invitations.INVITATION_DAYS, seconds=1))
    with database.web.transaction() as session, pytest.raises(NotFound):
        invitations.accept(session, token)


def test_only_owners_invite(database: Installation) -> None:
    with database.web.transaction() as session:
        partner = a_partner(session)
        seller = a_viewer(session, partner, Role.SALES)
    with database.web.transaction(partner.id) as session, pytest.raises(Refused):
        invitations.invite(session, seller, "eva@firm.example", Role.OWNER)


def test_organisations_are_listed_by_kind(database: Installation) -> None:
    with database.web.transaction() as session:
        vendor = a_vendor(session)
        a_partner(session)
        listed: list[Organisation] = queries.organisations(session, OrganisationKind.VENDOR)
        assert [organisation.id for organisation in listed] == [vendor.id]
        assert queries.find_organisation(session, vendor.slug, OrganisationKind.VENDOR) is vendor
        with pytest.raises(NotFound, match="no partner"):
            queries.find_organisation(session, vendor.slug, OrganisationKind.PARTNER)

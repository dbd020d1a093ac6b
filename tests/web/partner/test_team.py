"""The team's pages: inviting, letting in, changing roles, leaving."""

import re

import pytest

from tcma.organisations.firms import Firm
from tcma.partners import service as partners
from tests.factories import a_vendor, a_viewer
from tests.installation import Installation
from tests.web.account.house import OUTSIDER, OWNER, SALES, House, a_house
from tests.web.people import signed_in

TEAM = "/p/harbour-it/team"
NEW = "tim@harbour-it.example"


@pytest.fixture
def house(database: Installation) -> House:
    return a_house(database)


def ids(page: str, deed: str) -> list[str]:
    return re.findall(rf'action="{TEAM}/[^"]*?([0-9a-f-]{{36}})/{deed}"', page)


def test_an_invited_person_joins_by_the_button_of_the_page_in_the_mail(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    page = marc.follow(marc.post(f"{TEAM}/invite", {"email": NEW, "role": "sales"}))
    assert f"A link is on its way to {NEW}" in page.text and "Invited" in page.text
    (mail,) = house.mails()
    assert (mail.email, mail.said["organisation"]) == (NEW, "Harbour IT")

    tim = house.stranger()
    shown = tim.get(mail.path)
    assert "Join Harbour IT" in shown.text and NEW in shown.text
    assert tim.get("/account/").status_code == 303  # looking signs nobody in
    assert tim.post(mail.path, {"name": " "}).status_code == 422
    joined = tim.post(mail.path, {"name": "Tim Weiss"})
    assert joined.headers["Location"] == "/p/harbour-it/leads"
    assert "Tim Weiss" in signed_in(house.app, OWNER).get(TEAM).text
    assert house.stranger().get(mail.path).status_code == 404


def test_a_person_who_is_here_joins_a_second_firm_without_a_second_sign_in(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    marc.post(f"{TEAM}/invite", {"email": OUTSIDER, "role": "reader"})
    (mail,) = house.mails()
    ursina = signed_in(house.app, OUTSIDER)
    assert 'name="name"' not in ursina.get(mail.path).text

    assert ursina.post(mail.path).headers["Location"] == "/p/harbour-it/"
    page = ursina.get("/").text
    assert "/p/harbour-it/" in page and "/p/alpine-it/" in page


def test_whoever_is_signed_in_as_somebody_else_is_told_and_changes_over(house: House) -> None:
    marc, eva = signed_in(house.app, OWNER), signed_in(house.app, SALES)
    marc.post(f"{TEAM}/invite", {"email": NEW, "role": "finance"})
    (mail,) = house.mails()

    assert f"You are signed in as {SALES}" in eva.get(mail.path).text
    eva.post(mail.path, {"name": "Tim Weiss"})
    assert NEW in eva.get("/account/").text and SALES not in eva.get("/account/").text


@pytest.mark.parametrize(
    ("email", "role"), [("no address", "sales"), (NEW, "pope"), (NEW, "approver"), (SALES, "sales")]
)
def test_an_invitation_that_cannot_go_out_is_told_at_its_field(house: House, email: str, role: str) -> None:
    marc = signed_in(house.app, OWNER)
    answer = marc.post(f"{TEAM}/invite", {"email": email, "role": role})

    assert (answer.status_code == 422 and "error-summary" in answer.text) or 'class="summary' in answer.text
    assert house.mails() == []


def test_an_invitation_taken_back_opens_nothing(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    marc.post(f"{TEAM}/invite", {"email": NEW, "role": "sales"})
    (taken,) = ids(marc.get(TEAM).text, "take-back")
    marc.follow(marc.post(f"{TEAM}/invitations/{taken}/take-back"))

    assert house.stranger().get(house.mails()[0].path).status_code == 404


def test_the_only_person_is_asked_to_invite_somebody(house: House) -> None:
    alone = "You are the only one here. Invite a sales colleague to work leads."
    ursina = signed_in(house.app, OUTSIDER)

    assert alone in ursina.get("/p/alpine-it/team").text
    assert alone not in signed_in(house.app, OWNER).get(TEAM).text


def test_colleagues_see_the_team_but_not_who_is_invited(house: House) -> None:
    marc, eva = signed_in(house.app, OWNER), signed_in(house.app, SALES)
    marc.post(f"{TEAM}/invite", {"email": NEW, "role": "sales"})
    page = eva.get(TEAM).text

    assert OWNER in page and NEW not in page and "invite-form" not in page


def test_roles_are_changed_and_the_last_owner_stays(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    eva, me = house.person(SALES).public_id, house.person(OWNER).public_id
    marc.follow(marc.post(f"{TEAM}/{eva}", {"roles": ["marketer", "finance"]}))
    assert "Marketer, Finance" in marc.get(TEAM).text

    told = marc.post(f"{TEAM}/{me}", {"roles": ["reader"]})
    assert told.status_code == 422 and "is the only owner" in told.text
    told = marc.post(f"{TEAM}/{me}/delete")
    assert told.status_code == 422 and "is the only owner" in told.text
    assert marc.post(f"{TEAM}/{eva}", {"roles": []}).status_code == 422


def test_whoever_is_removed_is_out_at_once(house: House) -> None:
    marc, eva = signed_in(house.app, OWNER), signed_in(house.app, SALES)
    assert eva.get(TEAM).status_code == 200
    marc.follow(marc.post(f"{TEAM}/{house.person(SALES).public_id}/delete"))

    assert eva.get(TEAM).status_code == 404 and eva.get("/account/").status_code == 200


def test_somebody_may_leave_but_not_send_others_away(house: House) -> None:
    eva = signed_in(house.app, SALES)
    assert eva.post(f"{TEAM}/{house.person(OWNER).public_id}/delete").status_code == 403
    assert eva.post(f"{TEAM}/{house.person(SALES).public_id}/delete").headers["Location"] == "/account/"
    assert eva.get(TEAM).status_code == 404


def test_a_vendors_invitation_to_a_firm_that_is_here_waits_for_its_owner(house: House) -> None:
    with house.installation.owner.transaction() as session:
        jana = a_viewer(session, a_vendor(session, "Northwind Security"))
    firm = Firm(name="Harbour", country="CH", currency="CHF", domain="harbour-it.example")
    with house.installation.web.transaction(jana.organisation_id) as session:
        invited = partners.invite(session, jana, firm, NEW)
    # Nobody joins a firm behind its owner's back: the owner is told, and the one who was meant is not.
    assert [mail.email for mail in house.mails()] == [OWNER]

    marc = signed_in(house.app, OWNER)
    settings = marc.get("/p/harbour-it/settings").text
    assert "Work with Northwind Security" in settings
    accept = f"/p/harbour-it/settings/vendors/{invited.partnership.public_id}/accept"
    assert signed_in(house.app, SALES).post(accept).status_code == 403
    assert "You work together." in marc.follow(marc.post(accept)).text

    page = marc.get(TEAM).text
    assert NEW in page and "Northwind Security meant to invite this person" in page
    (newcomer,) = ids(page, "let-in")
    said = marc.follow(marc.post(f"{TEAM}/newcomers/{newcomer}/let-in", {"role": "sales"})).text
    assert (
        f"A link is on its way to {NEW}" in said and "/undo" not in said
    )  # the mail cannot be held up any more
    assert [mail.email for mail in house.mails()] == [OWNER, NEW]
    tim = house.stranger()
    assert tim.post(house.mails()[-1].path, {"name": "Tim"}).headers["Location"] == "/p/harbour-it/leads"


def test_a_new_firms_first_owner_takes_up_the_vendors_invitation_with_the_button(house: House) -> None:
    with house.installation.owner.transaction() as session:
        jana = a_viewer(session, a_vendor(session, "Northwind Security"))
    firm = Firm(name="Polder IT", country="NL", currency="EUR", domain="polder-it.example")
    with house.installation.web.transaction(jana.organisation_id) as session:
        partners.invite(session, jana, firm, "joost@polder-it.example")
    joost, path = house.stranger(), house.mails()[0].path
    assert "of Northwind Security invites Polder IT to work together here" in joost.get(path).text

    assert joost.post(path, {"name": "Joost de Wit"}).headers["Location"] == "/p/polder-it/"
    assert "You work together." in joost.get("/p/polder-it/settings").text
    assert "Owner" in joost.get("/p/polder-it/team").text

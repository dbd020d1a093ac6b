"""Who is let in where; forms that are not ours; forms that are pressed twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, Response, request

from tcma.errors import Conflict, Invalid
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role
from tcma.web import create_app, unit
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other
from tests.factories import a_partner, a_viewer
from tests.web.account.house import OUTSIDER, OWNER, SALES, House
from tests.web.people import signed_in

PARTNER = OrganisationKind.PARTNER


def with_views(house: House) -> Flask:
    """The application with a few views of the tests' own; deeds leave a file in the installation's folder."""
    app = create_app(house.installation)
    folder = house.installation.settings.var

    @guard(Access.MEMBER, kind=PARTNER)
    def anybody() -> str:
        return f"{unit.viewer().organisation_name}: {sorted(role.value for role in unit.viewer().roles)}"

    @guard(Access.MEMBER, kind=PARTNER, roles=(Role.MARKETER,))
    def marketers() -> str:
        return "for marketers"

    @guard(Access.MEMBER, kind=PARTNER)
    def press() -> Response:
        with unit.writing() as session:
            here = session.get_one(Organisation, unit.organisation().id)
            here.city = f"{here.city}+"
        if request.form.get("refuse"):
            raise Invalid("Not like this.")
        if request.form.get("clash"):
            raise Conflict("Somebody was faster.")
        with (folder / "presses").open("a") as file:
            file.write("x")
        return see_other(f"/p/harbour-it/anybody?n={request.form['n']}")

    def undeclared() -> str:
        return "open to nobody"

    @guard(Access.MEMBER, kind=PARTNER, upload=600_000)
    def upload() -> str:
        return str(len(request.form["text"]))

    app.add_url_rule("/p/<slug:partner>/anybody", view_func=anybody)
    app.add_url_rule("/p/<slug:partner>/marketers", view_func=marketers)
    app.add_url_rule("/p/<slug:partner>/press", view_func=press, methods=["POST"])
    app.add_url_rule("/p/<slug:partner>/upload", view_func=upload, methods=["POST"])
    app.add_url_rule("/undeclared", view_func=undeclared)
    return app


def presses(house: House) -> int:
    file = Path(house.installation.settings.var) / "presses"
    return len(file.read_text()) if file.exists() else 0


def test_members_see_their_own_organisation_and_nothing_of_another(house: House) -> None:
    app = with_views(house)
    marc, eva, ursina = (signed_in(app, email) for email in (OWNER, SALES, OUTSIDER))

    assert marc.get("/p/harbour-it/anybody").text == "Harbour IT: ['owner']"
    assert eva.get("/p/harbour-it/anybody").text == "Harbour IT: ['sales']"
    assert ursina.get("/p/harbour-it/anybody").status_code == 404
    assert marc.get("/p/alpine-it/anybody").status_code == marc.get("/p/nobody/anybody").status_code == 404


def test_a_role_is_asked_for_and_an_owner_always_may(house: House) -> None:
    app = with_views(house)

    assert signed_in(app, OWNER).get("/p/harbour-it/marketers").text == "for marketers"
    refused = signed_in(app, SALES).get("/p/harbour-it/marketers")
    assert refused.status_code == 403
    assert f"roles that do: Owner, Marketer. Ask {house.person(OWNER).name}." in refused.text


def test_a_route_without_a_guard_is_open_to_nobody(house: House) -> None:
    app = with_views(house)

    assert signed_in(app, OWNER).get("/undeclared").status_code == 500
    assert house.stranger().get("/undeclared").status_code == 404  # another application, without the view


def test_a_person_of_two_organisations_chooses_and_sees_each_by_its_address(house: House) -> None:
    with house.installation.owner.transaction() as session:
        second = a_partner(session, "Second IT", slug="second-it")
        viewer = a_viewer(session, second, Role.READER)
        session.connection().exec_driver_sql(
            f"UPDATE memberships SET user_id = {house.people[SALES].user_id} WHERE user_id = {viewer.user_id}"
        )
    app = with_views(house)
    eva = signed_in(app, SALES)

    page = eva.get("/").text
    assert 'href="/p/harbour-it/leads"' in page and 'href="/p/second-it/"' in page
    assert eva.get("/p/second-it/anybody").text == "Second IT: ['reader']"
    assert eva.get("/p/harbour-it/anybody").text == "Harbour IT: ['sales']"


def test_a_form_without_our_token_or_with_anothers_is_refused(house: House) -> None:
    app = with_views(house)
    marc, eva = signed_in(app, OWNER), signed_in(app, SALES)
    form = {"n": "1", "request_key": "k" * 24}
    for token in ({}, {"csrf_token": eva.csrf}, {"csrf_token": marc.csrf[:-2]}, {"csrf_token": ""}):
        assert marc.bare_post("/p/harbour-it/press", {**form, **token}).status_code == 400
    assert presses(house) == 0


@pytest.mark.parametrize("key", ["", "short", "x" * 41, "spaces are not taken here"])
def test_a_form_without_a_proper_request_key_is_refused(house: House, key: str) -> None:
    marc = signed_in(with_views(house), OWNER)

    assert marc.post("/p/harbour-it/press", {"n": "1", "request_key": key}).status_code == 400
    assert presses(house) == 0


def test_a_form_pressed_twice_does_its_deed_once_and_leads_to_the_same_page(house: House) -> None:
    marc = signed_in(with_views(house), OWNER)
    first = marc.post("/p/harbour-it/press", {"n": "1", "request_key": "k" * 24})
    second = marc.post("/p/harbour-it/press", {"n": "2", "request_key": "k" * 24})

    assert first.headers["Location"] == second.headers["Location"] == "/p/harbour-it/anybody?n=1"
    assert presses(house) == 1
    assert marc.post("/p/harbour-it/press", {"n": "3"}).headers["Location"].endswith("n=3")


def test_a_form_pressed_by_many_fingers_at_once_does_its_deed_once(house: House) -> None:
    app = with_views(house)
    marc = signed_in(app, OWNER)
    cookie = marc.client.get_cookie("tcma")
    assert cookie is not None

    def press(number: int) -> str:
        again = type(marc)(app)
        again.client.set_cookie("tcma", cookie.value)
        again.csrf = marc.csrf
        return again.post("/p/harbour-it/press", {"n": str(number), "request_key": "k" * 24}).headers[
            "Location"
        ]

    with ThreadPoolExecutor(5) as fingers:
        assert len(set(fingers.map(press, range(5)))) == 1
    assert presses(house) == 1


@pytest.mark.parametrize(("field", "status"), [("refuse", 422), ("clash", 409)])
def test_a_refused_form_may_be_sent_again_with_the_same_key(house: House, field: str, status: int) -> None:
    marc = signed_in(with_views(house), OWNER)
    form = {"n": "1", "request_key": "k" * 24}

    assert marc.post("/p/harbour-it/press", {**form, field: "1"}).status_code == status
    assert marc.post("/p/harbour-it/press", form).status_code == 303
    assert presses(house) == 1


def test_a_key_of_one_person_says_nothing_about_anothers_form(house: House) -> None:
    app = with_views(house)
    for email in (OWNER, SALES):
        answer = signed_in(app, email).post("/p/harbour-it/press", {"n": email[0], "request_key": "k" * 24})
        assert answer.headers["Location"].endswith(f"n={email[0]}")
    assert presses(house) == 2


def test_a_route_takes_as_much_as_it_declares_and_the_others_less(house: House) -> None:
    marc = signed_in(with_views(house), OWNER)

    assert marc.post("/p/harbour-it/upload", {"text": "x" * 400_000}).text == "400000"
    assert marc.post("/p/harbour-it/upload", {"text": "x" * 700_000}).status_code == 413
    assert marc.post("/p/harbour-it/press", {"n": "x" * 300_000}).status_code == 413
    assert presses(house) == 0

"""Signing in with a password or a link: what is told, what is not, where one lands."""

import re

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from tcma.organisations.models import SignInLink, User
from tests.web.account.house import OWNER, PASSWORD, SALES, House
from tests.web.people import Visitor, signed_in


def attempt(visitor: Visitor, email: str, password: str, **more: str) -> object:
    return visitor.post("/sign-in", {"email": email, "password": password, **more})


def without_tokens(html: str) -> str:
    """A page without what differs on every page: tokens, nonces, keys."""
    return re.sub(r'(value|nonce)="[^"]*"', r'\1=""', html)


def test_address_and_password_sign_in_and_land_at_home(house: House) -> None:
    marc = house.stranger()
    answer = marc.post("/sign-in", {"email": f"  {OWNER.upper()} ", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert marc.get("/").headers["Location"] == "/p/harbour-it/"


def test_a_sales_person_lands_with_the_leads(house: House) -> None:
    assert signed_in(house.app, SALES).get("/").headers["Location"] == "/p/harbour-it/leads"


@pytest.mark.parametrize(
    ("back", "lands"),
    [
        ("/p/harbour-it/leads?state=new", "/p/harbour-it/leads?state=new"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nLocation: https://evil.example", "/"),
        ("", "/"),
        ("/" + "x" * 500, "/"),
    ],
)
def test_one_lands_on_pages_of_this_site_only(house: House, back: str, lands: str) -> None:
    marc = house.stranger()
    answer = marc.post("/sign-in", {"email": OWNER, "password": PASSWORD, "next": back})

    assert answer.headers["Location"] == lands


def test_a_link_asked_for_with_a_foreign_address_lands_at_home(house: House) -> None:
    house.stranger().post("/sign-in/link", {"email": OWNER, "next": "https://evil.example/"})
    (mail,) = house.mails()
    visitor = house.stranger()

    assert visitor.post(mail.path).headers["Location"] == "/"


def test_strangers_wrong_passwords_and_people_without_one_get_the_same_answer(house: House) -> None:
    with house.installation.owner.transaction() as session:
        session.execute(update(User).where(User.email == SALES).values(password_hash=None))
    answers = {
        email: house.stranger().post("/sign-in", {"email": email, "password": "not the password"})
        for email in (OWNER, SALES, "nobody@nowhere.example", "no address at all")
    }
    pages = {without_tokens(answer.text.replace(email, "…")) for email, answer in answers.items()}
    assert {answer.status_code for answer in answers.values()} == {422}
    assert len(pages) == 1 and "do not fit together" in pages.pop()


def test_whoever_asks_for_a_link_gets_the_same_answer_and_only_people_get_mail(house: House) -> None:
    answers = [
        house.stranger().post("/sign-in/link", {"email": email})
        for email in (OWNER, "nobody@nowhere.example")
    ]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {
        (303, "/sign-in/sent")
    }
    assert [mail.email for mail in house.mails()] == [OWNER]
    with house.installation.worker.reading() as session:
        rows = session.scalars(select(SignInLink).order_by(SignInLink.id)).all()
        assert [row.user_id is None for row in rows] == [False, True]


def test_opening_a_link_changes_nothing_and_its_button_works_once(house: House) -> None:
    token = house.link(OWNER, "/p/harbour-it/leads")
    scanner = house.stranger()
    for _ in range(3):
        assert "Sign in as" in scanner.get(f"/sign-in/{token}").text
    assert scanner.get("/account/").status_code == 303

    marc = house.stranger()
    page = marc.get(f"/sign-in/{token}")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert marc.post(f"/sign-in/{token}").headers["Location"] == "/p/harbour-it/leads"
    for answer in (house.stranger().get(f"/sign-in/{token}"), house.stranger().post(f"/sign-in/{token}")):
        assert answer.status_code == 404 and OWNER not in answer.text


def test_a_form_of_another_site_signs_nobody_in(house: House) -> None:
    visitor = house.stranger()
    token = house.link(OWNER)
    for path, data in (("/sign-in", {"email": OWNER, "password": PASSWORD}), (f"/sign-in/{token}", {})):
        assert visitor.bare_post(path, data).status_code == 400
        assert visitor.bare_post(path, {**data, "csrf_token": house.stranger().csrf}).status_code == 400
    assert visitor.get("/account/").status_code == 303


def test_signing_in_gives_a_new_cookie_and_forgets_the_strangers(house: House) -> None:
    visitor = house.stranger()
    before = visitor.csrf
    visitor.post("/sign-in", {"email": OWNER, "password": PASSWORD})

    assert visitor.post("/account/look", {"theme": "dark", "csrf_token": before}).status_code == 400


def test_signing_in_again_ends_the_sign_in_before(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    old = marc.client.get_cookie("tcma")
    assert old is not None
    token = house.link(SALES)
    marc.post(f"/sign-in/{token}")
    thief = Visitor(house.app)
    thief.client.set_cookie("tcma", old.value)

    assert thief.get("/account/").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: House) -> None:
    plain = house.stranger()
    cookie = plain.post("/sign-in", {"email": OWNER, "password": PASSWORD}).headers["Set-Cookie"]
    assert cookie.startswith("tcma=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Secure" not in cookie and "Domain" not in cookie and "Expires" in cookie

    safe = house.again(base_url="https://go.example").stranger()
    cookie = safe.post("/sign-in", {"email": OWNER, "password": PASSWORD}).headers["Set-Cookie"]
    assert cookie.startswith("__Host-tcma=") and "Secure" in cookie and "Path=/" in cookie


def test_a_password_hashed_with_old_parameters_is_hashed_anew(house: House) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    with house.installation.owner.transaction() as session:
        session.execute(update(User).where(User.email == OWNER).values(password_hash=old))
    house.stranger().post("/sign-in", {"email": OWNER, "password": PASSWORD})

    assert house.person(OWNER).password_hash not in (old, None)
    assert house.stranger().post("/sign-in", {"email": OWNER, "password": PASSWORD}).status_code == 303


def test_too_many_tries_for_one_address_are_stopped_with_a_clear_page(house: House) -> None:
    few = house.again(sign_in_rate=3)
    visitor = few.stranger()
    told = [attempt(visitor, OWNER, "wrong password").status_code for _ in range(5)]  # type: ignore[attr-defined]
    assert told == [422, 422, 422, 429, 429]
    stopped = visitor.post("/sign-in", {"email": OWNER, "password": PASSWORD})
    assert stopped.status_code == 429 and "Too many tries" in stopped.text
    assert int(stopped.headers["Retry-After"]) > 60

    assert visitor.post("/sign-in", {"email": SALES, "password": PASSWORD}).status_code == 303
    assert few.stranger().post("/sign-in/link", {"email": OWNER}).status_code == 303


def test_a_success_forgets_the_tries_before(house: House) -> None:
    visitor = house.again(sign_in_rate=2).stranger()
    for _ in range(3):
        assert visitor.post("/sign-in", {"email": OWNER, "password": "wrong password"}).status_code == 422
        visitor.post("/sign-in", {"email": OWNER, "password": PASSWORD})
        visitor.csrf = house_token(visitor)


def house_token(visitor: Visitor) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/sign-in/link").text)
    assert found
    return found[1]


def test_too_many_tries_from_one_network_are_stopped_whatever_the_address(house: House) -> None:
    visitor = house.again(sign_in_network_rate=3).stranger()
    told = [
        visitor.post("/sign-in/link", {"email": f"p{number}@firm.example"}).status_code for number in range(5)
    ]
    assert told == [303, 303, 303, 429, 429]


def test_whoever_is_not_signed_in_is_sent_to_the_door_and_back(house: House) -> None:
    visitor = house.stranger()
    answer = visitor.get("/p/harbour-it/team?page=2")
    assert answer.headers["Location"] == "/sign-in?next=%2Fp%2Fharbour-it%2Fteam%3Fpage%3D2"
    assert 'value="/p/harbour-it/team?page=2"' in visitor.follow(answer).text

    part = visitor.get(
        "/p/harbour-it/team",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/p/harbour-it/leads"},
    )
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/sign-in?next=%2Fp%2Fharbour-it%2Fleads")


def test_whoever_was_signed_out_is_told_so(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    with house.installation.owner.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM sign_ins")
    told = marc.follow(marc.get("/account/"))

    assert "You were signed out after a while" in told.text
    assert "You were signed out" not in marc.get("/sign-in").text


def test_neither_mail_nor_page_of_a_link_is_shown_in_german_to_an_english_reader(house: House) -> None:
    german = house.stranger()
    german.headers["Accept-Language"] = "de-CH"
    assert "Anmelden" in german.get("/sign-in").text
    assert "Anmelden" not in house.stranger().get("/sign-in").text

"""What a person changes about themselves, and where they are signed in."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from tcma import clock
from tcma.notices.kinds import NoticeKind
from tcma.organisations.models import SignIn, User
from tests.web.account.house import OUTSIDER, OWNER, PASSWORD, SALES, House
from tests.web.people import Visitor, signed_in

NEW = "another harbour at nine"
WISHES = {"name": "Marc K.", "locale": "en", "theme": "dark", "timezone": "Asia/Tokyo", "keys_on": "1"}


def an_hour_later(house: House) -> None:
    """The sign-ins are no longer fresh."""
    with house.installation.owner.transaction() as session:
        session.execute(update(SignIn).values(proved_at=clock.real() - timedelta(hours=1)))


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account/").status_code == 200


def test_name_language_look_zone_and_keys_are_kept(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    page = marc.follow(marc.post("/account/", {**WISHES, "locale": "de", "keys_on": ""}))

    assert 'lang="de"' in page.text and 'data-theme="dark"' in page.text
    person = house.person(OWNER)
    assert (person.name, person.timezone, person.keys_on) == ("Marc K.", "Asia/Tokyo", False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 121),
        ("name", "a\u0007b"),
        ("locale", "tlh"),
        ("theme", "neon"),
        ("timezone", "Mars/Base"),
        ("timezone", "../../etc/passwd"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field_and_the_rest_is_kept(
    house: House, field: str, value: str
) -> None:
    marc = signed_in(house.app, OWNER)
    before = house.person(OWNER)
    answer = marc.post("/account/", {**WISHES, field: value})

    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert ("Asia/Tokyo" in answer.text.split("<datalist")[0]) is (field != "timezone")
    after = house.person(OWNER)
    assert (after.name, after.theme) == (before.name, before.theme)


def test_a_look_from_any_page_comes_back_to_it_and_to_no_other_site(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    for back, lands in (("/p/harbour-it/team", "/p/harbour-it/team"), ("https://evil.example/", "/")):
        answer = marc.post("/account/look", {"theme": "light", "back": back})
        assert answer.headers["Location"] == lands
    assert house.person(OWNER).theme == "light"
    assert marc.post("/account/look", {"theme": "neon"}).status_code == 422


def test_a_new_password_counts_at_once_and_signs_everybody_else_out(house: House) -> None:
    here, there = signed_in(house.app, OWNER), signed_in(house.app, OWNER)
    open_link = house.link(OWNER)
    old = here.client.get_cookie("tcma")
    assert old is not None
    here.follow(here.post("/account/password", {"password": NEW}))

    assert is_in(here) and not is_in(there)
    thief = Visitor(house.app)
    thief.client.set_cookie("tcma", old.value)
    assert not is_in(thief)  # the key changed with the password
    assert house.stranger().get(f"/sign-in/{open_link}").status_code == 404
    assert house.stranger().post("/sign-in", {"email": OWNER, "password": PASSWORD}).status_code == 422
    assert house.stranger().post("/sign-in", {"email": OWNER, "password": NEW}).status_code == 303


def test_whoever_had_the_sign_in_is_told_when_password_or_address_change(house: House) -> None:
    """A thief who changes them cannot keep it from the person: the address told is the one of before."""
    signed_in(house.app, OWNER).post("/account/password", {"password": NEW})
    marc = signed_in(house.app, OWNER)
    marc.post("/account/address", {"email": "marc@keller.example"})
    marc.follow(marc.post(house.mails()[-1].path))
    told = [mail for mail in house.mails() if mail.kind is NoticeKind.ACCOUNT_CHANGED]

    assert [(mail.email, mail.said["what"]) for mail in told] == [(OWNER, "password"), (OWNER, "address")]


def test_a_password_that_is_too_easy_is_refused(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    for easy in ("short", "password1234", "harbour-it12"):
        answer = marc.post("/account/password", {"password": easy})
        assert answer.status_code == 422 and 'id="password-error"' in answer.text
        assert f'value="{easy}"' not in answer.text
    assert house.stranger().post("/sign-in", {"email": OWNER, "password": PASSWORD}).status_code == 303


def test_after_a_while_the_present_password_is_asked_for(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    an_hour_later(house)
    for current in ("", NEW):
        answer = marc.post("/account/password", {"password": NEW, "current": current})
        assert answer.status_code == 422 and "not your present password" in answer.text
        answer = marc.post("/account/address", {"email": "new@firm.example", "current_too": current})
        assert answer.status_code == 422 and house.mails() == []

    assert marc.post("/account/password", {"password": NEW, "current": PASSWORD}).status_code == 303


def test_whoever_has_no_password_shows_by_a_link_who_it_is(house: House) -> None:
    eva = signed_in(house.app, SALES)
    with house.installation.owner.transaction() as session:
        session.execute(update(User).where(User.email == SALES).values(password_hash=None))
    an_hour_later(house)
    assert "sign in again with a link" in eva.get("/account/").text
    assert eva.post("/account/password", {"password": NEW}).status_code == 422

    again = signed_in(house.app, SALES)
    assert again.post("/account/password", {"password": NEW}).status_code == 303


def test_passwords_are_not_tried_out_on_the_account_page(house: House) -> None:
    few = house.again(sign_in_rate=3)
    marc = signed_in(few.app, OWNER)
    an_hour_later(house)
    told = [
        marc.post("/account/password", {"password": NEW, "current": f"wrong {number}"}).status_code
        for number in range(5)
    ]
    assert told == [422, 422, 422, 429, 429]


def test_a_new_address_counts_from_the_button_in_its_own_mail(house: House) -> None:
    marc, elsewhere = signed_in(house.app, OWNER), signed_in(house.app, OWNER)
    marc.follow(marc.post("/account/address", {"email": "Marc@Keller.example"}))
    (mail,) = house.mails()
    assert mail.email == "marc@keller.example" and mail.path.startswith("/account/address/")
    assert house.person(OWNER).email == OWNER
    assert "marc@keller.example" in marc.get(mail.path).text
    assert house.person(OWNER).email == OWNER  # looking changes nothing

    marc.follow(marc.post(mail.path))
    assert house.person(OWNER).email == "marc@keller.example"
    assert is_in(marc) and not is_in(elsewhere)
    assert marc.get(mail.path).status_code == 404


def test_a_link_for_an_address_is_of_no_use_to_anybody_else(house: House) -> None:
    marc, eva = signed_in(house.app, OWNER), signed_in(house.app, SALES)
    marc.post("/account/address", {"email": "marc@keller.example"})
    (mail,) = house.mails()
    token = mail.path.rpartition("/")[2]

    assert house.stranger().get(f"/sign-in/{token}").status_code == 404
    assert eva.get(mail.path).status_code == eva.post(mail.path).status_code == 404
    assert marc.get(f"/account/address/{house.link(OWNER)}").status_code == 404


def test_an_address_that_is_somebody_elses_is_asked_for_like_any_other_and_never_taken(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    answer = marc.post("/account/address", {"email": OUTSIDER})
    assert answer.status_code == 303
    (mail,) = house.mails()

    assert marc.post(mail.path).status_code == 409
    assert house.person(OWNER).email == OWNER and house.person(OUTSIDER).email == OUTSIDER


def test_browsers_are_listed_and_ended(house: House) -> None:
    here, there, third = (signed_in(house.app, OWNER) for _ in range(3))
    eva = signed_in(house.app, SALES)
    with house.installation.owner.reading() as session:
        mine = session.scalars(
            select(SignIn).where(SignIn.user_id == house.people[OWNER].user_id).order_by(SignIn.id)
        ).all()
    assert here.get("/account/").text.count("Chrome on Linux") == 3

    assert eva.post(f"/account/sign-ins/{mine[1].public_id}/end").status_code == 404
    here.follow(here.post(f"/account/sign-ins/{mine[1].public_id}/end"))
    assert [is_in(one) for one in (here, there, third, eva)] == [True, False, True, True]
    here.follow(here.post("/account/sign-ins/end"))
    assert [is_in(one) for one in (here, third, eva)] == [True, False, True]
    here.follow(here.post("/sign-out"))
    assert not is_in(here)


def test_use_is_not_written_on_every_request(house: House) -> None:
    marc = signed_in(house.app, OWNER)
    before = used(house)
    marc.get("/account/")
    assert used(house) == before

    with house.installation.owner.transaction() as session:
        session.execute(update(SignIn).values(used_at=clock.real() - timedelta(minutes=11)))
    marc.get("/account/")
    assert clock.real() - used(house) < timedelta(minutes=1)


def test_a_sign_in_lasts_as_long_as_the_settings_say(house: House) -> None:
    short = house.again(session_idle=60.0)
    marc = signed_in(short.app, OWNER)
    assert is_in(marc)
    with house.installation.owner.transaction() as session:
        session.execute(update(SignIn).values(used_at=clock.real() - timedelta(seconds=61)))
    assert not is_in(marc)


def used(house: House) -> datetime:
    with house.installation.owner.reading() as session:
        return session.scalars(select(SignIn.used_at)).one()

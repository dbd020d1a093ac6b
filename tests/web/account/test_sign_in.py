"""Signing in and out."""

from tcma.organisations.models import User
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.web.people import signed_in


def test_a_link_signs_in(database: Installation) -> None:
    with database.owner.transaction() as session:
        viewer = a_viewer(session, a_partner(session))
        email = session.get_one(User, viewer.user_id).email
    eva = signed_in(database, email)
    assert email in eva.get("/account/").text
    eva.follow(eva.post("/account/sign-out"))
    assert eva.get("/account/").headers["Location"] == "/sign-in?next=%2Faccount%2F"

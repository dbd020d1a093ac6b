"""A firm with people who can sign in, for tests of the way in."""

from dataclasses import dataclass, replace

from flask import Flask

from tcma.notices.models import Notice
from tcma.organisations import links, passwords
from tcma.organisations.models import User
from tcma.viewer import Role, Viewer
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.web.apps import app_of
from tests.web.people import Visitor, stranger

PASSWORD = "quiet harbour at seven"
HASH = passwords.hashed(PASSWORD)
OWNER, SALES, OUTSIDER = "marc@harbour-it.example", "eva@harbour-it.example", "ursina@alpine-it.example"


@dataclass
class House:
    """Harbour IT with Marc, who owns it, and Eva, who sells; Alpine IT with Ursina."""

    installation: Installation
    app: Flask
    people: dict[str, Viewer]

    def stranger(self) -> Visitor:
        return stranger(self.app)

    def person(self, email: str) -> User:
        with self.installation.owner.reading() as session:
            return session.get_one(User, self.people[email].user_id)

    def link(self, email: str, path: str = "/account/") -> str:
        with self.installation.owner.transaction() as session:
            return links.make(session, session.get_one(User, self.people[email].user_id), path).token

    def mails(self) -> list[Notice]:
        with self.installation.worker.reading() as session:
            found = session.query(Notice).order_by(Notice.id).all()
            session.expunge_all()
            return found

    def again(self, **settings: object) -> "House":
        """The same firm behind an application with other settings."""
        installed = replace(self.installation, settings=replace(self.installation.settings, **settings))  # type: ignore[arg-type]
        return House(installed, app_of(installed), self.people)


def a_house(installation: Installation) -> House:
    with installation.owner.transaction() as session:
        harbour = a_partner(session, "Harbour IT", slug="harbour-it", domain="harbour-it.example")
        alpine = a_partner(session, "Alpine IT", slug="alpine-it")
        people = {
            OWNER: a_viewer(session, harbour),
            SALES: a_viewer(session, harbour, Role.SALES),
            OUTSIDER: a_viewer(session, alpine),
        }
        for email, viewer in people.items():
            user = session.get_one(User, viewer.user_id)
            user.email, user.password_hash = email, HASH
    return House(installation, app_of(installation), people)

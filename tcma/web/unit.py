"""What a view of signed-in people starts from: who is looking, at which organisation, and its transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import g
from flask import session as cookie
from sqlalchemy.orm import Session

from tcma.installation import Installation
from tcma.organisations import queries, sign_ins
from tcma.organisations.models import Organisation, SignIn, User
from tcma.organisations.queries import Place
from tcma.organisations.sign_ins import Lives
from tcma.viewer import OrganisationKind, Viewer
from tcma.web.frame import installation

KEY = "key"  # the sign-in's, in the signed cookie


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request, as read at its beginning."""

    sign_in: SignIn
    places: tuple[Place, ...]
    place: Place | None  # the organisation in the address; None on pages of the person

    @property
    def user(self) -> User:
        return self.sign_in.user


def viewer() -> Viewer:
    """The signed-in person in the organisation of the address."""
    return _place().viewer(user().id)


def user() -> User:
    return _signed_in().user


def organisation() -> Organisation:
    """The organisation in the address."""
    return _place().organisation


def places() -> tuple[Place, ...]:
    """All organisations of the signed-in person, by name."""
    return _signed_in().places


def sign_in() -> SignIn:
    """The row of this browser."""
    return _signed_in().sign_in


def somebody() -> SignedIn | None:
    """Who is signed in, None for a stranger: for what public and signed-in pages share."""
    found = g.get("signed_in")
    return found if isinstance(found, SignedIn) else None


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads, in the organisation of the address (none on pages of the person)."""
    with installation().web.reading(_tenant()) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction in the organisation of the address. Never the network, hashing, MJML or pictures in it."""
    with installation().web.transaction(_tenant()) as session:
        yield session


def look_up(slug: str | None, *, operator: bool = False) -> SignedIn | None:
    """The person whose key the cookie carries, with the organisation `slug` (or the operator's, where that is
    asked for) when they belong to it.

    Two statements; a third, once in ten minutes, writes down that the sign-in is used.
    """
    key = cookie.get(KEY)
    if not isinstance(key, str):
        return None
    installed = installation()
    with installed.web.reading() as session:
        row = sign_ins.find(session, key, Lives.of(installed.settings))
        if row is None:
            return None
        found = tuple(queries.places_of(session, row.user_id))
    if sign_ins.needs_noting(row):
        _note_use(installed, row)
    here = (
        place
        for place in found
        if (
            place.organisation.kind is OrganisationKind.OPERATOR
            if operator
            else place.organisation.slug == slug
        )
    )
    return SignedIn(row, found, next(here, None))


def _note_use(installed: Installation, row: SignIn) -> None:
    with installed.web.transaction() as session:
        sign_ins.note_use(session, row)


def _signed_in() -> SignedIn:
    found = somebody()
    if found is None:
        raise RuntimeError("This view is open to strangers and has no person; declare its guard.")
    return found


def _place() -> Place:
    found = _signed_in().place
    if found is None:
        raise RuntimeError("This view has no organisation in its address.")
    return found


def _tenant() -> int | None:
    place = _signed_in().place
    return place.organisation.id if place else None

"""Who in an organisation is told something, as notices know people."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Row, Select, func, select, tuple_
from sqlalchemy.orm import Session

from tcma.notices.recipients import Recipient
from tcma.organisations.models import Membership, Organisation, User
from tcma.viewer import Role

Place = tuple[int, int]  # user id, organisation id


def people_with(session: Session, organisation_id: int, *roles: Role) -> list[Recipient]:
    """The organisation's people who have one of `roles`, each once. One statement, whoever's tenant it is."""
    found = _people().where(Membership.organisation_id == organisation_id, Membership.role.in_(roles))
    return _recipients(session.execute(found).all())


def person_in(session: Session, user_id: int, organisation_id: int) -> list[Recipient]:
    """This person, while in the organisation: one or none."""
    found = _people().where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
    return _recipients(session.execute(found).all())


def present(session: Session, places: Iterable[Place]) -> Mapping[Place, Recipient]:
    """Those who still belong where they were told something, as they are now. One statement."""
    found = _people().where(tuple_(Membership.user_id, Membership.organisation_id).in_(list(places)))
    return {
        (person.user_id, person.organisation_id): person
        for person in _recipients(session.execute(found).all())
        if person.user_id is not None and person.organisation_id is not None
    }


def _people() -> Select[int, str, str, str, int, str, str]:
    return (
        select(
            User.id,
            User.name,
            User.email,
            User.locale,
            Organisation.id,
            Organisation.name,
            func.coalesce(User.timezone, Organisation.timezone),
        )
        .select_from(Membership)
        .join(Membership.user)
        .join(Membership.organisation)
        .order_by(User.id, Organisation.id)
        .distinct()
    )


def _recipients(rows: Sequence[Row[int, str, str, str, int, str, str]]) -> list[Recipient]:
    return [
        Recipient(user_id, name, email, locale, organisation_id, organisation_name, timezone)
        for user_id, name, email, locale, organisation_id, organisation_name, timezone in rows
    ]

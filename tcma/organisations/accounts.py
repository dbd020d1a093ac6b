"""What people say about themselves: name, language, look, address, password."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.language import SHIPPED
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.organisations import links, queries, sign_ins
from tcma.organisations.models import Membership, Organisation, User

THEMES = ("system", "light", "dark")
NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a person wants to be named and spoken to. `timezone` None: that of the organisation."""

    name: str
    locale: str
    theme: str
    timezone: str | None
    keys_on: bool

    def checked(self) -> "Wishes":
        """The same, tidied. Invalid names each field that cannot be used."""
        name = " ".join(self.name.split())
        fields: dict[str, str] = {}
        if not name or not name.isprintable() or len(name) > NAME_LENGTH:
            fields["name"] = phrase("Write your name, at most %(most)s characters.", most=NAME_LENGTH)
        if self.locale not in SHIPPED:
            fields["locale"] = phrase("Choose one of the languages.")
        if self.theme not in THEMES:
            fields["theme"] = phrase("Choose one of the looks.")
        if self.timezone is not None and self.timezone not in available_timezones():
            fields["timezone"] = phrase("Choose a time zone from the list.")
        if fields:
            raise Invalid(" ".join(fields.values()), fields)
        return Wishes(name, self.locale, self.theme, self.timezone, self.keys_on)


def change(session: Session, user_id: int, wishes: Wishes) -> None:
    wished = wishes.checked()
    session.execute(
        update(User)
        .where(User.id == user_id)
        .values(
            name=wished.name,
            locale=wished.locale,
            theme=wished.theme,
            timezone=wished.timezone,
            keys_on=wished.keys_on,
        )
    )


def set_password(session: Session, user_id: int, password_hash: str, kept_sign_in_id: int | None) -> None:
    """From here on only this password counts; every other browser is signed out, open links are void, and the
    person is told by mail."""
    person = session.get_one(User, user_id)
    _tell_changed(session, person, "password", person.email)
    session.execute(update(User).where(User.id == user_id).values(password_hash=password_hash))
    sign_ins.end_others(session, user_id, kept_sign_in_id)
    links.void(session, user_id)


def rehash(session: Session, user_id: int, before: str, password_hash: str) -> None:
    """The same password hashed with today's parameters, unless it was changed meanwhile."""
    session.execute(
        update(User)
        .where(User.id == user_id, User.password_hash == before)
        .values(password_hash=password_hash)
    )


def send_link(session: Session, email: str, path: str) -> None:
    """A link that signs in, to the person with this address; a stranger's goes nowhere. Both leave one row."""
    try:
        person = queries.find_user(session, email)
    except (NotFound, Invalid):
        person = None
    asked = links.make(session, person, path)
    if person is not None:
        _mail(session, person, person.email, asked, addresses.sign_in_link(asked.token))


def ask_for_address(session: Session, user: User, email: str) -> None:
    """A link to the new address; it counts once its button was pressed. Whether the address is somebody
    else's is not told before that."""
    address = queries.normalised(email)
    if address == user.email:
        raise Invalid(
            phrase("This is your address already."), {"email": phrase("This is your address already.")}
        )
    asked = links.make(session, user, email=address)
    _mail(session, user, address, asked, addresses.new_address(asked.token))


def confirm_address(session: Session, token: str, user_id: int, sign_in_id: int) -> User:
    """The person reads mail at the new address: it is the one to sign in with, and other browsers sign in
    again. The old address is told. NotFound for a stale link; Conflict where the address is somebody else's by now."""
    user, address = links.use_for_address(session, token, user_id)
    taken = session.scalar(select(User.id).where(User.email == address))
    if taken is not None:
        raise Conflict(phrase("This address belongs to another sign-in. Ask for a link to sign in there."))
    _tell_changed(session, user, "address", user.email)
    user.email = address
    session.flush()
    sign_ins.end_others(session, user.id, sign_in_id)
    links.void(session, user.id)
    return user


def _tell_changed(session: Session, person: User, what: str, to: str) -> None:
    """To the address as it was: whoever did this may not be the person."""
    now = clock.now(session)
    notices.tell(
        session,
        NoticeKind.ACCOUNT_CHANGED,
        [_recipient(session, person, to, is_known=False)],
        f"account:{person.id}:{what}:{now.isoformat()}",
        {"what": what, "at": now},
        addresses.sign_in(),
    )


def _mail(session: Session, person: User, to: str, asked: links.Asked, path: str) -> None:
    is_known = to == person.email
    notices.tell(
        session,
        NoticeKind.SIGN_IN_LINK if is_known else NoticeKind.ADDRESS_LINK,
        [_recipient(session, person, to, is_known=is_known)],
        f"link:{asked.link.id}",
        {"expires_at": clock.now(session) + (asked.link.expires_at - asked.link.created_at)},
        path,
    )


def _recipient(session: Session, person: User, to: str, *, is_known: bool) -> notices.Recipient:
    """The person at one address; not `is_known`, the mail goes there whatever becomes of the person."""
    zone = person.timezone or session.scalar(
        select(Organisation.timezone)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == person.id)
        .order_by(Organisation.id)
        .limit(1)
    )
    return notices.Recipient(
        user_id=person.id if is_known else None,
        name=person.name,
        email=to,
        locale=person.locale,
        timezone=zone or "UTC",
    )

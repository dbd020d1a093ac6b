"""Test mails: to oneself or to colleagues, as a person of the audience would get them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tcma import clock, storage
from tcma.audit import trail
from tcma.audit.models import AuditEntry
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import Conflict, DomainError, Invalid, phrase
from tcma.launches import previews, queries
from tcma.launches.models import Campaign
from tcma.launches.previews import Wanted
from tcma.organisations.models import Membership, User
from tcma.organisations.queries import normalised
from tcma.viewer import OrganisationKind, Role, Viewer

MOST_AT_ONCE = 6  # oneself and five colleagues
MOST_AN_HOUR = 60  # test mails of one firm
ANSWER_WITHIN = 24.0  # seconds for the mail server, all of them together
_SENT = "campaign.test_sent"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the test mail to one address; `problem` is empty when it was handed over."""

    to: str
    problem: str = ""


def colleagues(session: Session, viewer: Viewer) -> list[User]:
    """Who may get a test mail: everybody of the viewer's organisation, by name; one statement."""
    wanted = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == viewer.organisation_id)
        .distinct()
        .order_by(User.name, User.id)
    )
    return list(session.scalars(wanted))


def send_tests(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    campaign: Campaign,
    wanted: Wanted,
    *,
    to: Sequence[str],
) -> list[Outcome]:
    """Send the mail `wanted` to people of one's own firm, with "[Test]" before its subject.

    Its clicks are not counted and its unsubscribe link does nothing. Invalid for an address outside the firm
    and for more than six at once; Conflict when the firm sent many tests this hour.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    addresses = list(dict.fromkeys(normalised(one) for one in to if one.strip()))
    if not 0 < len(addresses) <= MOST_AT_ONCE:
        sentence = phrase("Choose yourself or up to %(most)s colleagues.", most=MOST_AT_ONCE - 1)
        raise Invalid(sentence, {"to": sentence})
    with database.transaction(viewer.organisation_id) as session:
        _require_colleagues(session, viewer, addresses)
        _require_room(session, viewer, len(addresses))
        found = queries.find_campaign(session, viewer, campaign.public_id)
        # Kept before it is sent: whatever the mail server does, the hour's count stands.
        for _ in addresses:
            trail.record(session, viewer, _SENT, found, {"touch": wanted.touch_key})
    quick = _hurried(settings, ANSWER_WITHIN / len(addresses))
    return [_send(database, viewer, files, quick, campaign, wanted, one) for one in addresses]


def _send(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    settings: Settings,
    campaign: Campaign,
    wanted: Wanted,
    address: str,
) -> Outcome:
    try:
        made = previews.test_message(
            database, viewer, files, settings, campaign.public_id, wanted, to=address
        )
        previews.send(settings, files, made)
    except DomainError as error:
        return Outcome(address, error.sentence)
    return Outcome(address)


def _hurried(settings: Settings, seconds: float) -> Settings:
    """The same way out with `seconds` for one message: half for the connection, half for what is said on it."""
    half = round(seconds / 2, 1)
    if not settings.mail.startswith("smtp:"):
        return replace(settings, mail_timeout=half)
    mark = "&" if "?" in settings.mail else "?"
    return replace(settings, mail_timeout=half, mail=f"{settings.mail}{mark}message_timeout={half}")


def _require_colleagues(session: Session, viewer: Viewer, addresses: Sequence[str]) -> None:
    known = {user.email for user in colleagues(session, viewer)}
    for address in addresses:
        if address not in known:
            sentence = phrase(
                "%(address)s is nobody of %(organisation)s. Test mails go to colleagues only.",
                address=address,
                organisation=viewer.organisation_name,
            )
            raise Invalid(sentence, {"to": sentence})


def _require_room(session: Session, viewer: Viewer, count: int) -> None:
    since = clock.now(session) - timedelta(hours=1)
    sent = session.scalar(
        select(func.count()).where(
            AuditEntry.organisation_id == viewer.organisation_id,
            AuditEntry.action == _SENT,
            AuditEntry.at > since,
        )
    )
    if (sent or 0) + count > MOST_AN_HOUR:
        raise Conflict(
            phrase(
                "That are more than %(most)s test mails in an hour. Try again a little later.",
                most=MOST_AN_HOUR,
            )
        )

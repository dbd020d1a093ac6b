"""Why a message that waits does not go to this person any more: read in the statement that claims it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from campaigns.kit.model import ABOUT_ATTENDANCE, ConditionKind
from campaigns.mail_choice import APART, MailChoice
from tcma import clock
from tcma.audiences import eligible
from tcma.audiences.models import Contact
from tcma.audiences.preference_models import MailPreference
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass, SendGroup
from tcma.launches.models import CampaignTouch
from tcma.launches.sending_chunks import Turn
from tcma.webinars.models import Seat, SeatStatus, WebinarSession


class SkipReason(StrEnum):
    """Why a message that waited did not go."""

    DELETED = "deleted"  # the contact was
    SUPPRESSED = "suppressed"  # unsubscribed, complained, bounced, imported: by partner, programme, platform
    CLICKED = "clicked"  # the touch goes to those who did not click an earlier one
    ANSWERED = "answered"  # ... who did not answer one
    NOT_ANSWERED = "not_answered"  # ... who answered one
    REGISTERED = "registered"  # ... who said nothing to the invitation to the webinar
    NOT_REGISTERED = "not_registered"  # ... who have, or had, a seat in it
    ATTENDED = "attended"  # ... who had one and did not come
    NOT_ATTENDED = "not_attended"  # ... who came
    REPLIED = "replied"  # who wrote back talks with a person now
    PAUSED = "paused"  # the person chose to get nothing for a while
    ONLY_INVITATIONS = "only_invitations"  # ... to get nothing but invitations, and this is none
    FEWER = "fewer"  # ... to get fewer mails, and had one lately
    CANCELLED = "cancelled"
    RECALLED = "recalled"
    TOO_LATE = "too_late"  # what it reminds of has begun


_CANCELLED = WebinarSession.cancelled_at.is_not(None)
_CAME = Seat.attended_at.is_not(None)

Obstacle = tuple[ColumnElement[bool], SkipReason]


def obstacle(turn: Turn, now: datetime) -> ColumnElement[str]:
    """The first reason why a message of the turn must not go to the contact beside it; "" without one. The
    person's choice stands beside them, where there is one: see `choice_of`."""
    mailable = eligible.mailable(
        Contact, turn.partner_id, message_class=turn.message_class, vendor_id=turn.vendor_id
    )
    found: list[Obstacle] = [
        (Contact.deleted_at.is_not(None), SkipReason.DELETED),
        (~mailable, SkipReason.SUPPRESSED),
    ]
    if turn.message_class is MessageClass.SERVICE:
        found.append((Delivery.not_after <= now, SkipReason.TOO_LATE))
    if turn.message_class is MessageClass.MARKETING:
        found += _by_choice(turn, now)
        found += _by_condition(turn, now)
        if turn.condition is not ConditionKind.ANSWERED:  # that one is meant for people who wrote back
            found.append((_has_replied(), SkipReason.REPLIED))
        found.append((and_(wants_fewer(), had_one_lately(turn.partner_id, now)), SkipReason.FEWER))
    return case(*((there, literal(reason.value)) for there, reason in found), else_=literal(""))


def waits_for_attendance(session: Session, touch: CampaignTouch) -> bool:
    """Whether a mail asks who came to the webinar while nobody knows yet: nothing of it may go."""
    if touch.condition not in ABOUT_ATTENDANCE:
        return False
    known = select(WebinarSession.id).where(
        WebinarSession.campaign_id == touch.campaign_id, WebinarSession.attendance_known_at.is_not(None)
    )
    return session.scalar(known) is None


def choice_of(turn: Turn) -> ColumnElement[bool]:
    """Joins the person's choice to the contact: at most one row, by its unique key."""
    return and_(
        MailPreference.partner_id == turn.partner_id, MailPreference.address_hash == Contact.address_hash
    )


def wants_fewer() -> ColumnElement[bool]:
    return func.coalesce(MailPreference.pace == MailChoice.FEWER, false())


def had_one_lately(partner_id: int, now: datetime) -> ColumnElement[bool]:
    """Whether a mail of the partner went to the contact lately, or is on its way now. One in doubt may have
    arrived; its group says since when."""
    other, group = aliased(Delivery), aliased(SendGroup)
    under_way = (DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
    begun = (
        exists().where(group.id == other.group_id, group.started_at > clock.real() - APART).correlate(other)
    )
    return exists().where(
        other.contact_id == Delivery.contact_id,
        other.partner_id == partner_id,
        other.id != Delivery.id,
        other.message_class == MessageClass.MARKETING,
        or_(other.sent_at > now - APART, and_(other.status.in_(under_way), begun)),
    )


def _by_choice(turn: Turn, now: datetime) -> list[Obstacle]:
    pause = func.coalesce(MailPreference.paused_until > now, false())
    found: list[Obstacle] = [(pause, SkipReason.PAUSED)]
    if not turn.is_invitation:
        only = func.coalesce(MailPreference.pace == MailChoice.INVITATIONS, false())
        found.append((only, SkipReason.ONLY_INVITATIONS))
    return found


def _by_condition(turn: Turn, now: datetime) -> list[Obstacle]:
    """What the kit says about whom the touch is for. A touch keeps its condition from the day of its draft."""
    about = turn.condition_touch_id
    if turn.condition is None or about is None:
        return []
    match turn.condition:
        case ConditionKind.NOT_CLICKED:
            return [(_did(Delivery.clicked_at, about), SkipReason.CLICKED)]
        case ConditionKind.ANSWERED:
            return [(~_did(Delivery.replied_at, about), SkipReason.NOT_ANSWERED)]
        case ConditionKind.NOT_ANSWERED:
            return [(_did(Delivery.replied_at, about), SkipReason.ANSWERED)]
        case ConditionKind.REGISTERED:
            has_none = ~_has_seat(turn, Seat.status == SeatStatus.SAVED)
            return [(_webinar(turn, _CANCELLED), SkipReason.CANCELLED), (has_none, SkipReason.NOT_REGISTERED)]
        case ConditionKind.NOT_REGISTERED:
            return [
                (_webinar(turn, _CANCELLED), SkipReason.CANCELLED),
                (_webinar(turn, WebinarSession.starts_at <= now), SkipReason.TOO_LATE),
                # who gave a seat back, or wants the recording only, answered the invitation as well
                (_has_seat(turn, Seat.status != SeatStatus.UNINVITED), SkipReason.REGISTERED),
            ]
        case ConditionKind.ATTENDED:
            return [(~_has_seat(turn, _CAME), SkipReason.NOT_ATTENDED)]
        case ConditionKind.NOT_ATTENDED:
            has_none = ~_has_seat(turn, Seat.status == SeatStatus.SAVED)
            return [(_has_seat(turn, _CAME), SkipReason.ATTENDED), (has_none, SkipReason.NOT_REGISTERED)]


def _did(what: InstrumentedAttribute[object], touch_id: int) -> ColumnElement[bool]:
    """Whether the person did it with the mail that is named, or with any mail before it: who was left out of
    that mail because of an earlier click or answer could do nothing with it."""
    named, before, earlier = aliased(CampaignTouch), aliased(CampaignTouch), aliased(Delivery)
    return exists().where(
        named.id == touch_id,
        before.campaign_id == named.campaign_id,
        before.position <= named.position,
        earlier.touch_id == before.id,
        earlier.contact_id == Delivery.contact_id,
        getattr(earlier, what.key).is_not(None),
    )


def _has_seat(turn: Turn, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the person has such a seat in the webinar of the campaign; there is one at most."""
    return exists().where(Seat.contact_id == Delivery.contact_id, Seat.campaign_id == turn.campaign_id, which)


def _webinar(turn: Turn, which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(WebinarSession.campaign_id == turn.campaign_id, which)


def _has_replied() -> ColumnElement[bool]:
    """Whether the person answered a mail of this campaign."""
    earlier = aliased(Delivery)
    return exists().where(
        earlier.contact_id == Delivery.contact_id,
        earlier.campaign_id == Delivery.campaign_id,
        earlier.replied_at.is_not(None),
    )

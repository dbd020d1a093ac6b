"""Why a message that waits does not go to this person any more: read in the statement that claims it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_
from sqlalchemy.orm import InstrumentedAttribute, aliased

from campaigns.kit.model import ConditionKind
from campaigns.mail_choice import APART, MailChoice
from tcma import clock
from tcma.audiences import eligible
from tcma.audiences.models import Contact
from tcma.audiences.preference_models import MailPreference
from tcma.launches.deliveries import Delivery, DeliveryStatus, MessageClass, SendGroup
from tcma.launches.models import CampaignTouch
from tcma.launches.sending_chunks import Turn


class SkipReason(StrEnum):
    """Why a message that waited did not go."""

    DELETED = "deleted"  # the contact was
    SUPPRESSED = "suppressed"  # unsubscribed, complained, bounced, imported: by partner, programme, platform
    CLICKED = "clicked"  # the touch goes to those who did not click an earlier one
    ANSWERED = "answered"  # ... who did not answer one
    NOT_ANSWERED = "not_answered"  # ... who answered one
    REPLIED = "replied"  # who wrote back talks with a person now
    PAUSED = "paused"  # the person chose to get nothing for a while
    ONLY_INVITATIONS = "only_invitations"  # ... to get nothing but invitations, and this is none
    FEWER = "fewer"  # ... to get fewer mails, and had one lately
    CANCELLED = "cancelled"
    RECALLED = "recalled"
    TOO_LATE = "too_late"  # what it reminds of has begun


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
        found += _by_condition(turn)
        if turn.condition is not ConditionKind.ANSWERED:  # that one is meant for people who wrote back
            found.append((_has_replied(), SkipReason.REPLIED))
        found.append((and_(wants_fewer(), had_one_lately(turn.partner_id, now)), SkipReason.FEWER))
    return case(*((there, literal(reason.value)) for there, reason in found), else_=literal(""))


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


def _by_condition(turn: Turn) -> list[Obstacle]:
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
        case _:
            raise ValueError(f"The condition {turn.condition} is not read here.")


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


def _has_replied() -> ColumnElement[bool]:
    """Whether the person answered a mail of this campaign."""
    earlier = aliased(Delivery)
    return exists().where(
        earlier.contact_id == Delivery.contact_id,
        earlier.campaign_id == Delivery.campaign_id,
        earlier.replied_at.is_not(None),
    )

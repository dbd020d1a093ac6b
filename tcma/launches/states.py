"""The one word a campaign's state has on every screen, in filters, files and mails, and what may be done in it."""

from collections.abc import Sequence
from enum import StrEnum

from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, StopReason, TouchStatus
from tcma.launches.schedule import EMAIL


class Shown(StrEnum):
    """A campaign's status, and within it what a person would call it."""

    DRAFT = "draft"
    WAITING_FOR_FUNDING = "waiting_for_funding"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    MISSED = "missed"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    RECALLED = "recalled"


class Deed(StrEnum):
    """What a person can do, in the order of the buttons; the last ones are the weighty ones."""

    CONTINUE_SETUP = "continue_setup"
    LAUNCH_WITHOUT_FUNDING = "launch_without_funding"
    CHANGE_TIME = "change_time"
    PAUSE = "pause"
    CONTINUE = "continue"
    SEND_NOW = "send_now"
    NEW_TIME = "new_time"
    SKIP = "skip"
    LAUNCH_AGAIN = "launch_again"
    TO_DRAFT = "to_draft"
    CANCEL = "cancel"
    DELETE = "delete"


DEEDS: dict[Shown, tuple[Deed, ...]] = {
    Shown.DRAFT: (Deed.CONTINUE_SETUP, Deed.DELETE),
    Shown.WAITING_FOR_FUNDING: (Deed.LAUNCH_WITHOUT_FUNDING, Deed.CHANGE_TIME, Deed.CANCEL),
    Shown.SCHEDULED: (Deed.CHANGE_TIME, Deed.TO_DRAFT, Deed.CANCEL),
    Shown.SENDING: (Deed.PAUSE, Deed.CANCEL),
    Shown.RUNNING: (Deed.PAUSE, Deed.SEND_NOW, Deed.CANCEL),
    Shown.PAUSED: (Deed.CONTINUE, Deed.CANCEL),
    Shown.STOPPED: (Deed.CONTINUE, Deed.CANCEL),
    Shown.MISSED: (Deed.SEND_NOW, Deed.NEW_TIME, Deed.SKIP, Deed.CANCEL),
    Shown.FINISHED: (Deed.LAUNCH_AGAIN,),
    Shown.CANCELLED: (Deed.LAUNCH_AGAIN,),
    Shown.RECALLED: (),
}


def shown(campaign: Campaign, touches: Sequence[CampaignTouch]) -> Shown:
    """The word for a campaign; `touches` are its own."""
    if campaign.status is CampaignStatus.RUNNING:
        return Shown.SENDING if sending(touches) is not None else Shown.RUNNING
    if campaign.status is CampaignStatus.STOPPED and campaign.stop_reason is StopReason.MISSED:
        return Shown.MISSED
    return Shown(campaign.status.value)


def sending(touches: Sequence[CampaignTouch]) -> CampaignTouch | None:
    """The mail that goes out now, None between two."""
    mails = (touch for touch in touches if touch.kind == EMAIL and touch.waiting_count)
    return next((touch for touch in mails if touch.status is TouchStatus.RUNNING), None)


def next_mail(touches: Sequence[CampaignTouch]) -> CampaignTouch | None:
    """The first mail that waits for its time or missed it."""
    waiting = (TouchStatus.PENDING, TouchStatus.MISSED)
    return next((touch for touch in touches if touch.kind == EMAIL and touch.status in waiting), None)

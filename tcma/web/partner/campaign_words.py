"""States, deeds, parts and log lines of campaigns in words."""

import re
from collections.abc import Iterator
from datetime import datetime

from campaigns.providers.base import NOT_TRIED
from campaigns.providers.sendgrid_mail import NO_SENDER, NO_TEXT, UNWRITABLE
from campaigns.providers.smtp import ASCII_ADDRESSES_ONLY, ASCII_MESSAGES_ONLY, BAD_ENVELOPE
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.launches.deliveries import DeliveryStatus
from tcma.launches.log import Entry
from tcma.launches.models import TouchStatus
from tcma.launches.overview import View
from tcma.launches.recipients import Did, Mail, Where
from tcma.launches.sending_record import CANNOT_BE_MADE, GAVE_UP, NO_SUCH_ADDRESS
from tcma.launches.states import Shown

# the word of a state, and the tone of its badge
STATES: dict[Shown, tuple[str, str]] = {
    Shown.DRAFT: (mark("Draft"), "neutral"),
    Shown.WAITING_FOR_FUNDING: (mark("Waiting for funding"), "warn"),
    Shown.SCHEDULED: (mark("Scheduled"), "info"),
    Shown.SENDING: (mark("Sending"), "info"),
    Shown.RUNNING: (mark("Running"), "info"),
    Shown.PAUSED: (mark("Paused"), "warn"),
    Shown.STOPPED: (mark("Stopped by a problem"), "bad"),
    Shown.MISSED: (mark("Missed its time"), "bad"),
    Shown.FINISHED: (mark("Finished"), "ok"),
    Shown.CANCELLED: (mark("Cancelled"), "neutral"),
    Shown.RECALLED: (mark("Recalled by the vendor"), "bad"),
}
VIEWS = {
    View.RUNNING: mark("Running"),
    View.DRAFTS: mark("Drafts"),
    View.FINISHED: mark("Finished"),
    View.ALL: mark("All"),
}
TOUCHES = {
    TouchStatus.PENDING: mark("waits for its time"),
    TouchStatus.RUNNING: mark("going out"),
    TouchStatus.DONE: mark("done"),
    TouchStatus.MISSED: mark("missed its time"),
    TouchStatus.SKIPPED: mark("left out"),
}
PARTS = {
    Where.WAITING: mark("Waiting"),
    Where.SENT: mark("Sent"),
    Where.SKIPPED: mark("Skipped"),
    Where.FAILED: mark("Failed"),
    Where.UNKNOWN: mark("Unknown"),
}
DID = {
    Did.CLICKED: mark("Clicked"),
    Did.NOT_CLICKED: mark("Not clicked"),
    Did.ANSWERED: mark("Answered"),
}
DELIVERIES = {
    DeliveryStatus.QUEUED: mark("Waiting"),
    DeliveryStatus.SENDING: mark("Being sent"),
    DeliveryStatus.SENT: mark("Sent"),
    DeliveryStatus.DELIVERED: mark("Delivered"),
    DeliveryStatus.BOUNCED: mark("Came back"),
    DeliveryStatus.SKIPPED: mark("Skipped"),
    DeliveryStatus.FAILED: mark("Failed"),
    DeliveryStatus.UNKNOWN: mark("Unknown"),
}
REASON_SHOWN = 200  # characters of what a provider answered
REASONS = {
    "deleted": mark("deleted since"),
    "suppressed": mark("unsubscribed or came back since"),
    "clicked": mark("clicked before"),
    "registered": mark("answered the invitation"),
    "not_registered": mark("has no seat"),
    "attended": mark("was there"),
    "not_attended": mark("was not there"),
    "replied": mark("wrote back"),
    "paused": mark("takes a pause"),
    "only_invitations": mark("wants invitations only"),
    "fewer": mark("wants fewer mails"),
    "answered": mark("wrote back before"),
    "not_answered": mark("did not write back"),
    "cancelled": mark("cancelled"),
    "recalled": mark("recalled by the vendor"),
    "too_late": mark("came too late"),
}
NOTED = {
    NO_SUCH_ADDRESS: mark("no such address"),
    GAVE_UP: mark("could not be handed over for a whole day"),
    CANNOT_BE_MADE: mark("the mail could not be made"),
}
OWN_ANSWERS = {  # refused by us before a server was asked
    BAD_ENVELOPE: mark("the address cannot be written to"),
    UNWRITABLE: mark("the address cannot be written to"),
    NO_SENDER: mark("the mail could not be made"),
    NO_TEXT: mark("the mail could not be made"),
    ASCII_ADDRESSES_ONLY: mark("the mail server takes addresses without special characters only"),
    ASCII_MESSAGES_ONLY: mark("the mail server takes mails without special characters only"),
}
_ANSWER = re.compile(r"([2-5]\d\d) (?:\1 )?(.*)")  # a code, sometimes twice, and words
LOG = {
    "campaign.drafted": mark("Draft made"),
    "campaign.drafted_again": mark("Draft made from an earlier campaign"),
    "campaign.texts_changed": mark("Texts changed"),
    "campaign.languages_changed": mark("Languages changed"),
    "campaign.audience_set": mark("Audience chosen"),
    "campaign.start_set": mark("Start chosen"),
    "campaign.webinar_set": mark("Webinar set"),
    "webinar.moved": mark("Webinar moved"),
    "webinar.cancelled": mark("Webinar cancelled"),
    "webinar.recording_set": mark("Recording put up"),
    "webinar.attendance_uploaded": mark("Attendance list read"),
    "seat.given_back": mark("A seat was given back"),
    "campaign.funding_set": mark("Money chosen"),
    "campaign.costs_set": mark("Cost list saved"),
    "campaign.funding_asked": mark("Asked the vendor for money"),
    "campaign.answerer_set": mark("Chosen who answers the leads"),
    "campaign.sparing_set": mark("Chosen whether recent readers are left out"),
    "campaign.briefing_read": mark("Read the briefing"),
    "campaign.test_sent": mark("Test mail sent"),
    "campaign.launched": mark("Launched"),
    "campaign.funded": mark("The money was approved"),
    "campaign.funding_declined": mark("The money was declined; a draft again"),
    "campaign.funding_lost": mark("The certificate cannot be used any more; a draft again"),
    "campaign.launched_without_funding": mark("Launched without the vendor's money"),
    "campaign.started_unfunded": mark(
        "Its date came without an answer; it went on without the vendor's money"
    ),
    "campaign.returned_to_draft": mark("Launch taken back"),
    "campaign.time_changed": mark("Start changed"),
    "campaign.paused": mark("Paused"),
    "campaign.continued": mark("Continued"),
    "campaign.stopped": mark("Stopped by a problem"),
    "campaign.sent_again": mark("Unknown messages sent again"),
    "campaign.cancelled": mark("Cancelled"),
    "campaign.recalled": mark("Recalled by the vendor"),
    "campaign.finished": mark("Finished"),
    "touch.started": mark("Began to go out"),
    "touch.sent_now": mark("Sent at once"),
    "touch.time_changed": mark("Time changed"),
    "touch.left_out": mark("Left out"),
    "touch.missed": mark("Missed its time"),
}


def state(shown: Shown) -> str:
    return _(STATES[shown][0])


def tone(shown: Shown) -> str:
    return STATES[shown][1]


def delivery(mail: Mail | None) -> str:
    """What became of one message, with the reason where there is one."""
    if mail is None:
        return ""
    said = _(DELIVERIES[mail.status])
    if mail.status is DeliveryStatus.SKIPPED and mail.reason in REASONS:
        return f"{said}: {_(REASONS[mail.reason])}"
    if mail.status in (DeliveryStatus.FAILED, DeliveryStatus.BOUNCED) and mail.reason:
        return ": ".join([said, *_why(mail.reason)])
    return said


def _why(reason: str) -> Iterator[str]:
    """What we noted, in the reader's language; then a server's answer as it gave it, and nothing else."""
    ours, _colon, rest = reason.partition(": ")
    if ours in NOTED:
        yield _(NOTED[ours])
    else:
        rest = reason
    answer = _ANSWER.match(rest.removeprefix(f"{NOT_TRIED}: "))
    if answer is None:
        return
    yield _(OWN_ANSWERS[answer[2]]) if answer[2] in OWN_ANSWERS else f"{answer[1]} {answer[2]}"[:REASON_SHOWN]


def logged(entry: Entry) -> tuple[datetime, str, str]:
    """When, what, and who: the product where nobody did it."""
    known = LOG.get(entry.action)
    what = _(known) if known else entry.action
    if entry.message:
        what = f"{entry.message}: {what}"
    return entry.at, f"{what}{_counts(entry)}", entry.who or _("By itself")


def _counts(entry: Entry) -> str:
    people = entry.detail.get("people")
    if isinstance(people, int):
        return ", " + ngettext("%(num)s person", "%(num)s people", people)
    skipped = entry.detail.get("skipped")
    if isinstance(skipped, int) and skipped:
        return ", " + ngettext("%(num)s message not sent", "%(num)s messages not sent", skipped)
    count = entry.detail.get("count")
    if isinstance(count, int):
        return ", " + ngettext("%(num)s message", "%(num)s messages", count)
    return ""

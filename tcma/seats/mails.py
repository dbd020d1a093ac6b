"""The service mails of a webinar, frozen for one language and zone, and queued once for each reason to send one."""

from dataclasses import replace
from datetime import datetime
from enum import IntEnum
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from campaigns import webinar as times
from campaigns.channels import webinar_mail
from campaigns.channels.email import Facts
from campaigns.channels.webinar_mail import Told
from campaigns.kit.microsite import Confirmation
from campaigns.kit.webinar import Ahead
from campaigns.webinar import Invitation, Method, is_mailbox
from tcma import storage
from tcma.launches import artefacts, confirmations, service_mail
from tcma.launches.confirmations import Kept
from tcma.launches.webinars import WebinarPage


class Kind(IntEnum):
    """What a mail is about. The numbers are in occasions that are kept: add, never change. A confirmation's
    occasion is its answer, as a form's."""

    CONFIRMED = 0
    DAY = 1
    HOUR = 2
    MOVED = 3
    CANCELLED = 4
    RECORDING = 5
    DECLINED = 6


OF_AHEAD = {Ahead.DAY: Kind.DAY, Ahead.HOUR: Kind.HOUR}
_ENDS_WITH = {
    Kind.CONFIRMED: "link.calendar",
    Kind.HOUR: "link.join",
    Kind.MOVED: "link.calendar",
    Kind.CANCELLED: "link.calendar",
    Kind.RECORDING: "link.recording",
}
_METHODS = {Kind.CONFIRMED: Method.PUBLISH, Kind.MOVED: Method.PUBLISH, Kind.CANCELLED: Method.CANCEL}
"""Mails with a calendar file. What is published puts nothing into a calendar by itself, and asks nobody to answer:
anybody can type anybody's address."""
_SHIFT = 48  # answers are numbered below 2^48


def occasion(kind: Kind, sequence: int) -> int:
    """One mail of a kind for each day the webinar was ever set to, above every answer's id."""
    return (int(kind) << _SHIFT) + sequence + 1


def freeze(
    files: storage.Storage,
    page: WebinarPage,
    kind: Kind,
    *,
    zone: str,
    base_url: str,
    ticked: tuple[str, ...] = (),
    only_news: bool = False,
) -> Kept:
    """The mail as readers in `zone` get it, in the page's language; equal ones are one. Talks to no network, and
    compiles: call it outside of any transaction. Raises ContentError where a text or a brand makes no mail."""
    held = replace(page.held, title=page.webinar.title)
    told = Told(
        mail=_text(page, kind),
        said=times.names(
            held, organisers=page.organisers, locale=page.locale, zone=zone, country=page.partner.country
        ),
        name=kind.name.lower(),
        ends_with=_ENDS_WITH.get(kind, ""),
        fallbacks=page.kit.fallbacks(page.locale),
        ticked=ticked,
        only_news=only_news,
        calendar=event(page, base_url, _METHODS[kind]) if kind in _METHODS else None,
    )
    mail = webinar_mail.freeze(
        told,
        locale=page.locale,
        vendor=page.vendor,
        partner=page.partner,
        facts=Facts(page.campaign.slug, page.campaign.name, page.firm.slug, base_url),
    )
    content = mail.to_json().encode()
    return Kept(mail, storage.keep(files, artefacts.FILES, page.campaign.partner_id, content))


def event(page: WebinarPage, base_url: str, method: Method) -> Invitation | None:
    """The webinar as calendars read it; None where the partner has no address that a calendar can name."""
    contact = page.partner.contact.email or page.partner.reply_to
    if not is_mailbox(contact):
        return None
    return Invitation(
        method=method,
        uid=f"{page.campaign.public_id}.webinar@{urlsplit(base_url).hostname}",
        sequence=page.session.sequence,
        title=page.webinar.title,
        starts_at=page.held.starts_at.isoformat(),
        minutes=page.held.minutes,
        zone=page.held.zone,
        text=page.site().plain(page.webinar.description),
        organiser_name=page.partner.name,
        organiser_email=contact,
    )


def queue(
    session: Session,
    page: WebinarPage,
    kept: Kept,
    *,
    contact_id: int,
    occasion: int,
    not_after: datetime | None = None,
) -> bool:
    """One message; False when it was queued before."""
    made = service_mail.queue(
        session,
        partner_id=page.campaign.partner_id,
        campaign_id=page.campaign.id,
        touch_id=page.touch.id,
        contact_id=contact_id,
        artefact_id=confirmations.number(session, page, kept),
        occasion=occasion,
        not_after=not_after,
    )
    return made is not None


def _text(page: WebinarPage, kind: Kind) -> Confirmation:
    told = page.webinar.mails
    match kind:
        case Kind.CONFIRMED:
            return told.confirmation
        case Kind.DAY:
            return told.reminders[Ahead.DAY]
        case Kind.HOUR:
            return told.reminders[Ahead.HOUR]
        case Kind.MOVED:
            return told.moved
        case Kind.CANCELLED:
            return told.cancelled
        case Kind.RECORDING:
            return told.recording
        case Kind.DECLINED:
            return Confirmation(page.webinar.title, page.webinar.decline.thanks.text)

"""One person's seat in a webinar, by the link of a mail: join, give it back, watch the recording."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request

from campaigns.channels import microsite as forms
from campaigns.channels import webinar as look
from campaigns.channels.microsite_words import Words, words
from campaigns.channels.webinar import Action
from campaigns.links import Purpose, Token
from campaigns.webinar import Method
from tcma import addresses, clock
from tcma.audiences.models import Contact
from tcma.errors import Conflict
from tcma.launches import webinars
from tcma.launches.models import CampaignStatus
from tcma.launches.webinars import WebinarPage
from tcma.organisations.models import Organisation
from tcma.seats import mails, own, registering
from tcma.seats.own import Held
from tcma.web import errors, frame
from tcma.web.guards import Access, guard
from tcma.web.public import mail_links
from tcma.webinars import sessions
from tcma.webinars.models import SeatStatus
from tcma.webinars.sessions import OPENS_BEFORE, Phase

bp = Blueprint("seat", __name__)

JOIN, CANCEL, RECORDING, AGAIN = "join", "cancel", "recording", "again"


@bp.get("/w/<token>")
@guard(Access.TOKEN, Purpose.SEAT)
def show(token: str) -> Response:
    """What there is to do now. Opening it changes nothing: scanners open links."""
    found = mail_links.verified(token, Purpose.SEAT)
    if isinstance(found, Response):
        return found
    return _page(token, found)


@bp.post("/w/<token>")
@guard(Access.TOKEN, Purpose.SEAT)
def press(token: str) -> Response:
    """One of the page's buttons, named in the field `do`. Joining forwards to the room; the others come back
    here."""
    found = mail_links.verified(token, Purpose.SEAT)
    if isinstance(found, Response):
        return found
    do = request.form.get("do", "")
    try:
        with frame.installation().web.transaction(found.partner_id) as session:
            held = own.find(session, found, lock=True)
            room = own.join(session, held) if do == JOIN else ""
            if do == CANCEL:
                own.give_back(session, held)
            elif do == RECORDING:
                own.want_recording(session, held)
            elif do == AGAIN:
                own.take_again(session, held)
    except registering.Full:
        return _page(token, found, told="webinar_full", status=409)
    except Conflict:
        return _page(token, found, status=409)  # the page as it stands says why
    answer = redirect(room or addresses.seat(token), code=303)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    assert isinstance(answer, Response)
    return answer


@bp.get("/w/<token>.ics")
@guard(Access.TOKEN, Purpose.SEAT)
def calendar(token: str) -> Response:
    """The calendar file as things stand now: put in, moved, or taken out again."""
    found = mail_links.verified(token, Purpose.SEAT, Purpose.CALENDAR)
    if isinstance(found, Response):
        return found
    installed = frame.installation()
    with installed.web.reading(found.partner_id) as session:
        held = own.find(session, found)
        person = session.get_one(Contact, held.seat.contact_id)
        page = _opened(held, found.partner_id)
        now = clock.now(session)
    gone = held.session.cancelled_at is not None or held.seat.status is not SeatStatus.SAVED
    base = installed.settings.base_url
    own_page = found.purpose is Purpose.SEAT
    address = addresses.seat(token) if own_page else addresses.webinar(page.firm.slug, page.campaign.slug)
    event = mails.event(page, base, Method.CANCEL if gone and own_page else Method.PUBLISH)
    if event is None:
        return errors.page(forms.Message.BAD_LINK, 404)
    content = event.file(
        changes=held.seat.change_count, made_at=now, address=f"{base}{address}", attendee=person.address
    )
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="webinar.ics")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(token: str, found: Token, *, told: str = "", status: int = 200) -> Response:
    installed = frame.installation()
    with installed.web.reading(found.partner_id) as session:
        held = own.find(session, found)
        page = _opened(held, found.partner_id)
        phase = sessions.phase(held.session, clock.now(session))
    if held.campaign.status is CampaignStatus.RECALLED:
        text = forms.render_ended(
            frame.page_frame(), partner=page.partner, why=forms.Ended.RECALLED, locale=page.locale
        )
        return frame.html(text, 410)
    say = words(page.locale)
    when = look.when(page.held, page.partner, page.locale, held.seat.timezone)
    headline, text, actions = _said(say, page, held, phase)
    is_ahead = phase in (Phase.AHEAD, Phase.ROOM_OPEN)
    links = [(addresses.webinar(page.firm.slug, page.campaign.slug), say("webinar_page"))]
    event = mails.event(page, installed.settings.base_url, Method.PUBLISH)
    if is_ahead and held.seat.status is SeatStatus.SAVED and event is not None:
        links.insert(0, (addresses.seat_calendar(token), say("webinar_calendar")))
    if phase is Phase.OVER and held.session.recording_url:
        links.insert(0, (held.session.recording_url, say("webinar_watch")))
    answer = frame.html(
        look.render_seat(
            frame.page_frame(),
            partner=page.partner,
            locale=page.locale,
            headline=headline,
            about=when if headline == page.webinar.title else f"{page.webinar.title}: {when}",
            text=text,
            told=say(told) if told else "",
            action=addresses.seat(token),
            buttons=actions,
            links=links,
        ),
        status,
    )
    if JOIN in {action.do for action in actions}:
        # Browsers ask this policy also about where a form's answer forwards to.
        room = urlsplit(held.session.room_url)
        policy = frame.policy().replace("form-action 'self'", f"form-action 'self' https://{room.netloc}")
        answer.headers["Content-Security-Policy"] = policy
    return answer


def _said(say: Words, page: WebinarPage, held: Held, phase: Phase) -> tuple[str, str, tuple[Action, ...]]:
    """Headline, sentence and buttons for where the webinar and the seat stand."""
    status = held.seat.status
    if phase is Phase.CANCELLED:
        text = say("webinar_cancelled_text", partner=page.partner.name)
        return say("webinar_cancelled_headline"), text, ()
    recording = Action(RECORDING, say("seat_recording"))
    if phase is Phase.OVER:
        recording = Action(RECORDING, say("webinar_ask_recording"))
        ask = () if held.session.recording_url or status is SeatStatus.WANTS_RECORDING else (recording,)
        if held.session.recording_url:
            site = page.site()
            return site.text(page.webinar.recording.headline), site.text(page.webinar.recording.text), ()
        return page.webinar.title, say("seat_over"), ask
    again = Action(AGAIN, say("seat_again"))
    if status is SeatStatus.WANTS_RECORDING:
        return say("seat_recording_title"), page.site().text(page.webinar.decline.thanks), (again,)
    if status is not SeatStatus.SAVED:
        return say("seat_given_back_title"), say("seat_given_back"), (again, recording)
    cancel = Action(CANCEL, say("webinar_cancel"))
    if phase is Phase.ROOM_OPEN:
        return say("seat_title"), say("seat_open"), (Action(JOIN, say("seat_join"), is_main=True), cancel)
    opens = look.clock_time(page.held.starts_at - OPENS_BEFORE, page.partner, page.locale, held.seat.timezone)
    return say("seat_title"), say("seat_early", time=opens), (cancel, recording)


def _opened(held: Held, partner_id: int) -> WebinarPage:
    installed = frame.installation()
    with installed.web.reading(partner_id) as session:
        partner = session.get_one(Organisation, partner_id)
        return webinars.open_page(session, installed.storage, held.campaign, partner, held.seat.locale)

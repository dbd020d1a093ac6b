"""The page of a campaign's webinar: shown, registered on, and what is said afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from campaigns.channels import microsite as forms
from campaigns.channels import webinar as look
from campaigns.channels.microsite_words import words
from campaigns.channels.webinar import Stage
from campaigns.links import Purpose
from campaigns.webinar import zones
from tcma import addresses, clock
from tcma.launches import webinars
from tcma.launches.models import Campaign
from tcma.launches.webinars import WebinarPage
from tcma.organisations.models import Organisation
from tcma.seats import registering
from tcma.seats.registering import Choice, Receipt
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public import answers, campaign_forms, registrations
from tcma.web.public.campaign_forms import Machine, Refused
from tcma.webinars import sessions
from tcma.webinars.sessions import Phase

bp = Blueprint("webinar", __name__, url_prefix="/w/<slug:partner>/<slug:campaign>")

SEAT, RECORDING = "seat", "recording"  # what the form's buttons say in the field `do`


@dataclass(frozen=True, slots=True)
class Open:
    """The page with where its webinar stands now."""

    page: WebinarPage
    stage: Stage


@bp.get("")
@guard(Access.CAMPAIGN)
def show(partner: str, campaign: str) -> Response:
    """The page. A visit that a mail led to is counted; nothing else changes."""
    found = _open(partner, campaign)
    if isinstance(found, Response):
        return found
    return frame.html(_rendered(found, campaign_forms.arrive(found.page)))


@bp.post("")
@guard(Access.CAMPAIGN)
def register(partner: str, campaign: str) -> Response:
    """Keep a registration, or the wish for the recording; mistakes come back with everything that was typed and
    status 422. The checks are those of every public form."""
    found = _open(partner, campaign)
    if isinstance(found, Response):
        return found
    page = found.page
    passed = campaign_forms.check(page)
    if isinstance(passed, Machine):
        return _registered(page, None)
    if isinstance(passed, Refused):
        return _again(found, passed)
    submitted, say = passed.submitted, words(page.locale)
    choice = _choice(found, submitted)
    key = f"{passed.request_key}:{SEAT if choice.wants_seat else RECORDING}"
    form = answers.form(page, passed.read, key, passed.delivery_id, is_registration=choice.wants_seat)
    try:
        receipt = registrations.keep(page, form, choice)
    except registering.Full:
        return _again(Open(page, Stage.FULL), Refused(submitted, {"": say("webinar_full")}, 409))
    except registering.Closed:
        return _again(Open(page, Stage.OVER), Refused(submitted, {"": say("webinar_over")}, 409))
    return _registered(page, receipt, wants_seat=choice.wants_seat)


@bp.get("/registered")
@guard(Access.CAMPAIGN)
def registered(partner: str, campaign: str) -> Response:
    """What happens next, for whoever has just registered; others are led to the form."""
    found = _open(partner, campaign)
    if isinstance(found, Response):
        return found
    done = campaign_forms.tokens().read_registered(request.args.get("k", ""), found.page.campaign.id)
    if done is None:
        return campaign_forms.see_other(addresses.webinar(partner, campaign))
    page, site, say = found.page, found.page.site(), words(found.page.locale)
    if not done.wants_seat:
        return _told(
            page, site.plain(page.webinar.title), site.text(page.webinar.decline.thanks), confirm=done.asks
        )
    next_ = page.webinar.registered
    return _told(
        page,
        site.text(next_.headline),
        site.text(next_.text),
        told=site.text(next_.next),
        buttons=(look.Action("cancel", say("webinar_cancel")),),
        links=((_calendar_address(page, done.seat_id), say("webinar_calendar")),) if done.seat_id else (),
        hidden={"k": request.args.get("k", "")},
        confirm=done.asks,
    )


@bp.post("/registered")
@guard(Access.CAMPAIGN)
def give_back(partner: str, campaign: str) -> Response:
    """ "Cancel my seat", right after registering. For a seat that was there before the mail's link does it: anybody
    can type anybody's address."""
    found = _open(partner, campaign)
    if isinstance(found, Response):
        return found
    done = campaign_forms.tokens().read_registered(request.form.get("k", ""), found.page.campaign.id)
    if done is None:
        return campaign_forms.see_other(addresses.webinar(partner, campaign))
    page, say = found.page, words(found.page.locale)
    if not done.is_own:
        return _told(page, say("seat_title"), say("webinar_use_mail"))
    with frame.installation().web.transaction(page.firm.id) as session:
        registering.give_back_new(session, page, done.seat_id)
    return _told(page, say("seat_given_back_title"), say("seat_given_back"))


def _open(partner: str, slug: str) -> Open | Response:
    """The page, or the polite answer of a campaign that is over or a webinar that does not take place."""
    found = campaign_forms.open_campaign(partner, slug, _read)
    if isinstance(found, Open) and found.page.session.cancelled_at is not None:
        return _cancelled(found.page)
    return found


def _read(session: Session, campaign: Campaign, firm: Organisation, wanted: str | None) -> Open:
    page = webinars.open_page(session, frame.installation().storage, campaign, firm, wanted)
    taken = sessions.taken_count(session, page.session)
    return Open(page, _stage(page, taken, sessions.phase(page.session, clock.now(session))))


def _stage(page: WebinarPage, taken: int, phase: Phase) -> Stage:
    row = page.session
    if phase is Phase.OVER:
        return Stage.RECORDED if row.recording_url else Stage.OVER
    return Stage.FULL if row.seat_limit is not None and taken >= row.seat_limit else Stage.OPEN


def _cancelled(page: WebinarPage) -> Response:
    say = words(page.locale)
    text = say("webinar_cancelled_text", partner=page.partner.name)
    answer = _told(page, say("webinar_cancelled_headline"), text)
    answer.status_code = 410
    return answer


def _choice(found: Open, submitted: Mapping[str, str]) -> Choice:
    zone = submitted.get("zone", "")
    organiser = found.page.held.zone
    return Choice(
        zone=zone if zones.is_zone(zone, organiser) else organiser,
        wants_seat=submitted.get("do") != RECORDING and found.stage in (Stage.OPEN, Stage.FULL),
        wants_reminders="reminders" in submitted,
    )


def _rendered(found: Open, state: forms.FormState, *, reminders: bool = True) -> str:
    page = found.page
    zone = zones.likely(next(iter(request.accept_languages.values()), ""), page.held.zone)
    return look.render_page(
        page.site(),
        frame.page_frame(frame.kit_picture(page.kit)),
        page.webinar,
        look.Shown(
            page.held, found.stage, ZoneInfo(zone).key, page.session.recording_url, reminders=reminders
        ),
        partner=page.partner,
        vendor=page.vendor,
        campaign=forms.CampaignFacts(
            name=page.campaign.name,
            slug=page.campaign.slug,
            action=addresses.webinar(page.firm.slug, page.campaign.slug),
        ),
        form=state,
        consents=page.consents,
    )


def _again(found: Open, refused: Refused) -> Response:
    state = campaign_forms.again(found.page, refused)
    return frame.html(_rendered(found, state, reminders="reminders" in refused.submitted), refused.status)


def _registered(page: WebinarPage, receipt: Receipt | None, *, wants_seat: bool = True) -> Response:
    key = campaign_forms.tokens().registered(
        page.campaign.id,
        seat_id=receipt.seat.id if receipt else 0,
        is_own=receipt.is_own if receipt else False,
        wants_seat=wants_seat,
        asks=receipt.answer.asks_to_confirm if receipt else False,
    )
    return campaign_forms.see_other(f"{addresses.registered(page.firm.slug, page.campaign.slug)}?k={key}")


def _told(page: WebinarPage, headline: str, text: str, **more: object) -> Response:
    zone = zones.likely(next(iter(request.accept_languages.values()), ""), page.held.zone)
    when = look.when(page.held, page.partner, page.locale, zone)
    return frame.html(
        look.render_seat(
            frame.page_frame(),
            partner=page.partner,
            locale=page.locale,
            headline=headline,
            about=when if headline == page.webinar.title else f"{page.webinar.title}: {when}",
            text=text,
            action=addresses.registered(page.firm.slug, page.campaign.slug),
            **more,  # type: ignore[arg-type]
        )
    )


def _calendar_address(page: WebinarPage, seat_id: int) -> str:
    """Of the seat as it stands; it says nothing of the person."""
    token = frame.installation().signer.token(Purpose.CALENDAR, page.firm.id, 0, seat_id)
    return addresses.seat_calendar(token)

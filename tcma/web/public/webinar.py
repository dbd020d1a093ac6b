"""The page of a campaign's webinar: shown, registered on, and what is said afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, request

from campaigns.channels import microsite as forms
from campaigns.channels import webinar as look
from campaigns.channels.microsite_form import CONSENT_PREFIX
from campaigns.channels.microsite_words import words
from campaigns.channels.webinar import Stage
from campaigns.links import Purpose, Token
from campaigns.webinar import zones
from tcma import addresses, clock
from tcma.launches import brands, pages, visits, webinars
from tcma.launches.models import CampaignStatus
from tcma.launches.webinars import WebinarPage
from tcma.organisations import queries as organisations
from tcma.organisations.models import Organisation
from tcma.seats import registering
from tcma.seats.registering import Choice, Receipt
from tcma.viewer import OrganisationKind
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public import answers, arrivals, registrations
from tcma.web.public.forms import Expired, Forged, FormTokens
from tcma.webinars import sessions
from tcma.webinars.sessions import Phase

bp = Blueprint("webinar", __name__, url_prefix="/w/<slug:partner>/<slug:campaign>")

VISIT = addresses.VISIT
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
    token = _visit(request.args.get(VISIT, ""), found.page.firm)
    company = ""
    if token is not None:
        with frame.installation().web.reading(found.page.firm.id) as session:
            person = pages.visitor(session, found.page.campaign, token.delivery_id)
            company = person.company if person else ""
        _count_visit(found.page, token)
    else:
        arrivals.count_way(found.page.firm, found.page.campaign)
    state = forms.FormState(
        token=_tokens().issue(found.page.campaign.id),
        company=company,
        hidden={VISIT: request.args[VISIT]} if token else {},
    )
    return frame.html(_rendered(found, state))


@bp.post("")
@guard(Access.CAMPAIGN)
def register(partner: str, campaign: str) -> Response:
    """Keep a registration, or the wish for the recording; mistakes come back with everything that was typed and
    status 422. The checks are those of every public form."""
    found = _open(partner, campaign)
    if isinstance(found, Response):
        return found
    page = found.page
    say, tokens = words(page.locale), _tokens()
    submitted = {name: text for name, text in request.form.items() if isinstance(text, str)}
    form_token = submitted.get("form_token", "")
    try:
        opened = tokens.read(form_token, page.campaign.id)
    except (Expired, Forged):
        return _again(found, submitted, {"": say("error_form_expired")})
    if forms.is_a_machine(submitted):
        return _registered(page, None)  # a machine learns nothing
    if tokens.too_fast(opened, frame.installation().settings.form_min_time):
        return _again(found, submitted, {"": say("error_try_again")}, token=form_token)
    read = forms.read_answer(page.site(), submitted, page.consents)
    if not isinstance(read, forms.Answer):
        return _again(found, submitted, read, token=form_token)
    if not answers.form_limits().allows_form(request.remote_addr or ""):
        return _again(found, submitted, {"": say("too_many_text")}, status=429, token=form_token)
    choice = _choice(found, submitted)
    token = _visit(submitted.get(VISIT, ""), page.firm)
    key = f"{opened.request_key}:{SEAT if choice.wants_seat else RECORDING}"
    form = answers.form(
        page, read, key, token.delivery_id if token else None, is_registration=choice.wants_seat
    )
    try:
        receipt = registrations.keep(page, form, choice)
    except registering.Full:
        return _again(Open(page, Stage.FULL), submitted, {"": say("webinar_full")}, status=409)
    except registering.Closed:
        return _again(Open(page, Stage.OVER), submitted, {"": say("webinar_over")}, status=409)
    return _registered(page, receipt, wants_seat=choice.wants_seat)


@bp.get("/registered")
@guard(Access.CAMPAIGN)
def registered(partner: str, campaign: str) -> Response:
    """What happens next, for whoever has just registered; others are led to the form."""
    found = _open(partner, campaign)
    if isinstance(found, Response):
        return found
    done = _tokens().read_registered(request.args.get("k", ""), found.page.campaign.id)
    if done is None:
        return _see_other(addresses.webinar(partner, campaign))
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
    done = _tokens().read_registered(request.form.get("k", ""), found.page.campaign.id)
    if done is None:
        return _see_other(addresses.webinar(partner, campaign))
    page, say = found.page, words(found.page.locale)
    if not done.is_own:
        return _told(page, say("seat_title"), say("webinar_use_mail"))
    with frame.installation().web.transaction(page.firm.id) as session:
        registering.give_back_new(session, page, done.seat_id)
    return _told(page, say("seat_given_back_title"), say("seat_given_back"))


def _open(partner: str, slug: str) -> Open | Response:
    """The page, or the polite answer of a campaign that is over or a webinar that does not take place."""
    installed = frame.installation()
    with installed.web.reading() as session:
        firm = organisations.find_organisation(session, partner, OrganisationKind.PARTNER)
    with installed.web.reading(firm.id) as session:
        campaign = pages.find_campaign(session, firm, slug)
        wanted = request.args.get("lang") or request.accept_languages.best_match(campaign.locales)
        if campaign.is_open:
            page = webinars.open_page(session, installed.storage, campaign, firm, wanted)
            now = clock.now(session)
            if page.session.cancelled_at is None:
                return Open(
                    page,
                    _stage(
                        page, sessions.taken_count(session, page.session), sessions.phase(page.session, now)
                    ),
                )
            return _cancelled(page)
    why = forms.Ended.RECALLED if campaign.status is CampaignStatus.RECALLED else forms.Ended.ENDED
    locale = wanted if wanted in campaign.locales else campaign.locales[0]
    text = forms.render_ended(
        frame.page_frame(), partner=brands.frozen(campaign).partner, why=why, locale=locale
    )
    return frame.html(text, 410)


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


def _visit(text: str, firm: Organisation) -> Token | None:
    """Which mail led here; None without one, and for a token of another partner."""
    token = frame.installation().signer.verify(text, Purpose.VISIT) if text else None
    return token if token is not None and token.partner_id == firm.id else None


def _count_visit(page: WebinarPage, token: Token) -> None:
    with frame.installation().web.transaction(page.firm.id) as session:
        visits.record_visit(
            session,
            page.campaign,
            token.delivery_id,
            method=request.method,
            user_agent=request.user_agent.string,
            window=frame.installation().settings.machine_click_window,
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


def _again(
    found: Open, submitted: dict[str, str], errors: dict[str, str], *, status: int = 422, token: str = ""
) -> Response:
    """The form with its problems and what was typed; boxes of consents come back empty."""
    visit = submitted.get(VISIT, "")
    state = forms.FormState(
        token=token or _tokens().issue(found.page.campaign.id),
        values={name: text for name, text in submitted.items() if not name.startswith(CONSENT_PREFIX)},
        errors=errors,
        hidden={VISIT: visit} if _visit(visit, found.page.firm) else {},
    )
    return frame.html(_rendered(found, state, reminders="reminders" in submitted), status)


def _registered(page: WebinarPage, receipt: Receipt | None, *, wants_seat: bool = True) -> Response:
    key = _tokens().registered(
        page.campaign.id,
        seat_id=receipt.seat.id if receipt else 0,
        is_own=receipt.is_own if receipt else False,
        wants_seat=wants_seat,
        asks=receipt.answer.asks_to_confirm if receipt else False,
    )
    return _see_other(f"{addresses.registered(page.firm.slug, page.campaign.slug)}?k={key}")


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


def _see_other(address: str) -> Response:
    answer = redirect(address, code=303)
    assert isinstance(answer, Response)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _tokens() -> FormTokens:
    return FormTokens(frame.installation().settings.form_key)

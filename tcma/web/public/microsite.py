"""A campaign's page: shown, answered, thanked for."""

from flask import Blueprint, Response, redirect, request
from sqlalchemy.orm import Session

from campaigns.channels import microsite as look
from campaigns.channels.microsite_form import CONSENT_PREFIX
from campaigns.channels.microsite_words import words
from campaigns.links import Purpose, Token
from tcma import addresses
from tcma.launches import brands, pages, visits
from tcma.launches.models import CampaignStatus
from tcma.launches.pages import CampaignPage
from tcma.organisations import queries as organisations
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public import answers, arrivals
from tcma.web.public.forms import Expired, Forged, FormTokens

bp = Blueprint("microsite", __name__, url_prefix="/c/<slug:partner>/<slug:campaign>")

VISIT = addresses.VISIT


@bp.get("")
@guard(Access.CAMPAIGN)
def show(partner: str, campaign: str) -> Response:
    """The page. A visit that a mail, a post or an ad led to is counted; nothing else changes."""
    page = _page(partner, campaign)
    if isinstance(page, Response):
        return page
    token = _visit(request.args.get(VISIT, ""), page.firm)
    company = ""
    if token is not None:
        with frame.installation().web.reading(page.firm.id) as session:
            company = _company(session, page, token)
        _count_visit(page, token)
    else:
        arrivals.count_way(page.firm, page.campaign)
    state = look.FormState(
        token=_tokens().issue(page.campaign.id),
        company=company,
        hidden={VISIT: request.args[VISIT]} if token else {},
    )
    return frame.html(_rendered(page, state))


@bp.post("")
@guard(Access.CAMPAIGN)
def answer(partner: str, campaign: str) -> Response:
    """Keep an answer; mistakes come back with everything that was typed and status 422."""
    page = _page(partner, campaign)
    if isinstance(page, Response):
        return page
    say, tokens = words(page.locale), _tokens()
    submitted = {name: text for name, text in request.form.items() if isinstance(text, str)}
    form_token = submitted.get("form_token", "")
    try:
        opened = tokens.read(form_token, page.campaign.id)
    except (Expired, Forged):
        return _again(page, submitted, {"": say("error_form_expired")})
    if look.is_a_machine(submitted):
        return _thanks(page, confirm=False)  # a machine learns nothing
    if tokens.too_fast(opened, frame.installation().settings.form_min_time):
        # Perhaps a person whose browser filled in everything: the same form sent again will be old enough.
        return _again(page, submitted, {"": say("error_try_again")}, token=form_token)
    read = look.read_answer(page.site(), submitted, page.consents)
    if not isinstance(read, look.Answer):
        return _again(page, submitted, read, token=form_token)
    if not answers.form_limits().allows_form(request.remote_addr or ""):
        return _again(page, submitted, {"": say("too_many_text")}, status=429, token=form_token)
    token = _visit(submitted.get(VISIT, ""), page.firm)
    given = answers.form(page, read, opened.request_key, token.delivery_id if token else None)
    return _thanks(page, confirm=answers.keep(page, given).asks_to_confirm)


@bp.get("/thanks")
@guard(Access.CAMPAIGN)
def thanks(partner: str, campaign: str) -> Response:
    """What happens next, for whoever has just answered; others are led to the form."""
    page = _page(partner, campaign)
    if isinstance(page, Response):
        return page
    confirm = _tokens().read_thanks(request.args.get("k", ""), page.campaign.id)
    if confirm is None:
        return _see_other(addresses.microsite(partner, campaign))
    has_file = page.content.thanks.file is not None
    return frame.html(
        look.render_thanks(
            page.site(),
            _frame(page),
            partner=page.partner,
            vendor=page.vendor,
            file=addresses.promised_file(partner, campaign, page.locale) if has_file else "",
            confirm=confirm,
        )
    )


@bp.get("/file/<locale>")
@guard(Access.CAMPAIGN)
def promised_file(partner: str, campaign: str, locale: str) -> Response:
    """What the form promised; whoever has the address may read it."""
    page = _page(partner, campaign, locale)
    if isinstance(page, Response):
        return page
    path = page.content.thanks.file
    if path is None:
        return _see_other(addresses.microsite(partner, campaign))
    answer = Response(page.kit.files[path], content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=path.rpartition("/")[2])
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _page(partner: str, slug: str, locale: str = "") -> CampaignPage | Response:
    """The page, or the polite answer of a campaign that is over."""
    installed = frame.installation()
    with installed.web.reading() as session:
        firm = organisations.find_organisation(session, partner, OrganisationKind.PARTNER)
    with installed.web.reading(firm.id) as session:
        campaign = pages.find_campaign(session, firm, slug)
        wanted = locale or request.args.get("lang") or request.accept_languages.best_match(campaign.locales)
        if campaign.is_open:
            return pages.open_page(session, installed.storage, campaign, firm, wanted)
    why = look.Ended.RECALLED if campaign.status is CampaignStatus.RECALLED else look.Ended.ENDED
    text = look.render_ended(
        frame.page_frame(),
        partner=brands.frozen(campaign).partner,
        why=why,
        locale=wanted if wanted in campaign.locales else campaign.locales[0],
    )
    return frame.html(text, 410)


def _visit(text: str, firm: Organisation) -> Token | None:
    """Which mail led here; None without one, and for a token of another partner."""
    token = frame.installation().signer.verify(text, Purpose.VISIT) if text else None
    return token if token is not None and token.partner_id == firm.id else None


def _company(session: Session, page: CampaignPage, token: Token) -> str:
    """The only thing filled in for a person who comes from a mail: mails get forwarded."""
    person = pages.visitor(session, page.campaign, token.delivery_id)
    return person.company if person else ""


def _count_visit(page: CampaignPage, token: Token) -> None:
    with frame.installation().web.transaction(page.firm.id) as session:
        visits.record_visit(
            session,
            page.campaign,
            token.delivery_id,
            method=request.method,
            user_agent=request.user_agent.string,
            window=frame.installation().settings.machine_click_window,
        )


def _frame(page: CampaignPage) -> look.Frame:
    return frame.page_frame(frame.kit_picture(page.kit))


def _rendered(page: CampaignPage, state: look.FormState) -> str:
    return look.render_page(
        page.site(),
        _frame(page),
        partner=page.partner,
        vendor=page.vendor,
        campaign=look.CampaignFacts(
            name=page.campaign.name,
            slug=page.campaign.slug,
            action=addresses.microsite(page.firm.slug, page.campaign.slug),
        ),
        form=state,
        consents=page.consents,
    )


def _again(
    page: CampaignPage,
    submitted: dict[str, str],
    errors: dict[str, str],
    *,
    status: int = 422,
    token: str = "",
) -> Response:
    """The form with its problems and what was typed. Boxes come back empty: a yes is given with the answer
    that is kept. Without a `token` that still works the form gets a new one."""
    visit = submitted.get(VISIT, "")
    state = look.FormState(
        token=token or _tokens().issue(page.campaign.id),
        values={name: text for name, text in submitted.items() if not name.startswith(CONSENT_PREFIX)},
        errors=errors,
        hidden={VISIT: visit} if _visit(visit, page.firm) else {},
    )
    return frame.html(_rendered(page, state), status)


def _thanks(page: CampaignPage, *, confirm: bool) -> Response:
    key = _tokens().thanks(page.campaign.id, confirm)
    return _see_other(f"{addresses.thanks(page.firm.slug, page.campaign.slug)}?k={key}")


def _see_other(address: str) -> Response:
    answer = redirect(address, code=303)
    assert isinstance(answer, Response)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _tokens() -> FormTokens:
    return FormTokens(frame.installation().settings.form_key)

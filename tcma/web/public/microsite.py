"""A campaign's page: shown, answered, thanked for."""

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, redirect, request
from sqlalchemy.orm import Session

from campaigns import people_addresses
from campaigns.channels import microsite as look
from campaigns.channels.microsite_words import words
from campaigns.kit_microsite import FieldName
from campaigns.links import Purpose, Token
from tcma import addresses, clock
from tcma.launches import confirmations, pages, visits
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch
from tcma.launches.pages import CampaignPage
from tcma.leads import capture
from tcma.organisations import queries as organisations
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public.forms import Expired, Forged, FormTokens
from tcma.web.public.limits import FormLimits

bp = Blueprint("microsite", __name__, url_prefix="/c/<partner>/<campaign>")

VISIT = "visit"  # the parameter and hidden field that says which mail led here


@bp.get("")
@guard(Access.CAMPAIGN)
def show(partner: str, campaign: str) -> Response:
    """The page. A visit that a mail led to is counted; nothing else changes."""
    firm = _firm(partner)
    token = _visit(request.args.get(VISIT, ""), firm)
    with frame.installation().web.reading(firm.id) as session:
        page = _page(session, firm, campaign)
        if isinstance(page, Response):
            return page
        company = _company(session, page, token)
    if token is not None:
        _count_visit(firm, page, token)
    state = look.FormState(
        token=_tokens().issue(page.campaign.id),
        company=company,
        hidden={VISIT: request.args[VISIT]} if token else {},
    )
    return frame.html(_rendered(firm, page, state))


@bp.post("")
@guard(Access.CAMPAIGN)
def answer(partner: str, campaign: str) -> Response:
    """Keep an answer; mistakes come back with everything that was typed and status 422."""
    firm = _firm(partner)
    with frame.installation().web.reading(firm.id) as session:
        page = _page(session, firm, campaign)
        if isinstance(page, Response):
            return page
    submitted = {name: text for name, text in request.form.items() if isinstance(text, str)}
    tokens = _tokens()
    try:
        opened = tokens.read(submitted.get("form_token", ""), page.campaign.id)
    except (Expired, Forged):
        return _again(firm, page, submitted, {"": words(page.locale)("error_form_expired")})
    if look.is_a_machine(submitted) or tokens.too_fast(opened, frame.installation().settings.form_min_time):
        return _thanks(partner, campaign, page, confirm=False)  # a machine learns nothing
    read = look.read_answer(_site(page), submitted, page.consents)
    if not isinstance(read, look.Answer):
        return _again(firm, page, submitted, read)
    limits: FormLimits = current_app.extensions["form_limits"]
    if not limits.allows(request.remote_addr or ""):
        return _again(firm, page, submitted, {"": words(page.locale)("too_many_text")}, status=429)
    token = _visit(submitted.get(VISIT, ""), firm)
    form = _form(page, read, opened.request_key, token)
    receipt = _keep(firm, page, form)
    return _thanks(partner, campaign, page, confirm=receipt.asks_to_confirm)


@bp.get("/thanks")
@guard(Access.CAMPAIGN)
def thanks(partner: str, campaign: str) -> Response:
    firm = _firm(partner)
    with frame.installation().web.reading(firm.id) as session:
        page = _page(session, firm, campaign)
    if isinstance(page, Response):
        return page
    confirm = _tokens().read_thanks(request.args.get("k", ""), page.campaign.id)
    if confirm is None:
        return _see_other(addresses.microsite(partner, campaign))
    has_file = page.content.thanks.file is not None
    return frame.html(
        look.render_thanks(
            _site(page),
            _frame(firm, page),
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
    firm = _firm(partner)
    with frame.installation().web.reading(firm.id) as session:
        page = _page(session, firm, campaign, locale)
    if isinstance(page, Response):
        return page
    path = page.content.thanks.file
    if path is None:
        return _see_other(addresses.microsite(partner, campaign))
    name = path.rpartition("/")[2]
    answer = Response(page.kit.files[path], content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _firm(slug: str) -> Organisation:
    with frame.installation().web.reading() as session:
        return organisations.find_organisation(session, slug, OrganisationKind.PARTNER)


def _page(session: Session, firm: Organisation, slug: str, locale: str = "") -> CampaignPage | Response:
    """The page, or the polite answer of a campaign that is over."""
    campaign = pages.find_campaign(session, firm, slug)
    wanted = locale or request.args.get("lang") or request.accept_languages.best_match(campaign.locales)
    page = pages.open_page(session, frame.installation().storage, campaign, firm, wanted)
    if campaign.is_open:
        return page
    why = look.Ended.RECALLED if campaign.status is CampaignStatus.RECALLED else look.Ended.ENDED
    return frame.html(
        look.render_ended(frame.page_frame(), partner=page.partner, why=why, locale=page.locale), 410
    )


def _visit(text: str, firm: Organisation) -> Token | None:
    """Which mail led here; None without one, and for a token of another partner."""
    token = frame.installation().signer.verify(text, Purpose.VISIT) if text else None
    return token if token is not None and token.partner_id == firm.id else None


def _company(session: Session, page: CampaignPage, token: Token | None) -> str:
    """The only thing filled in for a person who comes from a mail: mails get forwarded."""
    person = pages.visitor(session, page.campaign, token.delivery_id) if token else None
    return person.company if person else ""


def _count_visit(firm: Organisation, page: CampaignPage, token: Token) -> None:
    with frame.installation().web.transaction(firm.id) as session:
        visits.record_visit(
            session,
            page.campaign,
            token.delivery_id,
            user_agent=request.user_agent.string,
            window=frame.installation().settings.machine_click_window,
        )


def _site(page: CampaignPage) -> look.Site:
    return look.fill(
        page.content,
        partner=page.partner,
        vendor=page.vendor,
        regions=page.values,
        campaign_name=page.campaign.name,
        fallbacks=page.kit.fallbacks(page.locale),
    )


def _frame(firm: Organisation, page: CampaignPage) -> look.Frame:
    return frame.page_frame(frame.kit_picture(page.kit))


def _rendered(firm: Organisation, page: CampaignPage, state: look.FormState) -> str:
    return look.render_page(
        _site(page),
        _frame(firm, page),
        partner=page.partner,
        vendor=page.vendor,
        campaign=look.CampaignFacts(
            name=page.campaign.name,
            slug=page.campaign.slug,
            action=addresses.microsite(firm.slug, page.campaign.slug),
        ),
        form=state,
        consents=page.consents,
    )


def _again(
    firm: Organisation,
    page: CampaignPage,
    submitted: dict[str, str],
    errors: dict[str, str],
    status: int = 422,
) -> Response:
    """The form with its problems; a fresh token, so that sending it again works."""
    visit = submitted.get(VISIT, "")
    state = look.FormState(
        token=_tokens().issue(page.campaign.id),
        values=submitted,
        errors=errors,
        hidden={VISIT: visit} if _visit(visit, firm) else {},
    )
    return frame.html(_rendered(firm, page, state), status)


def _form(page: CampaignPage, read: look.Answer, key: str, token: Token | None) -> capture.Form:
    typed = read.values[FieldName.EMAIL]
    address = people_addresses.normalise(typed)
    if address is None:
        raise ValueError("read_answer let an address pass that is none")
    site = _site(page)
    texts = {text.key: text for text in page.consents}
    ticked = tuple(
        capture.Ticked(
            key=key,
            version=str(version),
            purpose=texts[key].purpose.value,
            party=texts[key].party,
            text=site.wording(texts[key]),
        )
        for key, version in read.consents.items()
    )
    return capture.Form(
        request_key=key,
        page=request.path,
        locale=page.locale,
        address=address,
        address_typed=typed,
        name=read.values.get(FieldName.NAME, ""),
        company=read.values.get(FieldName.COMPANY, ""),
        employees=read.values.get(FieldName.EMPLOYEES, ""),
        phone=read.values.get(FieldName.PHONE, ""),
        message=read.values.get(FieldName.MESSAGE, ""),
        ticked=ticked,
        delivery_id=token.delivery_id if token else None,
    )


def _keep(firm: Organisation, page: CampaignPage, form: capture.Form) -> capture.Receipt:
    """One transaction: the lead, and the confirmation mail that waits for a worker."""
    installed = frame.installation()
    with installed.web.reading(firm.id) as session:
        today = clock.now(session).astimezone(ZoneInfo(page.campaign.timezone)).date()
    prepared = confirmations.prepare(
        installed.storage,
        page,
        _site(page),
        base_url=installed.settings.base_url,
        partner_slug=firm.slug,
        today=today,
        ticked=[ticked.text for ticked in form.ticked],
    )
    with installed.web.transaction(firm.id) as session:
        receipt = capture.capture(
            session,
            session.get_one(Campaign, page.campaign.id),
            session.get_one(CampaignTouch, page.touch.id),
            form,
            capture.KitFacts(page.kit.sale, page.kit.engagement, page.kit.lead_visibility),
            hash_key=installed.settings.hash_key,
        )
        if not receipt.is_repeat:
            confirmations.queue(
                session,
                prepared,
                page,
                contact_id=receipt.contact.id,
                answer_id=receipt.answer.id,
                asks_to_confirm=receipt.asks_to_confirm,
            )
    return receipt


def _thanks(partner: str, campaign: str, page: CampaignPage, *, confirm: bool) -> Response:
    key = _tokens().thanks(page.campaign.id, confirm)
    return _see_other(f"{addresses.thanks(partner, campaign)}?k={key}")


def _see_other(address: str) -> Response:
    answer = redirect(address, code=303)
    assert isinstance(answer, Response)
    return answer


def _tokens() -> FormTokens:
    return FormTokens(frame.installation().settings.form_key)

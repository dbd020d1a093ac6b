"""A campaign's page: shown, answered, thanked for."""

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from campaigns.channels import microsite as look
from tcma import addresses
from tcma.launches import pages
from tcma.launches.models import Campaign
from tcma.launches.pages import CampaignPage
from tcma.organisations.models import Organisation
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public import answers, campaign_forms
from tcma.web.public.campaign_forms import Machine, Refused

bp = Blueprint("microsite", __name__, url_prefix="/c/<slug:partner>/<slug:campaign>")


@bp.get("")
@guard(Access.CAMPAIGN)
def show(partner: str, campaign: str) -> Response:
    """The page. A visit that a mail, a post or an ad led to is counted; nothing else changes."""
    page = _page(partner, campaign)
    if isinstance(page, Response):
        return page
    return frame.html(_rendered(page, campaign_forms.arrive(page)))


@bp.post("")
@guard(Access.CAMPAIGN)
def answer(partner: str, campaign: str) -> Response:
    """Keep an answer; mistakes come back with everything that was typed and status 422."""
    page = _page(partner, campaign)
    if isinstance(page, Response):
        return page
    found = campaign_forms.check(page)
    if isinstance(found, Machine):
        return _thanks(page, confirm=False)
    if isinstance(found, Refused):
        return frame.html(_rendered(page, campaign_forms.again(page, found)), found.status)
    given = answers.form(page, found.read, found.request_key, found.delivery_id)
    return _thanks(page, confirm=answers.keep(page, given).asks_to_confirm)


@bp.get("/thanks")
@guard(Access.CAMPAIGN)
def thanks(partner: str, campaign: str) -> Response:
    """What happens next, for whoever has just answered; others are led to the form."""
    page = _page(partner, campaign)
    if isinstance(page, Response):
        return page
    confirm = campaign_forms.tokens().read_thanks(request.args.get("k", ""), page.campaign.id)
    if confirm is None:
        return campaign_forms.see_other(addresses.microsite(partner, campaign))
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
        return campaign_forms.see_other(addresses.microsite(partner, campaign))
    answer = Response(page.kit.files[path], content_type="application/pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=path.rpartition("/")[2])
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _page(partner: str, slug: str, locale: str = "") -> CampaignPage | Response:
    return campaign_forms.open_campaign(partner, slug, _read, locale)


def _read(session: Session, campaign: Campaign, firm: Organisation, wanted: str | None) -> CampaignPage:
    return pages.open_page(session, frame.installation().storage, campaign, firm, wanted)


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


def _thanks(page: CampaignPage, *, confirm: bool) -> Response:
    key = campaign_forms.tokens().thanks(page.campaign.id, confirm)
    return campaign_forms.see_other(f"{addresses.thanks(page.firm.slug, page.campaign.slug)}?k={key}")

"""What a campaign's page and its webinar's share: the way in, the gate that every answer passes, and the form again
with its problems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import Response, redirect, request
from sqlalchemy.orm import Session

from campaigns.channels import microsite as look
from campaigns.channels.microsite_form import CONSENT_PREFIX
from campaigns.channels.microsite_words import words
from campaigns.links import Purpose, Token
from tcma import addresses
from tcma.launches import brands, pages, visits
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.pages import PublicPage
from tcma.organisations import queries as organisations
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind
from tcma.web import frame
from tcma.web.public import answers, arrivals
from tcma.web.public.forms import Expired, Forged, FormTokens

VISIT = addresses.VISIT
_Page = TypeVar("_Page")


@dataclass(frozen=True, slots=True)
class Passed:
    """An answer that may be kept. `request_key` is that of the opened form, `delivery_id` the mail that led here."""

    submitted: Mapping[str, str]
    read: look.Answer
    request_key: str
    delivery_id: int | None


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer that comes back: a sentence by field, "" for the whole form. Without a `token` that still works the
    form gets a new one."""

    submitted: Mapping[str, str]
    errors: Mapping[str, str]
    status: int = 422
    token: str = ""


class Machine:
    """An answer that no person gave; whoever sent it learns nothing."""


def open_campaign(
    partner: str,
    slug: str,
    read: Callable[[Session, Campaign, Organisation, str | None], _Page],
    locale: str = "",
) -> _Page | Response:
    """What `read` makes of an open campaign in the language asked for, or the polite answer of one that is over."""
    installed = frame.installation()
    with installed.web.reading() as session:
        firm = organisations.find_organisation(session, partner, OrganisationKind.PARTNER)
    with installed.web.reading(firm.id) as session:
        campaign = pages.find_campaign(session, firm, slug)
        wanted = locale or request.args.get("lang") or request.accept_languages.best_match(campaign.locales)
        if campaign.is_open:
            return read(session, campaign, firm, wanted)
    why = look.Ended.RECALLED if campaign.status is CampaignStatus.RECALLED else look.Ended.ENDED
    text = look.render_ended(
        frame.page_frame(),
        partner=brands.frozen(campaign).partner,
        why=why,
        locale=wanted if wanted in campaign.locales else campaign.locales[0],
    )
    return frame.html(text, 410)


def arrive(page: PublicPage) -> look.FormState:
    """The empty form; the visit is counted. The company is the only thing filled in for a person who comes from a
    mail: mails get forwarded."""
    token = _visit(request.args.get(VISIT, ""), page.firm)
    company = ""
    if token is not None:
        with frame.installation().web.reading(page.firm.id) as session:
            person = pages.visitor(session, page.campaign, token.delivery_id)
            company = person.company if person else ""
        _count_visit(page, token)
    else:
        arrivals.count_way(page.firm, page.campaign)
    return look.FormState(
        token=tokens().issue(page.campaign.id),
        company=company,
        hidden={VISIT: request.args[VISIT]} if token else {},
    )


def check(page: PublicPage) -> Passed | Refused | Machine:
    """The gate: our token, a person, not too fast, every field, not too often."""
    say = words(page.locale)
    submitted = {name: text for name, text in request.form.items() if isinstance(text, str)}
    form_token = submitted.get("form_token", "")
    try:
        opened = tokens().read(form_token, page.campaign.id)
    except (Expired, Forged):
        return Refused(submitted, {"": say("error_form_expired")})
    if look.is_a_machine(submitted):
        return Machine()
    if tokens().too_fast(opened, frame.installation().settings.form_min_time):
        # Perhaps a person whose browser filled in everything: the same form sent again will be old enough.
        return Refused(submitted, {"": say("error_try_again")}, token=form_token)
    read = look.read_answer(page.site(), submitted, page.consents)
    if not isinstance(read, look.Answer):
        return Refused(submitted, read, token=form_token)
    if not answers.form_limits().allows_form(request.remote_addr or ""):
        return Refused(submitted, {"": say("too_many_text")}, 429, form_token)
    token = _visit(submitted.get(VISIT, ""), page.firm)
    return Passed(submitted, read, opened.request_key, token.delivery_id if token else None)


def again(page: PublicPage, refused: Refused) -> look.FormState:
    """The form with its problems and what was typed. Boxes come back empty: a yes is given with the answer that is
    kept."""
    visit = refused.submitted.get(VISIT, "")
    return look.FormState(
        token=refused.token or tokens().issue(page.campaign.id),
        values={
            name: text for name, text in refused.submitted.items() if not name.startswith(CONSENT_PREFIX)
        },
        errors=refused.errors,
        hidden={VISIT: visit} if _visit(visit, page.firm) else {},
    )


def tokens() -> FormTokens:
    return FormTokens(frame.installation().settings.form_key)


def see_other(address: str) -> Response:
    """To a page that nobody keeps."""
    answer = redirect(address, code=303)
    assert isinstance(answer, Response)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _visit(text: str, firm: Organisation) -> Token | None:
    """Which mail led here; None without one, and for a token of another partner."""
    token = frame.installation().signer.verify(text, Purpose.VISIT) if text else None
    return token if token is not None and token.partner_id == firm.id else None


def _count_visit(page: PublicPage, token: Token) -> None:
    with frame.installation().web.transaction(page.firm.id) as session:
        visits.record_visit(
            session,
            page.campaign,
            token.delivery_id,
            method=request.method,
            user_agent=request.user_agent.string,
            window=frame.installation().settings.machine_click_window,
        )

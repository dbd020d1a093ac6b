"""An answer on its way from the form to the lead and to the mail that confirms it."""

from zoneinfo import ZoneInfo

import structlog
from flask import current_app, request

from campaigns.channels import microsite as look
from campaigns.errors import ContentError
from campaigns.kit.microsite import FieldName
from campaigns.kit.model import Purpose
from campaigns.people import addresses
from tcma import clock
from tcma.launches import confirmations
from tcma.launches.confirmations import Prepared
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.pages import CampaignPage
from tcma.launches.webinars import WebinarPage
from tcma.leads import capture
from tcma.web import frame
from tcma.web.public.limits import FormLimits

log = structlog.get_logger()


def form_limits() -> FormLimits:
    limits = current_app.extensions["form_limits"]
    assert isinstance(limits, FormLimits)
    return limits


def form(
    page: CampaignPage | WebinarPage,
    read: look.Answer,
    request_key: str,
    delivery_id: int | None,
    *,
    is_registration: bool = False,
) -> capture.Form:
    """What was read from the form, with the wordings of the boxes that were ticked."""
    typed = read.values[FieldName.EMAIL]
    address = addresses.normalise(typed)
    if address is None:
        raise ValueError("read_answer let an address pass that is none")
    site = page.site()
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
        request_key=request_key,
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
        delivery_id=delivery_id,
        is_registration=is_registration,
    )


def keep(page: CampaignPage, given: capture.Form) -> capture.Receipt:
    """One transaction: the lead, and the confirmation mail that waits for a worker."""
    installed = frame.installation()
    prepared = _prepared(page, given)
    kit = capture.KitFacts(page.kit.sale, page.kit.engagement, page.kit.lead_visibility)
    with installed.web.transaction(page.firm.id) as session:
        receipt = capture.capture(
            session,
            session.get_one(Campaign, page.campaign.id),
            session.get_one(CampaignTouch, page.touch.id),
            given,
            kit,
            hash_key=installed.settings.hash_key,
            may_ask=prepared is not None,
        )
        if prepared is None or receipt.is_repeat or receipt.person.contact_id is None:
            return receipt
        confirmations.queue(
            session,
            prepared,
            page,
            contact_id=receipt.person.contact_id,
            answer_id=receipt.answer.id,
            asks_to_confirm=receipt.asks_to_confirm,
        )
    form_limits().count_mail(given.address)
    return receipt


def _prepared(page: CampaignPage, given: capture.Form) -> Prepared | None:
    """The mails for this answer; None where none may go or none can be made: the answer is kept anyway."""
    installed = frame.installation()
    if not form_limits().allows_mail(given.address):
        return None
    with installed.web.reading(page.firm.id) as session:
        today = clock.now(session).astimezone(ZoneInfo(page.campaign.timezone)).date()
    try:
        return confirmations.prepare(
            installed.storage,
            page,
            base_url=installed.settings.base_url,
            today=today,
            ticked=[ticked.text for ticked in given.ticked],
            only_news=all(ticked.purpose == Purpose.NEWS for ticked in given.ticked),
        )
    except ContentError as error:
        log.error("confirmation cannot be made", campaign_id=page.campaign.id, problems=str(error))
        return None

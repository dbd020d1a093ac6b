"""A registration on its way from the form to the seat, the lead and the mail that confirms it."""

from functools import partial

import structlog

from campaigns.errors import ContentError
from campaigns.kit.model import Purpose as About
from tcma.launches.webinars import WebinarPage
from tcma.leads import capture
from tcma.seats import mails, registering
from tcma.seats.mails import Kind
from tcma.seats.registering import Choice, Mails, Receipt
from tcma.web import frame
from tcma.web.public import answers

log = structlog.get_logger()


def keep(page: WebinarPage, form: capture.Form, choice: Choice) -> Receipt:
    """One transaction: seat, lead, and the mail that waits for a worker."""
    installed = frame.installation()
    may_mail = answers.form_limits().allows_mail(form.address)
    prepared = _mails(page, form, choice) if may_mail else Mails(None, None)
    with installed.web.transaction(page.firm.id) as session:
        receipt = registering.register(
            session,
            page,
            form,
            choice,
            prepared,
            hash_key=installed.settings.hash_key,
            may_mail=may_mail,
        )
    if may_mail and not receipt.answer.is_repeat:
        answers.form_limits().count_mail(form.address)
    return receipt


def _mails(page: WebinarPage, form: capture.Form, choice: Choice) -> Mails:
    """Frozen before the transaction; none where one cannot be made: the seat is kept anyway."""
    installed = frame.installation()
    freeze = partial(
        mails.freeze, installed.storage, page, zone=choice.zone, base_url=installed.settings.base_url
    )
    kind = Kind.CONFIRMED if choice.wants_seat else Kind.DECLINED
    ticked = tuple(one.text for one in form.ticked)
    only_news = all(one.purpose == About.NEWS for one in form.ticked)
    try:
        plain = freeze(kind)
        asking = freeze(kind, ticked=ticked, only_news=only_news) if ticked else None
        is_there = not choice.wants_seat and bool(page.session.recording_url)
        recording = freeze(Kind.RECORDING) if is_there else None
    except ContentError as error:
        log.error("confirmation cannot be made", campaign_id=page.campaign.id, problems=str(error))
        return Mails(None, None)
    return Mails(plain, asking, recording)

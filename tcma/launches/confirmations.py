"""The service mail after an answer: frozen before the transaction, queued within it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.channels import email_service
from campaigns.channels.email import Facts
from campaigns.channels.email_artefact import Artefact as Mail
from tcma import addresses, clock, storage
from tcma.db import insert_into
from tcma.launches import artefacts, service_mail
from tcma.launches.deliveries import Artefact, MessageClass
from tcma.launches.pages import CampaignPage
from tcma.launches.webinars import WebinarPage


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail whose content is in storage."""

    mail: Mail
    content_sha256: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The two mails an answer may need: with and without the request to confirm what was ticked."""

    plain: Kept
    asking: Kept | None


def prepare(
    files: storage.Storage,
    page: CampaignPage,
    *,
    base_url: str,
    today: date,
    ticked: Sequence[str],
    only_news: bool,
) -> Prepared:
    """Freeze what this answer needs; equal answers of one day share one mail. Talks to no network.

    `ticked` are the wordings whose boxes were ticked, `only_news` as in `email_service.Answered`. Raises
    ContentError where the kit's text or a brand makes no mail.
    """

    def kept(wordings: Sequence[str]) -> Kept:
        mail = _mail(page, base_url, today, tuple(wordings), only_news)
        content = mail.to_json().encode()
        return Kept(mail, storage.keep(files, artefacts.FILES, page.campaign.partner_id, content))

    return Prepared(kept(()), kept(ticked) if ticked else None)


def queue(
    session: Session,
    prepared: Prepared,
    page: CampaignPage,
    *,
    contact_id: int,
    answer_id: int,
    asks_to_confirm: bool,
) -> None:
    """One message to the person who answered; the answer is its occasion, so it is queued once."""
    kept = prepared.asking if asks_to_confirm and prepared.asking else prepared.plain
    service_mail.queue(
        session,
        partner_id=page.campaign.partner_id,
        campaign_id=page.campaign.id,
        touch_id=page.touch.id,
        contact_id=contact_id,
        artefact_id=number(session, page, kept),
        occasion=answer_id,
    )


def _mail(page: CampaignPage, base_url: str, today: date, ticked: tuple[str, ...], only_news: bool) -> Mail:
    content, slug = page.content, page.firm.slug
    path = addresses.promised_file(slug, page.campaign.slug, page.locale)
    answered = email_service.Answered(
        subject=content.confirmation.subject,
        text=content.confirmation.text,
        on=today,
        file_url=base_url + path if content.thanks.file else "",
        file_name=page.site().plain(content.thanks.file_label),
        ticked=ticked,
        only_news=only_news,
        fallbacks=page.kit.fallbacks(page.locale),
    )
    return email_service.confirmation(
        answered,
        locale=page.locale,
        vendor=page.vendor,
        partner=page.partner,
        facts=Facts(page.campaign.slug, page.campaign.name, slug, base_url),
    )


def number(session: Session, page: CampaignPage | WebinarPage, kept: Kept) -> int:
    """The number of a mail that is kept; what reads the same is one."""
    unique = {
        "touch_id": page.touch.id,
        "locale": page.locale,
        "message_class": MessageClass.SERVICE,
        "key": kept.mail.key,
    }
    session.execute(
        insert_into(session, Artefact)
        .values(
            **unique,
            partner_id=page.campaign.partner_id,
            campaign_id=page.campaign.id,
            content_sha256=kept.content_sha256,
            created_at=clock.now(session),
        )
        .on_conflict_do_nothing(index_elements=list(unique))
    )
    found = select(Artefact.id).where(*(getattr(Artefact, name) == value for name, value in unique.items()))
    return session.scalars(found).one()

"""The service mail after an answer: frozen before the transaction, queued within it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.channels import email_service, microsite
from campaigns.channels.email import Facts
from campaigns.channels.email_artefact import Artefact as Mail
from tcma import addresses, clock, storage
from tcma.db import insert_into
from tcma.launches import artefacts, service_mail
from tcma.launches.deliveries import Artefact, MessageClass
from tcma.launches.pages import CampaignPage


@dataclass(frozen=True, slots=True)
class Prepared:
    """The two mails an answer may need: with and without the request to confirm what was ticked."""

    plain: Mail
    asking: Mail | None
    plain_sha256: str
    asking_sha256: str


def prepare(
    files: storage.Storage,
    page: CampaignPage,
    site: microsite.Site,
    *,
    base_url: str,
    partner_slug: str,
    today: date,
    ticked: Sequence[str],
) -> Prepared:
    """Freeze what this answer needs; equal answers of one day share one mail. Talks to no network."""
    plain = _mail(page, site, base_url, partner_slug, today, ())
    asking = _mail(page, site, base_url, partner_slug, today, tuple(ticked)) if ticked else None
    return Prepared(plain, asking, _keep(files, page, plain), _keep(files, page, asking or plain))


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
    asks = asks_to_confirm and prepared.asking is not None
    mail = prepared.asking if asks and prepared.asking else prepared.plain
    artefact_id = _number(session, page, mail, prepared.asking_sha256 if asks else prepared.plain_sha256)
    service_mail.queue(
        session,
        partner_id=page.campaign.partner_id,
        campaign_id=page.campaign.id,
        touch_id=page.touch.id,
        contact_id=contact_id,
        artefact_id=artefact_id,
        occasion=answer_id,
    )


def _mail(
    page: CampaignPage,
    site: microsite.Site,
    base_url: str,
    partner_slug: str,
    today: date,
    ticked: tuple[str, ...],
) -> Mail:
    content = page.content
    path = addresses.promised_file(partner_slug, page.campaign.slug, page.locale)
    answered = email_service.Answered(
        subject=site.plain(content.confirmation.subject),
        text=content.confirmation.text,
        on=today,
        file_url=base_url + path if content.thanks.file else "",
        file_name=site.plain(content.thanks.file_label),
        ticked=ticked,
    )
    return email_service.confirmation(
        answered,
        locale=page.locale,
        vendor=page.vendor,
        partner=page.partner,
        facts=Facts(
            slug=page.campaign.slug,
            name=page.campaign.name,
            partner_slug=partner_slug,
            base_url=base_url,
        ),
    )


def _keep(files: storage.Storage, page: CampaignPage, mail: Mail) -> str:
    return storage.keep(files, artefacts.FILES, page.campaign.partner_id, mail.to_json().encode())


def _number(session: Session, page: CampaignPage, mail: Mail, content_sha256: str) -> int:
    unique = {
        "touch_id": page.touch.id,
        "locale": page.locale,
        "message_class": MessageClass.SERVICE,
        "key": mail.key,
    }
    session.execute(
        insert_into(session, Artefact)
        .values(
            **unique,
            partner_id=page.campaign.partner_id,
            campaign_id=page.campaign.id,
            content_sha256=content_sha256,
            created_at=clock.now(session),
        )
        .on_conflict_do_nothing(index_elements=list(unique))
    )
    found = select(Artefact.id).where(*(getattr(Artefact, name) == value for name, value in unique.items()))
    return session.scalars(found).one()

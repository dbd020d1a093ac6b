"""A campaign's webinar: set while it is a draft, named in its mails, shown as a page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import webinar as times
from campaigns.channels import webinar as look
from campaigns.channels.microsite import Site
from campaigns.kit import Kit, TouchKind
from campaigns.kit.webinar import Webinar
from tcma import addresses, clock
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, NotFound, phrase
from tcma.kits.content import load_kit
from tcma.launches import artefacts, brands, drafts, endings, pages, queries, schedule
from tcma.launches.brands import Brands
from tcma.launches.models import Campaign, CampaignTouch, TouchStatus
from tcma.launches.obstacles import SkipReason
from tcma.launches.pages import PublicPage
from tcma.organisations.models import Organisation
from tcma.storage import Storage
from tcma.viewer import Viewer
from tcma.webinars import sessions
from tcma.webinars.models import WebinarSession
from tcma.webinars.sessions import Wish

_NO_WEBINAR = phrase("This campaign has no webinar.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebinarPage(PublicPage):
    """All that is needed to show a campaign's webinar and to take a registration on it. `held` is a likely day
    where none was set yet."""

    webinar: Webinar
    session: WebinarSession
    held: times.Session

    @property
    def locale(self) -> str:
        return self.webinar.locale

    @property
    def organisers(self) -> tuple[str, ...]:
        return look.organisers(self.webinar, self.partner, self.vendor)

    def site(self) -> Site:
        slugs = self.firm.slug, self.campaign.slug
        own = addresses.webinar(*slugs)
        return look.fill(
            self.webinar,
            self.held,
            partner=self.partner,
            vendor=self.vendor,
            regions=self.values,
            links={
                "link.webinar": own,
                "link.recording": own,
                "link.microsite": addresses.microsite(*slugs),
            },
            campaign_name=self.campaign.name,
            fallbacks=self.kit.fallbacks(self.locale),
        )


def set_webinar(
    database: Database, viewer: Viewer, files: Storage, public_id: UUID, wish: Wish
) -> WebinarSession:
    """Day, time, room, seats and host of a draft's webinar. Invalid names each wrong field; Conflict once it was
    launched: then it is moved."""
    with database.reading(viewer.organisation_id) as session:
        campaign = queries.find_campaign(session, viewer, public_id)
        webinar = _webinar(load_kit(session, files, campaign.kit_version_id), campaign.locales[0])
    with database.transaction(viewer.organisation_id) as session:
        campaign = drafts.editable(session, viewer, public_id)
        row = find_session(session, campaign, lock=True)
        sessions.plan(row, wish, webinar, clock.now(session))
        trail.record(session, viewer, "campaign.webinar_set", campaign)
    return row


def find_session(session: Session, campaign: Campaign, *, lock: bool = False) -> WebinarSession:
    """NotFound for a campaign without a webinar."""
    row = sessions.of_campaign(session, campaign.id, lock=lock)
    if row is None:
        raise NotFound(_NO_WEBINAR)
    return row


def shown(session: Session, campaign: Campaign, kit: Kit) -> times.Session | None:
    """When its webinar takes place, or might where no day was set yet; None without one. One statement."""
    webinar = kit.webinar(campaign.locales[0])
    if webinar is None:
        return None
    row = sessions.of_campaign(session, campaign.id) if campaign.id is not None else None
    held = sessions.planned(row, webinar.title) if row is not None else None
    return held or sessions.sample(webinar, campaign.timezone, clock.now(session))


def leave_out_too_late(session: Session, touches: list[CampaignTouch], before: datetime) -> None:
    """Leave out the mails that are counted from the webinar and would be due `before` that moment: the
    campaign's start, or now after the webinar was moved. A week before a webinar nobody sends what was meant for
    three weeks before."""
    for touch in touches:
        is_late = touch.due_at is not None and touch.due_at < before
        if touch.counted_from and is_late and touch.status is TouchStatus.PENDING:
            schedule.pass_on_soft_start(touches, touch)
            endings.skip_queued(session, touch, SkipReason.TOO_LATE)
            touch.skip()


def open_page(
    session: Session,
    storage: Storage,
    campaign: Campaign,
    partner: Organisation,
    wanted: str | None,
    made: Brands | None = None,
) -> WebinarPage:
    """The webinar in the language `wanted` where the campaign runs in it, else in its first one. `made`: the
    brands of a draft; a launched campaign has its own, frozen."""
    kit = load_kit(session, storage, campaign.kit_version_id)
    webinar = _webinar(kit, pages.locale_of(campaign, wanted))
    touch = pages.touch_of(session, campaign, TouchKind.WEBINAR)
    if touch is None:
        raise NotFound(_NO_WEBINAR)
    row = find_session(session, campaign)
    now = clock.now(session)
    held = sessions.planned(row, webinar.title) or sessions.sample(webinar, campaign.timezone, now)
    frozen = made or brands.frozen(campaign)
    return WebinarPage(
        campaign=campaign,
        touch=touch,
        kit=kit,
        webinar=webinar,
        session=row,
        held=held,
        values=artefacts.values_of(kit, campaign, webinar.locale, frozen.partner.country),
        firm=partner,
        partner=frozen.partner,
        vendor=frozen.vendor,
    )


def require_launched(campaign: Campaign) -> None:
    if campaign.partner_brand is None:
        raise Conflict("This campaign was not launched yet: change its webinar in the set-up.")


def _webinar(kit: Kit, locale: str) -> Webinar:
    webinar = kit.webinar(locale)
    if webinar is None:
        raise NotFound(_NO_WEBINAR)
    return webinar

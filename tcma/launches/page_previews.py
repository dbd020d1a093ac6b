"""A campaign's page, or its webinar's, before anybody can open it."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from tcma.config import Settings
from tcma.db import Database
from tcma.launches import artefacts, brands, pages, queries, webinars
from tcma.launches.brands import Brands
from tcma.launches.models import Campaign
from tcma.launches.pages import CampaignPage, PublicPage
from tcma.launches.webinars import WebinarPage
from tcma.organisations.models import Organisation
from tcma.storage import Storage
from tcma.viewer import Viewer

_Page = TypeVar("_Page", bound=PublicPage)


def show_page(
    database: Database,
    viewer: Viewer,
    files: Storage,
    settings: Settings,
    public_id: UUID,
    locale: str = "",
) -> CampaignPage:
    """The campaign's page as it would open today, its pictures published; NotFound for a kit without one."""
    return _opened(pages.open_page, database, viewer, files, settings, public_id, locale)


def show_webinar(
    database: Database,
    viewer: Viewer,
    files: Storage,
    settings: Settings,
    public_id: UUID,
    locale: str = "",
) -> WebinarPage:
    """The same of the page of its webinar."""
    return _opened(webinars.open_page, database, viewer, files, settings, public_id, locale)


def _opened(
    open_page: Callable[[Session, Storage, Campaign, Organisation, str, Brands], _Page],
    database: Database,
    viewer: Viewer,
    files: Storage,
    settings: Settings,
    public_id: UUID,
    locale: str,
) -> _Page:
    with database.reading(viewer.organisation_id) as session:
        campaign = queries.find_campaign(session, viewer, public_id)
        made = brands.shown(session, campaign, settings.mail_from)
        partner = session.get_one(Organisation, campaign.partner_id)
        page = open_page(session, files, campaign, partner, locale, made)
    artefacts.publish_pictures(files, page.kit, campaign, made)
    return page

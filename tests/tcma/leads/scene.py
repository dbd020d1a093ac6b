"""A running campaign, and people who answer on its page."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import count
from typing import Any

from sqlalchemy import select

from campaigns.kit import Engagement, LeadVisibility, Party, Sale
from tcma import clock
from tcma.addresses import person_key
from tcma.bench.send_world import World
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads import aging, capture, confirming, queries
from tcma.leads.capture import Form, KitFacts, Receipt, Ticked
from tcma.leads.models import Lead
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer
from tests.factories import a_user
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign

SHARING = Ticked("sharing", "1", "sharing", Party.VENDOR, "Northwind may have my answers.")
NEWS = Ticked("news", "2", "news", Party.PARTNER, "Harbour IT may send me news.")
_keys = count(1)


@dataclass
class Scene:
    installation: Installation
    world: World

    @cached_property
    def partner(self) -> Viewer:
        return self.viewer(self.world.partner_id, OrganisationKind.PARTNER)

    @cached_property
    def vendor(self) -> Viewer:
        return self.viewer(self.world.vendor_id, OrganisationKind.VENDOR)

    def viewer(self, organisation_id: int, kind: OrganisationKind, *roles: Role) -> Viewer:
        with self.installation.owner.transaction() as session:
            user_id = a_user(session).id
        return Viewer(organisation_id, kind, "Somebody", user_id, frozenset(roles or (Role.OWNER,)))

    def answer(
        self,
        address: str = "anna@lindt.example",
        *,
        visibility: LeadVisibility = LeadVisibility.NAMED_WHERE_AGREED,
        engagement: Engagement = Engagement.FUNDED,
        **form: Any,
    ) -> Receipt:
        given: dict[str, Any] = {
            "request_key": f"form-{next(_keys)}",
            "page": "/c/harbour-it/ransomware",
            "locale": "en",
            "address": address,
            "address_typed": address,
            "name": "Anna Frei",
            "company": "Lindt AG",
            **form,
        }
        with self.installation.web.transaction(self.world.partner_id) as session:
            return capture.capture(
                session,
                session.get_one(Campaign, self.world.campaign_id),
                session.get_one(CampaignTouch, self.world.touch_ids[0]),
                Form(**given),
                KitFacts(Sale.TRANSACTIONAL, engagement, visibility),
                hash_key=self.installation.settings.hash_key,
            )

    def confirm(self, receipt: Receipt) -> None:
        with self.installation.web.transaction(self.world.partner_id) as session:
            confirming.confirm(
                session,
                receipt.answer.id,
                person_key(self.installation.settings.hash_key, receipt.person.address),
                hash_key=self.installation.settings.hash_key,
            )

    def lead(self, receipt: Receipt) -> Lead:
        with self.installation.worker.reading() as session:
            found = session.scalars(select(Lead).where(Lead.id == receipt.lead.id)).one()
            session.expunge_all()
            return found

    def seen_by(self, viewer: Viewer) -> list[queries.LeadLine]:
        with self.installation.web.reading(viewer.organisation_id) as session:
            found = queries.leads_for(session, viewer)
            session.expunge_all()
            return found

    def end_shelf_lives(self, limit: int = 500) -> int:
        return aging.end_shelf_lives(self.installation.worker, limit)

    def pass_days(self, days: int) -> None:
        self.pass_seconds(days * 86_400)

    def pass_seconds(self, seconds: int) -> None:
        with self.installation.worker.transaction() as session:
            clock.advance(session, timedelta(seconds=seconds))


def a_scene(installation: Installation) -> Scene:
    scene = Scene(installation, a_running_campaign(installation, 1))
    with installation.owner.transaction() as session:
        partner = session.get_one(Organisation, scene.world.partner_id)
        partner.timezone, partner.country = "Europe/Zurich", "CH"
    return scene

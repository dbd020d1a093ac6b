"""What a kit brings, over the campaigns of other partners, on both databases."""

from datetime import timedelta

from sqlalchemy import update

from tcma import clock
from tcma.launches.models import Campaign, CampaignStatus
from tcma.leads.kit_results import RIPE, Typical, typical_leads
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer
from tests.factories import a_partner, a_partnership, a_viewer
from tests.installation import Installation
from tests.tcma.funds.scene import Scene, a_campaign, a_scene


def seen(scene: Scene) -> Typical:
    kits = {scene.kit_id: scene.vendor.organisation_id}
    with scene.installation.web.reading(scene.partner.organisation_id) as session:
        return typical_leads(session, scene.partner, kits)[scene.kit_id]


def another_partner(scene: Scene) -> Viewer:
    with scene.as_worker() as session:
        partner = a_partner(session)
        a_partnership(session, session.get_one(Organisation, scene.vendor.organisation_id), partner)
        return a_viewer(session, partner)


def ran(scene: Scene, whose: Viewer, days_ago: int, status: CampaignStatus = CampaignStatus.FINISHED) -> None:
    with scene.as_worker() as session:
        campaign_id = a_campaign(session, scene)
        at = clock.now(session) - timedelta(days=days_ago)
        session.execute(
            update(Campaign)
            .where(Campaign.id == campaign_id)
            .values(partner_id=whose.organisation_id, launched_at=at, status=status)
        )


def test_five_other_partners_make_a_range_and_four_do_not(databases: Installation) -> None:
    scene = a_scene(databases)
    for _ in range(4):
        ran(scene, another_partner(scene), RIPE.days + 1)
    ran(scene, scene.partner, 30)  # one's own results are not others'
    ran(scene, another_partner(scene), RIPE.days - 1)  # too young
    ran(scene, another_partner(scene), 30, CampaignStatus.CANCELLED)
    assert seen(scene) == Typical(4)

    ran(scene, another_partner(scene), RIPE.days + 1)

    assert seen(scene) == Typical(5, 0, 0)

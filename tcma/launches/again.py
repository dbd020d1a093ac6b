"""Launching again: a new draft of the same kit version with all that an earlier campaign was set up with."""

from uuid import UUID

from tcma import storage
from tcma.audiences.models import ContactList
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, phrase
from tcma.launches import budgets, drafts, planned_costs, queries
from tcma.launches.models import Campaign, CampaignStatus
from tcma.viewer import OrganisationKind, Role, Viewer

_AGAIN = (CampaignStatus.FINISHED, CampaignStatus.CANCELLED)


def launch_again(database: Database, viewer: Viewer, files: storage.Storage, public_id: UUID) -> Campaign:
    """A draft with the audience, texts, cost list and answerer of an ended campaign; brand, time and money are
    today's. Conflict while the earlier one runs, and when its version of the kit is closed."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        before = queries.find_campaign(session, viewer, public_id)
        version = before.kit_version
        version_id, is_open = version.public_id, version.is_launchable
        costs = budgets.costs_of(session, before)
    if before.status not in _AGAIN:
        status = before.status
        raise Conflict(
            phrase(
                "This campaign is %(status)s. It can be launched again once it is finished or cancelled.",
                status=status,
            )
        )
    if not is_open:
        raise Conflict(
            "The vendor has closed this version of the kit. Begin with the current one under Kits."
        )
    made = drafts.draft(database, viewer, files, version_id, name=before.name)
    with database.transaction(viewer.organisation_id) as session:
        campaign = drafts.editable(session, viewer, made.public_id)
        same = [locale for locale in before.locales if locale in campaign.locales]
        campaign.locales = same or campaign.locales
        campaign.region_values = {
            locale: dict(values)
            for locale, values in before.region_values.items()
            if locale in campaign.locales
        }
        audience = session.get(ContactList, before.list_id) if before.list_id is not None else None
        if audience is not None and audience.deleted_at is None:
            campaign.list_id, campaign.basis = audience.id, before.basis
        campaign.is_link_only = before.is_link_only
        campaign.timezone = before.timezone
        campaign.answerer_id = before.answerer_id
        campaign.leaves_out_recent = before.leaves_out_recent
        campaign.budget_currency = before.budget_currency
        planned_costs.plan(session, campaign, [(cost.name, cost.amount) for cost in costs])
        trail.record(session, viewer, "campaign.drafted_again", campaign, {"campaign_id": before.id})
    return campaign

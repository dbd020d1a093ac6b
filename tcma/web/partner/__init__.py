"""A partner's signed-in pages: one blueprint per subject, all under `/p/<partner>/`."""

from flask import Blueprint

from tcma.web.partner import (
    calendar,
    campaign_deeds,
    campaign_files,
    campaign_people,
    campaigns,
    help,
    home,
    lead_deeds,
    lead_reports,
    leads,
    previews,
    search,
    settings,
    setup,
    setup_brand,
    setup_budget,
    setup_launch,
    team,
)

PARTNER: tuple[Blueprint, ...] = (  # sorted by name
    calendar.bp,
    campaign_deeds.bp,
    campaign_files.bp,
    campaign_people.bp,
    campaigns.bp,
    help.bp,
    home.bp,
    lead_deeds.bp,
    lead_reports.bp,
    leads.bp,
    previews.bp,
    search.bp,
    settings.bp,
    setup.bp,
    setup_brand.bp,
    setup_budget.bp,
    setup_launch.bp,
    team.bp,
)

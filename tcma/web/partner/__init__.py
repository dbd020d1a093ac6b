"""A partner's signed-in pages: one blueprint per subject, all under `/p/<partner>/`."""

from flask import Blueprint

from tcma.web.partner import previews, settings, setup, setup_brand, team

PARTNER: tuple[Blueprint, ...] = (  # sorted by name
    previews.bp,
    settings.bp,
    setup.bp,
    setup_brand.bp,
    team.bp,
)

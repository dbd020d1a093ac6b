"""A partner's signed-in pages: one blueprint per subject, all under `/p/<partner>/`."""

from flask import Blueprint

from tcma.web.partner import previews, setup, setup_brand

PARTNER: tuple[Blueprint, ...] = (  # sorted by name
    previews.bp,
    setup.bp,
    setup_brand.bp,
)

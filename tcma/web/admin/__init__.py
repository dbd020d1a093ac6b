"""The operator's pages, and the page of components."""

from flask import Blueprint

from tcma.web.admin import components

ADMIN: tuple[Blueprint, ...] = (components.bp,)  # sorted by name
OPEN: tuple[Blueprint, ...] = (components.open_bp,)  # in their place outside production

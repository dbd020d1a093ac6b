"""The operator's pages, and the page of components."""

from flask import Blueprint

ADMIN: tuple[Blueprint, ...] = ()  # sorted by name

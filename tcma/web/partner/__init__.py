"""A partner's signed-in pages: one blueprint per subject, all under `/p/<partner>/`."""

from flask import Blueprint

PARTNER: tuple[Blueprint, ...] = ()  # sorted by name

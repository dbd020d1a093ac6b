"""Celery: starts things, knows nothing."""

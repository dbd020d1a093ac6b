"""Campaigns run: launched, scheduled, sent, counted."""

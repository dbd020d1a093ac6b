"""Leads: captured, attributed, worked."""

"""Prospects' companies, kept in the book of the organisation that owns the lead."""

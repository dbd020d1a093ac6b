"""Partnerships between a vendor and a partner; the brand each shows to prospects."""

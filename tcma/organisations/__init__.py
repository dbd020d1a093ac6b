"""Organisations, people, memberships, invitations, accepted terms."""

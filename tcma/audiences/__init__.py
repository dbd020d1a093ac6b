"""Contacts, lists, imports, consent and suppression: the partner's own."""

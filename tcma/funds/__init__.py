"""Funds, requests, certificates, cost lines; the ledger is the only writer of entries."""

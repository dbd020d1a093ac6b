"""The recurring work on money: one transaction per line or certificate, safe to run twice or side by side."""

from tcma.db import Database
from tcma.funds import expiry, lines, proof
from tcma.jobs import rows


def settle_lines(database: Database) -> int:
    """Settle every line whose day has come; how many were due."""
    return len(rows.each(database, lines.due_lines, lines.settle))


def expire_certificates(database: Database) -> int:
    """End what ended by the calendar: requests, overdue reservations, certificates, funds; how many.

    In this order: what a line gives back, its certificate gives back to the fund, and the fund lapses.
    """
    steps = (_expire_requests, _release_overdue, _expire_due, _lapse_funds)
    return sum(rows.try_all(steps, lambda step: step(database), name="expire_certificates"))


def prove_balances(database: Database) -> list[proof.Discrepancy]:
    """Everything in the ledger that does not add up."""
    with database.reading() as session:
        return proof.prove(session)


def _expire_requests(database: Database) -> int:
    return sum(rows.each(database, expiry.due_requests, expiry.expire_request))


def _release_overdue(database: Database) -> int:
    return len(rows.each(database, expiry.overdue_lines, lines.release))


def _expire_due(database: Database) -> int:
    return len(rows.each(database, expiry.due_certificates, expiry.expire_certificate))


def _lapse_funds(database: Database) -> int:
    return sum(rows.each(database, expiry.due_funds, expiry.lapse_fund))

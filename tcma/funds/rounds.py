"""The recurring work on money: one transaction per line or certificate, safe to run twice or side by side."""

from tcma.db import Database
from tcma.funds import expiry, lines, proof


def settle_lines(database: Database) -> int:
    """Settle every line whose day has come; how many were due."""
    with database.reading() as session:
        due = lines.due_lines(session)
    for line_id in due:
        with database.transaction() as session:
            lines.settle(session, line_id)
    return len(due)


def expire_certificates(database: Database) -> int:
    """End what ended by the calendar: overdue reservations, certificates, requests, funds; how many."""
    with database.reading() as session:
        overdue, due = expiry.overdue_lines(session), expiry.due_certificates(session)
    for line_id in overdue:
        with database.transaction() as session:
            lines.release(session, line_id)
    for certificate_id in due:
        with database.transaction() as session:
            expiry.expire_certificate(session, certificate_id)
    with database.transaction() as session:
        ended = expiry.expire_requests(session) + expiry.lapse_funds(session)
    return len(overdue) + len(due) + ended


def prove_balances(database: Database) -> list[proof.Discrepancy]:
    """Everything in the ledger that does not add up."""
    with database.reading() as session:
        return proof.prove(session)

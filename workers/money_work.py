"""What the tasks of money call: deeds of `tcma.funds`, one transaction per line, certificate or fund."""

import structlog

from tcma.funds import expiry, lines, proof
from workers.runtime import Runtime
from workers.steps import each, once

_log = structlog.get_logger(__name__)


def settle_lines(current: Runtime) -> None:
    each(current.database, lines.due_lines, lines.settle)


def expire_certificates(current: Runtime) -> None:
    """Requests, certificates, reservations and funds past their last day, in this order."""
    once(current.database, expiry.expire_requests)
    each(current.database, expiry.overdue_lines, lines.release)
    each(current.database, expiry.due_certificates, expiry.expire_certificate)
    once(current.database, expiry.lapse_funds)


def prove_balances(current: Runtime) -> None:
    """Every discrepancy is an error in the log: it is a defect, and a person has to look."""
    with current.database.reading() as session:
        for found in proof.prove(session):
            _log.error("ledger_discrepancy", found=str(found))

"""What the tasks of money call: the rounds and reminders of `tcma.funds`."""

import structlog

from tcma.funds import reminders, rounds
from workers.runtime import Runtime

_log = structlog.get_logger(__name__)


def settle_lines(current: Runtime) -> None:
    rounds.settle_lines(current.database)


def expire_certificates(current: Runtime) -> None:
    rounds.expire_certificates(current.database)


def prove_balances(current: Runtime) -> None:
    """Every discrepancy is an error in the log: it is a defect, and a person has to look."""
    for found in rounds.prove_balances(current.database):
        _log.error("ledger_discrepancy", found=str(found))


def remind(current: Runtime) -> None:
    reminders.remind(current.database)

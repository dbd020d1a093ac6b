"""`tcma ledger`: the statement and its proof."""

import sys

import click

from tcma import money
from tcma.cli.frame import Desk, Exit, acting, answering
from tcma.funds import proof, queries
from tcma.viewer import OrganisationKind

VENDOR, PARTNER, OPERATOR = OrganisationKind.VENDOR, OrganisationKind.PARTNER, OrganisationKind.OPERATOR


@click.group("ledger")
def command() -> None:
    """Money as it moved: lines are never changed."""


@command.command()
@click.option("--certificate", "code", help="Only lines of this certificate.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500))
@acting(VENDOR, PARTNER, OPERATOR)
def statement(desk: Desk, code: str | None, limit: int) -> None:
    """Your lines, newest first."""
    with desk.look() as session:
        chosen = queries.find_certificate_by_code(session, desk.viewer, code).id if code else None
        rows = [
            {
                "when": line.at,
                "event": line.event.value,
                "account": line.account.value,
                "amount": money.shown(line.amount, line.currency),
                "note": line.note,
            }
            for line in queries.statement(session, desk.viewer, certificate_id=chosen, limit=limit)
        ]
    desk.table(rows, "Nothing was posted yet.")


@command.command()
@answering
def prove(desk: Desk) -> None:
    """Recount every balance from its entries; needs the database, not a person."""
    with desk.installation.owner.reading() as session:
        found = proof.prove(session)
    rows = [
        {"where": wrong.where, "rule": wrong.rule, "expected": wrong.expected, "found": wrong.found}
        for wrong in found
    ]
    desk.table(rows, "The ledger balances.")
    if found:
        sys.exit(Exit.REFUSED)

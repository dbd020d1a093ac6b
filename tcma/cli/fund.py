"""`tcma fund`: a vendor's money."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from tcma import money
from tcma.cli.frame import Desk, acting
from tcma.errors import Invalid, NotFound
from tcma.funds import offers, prices, queries, service
from tcma.funds.models import Fund, FundKind
from tcma.funds.rules import percent
from tcma.partners import queries as partners
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER, OPERATOR = OrganisationKind.VENDOR, OrganisationKind.PARTNER, OrganisationKind.OPERATOR
_DAY = click.DateTime(["%Y-%m-%d"])
_TERMS = (
    "The vendor pays its share of costs of campaigns made from its kits, up to the amount of the"
    " certificate. The partner reports what became of the leads."
)


@click.group("fund")
def command() -> None:
    """Funds: a vendor's money for a period, and the rule that grants from it at once."""


@command.command()
@click.argument("name")
@click.option("--currency", required=True)
@click.option("--from", "starts", type=_DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--until", "ends", type=_DAY, required=True, help="Last day.")
@click.option("--share", required=True, help="The vendor's share in percent, such as 50 or 33.33.")
@click.option("--cap", required=True, help="Most one certificate may hold, such as 400.00.")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in FundKind]), default="mdf", show_default=True
)
@click.option("--terms", type=click.Path(exists=True, path_type=Path), help="Text file of the terms.")
@click.option("--terms-version", default="1", show_default=True)
@click.option("--at-once-up-to", help="Grant requests up to this amount by rule, without a person.")
@click.option("--tier", "tiers", multiple=True, help="Tiers the rule covers; none: every tier.")
@acting(VENDOR, roles=[Role.FINANCE, Role.APPROVER])
def create(
    desk: Desk,
    name: str,
    currency: str,
    starts: datetime,
    ends: datetime,
    share: str,
    cap: str,
    kind: str,
    terms: Path | None,
    terms_version: str,
    at_once_up_to: str | None,
    tiers: tuple[str, ...],
) -> None:
    """Make the fund NAME; money comes by `allocate`."""
    currency = currency.upper()
    rule: dict[str, Any] = {"on": at_once_up_to is not None}
    if at_once_up_to is not None:
        rule["max_amount"] = money.parse(at_once_up_to, currency)
    if tiers:
        rule["tiers"] = list(tiers)
    with desk.deed() as session:
        fund = service.create_fund(
            session,
            desk.viewer,
            service.NewFund(
                name=name,
                kind=FundKind(kind),
                currency=currency,
                starts_on=starts.date(),
                ends_on=ends.date(),
                share_bp=_basis_points(share),
                cap_amount=money.parse(cap, currency),
                terms_version=terms_version,
                terms_text=terms.read_text() if terms else _TERMS,
                rule=rule,
            ),
        )
    desk.say(f"The fund '{fund.name}' is ready for money.", fund=fund.public_id)


@command.command()
@click.argument("name")
@click.argument("amount")
@acting(VENDOR, roles=[Role.FINANCE])
def allocate(desk: Desk, name: str, amount: str) -> None:
    """Put AMOUNT into the fund NAME."""
    with desk.deed() as session:
        fund = _find(desk, session, name)
        minor = money.parse(amount, fund.currency)
        service.allocate(session, desk.viewer, fund.public_id, minor)
    desk.say(f"{money.shown(minor, fund.currency)} allocated to '{fund.name}'.", amount=minor)


@command.command("list")
@acting(VENDOR)
def index(desk: Desk) -> None:
    """Your funds with their five parts."""
    with desk.look() as session:
        rows = []
        for fund in queries.funds_for(session, desk.viewer):
            bar = queries.fund_bar(session, desk.viewer, fund.public_id)
            parts = {
                part: money.shown(getattr(bar, part), fund.currency)
                for part in ("allocated", "paid", "in_claims", "committed", "asked", "free")
            }
            rows.append({"fund": fund.name, "share": percent(fund.share_bp), **parts})
    desk.table(rows, "No funds yet.")


@command.command("offers")
@click.argument("vendor")
@acting(PARTNER)
def offered(desk: Desk, vendor: str) -> None:
    """What VENDOR's funds offer you today."""
    with desk.look() as session:
        other = partners.find_partnership_at(session, desk.viewer, vendor).vendor
        rows = [
            {
                "fund": offer.name,
                "share": percent(offer.share_bp),
                "up to": money.shown(offer.cap_amount, offer.currency),
                "until": offer.until_on.isoformat(),
                "at once": "yes" if offer.at_once else "after a look",
            }
            for offer in offers.offers_for(session, desk.viewer, other.id)
        ]
    desk.table(rows, f"{vendor} has no fund open to you today.")


@command.command()
@click.argument("currency")
@click.argument("price")
@acting(OPERATOR)
def price(desk: Desk, currency: str, price: str) -> None:
    """What 1,000 messages cost from now on, such as: tcma fund price CHF 2.50"""
    currency = currency.upper()
    minor = money.parse(price, currency)
    with desk.deed() as session:
        prices.set_unit_price(session, desk.viewer, currency, minor * 1_000_000)
    desk.say(f"1,000 messages cost {money.shown(minor, currency)} from now on.", price=minor * 1_000_000)


def _find(desk: Desk, session: Session, name: str) -> Fund:
    for fund in queries.funds_for(session, desk.viewer):
        if fund.name == name:
            return fund
    raise NotFound(f"You have no fund '{name[:60]}'.")


def _basis_points(text: str) -> int:
    whole, _, part = text.strip().rstrip("%").strip().partition(".")
    if not whole.isdecimal() or not (part or "0").isdecimal() or len(part) > 2 or len(whole) > 3:
        raise Invalid(f"'{text[:20]}' is not a share. Write it in percent, such as 50 or 33.33.")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)

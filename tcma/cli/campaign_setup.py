"""`tcma campaign`: the cost list and its funding, who answers the leads, and what became of it."""

import click

from tcma import money
from tcma.cli.frame import Desk, acting, wall_time
from tcma.errors import Invalid
from tcma.kits.content import load_kit
from tcma.launches import again, asking, budgets, log, queries, recipients, service
from tcma.launches.budgets import Budget, Cost
from tcma.launches.models import Campaign
from tcma.launches.recipients import Asked, Where
from tcma.viewer import OrganisationKind, Role

PARTNER = OrganisationKind.PARTNER
MARKETER = [Role.MARKETER]


@click.command()
@click.argument("campaign")
@acting(PARTNER)
def budget(desk: Desk, campaign: str) -> None:
    """The cost list of a draft, line by line, and who pays what."""
    found = _budget(desk, campaign)
    names = ["messages and pages", *(cost.name for cost in found.costs)]
    amounts = [found.platform, *(cost.amount for cost in found.costs)]
    desk.table(
        [
            {
                "cost": name,
                "amount": money.shown(amount, found.currency),
                "vendor": money.shown(part, found.currency),
                "you": money.shown(amount - part, found.currency),
                "money": found.source.money.value,
            }
            for name, amount, part in zip(names, amounts, found.split.by_line, strict=True)
        ],
        "No costs.",
    )


@click.command()
@click.argument("campaign")
@click.option("--cost", "costs", multiple=True, metavar="NAME=AMOUNT", help="A line; none empties the list.")
@acting(PARTNER, roles=MARKETER)
def costs(desk: Desk, campaign: str, costs: tuple[str, ...]) -> None:
    """Replace the outside lines of a draft's cost list."""
    found = _budget(desk, campaign)
    lines = [_cost(text, found.currency) for text in costs]
    with desk.deed() as session:
        kept = queries.find_campaign_at(session, desk.viewer, campaign)
        budgets.set_costs(session, desk.viewer, kept.public_id, lines, found.currency)
    desk.say(f"Saved {len(lines)} lines.", lines=len(lines), currency=found.currency)


@click.command()
@click.argument("campaign")
@click.option("--why", default="", help="One sentence for whoever decides.")
@acting(PARTNER, roles=MARKETER)
def ask(desk: Desk, campaign: str, why: str) -> None:
    """Ask the vendor for its part of a draft's budget; asking accepts the fund's terms."""
    installed = desk.installation
    found = _campaign(desk, campaign)
    request = asking.ask_for_funding(installed.web, desk.viewer, installed.storage, found.public_id, why)
    amount = money.shown(request.amount, request.currency)
    desk.say(
        f"Asked for {amount}: {request.status.value}.", status=request.status.value, amount=request.amount
    )


@click.command()
@click.argument("campaign")
@acting(PARTNER, roles=MARKETER)
def withdraw(desk: Desk, campaign: str) -> None:
    """Take back the request a draft waits for."""
    with desk.deed() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        asking.withdraw_request(session, desk.viewer, found.public_id)
    desk.say("Withdrawn.")


@click.command()
@click.argument("campaign")
@click.option("--person", default="", help="E-mail of a colleague; without it whoever is first.")
@click.option("--asked", is_flag=True, help="You asked that person today, and the answer was yes.")
@acting(PARTNER, roles=MARKETER)
def answerer(desk: Desk, campaign: str, person: str, asked: bool) -> None:
    """Say who answers the leads of a draft."""
    with desk.deed() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        people = asking.answerers_for(session, desk.viewer)
        chosen = next((user for user in people if user.email == person.strip().lower()), None)
        if person and chosen is None:
            listed = ", ".join(user.email for user in people)
            raise Invalid(f"'{person[:80]}' does not work leads here. Those who do: {listed}.")
        public_id = chosen.public_id if chosen else None
        asking.set_answerer(session, desk.viewer, found.public_id, public_id, asked=asked)
    desk.say(f"{chosen.name} answers the leads." if chosen else "Whoever is first answers the leads.")


@click.command()
@click.argument("campaign")
@click.option("--no", is_flag=True, help="Write to them after all.")
@acting(PARTNER, roles=MARKETER)
def spare(desk: Desk, campaign: str, no: bool) -> None:
    """Leave out of a draft who had or gets another campaign within seven days."""
    with desk.deed() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        asking.spare_recent(session, desk.viewer, found.public_id, not no)
    desk.say("They are written to." if no else "They are left out.")


@click.command("change-time")
@click.argument("campaign")
@click.argument("start")
@acting(PARTNER, roles=MARKETER)
def change_time(desk: Desk, campaign: str, start: str) -> None:
    """Give a launched campaign that has not begun another local START, YYYY-MM-DDTHH:MM."""
    wall = wall_time(start)
    found = _campaign(desk, campaign)
    installed = desk.installation
    service.change_time(installed.web, desk.viewer, installed.storage, found.public_id, wall)
    desk.say("It has another start; its mails keep their distances.")


@click.command("again")
@click.argument("campaign")
@acting(PARTNER, roles=MARKETER)
def launch_again(desk: Desk, campaign: str) -> None:
    """Draft an ended campaign anew, with its audience, texts and cost list."""
    installed = desk.installation
    made = again.launch_again(
        installed.web, desk.viewer, installed.storage, _campaign(desk, campaign).public_id
    )
    desk.say(f"Drafted. Launch with: tcma campaign launch {made.slug}", campaign=made.slug)


@click.command("log")
@click.argument("campaign")
@acting(PARTNER)
def show_log(desk: Desk, campaign: str) -> None:
    """What was done with it, by whom, the newest first."""
    with desk.look() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        entries = log.entries_for(session, desk.viewer, found)
    desk.table(
        [
            {"at": entry.at, "what": entry.action, "message": entry.message, "who": entry.who or "by itself"}
            for entry in entries
        ],
        "Nothing yet.",
    )


@click.command()
@click.argument("campaign")
@click.option("--message", default="", help="The mail's key in the kit.")
@click.option("--part", type=click.Choice([part.value for part in Where]), help="Where of it they stand.")
@acting(PARTNER)
def people(desk: Desk, campaign: str, message: str, part: str | None) -> None:
    """Who got what, at most 1,000 people."""
    asked = Asked(message, Where(part) if part else None, limit=recipients.FILE_SLICE)
    with desk.look() as session:
        found = queries.find_campaign_at(session, desk.viewer, campaign)
        rows = recipients.recipients_for(session, desk.viewer, found, asked)
    desk.table(
        [
            {
                "address": person.contact.address_typed,
                **{key: mail.status.value for key, mail in sorted(person.mails.items())},
                "clicked": person.clicked_at,
                "answered": "yes" if person.answered else "no",
            }
            for person in rows
        ],
        "Nobody.",
    )


COMMANDS = (budget, costs, ask, withdraw, answerer, spare, change_time, launch_again, show_log, people)


def _campaign(desk: Desk, slug: str) -> Campaign:
    with desk.look() as session:
        return queries.find_campaign_at(session, desk.viewer, slug)


def _budget(desk: Desk, slug: str) -> Budget:
    with desk.look() as session:
        found = queries.find_campaign_at(session, desk.viewer, slug)
        kit = load_kit(session, desk.installation.storage, found.kit_version_id)
        return budgets.budget_of(session, desk.viewer, found, kit)


def _cost(text: str, currency: str) -> Cost:
    name, equals, amount = text.rpartition("=")
    if not equals:
        raise Invalid(f"'{text[:40]}' is not a cost. Write NAME=AMOUNT.")
    return Cost(name, money.parse(amount, currency))

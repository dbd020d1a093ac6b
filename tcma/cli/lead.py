"""`tcma lead`: the inbox."""

from datetime import datetime
from uuid import UUID

import click
from sqlalchemy.orm import Session

from tcma import money
from tcma.cli.frame import Desk, acting
from tcma.errors import Invalid
from tcma.leads import closing, explanation, nurture, qualifying, queries, returns, service, undo
from tcma.leads.amounts import Product
from tcma.leads.dealings import Finding, Horizon, NoteKind, Question
from tcma.leads.models import Stage
from tcma.leads.qualifying import Said
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
WORKERS = [Role.MARKETER, Role.SALES]
_FINDING = click.Choice([finding.value for finding in Finding])


@click.group("lead")
def command() -> None:
    """Leads: a company's interest, with the people, the path and why it is yours."""


@command.command("list")
@click.option("--stage", type=click.Choice([stage.value for stage in Stage]))
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 500))
@acting(VENDOR, PARTNER)
def index(desk: Desk, stage: str | None, limit: int) -> None:
    """Leads, newest first. A vendor sees figures, and names only where the person agreed."""
    with desk.look() as session:
        rows = [
            {
                "lead": str(line.lead.public_id),
                "company": line.lead.company.name if desk.viewer.is_partner else "–",
                "person": line.person or "–",
                "people": line.people_count,
                "stage": line.lead.stage.value,
                "since": line.lead.created_at,
                "fresh until": line.lead.shelf_life_until.date().isoformat(),
            }
            for line in queries.leads_for(
                session, desk.viewer, stage=Stage(stage) if stage else None, limit=limit
            )
        ]
    desk.table(rows, "All caught up. New leads arrive here.")


@command.command()
@click.argument("lead", type=click.UUID)
@acting(VENDOR, PARTNER)
def show(desk: Desk, lead: UUID) -> None:
    """One lead: people, answers, path, and why it is yours."""
    with desk.look() as session:
        found = queries.find_lead(session, desk.viewer, lead)
        people = queries.people_of(session, found)
        answers = queries.answers_of(session, found)
        steps = queries.steps_of(session, found)
        why = explanation.why(session, found)
    path = " → ".join(
        f"{step.touch_name} {step.kind}" + (f" ×{step.count}" if step.count > 1 else "") for step in steps
    )
    lines = [
        f"{found.stage.value}, {found.source.value.replace('_', ' ')}, since {found.created_at:%d %B %Y}",
        *(f"{person.name} <{person.address}> {person.phone}".rstrip() for person in people),
        f"Path: {path}",
        why,
    ]
    desk.say(
        "\n".join(lines),
        lead=found.public_id,
        stage=found.stage.value,
        people=[{"name": person.name, "address": person.address} for person in people],
        answers=[answer.fields for answer in answers],
        path=[{"kind": step.kind, "touch": step.touch_name, "count": step.count} for step in steps],
        why=why,
    )


@command.command()
@click.argument("lead", type=click.UUID)
@acting(PARTNER, roles=WORKERS)
def accept(desk: Desk, lead: UUID) -> None:
    """Accept a new lead."""
    with desk.deed() as session:
        done = service.accept(session, desk.viewer, lead)
    desk.say("Accepted.", stage=done.lead.stage.value)


@command.command()
@click.argument("lead", type=click.UUID)
@click.option("--note", default="")
@acting(PARTNER, roles=WORKERS)
def contacted(desk: Desk, lead: UUID, note: str) -> None:
    """Say that you have spoken to them."""
    with desk.deed() as session:
        done = service.contacted(session, desk.viewer, lead, note)
    desk.say("Contacted.", stage=done.lead.stage.value)


@command.command("push-back")
@click.argument("lead", type=click.UUID)
@click.option("--reason", required=True, type=click.Choice([reason.value for reason in returns.BACK]))
@acting(PARTNER, roles=WORKERS)
def push_back(desk: Desk, lead: UUID, reason: str) -> None:
    """Give a lead back to whoever generated it."""
    with desk.deed() as session:
        done = returns.push_back(session, desk.viewer, lead, reason)
    desk.say("Pushed back.", stage=done.lead.stage.value)


@command.command()
@click.argument("lead", type=click.UUID)
@click.option("--reason", required=True, type=click.Choice([reason.value for reason in returns.NOT_A_FIT]))
@acting(PARTNER, roles=WORKERS)
def disqualify(desk: Desk, lead: UUID, reason: str) -> None:
    """Not a fit."""
    with desk.deed() as session:
        done = returns.disqualify(session, desk.viewer, lead, reason)
    desk.say("Not a fit.", stage=done.lead.stage.value)


@command.command("still-open")
@click.argument("lead", type=click.UUID)
@click.option("--note", default="")
@acting(PARTNER, roles=WORKERS)
def still_open(desk: Desk, lead: UUID, note: str) -> None:
    """Say that you are still working on it."""
    with desk.deed() as session:
        done = service.still_open(session, desk.viewer, lead, note)
    desk.say("Noted.", stage=done.lead.stage.value)


@command.command("bring-back")
@click.argument("lead", type=click.UUID)
@acting(PARTNER, roles=WORKERS)
def bring_back(desk: Desk, lead: UUID) -> None:
    """Take a resting lead up again before its day."""
    with desk.deed() as session:
        done = service.bring_back(session, desk.viewer, lead)
    desk.say("It is new again.", stage=done.lead.stage.value)


@command.command("hand-over")
@click.argument("lead", type=click.UUID)
@click.argument("email")
@acting(PARTNER, roles=WORKERS)
def hand_over(desk: Desk, lead: UUID, email: str) -> None:
    """Give a lead to the colleague with this e-mail address."""
    with desk.deed() as session:
        service.worked(session, desk.viewer, lead)
        people = service.colleagues(session, desk.viewer)
        chosen = next((user for user in people if user.email.lower() == email.strip().lower()), None)
        if chosen is None:
            listed = ", ".join(user.email for user in people)
            raise Invalid(f"'{email[:80]}' does not work leads here. Those who do: {listed}.")
        service.hand_over(session, desk.viewer, lead, chosen.public_id)
    desk.say(f"It is with {chosen.name} now.", email=chosen.email)


@command.command()
@click.argument("lead", type=click.UUID)
@click.argument("how", type=click.Choice([NoteKind.CALL.value, NoteKind.MAIL.value]))
@acting(PARTNER, roles=WORKERS)
def attempt(desk: Desk, lead: UUID, how: str) -> None:
    """Note that you called or wrote, whether or not you reached them."""
    with desk.deed() as session:
        service.attempt(session, desk.viewer, lead, NoteKind(how))
    desk.say("Noted.")


@command.command()
@click.argument("lead", type=click.UUID)
@click.argument("text")
@acting(PARTNER, roles=WORKERS)
def note(desk: Desk, lead: UUID, text: str) -> None:
    """Write a line for your own firm; no vendor reads it."""
    with desk.deed() as session:
        service.note(session, desk.viewer, lead, text)
    desk.say("Noted.")


@command.command()
@click.argument("lead", type=click.UUID)
@click.option("--money", "budget", type=_FINDING, default="unknown", help="Is there money for it?")
@click.option("--decides", "authority", type=_FINDING, default="unknown", help="Does this person decide?")
@click.option("--need", type=_FINDING, default="unknown", help="Is there a real need?")
@click.option(
    "--when", type=click.Choice([horizon.value for horizon in Horizon]), help="Unknown if left out."
)
@click.option("--amount", default="", help="Expected for the vendor's products; the vendor sees it.")
@acting(PARTNER, roles=WORKERS)
def qualify(
    desk: Desk, lead: UUID, budget: str, authority: str, need: str, when: str | None, amount: str
) -> None:
    """Answer the four questions; unknown is an answer."""
    said = {
        Question.BUDGET: Said(Finding(budget)),
        Question.AUTHORITY: Said(Finding(authority)),
        Question.NEED: Said(Finding(need)),
        Question.TIMING: Said(Finding.UNKNOWN, horizon=Horizon(when) if when else None),
    }
    with desk.deed() as session:
        expected = _products(session, desk, lead, amount) if amount else ()
        done = qualifying.qualify(session, desk.viewer, lead, said, expected=expected)
    desk.say(
        f"Kept. The lead is {done.lead.stage.value}.",
        stage=done.lead.stage.value,
        grade=done.lead.grade.value,
    )


@command.command("not-now")
@click.argument("lead", type=click.UUID)
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day it comes back.")
@acting(PARTNER, roles=WORKERS)
def not_now(desk: Desk, lead: UUID, until: datetime) -> None:
    """Let a lead rest until a day; then it is new again."""
    with desk.deed() as session:
        done = nurture.not_now(session, desk.viewer, lead, until.date())
    desk.say("It rests.", stage=done.lead.stage.value)


@command.command()
@click.argument("lead", type=click.UUID)
@click.option("--amount", required=True, help="What the vendor's products were sold for; the vendor sees it.")
@click.option("--deal", default="", help="The whole deal: your own figure, which no vendor sees.")
@acting(PARTNER, roles=WORKERS)
def won(desk: Desk, lead: UUID, amount: str, deal: str) -> None:
    """Sold."""
    with desk.deed() as session:
        products = _products(session, desk, lead, amount)
        currency = session.get_one(Organisation, desk.viewer.organisation_id).currency
        whole = money.parse(deal, currency) if deal else None
        done = closing.won(session, desk.viewer, lead, products, whole)
    desk.say("Won.", stage=done.lead.stage.value)


@command.command()
@click.argument("lead", type=click.UUID)
@click.option("--reason", required=True, type=click.Choice([reason.value for reason in closing.LossReason]))
@acting(PARTNER, roles=WORKERS)
def lost(desk: Desk, lead: UUID, reason: str) -> None:
    """Not sold; it counts as reported just as a sale does."""
    with desk.deed() as session:
        done = closing.lost(session, desk.viewer, lead, reason)
    desk.say("Lost.", stage=done.lead.stage.value)


@command.command("undo")
@click.argument("lead", type=click.UUID)
@acting(PARTNER, roles=WORKERS)
def take_back(desk: Desk, lead: UUID) -> None:
    """Take back the last deed on a lead, within seconds."""
    with desk.deed() as session:
        found = undo.undo(session, desk.viewer, lead, undo.last_of(session, desk.viewer, lead))
    desk.say(f"Taken back. The lead is {found.stage.value}.", stage=found.stage.value)


def _products(session: Session, desk: Desk, lead: UUID, amount: str) -> list[Product]:
    """One line for the vendor, under its name."""
    vendor = queries.find_lead(session, desk.viewer, lead).vendor
    currency = session.get_one(Organisation, desk.viewer.organisation_id).currency
    return [Product(vendor.name, money.parse(amount, currency))]

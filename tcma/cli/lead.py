"""`tcma lead`: the inbox."""

from uuid import UUID

import click

from tcma.cli.frame import Desk, acting
from tcma.leads import explanation, queries, returns, service
from tcma.leads.models import Stage
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER
WORKERS = [Role.MARKETER, Role.SALES]


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

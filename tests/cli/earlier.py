"""What has to be done to the world before a command works."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from campaigns.providers.memory import Act, MemoryProvider
from tcma.funds import queries as funds
from tcma.funds import requests
from tcma.funds import service as certificates
from tcma.launches import drafts, queries
from tcma.leads.models import Lead, LeadSource
from tcma.organisations import queries as organisations
from tcma.organisations import team
from tests.cli.world import (
    HANNA,
    KIT,
    NORA,
    OPERATOR,
    TIDE_KIT,
    World,
    work,
)


def typed(*command: str, by: str = HANNA) -> Callable[[World], None]:
    def do(world: World) -> None:
        world.shell.ask(*command, acting=by)

    return do


def of_the_vendor(lead: str) -> Callable[[World], None]:
    def hand_over(world: World) -> None:
        with world.shell.installation().worker.transaction() as session:
            found = session.scalars(select(Lead).where(Lead.public_id == UUID(lead))).one()
            found.source = LeadSource.VENDOR_SOURCED

    return hand_over


def a_question(world: World) -> None:
    """Northwind wants to know more about Harbour IT's request."""
    installed = world.shell.installation()
    with installed.web.reading() as session:
        vendor = organisations.viewer_for(session, NORA)
    with installed.web.transaction(vendor.organisation_id) as session:
        requests.ask_for_information(session, vendor, UUID(world.request), "What for?")
    installed.dispose()


def invited(email: str) -> Callable[[World], None]:
    def invite(world: World) -> None:
        for owner in (NORA, HANNA):
            typed("user", "invite", email, "--role", "reader", by=owner)(world)

    return invite


def newcomer(email: str) -> Callable[[World], None]:
    """Northwind meant to invite the person, and Harbour IT is here already."""

    def ask(world: World) -> None:
        installed = world.shell.installation()
        with installed.web.reading() as session:
            vendor, partner = (organisations.viewer_for(session, who) for who in (NORA, HANNA))
        with installed.web.transaction(vendor.organisation_id) as session:
            here = organisations.find_organisation_by_id(session, partner.organisation_id)
            team.note_newcomer(session, vendor, here, email)
        installed.dispose()

    return ask


def imported(world: World) -> None:
    world.shell.ask("kit", "import", str(world.files / TIDE_KIT), acting=NORA)


def handed_in(world: World) -> None:
    imported(world)
    world.shell.ask("kit", "submit", TIDE_KIT, acting=NORA)


def a_waiting_campaign(world: World) -> None:
    """Harbour IT's campaign `waits` is launched and waits for the request a person has to decide."""
    ask = world.shell.ask
    ask("campaign", "draft", KIT, "--name", "Waits", "--list", "Harbour customers", acting=HANNA)
    installed = world.shell.installation()
    with installed.web.reading() as session:
        viewer = organisations.viewer_for(session, HANNA)
    with installed.web.transaction(viewer.organisation_id) as session:
        found = queries.find_campaign_at(session, viewer, "waits")
        drafts.set_funding(session, viewer, found.public_id, request_id=UUID(world.request))
    installed.dispose()
    assert ask("campaign", "launch", "waits", acting=HANNA)["status"] == "waiting_for_funding"


def no_certificate_left(world: World) -> None:
    """Harbour IT's certificate cannot be used for anything new, so there is something to ask for."""
    installed = world.shell.installation()
    with installed.web.reading() as session:
        vendor = organisations.viewer_for(session, NORA)
    with installed.web.transaction(vendor.organisation_id) as session:
        found = funds.find_certificate_by_code(session, vendor, world.certificate)
        certificates.suspend(session, vendor, found.public_id, "A question.")
    installed.dispose()


def a_draft_that_asks(world: World) -> None:
    """The draft `asks` waits for what a person has to decide."""
    no_certificate_left(world)
    ask = world.shell.ask
    ask("campaign", "draft", KIT, "--name", "Asks", "--list", "Harbour customers", acting=HANNA)
    assert ask("campaign", "ask", "asks", acting=HANNA)["status"] == "submitted"


def mails_in_doubt(world: World) -> None:
    """The scheduled campaign goes out now, and nobody knows what became of three mails."""
    world.shell.ask("campaign", "send-now", world.scheduled, "invite", acting=HANNA)
    work(world.shell, MemoryProvider([Act.VANISHES] * 3))


def newest_mail(world: World) -> str:
    return str(world.shell.ask("outbox", "list", acting=OPERATOR)[0]["mail"])

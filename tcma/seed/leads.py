"""Leads of the example world in every stage, each with the days it took: answered, called, qualified, sold."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import addresses, clock
from tcma.kits.content import load_kit
from tcma.launches.models import Campaign, CampaignTouch
from tcma.leads import capture, closing, inbox, nurture, qualifying, returns, service
from tcma.leads.amounts import Product
from tcma.leads.capture import Form, KitFacts
from tcma.leads.dealings import Finding, Horizon, NoteKind, Question
from tcma.leads.inbox import View
from tcma.leads.qualifying import Said
from tcma.organisations import queries as organisations
from tcma.organisations.models import Organisation
from tcma.seed.people import World
from tcma.viewer import Viewer

Deed = Callable[[Session, Viewer, UUID], object]
HARBOUR, EVA = "harbour-it", "eva.roth@harbour-it.example"


@dataclass(frozen=True, slots=True)
class Answer:
    """Somebody who filled in the form so many hours ago, and what was done with it when."""

    hours: float
    name: str
    address: str
    company: str
    employees: str
    phone: str = ""
    message: str = ""
    deeds: tuple[tuple[float, Deed], ...] = field(default_factory=tuple)


def make(world: World, report: Callable[[str], None]) -> None:
    """Needs the campaigns of the last two weeks; the clock is where it was afterwards."""
    eva = _viewer(world, EVA, HARBOUR)
    marc = world.viewer(HARBOUR)
    _work_what_came(world, eva)
    for answer in _northwind(date_of(world)):
        _answered(world, HARBOUR, "northwind-security", answer, eva)
    for answer in _TIDEWATER:
        _answered(world, HARBOUR, "tidewater-backup", answer, marc)
    report("Harbour IT: leads in every stage, won and lost ones, some to report")


def date_of(world: World) -> date:
    with world.installation.worker.reading() as session:
        return clock.now(session).date()


def _accept(session: Session, viewer: Viewer, lead: UUID) -> object:
    return service.accept(session, viewer, lead)


def _call(session: Session, viewer: Viewer, lead: UUID) -> object:
    return service.attempt(session, viewer, lead, NoteKind.CALL)


def _spoke(text: str) -> Deed:
    return lambda session, viewer, lead: service.contacted(session, viewer, lead, text)


def _note(text: str) -> Deed:
    return lambda session, viewer, lead: service.note(session, viewer, lead, text)


def _won(amount: int, deal: int) -> Deed:
    sold = (Product("Northwind Endpoint", amount),)
    return lambda session, viewer, lead: closing.won(session, viewer, lead, sold, deal)


def _lost(reason: closing.LossReason, text: str) -> Deed:
    return lambda session, viewer, lead: closing.lost(session, viewer, lead, reason, text)


def _rest(until: date) -> Deed:
    return lambda session, viewer, lead: nurture.not_now(session, viewer, lead, until)


def _no_fit(reason: returns.ReturnReason, text: str) -> Deed:
    return lambda session, viewer, lead: returns.disqualify(session, viewer, lead, reason, text)


def _qualified(amount: int, by: date | None) -> Deed:
    said = {
        Question.BUDGET: Said(Finding.YES, "In the plan for next year"),
        Question.AUTHORITY: Said(Finding.UNKNOWN, "Decides together with the owner"),
        Question.NEED: Said(Finding.YES, "An attack in September, two days without files"),
        Question.TIMING: Said(Finding.YES, "Before the audit", Horizon.THIS_QUARTER),
    }
    expected = (Product("Northwind Endpoint", amount),) if amount else ()

    def deed(session: Session, viewer: Viewer, lead: UUID) -> object:
        return qualifying.qualify(session, viewer, lead, said, expected=expected, expected_on=by)

    return deed


def _half_known(session: Session, viewer: Viewer, lead: UUID) -> object:
    said = {
        Question.BUDGET: Said(Finding.UNKNOWN),
        Question.AUTHORITY: Said(Finding.YES, "Owner of the firm"),
        Question.NEED: Said(Finding.YES, "Wants to know how long a restore takes"),
        Question.TIMING: Said(Finding.NO, "After the move in spring", Horizon.LATER),
    }
    return qualifying.qualify(session, viewer, lead, said)


def _northwind(today: date) -> tuple[Answer, ...]:
    """Hours ago, newest first."""
    return (
        Answer(
            1.5,
            "Nadia Lindt",
            "n.lindt@lindt-partner.example",
            "Lindt & Partner",
            "50-249",
            "+41 44 555 03 11",
            "How long does it take until we work again after an attack?",
        ),
        Answer(
            70,
            "Tim Graf",
            "t.graf@limmatwerk.example",
            "Limmatwerk AG",
            "10-49",
            "+41 44 555 03 24",
        ),
        Answer(
            168,
            "Beat Hofer",
            "hofer@hofer-treuhand.example",
            "Hofer Treuhand",
            "1-9",
            "+41 52 555 07 80",
            "Please call in the morning.",
        ),
        Answer(
            98,
            "Sandra Vogt",
            "sandra.vogt@seeklinik.example",
            "Seeklinik Horgen",
            "50-249",
            "+41 44 555 09 02",
            "Our cyber insurance asks for a plan by January.",
            ((95, _accept), (94, _call)),
        ),
        Answer(
            290,
            "Reto Baumann",
            "baumann@baumann-druck.example",
            "Baumann Druck",
            "10-49",
            "+41 43 555 06 60",
            "",
            (
                (286, _accept),
                (262, _call),
                (261, _spoke("Has a backup, never tried it. Call after his holidays.")),
            ),
        ),
        Answer(
            300,
            "Corinne Amacher",
            "c.amacher@amacher-optik.example",
            "Amacher Optik",
            "10-49",
            "+41 44 555 02 81",
            "",
            ((295, _spoke("Two shops, one server. Sends the inventory.")), (270, _half_known)),
        ),
        Answer(
            310,
            "Daniel Stucki",
            "d.stucki@stucki-metall.example",
            "Stucki Metall",
            "50-249",
            "+41 44 555 01 19",
            "We were hit in September.",
            (
                (306, _accept),
                (300, _spoke("Lost two days of work. Wants a proposal for 60 seats.")),
                (200, _qualified(0, None)),
            ),
        ),
        Answer(
            320,
            "Ursula Kern",
            "kern@kern-immobilien.example",
            "Kern Immobilien",
            "10-49",
            "+41 44 555 04 47",
            "",
            (
                (316, _accept),
                (312, _spoke("Insurance wants proof of restore tests.")),
                (150, _qualified(840_000, today + timedelta(days=40))),
                (52, _note("Proposal sent, answer after the board meeting.")),
            ),
        ),
        Answer(
            330,
            "Marco Rossi",
            "m.rossi@rossi-transport.example",
            "Rossi Transport",
            "10-49",
            "+41 91 555 08 15",
            "",
            (
                (325, _accept),
                (322, _spoke("Wants it before the winter season.")),
                (220, _qualified(1_260_000, today - timedelta(days=3))),
                (60, _won(1_260_000, 3_480_000)),
            ),
        ),
        Answer(
            332,
            "Helen Zbinden",
            "zbinden@praxis-zbinden.example",
            "Praxis Zbinden",
            "1-9",
            "+41 31 555 05 31",
            "",
            ((328, _accept), (326, _spoke("Eight seats, decides herself.")), (30, _won(264_000, 410_000))),
        ),
        Answer(
            328,
            "Olivier Perrin",
            "o.perrin@garten-perrin.example",
            "Garten Perrin",
            "10-49",
            "",
            "",
            (
                (324, _spoke("Compares three offers.")),
                (26, _lost(closing.LossReason.PRICE, "Took a cheaper one without restore tests.")),
            ),
        ),
        Answer(
            260,
            "Eveline Suter",
            "suter@suter-reisen.example",
            "Suter Reisen",
            "10-49",
            "+41 44 555 07 12",
            "",
            ((250, _spoke("Moves offices in spring.")), (249, _rest(nurture.in_months(today, 6)))),
        ),
        Answer(
            240,
            "Peter Muster",
            "info@musterhandel.example",
            "Musterhandel",
            "1-9",
            "",
            "test",
            ((236, _no_fit(returns.ReturnReason.NOT_A_CONTACT, "A test by a student.")),),
        ),
    )


_TIDEWATER = (
    Answer(
        20,
        "Jan Wyss",
        "wyss@wyss-architekten.example",
        "Wyss Architekten",
        "10-49",
        "+41 44 555 06 18",
        "Do you also keep drawings of ten years ago?",
    ),
)


def _work_what_came(world: World, eva: Viewer) -> None:
    """What the pages of the first campaign brought: some taken on, one waits to be reported."""
    web = world.installation.web
    with web.reading(eva.organisation_id) as session:
        lines = inbox.lines_for(session, eva, View.NEW, limit=4)
    for number, line in enumerate(lines[:2]):
        with _ago(world, 30 - number), web.transaction(eva.organisation_id) as session:
            service.accept(session, eva, line.lead.public_id)


def _answered(world: World, partner: str, vendor: str, answer: Answer, by: Viewer) -> None:
    owner = world.viewer(partner)
    installed = world.installation
    with installed.web.reading(owner.organisation_id) as session:
        campaign, touch = _page_of(session, owner.organisation_id, vendor)
        kit = load_kit(session, installed.storage, campaign.kit_version_id)
        facts = KitFacts(kit.sale, kit.engagement, kit.lead_visibility)
    with _ago(world, answer.hours), installed.web.transaction(owner.organisation_id) as session:
        receipt = capture.capture(
            session,
            session.get_one(Campaign, campaign.id),
            session.get_one(CampaignTouch, touch.id),
            Form(
                request_key=f"seed-{answer.address}",
                page=addresses.microsite(partner, campaign.slug),
                locale=campaign.locales[0],
                address=answer.address,
                address_typed=answer.address,
                name=answer.name,
                company=answer.company,
                employees=answer.employees,
                phone=answer.phone,
                message=answer.message,
            ),
            facts,
            hash_key=installed.settings.hash_key,
        )
    for hours, deed in answer.deeds:
        with _ago(world, hours), installed.web.transaction(by.organisation_id) as session:
            deed(session, by, receipt.lead.public_id)


def _page_of(session: Session, partner_id: int, vendor: str) -> tuple[Campaign, CampaignTouch]:
    row = session.execute(
        select(Campaign, CampaignTouch)
        .join(CampaignTouch, CampaignTouch.campaign_id == Campaign.id)
        .join(Organisation, Organisation.id == Campaign.vendor_id)
        .where(
            Campaign.partner_id == partner_id,
            Organisation.slug == vendor,
            Campaign.launched_at.is_not(None),
            CampaignTouch.kind == "microsite",
        )
        .order_by(Campaign.id)
        .limit(1)
    ).one()
    return row[0], row[1]


def _viewer(world: World, email: str, slug: str) -> Viewer:
    with world.installation.owner.reading() as session:
        return organisations.viewer_for(session, email, slug)


@contextmanager
def _ago(world: World, hours: float) -> Iterator[None]:
    """A block some hours back."""
    back = timedelta(hours=hours)
    with world.installation.owner.transaction() as session:
        clock.advance(session, -back)
    yield
    with world.installation.owner.transaction() as session:
        clock.advance(session, back)

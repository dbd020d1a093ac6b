"""Money of the example world beside its campaigns: certificates in every state, requests, money from elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tcma import clock
from tcma.funds import elsewhere, offers, papers, requests, rounds
from tcma.funds import queries as funding
from tcma.funds import service as funds
from tcma.funds.elsewhere import Noted
from tcma.funds.elsewhere_models import ElsewhereMoney, ElsewhereStatus
from tcma.funds.issuing import Terms
from tcma.funds.models import Certificate, FundingRequest
from tcma.organisations import queries as organisations
from tcma.seed.people import World
from tcma.viewer import Viewer

FIRST_DAY = timedelta(days=1)  # how long `begin` takes
HARBOUR, NORTHWIND, TIDEWATER = "harbour-it", "northwind-security", "tidewater-backup"
_LETTER = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def begin(world: World, report: Callable[[str], None]) -> None:
    """What has ended by today, and three answers that tell how long Northwind takes. A day passes."""
    with world.installation.owner.reading() as session:
        today = clock.now(session).date()
    _offer(world, NORTHWIND, Terms(25_000, valid_until_on=today + timedelta(days=8)))
    declined = _offer(world, NORTHWIND, Terms(15_000))
    revoked = _offer(world, NORTHWIND, Terms(60_000))
    small = _offer(world, TIDEWATER, Terms(300))
    with _as(world, HARBOUR) as (session, viewer):
        funds.decline(session, viewer, declined.public_id)
        for certificate in (revoked, small):
            funds.accept(session, viewer, certificate.public_id, terms_version=certificate.terms_version)
    with _as(world, NORTHWIND) as (session, viewer):
        funds.revoke(session, viewer, revoked.public_id, "Replaced by one with a larger amount")
    asked = [
        _ask(world, partner, 80_000, "event", why)
        for partner, why in (
            ("kestrel-networks", "A breakfast for forty finance directors in Leeds."),
            ("bergblick-systeme", "Ein Stand auf der Messe Augsburg."),
            ("cote-reseau", "Petit-déjeuner sécurité à Lyon, trente dirigeants."),
        )
    ]
    for request, hours in zip(asked, (5, 15, 4), strict=True):
        with world.installation.owner.transaction() as session:
            clock.advance(session, timedelta(hours=hours))
        with _as(world, NORTHWIND) as (session, viewer):
            reason = "This fund pays campaigns made from kits. Ask again for one of those."
            requests.decline(session, viewer, request.public_id, reason)
    report("Harbour IT: certificates that have ended; Northwind Security: three requests answered")


def finish(world: World, report: Callable[[str], None]) -> None:
    """What waits today, for Harbour IT."""
    with world.installation.owner.reading() as session:
        today = clock.now(session).date()
    rounds.expire_certificates(world.installation.worker)
    _offer(world, NORTHWIND, Terms(80_000))
    soon = _offer(world, NORTHWIND, Terms(50_000, valid_until_on=today + timedelta(days=12)))
    halted = _offer(world, TIDEWATER, Terms(30_000))
    with _as(world, HARBOUR) as (session, viewer):
        for certificate in (soon, halted):
            funds.accept(session, viewer, certificate.public_id, terms_version=certificate.terms_version)
    with _as(world, TIDEWATER) as (session, viewer):
        funds.suspend(session, viewer, halted.public_id, "The marketing check of this quarter is still open")
    _ask(world, HARBOUR, 70_000, "advert", "Search adverts in the canton of Zürich through January.")
    question = _ask(
        world,
        HARBOUR,
        90_000,
        "event",
        "An evening for thirty treasurers at the harbour, with a live restore.",
    )
    with _as(world, NORTHWIND) as (session, viewer):
        requests.ask_for_information(
            session, viewer, question.public_id, "Which speaker have you got, and may we bring one of ours?"
        )
    _keep(world, HARBOUR, 20_000, "print", "A letter to the doctors' practices of the region.")
    _elsewhere(world, today)
    report("Harbour IT: certificates in every state, requests, a question, money from elsewhere")


def _elsewhere(world: World, today: date) -> None:
    paper = papers.keep(
        world.installation.storage, world.viewer(HARBOUR).organisation_id, "Contoso terms.pdf", _LETTER
    )
    with _as(world, HARBOUR) as (session, viewer):

        def note(
            vendor: str, amount: int, currency: str, use: int | None, claim: int | None, text: str
        ) -> ElsewhereMoney:
            made = elsewhere.note(
                session,
                viewer,
                Noted(
                    vendor_name=vendor,
                    amount=amount,
                    currency=currency,
                    share_bp=5_000,
                    use_by_on=today + timedelta(days=use) if use else None,
                    claim_by_on=today + timedelta(days=claim) if claim else None,
                    note=text,
                ),
            )
            session.flush()
            return made

        contoso = note(
            "Contoso Cloud", 150_000, "EUR", 9, 40, "Autumn programme; ask Mia Brandt. Any event counts."
        )
        elsewhere.add_file(session, viewer, contoso.public_id, paper)
        used = note(
            "Fabrikam Networks", 200_000, "CHF", None, 25, "Paid the stand at the Zürich fair from it."
        )
        elsewhere.move(session, viewer, used.public_id, ElsewhereStatus.USED)
        note("Litware Mail", 80_000, "USD", 60, 90, "")
        paid = note("Tailspin Print", 45_000, "CHF", None, None, "Postcards in spring.")
        for status in (ElsewhereStatus.USED, ElsewhereStatus.CLAIMED, ElsewhereStatus.PAID):
            elsewhere.move(session, viewer, paid.public_id, status)


@contextmanager
def _as(world: World, firm: str) -> Iterator[tuple[Session, Viewer]]:
    """One transaction as the owner of a firm."""
    viewer = world.viewer(firm)
    with world.installation.web.transaction(viewer.organisation_id) as session:
        yield session, viewer


def _offer(world: World, vendor: str, terms: Terms) -> Certificate:
    with _as(world, vendor) as (session, viewer):
        fund = funding.funds_for(session, viewer)[0]
        partner = organisations.find_organisation(session, HARBOUR)
        return funds.grant(session, viewer, fund.public_id, partner.id, terms)


def _wish(session: Session, world: World, partner: str, amount: int, activity: str, why: str) -> requests.Ask:
    vendor = organisations.find_organisation(session, NORTHWIND)
    offer = offers.offers_for(session, world.viewer(partner), vendor.id)[0]
    return requests.Ask(
        vendor_id=vendor.id,
        fund_id=offer.fund_id,
        amount=amount,
        terms_version=offer.terms_version,
        activity=activity,
        expected_leads=12,
        why=why,
    )


def _ask(world: World, partner: str, amount: int, activity: str, why: str) -> FundingRequest:
    with _as(world, partner) as (session, viewer):
        return requests.ask(session, viewer, _wish(session, world, partner, amount, activity, why))


def _keep(world: World, partner: str, amount: int, activity: str, why: str) -> FundingRequest:
    with _as(world, partner) as (session, viewer):
        return requests.keep_draft(session, viewer, _wish(session, world, partner, amount, activity, why))

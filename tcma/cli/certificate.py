"""`tcma certificate`: asked for, granted, used."""

from uuid import UUID

import click
from sqlalchemy.orm import Session

from tcma import money
from tcma.cli.frame import Desk, acting
from tcma.errors import NotFound
from tcma.funds import offers, queries, requests, service
from tcma.funds.issuing import Terms
from tcma.funds.models import FundingRequest, RequestStatus
from tcma.kits import queries as kits
from tcma.partners import queries as partners
from tcma.viewer import OrganisationKind, Role

VENDOR, PARTNER = OrganisationKind.VENDOR, OrganisationKind.PARTNER


@click.group("certificate")
def command() -> None:
    """Funding certificates: the vendor pays a share, the partner owns the campaign."""


@command.command()
@click.argument("vendor")
@click.argument("amount")
@click.option("--fund", "fund_name", help="Which fund, where there are several.")
@click.option("--kit", "kit_slug", help="For this kit only.")
@click.option("--why", default="")
@acting(PARTNER, roles=[Role.MARKETER])
def ask(desk: Desk, vendor: str, amount: str, fund_name: str | None, kit_slug: str | None, why: str) -> None:
    """Ask VENDOR for AMOUNT; by asking you accept the fund's terms (`tcma certificate terms VENDOR`)."""
    with desk.deed() as session:
        other = partners.find_partnership_at(session, desk.viewer, vendor).vendor
        offer = _offer(offers.offers_for(session, desk.viewer, other.id), vendor, fund_name)
        kit = kits.find_kit(session, desk.viewer, kit_slug, other.id) if kit_slug else None
        request = requests.ask(
            session,
            desk.viewer,
            requests.Ask(
                vendor_id=other.id,
                fund_id=offer.fund_id,
                amount=money.parse(amount, offer.currency),
                terms_version=offer.terms_version,
                kit_id=kit.id if kit else None,
                why=why,
            ),
        )
        code = _code(desk, session, request)
    _tell(desk, request, code)


@command.command()
@click.argument("vendor")
@acting(PARTNER)
def terms(desk: Desk, vendor: str) -> None:
    """The terms you accept by asking."""
    with desk.look() as session:
        other = partners.find_partnership_at(session, desk.viewer, vendor).vendor
        found = offers.offers_for(session, desk.viewer, other.id)
    rows = [
        {"fund": offer.name, "version": offer.terms_version, "terms": offer.terms_text} for offer in found
    ]
    desk.table(rows, f"{vendor} has no fund open to you today.")


@command.command()
@click.argument("fund_name")
@click.argument("partner")
@click.argument("amount")
@acting(VENDOR, roles=[Role.APPROVER])
def grant(desk: Desk, fund_name: str, partner: str, amount: str) -> None:
    """Offer PARTNER a certificate of AMOUNT from the fund FUND_NAME."""
    with desk.deed() as session:
        fund = next(
            (found for found in queries.funds_for(session, desk.viewer) if found.name == fund_name), None
        )
        if fund is None:
            raise NotFound(f"You have no fund '{fund_name[:60]}'.")
        other = partners.find_partnership_at(session, desk.viewer, partner).partner
        made = service.grant(
            session, desk.viewer, fund.public_id, other.id, Terms(amount=money.parse(amount, fund.currency))
        )
    desk.say(f"Certificate {made.code} is offered to {partner}.", code=made.code)


@command.command()
@click.argument("code")
@acting(PARTNER, roles=[Role.MARKETER])
def accept(desk: Desk, code: str) -> None:
    """Accept an offered certificate and its terms."""
    with desk.deed() as session:
        found = queries.find_certificate_by_code(session, desk.viewer, code)
        service.accept(session, desk.viewer, found.public_id, terms_version=found.terms_version)
    desk.say(f"Certificate {found.code} is yours, until {found.valid_until_on:%d %B %Y}.", code=found.code)


@command.command("no-thanks")
@click.argument("code")
@acting(PARTNER, roles=[Role.MARKETER])
def no_thanks(desk: Desk, code: str) -> None:
    """Decline an offered certificate; its money goes back to the vendor. This cannot be undone."""
    with desk.deed() as session:
        found = queries.find_certificate_by_code(session, desk.viewer, code)
        service.decline(session, desk.viewer, found.public_id)
    desk.say(f"Declined. The money of {found.code} went back to the vendor.", code=found.code)


@command.command("answer")
@click.argument("request", type=click.UUID)
@click.argument("text")
@acting(PARTNER, roles=[Role.MARKETER])
def answer(desk: Desk, request: UUID, text: str) -> None:
    """Answer the vendor's question about a request for money."""
    with desk.deed() as session:
        requests.answer(session, desk.viewer, request, text)
    desk.say("Sent. The request is with the vendor again.")


@command.command("withdraw")
@click.argument("request", type=click.UUID)
@acting(PARTNER, roles=[Role.MARKETER])
def withdraw(desk: Desk, request: UUID) -> None:
    """Take back a request for money."""
    with desk.deed() as session:
        requests.withdraw(session, desk.viewer, request)
    desk.say("Withdrawn.")


@command.command()
@click.argument("request", type=click.UUID)
@click.option("--amount", help="Another amount than asked.")
@acting(VENDOR, roles=[Role.APPROVER])
def approve(desk: Desk, request: UUID, amount: str | None) -> None:
    """Approve a request; the certificate is active at once."""
    with desk.deed() as session:
        asked = queries.find_request(session, desk.viewer, request)
        other = Terms(amount=money.parse(amount, asked.currency)) if amount else None
        done = requests.approve(session, desk.viewer, request, other)
        code = _code(desk, session, done)
    _tell(desk, done, code)


@command.command()
@click.argument("request", type=click.UUID)
@click.option("--reason", required=True, help="The partner reads it.")
@acting(VENDOR, roles=[Role.APPROVER])
def decline(desk: Desk, request: UUID, reason: str) -> None:
    """Decline a request."""
    with desk.deed() as session:
        done = requests.decline(session, desk.viewer, request, reason)
    _tell(desk, done, None)


@command.command()
@click.argument("code")
@click.option("--reason", required=True)
@acting(VENDOR, roles=[Role.APPROVER])
def revoke(desk: Desk, code: str, reason: str) -> None:
    """Take back what is not reserved."""
    with desk.deed() as session:
        found = queries.find_certificate_by_code(session, desk.viewer, code)
        service.revoke(session, desk.viewer, found.public_id, reason)
    desk.say(f"Certificate {found.code} is revoked; campaigns that reserved from it finish.")


@command.command("requests")
@acting(VENDOR, PARTNER)
def asked(desk: Desk) -> None:
    """Funding requests, newest first."""
    with desk.look() as session:
        rows = [
            {
                "request": str(found.public_id),
                "amount": money.shown(found.amount, found.currency),
                "status": found.status.value,
                "decided": found.decided_by_rule or found.decline_reason,
            }
            for found in queries.requests_for(session, desk.viewer)
        ]
    desk.table(rows, "Nobody asked for funding yet.")


@command.command("list")
@acting(VENDOR, PARTNER)
def index(desk: Desk) -> None:
    """Certificates with what is left on them."""
    with desk.look() as session:
        rows = [
            {
                "code": found.certificate.code,
                "status": found.certificate.status.value,
                "amount": money.shown(found.certificate.amount, found.certificate.currency),
                "left": money.shown(found.left, found.certificate.currency),
                "reserved": money.shown(found.reserved, found.certificate.currency),
                "used": money.shown(found.used, found.certificate.currency),
                "until": found.certificate.valid_until_on.isoformat(),
            }
            for found in queries.certificates_for(session, desk.viewer)
        ]
    desk.table(rows, "No certificates yet.")


def _offer(found: list[offers.Offer], vendor: str, name: str | None) -> offers.Offer:
    matching = [offer for offer in found if name in (None, offer.name)]
    if len(matching) == 1:
        return matching[0]
    if not matching:
        raise NotFound(f"{vendor} has no such fund open to you today.")
    names = ", ".join(offer.name for offer in matching)
    raise NotFound(f"{vendor} has several funds. Say which one with --fund: {names}.")


def _code(desk: Desk, session: Session, request: FundingRequest) -> str | None:
    for found in queries.certificates_for(session, desk.viewer):
        if found.certificate.id == request.certificate_id:
            return found.certificate.code
    return None


def _tell(desk: Desk, request: FundingRequest, code: str | None) -> None:
    sentences = {
        RequestStatus.APPROVED: f"Granted: certificate {code}. {request.decided_by_rule or ''}".strip(),
        RequestStatus.DECLINED: f"Declined: {request.decline_reason}",
    }
    reasons = " ".join(request.why_not)
    waiting = f"Asked; a person decides, because: {reasons} (request {request.public_id})"
    desk.say(
        sentences.get(request.status, waiting),
        request=request.public_id,
        status=request.status.value,
        certificate=code,
        rule=request.decided_by_rule,
        why_not=request.why_not,
    )

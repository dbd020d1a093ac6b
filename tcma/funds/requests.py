"""A partner asks for money: granted at once by rule, or decided by a person at the vendor."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Conflict, Invalid, NotFound, Refused, phrase
from tcma.funds import chart, issuing, ledger, queries, rules, telling
from tcma.funds.accounts import AccountKind
from tcma.funds.issuing import Terms
from tcma.funds.models import Fund, FundingRequest, RequestStatus
from tcma.funds.service import LARGEST_AMOUNT, user_of
from tcma.jobs.queue import Job, enqueue
from tcma.partners.models import Partnership
from tcma.viewer import OrganisationKind, Role, Viewer, acting_for

LONGEST_TEXT = 2_000
MOST_LEADS = 100_000


@dataclass(frozen=True, slots=True)
class Ask:
    """What a partner asks for. `fund_id` and `terms_version` come from an Offer."""

    vendor_id: int
    fund_id: UUID
    amount: int  # minor units of the fund's currency
    terms_version: str  # of the terms the asker was shown; asking accepts them
    activity: str = "campaign"
    kit_id: int | None = None
    starts_on: date | None = None
    expected_leads: int | None = None
    why: str = ""


def ask(session: Session, viewer: Viewer, wanted: Ask, draft_id: UUID | None = None) -> FundingRequest:
    """Ask (with the draft kept before, if one is named), and get an answer at once where the fund's rule allows it.

    Approved: the certificate is active already. Submitted: `why_not` says why a person decides.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    _check(wanted)
    partnership = queries.require_active(
        session, vendor_id=wanted.vendor_id, partner_id=viewer.organisation_id
    )
    request = _draft(session, viewer, wanted, draft_id)
    with acting_for(session, wanted.vendor_id, "funds.grant_by_rule"):
        fund = locked_fund(session, wanted)
        fill(request, wanted, fund)
        request.submit(clock.now(session))
        session.add(request)
        session.flush()
        verdict = rules.decide(facts(session, fund, partnership, wanted))
        if isinstance(verdict, rules.Granted):
            _issue(session, fund, request, Terms(wanted.amount, kit_id=wanted.kit_id))
            request.approve(clock.now(session), user_id=None, rule=verdict.sentence)
            trail.record(session, None, "funding_request.granted_by_rule", request)
        else:
            request.why_not = list(verdict.reasons)
    trail.record(session, viewer, "funding_request.submitted", request)
    return request


def keep_draft(session: Session, viewer: Viewer, wanted: Ask, draft_id: UUID | None = None) -> FundingRequest:
    """Keep a request for later, a new one or the draft named; the vendor does not see it before it is asked."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    _check(wanted)
    queries.require_active(session, vendor_id=wanted.vendor_id, partner_id=viewer.organisation_id)
    request = _draft(session, viewer, wanted, draft_id)
    with acting_for(session, wanted.vendor_id, "funds.offers"):
        fill(request, wanted, find_fund(session, wanted))
    session.add(request)
    session.flush()
    return request


def approve(session: Session, viewer: Viewer, public_id: UUID, terms: Terms | None = None) -> FundingRequest:
    """A person says yes, to the amount asked or to `terms` of their own; the certificate is active.

    The kit asked for stays unless the terms name another.
    """
    request = _decidable(session, viewer, public_id)
    queries.require_active(session, vendor_id=request.vendor_id, partner_id=request.partner_id)
    fund = issuing.locked_fund(session, request.fund_id)
    if viewer.organisation_id != fund.organisation_id:
        raise NotFound("There is no such fund.")
    request.approve(clock.now(session), user_id=viewer.user_id, rule=None)
    given = terms or Terms(request.amount)
    _issue(session, fund, request, replace(given, kit_id=given.kit_id or request.kit_id), viewer.user_id)
    trail.record(session, viewer, "funding_request.approved", request)
    telling.decided(session, request)
    return request


def decline(session: Session, viewer: Viewer, public_id: UUID, reason: str) -> FundingRequest:
    request = _decidable(session, viewer, public_id)
    request.decline(clock.now(session), user_of(viewer), _text("reason", reason))
    trail.record(session, viewer, "funding_request.declined", request)
    telling.decided(session, request)
    enqueue(session, Job.LAUNCHES_RECHECK_FUNDING, f"request:{request.id}", {"request_id": request.id})
    return request


def ask_for_information(session: Session, viewer: Viewer, public_id: UUID, question: str) -> FundingRequest:
    request = _decidable(session, viewer, public_id)
    request.ask_for_information(_text("question", question))
    trail.record(session, viewer, "funding_request.information_asked", request)
    telling.decided(session, request)
    return request


def answer(session: Session, viewer: Viewer, public_id: UUID, text: str) -> FundingRequest:
    """The partner answers; the request goes back to the person, never to the rule."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    request = queries.find_request(session, viewer, public_id, lock=True)
    if request.status is not RequestStatus.INFO_REQUESTED:
        raise Conflict(
            phrase("Nothing was asked about this request; it is %(status)s.", status=request.status)
        )
    request.answer_question(_text("answer", text))
    trail.record(session, viewer, "funding_request.answered", request)
    return request


def withdraw(session: Session, viewer: Viewer, public_id: UUID) -> FundingRequest:
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    request = queries.find_request(session, viewer, public_id, lock=True)
    request.withdraw()
    trail.record(session, viewer, "funding_request.withdrawn", request)
    enqueue(session, Job.LAUNCHES_RECHECK_FUNDING, f"request:{request.id}", {"request_id": request.id})
    return request


def _issue(
    session: Session, fund: Fund, request: FundingRequest, terms: Terms, user_id: int | None = None
) -> None:
    """The asker accepted the terms when asking, so the certificate is active in the same transaction."""
    certificate = issuing.issue(session, fund, request.partner_id, terms, user_id)
    certificate.terms_version, certificate.terms_text = request.terms_version, request.terms_text
    certificate.accept(request.asked_by_id, request.created_at)
    request.certificate_id = certificate.id
    enqueue(session, Job.LAUNCHES_START_FUNDED, f"request:{request.id}", {"request_id": request.id})


def find_fund(session: Session, wanted: Ask) -> Fund:
    """The fund asked, in a session that acts for its vendor."""
    fund = session.scalar(
        select(Fund).where(Fund.organisation_id == wanted.vendor_id, Fund.public_id == wanted.fund_id)
    )
    if fund is None:
        raise NotFound("There is no such fund.")
    return fund


def locked_fund(session: Session, wanted: Ask) -> Fund:
    """The same, held until commit; Conflict when its terms are no longer those that were shown."""
    fund = issuing.locked_fund(session, find_fund(session, wanted).id)
    if fund.terms_version != wanted.terms_version:
        raise Conflict(
            phrase(
                "The fund's terms are now version %(version)s. Read them and ask again.",
                version=fund.terms_version,
            )
        )
    return fund


def fill(request: FundingRequest, wanted: Ask, fund: Fund) -> None:
    """Put down what is asked, under the fund's terms as they are now."""
    request.fund_id, request.currency = fund.id, fund.currency
    request.terms_version, request.terms_text = fund.terms_version, fund.terms_text
    request.kit_id, request.activity, request.amount = wanted.kit_id, wanted.activity, wanted.amount
    request.why, request.expected_leads = wanted.why.strip(), wanted.expected_leads
    request.starts_on, request.why_not = wanted.starts_on, []


def facts(session: Session, fund: Fund, partnership: Partnership, wanted: Ask) -> rules.Facts:
    """What the fund's rule decides by, in a session that acts for its vendor."""
    free = chart.of_fund(AccountKind.FREE, fund)
    return rules.Facts(
        rule=rules.Rule.read(fund.rule),
        activity=wanted.activity,
        amount=wanted.amount,
        currency=fund.currency,
        share_bp=fund.share_bp,
        cap=fund.cap_amount,
        free=ledger.balance(session, free),
        tier=partnership.tier,
        ready_until=partnership.marketing_ready_until_on,
        today=clock.now(session).date(),
        starts_on=wanted.starts_on,
        fund_starts_on=fund.starts_on,
        fund_ends_on=fund.ends_on,
    )


def _draft(session: Session, viewer: Viewer, wanted: Ask, draft_id: UUID | None) -> FundingRequest:
    """A new request or the draft kept before, locked; it belongs to whoever asks."""
    if draft_id is None:
        return FundingRequest(
            vendor_id=wanted.vendor_id,
            partner_id=viewer.organisation_id,
            status=RequestStatus.DRAFT,
            asked_by_id=user_of(viewer),
            created_at=clock.now(session),
        )
    request = queries.find_request(session, viewer, draft_id, lock=True)
    if request.status is not RequestStatus.DRAFT:
        raise Conflict("This request was sent already, so it cannot be changed. Withdraw it and ask anew.")
    if request.vendor_id != wanted.vendor_id:
        raise Conflict("This draft is for another vendor. Start a new request.")
    request.asked_by_id = user_of(viewer)
    return request


def _decidable(session: Session, viewer: Viewer, public_id: UUID) -> FundingRequest:
    viewer.require(OrganisationKind.VENDOR, Role.APPROVER)
    request = queries.find_request(session, viewer, public_id, lock=True)
    if request.asked_by_id == viewer.user_id:
        raise Refused("Nobody decides on a request of their own. Ask a colleague to.")
    return request


def _check(wanted: Ask) -> None:
    if not 0 < wanted.amount <= LARGEST_AMOUNT:
        raise Invalid("Ask for an amount above zero.", {"amount": "Above zero, please."})
    if not 0 < len(wanted.activity) <= 40:
        raise Invalid("Name the activity in at most 40 characters.", {"activity": "1 to 40 characters."})
    if wanted.expected_leads is not None and not 0 <= wanted.expected_leads <= MOST_LEADS:
        sentence = phrase("Expect 0 to %(most)s leads, or leave it empty.", most=MOST_LEADS)
        raise Invalid(sentence, {"expected_leads": sentence})
    if len(wanted.why) > LONGEST_TEXT:
        raise Invalid(
            phrase("Say why in at most %(most)s characters.", most=LONGEST_TEXT),
            {"why": phrase("At most %(most)s characters.", most=LONGEST_TEXT)},
        )


def _text(field: str, text: str) -> str:
    cleaned = text.strip()
    if not cleaned or len(cleaned) > LONGEST_TEXT:
        sentence = phrase("Write the %(field)s in 1 to %(most)s characters.", field=field, most=LONGEST_TEXT)
        raise Invalid(sentence, {field: sentence})
    return cleaned

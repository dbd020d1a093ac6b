"""What people are told about money: decisions on requests, certificates and sums that run out."""

from datetime import date
from hashlib import blake2b

from sqlalchemy.orm import Session

from tcma import addresses
from tcma.funds.elsewhere_models import ElsewhereMoney
from tcma.funds.models import Certificate, FundingRequest, RequestStatus
from tcma.notices import service as notices
from tcma.notices.kinds import NoticeKind
from tcma.notices.values import Amount, Value
from tcma.organisations.models import Organisation
from tcma.organisations.recipients import people_with, person_in
from tcma.viewer import Role

ABOUT_MONEY = (Role.OWNER, Role.MARKETER)
_DECISIONS = {
    RequestStatus.APPROVED: "approved",
    RequestStatus.DECLINED: "declined",
    RequestStatus.INFO_REQUESTED: "question",
}


def decided(session: Session, request: FundingRequest) -> None:
    """Tell the asker what a person at the vendor said; the owners, where the asker has left."""
    asker = person_in(session, request.asked_by_id, request.partner_id)
    vendor, partner = _firm(session, request.vendor_id), _firm(session, request.partner_id)
    decision = _DECISIONS[request.status]
    amount: int = request.amount
    until: Value = ""
    if request.certificate_id is not None:
        certificate = session.get_one(Certificate, request.certificate_id)
        amount, until = certificate.amount, certificate.valid_until_on
    reason = request.question if decision == "question" else request.decline_reason
    event = blake2b(reason.encode(), digest_size=6).hexdigest()  # a request may be asked about several times
    notices.tell(
        session,
        NoticeKind.FUNDING_DECIDED,
        asker or people_with(session, request.partner_id, Role.OWNER),
        f"request:{request.id}:{decision}:{event}",
        {
            "vendor": vendor.name,
            "amount": Amount(amount, request.currency),
            "decision": decision,
            "reason": reason,
            "valid_until": until,
        },
        addresses.funding_request(partner.slug, request.public_id),
    )


def certificate_expiring(
    session: Session, certificate: Certificate, *, left: int, step: int, days: int
) -> None:
    """`left` of it is not used and its last day is `days` away; told once for each step."""
    vendor, partner = _firm(session, certificate.vendor_id), _firm(session, certificate.partner_id)
    notices.tell(
        session,
        NoticeKind.CERTIFICATE_EXPIRING,
        people_with(session, certificate.partner_id, *ABOUT_MONEY),
        f"certificate:{certificate.id}:{certificate.valid_until_on:%Y%m%d}:{step}",
        {
            "vendor": vendor.name,
            "left": Amount(left, certificate.currency),
            "code": certificate.code,
            "expires_on": certificate.valid_until_on,
            "days": days,
        },
        addresses.certificate(partner.slug, certificate.public_id),
    )


def elsewhere_due(
    session: Session, found: ElsewhereMoney, deadline: str, on: date, *, step: int, days: int
) -> None:
    """`deadline` is "use" or "claim"; a date that was moved is told anew."""
    partner = _firm(session, found.partner_id)
    notices.tell(
        session,
        NoticeKind.OUTSIDE_MONEY,
        people_with(session, found.partner_id, *ABOUT_MONEY, Role.FINANCE),
        f"elsewhere:{found.id}:{deadline}:{on:%Y%m%d}:{step}",
        {
            "vendor": found.vendor_name,
            "amount": Amount(found.amount, found.currency),
            "deadline": deadline,
            "on": on,
            "days": days,
        },
        addresses.money_elsewhere(partner.slug, found.public_id),
    )


def _firm(session: Session, organisation_id: int) -> Organisation:
    return session.get_one(Organisation, organisation_id)

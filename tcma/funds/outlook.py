""" "Will it be granted?", answered before anything is asked, by the very rule that decides."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from tcma.errors import Conflict, phrase
from tcma.funds import queries, requests, rules
from tcma.funds.answer_time import median_answer_time
from tcma.funds.models import Fund
from tcma.funds.requests import Ask
from tcma.partners.models import Partnership
from tcma.viewer import OrganisationKind, Role, Viewer, acting_for


class Prospect(StrEnum):
    AT_ONCE = "at_once"
    NEEDS_A_LOOK = "needs_a_look"
    OVER_CAP = "over_cap"  # no certificate of the fund can hold it: ask for `cap` instead


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a request would meet now. Amounts in minor units of `currency`; `reasons` say why a person looks,
    `answer_time` is the vendor's median, None while too few were answered to tell."""

    prospect: Prospect
    amount: int
    currency: str
    cap: int
    reasons: tuple[str, ...] = ()
    answer_time: timedelta | None = None

    @property
    def over(self) -> int:
        return max(0, self.amount - self.cap)


def outlook(session: Session, viewer: Viewer, wanted: Ask) -> Outlook:
    """Nothing is kept and nobody is told. At most nine statements; Conflict where no new money moves."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    partnership = queries.require_active(
        session, vendor_id=wanted.vendor_id, partner_id=viewer.organisation_id
    )
    with acting_for(session, wanted.vendor_id, "funds.offers"):
        fund = requests.find_fund(session, wanted)
        found = _decided(session, fund, partnership, wanted)
    if found.prospect is not Prospect.NEEDS_A_LOOK:
        return found
    answer_time = median_answer_time(session, wanted.vendor_id)
    return Outlook(found.prospect, found.amount, found.currency, found.cap, found.reasons, answer_time)


def _decided(session: Session, fund: Fund, partnership: Partnership, wanted: Ask) -> Outlook:
    if fund.terms_version != wanted.terms_version:
        raise Conflict(
            phrase(
                "The fund's terms are now version %(version)s. Read them and ask again.",
                version=fund.terms_version,
            )
        )
    if wanted.amount > fund.cap_amount:
        return Outlook(Prospect.OVER_CAP, wanted.amount, fund.currency, fund.cap_amount)
    verdict = rules.decide(requests.facts(session, fund, partnership, wanted))
    if isinstance(verdict, rules.Granted):
        return Outlook(Prospect.AT_ONCE, wanted.amount, fund.currency, fund.cap_amount)
    return Outlook(
        Prospect.NEEDS_A_LOOK, wanted.amount, fund.currency, fund.cap_amount, reasons=verdict.reasons
    )

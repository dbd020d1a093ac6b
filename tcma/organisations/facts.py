"""What an organisation says about itself in its settings, and its working hours."""

import re
from dataclasses import dataclass
from datetime import date, time

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.calendar import WorkingHours, working_hours
from tcma.audit import trail
from tcma.errors import Invalid, phrase
from tcma.organisations.firms import Firm
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer

IMPRINT_LENGTH = 2_000
CLOSED_DAYS = 100  # kept at most
_TIME = re.compile(r"\A([01]?\d|2[0-3]):([0-5]\d)\Z")


@dataclass(frozen=True, slots=True)
class Facts:
    """Settings as they are typed: times as 08:00, weekdays as 0 (Monday) to 6, days off as one date a line."""

    name: str
    legal_name: str
    street: str
    postal_code: str
    city: str
    country: str
    locale: str
    timezone: str
    imprint: str = ""
    opens: str = "08:00"
    closes: str = "17:00"
    working_days: tuple[str, ...] = ("0", "1", "2", "3", "4")
    holiday_region: str = ""
    closed_on: str = ""


def change_facts(session: Session, viewer: Viewer, facts: Facts) -> Organisation:
    """An owner changes what the organisation says about itself. Invalid names each field that cannot be used.

    Address, web domain and currency stay: others hold links and money by them.
    """
    viewer.require(viewer.kind)  # owners
    organisation = session.scalars(
        select(Organisation).where(Organisation.id == viewer.organisation_id)
    ).one()
    fields: dict[str, str] = {}
    opens, closes = _minutes(facts.opens), _minutes(facts.closes)
    if opens is None:
        fields["opens"] = phrase("Write a time such as 08:00.")
    if closes is None or (opens is not None and closes <= opens):
        fields["closes"] = phrase("Write a time after the opening, such as 17:00.")
    days = "".join(sorted(set(facts.working_days)))
    if not days or not set(days) <= set("0123456"):
        fields["working_days"] = phrase("Choose at least one day.")
    region = facts.holiday_region.strip().upper() or None
    if region is not None and region not in regions(facts.country):
        fields["holiday_region"] = phrase("Choose a region of this country, or none.")
    imprint = facts.imprint.replace("\r\n", "\n").strip()
    if len(imprint) > IMPRINT_LENGTH:
        fields["imprint"] = phrase("At most %(most)s characters.", most=IMPRINT_LENGTH)
    closed, wrong = _days(facts.closed_on)
    if wrong:
        fields["closed_on"] = wrong
    firm = _firm(organisation, facts, fields)
    if fields or firm is None or opens is None or closes is None:
        raise Invalid(phrase("Some fields need a look."), fields)
    organisation.name, organisation.legal_name = firm.name, firm.legal_name
    organisation.street, organisation.postal_code, organisation.city = (
        firm.street,
        firm.postal_code,
        firm.city,
    )
    organisation.country, organisation.locale, organisation.timezone = (
        firm.country,
        firm.locale,
        firm.timezone,
    )
    organisation.imprint, organisation.holiday_region = imprint, region
    organisation.opens, organisation.closes, organisation.working_days = opens, closes, days
    organisation.closed_on = closed
    trail.record(session, viewer, "organisation.changed", organisation)
    return organisation


def facts_of(organisation: Organisation) -> Facts:
    """The settings as a form shows them."""
    return Facts(
        name=organisation.name,
        legal_name=organisation.legal_name,
        street=organisation.street,
        postal_code=organisation.postal_code,
        city=organisation.city,
        country=organisation.country,
        locale=organisation.locale,
        timezone=organisation.timezone,
        imprint=organisation.imprint,
        opens=f"{_time(organisation.opens):%H:%M}",
        closes=f"{_time(organisation.closes):%H:%M}",
        working_days=tuple(organisation.working_days),
        holiday_region=organisation.holiday_region or "",
        closed_on="\n".join(organisation.closed_on),
    )


def regions(country: str) -> list[str]:
    """The parts of a country whose public holidays are known, by their ISO 3166-2 sign."""
    return list(holidays.list_supported_countries().get(country.strip().upper(), []))


def hours_of(organisation: Organisation) -> WorkingHours:
    """Business time of an organisation: its hours, public holidays and own days off."""
    return working_hours(
        organisation.timezone,
        organisation.country,
        organisation.holiday_region,
        opens=_time(organisation.opens),
        closes=_time(organisation.closes),
        days=frozenset(int(day) for day in organisation.working_days),
        closed=frozenset(date.fromisoformat(day) for day in organisation.closed_on),
    )


def _firm(organisation: Organisation, facts: Facts, fields: dict[str, str]) -> Firm | None:
    given = Firm(
        name=facts.name,
        legal_name=facts.legal_name,
        street=facts.street,
        postal_code=facts.postal_code,
        city=facts.city,
        country=facts.country,
        currency=organisation.currency,
        locale=facts.locale,
        timezone=facts.timezone,
        slug=organisation.slug,
    )
    try:
        return given.checked()
    except Invalid as problem:
        fields.update(problem.fields)
        return None


def _minutes(text: str) -> int | None:
    found = _TIME.match(text.strip())
    return int(found[1]) * 60 + int(found[2]) if found else None


def _time(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _days(text: str) -> tuple[list[str], str]:
    """ISO dates in order, and what is wrong with the first line that is none."""
    found: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.add(date.fromisoformat(line.strip()).isoformat())
        except ValueError:
            return [], phrase(
                'Line %(number)s: "%(line)s" is no date. Write it as 2026-12-24.',
                number=number,
                line=line.strip()[:40],
            )
    if len(found) > CLOSED_DAYS:
        return [], phrase("At most %(most)s days.", most=CLOSED_DAYS)
    return sorted(found), ""

"""The reference data of page benchmarks: the example world, grown to the size of a busy installation.

Rows are written straight into the database, shaped as the deeds write them; the campaigns are copies of one
that was really launched and sent.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from tcma import clock
from tcma.audiences import marks
from tcma.audiences.models import Contact
from tcma.bench.reference import leads, lists, mails
from tcma.bench.reference.rows import Rows
from tcma.installation import Installation
from tcma.launches.deliveries import TouchEvent
from tcma.launches.models import Campaign
from tcma.leads.models import Lead
from tcma.migrations import gather_statistics
from tcma.organisations.models import Membership, Organisation, User
from tcma.partners.models import BrandProfile, Partnership

MODEL_PARTNER = "harbour-it"


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to be in all, beside the example world."""

    partners: int = 50
    leads: int = 200_000
    events: int = 1_000_000
    contacts: int = 100_000
    largest: int = 50_000  # people on one list more, of the partner whose pages are measured


def grow(installation: Installation, size: Size, report: Callable[[str], None] = lambda line: None) -> None:
    """Grow a seeded installation by `size`; a second time only with one partner."""
    with installation.owner.reading() as session:
        now = clock.now(session)
    chance = random.Random(20261122)
    with installation.owner.engine.begin() as connection:
        rows = Rows(connection)
        model = rows.find(Organisation, Organisation.slug == MODEL_PARTNER)
        launched = rows.find(Campaign, Campaign.partner_id == model["id"], Campaign.launched_at.is_not(None))
        partners = [model["id"], *(_partner(rows, model, number) for number in range(1, size.partners))]
    for number, partner_id in enumerate(partners, start=1):
        with installation.owner.engine.begin() as connection:
            rows = Rows(connection)
            place = lists.Place(partner_id, launched, now, chance)
            campaigns = mails.write(
                rows,
                place,
                people=size.contacts // size.partners,
                events=size.events // size.partners,
                hash_key=installation.settings.hash_key,
            )
            leads.write(rows, place, campaigns, size.leads // size.partners)
            if partner_id == model["id"]:
                lists.write(rows, place, lists.LARGEST, size.largest, installation.settings.hash_key)
        with installation.worker.transaction() as session:
            marks.people_changed(session, partner_id)
        if number % 10 == 0 or number == size.partners:
            report(f"{number} of {size.partners} partners have their people, mails, events and leads")
    gather_statistics(installation.owner.engine)


def counts(installation: Installation) -> dict[str, int]:
    """Rows of what the reference is named after."""
    named = {"partnerships": Partnership, "leads": Lead, "touch events": TouchEvent, "contacts": Contact}
    with installation.owner.reading() as session:
        return {
            name: session.scalar(select(func.count()).select_from(model)) or 0
            for name, model in named.items()
        }


def _partner(rows: Rows, model: dict[str, object], number: int) -> int:
    """A partner of the same vendors, with one person and a brand."""
    partner = rows.copy(
        Organisation,
        model,
        slug=f"grown-{number}",
        name=f"Grown {number} IT",
        domain=f"grown{number}.example",
    )
    original = model["id"]
    owner = rows.find(Membership, Membership.organisation_id == original)
    user = rows.copy(User, rows.find(User, User.id == owner["user_id"]), email=f"owner@grown{number}.example")
    rows.copy(Membership, owner, organisation_id=partner, user_id=user)
    for partnership in rows.find_all(Partnership, Partnership.partner_id == original):
        rows.copy(Partnership, partnership, partner_id=partner)
    brand = rows.find(BrandProfile, BrandProfile.organisation_id == original)
    rows.copy(BrandProfile, brand, organisation_id=partner)
    return partner

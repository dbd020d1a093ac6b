"""The example world: two vendors, six partners, campaigns in several states, answers, leads and money.

Made by the same deeds, pages and lanes as anything real, from one fixed source of chance.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from tcma import addresses, clock
from tcma.installation import Installation
from tcma.launches.models import Campaign
from tcma.organisations.models import Membership, Organisation
from tcma.seed import history, people
from tcma.seed.firms import FIRMS, OPERATOR

Report = Callable[[str], None]
PAST = timedelta(days=14)


def make_world(installation: Installation, report: Report = lambda line: None) -> None:
    """Fill an empty, migrated database. Takes about half a minute; `report` is told what was made."""
    with installation.owner.transaction() as session:
        clock.advance(session, -PAST)
    world = people.make_firms(installation, report)
    history.make(world, report)
    with installation.owner.transaction() as session:
        clock.advance(session, clock.real() - clock.now(session))


def sign_ins(installation: Installation) -> list[str]:
    """One line per person of the example world: what to write behind `--as`."""
    with installation.owner.reading() as session:
        rows = session.execute(
            select(Organisation.name, Organisation.slug, Membership.role, Membership.user_id)
            .join(Membership, Membership.organisation_id == Organisation.id)
            .order_by(Organisation.kind.desc(), Organisation.id, Membership.id)
        ).all()
        names = {member.user_id: member.user for member in session.scalars(select(Membership))}
        return [
            f"  --as {names[user_id].email}@{slug}  {names[user_id].name}, {role.value.replace('_', ' ')} at {name}"
            for name, slug, role, user_id in rows
        ]


def pages(installation: Installation) -> list[str]:
    """Paths of the microsites that are open, for a first look."""
    with installation.owner.reading() as session:
        found = session.execute(
            select(Organisation.slug, Campaign)
            .join(Campaign, Campaign.partner_id == Organisation.id)
            .order_by(Campaign.id)
        ).all()
        return [addresses.microsite(slug, campaign.slug) for slug, campaign in found if campaign.is_open]


__all__ = ["FIRMS", "OPERATOR", "make_world", "pages", "sign_ins"]

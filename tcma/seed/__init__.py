"""The example world: two vendors, six partners, campaigns in several states, answers, leads and money.

Made by the same deeds, pages and lanes as anything real, from one fixed source of chance.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.kit import TouchKind
from tcma import addresses, clock
from tcma.installation import Installation
from tcma.launches.models import Campaign
from tcma.organisations.models import Membership, Organisation
from tcma.seed import history, leads, money, people, replies, webinars
from tcma.seed.firms import FIRMS, OPERATOR
from tcma.seed.people import PASSWORD
from tcma.viewer import OrganisationKind

Report = Callable[[str], None]
PAST = timedelta(days=14)


def make_world(installation: Installation, report: Report = lambda line: None) -> None:
    """Fill an empty, migrated database. Takes about half a minute; `report` is told what was made."""
    with installation.owner.transaction() as session:
        clock.advance(session, -PAST - money.FIRST_DAY)
    world = people.make_firms(installation, report)
    money.begin(world, report)
    history.make(world, report)
    leads.make(world, report)
    replies.make(world, report)
    if webinars.make(world, report):
        history.run(world)
    money.finish(world, report)
    with installation.owner.transaction() as session:
        clock.advance(session, clock.real() - clock.now(session))


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person of the example world in one organisation; everybody has the PASSWORD."""

    email: str
    name: str
    role: str
    firm: str
    slug: str

    @property
    def acting(self) -> str:
        """What to write behind `--as`."""
        return f"{self.email}@{self.slug}"


def sign_ins(installation: Installation) -> list[SignIn]:
    """Who can sign in, partners' people first."""
    with installation.owner.reading() as session:
        rows = session.scalars(
            select(Membership)
            .join(Membership.organisation)
            .options(joinedload(Membership.user), joinedload(Membership.organisation))
            .order_by(
                Organisation.kind == OrganisationKind.OPERATOR,
                Organisation.kind,
                Organisation.id,
                Membership.id,
            )
        ).all()
    roles: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        roles.setdefault((row.user_id, row.organisation_id), []).append(row.role.value.replace("_", " "))
    first = {(row.user_id, row.organisation_id): row for row in reversed(rows)}
    return [
        SignIn(
            email=first[key].user.email,
            name=first[key].user.name,
            role=" and ".join(held),
            firm=first[key].organisation.name,
            slug=first[key].organisation.slug,
        )
        for key, held in roles.items()
    ]


def listed(found: list[SignIn]) -> list[str]:
    """The same as aligned lines for a terminal."""
    width = max((len(one.email) for one in found), default=0)
    return [f"  {one.email:<{width}}  {one.name}, {one.role} at {one.firm}" for one in found]


def pages(installation: Installation) -> list[str]:
    """Paths of the pages that are open, for a first look: the microsite, or the webinar where that is all."""
    with installation.owner.reading() as session:
        found = session.execute(
            select(Organisation.slug, Campaign)
            .join(Campaign, Campaign.partner_id == Organisation.id)
            .order_by(Campaign.id)
        ).all()
        return [_page(slug, campaign) for slug, campaign in found if campaign.is_open]


def _page(slug: str, campaign: Campaign) -> str:
    has_microsite = any(touch.kind == TouchKind.MICROSITE for touch in campaign.touches)
    return (addresses.microsite if has_microsite else addresses.webinar)(slug, campaign.slug)


__all__ = ["FIRMS", "OPERATOR", "PASSWORD", "SignIn", "listed", "make_world", "pages", "sign_ins"]

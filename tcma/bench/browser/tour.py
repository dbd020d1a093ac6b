"""Who opens which pages: found by following links, so that a new page is in without being listed."""

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from tcma import clock, seed
from tcma.bench.browser import doors, states
from tcma.bench.browser.house import House
from tcma.bench.browser.stop import Stop
from tcma.bench.visitor import Visitor
from tcma.errors import DomainError
from tcma.installation import Installation
from tcma.migrations import upgrade
from tcma.organisations import queries as organisations
from tcma.organisations import service as firms
from tcma.organisations import sign_ins
from tcma.organisations.firms import Firm
from tcma.organisations.sign_ins import Lives
from tcma.partners.models import Partnership, PartnershipStatus
from tcma.viewer import OrganisationKind, Role
from tcma.web import create_app, unit
from tcma.web.application import open_at
from tcma.webinars.models import WebinarSession

DRAFTER = "dana.brooks@lakeside-digital.example"
OF_EVERY_KIND = "luc.moreau@cote-reseau.example"  # launched a kit with every kind of touch
OPERATOR = "rolf.amsler@example-hosting.example"
VENDOR_SLUG = "northwind-security"


NO_PAGES = {  # views that are no page by themselves, and that no walk meets
    "files.asset": "a file of our own",
    "files.manifest": "for the phone's own screen",
    "files.picture": "a picture in a mail",
    "links.click": "leads on",
    "links.opened": "one pixel",
    "microsite.promised_file": "a file of the kit",
    "partner_campaign_files.by_message": "a file of its page",
    "partner_campaign_replies.mail": "a mail to download",
    "partner_funding_requests.file": "a file to download",
    "partner_lead_reports.saved": "a row of its table",
    "partner_leads.arrived": "a part of its page",
    "partner_setup.index": "leads on to the first step that is open",
    "partner_setup_launch.checks": "a part of its page",
    "platform.check": "for machines",
    "platform.robots": "for machines",
    "seat.calendar": "a calendar file",
}


ONLY_OF_A_WEBINAR = {
    "partner_setup_webinar.edit", "partner_webinars.confirm_cancel", "partner_webinars.csv",
    "partner_webinars.show", "seat.show", "webinar.registered", "webinar.show",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Walk:
    """Where somebody begins; `only_new` leaves out the views that an earlier walk has shown."""

    label: str
    email: str
    start: str
    only_new: bool = False


WALKS = (
    Walk("owner", doors.OWNER, "/p/harbour-it/"),
    Walk("empty", states.NEWCOMER, "/p/fresh-start/"),
    Walk("draft", DRAFTER, "/p/lakeside-digital/campaigns", only_new=True),
    Walk("every-kind", OF_EVERY_KIND, "/p/cote-reseau/campaigns", only_new=True),
    Walk("sales", doors.SALES, "/p/harbour-it/leads", only_new=True),
    Walk("operator", OPERATOR, "/admin/components", only_new=True),
)


@contextmanager
def house(report: Callable[[str], None]) -> Iterator[tuple[House, Installation]]:
    """The example world with two newcomers who have nothing yet, served by real programs."""
    with TemporaryDirectory(prefix="tcma-tour-") as folder:
        made = House(Path(folder), {"operator_name": "Example Hosting"})
        installation = made.installation
        upgrade(installation.owner.engine)
        report("Making the example world")
        seed.make_world(installation)
        _newcomer(installation, "Fresh Start", states.NEWCOMER, "Nora Neu")
        _newcomer(installation, "First Steps", states.BEGINNER, "Finn Steps")
        made.start("web")  # no worker: what is being sent stands still to be looked at
        try:
            yield made, installation
        finally:
            made.stop()


def stops(installation: Installation) -> list[Stop]:
    """Every page that links lead to, for each walk; the doors, and what only states show. Adds these states.
    DomainError where a page would be left out."""
    app = create_app(installation)
    found = doors.find(installation)
    shown: set[str] = set()
    parts: set[str] = set()
    for walk in WALKS:
        crawl = Visitor.signed_in(installation, walk.email, app).crawl(walk.start)
        found += [
            Stop(f"{walk.label}/{view}", path, walk.email)
            for view, path in crawl.pages.items()
            if not (walk.only_new and view in shown)
        ]
        shown |= crawl.pages.keys()
        parts |= crawl.others.keys()
    found += states.add(installation)
    missing = left_out(app, (stop.path for stop in found), parts)
    if left := [view for view in missing if view not in ONLY_OF_A_WEBINAR or _has_webinar(installation)]:
        raise DomainError(f"No walk leads to {', '.join(left)}. Add a stop, or say why it is no page.")
    return found


def _has_webinar(installation: Installation) -> bool:
    with installation.owner.reading() as session:
        return session.scalar(select(WebinarSession.id).limit(1)) is not None


def left_out(app: Flask, paths: Iterable[str], parts: Container[str] = ()) -> list[str]:
    """The views of the route table that none of these addresses shows. `parts` were met as files, frames or parts of
    a page."""
    visitor = Visitor(app, app.test_client())
    shown = {visitor.endpoint(path) for path in paths}
    looked_at = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return sorted(one for one in looked_at - shown - NO_PAGES.keys() if one not in parts)


def sign_in(context: BrowserContext, installation: Installation, email: str, base: str) -> None:
    """Give a browser the cookie of somebody who signed in."""
    app = Flask(__name__)  # only what a cookie needs of it
    open_at(app, installation)
    with installation.owner.transaction() as session:
        user = organisations.find_user(session, email)
        _row, key = sign_ins.begin(session, user, "Tour", Lives.of(installation.settings))
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value = signer.dumps({unit.KEY: key, "_permanent": True})
    context.add_cookies([{"name": str(app.config["SESSION_COOKIE_NAME"]), "value": value, "url": base}])


def _newcomer(installation: Installation, name: str, email: str, person: str) -> None:
    """A partner that was invited, accepted and has done nothing."""
    with installation.owner.transaction() as session:
        vendor = organisations.find_organisation(session, VENDOR_SLUG)
        firm = firms.create_organisation(
            session,
            OrganisationKind.PARTNER,
            Firm(
                name=name,
                country="CH",
                currency="CHF",
                domain=email.partition("@")[2],
                timezone="Europe/Zurich",
                street="Neugasse 3",
                postal_code="8005",
                city="Zürich",
            ),
        )
        user = firms.ensure_user(session, email, person)
        firms.add_member(session, firm, user, Role.OWNER)
        now = clock.now(session)
        session.add(
            Partnership(
                vendor_id=vendor.id,
                partner_id=firm.id,
                status=PartnershipStatus.ACTIVE,
                tier="silver",
                marketing_ready_until_on=date(now.year + 2, 1, 1),
                invited_by_id=user.id,
                invited_at=now,
                activated_at=now,
            )
        )

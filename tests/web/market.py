"""Two vendors, partners with people of every role, and one object of each kind: what pages are opened with.

The firms and the canaries are those of the command line's world: a hundred people on Harbour IT's list whose
names stand nowhere else. Here they get the roles, invitations and papers that only pages know.
"""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter

from campaigns.replies import Kind
from tcma import clock, storage
from tcma.audiences.models import Contact, ContactList
from tcma.funds import elsewhere, papers
from tcma.funds.elsewhere import Noted
from tcma.funds.elsewhere_models import ElsewhereFile, ElsewhereMoney
from tcma.funds.models import Certificate, FundingRequest
from tcma.funds.papers import RequestFile
from tcma.installation import Installation
from tcma.kits.models import Kit
from tcma.launches.deliveries import Delivery
from tcma.launches.models import Campaign, CampaignStatus
from tcma.leads import service as leads
from tcma.leads.models import Lead
from tcma.organisations import invitations, queries, team
from tcma.organisations.models import Invitation, JoinRequest, Organisation, SignIn, User
from tcma.partners.models import Partnership
from tcma.replies import intake
from tcma.replies.models import Reply
from tcma.viewer import Role, Viewer
from tcma.web.guards import Guard, declared
from tests.cli.world import ALMA, HANNA, HARBOUR_READER, NORA, OPERATOR, TIDE_KIT, World, with_roles
from tests.web import of_every_kind
from tests.web.apps import app_of
from tests.web.people import Visitor, signed_in

HARBOUR, ALPINE = "harbour-it", "alpine-it"
NEWCOMER, INVITED = "new@harbour-it.example", "soon@harbour-it.example"
PAPER = b"%PDF-1.4 a quote for an evening with customers"
WROTE_BACK = b"From: writer@write-back.example\r\n\r\nCall me on Thursday."


@dataclass
class Market:
    """An installation of its own, its application, and who is signed in there."""

    world: World
    installation: Installation
    app: Flask
    marketer: str
    sales: str
    finance: str
    _visitors: dict[str, Visitor] = field(default_factory=dict)

    def person(self, email: str) -> Visitor:
        """Somebody who is signed in, the same browser each time."""
        if email not in self._visitors:
            self._visitors[email] = signed_in(self.app, email)
        return self._visitors[email]

    @property
    def stranger(self) -> Visitor:
        return Visitor(self.app)

    @property
    def members(self) -> dict[str, frozenset[Role]]:
        """Harbour IT's people with their roles, the fewest rights first."""
        return {
            HARBOUR_READER: frozenset({Role.READER}),
            self.finance: frozenset({Role.FINANCE}),
            self.sales: frozenset({Role.SALES}),
            self.marketer: frozenset({Role.MARKETER}),
            HANNA: frozenset({Role.OWNER}),
        }

    @property
    def outsiders(self) -> tuple[str, ...]:
        return (ALMA, NORA, OPERATOR)

    def guard(self, rule: Rule) -> Guard:
        found = declared(self.app.view_functions[rule.endpoint])
        assert found is not None, f"{rule} declares no guard."
        return found

    def path(self, rule: Rule, partner: str = HARBOUR, *, unknown: bool = False) -> str:
        """The route's address with Harbour IT's objects in it (or with ids of nothing); an argument this
        table does not know makes the test fail. Under another partner's address the kit is one that this
        partner cannot see either."""
        arguments: dict[str, Any] = {}
        for name, converter in rule._converters.items():
            if name == "partner":
                arguments[name] = partner
            elif isinstance(converter, AnyConverter):
                arguments[name] = sorted(converter.items)[0]
            else:
                key = f"{rule.endpoint}.{name}" if name in ("public_id", "paper") else name
                key = of_every_kind.campaign_key(rule.endpoint) if name == "campaign" else key
                assert key in self.objects, f"tests/web/market.py knows no {key} for {rule}."
                value = self.objects["closed kit" if key == "kit" and partner != HARBOUR else key]
                arguments[name] = uuid4() if unknown and isinstance(value, UUID) else value
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(
            rule.endpoint, arguments, method=next(iter((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        )

    @cached_property
    def objects(self) -> dict[str, Any]:
        """One object of Harbour IT of each kind, by the argument's name (with the endpoint where names repeat)."""
        with self.installation.owner.reading() as session:
            here = session.scalars(select(Organisation.id).where(Organisation.slug == HARBOUR)).one()

            def first(model: Any, *conditions: Any) -> UUID:
                found = session.scalars(select(model.public_id).where(*conditions).order_by(model.id)).first()
                assert found is not None, f"The market has no {model.__name__}."
                public_id: UUID = found
                return public_id

            colleague = first(User, User.email == self.sales)
            note = first(ElsewhereMoney)
            found: dict[str, Any] = {
                "campaign": first(Campaign, Campaign.status == CampaignStatus.RUNNING),
                "audience": first(ContactList, ContactList.partner_id == here),
                "contact": first(Contact, Contact.partner_id == here),
                "lead": first(Lead, Lead.owner_id == here),
                "reply": first(Reply),
                "deed": uuid4(),
                "kit": first(Kit),
                "closed kit": first(Kit, Kit.slug == TIDE_KIT),
                "certificate": first(Certificate, Certificate.partner_id == here),
                "asked": first(FundingRequest, FundingRequest.id.in_(select(RequestFile.request_id))),
                "code": session.scalars(select(Certificate.code).order_by(Certificate.id)).first(),
                "note": note,
                "key": "invite",
                "token": "T" * 48,
            }
            found |= of_every_kind.objects(session)
            for deed in ("edit", "update", "confirm", "remove"):
                found[f"partner_team.{deed}.public_id"] = colleague
            found["partner_team.take_back.public_id"] = first(Invitation, Invitation.organisation_id == here)
            for deed in ("let_in", "turn_down", "ask_again"):
                found[f"partner_team.{deed}.public_id"] = first(JoinRequest)
            found["partner_settings.accept.public_id"] = first(Partnership, Partnership.partner_id == here)
            found["sign_ins.end.public_id"] = first(SignIn)
            kept = first(ElsewhereFile)
            for rule in self.app.url_map.iter_rules():
                if "paper" in rule.arguments:
                    of_request = rule.endpoint.startswith("partner_funding_requests")
                    found[f"{rule.endpoint}.paper"] = first(RequestFile) if of_request else kept
            return found

    def rows(self) -> str:
        """What belongs to anybody, to see that nothing changed: every table but what signing in writes."""
        unimportant = {"sign_ins", "sign_in_links", "pressed_forms"}
        with self.installation.owner.engine.connect() as connection:
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'table'"
            ).scalars()
            return json.dumps(
                {
                    name: [
                        str(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall()
                    ]
                    for name in names
                    if name not in unimportant
                }
            )


def a_market(world: World) -> Market:
    """`world` must be a copy: this adds to it."""
    shell = world.shell
    marketer, sales, finance = (
        with_roles(shell, HANNA, {role}) for role in (Role.MARKETER, Role.SALES, Role.FINANCE)
    )
    installation = shell.installation()
    with installation.web.reading() as session:
        hanna = queries.viewer_for(session, HANNA)
        nora = queries.viewer_for(session, NORA)
    with installation.web.transaction(hanna.organisation_id) as session:
        _papers(session, hanna, installation)
        _people(session, hanna, nora)
        _reply(session, hanna, installation)
        for found in session.scalars(select(Lead).where(Lead.owner_id == hanna.organisation_id)).all()[:1]:
            leads.accept(session, hanna, found.public_id)
    of_every_kind.run(installation, nora, hanna)
    made = Market(world, installation, app_of(installation), marketer, sales, finance)
    made.person(HANNA)
    return made


def _people(session: Session, hanna: Viewer, nora: Viewer) -> None:
    invitations.invite(session, hanna, INVITED, Role.SALES)
    here = queries.find_organisation_by_id(session, hanna.organisation_id)
    team.note_newcomer(session, nora, here, NEWCOMER)


def _reply(session: Session, hanna: Viewer, installation: Installation) -> None:
    """Somebody wrote back to a mail of the campaign that runs, and attached a file."""
    running = (
        select(Campaign.id).where(Campaign.status == CampaignStatus.RUNNING).order_by(Campaign.id).limit(1)
    )
    mail = session.scalars(
        select(Delivery).where(Delivery.campaign_id == running.scalar_subquery()).limit(1)
    ).one()
    session.add(
        Reply(
            partner_id=hanna.organisation_id,
            campaign_id=mail.campaign_id,
            touch_id=mail.touch_id,
            delivery_id=mail.id,
            contact_id=mail.contact_id,
            natural_key=b"a reply".ljust(16),
            kind=Kind.PERSON,
            address="writer@write-back.example",
            name="Wilma Writer",
            subject="Re: Monday",
            text="Call me on Thursday.",
            attachment_count=1,
            kept_as=storage.keep(installation.storage, intake.FILES, hanna.organisation_id, WROTE_BACK),
            at=clock.now(session),
        )
    )


def _papers(session: Session, hanna: Viewer, installation: Installation) -> None:
    """Money from elsewhere with a file, and a file at a request."""
    today = clock.now(session).date()
    noted = elsewhere.note(session, hanna, _noted(today))
    paper = papers.keep(installation.storage, hanna.organisation_id, "quote.pdf", PAPER)
    elsewhere.add_file(session, hanna, noted.public_id, paper)
    asked = session.scalars(
        select(FundingRequest)
        .where(FundingRequest.partner_id == hanna.organisation_id)
        .order_by(FundingRequest.id.desc())
        .limit(1)
    ).one()
    session.add(
        RequestFile(
            vendor_id=asked.vendor_id,
            partner_id=asked.partner_id,
            request_id=asked.id,
            name=paper.name,
            content_type=paper.content_type,
            size=paper.size,
            sha256=paper.sha256,
            created_at=clock.now(session),
        )
    )


def _noted(today: date) -> Noted:
    return Noted(
        vendor_name="Polar Print",
        amount=50_000,
        currency="CHF",
        share_bp=5_000,
        use_by_on=today + timedelta(days=60),
        claim_by_on=today + timedelta(days=90),
        note="For an evening with customers.",
    )

"""What people open who are not signed in: links from mails, pages of prospects, and what errors look like."""

from collections.abc import Iterator

from flask import Flask, Response
from playwright.sync_api import Page
from sqlalchemy import select

from campaigns.links import Purpose
from tcma import addresses, seed
from tcma.bench.browser.stop import Stop, press, send
from tcma.bench.visitor import Visitor
from tcma.funds.models import Certificate
from tcma.installation import Installation
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign
from tcma.leads import links as lead_links
from tcma.leads.models import Lead, Stage
from tcma.notices.kinds import MANNERS, NoticeKind
from tcma.organisations import invitations, links
from tcma.organisations import queries as organisations
from tcma.replies.models import Reply
from tcma.viewer import Role
from tcma.web import create_app
from tcma.web.guards import Access, guard
from tcma.web.public.forms import FormTokens
from tcma.webinars.models import Seat, WebinarSession

OWNER, SALES, CLERK = (f"{name}@harbour-it.example" for name in ("marc.keller", "eva.roth", "tim.weiss"))
FIRM = "harbour-it"
BROKEN = "/account/broken"
OPEN = {
    "front": "/",
    "sign-in": "/sign-in",
    "sign-in-link": "/sign-in/link",
    "sign-in-sent": "/sign-in/sent",
    "signed-out": f"/sign-in?next=/p/{FIRM}/leads",
    "certificate-code": "/g",
    "certificate-unknown": "/g/NS-AAAA-AAAA",
    "no-page": "/nothing-here",
    "bad-link": f"/l/{'x' * 60}",
}


def find(installation: Installation) -> list[Stop]:
    """Every door, with links made for the look round; nothing here is pressed."""
    found = [Stop(f"public/{name}", path, "") for name, path in OPEN.items()]
    found += [Stop(f"public/{name}", path, "") for name, path in _links(installation)]
    microsite = next(stop.path for stop in found if stop.name == "public/microsite")
    return [
        *found,
        Stop("public/problem-microsite", microsite, "", send("form", email="not an address")),
        Stop("public/problem-sign-in", "/sign-in", "", send("#sign-in", email=OWNER, password="a guess")),
        *_signed_in(installation),
        *_errors(installation),
    ]


def _links(installation: Installation) -> Iterator[tuple[str, str]]:
    """What mails and papers lead to. A link is made as its mail makes it."""
    token = installation.signer.token
    with installation.owner.transaction() as session:
        marc = organisations.viewer_for(session, OWNER, FIRM)
        here, eva = marc.organisation_id, organisations.find_user(session, SALES)
        asked = links.make(session, organisations.find_user(session, OWNER), f"/p/{FIRM}/")
        yield "link-sign-in", addresses.sign_in_link(asked.token)
        _row, invited = invitations.invite(session, marc, "new@harbour-it.example", Role.SALES)
        yield "link-invitation", addresses.invitation(invited)
        _row, known = invitations.invite(session, marc, SALES, Role.MARKETER)
        yield "link-invitation-known", addresses.invitation(known)
        leads = session.scalars(select(Lead).where(Lead.owner_id == here).order_by(Lead.id)).all()
        for stage in (Stage.NEW, Stage.ACCEPTED, Stage.CONTACTED, Stage.WON):
            for lead in [lead for lead in leads if lead.stage is stage][:1]:
                made = lead_links.make(session, here, [lead])
                yield f"link-lead-{stage.value}", _lead(installation, here, eva.id, made.id)
        several = lead_links.make(session, here, [lead for lead in leads if lead.stage is Stage.CONTACTED])
        yield "link-leads-to-report", _lead(installation, here, eva.id, several.id)
        kind = MANNERS[NoticeKind.NEW_LEAD].number
        yield "link-notice-switch", addresses.notice_switch(token(Purpose.NOTICE, 0, kind, eva.id))
        code = session.scalars(
            select(Certificate.code).where(Certificate.partner_id == here).order_by(Certificate.id.desc())
        ).first()
        yield "link-certificate", addresses.certificate_check(str(code))
        mails = select(Delivery).where(Delivery.partner_id == here).order_by(Delivery.id)
        sent = session.scalars(
            mails.where(Delivery.occasion == 0, Delivery.status == DeliveryStatus.DELIVERED)
        )
        mail = next(iter(sent))
        yield (
            "link-unsubscribe",
            addresses.unsubscribe(token(Purpose.UNSUBSCRIBE, here, mail.artefact_id, mail.id)),
        )
        confirmation = session.scalars(mails.where(Delivery.occasion > 0)).first()
        if confirmation is not None:
            its = token(Purpose.CONFIRM, here, confirmation.artefact_id, confirmation.id)
            yield "link-confirm", addresses.confirm(its)
        reply = session.scalars(select(Reply).where(Reply.partner_id == here).order_by(Reply.id)).first()
        assert reply is not None
        yield "link-reply", addresses.reply_link(token(Purpose.REPLY_LEAD, here, 0, reply.id))
        campaign = session.get_one(Campaign, mail.campaign_id)
        key = FormTokens(installation.settings.form_key).thanks(campaign.id, confirm=True)
        yield "thanks", f"{addresses.thanks(FIRM, campaign.slug)}?k={key}"
        held = session.scalar(select(WebinarSession).where(WebinarSession.partner_id == here))
        if held is not None:
            about = session.get_one(Campaign, held.campaign_id)
            seat = session.scalars(select(Seat).where(Seat.session_id == held.id).order_by(Seat.id)).first()
            yield "webinar", addresses.webinar(FIRM, about.slug)
            assert seat is not None
            yield "webinar-seat", addresses.seat(token(Purpose.SEAT, here, 0, seat.id))
            key = FormTokens(installation.settings.form_key).registered(
                about.id, seat_id=seat.id, is_own=True, wants_seat=True, asks=False
            )
            yield "webinar-registered", f"{addresses.registered(FIRM, about.slug)}?k={key}"
    yield "microsite", seed.pages(installation)[0]


def _lead(installation: Installation, firm: int, reader: int, row: int) -> str:
    return addresses.lead_link(installation.signer.token(Purpose.LEAD, firm, reader, row))


def _signed_in(installation: Installation) -> Iterator[Stop]:
    """What opens over a page, and forms that are refused."""
    home, leads = f"/p/{FIRM}/", f"/p/{FIRM}/leads"
    yield Stop("opened/search", home, OWNER, press("[data-dialog=search]"))
    yield Stop("opened/help", home, OWNER, press("[data-dialog=help]"))
    yield Stop("opened/menus", home, OWNER, press("button.org, button[popovertarget=more]"))
    yield Stop("opened/put-off", home, OWNER, press(".todo .icon-button"))
    yield Stop("opened/leads-all", f"{leads}?view=all", OWNER)
    yield Stop("opened/leads-to-report", f"{leads}?view=to-report", OWNER)
    yield Stop("opened/leads-nothing-found", f"{leads}?view=all&q=zzz", OWNER)
    yield Stop("opened/search-found", f"/p/{FIRM}/search?q=lindt", OWNER)
    yield Stop("problem/settings", f"/p/{FIRM}/settings", OWNER, send("#firm-form", name="", country="XX"))
    yield Stop("problem/funding", f"/p/{FIRM}/funding/ask", OWNER, send("#ask-form"))
    yield Stop("problem/invite", f"/p/{FIRM}/team", OWNER, send("#invite-form", email="eva at harbour"))
    yield Stop("problem/password", "/account/", OWNER, send("#change-password", password="short"))
    with installation.owner.transaction() as session:
        answered = session.scalars(
            select(Campaign).join(Reply, Reply.campaign_id == Campaign.id).order_by(Reply.id)
        ).first()
        assert answered is not None
        yield Stop("opened/replies", addresses.replies(FIRM, answered.public_id), OWNER)
        eva = organisations.find_user(session, SALES)
        asked = links.make(session, eva, email="eva@roth.example")
    yield Stop("opened/new-address", addresses.new_address(asked.token), SALES)


def _errors(installation: Installation) -> Iterator[Stop]:
    with installation.owner.reading() as session:
        colleague = organisations.find_user(session, SALES).public_id
    yield Stop("error/404", f"/p/{FIRM}/nothing-here", OWNER)
    yield Stop("error/403", f"/p/{FIRM}/team/{colleague}", CLERK)
    yield Stop("error/500", BROKEN, OWNER, answer=_broken(installation, OWNER))
    yield Stop("error/429", "/sign-in", "", _often)


def _often(page: Page) -> None:
    """More wrong passwords than anybody types."""
    while page.locator("#sign-in").count():
        send("#sign-in", email="nobody@harbour-it.example", password="a guess")(page)


def _broken(installation: Installation, email: str) -> str:
    """What is shown when a page of ours fails: an application that has such a page says it."""
    app: Flask = create_app(installation)
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @guard(Access.PERSON)
    def fail() -> Response:
        raise RuntimeError("A page that fails, to look at what is said then.")

    app.add_url_rule(BROKEN, view_func=fail)
    return Visitor.signed_in(installation, email, app).get(BROKEN).text

"""Somebody writes back; whoever answers for the firm makes a lead of it by one press, from the mail."""

from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import select

from campaigns.links import Purpose
from tcma.bench.browser.house import House
from tcma.launches.deliveries import Delivery
from tcma.replies import intake
from tests.browser import world
from tests.browser.mailbox import mails, wait_for
from tests.browser.people import Person
from tests.browser.world import HARBOUR, Names
from tests.tcma.replies.desk import a_mail

At = Callable[..., Person]
ASKED = "Can you call me on Thursday about the backups?"


def test_one_press_on_the_page_behind_the_mail_makes_a_lead_of_a_reply(house: House, at: At) -> None:
    made = world.scene(house, 1, "Who writes back")
    campaign = made.launched(now=True)
    with house.installation.owner.reading() as session:
        sent = session.scalars(
            select(Delivery).where(Delivery.campaign_id == campaign.id).order_by(Delivery.id)
        ).first()
    assert sent is not None
    token = house.installation.signer.token(Purpose.REPLY, sent.partner_id, sent.artefact_id, sent.id)
    found = house.installation.signer.verify(token, Purpose.REPLY)
    assert found is not None
    raw = a_mail("Anna Frei <reader0@many.example>", ASKED)
    intake.take_in(house.installation.web, house.installation.storage, raw, [found], "reader0@many.example")

    link = wait_for(
        lambda: [link for mail in mails(house, Names.owner).values() for link in mail.links if "/q/" in link]
    )[0]
    marc = at(house, phone=True)  # not signed in
    marc.open(link)
    expect(marc.page.locator(".reply-text")).to_have_text(ASKED)
    assert not marc.scrolls_sideways()
    marc.press("This is a lead")
    expect(marc.page.locator(".banner")).to_contain_text("This reply is a lead.")
    expect(marc.page.get_by_role("button", name="This is a lead")).to_have_count(0)

    eva = at(house, Names.sales)
    eva.open(f"/p/{HARBOUR}/campaigns/{campaign.public_id}/replies")
    eva.press("Open the lead")
    expect(eva.page.locator("main")).to_contain_text(ASKED)

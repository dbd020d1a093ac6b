"""Mails of a starter kit in two brands: size, text, one click, colours. Long, and by MJML's own compiler: `tcma bench
kit-mails`."""

from playwright.sync_api import Browser

from campaigns.kit import read_folder
from tcma.bench.browser import kit_campaigns, kit_mails
from tests.browser.world import STARTER
from tests.installation import Installation
from tests.tcma.launches.world import a_world
from tests.web.apps import app_of


def test_each_mail_of_a_kit_can_be_read_and_stopped_in_either_brand(
    browser: Browser, database: Installation
) -> None:
    world = a_world(database, read_folder(STARTER))
    to = kit_campaigns.readers(database, world.partner)
    sent = []
    for colour in kit_mails.BRANDS[1:3]:  # the brightest and the darkest
        kit_campaigns.dress(database, world.partner, colour)
        campaign = kit_campaigns.launched(database, world.partner, world.version, to)
        sent += list(kit_campaigns.mails_of(database, campaign, STARTER.name))

    judged = kit_mails.run(app_of(database), database, browser, sent)

    assert {(one.mail.touch, one.mail.locale) for one in judged} >= {("invite", "en"), ("invite", "de")}
    assert len({one.mail.colour for one in judged}) == 2
    assert [(one.mail.name, one.mail.colour, one.problems) for one in judged if one.problems] == []

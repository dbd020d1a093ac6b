"""A webinar's public pages in German and in French, at every stage: nothing on them is English but names."""

import re
from collections import defaultdict
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from campaigns.kit import read_folder
from tcma import addresses
from tcma.launches import webinars
from tcma.webinars.models import Seat, WebinarSession
from tests.campaigns.kit_files import STARTER
from tests.campaigns.test_starter_kits import ENGLISH_WORDS, Said
from tests.installation import Installation
from tests.tcma.launches.world import MONDAY, a_world
from tests.tcma.seats.scene import a_wish
from tests.web.site import Site, behind, inputs
from tests.web.test_webinar import link_of

MIDMARKET = STARTER.with_name("sign-in-without-passwords")
LANGUAGES = ("en", "de", "fr")
BEGINS = datetime(2026, 12, 10, 14, tzinfo=ZoneInfo("Europe/Zurich"))
NAMES = re.compile(r"Head of IT security|Verizon.*|Microsoft.*", re.DOTALL)  # a title as given, studies
SAME = """
Harbour IT|Harbour IT AG|Hafenstrasse 1|8001 Zürich|Marc Keller|marc@harbour-it.example
Northwind Security|Northwind Security AG
"""
Shown = dict[str, dict[str, set[str]]]


def said(html: str) -> set[str]:
    """The texts of a page, each on one line."""
    page = Said()
    page.feed(html)
    return {" ".join(text.split()) for text in page.texts}


def fill_in(html: str, **given: str) -> dict[str, str]:
    """The form of the page as somebody sends it."""
    sizes = [unescape(size) for size in re.findall(r"<option>([^<]+)</option>", html)]
    typed = {
        "name": "Ada Roth",
        "company": "Roth AG",
        "employees": sizes[-1] if sizes else "600",
        "phone": "",
    }
    return {**typed, "form_token": inputs(html)["form_token"], "zone": "Europe/Zurich", "do": "seat", **given}


class Walk:
    """One visitor of each language, and all that they were shown, by page and language."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.page = addresses.webinar("harbour-it", site.campaign.slug)
        self.visitors = {language: site.visitor(language) for language in LANGUAGES}
        self.pages = {language: visitor.get(self.page).text for language, visitor in self.visitors.items()}
        self.seats: dict[str, str] = {}
        self.shown: Shown = defaultdict(dict)

    def look(self, name: str, path: str = "", *, is_seat: bool = False) -> None:
        for language, visitor in self.visitors.items():
            where = self.seats[language] if is_seat else path or self.page
            self.keep(name, language, visitor.get(where).text)

    def send(self, name: str, status: int, /, **given: str) -> None:
        for language, visitor in self.visitors.items():
            sent = fill_in(self.pages[language], **{"email": f"{language}@roth.example", **given})
            answer = visitor.post(self.page, sent)
            assert answer.status_code == status, (name, language, answer.status_code)
            html = visitor.get(answer.location).text if status == 303 else answer.text
            self.keep(name, language, html)

    def press(self, name: str, do: str) -> None:
        for language, visitor in self.visitors.items():
            assert visitor.post(self.seats[language], {"do": do}).status_code == 303
            self.keep(name, language, visitor.get(self.seats[language]).text)

    def keep(self, name: str, language: str, html: str) -> None:
        assert f'<html lang="{language}"' in html, (name, language)
        self.shown[name][language] = said(html)

    def change(self, **values: object) -> None:
        with self.site.worker() as session:
            session.execute(update(WebinarSession).values(**values))


@pytest.fixture
def walk(database: Installation) -> Walk:
    world = a_world(database, read_folder(MIDMARKET))
    world.people(["somebody@firm.example"])
    world.set_clock(MONDAY)
    campaign = world.draft()
    webinars.set_webinar(database.web, world.partner, world.files, campaign.public_id, a_wish())
    return Walk(behind(world, world.launch(campaign).campaign))


def test_no_english_stands_on_a_webinars_pages_in_german_or_french(walk: Walk) -> None:
    site = walk.site
    for language, html in walk.pages.items():
        walk.keep("page", language, html)
    walk.send("nothing filled in", 422, email="", name="", company="", employees="", phone="x" * 40)
    walk.send("wrong", 422, email="ada", phone="12", name="x" * 5_000)
    walk.send("too old", 422, form_token="x")
    walk.send("registered", 303, consent_news="1", consent_sharing="1")
    for number, language in enumerate(LANGUAGES):
        walk.seats[language] = link_of(site, number)
    walk.look("early", is_seat=True)
    walk.press("given back", "cancel")
    walk.press("wants the recording", "recording")
    walk.press("taken again", "again")
    walk.send("only the recording", 303, do="recording", email="other@roth.example")
    walk.change(seat_limit=3)
    walk.look("full")
    walk.send("full, sent", 409, email="late@roth.example")
    site.world.set_clock(BEGINS - timedelta(minutes=5))
    walk.look("the room is open", is_seat=True)
    site.world.set_clock(BEGINS + timedelta(hours=2))
    walk.look("over")
    walk.look("seat afterwards", is_seat=True)
    walk.change(recording_url="https://video.example/1")
    walk.look("recording")
    walk.look("seat with the recording", is_seat=True)
    walk.change(cancelled_at=BEGINS)
    walk.look("cancelled")
    walk.look("seat of a cancelled one", is_seat=True)

    assert len(walk.shown) == 19 and len(site.rows(Seat)) == 4
    for language in LANGUAGES[1:]:
        shown = [(name, text) for name, by in walk.shown.items() for text in by[language]]
        assert {text: name for name, text in shown if ENGLISH_WORDS.search(NAMES.sub("", text))} == {}
        same = {
            text: name
            for name, by in walk.shown.items()
            for text in by["en"] & by[language]
            if re.search(r"[^\W\d_]{3}", text) and text not in SAME
        }
        assert same == {}

"""A German-speaking owner opens every page of the firm and sends every form wrong: no English is left but names.

The walk has an installation of its own. It reads each page in both languages, since a text that is the same in both
was never said in German, and sends each form it meets twice, empty and with nonsense in every field.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from sqlalchemy import JSON, String, select, update
from werkzeug.test import TestResponse

from tcma import language
from tcma.audiences import terms
from tcma.db import Base
from tcma.kits.models import Kit
from tcma.organisations.models import User
from tcma.web.guards import SIGNED_IN
from tcma.webinars.models import WebinarSession
from tests.cli.world import HANNA
from tests.web import of_every_kind
from tests.web.apps import app_of
from tests.web.market import HARBOUR, Market
from tests.web.people import Visitor

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]  # one long walk in a fixture
SHOWN = {"title", "aria-label", "alt", "placeholder"}
SENTENCES = {
    "sentence",
    "problem",
    "stop_sentence",
    "last_error",
    "why_not",
    "text",
}  # columns that hold ours
OF_A_KIT = {
    "partner_brand.sample",
    "partner_kits.preview",
    "partner_previews.show",
}  # a mail or a text in the kit's language
ENGLISH = re.compile(
    r"(?<![-.\w])(the|of|is|are|this|that|and|or|not|no|with|from|your|you|it|has|have|can|there|choose|write|say|to|be|for)(?![-.]?\w)"
)
LETTERS = re.compile(r"[^\W\d_]{3}")
BETWEEN = re.compile(r"[|·:,;“”„\"()+−…]|[’']s\b|\b[A-Z]{3} [\d.]+")
NAMES = {
    "Ctrl",
    "Ctrl K",
    "Enter",
    "Deutsch",
    "English",
    "Start",
    "Stadt Zurich",
    "LinkedIn",
    "Zoom",
}  # keys, languages, a region as named, a network, a meeting tool
FILLED_IN = """
Seven checks for Meier Ltd
Seven checks for [Company]
Hello [First name], you asked for our checklist.
Harbour IT helps.
"""  # texts of the kit of every kind with names in them
ADDRESS = re.compile(r"https?://\S+|</?\w+[^>]*>")  # within a post, and the block as HTML
NONSENSE = {
    "textarea": "x" * 30_000, "number": "-7", "date": "yesterday", "time": "noon", "email": "nobody",
    "url": "nowhere", "tel": "-", "color": "redder", "select": "nothing", "radio": "nothing", "checkbox": "nothing",
    "password": "a",
}  # fmt: skip
FILE = """E-mail,First name,Company
anna@lindt.example,Anna,Lindt
anna@lindt,Anna,Lindt
,Nobody,Nowhere
anna@lindt.example,Anna,Again
one@x.example; two@x.example,Two,Both
bad@@x.example,Bad,Bad
short
long@x.example,%s,Long
""" % ("x" * 600)


class Page(HTMLParser):
    """What a page says, and its forms: address, and the type and value of every field by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.forms: list[tuple[str, dict[str, tuple[str, str]]]] = []
        self._is_code = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._is_code = tag in ("script", "style")
        self.said += [" ".join(given[name].split()) for name in SHOWN & given.keys()]
        if tag == "form" and given.get("method", "").lower() == "post":
            self.forms.append((given.get("action", ""), {}))
        if tag in ("input", "textarea", "select") and self.forms and "name" in given:
            self.forms[-1][1][given["name"]] = (given.get("type") or tag, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if not self._is_code and data.strip():
            self.said.append(" ".join(data.split()))


@dataclass
class Walk:
    """What was said, by endpoint (or the address of a form) and language."""

    names: str
    said: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    refused: dict[str, set[str]] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    _left: dict[str, list[str]] = field(default_factory=dict)

    def is_name(self, piece: str) -> bool:
        piece = piece.strip(" .0123456789")
        is_address = piece.startswith(("http://", "https://", "/p/"))
        return is_address or not LETTERS.search(piece) or piece in NAMES or piece in self.names

    def pieces(self, text: str) -> list[str]:
        """What is left of a text without the names in it."""
        if text not in self._left:
            plain = ADDRESS.sub("|", text)
            pieces = [] if self.is_name(text) else BETWEEN.split(plain)
            self._left[text] = [piece for piece in pieces if not self.is_name(piece)]
        return self._left[text]


@pytest.fixture(scope="module")
def walk(market: Market, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    shell = market.world.shell.copied(tmp_path_factory.mktemp("german") / "var")
    installation = shell.installation()
    here = replace(
        market,
        world=market.world.at(shell),
        installation=installation,
        app=app_of(installation),
        _visitors={},
    )
    hanna = here.person(HANNA)
    speak(here, "de")
    places = prepared(here, hanna)
    made = Walk(names_in(here))
    forms = look(here, hanna, made, "de", places)
    speak(here, "en")
    look(here, hanna, made, "en", places)
    speak(here, "de")
    for action, fields in forms:
        for data in ({}, {name: nonsense(kind) for name, (kind, _) in fields.items()}):
            kept = {name: value for name, (kind, value) in fields.items() if kind == "hidden"}
            sent = {name: value for name, value in data.items() if value is not None and name not in kept}
            answer = hanna.post(action, {**kept, **sent})
            if answer.status_code >= 400:
                made.refused.setdefault(action, set()).update(page_of(answer).said)
    _afterwards(here, hanna, made)
    yield made
    language.use("en")
    installation.dispose()


def look(
    here: Market, hanna: Visitor, made: Walk, locale: str, places: dict[str, str]
) -> list[tuple[str, dict[str, tuple[str, str]]]]:
    """Every page; the forms that stand there, each once."""
    forms = {}
    for name, path in places.items():
        answer = hanna.get(path)
        if answer.status_code not in (200, 303):
            made.wrong[path] = answer.status_code
        if answer.status_code == 200 and name not in OF_A_KIT and answer.mimetype == "text/html":
            page = page_of(answer)
            made.said.setdefault(name, {}).setdefault(locale, set()).update(page.said)
            for action, fields in page.forms:
                if action and "sign" not in action:
                    forms[re.sub("[0-9a-f-]{36}", "*", action), tuple(sorted(fields))] = (action, fields)
        answer.close()
    return list(forms.values())


def prepared(here: Market, hanna: Visitor) -> dict[str, str]:
    """The address of every page by its endpoint: those of a launch with a draft, and beside them those of a list whose
    file has a row of each sort that is left out."""
    rules = [rule for rule in here.app.url_map.iter_rules() if here.guard(rule).access in SIGNED_IN]
    found = {rule.endpoint: here.path(rule) for rule in rules if "GET" in (rule.methods or ())}
    kits = page_of(hanna.get(found["partner_kits.show"]))
    start, fields = next((action, fields) for action, fields in kits.forms if action.endswith("/setup"))
    made = hanna.post(start, {name: value for name, (_, value) in fields.items()})
    draft = made.headers["Location"].partition("/campaigns/")[2].partition("/")[0]
    for endpoint, path in found.items():
        is_of_every_kind = of_every_kind.campaign_key(endpoint) != "campaign"
        if not is_of_every_kind and ("setup" in endpoint or endpoint.endswith("confirm_delete")):
            found[endpoint] = path.replace(str(here.objects["campaign"]), draft)
    sent = hanna.post(f"/p/{HARBOUR}/audiences", {"file": (io.BytesIO(FILE.encode()), "wrong.csv")})
    wrong = hanna.follow(sent).request.path.removesuffix("/file")
    return {**found, **_of_every_kind(here), "wrong file": f"{wrong}/file"}


def _of_every_kind(here: Market) -> dict[str, str]:
    """What stands on pages of all campaigns about a webinar, about materials and about the mails that wait for them."""
    home = f"/p/{HARBOUR}"
    launched, draft = (
        f"{home}/campaigns/{here.objects[f'{what} of every kind']}" for what in ("campaign", "draft")
    )
    with here.installation.owner.reading() as session:
        kit = session.scalars(select(Kit.public_id).where(Kit.slug == of_every_kind.KIT)).one()
    return {
        "campaign of every kind": launched,
        "its people": f"{launched}/people",
        "brand of every kind": f"{draft}/setup/brand",
        "launch of every kind": f"{draft}/setup/launch",
        "kit of every kind": f"{home}/kits/{kit}",
    }


def _afterwards(here: Market, hanna: Visitor, made: Walk) -> None:
    """A webinar that took place, and one that was cancelled."""
    at = here.path(next(here.app.url_map.iter_rules("partner_webinars.show")))
    past = datetime(2026, 1, 8, 13, tzinfo=UTC)
    for what, change in (
        ("over", {"starts_at": past, "cancelled_at": None, "recording_url": "https://video.example/1"}),
        ("cancelled", {"cancelled_at": past}),
    ):
        with here.installation.owner.transaction() as session:
            session.execute(update(WebinarSession).values(**change))
        pages = (hanna.get(path) for path in (at, _of_every_kind(here)["campaign of every kind"]))
        made.refused[f"a webinar that is {what}"] = {text for page in pages for text in page_of(page).said}


def speak(here: Market, locale: str) -> None:
    with here.installation.owner.transaction() as session:
        session.execute(update(User).where(User.email == HANNA).values(locale=locale))


def nonsense(kind: str) -> Any:
    return (io.BytesIO(b"%PDF-1.4"), "x.pdf") if kind == "file" else NONSENSE.get(kind, "x" * 5_000)


def page_of(answer: TestResponse) -> Page:
    return Page(answer.get_data(as_text=True))


def names_in(here: Market) -> str:
    """All that people and kits wrote, and how countries, currencies and languages are called."""
    found: list[str] = []
    with here.installation.owner.reading() as session:
        for table in Base.metadata.sorted_tables:
            wanted = [one for one in table.columns if one.name not in SENTENCES and _holds_text(one.type)]
            for row in session.execute(select(*wanted)) if wanted else ():
                found += [str(value) for value in row]
    for path in Path(here.installation.settings.var / "files").rglob("*"):
        if path.is_file() and (text := text_of(path.read_bytes())):
            found.append(text)
    german, english = Locale("de"), Locale("en")
    for known in ("territories", "currencies", "languages"):
        found += [f"{code} {name}" for code, name in getattr(english, known).items()]
        found += [str(name) for name in getattr(german, known).values()]
    found.append(FILLED_IN)
    found.append(terms.TEXTS[terms.CURRENT])  # the English beside the German
    found += [str(one.id) for one in language.catalogue("de") if one.id == one.string]
    return " ".join(" ".join(found).split())


def text_of(content: bytes) -> str:
    """Of a file of a kit; pictures and mails say nothing."""
    try:
        return "" if b"Subject:" in content[:2_000] else content.decode()
    except UnicodeDecodeError:
        return ""


def _holds_text(kind: object) -> bool:
    return isinstance(kind, String | JSON)


def test_an_owner_sees_every_page_in_either_language(walk: Walk) -> None:
    assert [path for path in walk.wrong if "TTTT" not in path] == []  # a token of nothing leads nowhere
    assert len(walk.said) > 50 and all(len(both) == 2 for both in walk.said.values())


def test_no_text_of_a_page_is_the_same_in_both_languages(walk: Walk) -> None:
    same = {
        text: name
        for name, both in walk.said.items()
        for text in both["en"] & both["de"]
        if walk.pieces(text)
    }
    assert same == {}


def test_no_german_page_has_an_english_sentence_in_it(walk: Walk) -> None:
    said = ((name, text) for name, both in walk.said.items() for text in both["de"])
    assert {text: name for name, text in said if any(map(ENGLISH.search, walk.pieces(text)))} == {}


def test_no_refused_form_answers_in_english(walk: Walk) -> None:
    said = [(name, text) for name, texts in walk.refused.items() for text in texts]
    assert len(walk.refused) > 25
    assert {text: name for name, text in said if any(map(ENGLISH.search, walk.pieces(text)))} == {}

"""Every page, file and mail that anybody can get at, read by everybody: no canary sings to a stranger.

Harbour IT's list holds a hundred canaries: people whose names, companies, numbers and addresses stand nowhere else.
The crawl starts at every route without arguments and at every route with Harbour IT's objects in it, and follows
all links, so that a new page is read without being named here.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest

from tcma.web.guards import Access
from tests.cli.world import (
    AGREED,
    ALMA,
    CANARIES,
    HANNA,
    HARBOUR_READER,
    NORA,
    OPERATOR,
    PAUL,
    TILDA,
    canaries_in,
)
from tests.web.crawling import Crawl
from tests.web.market import ALPINE, HARBOUR, Market

pytestmark = pytest.mark.timeout(500)  # one long reading in a fixture
_RANDOM = re.compile(r"[A-Za-z0-9_.-]{16,}")
_CANARY = re.compile("zanary|quoll", re.IGNORECASE)
ENOUGH = 3  # addresses of one view where the canaries sing on all: there are campaigns of three kinds
EVERYBODY_ELSE = (ALMA, pytest.param(PAUL, marks=pytest.mark.slow), NORA, TILDA, OPERATOR)
SLUGS = {ALMA: ALPINE, PAUL: "polder-it"}


def starts(market: Market, partner: str | None) -> list[str]:
    """Every route that can be opened by GET, with the firm's own address and Harbour IT's objects."""
    found = []
    for rule in market.app.url_map.iter_rules():
        public = market.guard(rule).access in (Access.CAMPAIGN, Access.TOKEN)
        if "GET" not in (rule.methods or ()) or public or rule.endpoint in ("files.asset", "files.picture"):
            continue
        if partner is None and "partner" in rule.arguments:
            continue
        found.append(market.path(rule, partner or HARBOUR))
    return ["/", *sorted(set(found))]


def crawl(market: Market, person: str, partner: str | None = None, **limit: Any) -> Crawl:
    return Crawl(market.person(person), **limit).run(starts(market, partner))


def shown(done: Crawl) -> dict[str, set[int]]:
    """The canaries by the page that shows them."""
    return {path: found for path, text in done.pages.items() if (found := canaries_in(without_chance(text)))}


def without_chance(text: str) -> str:
    """A page without tokens, nonces and hashes: their random letters can spell a part of a telephone number."""
    return _RANDOM.sub(lambda found: found[0] if _CANARY.search(found[0]) else "…", text)


@dataclass
class Hannas:
    """All that the owner is shown, and which views she finds from home by links alone."""

    found: set[str]
    crawl: Crawl


@pytest.fixture(scope="module")
def hannas(market: Market) -> Hannas:
    begun = Crawl(market.person(HANNA), ENOUGH).run(["/"])
    found = begun.views()
    return Hannas(found, begun.run(starts(market, HARBOUR)))


def test_the_partners_own_people_see_every_canary(hannas: Hannas) -> None:
    """Proof that the crawl gets everywhere and that the tests below can fail."""
    assert set().union(*shown(hannas.crawl).values()) >= set(range(CANARIES))
    assert len(hannas.crawl.pages) > 100


def test_every_page_of_a_partner_is_reached_by_links_alone(market: Market, hannas: Hannas) -> None:
    """A page nobody can find without knowing its address is a page nobody has."""
    hidden = {
        rule.endpoint
        for rule in market.app.url_map.iter_rules()
        if market.guard(rule).access in (Access.MEMBER, Access.PERSON) and "GET" in (rule.methods or ())
    } - hannas.found
    assert hidden <= NEED_A_STATE, hidden - NEED_A_STATE


NEED_A_STATE: set[str] = {
    "account_address.show",  # from a mail
    "partner_campaign_deeds.confirm_skip",  # of a mail that missed its time
    "partner_lead_reports.saved",  # a row of the table, after it was sent
    "partner_setup_launch.checks",  # a part of its page
}


def test_no_link_leads_nowhere(hannas: Hannas) -> None:
    broken = {
        path: status
        for path, status in hannas.crawl.broken.items()
        if "the list of routes" not in path and (status, what(path)) != NOT_COMPLETE
    }
    assert broken == {}


NOT_COMPLETE = (422, "/setup/launch/confirm")  # "Launch", pressed on a draft, says what is missing


def what(path: str) -> str:
    """The last part of an address, as it is noted with where it was found."""
    return "".join(re.findall(r"^/p/[^/]+/campaigns/[^/]+(/[^\s?]+)", path))


@pytest.mark.parametrize("person", EVERYBODY_ELSE)
def test_nobody_else_is_shown_a_canary_on_any_page(market: Market, person: str) -> None:
    done = crawl(market, person, SLUGS.get(person))

    assert shown(done) == {}
    assert len(done.pages) > (50 if person in SLUGS else 3)
    broken = {path: status for path, status in done.broken.items() if "the list of routes" not in path}
    assert broken == {}


@pytest.mark.slow
@pytest.mark.parametrize("person", [ALMA, NORA])
def test_nobody_else_is_shown_a_canary_under_harbour_its_address(market: Market, person: str) -> None:
    done = crawl(market, person, HARBOUR)

    assert shown(done) == {}
    under = {path for path in done.pages if path.startswith(f"/p/{HARBOUR}/")}
    refused = {path.partition(" (on ")[0] for path, status in done.broken.items() if status == 404}
    assert len(under) > 50 and under <= refused, under - refused


@pytest.mark.slow
def test_a_reader_sees_what_colleagues_see_and_no_page_breaks(market: Market) -> None:
    done = crawl(market, HARBOUR_READER, HARBOUR, per_view=ENOUGH)
    broken = {
        path: status
        for path, status in done.broken.items()
        if "the list of routes" not in path and status != 403 and (status, what(path)) != NOT_COMPLETE
    }
    assert broken == {} and shown(done)


def test_mails_name_canaries_only_to_their_partner_and_to_themselves(market: Market) -> None:
    """Every mail that left this installation, by whom it went to."""
    told: dict[str, set[int]] = {}
    for mail in mails(market):
        to = str(mail["To"])
        told.setdefault(to, set()).update(canaries_in(to + mail.as_string() + body(mail)) - canaries_in(to))
    assert len(told) > CANARIES - 10
    assert {to: found for to, found in told.items() if found and not to.endswith("@harbour-it.example")} == {}


def mails(market: Market) -> list[EmailMessage]:
    folder = market.installation.settings.var / "files"
    return [
        email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=email.policy.default)
        for path in sorted(folder.rglob("*.eml"))
    ]


def body(mail: EmailMessage) -> str:
    return "\n".join(str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text")


def test_a_vendor_may_see_only_who_agreed(market: Market) -> None:
    """The vendors' own pages will name those; until then none shows anybody."""
    for person in (NORA, TILDA):
        found = shown(crawl(market, person))
        assert set().union(*found.values()) <= set(AGREED)

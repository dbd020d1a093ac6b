"""Every route of signed-in people × who comes × whose object, generated from the routes themselves.

Looking and sending a form without our token change nothing, so all of them share one installation. A form that
gets as far as "that token is not ours" (400) was let in by its guard: the guard is asked first.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from werkzeug.routing import Rule

from tcma.viewer import OrganisationKind, Role
from tcma.web.guards import SIGNED_IN, Access, Guard
from tests.cli.world import ALMA, HANNA, HARBOUR_READER
from tests.web.market import ALPINE, Market
from tests.web.test_routes import APP, guard_of

pytestmark = pytest.mark.timeout(300)  # the first of them makes the market
FORGED, LET_IN = 400, {200, 303, 404, 409, 422}
LOCKED_OUT = 403
PARTNER_RULES = [
    rule
    for rule in sorted(APP.url_map.iter_rules(), key=str)
    if guard_of(rule).access is Access.MEMBER and guard_of(rule).kind is OrganisationKind.PARTNER
]
WITH_OBJECT = [rule for rule in PARTNER_RULES if rule.arguments - {"partner"}]

# Forms that are read before their object is looked for: empty ones would be refused whoever owns it.
FILLED_IN = {
    "partner_funding_elsewhere.move": {"status": "used"},
    "partner_lead_deeds.hand_over": {"colleague": str(UUID(int=1))},
    "partner_team.let_in": {"role": "reader"},
}


def cells(rules: list[Rule]) -> list[object]:
    return [
        pytest.param(rule, method, id=f"{method} {rule}")
        for rule in rules
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def test_every_signed_in_route_says_for_whom_it_is() -> None:
    for rule in APP.url_map.iter_rules():
        guard = guard_of(rule)
        in_address = {"partner", "vendor"} & rule.arguments
        if guard.access is Access.MEMBER:
            assert in_address == {guard.slug}, rule
            assert str(rule).startswith(("/p/<slug:partner>/", "/v/<slug:vendor>/")), rule
            assert guard.roles <= set(Role), rule
        if str(rule).startswith(("/p/", "/v/", "/account")):
            assert guard.access in SIGNED_IN, f"{rule} is open to strangers"


def test_what_changes_something_takes_posts_only() -> None:
    for rule in APP.url_map.iter_rules():
        assert (rule.methods or set()) <= {"GET", "HEAD", "POST", "OPTIONS"}, rule


@pytest.mark.parametrize(
    ("endpoint", "roles"),
    [
        ("partner_audience.people_csv", {Role.MARKETER}),
        ("partner_audience.left_csv", {Role.MARKETER}),
        ("partner_audience.rows_to_fix", {Role.MARKETER}),
        ("partner_campaign_people.csv", {Role.MARKETER}),
        ("partner_leads.file", {Role.MARKETER, Role.SALES}),
    ],
)
def test_people_leave_as_a_file_only_with_those_who_work_with_them(endpoint: str, roles: set[Role]) -> None:
    """Everybody of the firm may look; a file of addresses is for those whose work it is, and for owners."""
    (rule,) = APP.url_map.iter_rules(endpoint)
    assert guard_of(rule).roles == roles


@pytest.fixture(scope="module", autouse=True)
def nothing_changes(market: Market) -> Iterator[None]:
    """After all refusals and all looking, every row is what it was."""
    before = market.rows()
    yield
    assert market.rows() == before


def one_of_each_sort(market: Market, guard: Guard) -> tuple[tuple[str, ...], list[str]]:
    """An outsider, the member with the fewest rights and the one who just may: for the quick run."""
    able = [email for email, roles in market.members.items() if may(guard, roles)]
    return (ALMA,), [HARBOUR_READER, able[0]]


def may(guard: Guard, roles: frozenset[Role]) -> bool:
    return not guard.roles or Role.OWNER in roles or bool(roles & guard.roles)


@pytest.mark.parametrize(
    "everybody",
    [pytest.param(False, marks=pytest.mark.quick), pytest.param(True, marks=pytest.mark.slow)],
    ids=["one", "all"],
)
@pytest.mark.parametrize(("rule", "method"), cells(PARTNER_RULES))
def test_only_people_of_the_firm_with_the_right_role_are_let_in(
    market: Market, rule: Rule, method: str, everybody: bool
) -> None:
    """Quickly with one principal of each sort, slowly with all of them."""
    path, guard = market.path(rule), market.guard(rule)
    asked: dict[str, Any] = {"method": method, "headers": market.stranger.headers}
    outsiders, members = (
        (market.outsiders, list(market.members)) if everybody else one_of_each_sort(market, guard)
    )
    stranger = market.stranger.client.open(path, **asked)
    assert (stranger.status_code, stranger.headers["Location"].partition("?")[0]) == (303, "/sign-in")
    for email in outsiders:
        answer = market.person(email).client.open(path, **asked)
        assert answer.status_code == 404, (email, answer.status_code)
    for email in members:
        answer = market.person(email).client.open(path, **asked)
        let_in = {FORGED} if method == "POST" else LET_IN
        expected = let_in if may(guard, market.members[email]) else {LOCKED_OUT}
        assert answer.status_code in expected, (email, answer.status_code)
        answer.close()


@pytest.mark.parametrize(("rule", "method"), cells(WITH_OBJECT))
def test_an_object_of_another_firm_is_not_found_under_ones_own_address(
    market: Market, rule: Rule, method: str
) -> None:
    """Alma owns Alpine IT and knows the ids of Harbour IT's objects."""
    alma, path = market.person(ALMA), market.path(rule, ALPINE)
    answer = alma.post(path, FILLED_IN.get(rule.endpoint, {})) if method == "POST" else alma.get(path)

    assert answer.status_code == 404, (path, answer.status_code, answer.headers.get("Location"))


@pytest.mark.parametrize("rule", [rule for rule in WITH_OBJECT if "GET" in (rule.methods or ())], ids=str)
def test_an_object_that_is_not_there_is_told_like_one_of_another_firm(market: Market, rule: Rule) -> None:
    hanna = market.person(HANNA)
    path = market.path(rule, unknown=True)
    if path != market.path(rule):
        assert hanna.get(path).status_code == 404


@pytest.mark.parametrize("rule", [rule for rule in PARTNER_RULES if "GET" in (rule.methods or ())], ids=str)
def test_an_owner_sees_every_page_of_the_firm(market: Market, rule: Rule) -> None:
    answer = market.person(HANNA).get(market.path(rule))

    assert answer.status_code in LET_IN - {404}, answer.status_code
    answer.close()


@pytest.mark.parametrize(
    ("rule", "method"),
    cells(
        [rule for rule in sorted(APP.url_map.iter_rules(), key=str) if guard_of(rule).access is Access.PERSON]
    ),
)
def test_pages_about_oneself_need_somebody_and_forms_our_token(
    market: Market, rule: Rule, method: str
) -> None:
    path = market.path(rule)
    asked: dict[str, Any] = {"method": method, "headers": market.stranger.headers}
    stranger = market.stranger.client.open(path, **asked)
    assert (stranger.status_code, stranger.headers["Location"].partition("?")[0]) == (303, "/sign-in")
    for email in (*market.outsiders, *market.members):
        answer = market.person(email).client.open(path, **asked)
        assert answer.status_code in ({FORGED} if method == "POST" else {200, 303, 404}), email
        assert method == "POST" or answer.status_code == (404 if "token" in rule.arguments else 200)


def test_forms_of_the_way_in_need_our_token(market: Market) -> None:
    for rule in APP.url_map.iter_rules():
        if guard_of(rule).access is Access.DOOR and "POST" in (rule.methods or ()):
            assert market.stranger.bare_post(market.path(rule)).status_code == FORGED, rule


def test_the_operators_pages_are_for_operators(market: Market) -> None:
    for rule in APP.url_map.iter_rules():
        if guard_of(rule).access is Access.OPERATOR:
            for email in (ALMA, HANNA):
                assert market.person(email).get(market.path(rule)).status_code == 404, rule

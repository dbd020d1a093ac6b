"""Nobody is shown a button or a link that would answer "not with your role", on any page, whatever the role.

Read from the pages themselves: links are followed, and where a link leads and a form or button would send something is
compared with what the guard of that route says.
"""

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from tcma.viewer import Role
from tcma.web.guards import declared
from tests.web.crawling import Crawl
from tests.web.market import HARBOUR, Market
from tests.web.test_crawl import ENOUGH, starts
from tests.web.test_routes_signed_in import LOCKED_OUT, may

pytestmark = pytest.mark.timeout(500)  # a market and a crawl by every role
_TAGS = re.compile(r"<(?:form|button|input|a|div|section)\b[^>]*>")
_TARGET = re.compile(r'\s(?:action|formaction|hx-post)="([^"]*)"')
_LINK = re.compile(r'<a\b[^>]*\shref="(/[^"]*)"')
_FORM = re.compile(r"<form\b")
BEGINNERS = (
    Role.READER,  # to whom most doors are shut
    *(pytest.param(role, marks=pytest.mark.slow) for role in (Role.FINANCE, Role.SALES, Role.MARKETER)),
)


def sent_to(page: str) -> set[str]:
    """Where the forms and buttons of a page send what is typed."""
    found = set()
    for tag in _TAGS.findall(page):
        if _FORM.match(tag) and 'method="get"' in tag.lower():
            continue
        found |= {unescape(target) for target in _TARGET.findall(tag)}
    return found


def shut(market: Market, roles: frozenset[Role], path: str, target: str, method: str = "POST") -> bool:
    """Whether this form or link of the page at `path` would be refused for the role, or leads nowhere."""
    address = urlsplit(urljoin(path, target)).path
    try:
        endpoint, _arguments = market.app.url_map.bind("localhost").match(address, method=method)
    except HTTPException:
        return True
    guard = declared(market.app.view_functions[endpoint])
    assert guard is not None
    return not may(guard, roles)


@pytest.mark.parametrize("role", BEGINNERS)
def test_nobody_is_shown_a_door_that_is_shut(market: Market, role: Role) -> None:
    (person, roles) = next((who, had) for who, had in market.members.items() if had == {role})
    done = Crawl(market.person(person), ENOUGH).run(starts(market, HARBOUR))

    links = {
        where
        for where, status in done.broken.items()
        if status == LOCKED_OUT and "the list of routes" not in where
    } | {
        f"{target} (on {path})"
        for path, page in done.pages.items()
        for target in set(map(unescape, _LINK.findall(page)))
        if shut(market, roles, path, target, "GET")
    }
    forms = {
        f"{target} (on {path})"
        for path, page in done.pages.items()
        for target in sent_to(page)
        if not target.startswith("#") and shut(market, roles, path, target)
    }
    assert "\n".join(sorted(links | forms)) == ""
    assert len(done.pages) > 40

"""Somebody signed in before the application itself, without a network: opens pages and follows their links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tcma.installation import Installation
from tcma.organisations import queries as organisations
from tcma.organisations import sign_ins
from tcma.organisations.sign_ins import Lives
from tcma.web import create_app, unit

_LINK = re.compile(r"""<(?:a|iframe)\b[^>]*?\b(?:href|src)=["']([^"']+)["']""")
_PART = re.compile(r"""\bhx-get=["']([^"']+)["']""")
MANY = 400  # pages a crawl opens at most; lists lead to the same few views again and again


@dataclass
class Visitor:
    """One person's browser without a browser."""

    app: Flask
    client: FlaskClient

    @classmethod
    def signed_in(cls, installation: Installation, email: str, app: Flask | None = None) -> "Visitor":
        app = app or create_app(installation)
        with installation.owner.transaction() as session:
            user = organisations.find_user(session, email)
            _row, key = sign_ins.begin(session, user, "Bench", Lives.of(installation.settings))
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie[unit.KEY] = key
            cookie.permanent = True
        return cls(app, client)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, buffered=True)  # a file half read would keep its request open

    def first_row(self, path: str) -> str:
        """The first row of a CSV file, below its headings; the rest is not waited for."""
        answer = self.client.get(path, buffered=False)
        try:
            lines = answer.iter_encoded()
            next(lines)
            return next(lines, b"").decode()
        finally:
            answer.close()

    def endpoint(self, path: str) -> str:
        """The view that answers a path; empty for an address of nobody."""
        adapter = self.app.url_map.bind("localhost")
        try:
            return str(adapter.match(urlsplit(path).path, method="GET")[0])
        except HTTPException:
            return ""

    def crawl(self, *starts: str) -> "Crawl":
        """Follow links from there until every view that can be reached was opened once, in the order of
        a first look round."""
        found, opened = Crawl(), 0
        waiting = [(start, False) for start in starts]  # with whether it is fetched into a page
        seen = set(starts)
        while waiting and opened < MANY:
            path, is_part = waiting.pop(0)
            view = self.endpoint(path)
            if not view or found.knows(view) or view.endswith((".asset", ".static")):
                continue
            answer = self.get(path)
            opened += 1
            if answer.status_code in (301, 302, 303):
                found.others[view] = path
                waiting.insert(0, (urljoin(path, answer.headers["Location"]), is_part))
                continue
            found.statuses[path] = answer.status_code
            if answer.status_code != 200:
                continue
            frame = "sandbox" in answer.headers.get("Content-Security-Policy", "")  # shown inside a page
            if is_part or frame or answer.mimetype != "text/html":
                found.others[view] = path
                continue
            found.pages[view] = path
            for link, of_part in links_of(answer.text, path):
                if link not in seen:
                    seen.add(link)
                    waiting.append((link, of_part))
        return found


@dataclass
class Crawl:
    """What a crawl found: one address per view, and every answer's status. `others` are no pages of their own:
    files, frames, parts of a page that are fetched by themselves, addresses that lead on."""

    pages: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def knows(self, view: str) -> bool:
        return view in self.pages or view in self.others

    @property
    def broken(self) -> dict[str, int]:
        return {path: status for path, status in self.statuses.items() if status >= 400}


def links_of(html: str, base: str) -> Iterator[tuple[str, bool]]:
    """Addresses of this site that a page leads to, without fragments, and those of its parts (True)."""
    for pattern, is_part in ((_LINK, False), (_PART, True)):
        for found in pattern.findall(html):
            address = urljoin(base, unescape(found)).partition("#")[0]
            parts = urlsplit(address)
            if not parts.scheme and not parts.netloc and address.startswith("/"):
                yield address, is_part

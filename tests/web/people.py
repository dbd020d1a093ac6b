"""People who are signed in, with the browser's cookie and what its pages' forms carry."""

import secrets
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from tcma.installation import Installation
from tcma.organisations import links
from tcma.organisations import queries as organisations
from tests.web.apps import app_of
from tests.web.site import BROWSER, Site, inputs


class Visitor:
    """A signed-in person at a browser. `post` sends the token against forgery and a fresh request key, as the
    form of a page would; give `request_key=` in the data to press the same form again."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.client = Client(app, TestResponse)
        self.headers = {"Accept-Language": language, "User-Agent": BROWSER}
        self.csrf = ""

    @property
    def installation(self) -> Installation:
        return self.app.extensions["installation"]  # type: ignore[no-any-return]

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, headers={**self.headers, **more.pop("headers", {})}, **more)

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """A form of one of our pages; lists in `data` are several values, files are (stream, name)."""
        sent = {"csrf_token": self.csrf, "request_key": secrets.token_urlsafe(18), **(data or {})}
        return self.client.post(path, data=sent, headers={**self.headers, **more.pop("headers", {})}, **more)

    def bare_post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """A form that is not of our pages: what is given and nothing else."""
        return self.client.post(path, data=data, headers=self.headers)

    def follow(self, answer: TestResponse) -> TestResponse:
        """The page a POST sent this person on to."""
        assert answer.status_code == 303, (answer.status_code, answer.text[:2000])
        return self.get(answer.headers["Location"])


def signed_in(at: Site | Installation | Flask, email: str, language: str = "en") -> Visitor:
    """Somebody with this address, signed in by a link as it comes by mail. The person must exist."""
    app = at if isinstance(at, Flask) else at.app if isinstance(at, Site) else app_of(at)
    visitor = Visitor(app, language)
    with visitor.installation.owner.transaction() as session:
        token = links.make(session, organisations.find_user(session, email), "/account/").token
    visitor.csrf = inputs(visitor.get(f"/sign-in/{token}").text)["csrf_token"]
    answer = visitor.client.post(
        f"/sign-in/{token}", data={"csrf_token": visitor.csrf}, headers=visitor.headers
    )
    assert answer.headers.get("Location") == "/account/", (answer.status_code, answer.text[:2000])
    visitor.csrf = inputs(visitor.get("/sign-in/link").text)["csrf_token"]
    return visitor


def stranger(at: Site | Installation | Flask, language: str = "en") -> Visitor:
    """Somebody who is not signed in, with the token of the sign-in page."""
    app = at if isinstance(at, Flask) else at.app if isinstance(at, Site) else app_of(at)
    visitor = Visitor(app, language)
    visitor.csrf = inputs(visitor.get("/sign-in").text)["csrf_token"]
    return visitor

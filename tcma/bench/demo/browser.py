"""One request as a browser makes it, over real HTTP and without following what it is answered."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode, urlsplit

PROGRAM = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PATIENCE = 60.0
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_FORM = re.compile(r'<form\b[^>]*\baction="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


def ask(
    method: str,
    address: str,
    form: Mapping[str, str] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """`form` is sent as a form without files; `body` as it is, with the content type of `headers`."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    sent = {"User-Agent": PROGRAM, **(headers or {})}
    if form is not None:
        body = urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, sent)
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


def absolute(base: str, address: str) -> str:
    """`address` as a link on the page `base` leads."""
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}{address}" if address.startswith("/") else address


def hidden(page: str, action: str = "") -> dict[str, str]:
    """The hidden inputs of a page, or those of its form with this action alone."""
    if action:
        page = next((inside for where, inside in _FORM.findall(page) if unescape(where) == action), "")
    return {name: unescape(value) for name, value in _HIDDEN.findall(page)}

"""A browser that follows every link of every page it may open, and remembers what it was shown."""

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from tests.web.people import Visitor

_LINKS = re.compile(r'\s(?:href|src|hx-get|data-href|data-poll|poster)="([^"]*)"')
_FORMS = re.compile(r'<form\b[^>]*\bmethod="get"[^>]*>', re.IGNORECASE)
_ACTION = re.compile(r'\baction="([^"]*)"')
VARIANTS = 2  # of one address with the same words in its query, and other values


@dataclass
class Crawl:
    """Everything one person is shown, by address."""

    visitor: Visitor
    per_view: int = 1_000  # how many addresses of one view are opened
    pages: dict[str, str] = field(default_factory=dict)
    broken: dict[str, int] = field(default_factory=dict)
    _seen: Counter[object] = field(default_factory=Counter)

    def run(self, starts: list[str]) -> "Crawl":
        """Breadth first from these addresses; a page that cannot be shown is noted as broken. Run again, it
        goes on from other addresses."""
        waiting: deque[tuple[str, str]] = deque((start, "") for start in starts)
        while waiting:
            path, found_on = waiting.popleft()
            if path in self.pages or not self._is_worth_it(path):
                continue
            for link in self._open(path, found_on):
                waiting.append((link, path))
        return self

    def views(self) -> set[str]:
        """The endpoints that were seen."""
        return {self._view(path) for path in self.pages}

    def _open(self, path: str, found_on: str) -> list[str]:
        answer = self.visitor.get(path)
        text = answer.get_data().decode("utf-8", "replace")
        self.pages[path] = "\n".join([text, *(f"{name}: {value}" for name, value in answer.headers)])
        onward = [answer.headers["Location"]] if answer.status_code in (302, 303, 308) else []
        if answer.status_code >= 400:
            self.broken[f"{path} (on {found_on or 'the list of routes'})"] = answer.status_code
        if answer.mimetype == "text/html":
            onward += [unescape(link) for link in _LINKS.findall(text)]
            onward += [unescape(found[1]) for form in _FORMS.findall(text) if (found := _ACTION.search(form))]
        return [self._own(urljoin(path, link)) for link in onward if self._own(urljoin(path, link))]

    def _own(self, address: str) -> str:
        """The path and query of an address of this site that has a view; empty for anything else."""
        parts = urlsplit(address)
        base = urlsplit(self.visitor.installation.settings.base_url)
        if parts.scheme not in ("", "http", "https") or parts.netloc not in ("", "localhost", base.netloc):
            return ""
        if parts.path.startswith("/assets/") or not parts.path.startswith("/"):
            return ""
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _is_worth_it(self, path: str) -> bool:
        """Whether neither this address nor its view was opened often enough; counts it."""
        parts, view = urlsplit(path), self._view(path)
        address = (parts.path, frozenset(name for name, _value in parse_qsl(parts.query)))
        if self._seen[address] >= VARIANTS or self._seen[view] >= self.per_view:
            return False
        assert self._seen[view] < 500, f"{view} makes ever new addresses: {path}"
        self._seen.update((address, view))
        return True

    def _view(self, path: str) -> str:
        try:
            endpoint, _arguments = self.visitor.app.url_map.bind("localhost").match(urlsplit(path).path)
        except HTTPException:
            return "nowhere"
        return str(endpoint)

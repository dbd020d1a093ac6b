"""The logo on a firm's own web site: where a page says it has one, in the order of who is to be believed."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from campaigns import logo
from campaigns.errors import ContentError
from tcma.partners.outside import Trouble, Unfetched, fetch

WHOLE = 8.0  # seconds for page and pictures together
MOST_PAGE = 512 * 1024
MOST_TRIED = 6
_LANES = ThreadPoolExecutor(4, thread_name_prefix="website")  # who asks waits no longer than `whole`


def find_logo(address: str, *, allow_private: bool, whole: float = WHOLE) -> bytes:
    """The first picture of the page at `address` that our intake takes as a logo, within `whole` seconds.

    Raises Unfetched with why there is none, and nothing else. Call it outside any transaction.
    """
    asked = _LANES.submit(_find, address, allow_private, whole)
    try:
        return asked.result(whole)
    except NotInTime as error:
        asked.cancel()
        raise Unfetched(Trouble.TOO_SLOW) from error


def pictures(page: str, base: str) -> list[str]:
    """Addresses of what may be a logo, the best first, each once."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    ranked = sorted(reader.found, key=lambda one: one[0])
    whole = (urljoin(base, address) for _, address in ranked)
    return list(dict.fromkeys(one for one in whole if one.startswith(("http://", "https://"))))


def _find(address: str, allow_private: bool, whole: float) -> bytes:
    until = time.monotonic() + whole
    page = fetch(address, most=MOST_PAGE, until=until, allow_private=allow_private)
    for candidate in pictures(page.content.decode("utf-8", "replace"), page.address)[:MOST_TRIED]:
        try:
            found = fetch(candidate, most=logo.MAX_BYTES, until=until, allow_private=allow_private)
            logo.read(found.content)
        except (Unfetched, ContentError):
            continue  # the next one may be better
        return found.content
    raise Unfetched(Trouble.NOTHING)


@dataclass
class _Reader(HTMLParser):
    """Collects (rank, address): what calls itself a logo, what the firm tells search engines, then its icons."""

    found: list[tuple[int, str]] = field(default_factory=list)
    _in_data: bool = False

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "img" and given.get("src"):
            if any("logo" in given.get(name, "").lower() for name in ("class", "id", "alt", "src")):
                self.found.append((0, given["src"]))
        elif tag == "link" and given.get("href"):
            rank = {"apple-touch-icon": 2, "icon": 3, "shortcut icon": 3}.get(given.get("rel", "").lower())
            if rank is not None:
                self.found.append((rank, given["href"]))
        self._in_data = tag == "script" and given.get("type", "").lower() == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._in_data:
            self.found += [(1, address) for address in _told(data)]

    def handle_endtag(self, tag: str) -> None:
        self._in_data = False


def _told(data: str) -> list[str]:
    """The logo of structured data: an address, or an object with one."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        return []
    told = [one.get("logo") for one in (read if isinstance(read, list) else [read]) if isinstance(one, dict)]
    addresses = [one.get("url") if isinstance(one, dict) else one for one in told]
    return [address for address in addresses if isinstance(address, str)]

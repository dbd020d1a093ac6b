"""Whether the links of a mail answer: tried from here, within seconds, remembered for a while.

Addresses in a kit are its vendor's words, so asking them must not reach into this installation's own network:
a name is looked up once, every address behind it has to be public, and the connection goes to the address that
was judged. Bodies are never read. Call it outside any transaction.
"""

import http.client
import socket
import ssl
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import SplitResult, urljoin, urlsplit

from tcma.errors import Word, phrase
from tcma.partners.outside import MOST_REDIRECTS, PORTS, Pinned, is_public

WHOLE = 6.0  # seconds for all links of a call
MOST_LINKS = 40
LANES = 8
KEPT = 2_000
FRESH = 600.0  # seconds a result is believed
_TEMPORARY = frozenset({socket.EAI_AGAIN})
_ASKED_AGAIN = frozenset({403, 404, 405, 501})  # some servers know GET alone


class Verdict(StrEnum):
    ANSWERS = "answers"
    BROKEN = "broken"
    REFUSED = "refused"  # leads into a private network or to an odd port
    UNKNOWN = "unknown"  # could not be tried from here


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one address; `detail` says what was seen, in words or as a status number."""

    address: str
    verdict: Verdict
    detail: str = ""


class LinkChecker:
    """Tries addresses side by side. One serves a whole process; `allow_private` is for development."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self._kept: OrderedDict[str, tuple[float, Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, addresses: Iterable[str]) -> dict[str, Answer]:
        """What was found out lately, without asking anybody."""
        now = time.monotonic()
        with self._lock:
            found = ((one, self._kept.get(one)) for one in dict.fromkeys(addresses))
            return {one: kept[1] for one, kept in found if kept is not None and now - kept[0] < FRESH}

    def check(self, addresses: Iterable[str]) -> dict[str, Answer]:
        """Every address with its answer, in at most `WHOLE` seconds; more than `MOST_LINKS` are not tried."""
        wanted = list(dict.fromkeys(addresses))
        found = self.known(wanted)
        fresh = [one for one in wanted if one not in found]
        pool = ThreadPoolExecutor(LANES, thread_name_prefix="links")
        tries = {one: pool.submit(self.ask, one) for one in fresh[:MOST_LINKS]}
        wait(tries.values(), timeout=WHOLE)
        pool.shutdown(wait=False, cancel_futures=True)
        for one in fresh:
            tried = tries.get(one)
            if tried is not None and tried.done() and not tried.cancelled():
                found[one] = tried.result()
                self._keep(found[one])
            else:
                found[one] = Answer(one, Verdict.UNKNOWN, Word("not tried in time"))
        return found

    def ask(self, address: str) -> Answer:
        """One address, redirects followed; never raises."""
        target = address
        for _ in range(MOST_REDIRECTS + 1):
            try:
                status, location = self._ask_once(target)
            except _Stop as stop:
                return Answer(address, stop.verdict, stop.detail)
            except (OSError, http.client.HTTPException, ValueError) as error:
                return Answer(address, Verdict.BROKEN, _words(error))
            if not (300 <= status < 400 and location):
                verdict = Verdict.ANSWERS if status < 400 or status == 429 else Verdict.BROKEN
                return Answer(address, verdict, str(status))
            target = urljoin(target, location)
        return Answer(address, Verdict.BROKEN, phrase("more than %(most)s redirects", most=MOST_REDIRECTS))

    def _ask_once(self, address: str) -> tuple[int, str]:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _Stop(Verdict.REFUSED, Word("not a web address"))
        if port not in PORTS and not self.allow_private:
            raise _Stop(Verdict.REFUSED, phrase("port %(port)s", port=str(port)))
        place = self._look_up(parts.hostname, port)
        status, location = _request("HEAD", parts, place, port)
        return _request("GET", parts, place, port) if status in _ASKED_AGAIN else (status, location)

    def _look_up(self, host: str, port: int) -> str:
        """One address of the host, all of them judged."""
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            if isinstance(error, socket.gaierror) and error.errno in _TEMPORARY:
                raise _Stop(Verdict.UNKNOWN, Word("names cannot be looked up from here")) from error
            raise _Stop(Verdict.BROKEN, Word("there is no such server")) from error
        places = [str(row[4][0]) for row in rows]
        if not self.allow_private and not all(is_public(place) for place in places):
            raise _Stop(Verdict.REFUSED, Word("it leads into a private network"))
        return places[0]

    def _keep(self, answer: Answer) -> None:
        if answer.verdict is Verdict.UNKNOWN:
            return
        with self._lock:
            self._kept[answer.address] = (time.monotonic(), answer)
            self._kept.move_to_end(answer.address)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


@cache
def checker(*, allow_private: bool) -> LinkChecker:
    """The one of this process."""
    return LinkChecker(allow_private=allow_private)


class _Stop(Exception):
    def __init__(self, verdict: Verdict, detail: str) -> None:
        super().__init__(detail)
        self.verdict, self.detail = verdict, detail


def _request(method: str, parts: SplitResult, place: str, port: int) -> tuple[int, str]:
    context = ssl.create_default_context() if parts.scheme == "https" else None
    connection = Pinned(parts.hostname or "", port, place, context)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, headers={"User-Agent": "link check", "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


def _words(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return Word("no answer in time")
    if isinstance(error, ssl.SSLError):
        return Word("its certificate does not hold")
    return Word("no connection") if isinstance(error, OSError) else Word("not a web address")

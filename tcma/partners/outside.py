"""Asking servers of other people without reaching into this installation's own network.

An address comes from whoever typed it: a name is looked up once, every place behind it has to be public, and the
connection goes to the place that was judged, whatever the name says a moment later.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin, urlsplit

STEP = 3.0  # seconds for each step of one connection
PORTS = frozenset({80, 443})
MOST_REDIRECTS = 5
PIECE = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Trouble(StrEnum):
    """Why nothing came of asking."""

    NO_ADDRESS = "no_address"
    PRIVATE = "private"  # a private network, or an odd port
    NO_SERVER = "no_server"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"  # it answered with a status that is no page
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NOTHING = "nothing"  # it answered, and what was looked for is not there


class Unfetched(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Fetched:
    address: str  # after redirects
    content: bytes


class Pinned(http.client.HTTPConnection):
    """A connection to the place that was judged."""

    def __init__(self, host: str, port: int, place: str, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=STEP)
        self._place, self._context = place, context

    def connect(self) -> None:
        plain = socket.create_connection((self._place, self.port), timeout=STEP)
        self.sock: Any = (
            self._context.wrap_socket(plain, server_hostname=self.host) if self._context else plain
        )


def is_public(place: str) -> bool:
    """Whether an IP address lies in the open internet; one that hides another is judged by both."""
    address = ipaddress.ip_address(place.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None and not is_public(str(inner)):
            return False
        if address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
    return address.is_global and not address.is_multicast


def fetch(address: str, *, most: int, until: float, allow_private: bool) -> Fetched:
    """What a web address answers, redirects followed: at most `most` bytes, until `time.monotonic()` is `until`.

    Every redirect is judged like the first address. Raises Unfetched and nothing else. Call it outside any
    transaction.
    """
    target = address
    for _ in range(MOST_REDIRECTS + 1):
        try:
            location, content = _once(target, most, until, allow_private)
            if not location:
                return Fetched(target, content)
            target = urljoin(target, location)
        except TimeoutError as error:
            raise Unfetched(Trouble.TOO_SLOW) from error
        except (OSError, http.client.HTTPException) as error:
            raise Unfetched(Trouble.NO_ANSWER) from error
        except ValueError as error:  # an address no parser understands
            raise Unfetched(Trouble.NO_ADDRESS) from error
    raise Unfetched(Trouble.NO_ANSWER)


def _once(address: str, most: int, until: float, allow_private: bool) -> tuple[str, bytes]:
    """Where it leads on, or what it holds."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unfetched(Trouble.NO_ADDRESS)
    if port not in PORTS and not allow_private:
        raise Unfetched(Trouble.PRIVATE)
    place = _place(parts.hostname, port, allow_private)
    context = ssl.create_default_context() if parts.scheme == "https" else None
    connection = Pinned(parts.hostname, port, place, context)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        _on_time(until)
        connection.request("GET", path, headers={"User-Agent": "tcma", "Accept": "*/*"})
        answer = connection.getresponse()
        location = answer.getheader("Location") or ""
        if 300 <= answer.status < 400 and location:
            return location, b""
        if answer.status != http.client.OK:
            raise Unfetched(Trouble.REFUSED)
        return "", _body(answer, most, until)
    finally:
        connection.close()


def _place(host: str, port: int, allow_private: bool) -> str:
    """One place of the host, all of them judged."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise Unfetched(Trouble.NO_SERVER) from error
    places = [str(row[4][0]) for row in rows]
    if not allow_private and not all(is_public(place) for place in places):
        raise Unfetched(Trouble.PRIVATE)
    return places[0]


def _body(answer: http.client.HTTPResponse, most: int, until: float) -> bytes:
    """Read in pieces, so that a server that trickles is left in time."""
    content = bytearray()
    while piece := answer.read1(PIECE):
        _on_time(until)
        content += piece
        if len(content) > most:
            raise Unfetched(Trouble.TOO_LARGE)
    return bytes(content)


def _on_time(until: float) -> None:
    if time.monotonic() > until:
        raise Unfetched(Trouble.TOO_SLOW)

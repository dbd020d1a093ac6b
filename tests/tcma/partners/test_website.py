"""The logo on a firm's own web site: found, taken in like an upload, or an honest reason why not."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tcma.partners import website
from tcma.partners.outside import Trouble, Unfetched, fetch
from tests.tcma.launches.world import LOGO

HEAD = '<link rel="icon" href="/icon.ico"><script type="application/ld+json">%s</script>'
PAGES = {
    "/": '<header><img class="site-logo" src="data:image/gif;base64,AA"><img alt="Our logo" src="/logo.svg">',
    "/told": HEAD % '{"@type": "Organization", "logo": {"url": "/logo.svg"}}',
    "/second": '<img class="logo" src="/broken.png"><img id="logo" src="/logo.svg">',
    "/none": "<img src='/team.jpg'>" + HEAD % ("[" * 5_000),
    "/inside": '<img class="logo" src="http://169.254.169.254/latest/logo.png">',
}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved":
            return self._answer(301, b"", "/")
        if self.path == "/loop":
            return self._answer(302, b"", "/loop")
        if self.path == "/away":
            return self._answer(302, b"", "file:///etc/passwd")
        if self.path == "/large":
            return self._answer(200, b"<p>" * website.MOST_PAGE)
        if self.path == "/trickle":
            return self._trickle()
        if self.path == "/logo.svg":
            return self._answer(200, LOGO)
        if self.path in PAGES:
            return self._answer(200, PAGES[self.path].encode())
        return self._answer(200 if self.path == "/broken.png" else 404, b"\x89PNG no more")

    def _trickle(self) -> None:
        """A byte now and then, without end."""
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"<")
                time.sleep(0.05)
        except OSError:
            return

    def _answer(self, status: int, content: bytes, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


def trouble(address: str, *, allow_private: bool = True) -> Trouble:
    with pytest.raises(Unfetched) as caught:
        website.find_logo(address, allow_private=allow_private)
    return caught.value.trouble


@pytest.mark.parametrize("path", ["/", "/told", "/second", "/moved"])
def test_the_first_picture_that_is_a_logo_is_taken(site: str, path: str) -> None:
    assert website.find_logo(site + path, allow_private=True) == LOGO


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/none", Trouble.NOTHING),
        ("/gone", Trouble.REFUSED),
        ("/loop", Trouble.NO_ANSWER),
        ("/away", Trouble.NO_ADDRESS),
        ("/large", Trouble.TOO_LARGE),
    ],
)
def test_each_failure_has_its_own_reason(site: str, path: str, why: Trouble) -> None:
    assert trouble(site + path) is why


@pytest.mark.parametrize(
    "address", ["", "harbour-it.example", "http://[", "ftp://x.example", "http://x:99999"]
)
def test_what_is_no_web_address_is_said_to_be_none(address: str) -> None:
    assert trouble(address) is Trouble.NO_ADDRESS


def test_nobody_listening_is_no_answer() -> None:
    assert trouble("http://127.0.0.1:9") is Trouble.NO_ANSWER


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://localhost/", "http://[::ffff:10.0.0.1]/", "http://8.8.8.8:8080/"]
)
def test_an_inner_network_and_odd_ports_are_never_asked(address: str) -> None:
    assert trouble(address, allow_private=False) is Trouble.PRIVATE


def test_a_server_that_trickles_is_left_in_time(site: str) -> None:
    begun = time.monotonic()
    with pytest.raises(Unfetched) as caught:
        fetch(f"{site}/trickle", most=1_000_000, until=begun + 0.4, allow_private=True)
    assert caught.value.trouble is Trouble.TOO_SLOW and time.monotonic() - begun < 2

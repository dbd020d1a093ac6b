"""Links tried from here: what answers, what does not, and what is never asked."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma.launches import link_check
from tcma.launches.link_check import LinkChecker, Verdict
from tcma.partners.outside import is_public


class _Pages(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []  # noqa: RUF012

    def do_HEAD(self) -> None:
        self.asked.append(("HEAD", self.path))
        if self.path == "/loop":
            return self._answer(302, "/loop")
        if self.path == "/moved":
            return self._answer(301, "/fine")
        if self.path == "/inside":
            return self._answer(302, "http://169.254.169.254/latest/meta-data")
        if self.path == "/slow":
            time.sleep(1.0)
        self._answer({"/gone": 404, "/get-only": 405, "/broken": 500}.get(self.path, 200))

    def do_GET(self) -> None:
        self.asked.append(("GET", self.path))
        self._answer(200 if self.path == "/get-only" else 404)

    def _answer(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Pages)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/fine", Verdict.ANSWERS),
        ("/moved", Verdict.ANSWERS),
        ("/get-only", Verdict.ANSWERS),
        ("/gone", Verdict.BROKEN),
        ("/broken", Verdict.BROKEN),
        ("/loop", Verdict.BROKEN),
    ],
)
def test_a_link_is_judged_by_its_answer(server: str, path: str, verdict: Verdict) -> None:
    assert LinkChecker(allow_private=True).ask(server + path).verdict is verdict


def test_nobody_listening_and_odd_addresses_are_broken_and_never_raise() -> None:
    checker = LinkChecker(allow_private=True)
    assert checker.ask("http://127.0.0.1:1/").verdict is Verdict.BROKEN
    for odd in (
        "http://[::1",
        "http://a b/",
        "http://127.0.0.1:99999/",
        "ftp://x/",
        "http://",
        "http://\x00/",
        "",
    ):
        assert checker.ask(odd).verdict in (Verdict.BROKEN, Verdict.REFUSED, Verdict.UNKNOWN), odd


def test_the_own_network_is_never_asked(server: str) -> None:
    checker = LinkChecker(allow_private=False)
    _Pages.asked.clear()
    hosts = (
        "127.0.0.1",
        "localhost",
        "[::1]",
        "10.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
    )
    for host in hosts:
        assert checker.ask(f"http://{host}/").verdict is Verdict.REFUSED, host
    assert checker.ask(server).verdict is Verdict.REFUSED  # also an odd port
    assert _Pages.asked == []


def test_a_redirect_into_the_own_network_is_not_followed(server: str) -> None:
    """The first hop is let through, as a public server's would be; the second is judged like any."""

    class FirstHop(LinkChecker):
        def _look_up(self, host: str, port: int) -> str:
            self.allow_private = host == "127.0.0.1"
            return super()._look_up(host, port)

    found = FirstHop(allow_private=True).ask(f"{server}/inside")
    assert (found.verdict, found.detail) == (Verdict.REFUSED, "it leads into a private network")


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str))
def test_an_address_that_hides_a_private_one_is_private(text: str) -> None:
    if not is_public(text) and ":" not in text:
        assert not is_public(f"::ffff:{text}")
        assert not is_public(f"64:ff9b::{text}")


def test_answers_are_remembered_and_not_asked_again(server: str) -> None:
    checker = LinkChecker(allow_private=True)
    checker.check([f"{server}/fine"])
    _Pages.asked.clear()
    assert checker.check([f"{server}/fine"])[f"{server}/fine"].verdict is Verdict.ANSWERS
    assert set(checker.known([f"{server}/fine", f"{server}/new"])) == {f"{server}/fine"}
    assert _Pages.asked == []


def test_more_links_than_are_tried_are_said_to_be_unknown(server: str) -> None:
    wanted = [f"{server}/{number}" for number in range(link_check.MOST_LINKS + 3)]
    found = LinkChecker(allow_private=True).check(wanted)
    assert [one.verdict for one in found.values()].count(Verdict.UNKNOWN) == 3
    assert set(found) == set(wanted)

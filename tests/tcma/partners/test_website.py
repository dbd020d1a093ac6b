"""The logo on a firm's own web site: found, taken in like an upload, or an honest reason why not."""

import time
from collections.abc import Iterator

import pytest

from tcma.partners import website
from tcma.partners.outside import Trouble, Unfetched, fetch
from tests.tcma.launches.world import LOGO
from tests.tcma.partners import firm_site


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with firm_site.served() as address:
        yield address


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

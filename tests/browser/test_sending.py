"""While a campaign is sent: what the page says, and what a person and a crash do to it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page, expect

from tcma import clock
from tcma.bench.browser.house import House, copied
from tcma.bench.ports import free_port
from tcma.bench.sink import Failure, Options, Sink
from tcma.launches.models import Campaign
from tests.browser import world
from tests.browser.mailbox import wait_for
from tests.browser.people import Person
from tests.tcma.launches.world import World

At = Callable[..., Person]
PEOPLE = 120
PARTS = ("waiting", "sent", "skipped", "failed", "unknown")


@dataclass(frozen=True)
class Post:
    """An installation that sends to a server of the test's choice; each test takes a firm of its own."""

    house: House
    port: int

    def server(self, journal: Path, delay: float = 0.0, fail_every: int = 0) -> AbstractContextManager[Sink]:
        options = Options(
            journal,
            port=self.port,
            delay=delay,
            fail_every=fail_every,
            fail_with=Failure.NO_SUCH_ADDRESS,
        )
        return Sink.start(options)


@pytest.fixture(scope="module")
def post(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    port = free_port()
    settings = {
        "mail": f"smtp://127.0.0.1:{port}?security=none",
        "group_size": "4",
        "soft_start_wait": "1",
    }
    house = copied(template, tmp_path_factory.mktemp("post") / "var", **settings)
    house.start()
    yield Post(house, port)
    house.stop()


def test_the_five_figures_are_the_people_at_each_of_twenty_samples(
    post: Post, at: At, tmp_path: Path
) -> None:
    with post.server(tmp_path / "journal", delay=0.2, fail_every=15):
        page, _scene, _campaign = launched(post, at, world.BY_MOUSE)
        wait_for(lambda: figures(page)["sent"] > 0)
        samples = []
        for _ in range(20):
            page.reload()
            samples.append(figures(page))
        assert {sum(sample[part] for part in PARTS) for sample in samples} == {PEOPLE}
        assert {sample["people"] for sample in samples} == {PEOPLE}
        assert samples[0]["waiting"] > 0, "It was over before it was looked at."
        assert samples[-1]["sent"] > samples[0]["sent"], "The page did not follow."
        assert samples[-1]["failed"] > 0, "No address was refused."
        seen = figures(page)["sent"]
        wait_for(lambda: figures(page)["sent"] > seen)  # by itself, without coming anew


def test_after_pause_crash_and_continue_everybody_has_it_once(post: Post, at: At, tmp_path: Path) -> None:
    house, firm = post.house, world.BY_KEYBOARD
    with post.server(tmp_path / "journal", delay=0.2) as sink:
        page, _scene, _campaign = launched(post, at, firm)
        wait_for(lambda: len(received(sink, firm)) > 25)  # the first ones alone would hold the others back
        page.get_by_role("button", name="Pause").click()
        expect(page.locator("body")).to_contain_text("Nobody gets it twice")
        until_then = at_rest(sink, firm, page)
        started = house.log("worker").count("worker_started")
        house.stop("worker", kill=True)
        house.start("worker")
        wait_for(
            lambda: house.log("worker").count("worker_started") == started + 1
        )  # until then the killed one seems alive
        assert at_rest(sink, firm, page) == until_then < PEOPLE, "Paused means that nothing goes out."
        page.reload()
        page.get_by_role("button", name="Continue").click()
        wait_for(lambda: len(received(sink, firm)) >= PEOPLE)
        at_rest(sink, firm, page)
        times = Counter(received(sink, firm))
        assert len(times) == PEOPLE and set(times.values()) == {1}


def test_bad_addresses_among_the_first_25_stop_it_with_the_reason(post: Post, at: At, tmp_path: Path) -> None:
    with post.server(tmp_path / "journal", fail_every=6) as sink:
        page, _scene, _campaign = launched(post, at, world.BY_PHONE)
        wait_for(lambda: page.reload() is not None and "Stopped by a problem" in page.inner_text("main"))
        expect(page.locator("main")).to_contain_text(re.compile(r"[2-4] of \d+ addresses do not exist"))
        expect(page.locator("main")).to_contain_text(re.compile("list", re.I))
        expect(page.locator("main")).not_to_contain_text("Soft start passed")
        assert at_rest(sink, world.BY_PHONE, page) <= 25


def test_a_time_missed_by_three_hours_sends_nothing_and_offers_three_ways_on(
    post: Post, at: At, tmp_path: Path
) -> None:
    with post.server(tmp_path / "journal") as sink:
        page, scene, campaign = launched(post, at, world.IDLE, now=False)
        with scene.installation.owner.transaction() as session:  # all of the hours in one moment
            due = session.get_one(Campaign, campaign.id).touches[1].due_at
            assert due is not None
            clock.advance(session, due - clock.now(session) + timedelta(hours=3))
        wait_for(lambda: page.reload() is not None and "Missed its time" in page.inner_text("main"))
        names = page.locator("#deeds").inner_text()
        for name in ("Send now", "new time", "Cancel"):
            assert re.search(name, names, re.I), (name, names)
        assert received(sink, world.IDLE) == []  # its owner was told, by a mail of the platform's


def domain_of(slug: str) -> str:
    """Of the people this firm writes to; the campaign of another may still be going out."""
    return f"readers-of-{slug}.example"


def received(sink: Sink, slug: str) -> list[str]:
    """Who got a mail from this firm, once for each mail."""
    addresses = [entry.recipients[0] for entry in sink.journal()]
    return [address for address in addresses if address.endswith(f"@{domain_of(slug)}")]


def at_rest(sink: Sink, slug: str, page: Page) -> int:
    """How many mails were received once none has come for a while: what was on its way has arrived."""
    seen, still = len(received(sink, slug)), 0
    while still < 8:  # three looks of the worker
        page.wait_for_timeout(200)
        now = len(received(sink, slug))
        seen, still = now, still + 1 if now == seen else 0
    return seen


def launched(post: Post, at: At, slug: str, *, now: bool = True) -> tuple[Page, World, Campaign]:
    """The campaign of 120 people of this firm, launched, and its page open before its owner."""
    made = world.scene(post.house, PEOPLE, "Regulars", slug=slug, domain=domain_of(slug))
    campaign = made.draft(**({"now": True} if now else {}))
    made.launch(campaign)
    owner = at(post.house, world.member(slug))
    owner.open(f"/p/{slug}/campaigns/{campaign.public_id}")
    return owner.page, made, campaign


def figures(page: Page) -> dict[str, int]:
    """What the page says at this moment, read in one go; once more where the page was just loading anew."""
    try:
        found = page.evaluate(
            "() => Object.fromEntries([...document.querySelectorAll('#figures dd')]"
            ".map(one => [one.id.replace('figure-', ''), one.textContent.replace(/\\D/g, '')]))"
        )
    except Error as problem:
        if "navigation" not in problem.message:
            raise
        page.wait_for_load_state()
        return figures(page)
    return {name: int(value or 0) for name, value in found.items()} or dict.fromkeys((*PARTS, "people"), 0)

"""While a campaign is sent: what the page says, and what a person and a crash do to it."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Error, Page, expect

from tcma import clock
from tcma.bench.browser.house import House
from tcma.bench.sink import Failure, Options, Sink
from tcma.launches.models import Campaign
from tests.browser import world
from tests.browser.mailbox import wait_for
from tests.browser.people import Person
from tests.browser.world import Names
from tests.tcma.launches.world import World

At = Callable[..., Person]
Start = Callable[..., House]
PEOPLE = 120
PARTS = ("waiting", "sent", "skipped", "failed", "unknown")


def test_the_five_figures_are_the_people_at_each_of_twenty_samples(
    own_house: Start, at: At, tmp_path: Path
) -> None:
    options = Options(tmp_path / "journal", delay=0.2, fail_every=15, fail_with=Failure.NO_SUCH_ADDRESS)
    with Sink.start(options) as sink:
        house = own_house(mail=f"smtp://127.0.0.1:{sink.port}?security=none", group_size="4")
        page, _scene, _campaign = launched(house, at)
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


def test_after_pause_crash_and_continue_everybody_has_it_once(
    own_house: Start, at: At, tmp_path: Path
) -> None:
    with Sink.start(Options(tmp_path / "journal", delay=0.3)) as sink:
        house = own_house(mail=f"smtp://127.0.0.1:{sink.port}?security=none", group_size="8")
        page, _scene, _campaign = launched(house, at)
        wait_for(lambda: len(sink.journal()) > 25)  # the first ones alone would hold the others back
        page.get_by_role("button", name="Pause").click()
        expect(page.locator("body")).to_contain_text("Nobody gets it twice")
        received = at_rest(sink, page)
        house.stop("worker", kill=True)
        house.start("worker")
        wait_for(
            lambda: house.log("worker").count("worker_started") == 2
        )  # until then the killed one seems alive
        assert at_rest(sink, page) == received < PEOPLE, "Paused means that nothing goes out."
        page.reload()
        page.get_by_role("button", name="Continue").click()
        wait_for(lambda: len(sink.journal()) >= PEOPLE)
        at_rest(sink, page)
        times = Counter(entry.recipients[0] for entry in sink.journal())
        assert len(times) == PEOPLE and set(times.values()) == {1}


def test_a_time_missed_by_three_hours_sends_nothing_and_offers_three_ways_on(
    own_house: Start, at: At, tmp_path: Path
) -> None:
    with Sink.start(Options(tmp_path / "journal")) as sink:
        house = own_house("web", mail=f"smtp://127.0.0.1:{sink.port}?security=none")
        page, scene, campaign = launched(house, at, now=False)
        with scene.installation.owner.transaction() as session:
            due = session.get_one(Campaign, campaign.id).touches[1].due_at
            assert due is not None
            clock.advance(session, due - clock.now(session) + timedelta(hours=3))
        house.start("worker")
        wait_for(lambda: page.reload() is not None and "Missed its time" in page.inner_text("main"))
        names = page.locator("#deeds").inner_text()
        for name in ("Send now", "new time", "Cancel"):
            assert re.search(name, names, re.I), (name, names)
        to_people = [entry for entry in sink.journal() if entry.recipients[0].endswith("@many.example")]
        assert to_people == []  # its owner was told, by a mail of the platform's


def test_four_bad_addresses_of_the_first_25_stop_it_with_the_reason(
    own_house: Start, at: At, tmp_path: Path
) -> None:
    options = Options(tmp_path / "journal", fail_every=6, fail_with=Failure.NO_SUCH_ADDRESS)
    with Sink.start(options) as sink:
        house = own_house(mail=f"smtp://127.0.0.1:{sink.port}?security=none", soft_start_wait="1")
        page, _scene, _campaign = launched(house, at)
        wait_for(lambda: page.reload() is not None and "Stopped by a problem" in page.inner_text("main"))
        expect(page.locator("main")).to_contain_text(re.compile("of 25"))
        expect(page.locator("main")).to_contain_text(re.compile("list", re.I))
        assert at_rest(sink, page) <= 25


def at_rest(sink: Sink, page: Page) -> int:
    """How many mails were received once none has come for a while: what was on its way has arrived."""
    seen, still = len(sink.journal()), 0
    while still < 8:  # three looks of the worker
        page.wait_for_timeout(200)
        now = len(sink.journal())
        seen, still = now, still + 1 if now == seen else 0
    return seen


def launched(house: House, at: At, *, now: bool = True) -> tuple[Page, World, Campaign]:
    """The campaign of 120 people, launched, and its page open before its owner."""
    made = world.scene(house, PEOPLE, "Regulars")
    campaign = made.draft(**({"now": True} if now else {}))
    made.launch(campaign)
    owner = at(house, Names.owner)
    owner.open(f"/p/harbour-it/campaigns/{campaign.public_id}")
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

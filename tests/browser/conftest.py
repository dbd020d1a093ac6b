"""A real browser before real programs: Chromium, the web server and the worker, on loopback.

Every page that a test opens is watched: an error in the console, a script that fails or a request to
another host fails the test.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tcma.bench.browser import chromium, tour
from tcma.bench.browser.house import House, copied
from tcma.config import ROOT, load
from tcma.installation import Installation
from tests.browser import world
from tests.browser.people import Person

PICTURES = ROOT / "var" / "failed-pages"
FAILED = pytest.StashKey[bool]()
DESK, PHONE = (1280, 800), (375, 812)
PATIENCE = 15_000  # milliseconds; the machine may be busy
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mine = {item for item in items if Path(__file__).parent in Path(item.path).parents}
    for item in mine:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.timeout(240))
    # They wait a lot and share one house: first, so that the other processes have work until they are done.
    items.sort(key=lambda item: item not in mine)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.path() is None:
        pytest.skip("Chromium is not installed: apt-get install chromium-headless-shell")
    with chromium.opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the firms before any launch, made once for all processes of a test run."""
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if os.environ.get("PYTEST_XDIST_WORKER") else root
    folder = shared / "browser-world"
    with (shared / "browser-world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            folder.mkdir(exist_ok=True)
            shutil.copyfile(sqlite_template, folder / "tcma.db")
            installation = Installation.at(load({"TCMA_ENVIRONMENT": "test", "TCMA_VAR": str(folder)}))
            world.make(installation)
            installation.dispose()
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="package")
def house(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation for all of these tests; it keeps what they leave behind, so each makes its own campaign or
    asks for a firm of its own."""
    made = copied(template, tmp_path_factory.mktemp("house") / "var")
    world.keep_busy(made)
    made.start()
    yield made
    made.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that failed says what its pages looked like."""
    report = yield
    item.stash.setdefault(FAILED, False)
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture
def at(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Callable[..., Person]]:
    """Somebody at a browser: `at(house, "marc@…", phone=True)`; without an address nobody is signed in."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def sit(
        house: House,
        email: str = "",
        *,
        phone: bool = False,
        dark: bool = False,
        script: bool = True,
        width: int = 0,
        language: str = "en-GB",
    ) -> Person:
        wide, high = PHONE if phone else DESK
        context = browser.new_context(
            base_url=house.base,
            viewport={"width": width or wide, "height": high},
            color_scheme="dark" if dark else "light",
            has_touch=phone,
            is_mobile=phone,
            java_script_enabled=script,
            locale=language,
            timezone_id="Europe/Zurich",
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        watch(page, house, wrong)
        person = Person(page, house)
        if email:
            tour.sign_in(context, house.installation, email, house.base)
        return person

    yield sit
    for number, context in enumerate(contexts):
        if request.node.stash.get(FAILED, False):
            for page in context.pages:
                picture = PICTURES / f"{request.node.name}-{number}.png"
                page.screenshot(path=picture, full_page=True)
                print(f"{page.url} looked like {picture}")
        context.close()
    assert not wrong, "\n".join(wrong)


def watch(page: Page, house: House, wrong: list[str]) -> None:
    """Note what no page may do: fail in its script, break its own policy, ask another host."""
    page.on("pageerror", lambda error: wrong.append(f"script on {page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            wrong.append(f"console on {page.url}: {said.text}")
            if said.type == "error" and "status of" not in said.text  # an answer of 4xx is not a mistake
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith((house.base, "data:", "blob:", "about:", "tel:", "mailto:"))
            else wrong.append(f"{page.url} asked {asked.url}")
        ),
    )

"""One Chromium, as tests, pictures and checks open it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tcma.errors import DomainError

PROGRAMS = ("chromium-headless-shell", "chromium")  # the first has no window to draw: a third of the work
ARGUMENTS = (
    "--no-sandbox",  # it runs as root in containers, and opens our own pages only
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {
    "desk": (1280, 800),
    "tablet": (768, 1024),
    "phone": (375, 812),
    "narrow": (320, 700),
    "wide": (1360, 900),
}


def path() -> str | None:
    """Where the machine has it, None when it has not."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def opened() -> Iterator[Browser]:
    """DomainError says how to install it."""
    program = path()
    if program is None:
        raise DomainError(
            "Chromium is not installed. Install it with: apt-get install chromium-headless-shell"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()

"""Mails that the outbox of a house holds."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import TypeVar

from tcma.bench.browser.house import House

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Mail:
    subject: str
    to: str
    html: str
    unsubscribe: str  # the https address of List-Unsubscribe, "" without one

    @property
    def links(self) -> list[str]:
        return re.findall(r'<a\b[^>]*?href="(http[^"]+)"', self.html)


def mails(house: House, to: str = "") -> dict[str, Mail]:
    """Every mail, or those to one address, by the name of its file."""
    folder = house.folder / "files"
    found = {path.name: _read(path) for path in folder.rglob("*.eml")}
    return {name: mail for name, mail in found.items() if to in ("", mail.to)}


def wait_for(what: Callable[[], T], seconds: float = 40.0) -> T:
    """What `what` gives once it gives anything; the worker may be busy."""
    end = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < end:
        time.sleep(0.2)
    assert found, "It did not happen in time."
    return found


@cache  # a mail is written once, and asked for again and again
def _read(path: Path) -> Mail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body(("html",))
    found = re.search(r"<(https?://[^>]+)>", str(mail["List-Unsubscribe"] or ""))
    return Mail(
        str(mail["Subject"]),
        mail["To"].addresses[0].addr_spec,
        body.get_content() if body else "",
        found[1] if found else "",
    )

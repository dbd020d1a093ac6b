"""What stands around every signed-in page: who is here, where one can go, what waits."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from tcma import language
from tcma.language import gettext as _
from tcma.language import mark
from tcma.organisations.models import Organisation, User
from tcma.organisations.queries import Place
from tcma.viewer import OrganisationKind
from tcma.web import frame, pages, unit


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the sidebar; `key` is what a page says with `here`."""

    key: str
    label: str
    icon: str
    path: str
    count: int = 0
    count_words: str = ""
    on_phone: bool = False


_PARTNER = (
    ("home", mark("Home"), "house", "", True),
    ("kits", mark("Kits"), "package", "kits", True),
    ("campaigns", mark("Campaigns"), "send", "campaigns", True),
    ("leads", mark("Leads"), "user-plus", "leads", True),
    ("audiences", mark("Audiences"), "users", "audiences", False),
    ("funding", mark("Funding"), "gift", "funding", False),
    ("calendar", mark("Calendar"), "calendar", "calendar", False),
)


class Shell:
    """Read by the layouts as `shell`; renders also where nobody is signed in."""

    @property
    def user(self) -> User | None:
        reader = unit.somebody()
        return reader.user if reader else None

    @property
    def organisation(self) -> Organisation | None:
        reader = unit.somebody()
        return reader.place.organisation if reader and reader.place else None

    @property
    def places(self) -> tuple[Place, ...]:
        """All organisations of the person, for the switch."""
        reader = unit.somebody()
        return reader.places if reader else ()

    @property
    def theme(self) -> str:
        """`light`, `dark`, or `system`, which leaves it to the device."""
        return self.user.theme if self.user else "system"

    @property
    def locale(self) -> str:
        return language.current()

    @property
    def entries(self) -> list[Entry]:
        place = self.organisation
        if place is None or place.kind is not OrganisationKind.PARTNER:
            return []
        return [
            Entry(key, _(label), icon, f"/p/{place.slug}/{path}", on_phone=on_phone)
            for key, label, icon, path, on_phone in _PARTNER
        ]

    @property
    def toast(self) -> tuple[str, str | None] | None:
        return pages.waiting_toast()


def speak() -> None:
    """From here on in the reader's language: that of the account, or what the browser asks for."""
    reader = unit.somebody()
    language.use(reader.user.locale if reader else frame.language())


def install(app: Flask) -> None:
    """After the guards, so that it is known who reads."""
    shell = Shell()
    app.before_request(speak)

    @app.context_processor
    def around() -> dict[str, Any]:
        return {"shell": shell, "problem": None, "errors": {}}

"""What stands around every signed-in page: who is here, where one can go, what waits."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import Flask, g, request

from tcma import language
from tcma.home import badges
from tcma.language import gettext as _
from tcma.language import mark, ngettext
from tcma.organisations.models import Organisation, User
from tcma.viewer import OrganisationKind, Role
from tcma.web import frame, help_texts, pages, unit

THEMES = (
    ("system", mark("As the device"), "monitor"),
    ("light", mark("Light"), "sun"),
    ("dark", mark("Dark"), "moon"),
)
LANGUAGES = (("en", "English"), ("de", "Deutsch"))
KINDS = {
    OrganisationKind.PARTNER: mark("Partner"),
    OrganisationKind.VENDOR: mark("Vendor"),
    OrganisationKind.OPERATOR: mark("Operator"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A place one can go to; `key` is what a page says with `here`."""

    key: str
    label: str
    icon: str
    path: str
    on_phone: bool = False
    count: int = 0
    count_words: str = ""

    @property
    def key_pair(self) -> str:
        """The letters that go there: "g l" for leads."""
        return f"g {self.key[0]}" if self.on_phone else ""


# key, label, icon, on the phone's bar
_PARTNER = (
    ("home", mark("Home"), "house", True),
    ("kits", mark("Kits"), "package", True),
    ("campaigns", mark("Campaigns"), "send", True),
    ("leads", mark("Leads"), "user-plus", True),
    ("audiences", mark("Audiences"), "users", False),
    ("funding", mark("Funding"), "gift", False),
    ("calendar", mark("Calendar"), "calendar", False),
)
_SETTINGS = (
    ("brand", mark("Brand"), "palette"),
    ("team", mark("Team"), "users"),
    ("settings", mark("Settings"), "settings"),
)


class Shell:
    """Read by the layouts as `shell`, once per answer; renders also where nobody is signed in."""

    @cached_property
    def user(self) -> User | None:
        reader = unit.somebody()
        return reader.user if reader else None

    @cached_property
    def organisation(self) -> Organisation | None:
        reader = unit.somebody()
        return reader.place.organisation if reader and reader.place else None

    @property
    def theme(self) -> str:
        """`light`, `dark`, or `system`, which leaves it to the device."""
        return self.user.theme if self.user else "system"

    @property
    def locale(self) -> str:
        return language.current()

    @property
    def kind_words(self) -> str:
        if self.organisation is None:
            return _("My account")
        kind = _(KINDS[self.organisation.kind])
        return f"{kind}, {self.organisation.city}" if self.organisation.city else kind

    @cached_property
    def entries(self) -> list[Entry]:
        """The sidebar, the same order on every page; counts are what waits for this person."""
        if not self._is_partner:
            return []
        counts = self._counts()
        return [
            Entry(
                key, _(label), icon, self._path("" if key == "home" else key), on_phone, *counts.get(key, ())
            )
            for key, label, icon, on_phone in _PARTNER
        ]

    @property
    def settings(self) -> list[Entry]:
        if not self._is_partner:
            return []
        return [Entry(key, _(label), icon, self._path(key)) for key, label, icon in _SETTINGS]

    @property
    def jumps(self) -> list[Entry]:
        """Where one can go, for the search before anything is typed."""
        return [*self.entries, *self.settings]

    @property
    def other_places(self) -> list[Entry]:
        """The person's other organisations."""
        reader = unit.somebody()
        here = self.organisation
        return [
            Entry(place.organisation.slug, place.organisation.name, "building-2", home_of(place.organisation))
            for place in (reader.places if reader else ())
            if here is None or place.organisation.id != here.id
        ]

    @property
    def themes(self) -> list[tuple[str, str, str]]:
        return [(value, _(label), icon) for value, label, icon in THEMES]

    @property
    def languages(self) -> tuple[tuple[str, str], ...]:
        return LANGUAGES

    @property
    def path(self) -> str:
        """Where a small change of the frame comes back to."""
        return request.full_path.rstrip("?") if request.method == "GET" else request.path

    @property
    def search_path(self) -> str:
        return self._path("search") if self._is_partner else ""

    @property
    def help_path(self) -> str:
        return self._path("help") if self._is_partner else ""

    @property
    def keys_on(self) -> bool:
        """Whether single letters are keys for this person."""
        return self.user.keys_on if self.user else False

    @property
    def keys(self) -> list[tuple[tuple[str, ...], str]]:
        return help_texts.keys()

    @property
    def operator(self) -> str:
        return frame.installation().settings.operator_name

    @property
    def toast(self) -> tuple[str, str | None] | None:
        return pages.waiting_toast()

    def questions(self, here: str) -> list[tuple[str, str]]:
        """The three likeliest questions of a page, with their answers."""
        return help_texts.questions(here)

    @property
    def _is_partner(self) -> bool:
        return self.organisation is not None and self.organisation.kind is OrganisationKind.PARTNER

    def _path(self, rest: str) -> str:
        assert self.organisation is not None
        return f"/p/{self.organisation.slug}/{rest}"

    def _counts(self) -> dict[str, tuple[int, str]]:
        """One statement."""
        viewer = unit.viewer()
        if not viewer.roles & {Role.OWNER, Role.MARKETER, Role.SALES}:
            return {}
        with unit.reading() as session:
            new = badges.new_leads(session, viewer)
        words = ngettext("%(num)s new lead", "%(num)s new leads", new)
        return {"leads": (new, words)} if new else {}


def shell() -> Shell:
    if "shell" not in g:
        g.shell = Shell()
    found = g.shell
    assert isinstance(found, Shell)
    return found


def home_of(organisation: Organisation) -> str:
    """The address at which an organisation begins; vendors and operators have their account so far."""
    if organisation.kind is OrganisationKind.PARTNER:
        return f"/p/{organisation.slug}/"
    return "/account/"


def speak() -> None:
    """From here on in the reader's language: that of the account, or what the browser asks for."""
    reader = unit.somebody()
    language.use(reader.user.locale if reader else frame.language())


def install(app: Flask) -> None:
    """After the guards, so that it is known who reads."""
    app.before_request(speak)

    @app.context_processor
    def around() -> dict[str, Any]:
        return {"shell": shell(), "problem": None, "errors": {}}

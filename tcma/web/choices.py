"""What forms offer to choose from, in the reader's language: roles, countries, languages, time zones."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale

from tcma import language
from tcma.organisations.roles import role_words
from tcma.organisations.service import ROLES
from tcma.viewer import OrganisationKind, Role

_AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
_ORDER = (
    Role.OWNER,
    Role.MARKETER,
    Role.SALES,
    Role.FINANCE,
    Role.READER,
    Role.KIT_AUTHOR,
    Role.CHANNEL_MANAGER,
    Role.APPROVER,
    Role.LEAD_DEVELOPMENT,
    Role.OPERATOR,
)


def roles(kind: OrganisationKind) -> list[tuple[str, str, str]]:
    """The roles of a kind of organisation: (value, word, what it may)."""
    return [(role.value, *role_words(role)) for role in _ORDER if role in ROLES[kind]]


def role_names(held: frozenset[Role]) -> list[str]:
    """The words of these roles, the farthest-reaching first."""
    return [role_words(role)[0] for role in _ORDER if role in held]


def countries() -> list[tuple[str, str]]:
    """(ISO 3166, name) by name."""
    names = Locale.parse(language.current()).territories
    return sorted(
        (
            (code, name)
            for code, name in names.items()
            if len(code) == 2 and code not in {"EU", "EZ", "UN", "ZZ"}
        ),
        key=lambda pair: pair[1].casefold(),
    )


def languages() -> list[tuple[str, str]]:
    """The languages the product speaks, each in itself."""
    return [(code, (Locale.parse(code).get_display_name() or code).capitalize()) for code in language.SHIPPED]


def weekdays() -> list[tuple[str, str]]:
    """Monday ("0") to Sunday ("6")."""
    names = Locale.parse(language.current()).days["stand-alone"]["wide"]
    return [(str(day), names[day]) for day in range(7)]


@cache
def timezones() -> tuple[str, ...]:
    """Names such as Europe/Zurich."""
    return ("UTC", *sorted(name for name in available_timezones() if name.startswith(_AREAS)))

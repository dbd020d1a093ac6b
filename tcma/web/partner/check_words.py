"""The checks before a launch in words, with the address that mends each."""

from dataclasses import dataclass
from urllib.parse import urlencode

from tcma.language import gettext as _
from tcma.language import mark, ngettext, spoken
from tcma.launches.checks import Check, Key, State
from tcma.web import formats

PASSED = {
    Key.KIT: mark("The kit is open to you"),
    Key.PEOPLE: mark("There are people to write to"),
    Key.BRAND: mark("Sender, contact and postal address are there"),
    Key.MAILS: mark("Every mail can be made"),
    Key.FOOTER: mark("Every mail has an unsubscribe link, your address and your name"),
    Key.LINKS: mark("Every link works"),
    Key.SENDER: mark("The sender's domain is in order"),
    Key.PAGE: mark("The page and its form are ready"),
    Key.WEBINAR: mark("The webinar is in the future, with its room and its host"),
    Key.START: mark("It begins in working hours"),
    Key.FUNDING: mark("The money is settled"),
    Key.RECENT: mark("Nobody gets more than one campaign in seven days"),
    Key.ROWS: mark("No rows were left out"),
    Key.FIELDS: mark("Everybody has all the words the mails use"),
    Key.SIZES: mark("The firms have the size the kit is made for"),
    Key.PICTURES: mark("Pictures have a text beside them, and no mail is too large"),
    Key.COLOUR: mark("Your colour is readable"),
}
WRONG = {
    Key.KIT: mark("The kit cannot be launched"),
    Key.PEOPLE: mark("Nobody would get it"),
    Key.BRAND: mark("Something about your brand is missing"),
    Key.MAILS: mark("A mail cannot be made"),
    Key.FOOTER: mark("A mail lacks what the law asks for"),
    Key.LINKS: mark("Not every link works"),
    Key.SENDER: mark("The sender's domain is not in order"),
    Key.PAGE: mark("The page is not complete"),
    Key.WEBINAR: mark("The webinar is not complete"),
    Key.START: mark("Look at the start"),
    Key.FUNDING: mark("Look at the money"),
    Key.PICTURES: mark("Pictures or size need a look"),
    Key.COLOUR: mark("Your colour is not readable"),
}
UNKNOWN = mark("Cannot be checked from here")
MEND = {
    "brand": mark("Mend it"),
    "audience": mark("See the people"),
    "budget": mark("See the budget"),
    "launch": mark("Change it"),
    "webinar": mark("Set the webinar"),
}
_PLACES = {Key.START: "#when-card", Key.RECENT: "#spare-card"}


@dataclass(frozen=True, slots=True)
class Line:
    """As the component `checklist` takes it."""

    id: str
    state: str
    text: str
    more: str
    href: str
    link: str


def lines(checks: tuple[Check, ...], setup_address: str) -> list[Line]:
    """Every check as a line; what was not asked yet says so."""
    return [_line(check, setup_address) for check in checks]


def summary(checks: tuple[Check, ...], setup_address: str) -> dict[str, str]:
    """For "There is a problem": the address that mends each blocking check, with what is wrong."""
    return {
        _href(check, setup_address): spoken(check.details[0]) if check.details else _text(check)
        for check in checks
    }


def counted(checks: tuple[Check, ...]) -> str:
    """ "11 passed, 1 to look at"; what blocks is counted on its own."""
    passed = sum(check.state is State.PASSED for check in checks)
    blocking = sum(check.state is State.BLOCKED for check in checks)
    rest = len(checks) - passed - blocking
    if blocking:
        return _(
            "%(passed)s passed, %(rest)s to look at, %(blocking)s to mend",
            passed=passed,
            rest=rest,
            blocking=blocking,
        )
    if not rest:
        return _("All %(count)s passed", count=passed)
    return _("%(passed)s passed, %(rest)s to look at", passed=passed, rest=rest)


def _line(check: Check, setup_address: str) -> Line:
    state = {State.BLOCKED: "blocks", State.PASSED: "ok"}.get(check.state, "note")
    is_fine = check.state in (State.PASSED, State.TO_DO)
    return Line(
        id=f"check-{check.key}",
        state=state,
        text=_text(check),
        more=_more(check),
        href="" if is_fine else _href(check, setup_address),
        link="" if is_fine else _(MEND[check.step]),
    )


def _href(check: Check, setup_address: str) -> str:
    """The step that mends it, told to lead back here."""
    if check.step == "launch":
        return f"{setup_address}/launch{_PLACES.get(check.key, '')}"
    return f"{setup_address}/{check.step}?{urlencode({'back': 'launch', 'check': check.key.value})}"


def _text(check: Check) -> str:
    count = formats.number(check.count)
    if check.state is State.TO_DO:
        if check.key is Key.LINKS:
            return ngettext(
                "%(shown)s link is being tried …",
                "%(shown)s links are being tried …",
                check.count,
                shown=count,
            )
        return _("The sender's domain is being looked up …")
    if check.state is State.UNKNOWN:
        return f"{_(PASSED[check.key])}: {_(UNKNOWN)}"
    if check.key is Key.PEOPLE and check.state is State.PASSED:
        if not check.count:
            return _("Nobody gets mail; people come by your link")
        return ngettext("%(shown)s person gets it", "%(shown)s people get it", check.count, shown=count)
    if check.key is Key.LINKS and check.state is State.PASSED and check.count:
        return ngettext(
            "Every link works: %(shown)s tried just now",
            "Every link works: %(shown)s tried just now",
            check.count,
            shown=count,
        )
    if check.state is State.PASSED:
        return _(PASSED[check.key])
    if check.key is Key.ROWS:
        return ngettext(
            "%(shown)s row or person was left out",
            "%(shown)s rows or people were left out",
            check.count,
            shown=count,
        )
    if check.key is Key.FIELDS:
        return ngettext(
            "%(shown)s person reads a general word",
            "%(shown)s people read a general word",
            check.count,
            shown=count,
        )
    if check.key is Key.SIZES:
        return ngettext(
            "%(shown)s person of this list works for a smaller or larger firm",
            "%(shown)s people of this list work for smaller or larger firms",
            check.count,
            shown=count,
        )
    if check.key is Key.RECENT:
        return ngettext(
            "%(shown)s person has or gets another mail within seven days",
            "%(shown)s people have or get another mail within seven days",
            check.count,
            shown=count,
        )
    return _(WRONG[check.key])


def _more(check: Check) -> str:
    return " ".join(map(spoken, check.details))

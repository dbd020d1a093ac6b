"""The form of a microsite: what it asks, how it looks again after a mistake, and how an answer is read.

The names of the inputs are the names in the kit ("email", "company"); a consent is "consent_<key>" and
carries the version whose wording was shown. `TRAP` is a field that people never see: whoever fills it in is
a machine.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from campaigns.channels.microsite_content import Site
from campaigns.channels.microsite_words import Words, words
from campaigns.errors import ContentError, Problem
from campaigns.kit.microsite import FieldName, FormField
from campaigns.kit.model import ConsentText
from campaigns.people import addresses

TRAP: Final = "subject"
CONSENT_PREFIX: Final = "consent_"
LIMITS: Final[Mapping[FieldName, int]] = {
    FieldName.EMAIL: 254,
    FieldName.NAME: 120,
    FieldName.COMPANY: 160,
    FieldName.EMPLOYEES: 60,
    FieldName.PHONE: 40,
    FieldName.MESSAGE: 2_000,
}
HALF_WIDTH: Final = frozenset({FieldName.NAME, FieldName.COMPANY, FieldName.EMPLOYEES, FieldName.PHONE})
INPUTS: Final[Mapping[FieldName, Mapping[str, str]]] = {
    FieldName.EMAIL: {
        "type": "email",
        "autocomplete": "email",
        "autocapitalize": "none",
        "spellcheck": "false",
    },
    FieldName.NAME: {"type": "text", "autocomplete": "name"},
    FieldName.COMPANY: {"type": "text", "autocomplete": "organization"},
    FieldName.EMPLOYEES: {"type": "text", "inputmode": "numeric", "autocomplete": "off"},
    FieldName.PHONE: {"type": "tel", "autocomplete": "tel"},
    FieldName.MESSAGE: {},
}


@dataclass(frozen=True, slots=True)
class FormState:
    """What stands in the form. `values` is what was typed (empty on a first visit), `errors` a sentence by
    field name, "" for one about the whole form. `token` is the signed form token. `hidden` holds further
    inputs that the caller wants back, such as the visit a mail led to. `company` is filled in for a person
    who comes from a mail."""

    token: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    company: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that can be kept: the fields with text, and the consents given as key and version."""

    values: Mapping[FieldName, str]
    consents: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field as the template prints it; `attributes` are those of its input."""

    id: str
    label: str
    help: str
    required: bool
    half: bool
    long: bool
    options: Sequence[str]
    value: str
    error: str
    attributes: Mapping[str, str | bool]


@dataclass(frozen=True, slots=True)
class Tick:
    name: str
    version: int
    wording: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the error summary; `target` is the id of the input, empty for the whole form."""

    target: str
    sentence: str


def read_answer(
    site: Site, submitted: Mapping[str, str], consents: Sequence[ConsentText]
) -> Answer | dict[str, str]:
    """What a visitor sent: an answer, or a sentence by field name in the page's language. Unknown fields
    are ignored; a consent counts only in the version that is shown now."""
    say = words(site.locale)
    values: dict[FieldName, str] = {}
    errors: dict[str, str] = {}
    for asked in site.page.form.fields:
        value = tidy(submitted.get(asked.name, ""))
        error = _error(asked, value, say, tuple(site.plain(option) for option in asked.options))
        if error:
            errors[asked.name] = error
        elif value:
            values[asked.name] = value
    if errors:
        return errors
    shown = tick_boxes(site, submitted, consents)
    return Answer(
        values, {tick.name.removeprefix(CONSENT_PREFIX): tick.version for tick in shown if tick.ticked}
    )


def is_a_machine(submitted: Mapping[str, str]) -> bool:
    """Whether the field that no person sees was filled in."""
    return bool(submitted.get(TRAP, "").strip())


def tidy(value: str) -> str:
    """A typed value without control characters and outer space; line ends stay."""
    return "".join(
        letter for letter in value.replace("\r\n", "\n") if letter == "\n" or letter.isprintable()
    ).strip()


def fields(site: Site, state: FormState) -> tuple[FieldView, ...]:
    """The fields in the kit's order. Two short ones beside each other share a row, unless one has to be
    explained."""
    asked = site.page.form.fields
    halves = _pairs([item.name in HALF_WIDTH and item.name not in state.errors for item in asked])
    return tuple(_view(site, item, state, half) for item, half in zip(asked, halves, strict=True))


def tick_boxes(site: Site, values: Mapping[str, str], consents: Sequence[ConsentText]) -> tuple[Tick, ...]:
    """The consents of the page, empty unless this very version was ticked in an answer that came back."""
    by_key = {consent.key: consent for consent in consents}
    return tuple(
        Tick(
            name=CONSENT_PREFIX + key,
            version=by_key[key].version,
            wording=site.wording(by_key[key]),
            ticked=values.get(CONSENT_PREFIX + key) == str(by_key[key].version),
        )
        for key in site.page.form.consents
        if key in by_key
    )


def information(site: Site, consents: Sequence[ConsentText]) -> str:
    """The sentence that is always shown. Raises ContentError if the caller did not bring its text."""
    for consent in consents:
        if consent.key == site.page.form.information:
            return site.wording(consent)
    raise ContentError(Problem("", None, f"The text {site.page.form.information!r} of the form is missing."))


def summary(site: Site, state: FormState) -> tuple[SummaryLine, ...]:
    """The errors in the order of the fields, then those about the whole form."""
    lines = [
        SummaryLine(_id(asked.name), state.errors[asked.name])
        for asked in site.page.form.fields
        if asked.name in state.errors
    ]
    known = {asked.name.value for asked in site.page.form.fields}
    return (*lines, *(SummaryLine("", text) for name, text in state.errors.items() if name not in known))


def _view(site: Site, asked: FormField, state: FormState, half: bool) -> FieldView:
    identity = _id(asked.name)
    error = state.errors.get(asked.name, "")
    help_text = site.plain(asked.help)
    typed = state.values.get(asked.name)
    described = [f"{identity}-help"] * bool(help_text) + [f"{identity}-error"] * bool(error)
    attributes: dict[str, str | bool] = {"id": identity, "name": asked.name.value}
    if not asked.options:
        attributes |= {**INPUTS[asked.name], "maxlength": str(LIMITS[asked.name])}
    if asked.autocomplete:
        attributes["autocomplete"] = asked.autocomplete
    if asked.required:
        attributes["required"] = "required"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if error:
        attributes["aria-invalid"] = "true"
    prefilled = state.company if asked.name is FieldName.COMPANY else ""
    return FieldView(
        id=identity,
        label=site.plain(asked.label),
        help=help_text,
        required=asked.required,
        half=half,
        long=asked.name is FieldName.MESSAGE,
        options=tuple(site.plain(option) for option in asked.options),
        value=prefilled if typed is None else typed,
        error=error,
        attributes=attributes,
    )


def _id(name: FieldName) -> str:
    return f"field-{name}"


def _pairs(short: Sequence[bool]) -> list[bool]:
    """Which fields take half a row: only short ones that have a short neighbour to share it with."""
    halves = [False] * len(short)
    at = 0
    while at + 1 < len(short):
        if short[at] and short[at + 1]:
            halves[at] = halves[at + 1] = True
            at += 1
        at += 1
    return halves


def _error(asked: FormField, value: str, say: Words, options: Sequence[str]) -> str:
    """The sentence for one field, "" if it is in order."""
    if not value:
        return say(f"error_{asked.name}_missing") if asked.required else ""
    if len(value) > LIMITS[asked.name]:
        return say("error_too_long", limit=str(LIMITS[asked.name]))
    if asked.name is FieldName.EMAIL and addresses.normalise(value) is None:
        return say("error_email_wrong")
    if asked.name is FieldName.PHONE and not 6 <= len(re.sub(r"\D", "", value)) <= 20:
        return say("error_phone_wrong")
    if options and value not in options:
        return say("error_employees_choice")
    if (
        asked.name is FieldName.EMPLOYEES
        and not options
        and not re.fullmatch(r"\d{1,7}", re.sub(r"[ '’.,]", "", value))
    ):
        return say("error_employees_number")
    return ""

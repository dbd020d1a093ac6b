"""Where each kind of file stands in a kit."""

import re
from dataclasses import dataclass

from campaigns.kit.model import TouchKind

BRIEFING = "briefing.md"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the file of a touch stands, in words and as a pattern, and what such touches are called."""

    shown: str
    pattern: re.Pattern[str]
    plural: str


def _place(shown: str, plural: str) -> Place:
    return Place(shown, re.compile(re.escape(shown).replace("<name>", r"[^/]+")), plural)


PLACES = {
    TouchKind.EMAIL: _place("emails/<name>.mjml", "e-mails"),
    TouchKind.MICROSITE: _place("microsite/<name>.yml", "pages"),
    TouchKind.WEBINAR: _place("webinar.yml", "webinars"),
    TouchKind.SOCIAL: _place("social/<name>.yml", "social posts"),
    TouchKind.BLOCK: _place("blocks/<name>.yml", "syndicated blocks"),
    TouchKind.AD: _place("ads/<name>.yml", "ads"),
    TouchKind.CALL_SCRIPT: _place("calls/<name>.yml", "call scripts"),
    TouchKind.SALES_GUIDE: _place("guides/<name>.md", "sales guides"),
    TouchKind.EVENT: _place("events/<name>.yml", "events"),
    TouchKind.TRIAL: _place("trial.yml", "trials"),
}

_LANGUAGE = r"(\.[a-z]{2,3}(-[A-Z]{2})?)?"
NAMED = re.compile(
    r"kit\.yml|README\.md|LICENSE|LICENSE\.txt"
    r"|emails/[^/]+\.mjml|microsite/[^/]+\.(yml|md)|webinar/[^/]+\.md|guides/[^/]+\.md"
    r"|(social|blocks|ads|calls|events)/[^/]+\.yml"
    rf"|(webinar|trial){_LANGUAGE}\.yml|briefing{_LANGUAGE}\.md"
    r"|assets/[^/]+\.(png|jpe?g|pdf)"
)
"""Every file that may be in a kit."""


def in_language(file: str, language: str) -> str:
    """The same file in another language: "emails/01.mjml" and "de" give "emails/01.de.mjml"."""
    stem, _dot, ending = file.rpartition(".")
    return f"{stem}.{language}.{ending}"

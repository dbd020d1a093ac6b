"""The confirmation a person gets after answering a form: the kit's own words and, where a consent box was
ticked, the request to press a button, because only that counts.

A service mail: it passes an unsubscribe, carries no List-Unsubscribe and no tracking.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html import escape
from pathlib import Path

import yaml

from campaigns import sandbox
from campaigns.brand import Brand
from campaigns.channels.email import Facts, MailSource, freeze_source
from campaigns.channels.email_artefact import Artefact, content_key
from campaigns.cobrand import Weight
from campaigns.compliance import MailClass, long_date
from campaigns.language import language_of
from campaigns.markup_holes import Holes

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "notices" / "confirmation"

_TEXT = "<!-- text -->"
_WRAPPED = re.compile(r"(?m)^(.{73,}?)[ \t]*\n[ \t]*")
_FILE = re.compile(r"\{\{\s*link\.download\s*\}\}")
_FILE_LAST = re.compile(rf"(.*?)\s*{_FILE.pattern}\s*\.?", re.DOTALL)
_PAGE = re.compile(r"\{\{\s*link\.microsite\s*\}\}")
_BUTTON = '<mj-button href="{{ link.download }}">{{ words.file_name }}</mj-button>'
_FILE_LINK = '<a href="{{ link.download }}">{{ words.file_name }}</a>'
_PAGE_LINK = '<a href="{{ link.microsite }}">{{ words.open_page }}</a>'


@dataclass(frozen=True, slots=True)
class Answered:
    """What the kit says to who answered. `subject` and `text` are in the grammar; in `text` an empty line
    begins a paragraph, a line of more than 72 characters goes on in the next, and {{ link.download }} stands
    for the promised file. `file_url` is its http(s) address or empty. `ticked` are the very wordings whose
    boxes were ticked; `only_news` says that none of them is about anything but news."""

    subject: str
    text: str
    on: date
    file_url: str = ""
    file_name: str = ""
    ticked: tuple[str, ...] = ()
    only_news: bool = False
    fallbacks: Mapping[str, str] = field(default_factory=dict)


def confirmation(
    answered: Answered,
    *,
    locale: str,
    vendor: Brand,
    partner: Brand,
    facts: Facts,
    weight: Weight = Weight.EQUAL,
    picture_address: Callable[[str], str] | None = None,
) -> Artefact:
    """Freeze the confirmation; its own few words are in the languages we speak (English for others). Compose it like
    any mail, with the token of `links.Purpose.CONFIRM` in the envelope where `ticked` is not empty.

    Raises:
        ContentError: a problem of the kit's text or of a brand, or an address that is none.
    """
    language = language_of(locale)
    said = _words()[language]
    given: dict[str, sandbox.Value] = {
        **partner.values("partner"),
        "words.day": long_date(answered.on, language),
    }
    words = {f"words.{name}": _filled(text, given) for name, text in said.items()}
    words["words.file_name"] = (
        answered.file_name or words["words.open_file" if answered.file_url else "words.open_page"]
    )
    words["words.confirm_button"] = words[f"words.confirm_{'news' if answered.only_news else 'agree'}"]
    body = (FOLDER / "body.mjml").read_text(encoding="utf-8")
    mjml = body.replace(_TEXT, _paragraphs(answered))
    source = MailSource(
        name="confirmation",
        path="confirmation/body.mjml",
        locale=locale,
        mjml=mjml,
        subject=answered.subject,
        preview=said["preview"],
        fallbacks=answered.fallbacks,
        version=content_key(mjml, answered.subject),
        assets={},
        mail_class=MailClass.SERVICE,
    )
    return freeze_source(
        source,
        values=None,
        vendor=vendor,
        partner=partner,
        facts=Facts(facts.slug, facts.name, facts.partner_slug, facts.base_url, reason=words["words.reason"]),
        weight=weight,
        picture_address=picture_address,
        extra={
            **words,
            "link.download": answered.file_url or facts.microsite,
            "words.ticked": list(answered.ticked),
        },
    )


def _paragraphs(answered: Answered) -> str:
    """The kit's text as MJML. A paragraph that ends with the promised file gets a button below it; where the
    text does not mention the file, the button stands at its end."""
    sandbox.parse(answered.text, path="confirmation")
    holes = Holes(answered.text.strip())
    paragraphs = re.split(r"\n[ \t]*\n\s*", escape(holes.swapped))
    parts = [_paragraph(holes.back(paragraph).strip()) for paragraph in paragraphs]
    if answered.file_url and not _FILE.search(answered.text):
        parts.append(_BUTTON)
    return "\n".join(parts)


def _paragraph(source: str) -> str:
    ending = _FILE_LAST.fullmatch(source)
    words = _WRAPPED.sub(r"\1 ", ending[1] if ending else source)
    linked = _PAGE.sub(_PAGE_LINK, _FILE.sub(_FILE_LINK, words)).replace("\n", "<br />")
    text = f"<mj-text>{linked}</mj-text>" if linked else ""
    return text + _BUTTON if ending else text


def _filled(text: str, values: Mapping[str, sandbox.Value]) -> str:
    return sandbox.parse(text, path="confirmation/words.yml").render(values, escape=str)


@cache
def _words() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / "words.yml").read_text(encoding="utf-8"))
    return loaded

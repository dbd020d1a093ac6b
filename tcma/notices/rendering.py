"""The words and the look of a mail: one frame around each kind's body, in the reader's language.

A template is compiled once per kind, language and plural form; what differs from mail to mail is filled in
afterwards and never meets the compiler. Inside `{% for link in items %}` the item is called `link`, because
the addresses of a compiled mail may only hold names of links.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

import yaml
from babel import Locale

from campaigns import markup, sandbox
from campaigns.channels import email_text
from campaigns.markup_holes import Holes
from campaigns.sandbox import Value
from tcma import language
from tcma.config import ROOT
from tcma.notices.kinds import NoticeKind

FOLDER = ROOT / "templates" / "notices"
FRAME = "frame"

_ITEMS = "<!-- items -->"
_WORD = re.compile(r"\{\{\s*words\.([a-z_]+)\s*\}\}")
_BUTTON = re.compile(r"<!-- button ([a-z_]+) -->")
_BUTTON_TABLE = (
    '<table class="n-button" role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
    '<td align="center"><a href="{{{{ link.act }}}}">{{{{ words.{word} }}}}</a></td></tr></table>'
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's content. `subject` is one line."""

    subject: str
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class _Template:
    subject: sandbox.Template
    html: sandbox.Template
    text: sandbox.Template


def render(kind: NoticeKind, locale: Locale, count: int, values: Mapping[str, Value]) -> Rendered:
    """The mail about `count` events; `values` by dotted name, `items` the list of what is shown of them.

    Raises ContentError for a name the template prints and nobody gave.
    """
    template = _template(kind, language.shipped(str(locale)), locale.plural_form(count))
    text = template.text.render(values, escape=str)
    return Rendered(
        subject=" ".join(template.subject.render(values, escape=str).split()),
        html=template.html.render(values, escape=escape),
        text=re.sub(r"\n\s*\n\s*", "\n\n", text).strip() + "\n",
    )


@cache
def _template(kind: NoticeKind, spoken: str, form: str) -> _Template:
    words = words_of(kind, spoken, form)
    frame, body = ((FOLDER / name / "body.mjml").read_text("utf-8") for name in (FRAME, kind.value))
    source = _BUTTON.sub(lambda found: _BUTTON_TABLE.format(word=found[1]), frame.replace(_ITEMS, body))
    mjml = _WORD.sub(lambda found: _as_markup(words[found[1]]), source)
    html = markup.compile_mail(mjml.replace("<mjml>", f'<mjml lang="{spoken}">', 1), path=kind.value)

    def parsed(text: str, part: str) -> sandbox.Template:
        return sandbox.parse(text, path=f"{kind.value}/{part}", locale=spoken)

    return _Template(
        subject=parsed(words["subject"], "subject"),
        html=parsed(html, "html"),
        text=parsed(email_text.from_html(html), "text"),
    )


def words_of(kind: NoticeKind, spoken: str, form: str) -> dict[str, str]:
    """The frame's words and the kind's over them, in one plural form."""
    return {
        name: said if isinstance(said, str) else said.get(form, said["other"])
        for name, said in {**_file(FRAME)[spoken], **_file(kind.value)[spoken]}.items()
    }


@cache
def _file(name: str) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / name / "words.yml").read_text("utf-8"))
    return loaded


def _as_markup(text: str) -> str:
    """Words written for people as words of a page: what looks like a tag is text, placeholders stay."""
    holes = Holes(text)
    return holes.back(escape(holes.swapped, quote=False))

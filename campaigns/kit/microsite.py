"""The content of a kit's microsite: one page by language, in the order in which it is read.

Every text is source in the grammar of `campaigns.sandbox` (names such as {{ partner.name }}), except files,
addresses and labels. `Copy.text` is plain text without Markdown; `Prose.markdown` is Markdown without HTML or
pictures. Where `region` is set, a partner's value replaces the text; a block with an optional region may be
off.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Copy:
    """A plain text in the grammar, and the region it stands in. An empty text in a region is shown only once
    a partner has written it."""

    text: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown text, from `file` or from page.yml itself, under a heading."""

    heading: Copy | None
    markdown: str
    region: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An asset of the kit, such as assets/hero.png, with the words for those who do not see it."""

    file: str
    alt: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Hero:
    """The first screen: what the reader gains, two lines, and the button that leads to the form."""

    headline: Copy
    text: Copy
    button: Copy
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class ProofPoint:
    """A figure, what it means, and where it comes from. `source_url` is https or None."""

    figure: str
    text: str
    source: str
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    heading: Copy | None
    points: tuple[ProofPoint, ...]
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """What a customer of the partner says. Usually an optional region that is off and whose text is empty:
    shown only when it is on and the partner has written the words."""

    text: Copy
    who: Copy
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next; `when` is a time in words, such as "within one working day"."""

    title: str
    text: str
    when: str


@dataclass(frozen=True, slots=True)
class Steps:
    heading: Copy
    steps: tuple[Step, ...]
    region: str | None = None


@dataclass(frozen=True, slots=True)
class PersonBlock:
    """Words around the partner's person; name, title, phone and e-mail come from the brand."""

    heading: Copy
    text: Copy


@dataclass(frozen=True, slots=True)
class Question:
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Questions:
    heading: Copy
    questions: tuple[Question, ...]
    region: str | None = None


class FieldName(StrEnum):
    """What a form can ask."""

    EMAIL = "email"
    NAME = "name"
    COMPANY = "company"
    EMPLOYEES = "employees"
    PHONE = "phone"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class FormField:
    """One question. `options` are the vendor's own bands for `employees`; empty means a number is typed.
    `autocomplete` is the HTML token ("email", "name", "organization", "tel") or ""."""

    name: FieldName
    label: str
    required: bool
    help: str = ""
    options: tuple[str, ...] = ()
    autocomplete: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """At most six fields, email always first and required. `consents` are keys of `Kit.consents`, shown as
    empty tick boxes in this order; `information` is the key of the text always shown, which is not a
    consent."""

    heading: Copy
    fields: tuple[FormField, ...]
    button: Copy
    information: str
    consents: tuple[str, ...]
    text: Copy | None = None


@dataclass(frozen=True, slots=True)
class Thanks:
    """The page after the form: what was sent, who calls when, and what was promised to download."""

    headline: Copy
    text: Copy
    next: Copy
    file: str | None = None
    file_label: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The service mail to the person who filled in the form."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class MicrositePage:
    """One page in one language. `title` and `description` are for the browser and for shared links."""

    locale: str
    title: str
    description: str
    hero: Hero
    form: Form
    thanks: Thanks
    confirmation: Confirmation
    proof: Proof | None = None
    quote: Quote | None = None
    sections: tuple[Prose, ...] = ()
    steps: Steps | None = None
    person: PersonBlock | None = None
    questions: Questions | None = None

    def region_names(self) -> tuple[str, ...]:
        """Every region used on this page, in reading order."""
        return tuple(dict.fromkeys(regions_in(self)))


@dataclass(frozen=True, slots=True)
class Microsite:
    """A page by locale; the kit's first language is always there."""

    pages: Mapping[str, MicrositePage]

    def page(self, locale: str, default: str) -> MicrositePage:
        """The page in `locale`, else in the kit's `default` language."""
        return self.pages.get(locale) or self.pages[default]


def block_regions_in(part: object) -> Iterator[str]:
    """Regions of whole blocks, which can be locked or left out but hold no text of their own."""
    if isinstance(part, tuple):
        for item in part:
            yield from block_regions_in(item)
    elif is_dataclass(part):
        if isinstance(part, Proof | Quote | Steps | Questions) and part.region is not None:
            yield part.region
        for inner in fields(part):
            yield from block_regions_in(getattr(part, inner.name))


def regions_in(part: object) -> Iterator[str]:
    """The regions of a part of a page and of all parts inside it."""
    if isinstance(part, tuple):
        for item in part:
            yield from regions_in(item)
    elif is_dataclass(part):
        region = getattr(part, "region", None)
        if isinstance(region, str):
            yield region
        for inner in fields(part):
            yield from regions_in(getattr(part, inner.name))

"""The words of one microsite in one language, with the brands' and the partner's values filled in.

Kit text and partner's values are hostile: plain text leaves here as plain text (the templates escape it),
Markdown leaves as cleaned HTML without pictures, scripts, styles or links to anything but https.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from campaigns import sandbox
from campaigns.kit.microsite import Copy, MicrositePage, Prose
from campaigns.kit.model import ConsentText
from campaigns.regions import RegionValues

TAGS: Final = frozenset({"p", "br", "strong", "em", "a", "ul", "ol", "li", "h3", "h4", "blockquote"})
ATTRIBUTES: Final = {"a": {"href"}, "ol": {"start"}}

MARKDOWN_PUNCTUATION: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:/@])")


@dataclass(frozen=True, slots=True)
class Site:
    """One page and what fills it. `values` is keyed by dotted name (partner.name); `regions` holds what the
    partner changed; `fallbacks` is what an empty value prints."""

    page: MicrositePage
    values: Mapping[str, sandbox.Value]
    regions: RegionValues
    fallbacks: Mapping[str, str] = field(default_factory=dict)

    @property
    def locale(self) -> str:
        return self.page.locale

    def plain(self, source: str) -> str:
        """A text of the kit with its names filled in; raises ContentError if it is outside the grammar."""
        return plain(source, self.values, self.fallbacks)

    def text(self, copy: Copy) -> str:
        """The plain text of a copy: the partner's own, else the kit's."""
        own = self.regions.text(copy.region) if copy.region else None
        return self.plain(copy.text) if own is None else own

    def rich(self, copy: Copy) -> Markup:
        """The same as HTML, with bold and links where the region allows them."""
        own = self.regions.html(copy.region) if copy.region else None
        return escape(self.plain(copy.text)) if own is None else clean(own)

    def prose(self, block: Prose) -> Markup:
        """A Markdown block as cleaned HTML: the partner's own text, else the kit's."""
        own = self.regions.html(block.region) if block.region else None
        return self.markdown(block.markdown) if own is None else Markup("<p>{}</p>").format(clean(own))

    def markdown(self, source: str) -> Markup:
        """Markdown of the kit as cleaned HTML; filled-in values count as plain words, whatever they hold."""
        return rich(source, self.values, self.fallbacks)

    def shown(self, region: str | None) -> bool:
        """Whether a block appears: an optional region may be switched off by the partner."""
        return region is None or self.regions.shown(region)

    def picture(self, file: str, region: str | None) -> str:
        """The picture to show: what the partner picked or uploaded, else the kit's asset."""
        own = self.regions.file(region) if region else None
        return own or file

    def wording(self, consent: ConsentText) -> str:
        """The exact sentence shown for a consent, as it has to be kept with the answer."""
        text = consent.text.get(self.locale) or next(iter(consent.text.values()))
        return self.plain(text)


def plain(
    source: str, values: Mapping[str, sandbox.Value], fallbacks: Mapping[str, str] | None = None
) -> str:
    """A text of the kit with its names filled in; raises ContentError if it is outside the grammar."""
    return _parsed(source).render(values, escape=str, fallbacks=fallbacks or {})


def rich(
    source: str, values: Mapping[str, sandbox.Value], fallbacks: Mapping[str, str] | None = None
) -> Markup:
    """Markdown of the kit as cleaned HTML; filled-in values count as plain words, whatever they hold."""
    filled = _parsed(source).render(values, escape=quoted, fallbacks=fallbacks or {})
    tokens = MARKDOWN.parse(filled)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"
    return clean(MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}))


@lru_cache(maxsize=4096)
def _parsed(source: str) -> sandbox.Template:
    """Kits do not change once published, so their texts are parsed once for each process."""
    return sandbox.parse(source)


def quoted(value: str) -> str:
    """A value as plain words in Markdown: every mark is escaped and line ends become spaces."""
    return MARKDOWN_PUNCTUATION.sub(r"\\\1", " ".join(value.split()))


def clean(html: str) -> Markup:
    """HTML reduced to words, lists, emphasis and https links. The result is safe to print."""
    return Markup(
        nh3.clean(
            html,
            tags=set(TAGS),
            attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
            url_schemes={"https"},
            link_rel="noopener",
            url_relative="deny",
        )
    )


def is_https(address: str) -> bool:
    return address.startswith("https://")


class _KitMarkdown(MarkdownIt):
    """CommonMark without HTML and pictures, with links to https alone."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "maxNesting": 12})
        self.disable(["image", "html_block", "html_inline"])

    def validateLink(self, url: str) -> bool:
        return is_https(url)


MARKDOWN: Final = _KitMarkdown()

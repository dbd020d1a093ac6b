"""The little a partner's text may contain: **bold** and [links](https://...). Everything else is printed as
typed."""

import re
from collections.abc import Iterable
from enum import StrEnum
from html import escape
from urllib.parse import urlsplit

import idna

from campaigns.phrases import phrase


class Formatting(StrEnum):
    """What a partner's text may contain: nothing, **bold**, or **bold** and [links](https://...)."""

    NONE = "none"
    BOLD = "bold"
    LINK = "link"


_BOLD = re.compile(r"\*\*([^*\n]{1,500})\*\*")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,1000})\)")
_BARE = re.compile(
    r"(?:[a-z][a-z0-9+.\-]{1,20}://|\bwww\.|\b(?:javascript|data|vbscript|file):)[^\s)\]]*", re.IGNORECASE
)
_TRAILING = ".,;:!?'\""


def links(text: str) -> list[str]:
    """Every address in the text, in marks or bare (mail programs make links of bare ones)."""
    marked = [match.group(2) for match in _LINK.finditer(text)]
    bare = [match.group().rstrip(_TRAILING) for match in _BARE.finditer(_LINK.sub(r"\1", text))]
    return marked + bare


def link_refusal(link: str, domains: Iterable[str]) -> str | None:
    """Why a link may not be used, as a sentence; None if it leads by https to one of the domains or below
    it."""
    allowed = [_ascii(domain) for domain in domains]
    shown = link[:60]
    if not link.isprintable() or any(character in link for character in "\\ {}<>\"'`*"):
        return phrase("The link '%(link)s' contains characters that no link may contain.", link=shown)
    try:
        parts = urlsplit(link)
        host, port = _ascii(parts.hostname or ""), parts.port
    except ValueError:
        return phrase("The link '%(link)s' is not a complete address.", link=shown)
    if parts.scheme != "https":
        return phrase("The link '%(link)s' has to start with https://.", link=shown)
    if parts.username is not None or parts.password is not None or port not in (None, 443):
        return phrase("The link '%(link)s' may contain neither a name, a password nor a port.", link=shown)
    if any(host == domain or host.endswith(f".{domain}") for domain in allowed if domain):
        return None
    if not allowed:
        return phrase(
            "The link '%(link)s' is not allowed: this text may not lead to other sites.", link=shown
        )
    return phrase(
        "The link '%(link)s' leads to a site that is not allowed here. Allowed: %(domains)s.",
        link=shown,
        domains=list(domains),
    )


def shown_text(text: str, formatting: Formatting) -> str:
    """What the reader sees, without marks and addresses behind words: for counting characters."""
    if formatting is Formatting.LINK:
        text = _LINK.sub(r"\1", text)
    return text if formatting is Formatting.NONE else _BOLD.sub(r"\1", text)


def plain(text: str, formatting: Formatting) -> str:
    """For the text part of a mail: links as "words (address)", bold without marks."""
    if formatting is Formatting.LINK:
        text = _LINK.sub(r"\1 (\2)", text)
    return text if formatting is Formatting.NONE else _BOLD.sub(r"\1", text)


def markup(text: str, formatting: Formatting) -> str:
    """HTML of a text whose links were checked. Nothing typed survives as a tag, an attribute or a
    template."""
    html = escape(text).replace("{", "&#123;").replace("}", "&#125;")
    if formatting is Formatting.LINK:
        html = _LINK.sub(r'<a href="\2">\1</a>', html)
    if formatting is not Formatting.NONE:
        html = _BOLD.sub(r"<strong>\1</strong>", html)
    return html.replace("\n", "<br />")


def _ascii(domain: str) -> str:
    """Lower case and IDNA; raises ValueError for what cannot be a host name."""
    domain = domain.strip().rstrip(".").lower()
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")

"""The Markdown of a page: paragraphs, lists, bold and links, nothing else."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from campaigns.kit.fields import Report

TAG = re.compile(r"\{\{[^}]*\}\}|\{%[^%]*%\}|\{#.*?#\}")
"""A name, a block or a remark of the grammar, in a text that was parsed before."""


def check_markdown(text: str, path: str, line: int, report: Report) -> None:
    """No HTML, no pictures, and links by https, mailto, tel or a name."""
    for token, at in _tokens(MarkdownIt("commonmark").parse(TAG.sub("name", text))):
        if token.type in ("html_block", "html_inline"):
            report.problem(
                path, line + at, "HTML is not used here. Write Markdown: **bold**, lists, [links](https://)."
            )
        elif token.type == "image":
            report.problem(
                path, line + at, "Pictures are not used in texts. The page has its own place for one."
            )
        elif token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            if not target.startswith(("https://", "mailto:", "tel:", "name")):
                report.problem(path, line + at, f"The link '{target[:60]}' has to start with https://.")


def _tokens(blocks: list[Token]) -> Iterator[tuple[Token, int]]:
    """Blocks and what is inside them, each with its line counted from 0."""
    line = 0
    for block in blocks:
        line = block.map[0] if block.map else line
        yield block, line
        inner = line
        for child in block.children or ():
            yield child, inner
            inner += child.type in ("softbreak", "hardbreak")

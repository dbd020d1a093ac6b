"""The mail and the files it includes, put together to one tree."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

from campaigns.errors import ContentError, Problem
from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.foreign.tags import Tags
from campaigns.kit.foreign.tree import Node, Parsed, parse
from campaigns.kit.yaml import as_utf8

Read = Callable[[str], bytes | None]
"""The content of a file beside the mail, by its path from the mail's folder with "/"; None if there is none."""

MOST_BYTES = 256 * 1024
MOST_INCLUDES = 50
DEEPEST_INCLUDE = 8
_HEAD_ALONE = frozenset(
    ["mj-attributes", "mj-style", "mj-font", "mj-title", "mj-preview", "mj-breakpoint", "mj-html-attributes"]
)


def beside(folder: str, address: str) -> str | None:
    """The path of a file named in a file of `folder`, both from the mail's folder; None if it leads out of it."""
    address = unquote(address.strip().replace("\\", "/")).partition("?")[0]
    if address.startswith("/") or ":" in address or "\0" in address:
        return None
    path = posixpath.normpath(posixpath.join(folder, address))
    return None if path.startswith("..") or path == "." else path


@dataclass(slots=True)
class Loader:
    read: Read
    tags: Tags
    notes: Notes
    count: int = 0

    def mail(self, name: str) -> Node:
        """`<mjml>` with one mj-head and one mj-body, everything included. Raises ContentError."""
        root = self._tree(name, ()).root
        mails = [node for node in root.elements if node.tag == "mjml"]
        if not mails:
            found = root.elements[0].tag if root.elements else ""
            said = f", not with <{found[:40]}>" if found else ""
            self.notes.refuse(f"A mail in MJML starts with <mjml>{said}.", 1)
            raise ContentError(self.notes.refused)
        mail = mails[0]
        heads = [node for node in mail.elements if node.tag == "mj-head"]
        bodies = [node for node in mail.elements if node.tag == "mj-body"]
        head = mail.like("mj-head", {}, [child for node in heads for child in node.children])
        stray = [node for node in mail.elements if node.tag == "mj-include"]
        if not bodies or (len(bodies) > 1):
            self.notes.refuse("A mail in MJML has one <mj-body> with its sections.", mail)
            raise ContentError(self.notes.refused)
        for include in stray:
            self._included(include, name, (), head)
        self._resolve(head, name, (name,), head)
        self._resolve(bodies[0], name, (name,), head)
        if self.notes.refused:
            raise ContentError(self.notes.refused)
        return mail.like("mjml", mail.attributes, ["\n  ", head, "\n  ", bodies[0], "\n"])

    def _tree(self, path: str, chain: tuple[str, ...]) -> Parsed:
        content = self.read(path)
        if content is None:
            raise ContentError(self._refusal(path, None, "There is no file of this name."))
        if len(content) > MOST_BYTES:
            raise ContentError(self._refusal(path, None, "This file is larger than 256 KB. Shorten it."))
        source = as_utf8(content, path)
        private = {code: None for code in range(0xE000, 0xE020)}
        self.notes.path, before = path, self.notes.path
        parsed = parse(self.tags.swapped(source.translate(private)), path)
        if parsed.too_much:
            self.notes.refuse("This mail has more than 10,000 elements, or 200 levels of them. Shorten it.")
        for line, tag in parsed.broken:
            self.notes.refuse(f"<{shown(tag)}> is never closed, or closed in the wrong place.", line)
        for line in parsed.hidden:
            self.notes.say("What only Outlook was to read is gone; it reads what all others read.", line)
        self.notes.path = before
        return parsed

    def _refusal(self, path: str, line: int | None, sentence: str) -> list[Problem]:
        self.notes.path, before = path, self.notes.path
        self.notes.refuse(sentence, line)
        self.notes.path = before
        return self.notes.refused

    def _resolve(self, node: Node, path: str, chain: tuple[str, ...], head: Node) -> None:
        """Replace every mj-include below `node`."""
        children: list[Node | str] = []
        for child in node.children:
            if isinstance(child, Node) and child.tag == "mj-include":
                children += self._included(child, path, chain, head)
            else:
                if isinstance(child, Node):
                    self._resolve(child, path, chain, head)
                children.append(child)
        node.children = children

    def _included(self, include: Node, path: str, chain: tuple[str, ...], head: Node) -> list[Node | str]:
        given = include.attributes.get("path", "")
        wanted = beside(posixpath.dirname(path), given)
        kind = include.attributes.get("type", "mjml").lower()
        self.count += 1
        if wanted is None:
            self.notes.refuse(
                f"'{shown(given)}' leads out of the mail's folder. Put the file beside the mail.", include
            )
        elif wanted in chain:
            self.notes.refuse(f"'{shown(given)}' includes itself.", include)
        elif len(chain) > DEEPEST_INCLUDE or self.count > MOST_INCLUDES:
            self.notes.refuse("More than 50 files are included, or more than 8 levels of them.", include)
        else:
            content = self.read(wanted) or self.read(f"{wanted}.mjml")
            if content is None:
                self.notes.refuse(f"There is no file '{shown(given)}' beside the mail.", include)
            elif kind == "css":
                text = as_utf8(content[:MOST_BYTES], wanted)
                head.children += [include.like("mj-style", {}, [text]), "\n  "]
            else:
                if self.read(wanted) is None:
                    wanted = f"{wanted}.mjml"
                return self._part(include, wanted, kind, chain, head)
        return []

    def _part(
        self, include: Node, wanted: str, kind: str, chain: tuple[str, ...], head: Node
    ) -> list[Node | str]:
        root = self._tree(wanted, chain).root
        if kind == "html":
            return [include.like("mj-raw", {}, root.children)]
        whole = next((node for node in root.elements if node.tag == "mjml"), None)
        self._resolve(whole or root, wanted, (*chain, wanted), head)
        if whole is None:
            children = [c for c in root.children if isinstance(c, str) or c.tag not in _HEAD_ALONE]
            alone = [c for c in root.elements if c.tag in _HEAD_ALONE]
            if children and any(isinstance(c, Node) for c in children):
                head.children += alone
                return children
            return list(root.children)
        for node in whole.elements:
            if node.tag == "mj-head":
                head.children += node.children
        return [child for node in whole.elements if node.tag == "mj-body" for child in node.children]

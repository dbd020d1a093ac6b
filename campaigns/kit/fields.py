"""Reading typed values out of a YAML table, collecting every problem instead of stopping at the first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from campaigns.errors import ContentError, Problem, Severity
from campaigns.kit.names import unknown_name
from campaigns.kit.yaml import Listing, Scalar, Table, YamlNode
from campaigns.sandbox import Template, parse

WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_Enum = TypeVar("_Enum", bound=StrEnum)


@dataclass(slots=True)
class Report:
    """What was found so far, over all files. `languages` are the kit's, once known; `uses` are the template
    names used, with file and line."""

    problems: list[Problem] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    uses: list[tuple[str, str, int]] = field(default_factory=list)

    def problem(self, path: str, line: int | None, sentence: str) -> None:
        self.problems.append(Problem(path, line, sentence))

    def note(self, path: str, line: int | None, sentence: str) -> None:
        self.problems.append(Problem(path, line, sentence, Severity.NOTE))

    def refused(self, error: ContentError, line: int = 1) -> None:
        """Take over the problems of a part whose first line is `line` of its file."""
        for found in error.problems:
            moved = found.line + line - 1 if found.line is not None else line
            self.problems.append(Problem(found.path, moved, found.sentence, found.severity))

    def template(self, source: str, path: str, line: int, locale: str = "en") -> Template | None:
        """Check a text of the grammar that starts in `line` of a file, and note the names it uses."""
        try:
            template = parse(source, path=path, locale=locale)
        except ContentError as error:
            self.refused(error, line)
            return None
        for name, inner in template.uses():
            if complaint := unknown_name(name):
                self.problem(path, line + inner - 1, complaint)
            else:
                self.uses.append((name, path, line + inner - 1))
        return template


@dataclass(slots=True)
class Section:
    """A table being read. Every read marks its key; `done` reports the keys nobody asked for."""

    table: Table
    path: str
    report: Report
    language: str = ""
    seen: set[str] = field(default_factory=set)

    @property
    def line(self) -> int:
        return self.table.line

    def line_of(self, key: str) -> int:
        return self.table.lines.get(key, self.table.line)

    def problem(self, sentence: str, key: str = "") -> None:
        self.report.problem(self.path, self.line_of(key), sentence)

    def has(self, key: str) -> bool:
        return self._node(key) is not None

    def text(self, key: str, *, required: bool = True, most: int = 500) -> str:
        """A plain text without spaces around it; "" if it is missing, a problem where it is required."""
        node = self._node(key)
        if node is None:
            if required:
                self.problem(f"'{key}' is missing.")
            return ""
        return self._scalar_text(key, node, most)

    def source(self, key: str, *, required: bool = True, most: int = 2_000, tags: bool = True) -> str:
        """A text in the grammar, checked, in the language of this section."""
        text = self.text(key, required=required, most=most)
        if text and tags:
            self.report.template(text, self.path, self.table.entries[key].line, self.language or "en")
        return text

    def word(self, key: str, *, required: bool = True) -> str:
        """A name of our own making: small letters, digits, "-" and "_"."""
        text = self.text(key, required=required, most=40)
        if text and not WORD.fullmatch(text):
            self.problem(
                f"'{text}' cannot be a {key}. Use small letters, digits and hyphens, letter first.", key
            )
        return text

    def choice(self, key: str, among: type[_Enum], default: _Enum | None = None) -> _Enum:
        """One of the values of an enumeration; `default` makes it optional."""
        text = self.text(key, required=default is None, most=60)
        try:
            return among(text)
        except ValueError:
            if text:
                self.problem(f"'{text}' is not a {key}. It can be: {', '.join(among)}.", key)
            return default if default is not None else next(iter(among))

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds; `default` makes it optional."""
        text = self.text(key, required=default is None, most=20)
        if not text:
            return default if default is not None else least
        if not re.fullmatch(r"-?[0-9]{1,12}", text) or not least <= int(text) <= most:
            self.problem(f"'{key}' has to be a whole number from {least:,} to {most:,}, not '{text}'.", key)
            return least
        return int(text)

    def flag(self, key: str, default: bool) -> bool:
        text = self.text(key, required=False, most=10).lower()
        if text not in ("", "yes", "no", "true", "false", "on", "off"):
            self.problem(f"'{key}' has to be yes or no, not '{text}'.", key)
        return default if not text else text in ("yes", "true", "on")

    def texts(self, key: str, *, required: bool = True, most: int = 100) -> list[str]:
        """A list of plain texts."""
        node = self._node(key)
        if node is None:
            if required:
                self.problem(f"'{key}' is missing.")
            return []
        if isinstance(node, Scalar):
            return [self._scalar_text(key, node, 500)]
        if not isinstance(node, Listing) or len(node.items) > most:
            self.problem(f"'{key}' has to be a list of at most {most} entries.", key)
            return []
        return [self._scalar_text(key, item, 500) for item in node.items]

    def localised(
        self, key: str, *, required: bool = True, most: int = 300, source: bool = False
    ) -> dict[str, str]:
        """A text by language: either one text, which is in the default language, or a table of languages."""
        node = self._node(key)
        if node is None:
            if required:
                self.problem(f"'{key}' is missing.")
            return {}
        if not isinstance(node, Table):
            inner = Section(
                Table(node.line, {self.language: node}, {self.language: node.line}), self.path, self.report
            )
        else:
            inner = Section(node, self.path, self.report)
        texts: dict[str, str] = {}
        for language in inner.table.entries:
            if self.report.languages and language not in self.report.languages:
                inner.problem(f"'{language[:20]}' is not among the languages of this kit.", language)
            if text := inner.text(language, required=False, most=most):
                texts[language] = text
                if source:
                    self.report.template(text, self.path, inner.table.entries[language].line, language)
        if self.language and self.language not in texts:
            self.problem(f"'{key}' has no text in '{self.language}', the first language of the kit.", key)
        return texts

    def section(self, key: str, *, required: bool = True) -> "Section | None":
        """A table inside this one."""
        node = self._node(key)
        if node is None and required:
            self.problem(f"'{key}' is missing.")
        if node is None or isinstance(node, Table):
            return None if node is None else Section(node, self.path, self.report, self.language)
        self.problem(f"'{key}' has to be a table of 'key: value' lines.", key)
        return None

    def sections(self, key: str, *, required: bool = True, most: int = 100) -> Iterator["Section"]:
        """A list of tables, each closed by a check for unknown keys when the caller has read it."""
        node = self._node(key)
        if node is None:
            if required:
                self.problem(f"'{key}' is missing.")
            return
        if not isinstance(node, Listing) or len(node.items) > most:
            self.problem(f"'{key}' has to be a list of at most {most} entries, each starting with '- '.", key)
            return
        for item in node.items:
            if isinstance(item, Table):
                section = Section(item, self.path, self.report, self.language)
                yield section
                section.done()
            else:
                self.report.problem(
                    self.path, item.line, f"Each entry of '{key}' has to be 'key: value' lines."
                )

    def named_sections(self, key: str, *, most: int = 100) -> Iterator[tuple[str, "Section"]]:
        """A table of tables by name; optional."""
        outer = self.section(key, required=False)
        if outer is None:
            return
        if len(outer.table.entries) > most:
            self.problem(f"'{key}' may have at most {most} entries.", key)
            return
        for name in outer.table.entries:
            section = outer.section(name)
            if section is not None:
                yield name, section
                section.done()

    def done(self) -> None:
        """Report keys that no read asked for, with the nearest word that exists."""
        for key in self.table.entries:
            if key not in self.seen:
                near = get_close_matches(key, self.seen, n=1)
                hint = f" Did you mean '{near[0]}'?" if near else " Take it out."
                self.problem(f"'{key[:40]}' is not known here.{hint}", key)

    def _node(self, key: str) -> YamlNode | None:
        self.seen.add(key)
        node = self.table.entries.get(key)
        return None if isinstance(node, Scalar) and node.empty else node

    def _scalar_text(self, key: str, node: YamlNode, most: int) -> str:
        if not isinstance(node, Scalar):
            self.report.problem(
                self.path,
                node.line,
                f"'{key}' has to be a text. If it starts with a brace, put it in quotes.",
            )
            return ""
        text = node.text.strip()
        if len(text) > most:
            self.report.problem(
                self.path, node.line, f"'{key}' has {len(text)} characters. It may have {most}."
            )
        return text[:most]

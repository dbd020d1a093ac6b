"""E-mails in MJML: what a file may contain. Reads the text once, with line numbers; compiles nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from campaigns.errors import ContentError
from campaigns.kit.fields import Report
from campaigns.kit.mjml_elements import HTML, NEEDS_PICTURE, PICTURED, REASONS, STRUCTURE, TEXTUAL
from campaigns.kit.names import LINKED
from campaigns.kit.yaml import as_utf8

MOST_DEPTH = 40
MOST_ELEMENTS = 3_000
MOST_HEADLINE = 60
LOCKUP, FOOTER, PERSON, REGION = "platform-lockup", "platform-footer", "platform-person", "rg-"

LEADING = frozenset({"link.microsite", "link.webinar", "link.recording"})

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_FOREIGN_CSS = re.compile(
    r"@import|url\s*\(|expression\s*\(|behavior\s*:|-moz-binding|javascript:", re.IGNORECASE
)
_LINK = re.compile(r"https://[^\ue000/]|mailto:|tel:|\ue000")
_NAMED_LINK = re.compile(r"href\s*=\s*[\"']\s*\{\{\s*([a-z0-9_.]+)\s*(.?)")


@dataclass(slots=True)
class Mail:
    """What a mail uses: regions in reading order with their lines, assets with theirs, names."""

    regions: dict[str, int] = field(default_factory=dict)
    assets: dict[str, int] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def read_mail(path: str, locale: str, files: Mapping[str, bytes], report: Report) -> Mail | None:
    """Check the mail in `path` and tell what it uses; None if it could not be read to its end. Problems go to
    the report."""
    try:
        source = as_utf8(files[path], path)
    except ContentError as error:
        report.refused(error)
        return None
    template = report.template(source, path, 1, locale)
    if template is None:
        return None  # with unclosed names there is no telling where text ends and elements begin
    reader = _Reader(path, files, report)
    whole = reader.read(source)
    for match in _NAMED_LINK.finditer(source):
        if match.group(1) not in LINKED or match.group(2) != "}":
            line = source.count("\n", 0, match.start()) + 1
            report.problem(path, line, f"A link may be a name only for {', '.join(sorted(LINKED))}.")
    if whole and not template.names() & LEADING:
        report.note(
            path, None, "This mail does not lead to the page. Use {{ link.microsite }} in its button."
        )
    reader.mail.names = template.names()
    return reader.mail if whole else None


@dataclass(slots=True)
class _Element:
    tag: str
    line: int
    classes: tuple[str, ...]
    filled: bool = False
    text: list[str] = field(default_factory=list)


class _Reader:
    """Handlers for the XML parser. Template tags are swapped for one private character first, lines kept."""

    def __init__(self, path: str, files: Mapping[str, bytes], report: Report) -> None:
        self.path, self.files, self.report = path, files, report
        self.mail = Mail()
        self.stack: list[_Element] = []
        self.counts: Counter[str] = Counter()
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.ProcessingInstructionHandler = self._instruction

    def read(self, source: str) -> bool:
        """Whether the mail could be read to its end."""
        try:
            self.parser.Parse(_TAG.sub(_placeholder, source.replace("\ue000", " ")).encode(), True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            self._problem(
                f"This is not well-formed: {reason}. Close every tag; write &amp; for &, &#160; for a space.",
                error.lineno,
            )
        except _TooMuch as error:
            self._problem(str(error))
        else:
            self._check_counts()
            return True
        return False

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        classes = tuple(attributes.get("css-class", "").split())
        parent = self.stack[-1] if self.stack else None
        if parent:
            parent.filled = True
        self.stack.append(_Element(tag, self.parser.CurrentLineNumber, classes))
        sets_defaults = parent is not None and parent.tag == "mj-attributes"
        self.counts[f"default {tag}" if sets_defaults else tag] += 1
        if len(self.stack) > MOST_DEPTH:
            raise _TooMuch(f"Elements are nested more than {MOST_DEPTH} deep.")
        if self.counts.total() > MOST_ELEMENTS:
            raise _TooMuch(f"This mail has more than {MOST_ELEMENTS:,} elements. Shorten it.")
        self._check_tag(tag, parent.tag if parent else "")
        self._check_attributes(tag, attributes)
        if not sets_defaults and tag in PICTURED:
            self._check_picture(tag, attributes)
        for name in classes:
            self._check_class(tag, name)

    def _check_tag(self, tag: str, parent: str) -> None:
        inside_text = any(element.tag in TEXTUAL for element in self.stack[:-1])
        if tag in REASONS:
            self._problem(f"{REASONS[tag]} (<{tag}>)")
        elif not parent and tag != "mjml":
            self._problem(f"A mail starts with <mjml>, not with <{tag[:40]}>.")
        elif parent == "mj-raw":
            if tag != "meta" or "mj-head" not in [element.tag for element in self.stack]:
                self._problem("mj-raw may hold only <meta> elements, in mj-head.")
        elif inside_text and tag not in HTML:
            self._problem(
                f"<{tag[:40]}> is not used inside text. Use p, h1, a, strong, em, br, lists and tables."
            )
        elif not inside_text and tag not in STRUCTURE | TEXTUAL:
            hint = (
                "is not an MJML element that mails may use"
                if tag.startswith("mj")
                else "may stand only inside mj-text"
            )
            self._problem(f"<{tag[:40]}> {hint}.")

    def _check_attributes(self, tag: str, attributes: Mapping[str, str]) -> None:
        for name, value in attributes.items():
            if name.lower().startswith("on"):
                self._problem(f"'{name[:30]}' starts a script. Take it out.")
            elif name in ("href", "action") and not _LINK.match(value):
                self._problem(
                    f"The link '{_shown(value)}' has to start with https://, mailto: or tel:, or be a name."
                )
            elif name in ("src", "background-url", "background", "srcset") and PICTURED.get(tag) != name:
                self._problem(f"'{name}' is not used here. Pictures are mj-image with src=\"assets/...\".")
            elif name == "inline" or (name in ("style", "css") and _FOREIGN_CSS.search(value)):
                self._problem(
                    f"'{name}' may not load or run anything, and styles are put inline by the product."
                )

    def _check_picture(self, tag: str, attributes: Mapping[str, str]) -> None:
        source = attributes.get(PICTURED[tag], "")
        if tag not in NEEDS_PICTURE and not source:
            return
        if tag in NEEDS_PICTURE and not attributes.get("alt", "").strip():
            self._problem('The picture needs alt="...": words for those who do not see it.')
        if not source.startswith("assets/") or "\ue000" in source:
            self._problem(f'Pictures come with the kit: {PICTURED[tag]}="assets/<file>".')
        elif source not in self.files:
            self._problem(f"There is no file '{source[:80]}'. Put it into assets/.")
        else:
            self.mail.assets.setdefault(source, self.parser.CurrentLineNumber)

    def _check_class(self, tag: str, name: str) -> None:
        if name in (LOCKUP, FOOTER):
            self.counts[name] += 1
            if tag != "mj-section":
                self._problem(f"'{name}' belongs on an empty mj-section, not on {tag}.")
        elif name == PERSON:
            self.counts[name] += 1
            if tag != "mj-text":
                self._problem(f"'{name}' belongs on the mj-text about the contact person, not on {tag}.")
        elif name.startswith(REGION):
            region = name.removeprefix(REGION)
            if region in self.mail.regions:
                self._problem(
                    f"The region '{region[:40]}' stands twice in this mail. Give one of them another name."
                )
            self.mail.regions.setdefault(region, self.parser.CurrentLineNumber)

    def _end(self, tag: str) -> None:
        element = self.stack.pop()
        text = "".join(element.text)
        if tag == "h1" and len(text.replace("\ue000", "").strip()) > MOST_HEADLINE:
            self._problem(f"The headline has more than {MOST_HEADLINE} characters. Shorten it.", element.line)
        if tag == "mj-style" and (match := _FOREIGN_CSS.search(text)):
            self._problem(f"Styles may not load or run anything. Take '{match.group()}' out.", element.line)
        for name in {LOCKUP, FOOTER}.intersection(element.classes):
            if element.filled:
                self._problem(f"The section '{name}' has to be empty; the product fills it.", element.line)
        if self.stack and tag in HTML:
            self.stack[-1].text.append(text)

    def _text(self, text: str) -> None:
        element = self.stack[-1]
        element.text.append(text)
        if not text.strip():
            return
        element.filled = True
        if element.tag != "mj-style" and element.tag in STRUCTURE:
            shown = "A name or a block" if "\ue000" in text else "Text"
            self._problem(
                f"{shown} may not stand between elements, only inside mj-text, mj-button and mj-table."
            )

    def _doctype(self, *_: object) -> None:
        raise _TooMuch("A document type is not used here. Start with <mjml>.")

    def _instruction(self, *_: object) -> None:
        self._problem("Processing instructions (<? ... ?>) are not used here.")

    def _check_counts(self) -> None:
        for name, what in ((LOCKUP, "the two logos"), (FOOTER, "sender, address and unsubscribe")):
            if self.counts[name] != 1:
                sentence = f'Each mail needs exactly one empty <mj-section css-class="{name}">, for {what}.'
                self._problem(sentence, 0)
        if self.counts[PERSON] > 1:
            self._problem(f"Only one mj-text may be '{PERSON}'; this mail has {self.counts[PERSON]}.", 0)
        if self.counts["h1"] != 1:
            self._problem(f"Each mail needs exactly one <h1>; this one has {self.counts['h1']}.", 0)
        if self.counts["mj-button"] != 1:
            self.report.note(
                self.path, None, f"One main button reads best; there are {self.counts['mj-button']}."
            )
        if self.counts["mj-head"] != 1 or self.counts["mj-body"] != 1:
            self._problem("Each mail needs one mj-head and one mj-body.", 0)

    def _problem(self, sentence: str, line: int | None = None) -> None:
        at = self.parser.CurrentLineNumber if line is None else line
        self.report.problem(self.path, at or None, sentence)


class _TooMuch(Exception):
    """Stops the parser at once."""


def regions_used(mails: Iterable[Mail]) -> tuple[str, ...]:
    """Region names over several language versions, in reading order, each once."""
    return tuple(dict.fromkeys(name for mail in mails for name in mail.regions))


def _placeholder(match: re.Match[str]) -> str:
    return "\ue000" + "\n" * match.group().count("\n")


def _shown(value: str) -> str:
    return value.replace("\ue000", "{{...}}")[:60]

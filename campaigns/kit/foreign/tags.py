"""Merge tags of other tools, put into the words of this product before a mail is read.

What is known becomes a name of the grammar; a condition keeps its first branch; everything else goes, with a
sentence. A name stands in the text as one private word until the mail is written again, so that no parser sees
its quotes.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from campaigns import sandbox
from campaigns.errors import ContentError
from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.names import NAMES, PERSONAL

UNSUBSCRIBE, BROWSER = "\ue001", "\ue002"
"""Stand where a tool put its link for leaving (or its sender's address), and its link to the mail on the web."""

_OPEN, _CLOSE = "\ue010", "\ue011"
WORD = re.compile(f"{_OPEN}(\\d+){_CLOSE}")

_TAG = re.compile(
    r"\*\|(?P<star>[^|\n]{1,120}?)\|\*"
    r"|\{\{\{?(?P<brace>[^{}]{0,200}?)\}\}\}?"
    r"|\{%(?P<block>.{0,300}?)%\}|\{\#.{0,300}?\#\}"
    r"|%%\[(?P<script>.{0,300}?)\]%%"
    r"|%%=?(?P<percent>[\w .()@:'\"-]{1,60}?)=?%%"
    r"|\[\[(?P<square>[^\[\]\n]{1,80})\]\]"
    r"|<%(?P<angle>.{0,300}?)%>"
    r"|\$\{(?P<dollar>[\w. ]{1,60})\}|\{\$(?P<smarty>[\w.]{1,60})\}"
    r"|%(?P<single>[A-Z_]{4,40})%",
    re.DOTALL,
)
_NAMED = re.compile(r"\s*([a-z_]+(?:\.[a-z_]+)+)\s*(\|.*)?", re.DOTALL)
_SPACES = re.compile(
    r"^(contact|subscriber|recipient|person|lead|user|customer|profile|member|merge|attributes|data|system)[.:\s]"
)
_FALLBACK = re.compile(r"default\w*\s*[:=(]\s*[\"']?([^\"')|}]{1,60})", re.IGNORECASE)
_BEGINS = re.compile(r"(#|if\b|ifnot\b|if:|unless\b|each\b|for\b|\^)", re.IGNORECASE)
_TURNS = re.compile(r"(else|elseif|elif|elsif)\b", re.IGNORECASE)
_ENDS = re.compile(r"(/|end)", re.IGNORECASE)
_KNOWN = {
    "contact.first_name": "first firstname fname vorname prenom givenname name fullname voornaam nombre nome",
    "contact.last_name": "last lastname lname surname nachname familyname nom apellido cognome achternaam",
    "contact.company": "company companyname firma organisation organization account accountname entreprise empresa",
}
_BY_WORD = {word: name for name, listed in _KNOWN.items() for word in listed.split()}
_LEAVES = re.compile(
    r"unsub|optout|abmeld|abbestell|desabon|desinscr|preferenc|updateprofile|profilecent|managesub|subscription(?:cent|pref|url|link)"
    r"|listaddress|listcompany|senderaddress|companyaddress|physicaladdress|memberaddress|rewards|forward"
)
_ON_THE_WEB = re.compile(
    r"archive|browser|webversion|viewemail|viewonline|onlineversion|mirror|weblink|hostedemail"
)


@dataclass(slots=True)
class Tags:
    """The names found so far, and what a tool printed for people without a value."""

    notes: Notes
    kept: list[str] = field(default_factory=list)
    fallbacks: dict[str, str] = field(default_factory=dict)

    def swapped(self, source: str, path: str = "") -> str:
        """The source with private words for names, the same lines, and nothing else that looks like a tag."""
        if _is_ours(source):
            return _TAG.sub(lambda found: self._kept(found[0]), source)
        out, position = [], 0
        branches: list[int | None] = []  # where in `out` a branch that goes began
        starts = [found.end() for found in re.finditer("\n", source)]
        for found in _TAG.finditer(source):
            out.append(source[position : found.start()])
            position = found.end()
            line = bisect_right(starts, found.start()) + 1
            inside = next((part for part in found.groups() if part is not None), "")
            kind = _kind(found.lastgroup or "", inside)
            if kind == "begins":
                branches.append(None)
                sentence = (
                    f"The condition {shown(found[0])} is gone: everybody sees what stood in its first part."
                )
                self.notes.say(sentence, line)
            elif kind == "turns" and branches:
                branches[-1] = len(out) if branches[-1] is None else branches[-1]
            elif kind == "ends" and branches:
                since = branches.pop()
                if since is not None:
                    gone = "".join(out[since:])
                    out[since:] = ["\n" * gone.count("\n")]
            elif kind == "value":
                out.append(self._value(found[0], inside, line))
            out.append("\n" * found[0].count("\n"))
        out.append(source[position:])
        return "".join(out)

    def back(self, text: str) -> str:
        """What a private word stands for, in the grammar; the marks are gone."""
        text = WORD.sub(lambda found: self.kept[int(found[1])], text)
        return text.replace(UNSUBSCRIBE, "").replace(BROWSER, "")

    def name(self, name: str) -> str:
        """The private word for a name of the grammar."""
        return self._kept(f"{{{{ {name} }}}}")

    def personal(self) -> Iterator[str]:
        """Names that differ from person to person."""
        yield from sorted(name for name in PERSONAL if any(name in kept for kept in self.kept))

    def _kept(self, written: str) -> str:
        self.kept.append(written)
        return f"{_OPEN}{len(self.kept) - 1}{_CLOSE}"

    def _value(self, written: str, inside: str, line: int) -> str:
        if (named := _NAMED.fullmatch(inside)) and named[1] in NAMES and _is_ours(f"{{{{{inside}}}}}"):
            return self._kept(f"{{{{{inside}}}}}")
        word = re.sub(r"[^a-z]", "", re.split(r"[|,]|:?default", _without_space(inside))[0])
        if _LEAVES.search(word):
            return UNSUBSCRIBE
        if _ON_THE_WEB.search(word):
            return BROWSER
        if name := _BY_WORD.get(
            word.removeprefix("v").removesuffix("default") if word not in _BY_WORD else word
        ):
            if fallback := _FALLBACK.search(inside):
                self.fallbacks.setdefault(name, fallback[1].strip())
            self.notes.say(f"{shown(written)} became {{{{ {name} }}}}.", line)
            return self._kept(f"{{{{ {name} }}}}")
        self.notes.say(
            f"{shown(written)} is a name of another tool that means nothing here. It is gone.", line
        )
        return ""


def _without_space(inside: str) -> str:
    return _SPACES.sub("", inside.strip().lower().removeprefix("%").strip())


def _kind(group: str, inside: str) -> str:
    """Whether a tag is a value, begins, turns or ends a condition, or is nothing but a remark."""
    word = inside.strip().lstrip("-").strip()
    if group in ("script", "") or word.startswith(("!", "assign", "set ", "include")):
        return "remark"
    if group in ("block", "angle", "star", "brace"):
        if _TURNS.match(word):
            return "turns"
        if _ENDS.match(word) and (group != "brace" or word.startswith("/")):
            return "ends"
        if _BEGINS.match(word) and (group != "brace" or word[0] in "#^"):
            return "begins"
        if group == "block":
            return "remark"
        if group == "angle":
            return "value" if word.startswith("=") else "remark"
    return "value"


def _is_ours(source: str) -> bool:
    """Whether every tag of a text is of the grammar, with names that exist."""
    if "*|" in source or "%%" in source or "[[" in source or "<%" in source or "${" in source:
        return False
    try:
        template = sandbox.parse(source, path="", locale="en")
    except ContentError:
        return False
    return bool(template.names()) and template.names() <= set(NAMES)

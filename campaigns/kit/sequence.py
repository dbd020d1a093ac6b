"""The sequence in kit.yml: touches with their days, conditions and files, and whether they fit together."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from campaigns.kit.fields import WORD, Section
from campaigns.kit.model import (
    ABOUT_ATTENDANCE,
    ABOUT_MAILS,
    GATHERINGS,
    Condition,
    ConditionKind,
    Touch,
    TouchKind,
)

MOST_TOUCHES = 30
LAST_DAY, EARLIEST_DAY = 365, -60

ONCE = {TouchKind.MICROSITE: "microsite", TouchKind.WEBINAR: "webinar", TouchKind.TRIAL: "trial"}
"""Kinds of which a kit has at most one."""

_TIMED = frozenset({TouchKind.EMAIL, TouchKind.SOCIAL, TouchKind.CALL_SCRIPT})
_CONDITIONAL = frozenset({TouchKind.EMAIL, TouchKind.CALL_SCRIPT})
_AT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class TouchEntry:
    """A touch as kit.yml has it, with its lines; `file` is the one of the default language."""

    touch: Touch
    file: str
    line: int
    file_line: int
    condition_line: int
    from_line: int


def read_sequence(kit: Section) -> Iterator[TouchEntry]:
    for section in kit.sections("sequence", most=MOST_TOUCHES):
        kind = section.choice("kind", TouchKind)
        mail = kind is TouchKind.EMAIL
        counted_from = section.word("from", required=False) if kind in _TIMED else ""
        touch = Touch(
            key=section.word("key"),
            kind=kind,
            name=section.localised("name", most=80),
            day=section.number("day", EARLIEST_DAY if counted_from else 0, LAST_DAY, None if mail else 0),
            at=_at(section),
            condition=_condition(section) if kind in _CONDITIONAL else None,
            counted_from=counted_from or None,
            subject=section.localised("subject", most=150, source=True) if mail else {},
            preview=section.localised("preview", most=200, source=True) if mail else {},
        )
        yield TouchEntry(
            touch=touch,
            file=section.text("file", most=200),
            line=section.line,
            file_line=section.line_of("file"),
            condition_line=section.line_of("condition"),
            from_line=section.line_of("from"),
        )


def _at(section: Section) -> time | None:
    text = section.text("at", required=False, most=10)
    match = _AT.fullmatch(text)
    if text and not match:
        section.problem(f"'{text}' is not a time. Write it in quotes, like \"09:30\".", "at")
    return time(int(match.group(1)), int(match.group(2))) if match else None


def _condition(section: Section) -> Condition | None:
    text = section.text("condition", required=False, most=80)
    if not text:
        return None
    word, _colon, of = (part.strip() for part in text.partition(":"))
    if word not in set(ConditionKind) or not WORD.fullmatch(of):
        section.problem(
            f"'{text}' is not a condition. Write one of {', '.join(ConditionKind)}, a colon and the key of "
            "an earlier touch, such as not_clicked:invite.",
            "condition",
        )
        return None
    return Condition(ConditionKind(word), of)


def check_sequence(entries: tuple[TouchEntry, ...], kit: Section) -> None:
    """Keys are unique, what there may be once is there once, conditions and days look back to what they need."""
    if kit.has("sequence") and not entries:
        kit.problem("The sequence has no touch. Add at least one.", "sequence")
    seen: dict[str, TouchEntry] = {}
    met: set[TouchKind] = set()
    for entry in entries:
        touch = entry.touch
        if touch.kind in ONCE and touch.kind in met:
            sentence = f"A kit has one {ONCE[touch.kind]}. Take the second one out."
            kit.report.problem(kit.path, entry.line, sentence)
        met.add(touch.kind)
        if touch.counted_from is not None:
            named = seen.get(touch.counted_from)
            if named is None or named.touch.kind not in GATHERINGS:
                sentence = f"'from' names '{touch.counted_from}', which is no earlier webinar or event."
                kit.report.problem(kit.path, entry.from_line, sentence)
        if touch.condition is not None and (refusal := _refusal(touch, touch.condition, seen)):
            kit.report.problem(kit.path, entry.condition_line, refusal)
        if touch.key and touch.key in seen:
            sentence = f"The key '{touch.key}' stands twice; the first is in line {seen[touch.key].line}."
            kit.report.problem(kit.path, entry.line, sentence)
        seen.setdefault(touch.key, entry)


def _refusal(touch: Touch, condition: Condition, seen: dict[str, TouchEntry]) -> str | None:
    """Why a condition cannot be met, as a sentence."""
    found = seen.get(condition.of)
    if condition.kind not in ABOUT_MAILS:
        return _refusal_of_gathering(touch, condition, found.touch if found else None)
    earlier = found.touch if found else None
    same_count = earlier is not None and earlier.counted_from == touch.counted_from
    if earlier is None or earlier.kind is not TouchKind.EMAIL or (same_count and earlier.day > touch.day):
        return f"The condition names '{condition.of}', which is not an earlier mail of this sequence."
    if same_count and earlier.day == touch.day:
        doing = "click" if condition.kind is ConditionKind.NOT_CLICKED else "answer"
        return f"'{touch.key}' goes out on the same day as '{condition.of}', before anybody could {doing}."
    return None


def _refusal_of_gathering(touch: Touch, condition: Condition, named: Touch | None) -> str | None:
    if named is None or named.kind not in GATHERINGS:
        return f"The condition names '{condition.of}', which is no earlier webinar or event of this sequence."
    counted = touch.counted_from == condition.of
    if condition.kind in ABOUT_ATTENDANCE and not (counted and touch.day >= 1):
        return (
            f"Who came to '{condition.of}' is known the day after. Write 'from: {condition.of}' and a 'day' "
            "of 1 or more."
        )
    if condition.kind is ConditionKind.NOT_REGISTERED and counted and touch.day >= 0:
        return f"From the day of '{condition.of}' on nobody can register. Use a 'day' below 0."
    return None

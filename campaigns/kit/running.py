"""Which steps of a sequence this installation runs. The others travel with the kit and are told, each with its
reason: a mail that waits for a webinar nobody runs must not go out without it."""

from collections.abc import Mapping
from dataclasses import replace

from campaigns.kit.fields import Report
from campaigns.kit.manifest import Manifest
from campaigns.kit.model import (
    ABOUT_MAILS,
    BY_HAND,
    CONDITIONS_READ_HERE,
    RUN_HERE,
    Condition,
    ConditionKind,
    Touch,
    TouchKind,
)
from campaigns.kit.places import PLACES

MANIFEST = "kit.yml"


def sorted_out(
    touches: tuple[Touch, ...], names: Mapping[str, frozenset[str]], manifest: Manifest, report: Report
) -> tuple[Touch, ...]:
    """The same touches, each that does not run with `why_not`. `names` are those used in the mails, by key."""
    kept: set[str] = set()
    held: set[str] = set()
    result = []
    for touch, entry in zip(touches, manifest.entries, strict=True):
        why_not = _why_not(touch, kept, held)
        if touch.kind is TouchKind.WEBINAR and not why_not:
            held.add(touch.key)
        if why_not:
            kept.add(touch.key)
            report.note(MANIFEST, entry.line, f"'{touch.key}' is kept with the kit but not used: {why_not}")
        invites = _invites(touch, names.get(touch.key, frozenset()))
        result.append(replace(touch, why_not=why_not, invites=invites))
    if result and not any(touch.runs and touch.kind not in BY_HAND for touch in result):
        sentence = "Nothing of this sequence runs on this installation yet, so the kit cannot be published."
        report.note(MANIFEST, manifest.lines.get("sequence"), sentence)
    return tuple(result)


def _why_not(touch: Touch, kept: set[str], held: set[str]) -> str:
    """`held` are the webinars before it: no day is set, and nobody registers, for any other gathering."""
    if touch.kind in BY_HAND:
        return ""  # people read its day and its condition in words
    if touch.kind not in RUN_HERE:
        return f"this installation does not run {PLACES[touch.kind].plural} yet."
    if touch.counted_from is not None and touch.counted_from not in held:
        return f"its days are counted from '{touch.counted_from}', which does not run here yet."
    if touch.condition is not None and touch.condition.kind not in CONDITIONS_READ_HERE:
        return f"this installation does not read the condition '{touch.condition.kind}' yet."
    if touch.condition is not None and (touch.condition.of in kept or _is_unheld(touch.condition, held)):
        return f"it follows '{touch.condition.of}', which does not run here yet."
    return ""


def _invites(touch: Touch, names: frozenset[str]) -> bool:
    """Whether a mail asks people to come: it is for those without a seat, or leads to the webinar's page before
    its day. One for people who have a seat, or who came, invites nobody any more."""
    if touch.kind is not TouchKind.EMAIL:
        return False
    if touch.condition is not None and touch.condition.kind not in ABOUT_MAILS:
        return touch.condition.kind is ConditionKind.NOT_REGISTERED
    return "link.webinar" in names and (touch.counted_from is None or touch.day <= 0)


def _is_unheld(condition: Condition, held: set[str]) -> bool:
    return condition.kind not in ABOUT_MAILS and condition.of not in held

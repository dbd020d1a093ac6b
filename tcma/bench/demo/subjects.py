"""Which mail of a kit somebody got, and in which language: told by its subject, from the kit's own files."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from campaigns.kit import Kit, TouchKind
from campaigns.kit.webinar import Ahead, Webinar

_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_SPACE = re.compile(r"\s+")  # of every kind
UNKNOWN = "?"
CONFIRMED, DECLINED, ANSWERED = "confirmed", "declined", "answered"
DAY, HOUR, MOVED, CANCELLED, RECORDING = "day", "hour", "moved", "cancelled", "recording"


@dataclass(frozen=True, slots=True)
class Known:
    """A mail of the sequence by its key, or a service mail by what it is about."""

    kind: str
    locale: str


class Subjects:
    def __init__(self, kit: Kit) -> None:
        self._patterns = [(_pattern(text), known) for text, known in _subjects(kit)]

    def known(self, subject: str) -> Known:
        """UNKNOWN for a subject of no mail of the kit, or of two."""
        tidy = _SPACE.sub(" ", subject)
        found = [known for pattern, known in self._patterns if pattern.fullmatch(tidy)]
        return found[0] if len(found) == 1 else Known(UNKNOWN, "")

    def counted(self, subjects: Iterable[str]) -> Counter[str]:
        return Counter(self.known(subject).kind for subject in subjects)


def _subjects(kit: Kit) -> Iterator[tuple[str, Known]]:
    for touch in kit.touches:
        if touch.kind is TouchKind.EMAIL:
            for locale, text in touch.subject.items():
                yield text, Known(touch.key, locale)
    for locale in kit.languages:
        webinar = kit.webinar(locale)
        if webinar is not None:
            yield from _of_webinar(webinar, locale)
        if kit.microsite is not None:
            page = kit.microsite.page(locale, kit.default_language)
            if page.confirmation is not None:
                yield page.confirmation.subject, Known(ANSWERED, locale)


def _of_webinar(webinar: Webinar, locale: str) -> Iterator[tuple[str, Known]]:
    mails = webinar.mails
    for kind, mail in (
        (CONFIRMED, mails.confirmation),
        (DAY, mails.reminders[Ahead.DAY]),
        (HOUR, mails.reminders[Ahead.HOUR]),
        (MOVED, mails.moved),
        (CANCELLED, mails.cancelled),
        (RECORDING, mails.recording),
    ):
        yield mail.subject, Known(kind, locale)
    yield webinar.title, Known(DECLINED, locale)


def _pattern(text: str) -> re.Pattern[str]:
    parts = [re.escape(_SPACE.sub(" ", part)) for part in _HOLE.split(text)]
    return re.compile(".+".join(parts), re.DOTALL)

"""Broken rules, each with a sentence for the person who met it.

The rules speak English. A sentence with values in it is `phrase(…)`, which keeps text and values apart, so that
`tcma.language.spoken` can say it in the reader's language.
"""

from collections.abc import Mapping

from campaigns.phrases import Phrase, Word, phrase, word

__all__ = [
    "Conflict",
    "DomainError",
    "Invalid",
    "NotFound",
    "Phrase",
    "Refused",
    "Word",
    "phrase",
    "word",
]


class DomainError(Exception):
    """A rule said no. `sentence` is shown as it is; it says what happened and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(DomainError):
    """Absent, or not the viewer's: the two look alike on purpose."""


class Refused(DomainError):
    """The viewer is known, but may not do this here."""


class Conflict(DomainError):
    """The thing is in a state that does not allow it, or somebody was faster."""


class Unavailable(DomainError):
    """Something outside that is needed does not answer; the same may work later."""


class Invalid(DomainError):
    """Input that cannot be used; `fields` maps a field's name to its sentence."""

    def __init__(self, sentence: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = dict(fields or {})

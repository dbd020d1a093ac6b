"""Broken rules, each with a sentence for the person who met it."""


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


class Invalid(DomainError):
    """Input that cannot be used; `fields` maps a field's name to its sentence."""

    def __init__(self, sentence: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = fields or {}

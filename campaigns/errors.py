"""What is wrong with content, said in sentences a person can act on."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """A *problem* stops the kit; a *note* is worth knowing and stops nothing."""

    PROBLEM = "problem"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. `path` is a file of the kit or a form field; `line` counts from 1."""

    path: str
    line: int | None
    sentence: str
    severity: Severity = Severity.PROBLEM

    def __str__(self) -> str:
        if not self.path:
            return self.sentence if self.line is None else f"Line {self.line}: {self.sentence}"
        return (
            f"{self.path}: {self.sentence}"
            if self.line is None
            else f"{self.path} line {self.line}: {self.sentence}"
        )


class ContentError(ValueError):
    """Content that cannot be used; `problems` holds every reason found, never none."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

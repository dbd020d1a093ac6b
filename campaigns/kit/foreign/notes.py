"""What was changed on the way, said in sentences with file and line."""

from dataclasses import dataclass, field

from campaigns.errors import Problem, Severity
from campaigns.kit.foreign.tree import Node


@dataclass(slots=True)
class Notes:
    """Every lossy step is one of `found`; of two alike at one place the second is not said."""

    path: str
    found: list[Problem] = field(default_factory=list)
    _said: set[Problem] = field(default_factory=set)

    def say(self, sentence: str, at: Node | int | None = None) -> None:
        path, line = (at.path or self.path, at.line or None) if isinstance(at, Node) else (self.path, at)
        self._add(Problem(path, line, sentence, Severity.NOTE))

    def refuse(self, sentence: str, at: Node | int | None = None) -> None:
        path, line = (at.path or self.path, at.line or None) if isinstance(at, Node) else (self.path, at)
        self._add(Problem(path, line, sentence))

    @property
    def refused(self) -> list[Problem]:
        return [problem for problem in self.found if problem.severity is Severity.PROBLEM]

    def _add(self, problem: Problem) -> None:
        if problem not in self._said:
            self._said.add(problem)
            self.found.append(problem)


def shown(text: str, most: int = 60) -> str:
    """A text short enough for a sentence, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"

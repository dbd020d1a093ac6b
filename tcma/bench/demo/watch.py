"""Who got what: every mail that arrives is looked at once, and has to be one that was expected."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from tcma.bench.demo import reading
from tcma.bench.demo.contact_file import ContactFile
from tcma.bench.demo.figures import Figures
from tcma.bench.demo.firms import VENDOR_NAME
from tcma.bench.demo.house import House
from tcma.bench.demo.mails import Received
from tcma.bench.demo.subjects import Subjects
from tcma.errors import DomainError

PATIENCE = 90.0
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """One mail, in the language of its reader."""

    to: str
    kind: str
    locale: str


@dataclass
class Watch:
    house: House
    figures: Figures
    subjects: Subjects
    readers: Mapping[str, str]  # the language of each person that the campaign speaks
    logos: Set[str]
    seen: int = 0
    received: list[Received] = field(default_factory=list)  # all that was looked at

    @classmethod
    def of(
        cls,
        house: House,
        figures: Figures,
        kit: Subjects,
        file: ContactFile,
        languages: Sequence[str],
        partner: str,
    ) -> "Watch":
        """`languages` are the campaign's, the first one for whoever reads none of them."""
        readers = {
            address: said if said in languages else languages[0] for address, said in file.languages.items()
        }
        return cls(house, figures, kit, readers, {partner, VENDOR_NAME})

    def expect(self, what: str, kind: str, people: Iterable[str]) -> dict[str, Received]:
        """Wait until as many mails came as people should have one, all of this kind; the mails by person."""
        return self.expect_all(what, [(person, kind) for person in people])

    def expect_all(self, what: str, wanted: Iterable[tuple[str, str]]) -> dict[str, Received]:
        """As `expect`, for person and kind. Whoever gets two of them is in the answer with one."""
        expected = sorted(Expected(person, kind, self.readers[person]) for person, kind in wanted)
        try:
            self.house.wait(
                f"there were {len(expected)} mails: {what}",
                lambda: reading.received_count(self.house) - self.seen >= len(expected),
                PATIENCE,
            )
        except DomainError as error:
            self.figures.note(error.sentence)
        new = reading.mails_received(self.house, self.seen)
        self.seen += len(new)
        self.received += new
        found = sorted(self._named(mail) for mail in new)
        self.figures.equal(what, len(found), len(expected))
        if found != expected:
            self._tell_apart(what, found, expected)
        broken = [problem for mail in new for problem in mail.problems]
        if broken:
            self.figures.equal(f"{what}: what is wrong with them", broken[:MOST_SHOWN], [])
        return {mail.to: mail for mail in new}

    def check_all(self) -> None:
        """Of every mail since the beginning."""
        named = [self._named(mail) for mail in self.received]
        self.figures.equal(
            f"of {len(named):,} mails, how many somebody got twice", len(named) - len(set(named)), 0
        )
        problems = sum(bool(mail.problems) for mail in self.received)
        self.figures.equal("mails whose tokens do not verify", problems, 0)
        without = sum(not self.logos <= set(mail.alts) for mail in self.received)
        self.figures.equal("mails without both logos", without, 0)

    def count(self, kinds: Iterable[str], people: Iterable[str]) -> int:
        """Mails of these kinds to these people, of all that was looked at."""
        wanted, readers = set(kinds), set(people)
        named = (self._named(mail) for mail in self.received)
        return sum(one.kind in wanted and one.to in readers for one in named)

    def _named(self, mail: Received) -> Expected:
        known = self.subjects.known(mail.subject)
        return Expected(mail.to, known.kind, known.locale)

    def _tell_apart(self, what: str, found: list[Expected], expected: list[Expected]) -> None:
        self.figures.equal(f"{what}: nobody should have", _shown(Counter(found) - Counter(expected)), "")
        self.figures.equal(f"{what}: missing", _shown(Counter(expected) - Counter(found)), "")


def _shown(mails: Counter[Expected]) -> str:
    return ", ".join(f"{one.to} {one.kind} {one.locale}" for one in sorted(mails)[:MOST_SHOWN])

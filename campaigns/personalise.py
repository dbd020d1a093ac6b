"""What differs from person to person: values, and the slots they go into.

A source is taken apart once into encoded pieces and slots; per recipient only the slots are filled and all is joined.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campaigns import mime, sandbox
from campaigns.errors import ContentError, Problem
from campaigns.phrases import phrase
from campaigns.sandbox_nodes import Print, Text

Values = Mapping[str, sandbox.Value]
Slot = Callable[[Values], str]
Escape = Callable[[str], str]

OPTIONAL = {"contact.last_name": "", "contact.language": ""}
"""Names that may print nothing without harm, where a kit gives them no fallback."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The person a message goes to. Empty values print the kit's fallbacks. `reason` is why this person
    gets the mail, needed only where the artefact leaves it open."""

    email: str
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    language: str = ""
    reason: str = ""

    def values(self) -> dict[str, sandbox.Value]:
        return {
            "contact.email": mime.one_line(self.email),
            "contact.first_name": mime.one_line(self.first_name),
            "contact.last_name": mime.one_line(self.last_name),
            "contact.company": mime.one_line(self.company),
            "contact.language": mime.one_line(self.language),
            "contact.reason": mime.one_line(self.reason),
        }


class Body:
    """A source taken apart: `texts` with one slot between each two; `fallbacks` print where a recipient has no
    value."""

    def __init__(self, source: str, locale: str, fallbacks: Mapping[str, str], escape: Escape) -> None:
        self.fallbacks = {**OPTIONAL, **fallbacks}
        self.texts: list[str] = [""]
        self.slots: list[Slot] = []
        for node in sandbox.parse(source, path="mail", locale=locale).nodes:
            if isinstance(node, Text):
                self.texts[-1] += node.text
                continue
            if isinstance(node, Print) and not node.filters:
                self.slots.append(self._value_slot(node.name, escape))
            else:
                self.slots.append(self._template_slot(sandbox.Template((node,), "mail", locale), escape))
            self.texts.append("")

    def _value_slot(self, name: str, escape: Escape) -> Slot:
        fallback = self.fallbacks.get(name)

        def fill(values: Values) -> str:
            value = values.get(name) or fallback
            if value is None:
                raise ContentError(
                    Problem(
                        "mail", None, phrase("There is no value for '%(name)s' and no fallback.", name=name)
                    )
                )
            return escape(str(value))

        return fill

    def _template_slot(self, template: sandbox.Template, escape: Escape) -> Slot:
        def fill(values: Values) -> str:
            return template.render(values, escape=escape, fallbacks=self.fallbacks)

        return fill


class Pieces:
    """Encoded bytes with slots between them, in order."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._slots: list[tuple[int, Slot]] = []

    def add(self, piece: bytes) -> None:
        self._pieces.append(piece)

    def filled(self, values: Values) -> bytes:
        pieces = self._pieces.copy()
        for position, fill in self._slots:
            pieces[position] = mime.slot(fill(values))
        return b"".join(pieces)

    def add_body(self, body: Body) -> None:
        """A body as quoted-printable."""
        self.add(mime.quoted(body.texts[0]))
        for fill, text in zip(body.slots, body.texts[1:], strict=True):
            self.add(mime.SOFT_BREAK)
            self._slots.append((len(self._pieces), fill))
            self.add(b"")
            self.add(mime.SOFT_BREAK)
            self.add(mime.quoted(text))

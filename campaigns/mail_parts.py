"""A mail as an API takes it: what is the same for many apart from what differs from person to person."""

from dataclasses import dataclass

CALENDAR_NAME = "webinar.ics"
Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """The same for every mail of one artefact, and one object for all of them. `text` and `html` are pieces
    with a hole between each two; line ends are LF. `headers` are those without a field of their own."""

    from_name: str
    from_email: str
    reply_to: str
    headers: Headers
    text: tuple[str, ...]
    html: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """One person's mail: the skeleton, and what goes into its holes, ready to stand there (escaped)."""

    skeleton: Skeleton
    subject: str
    headers: Headers
    text: tuple[str, ...]
    html: tuple[str, ...]
    calendar: bytes = b""  # a file that goes with it

    @property
    def whole_text(self) -> str:
        return _filled(self.skeleton.text, self.text)

    @property
    def whole_html(self) -> str:
        return _filled(self.skeleton.html, self.html)


def _filled(pieces: tuple[str, ...], values: tuple[str, ...]) -> str:
    both = zip(pieces, (*values, ""), strict=True)
    return "".join(piece + value for piece, value in both)

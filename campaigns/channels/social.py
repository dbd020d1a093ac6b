"""Posts as they are put up: the text in the partner's words, its link, what its network counts, a day for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from campaigns.channels.by_hand import Words
from campaigns.kit.materials import Network, SocialPosts
from campaigns.kit.social import LENGTH_OF_LINK, LONGEST_POST

DAYS_BETWEEN = 3
"""Working days between two texts for one network: nobody reads the same firm every day."""

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Written:
    """One text, ready to be copied. `length` counts as the network does, the link included; `most` is what it
    takes. `day` is a proposal, None while nobody knows when the campaign begins."""

    key: str
    network: Network
    text: str
    link: str
    length: int
    most: int
    day: date | None

    @property
    def whole(self) -> str:
        """What is copied: the text, and its link on a line of its own."""
        return f"{self.text}\n\n{self.link}" if self.link else self.text

    @property
    def is_too_long(self) -> bool:
        return self.length > self.most


def written(
    posts: SocialPosts, words: Words, link: Callable[[Network], str], first: date | None
) -> tuple[Written, ...]:
    """Every text of `posts` in its order. `link` is the followed address for a network, "" without one; `first` the
    day of the first text."""
    before: dict[Network, int] = {}
    made = []
    for post in posts.posts:
        place = before.get(post.network, 0)
        before[post.network] = place + 1
        text = _unwrapped(words.plain(post.text))
        address = link(post.network)
        made.append(
            Written(
                key=post.key,
                network=post.network,
                text=text,
                link=address,
                length=counted(text, address, post.network),
                most=LONGEST_POST[post.network],
                day=working_day(first, place * DAYS_BETWEEN) if first else None,
            )
        )
    return tuple(made)


def counted(text: str, link: str, network: Network) -> int:
    """The characters of a text with its link, as `network` counts them."""
    if not link:
        return len(text)
    return len(text) + 2 + LENGTH_OF_LINK.get(network, len(link))


def working_day(first: date, later: int) -> date:
    """The day `later` working days after the first working day from `first` on."""
    day = first
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    for _ in range(later):
        day += timedelta(days=3 if day.weekday() == _SATURDAY - 1 else 1)
    return day


def _unwrapped(text: str) -> str:
    """Paragraphs on one line each: networks show every line end, and files are wrapped to be read in editors."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip())

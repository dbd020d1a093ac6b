"""What happens to mails after they left, drawn at random; and what everything has to be in the end.

The expectation is written down here once more and apart from the product: by mail, from each of its events once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

BEGIN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HARMLESS = frozenset({"processed", "deferred", "delivered"})  # stop no campaign, however early

# By SendGrid's word: what the mail is at least, the event that is kept, who is not written to any more.
_MEANS: Mapping[str, tuple[int, tuple[str, bool | None] | None, str]] = {
    "processed": (1, ("sent", None), ""),
    "delivered": (2, ("delivered", None), ""),
    "deferred": (0, ("bounced", False), ""),
    "bounce": (3, ("bounced", True), "bounced"),
    "blocked": (3, ("bounced", False), ""),
    "dropped": (3, ("bounced", True), "bounced"),
    "dropped-left": (3, ("bounced", False), "unsubscribed"),
    "dropped-quota": (3, ("bounced", False), ""),
    "spamreport": (2, ("complained", None), "complained"),
    "unsubscribe": (2, ("unsubscribed", None), "unsubscribed"),
    "group_unsubscribe": (2, ("unsubscribed", None), "unsubscribed"),
    "group_resubscribe": (0, None, ""),
    "open": (2, None, ""),
    "click": (2, None, ""),
}
_STATUSES = ("unknown", "sent", "delivered", "bounced")


@dataclass(frozen=True, slots=True)
class Happening:
    """SendGrid's word, and when, in seconds since 1970."""

    word: str
    at: int


@dataclass(frozen=True, slots=True)
class End:
    """What is to be read of one mail: its status, its events (kind, hard, seconds), its suppressions."""

    status: str
    events: tuple[tuple[str, bool | None, int], ...]
    suppressed: tuple[str, ...]


def stories(random: Random, least_events: int) -> list[list[Happening]]:
    """One story a mail, until there are enough events."""
    made, count = [], 0
    while count < least_events:
        story = _story(random)
        made.append(story)
        count += len(story)
    return made


def end_of(story: Sequence[Happening], *, accepted: bool) -> End:
    """What the mail has to be. `accepted`: the provider's answer came; otherwise only its events tell."""
    heights = [_MEANS[one.word][0] for one in story]
    kept = ((_MEANS[one.word][1], one.at) for one in story)
    return End(
        _STATUSES[max([*heights, 1 if accepted else 0])],
        tuple(sorted(((*event, at) for event, at in kept if event), key=repr)),
        tuple(sorted({why for one in story if (why := _MEANS[one.word][2])})),
    )


def _story(random: Random) -> list[Happening]:
    at = BEGIN + timedelta(seconds=random.randrange(3_600))
    words = []
    for word in _words(random):
        at += timedelta(seconds=random.randrange(1, 900))
        words.append(Happening(word, int(at.timestamp())))
    return words


def _words(random: Random) -> list[str]:
    roll = random.random()
    for limit, words in (
        (0.02, ["processed", "bounce"]),
        (0.03, ["processed", "blocked"]),
        (0.04, ["dropped"]),
        (0.05, ["dropped-left"]),
        (0.06, ["dropped-quota"]),
        (0.09, ["processed"]),  # and nothing is heard of it any more
    ):
        if roll < limit:
            return words
    words = ["processed", *["deferred"] * random.choice((0, 0, 0, 1, 2)), "delivered"]
    words += [word for word, often in _AFTERWARDS if random.random() < often]
    return words


_AFTERWARDS = (
    ("open", 0.3),
    ("click", 0.1),
    ("spamreport", 0.01),
    ("unsubscribe", 0.02),
    ("group_resubscribe", 0.005),
    ("bounce", 0.005),
)

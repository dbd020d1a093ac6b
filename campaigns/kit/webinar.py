"""The content of a kit's webinar: its page in one language, and the service mails around it.

Day, time, zone, address of the room and the number of seats (up to the kit's) are the partner's. Texts are
source in the grammar and may use `webinar.*`; where `region` is set a partner's value replaces the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from campaigns.kit.microsite import (
    Confirmation,
    Copy,
    Form,
    Hero,
    PersonBlock,
    Picture,
    Proof,
    Prose,
    Questions,
    Quote,
    Steps,
    regions_in,
)


class Host(StrEnum):
    """Who invites. A joint webinar names both firms as organisers, and both receive the list."""

    PARTNER = "partner"
    JOINT = "joint"


class Ahead(StrEnum):
    """When a reminder goes out, in the registrant's zone."""

    DAY = "day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Speaker:
    """`name` is plain. A speaker of the partner's stands in a region, so that each partner names its own."""

    name: Copy
    title: Copy
    about: Copy | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Learn:
    """What people take away."""

    heading: Copy
    points: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Decline:
    """ "I cannot come, send me the recording": the button, and what is said after it was pressed."""

    button: Copy
    thanks: Copy


@dataclass(frozen=True, slots=True)
class Recording:
    """What stands at the same address after it took place."""

    headline: Copy
    text: Copy


@dataclass(frozen=True, slots=True)
class Registered:
    """After registering; the calendar file, "Cancel my seat" and the phone are put in by the product."""

    headline: Copy
    text: Copy
    next: Copy


@dataclass(frozen=True, slots=True)
class ServiceMails:
    """What people are sent because they registered or asked for the recording. Follow-ups to those who came and
    those who did not are mails of the sequence."""

    confirmation: Confirmation
    reminders: Mapping[Ahead, Confirmation]
    moved: Confirmation
    cancelled: Confirmation
    recording: Confirmation


@dataclass(frozen=True, slots=True)
class Webinar:
    """A webinar in one language. `minutes` is its length, 5 to 480; `seats` how many may register, None without
    a limit."""

    locale: str
    title: str
    description: str
    minutes: int
    seats: int | None
    host: Host
    hero: Hero
    learn: Learn
    speakers: tuple[Speaker, ...]
    form: Form
    registered: Registered
    decline: Decline
    recording: Recording
    mails: ServiceMails
    proof: Proof | None = None
    quote: Quote | None = None
    sections: tuple[Prose, ...] = ()
    steps: Steps | None = None
    person: PersonBlock | None = None
    questions: Questions | None = None

    def region_names(self) -> tuple[str, ...]:
        """Every region used on its page, in reading order."""
        return tuple(dict.fromkeys(regions_in(self)))

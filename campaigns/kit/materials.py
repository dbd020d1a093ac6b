"""What stands in the files of a kit beside its mails and its page: posts, ads, scripts, guides, blocks, events.

Every text is source in the grammar of `campaigns.sandbox` unless said otherwise. Texts for people outside use
no `contact.*`: what is posted or printed is read by anybody. A call script may: its caller has the person in
front of them.
"""

from dataclasses import dataclass
from enum import StrEnum

from campaigns.kit.microsite import Picture
from campaigns.kit.webinar import Webinar


class Network(StrEnum):
    """Where a text is posted."""

    LINKEDIN = "linkedin"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    X = "x"
    BLUESKY = "bluesky"
    MASTODON = "mastodon"
    THREADS = "threads"


class Layout(StrEnum):
    """The shapes in which the picture of a post is drawn."""

    LANDSCAPE = "landscape"
    SQUARE = "square"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return (1200, 627) if self is Layout.LANDSCAPE else (1080, 1080)


class LinkTarget(StrEnum):
    """Where a post, an ad or a block leads; the product puts in the followed address."""

    MICROSITE = "microsite"
    WEBINAR = "webinar"


class Service(StrEnum):
    """Who shows an ad. LinkedIn reaches few people who fit, a search many who ask."""

    LINKEDIN = "linkedin"
    SEARCH = "search"


class Bant(StrEnum):
    """What an answer on the phone tells."""

    BUDGET = "budget"
    AUTHORITY = "authority"
    NEED = "need"
    TIMING = "timing"


@dataclass(frozen=True, slots=True)
class PostPicture:
    """Drawn in the partner's colour with both logos: `headline` at most 60 characters, `text` one line under it.
    `background` is a picture of the kit or None; `alt` the words for those who do not see it."""

    headline: str
    text: str
    alt: str
    layouts: tuple[Layout, ...]
    background: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One text for one network. Its followed link is put under it and counted in."""

    key: str
    network: Network
    text: str


@dataclass(frozen=True, slots=True)
class SocialPosts:
    """Texts to choose from, and the picture they share."""

    link: LinkTarget
    posts: tuple[Post, ...]
    picture: PostPicture | None = None


@dataclass(frozen=True, slots=True)
class Ad:
    """A search ad is put together by the service from `headlines` and `descriptions`, shown for `keywords`; a
    LinkedIn ad shows `introduction`, a picture and one headline. `audience` says in words whom to choose."""

    service: Service
    link: LinkTarget
    headlines: tuple[str, ...]
    descriptions: tuple[str, ...] = ()
    introduction: str = ""
    keywords: tuple[str, ...] = ()
    audience: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class CallQuestion:
    """`listen_for` says which answers matter, `bant` what they tell, where they tell anything."""

    question: str
    listen_for: str = ""
    bant: Bant | None = None


@dataclass(frozen=True, slots=True)
class Objection:
    says: str
    answer: str


@dataclass(frozen=True, slots=True)
class CallScript:
    """For the partner's sales person on the phone."""

    goal: str
    opening: str
    questions: tuple[CallQuestion, ...]
    close: str
    objections: tuple[Objection, ...] = ()
    voicemail: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    heading: str
    markdown: str


@dataclass(frozen=True, slots=True)
class SalesGuide:
    """For the partner's sales only, never for prospects: what to know before talking to somebody."""

    title: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of content for the partner's own site, with a link to the campaign."""

    headline: str
    markdown: str
    button: str
    link: LinkTarget
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    minutes: int
    title: str


@dataclass(frozen=True, slots=True)
class Task:
    """Something the host does `days_before` the event."""

    days_before: int
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """A gathering in one place; place, day and time are the partner's."""

    title: str
    description: str
    minutes: int
    agenda: tuple[AgendaItem, ...]
    tasks: tuple[Task, ...]
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class TrialStep:
    day: int
    text: str


@dataclass(frozen=True, slots=True)
class Trial:
    """The vendor's product for `days`, and what the partner does on which of them."""

    title: str
    description: str
    days: int
    steps: tuple[TrialStep, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """What the partner's sales people read before the first lead comes, in `minutes` minutes."""

    title: str
    minutes: int
    chapters: tuple[Chapter, ...]


Material = SocialPosts | Ad | CallScript | SalesGuide | Block | Event | Trial | Webinar

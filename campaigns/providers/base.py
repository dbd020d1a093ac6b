"""What every way out promises: for each message handed over, exactly one honest outcome."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from campaigns.mail_parts import Parts

NOT_TRIED = "Not tried, because before it"  # how the reason begins of what waited behind a failure


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message for one recipient. `raw` is the whole message, headers and body, with CR LF line ends;
    `sender` is the envelope's. `attempt_id` is new for each try, `delivery_id` stays. `parts`, where there are
    any, are the same message for a provider that hands over many at once."""

    delivery_id: int
    attempt_id: str
    sender: str
    recipient: str
    raw: bytes
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message. `provider_id` is its name for it, "" if it gave none."""

    delivery_id: int
    provider_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider refused this message for good. `hard`: the address itself is wrong; never write to it
    again."""

    delivery_id: int
    code: int
    reason: str
    hard: bool


@dataclass(frozen=True, slots=True)
class NotSent:
    """Definitely not sent; may be tried again, after `retry_after` seconds if the provider said so."""

    delivery_id: int
    reason: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """It cannot be proved whether the message went out. Never to be sent again without proof or a person."""

    delivery_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class AccountRefused:
    """Definitely not sent, because the provider does not serve this account (key, password, block): until a
    person has put that right no message will go out, so the campaign stops."""

    delivery_id: int
    code: int
    reason: str


Outcome = Accepted | Refused | NotSent | Unknown | AccountRefused


class Provider(Protocol):
    """One account at one provider, used by one lane at a time (not by two threads at once)."""

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        """Hand over the messages in their order; yield one outcome for each as soon as it is known.

        Nothing is raised for what a provider or a network can do. A caller that stops asking while
        `is_between` leaves the messages without an outcome untouched.
        """
        ...

    @property
    def is_between(self) -> bool:
        """Whether no message has been handed over whose outcome was not asked for yet. Messages without
        `parts` are handed over one by one, so that it holds after each of them."""
        ...

    def look_up(self, attempt_id: str, delivery_id: int) -> Outcome | None:
        """What became of an earlier attempt, or None if this provider cannot tell (yet). NotSent is proof."""
        ...

    def close(self) -> None:
        """Let go of connections; the provider can be used again after it."""
        ...


class SettingsError(ValueError):
    """Settings of a provider that make no sense; the text is a sentence for the operator."""


T = TypeVar("T", str, int, float, bool)


def setting(settings: Mapping[str, object], name: str, default: T) -> T:
    """A setting of the type of its default. Raises SettingsError if it is of another type."""
    value = settings.get(name, default)
    kind = type(default)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return kind(value)
    if type(value) is not kind:
        raise SettingsError(f"The setting “{name}” has to be a {kind.__name__}, not {value!r}.")
    return value


def only(settings: Mapping[str, object], *names: str) -> None:
    """Raises SettingsError for a setting that nobody reads."""
    unknown = sorted(set(settings) - set(names))
    if unknown:
        raise SettingsError(f"There is no setting called “{unknown[0]}”; there are {', '.join(names)}.")

"""Which requests are granted at once. Pure: facts in, a verdict in words out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from tcma import money
from tcma.errors import Invalid, phrase

KEYS = frozenset({"on", "max_amount", "max_share_bp", "tiers", "activities", "ready", "notice_days"})


@dataclass(frozen=True, slots=True)
class Rule:
    """A fund's conditions for a grant without a person; an empty tuple or None asks nothing."""

    on: bool = False
    max_amount: int | None = None  # minor units
    max_share_bp: int | None = None
    tiers: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    ready: bool = True  # the partner's marketing-ready date must not have passed
    notice_days: int = 0  # days between asking and the planned start

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """From a fund's `rule`; Invalid names the part that cannot be used."""
        unknown = sorted(set(kept) - KEYS)
        if unknown:
            raise Invalid(
                phrase(
                    "A fund's rule has no part '%(part)s'. It has: %(keys)s.",
                    part=unknown[0][:40],
                    keys=sorted(KEYS),
                )
            )
        made = cls(**{name: _tuple(value) for name, value in kept.items()})
        made._check()
        return made

    def kept(self) -> dict[str, object]:
        """As a fund keeps it."""
        return {
            "on": self.on,
            "max_amount": self.max_amount,
            "max_share_bp": self.max_share_bp,
            "tiers": list(self.tiers),
            "activities": list(self.activities),
            "ready": self.ready,
            "notice_days": self.notice_days,
        }

    def _check(self) -> None:
        for name in ("on", "ready"):
            if not isinstance(getattr(self, name), bool):
                raise Invalid(phrase("The rule's '%(name)s' is yes or no.", name=name))
        for name in ("max_amount", "max_share_bp", "notice_days"):
            value = getattr(self, name)
            if value is None and name != "notice_days":
                continue
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise Invalid(phrase("The rule's '%(name)s' is a whole number, zero or above.", name=name))
        for name in ("tiers", "activities"):
            value = getattr(self, name)
            if not isinstance(value, tuple) or not all(isinstance(word, str) and word for word in value):
                raise Invalid(phrase("The rule's '%(name)s' is a list of names.", name=name))


@dataclass(frozen=True, slots=True)
class Facts:
    """All a grant depends on. Amounts in minor units of `currency`, days in the product's time."""

    rule: Rule
    activity: str
    amount: int
    currency: str
    share_bp: int
    cap: int  # most one certificate of the fund may hold
    free: int  # the fund's free balance
    tier: str
    ready_until: date | None
    today: date
    starts_on: date | None
    fund_starts_on: date
    fund_ends_on: date


@dataclass(frozen=True, slots=True)
class Granted:
    sentence: str


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """Why not at once, for the partner to read: nothing in it tells the fund's balance."""

    reasons: tuple[str, ...]


def decide(facts: Facts) -> Granted | NeedsPerson:
    """Granted when every condition is met; else every one that is not, in words."""
    if not facts.rule.on:
        return NeedsPerson((phrase("Every request to this fund is read by a person."),))
    reasons = tuple(_reasons(facts))
    return NeedsPerson(reasons) if reasons else Granted(_sentence(facts))


def _reasons(facts: Facts) -> Iterator[str]:
    rule = facts.rule
    asked = money.shown(facts.amount, facts.currency)
    if rule.activities and facts.activity not in rule.activities:
        yield phrase("Granted at once are only these activities: %(activities)s.", activities=rule.activities)
    if rule.max_share_bp is not None and facts.share_bp > rule.max_share_bp:
        yield phrase(
            "A share of %(share)s is above %(most)s.",
            share=percent(facts.share_bp),
            most=percent(rule.max_share_bp),
        )
    if rule.max_amount is not None and facts.amount > rule.max_amount:
        most = money.shown(rule.max_amount, facts.currency)
        yield phrase("%(amount)s is more than the %(most)s granted at once.", amount=asked, most=most)
    if facts.amount > facts.cap:
        most = money.shown(facts.cap, facts.currency)
        yield phrase("%(amount)s is more than one certificate holds (%(most)s).", amount=asked, most=most)
    if rule.tiers and facts.tier not in rule.tiers:
        yield phrase("Granted at once to partners of these tiers: %(tiers)s.", tiers=rule.tiers)
    if rule.ready and (facts.ready_until is None or facts.ready_until < facts.today):
        yield phrase("Your firm is not marked as marketing-ready today.")
    if facts.amount > facts.free:
        yield phrase("The fund has not enough left for this amount.")
    if not facts.fund_starts_on <= facts.today <= facts.fund_ends_on:
        yield phrase("The fund's period does not include today.")
    if rule.notice_days and (
        facts.starts_on is None or (facts.starts_on - facts.today).days < rule.notice_days
    ):
        yield phrase("The activity must start at least %(days)s days after asking.", days=rule.notice_days)


def _sentence(facts: Facts) -> str:
    """What is stored with the grant: sentences that can be said again in the reader's language:
    none ends with a value, which would take in the sentence after it."""
    rule = facts.rule
    limit = facts.cap if rule.max_amount is None else min(rule.max_amount, facts.cap)
    said = [
        phrase(
            "The fund's rule granted %(amount)s of at most %(most)s for %(label)s, a share of %(share)s, at once.",
            amount=money.shown(facts.amount, facts.currency),
            most=money.shown(limit, facts.currency),
            label=facts.activity,
            share=percent(facts.share_bp),
        ),
        phrase("Your tier is '%(tier)s'.", tier=facts.tier) if facts.tier else phrase("Any tier may ask."),
    ]
    if rule.ready and facts.ready_until is not None:
        said.append(phrase("Marketing-ready (until %(day)s).", day=facts.ready_until.isoformat()))
    if rule.notice_days and facts.starts_on is not None:
        said.append(
            phrase(
                "It starts on %(day)s, with %(days)s days' notice kept.",
                day=facts.starts_on.isoformat(),
                days=rule.notice_days,
            )
        )
    return " ".join([*said, phrase("The balance suffices.")])


def percent(share_bp: int) -> str:
    whole, part = divmod(share_bp, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + " %" if part else f"{whole} %"


def _tuple(value: object) -> Any:
    return tuple(value) if isinstance(value, list) else value

"""What a kit is, once read: frozen values that the rest of the product works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from campaigns.kit.materials import Briefing, Material
from campaigns.kit.microsite import Microsite
from campaigns.kit.webinar import Webinar
from campaigns.regions import Localised, Region


class Sale(StrEnum):
    TRANSACTIONAL = "transactional"
    COMPLEX = "complex"


class Offer(StrEnum):
    """Standalone: the vendor's product is offered. Bundled: the partner's own service is the product,
    "powered by" the vendor."""

    STANDALONE = "standalone"
    BUNDLED = "bundled"


class Engagement(StrEnum):
    PARTNER_MANAGED = "partner_managed"
    FUNDED = "funded"
    JOINT = "joint"
    TRIAL = "trial"


class ForWhom(StrEnum):
    """Whom a kit addresses: the partner's customers, people new to it, or both."""

    CUSTOMERS = "customers"
    NET_NEW = "net_new"
    BOTH = "both"


class LeadVisibility(StrEnum):
    """What the vendor sees of a lead."""

    FIGURES = "figures"
    NAMED_WHERE_AGREED = "named_where_agreed"
    NAMED_BY_NOTICE = "named_by_notice"


class TouchKind(StrEnum):
    """Every kind of touch a kit may hold. Only those of `RUN_HERE` are run by this installation."""

    EMAIL = "email"
    MICROSITE = "microsite"
    WEBINAR = "webinar"
    SOCIAL = "social"
    BLOCK = "block"
    AD = "ad"
    CALL_SCRIPT = "call_script"
    SALES_GUIDE = "sales_guide"
    EVENT = "event"
    TRIAL = "trial"


RUN_HERE = frozenset({TouchKind.EMAIL, TouchKind.MICROSITE, TouchKind.WEBINAR})
"""What this installation sends, and shows to prospects. Touches of other kinds are checked, kept and handed on."""

BY_HAND = frozenset(
    {
        TouchKind.SOCIAL,
        TouchKind.BLOCK,
        TouchKind.AD,
        TouchKind.CALL_SCRIPT,
        TouchKind.SALES_GUIDE,
        TouchKind.EVENT,
        TouchKind.TRIAL,
    }
)
"""What the partner's own people do, with what the product shows them: nothing of it goes out by itself."""

FOR_SALES = frozenset({TouchKind.CALL_SCRIPT, TouchKind.SALES_GUIDE})
"""What only those read who talk to prospects, as they do the briefing."""

GATHERINGS = frozenset({TouchKind.WEBINAR, TouchKind.EVENT})
"""What takes place on a day the partner sets, and people register for."""


class ConditionKind(StrEnum):
    """Who a touch is for, told by what the person did about an earlier one. `NOT_ATTENDED` are people who
    registered and did not come; `ANSWERED` are people who replied to a mail, which ends a sequence unless a
    touch is meant for them."""

    NOT_CLICKED = "not_clicked"
    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    REGISTERED = "registered"
    NOT_REGISTERED = "not_registered"
    ATTENDED = "attended"
    NOT_ATTENDED = "not_attended"


ABOUT_MAILS = frozenset({ConditionKind.NOT_CLICKED, ConditionKind.ANSWERED, ConditionKind.NOT_ANSWERED})
ABOUT_ATTENDANCE = frozenset({ConditionKind.ATTENDED, ConditionKind.NOT_ATTENDED})
"""Conditions that can be read only when it is known who came."""

CONDITIONS_READ_HERE = frozenset(ConditionKind)
"""Conditions that this installation can read when it sends."""


@dataclass(frozen=True, slots=True)
class Condition:
    """`of` is the key of the touch it is about: a mail for the `ABOUT_MAILS`, else a webinar or an event."""

    kind: ConditionKind
    of: str


class Party(StrEnum):
    """Towards whom a consent is given."""

    PARTNER = "partner"
    VENDOR = "vendor"


class Purpose(StrEnum):
    """What a consent text is about. `INFORMATION` is shown and never ticked."""

    INFORMATION = "information"
    NEWS = "news"
    SHARING = "sharing"


@dataclass(frozen=True, slots=True)
class CompanySize:
    """People in the customer's firm, both bounds included; None is without upper bound."""

    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Touch:
    """One step of the sequence. `day` counts from launch, 0 to 365, or from the day of the webinar or event
    `counted_from`, -60 to 365; `at` is local time in the campaign's zone, None for the campaign's own time.
    `files` is the file by locale; `subject` and `preview` are sources in the grammar by locale, empty for
    everything but mails. `invites` tells a mail that asks people to a webinar or event. `runs` tells
    whether this installation runs it; `why_not` says why in words where it does not."""

    key: str
    kind: TouchKind
    name: Localised
    day: int
    at: time | None = None
    condition: Condition | None = None
    counted_from: str | None = None
    subject: Localised = field(default_factory=dict)
    preview: Localised = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    regions: tuple[str, ...] = ()
    why_not: str = ""
    invites: bool = False

    @property
    def runs(self) -> bool:
        return not self.why_not


@dataclass(frozen=True, slots=True)
class MergeField:
    """A name that a kit uses, such as contact.first_name, and what is printed where a person has no value."""

    name: str
    label: Localised
    fallback: Localised


@dataclass(frozen=True, slots=True)
class FundingProposal:
    """What the vendor proposes to pay: `share_percent` 1 to 100 of the cost, at most `cap_amount` minor
    units of `currency`, on a certificate usable for `valid_days`."""

    share_percent: int
    cap_amount: int
    currency: str
    valid_days: int


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One wording. The same key may appear once per country; None is for every country without its own text.
    `text` is source in the grammar by locale."""

    key: str
    version: int
    purpose: Purpose
    party: Party
    text: Localised
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Kit:
    """One kit as read from its files. `languages[0]` is the default; `complete_languages` have every file and
    text and may be launched. `countries` are ISO 3166 codes, empty for everywhere. `files` is the whole
    folder by path; `source_hash` is the sha256 (hex) of all of it.

    `touches` are the steps that this installation runs, and all that launching and sending know; `by_hand` are
    those that the partner's people do themselves; `kept` are the others in their order, each with its reason.
    `materials` is what stands in the files of touches other than mails and pages, by key and locale."""

    name: Localised
    promise: Localised
    sale: Sale
    offer: Offer
    engagement: Engagement
    for_whom: ForWhom
    sizes: tuple[CompanySize, ...]
    languages: tuple[str, ...]
    complete_languages: tuple[str, ...]
    countries: tuple[str, ...]
    touches: tuple[Touch, ...]
    regions: tuple[Region, ...]
    merge_fields: tuple[MergeField, ...]
    consents: tuple[ConsentText, ...]
    lead_visibility: LeadVisibility
    microsite: Microsite | None
    funding: FundingProposal | None
    external_id: str | None
    files: Mapping[str, bytes]
    source_hash: str
    topics: tuple[str, ...] = ()  # what it is about, for filters: words such as "Backup"
    by_hand: tuple[Touch, ...] = ()
    kept: tuple[Touch, ...] = ()
    materials: Mapping[str, Mapping[str, Material]] = field(default_factory=dict)
    briefing: Mapping[str, Briefing] = field(default_factory=dict)  # by locale; empty without one

    @property
    def default_language(self) -> str:
        return self.languages[0]

    def touch(self, key: str) -> Touch:
        """The touch with this key that runs here; KeyError if there is none."""
        for touch in self.touches:
            if touch.key == key:
                return touch
        raise KeyError(key)

    def done_by_hand(self, key: str) -> Touch:
        """The touch with this key that the partner's people do; KeyError if there is none."""
        for touch in self.by_hand:
            if touch.key == key:
                return touch
        raise KeyError(key)

    def material(self, key: str, locale: str) -> Material:
        """What a touch says in `locale`, else in the default language; KeyError if there is no such touch."""
        by_locale = self.materials[key]
        return by_locale.get(locale) or by_locale[self.default_language]

    @property
    def webinar_key(self) -> str | None:
        """The touch that is its webinar; None without one."""
        return next((touch.key for touch in self.touches if touch.kind is TouchKind.WEBINAR), None)

    def webinar(self, locale: str) -> Webinar | None:
        """Its webinar in `locale`, else in the default language; None without one."""
        if self.webinar_key is None:
            return None
        found = self.material(self.webinar_key, locale)
        assert isinstance(found, Webinar)
        return found

    def fallbacks(self, locale: str) -> dict[str, str]:
        """What to print for an empty merge field, by name, in `locale` or else in the default language."""
        return {
            f.name: f.fallback.get(locale) or f.fallback[self.default_language] for f in self.merge_fields
        }

    def consent(self, key: str, country: str | None) -> ConsentText:
        """The wording for a country, else the one for everywhere; KeyError if there is neither."""
        by_country = {text.country: text for text in self.consents if text.key == key}
        return by_country[country] if country in by_country else by_country[None]

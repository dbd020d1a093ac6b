"""What the platform writes to people about, one kind each; what a mail of each kind needs to know."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

GROUP = timedelta(minutes=10)  # events of one kind for one person within this time are one mail


class NoticeKind(StrEnum):
    NEW_LEAD = "new_lead"
    LEAD_AGEING = "lead_ageing"  # its shelf life is nearly over or over
    LEAD_PUSHED_BACK = "lead_pushed_back"  # to whoever generated it
    LEADS_WITHOUT_UPDATE = "leads_without_update"  # once a week, one table
    FUNDING_DECIDED = "funding_decided"
    CERTIFICATE_EXPIRING = "certificate_expiring"
    OUTSIDE_MONEY = "outside_money"  # money from elsewhere: use by, claim by
    CAMPAIGN_STOPPED = "campaign_stopped"  # by a problem, or because it missed its time
    FIRST_RESULTS = "first_results"
    MAIL_TOMORROW = "mail_tomorrow"
    VENDOR_INVITES = "vendor_invites"  # a firm that is here already, to one more partnership
    SENDER_LOST = "sender_lost"  # the own sending domain, to owners
    REPLY = "reply"  # somebody answered a mail: passed on to the contact person
    SIGN_IN_LINK = "sign_in_link"
    INVITATION = "invitation"
    ACCOUNT_CHANGED = "account_changed"  # password or address, to whom it was before
    ADDRESS_LINK = "address_link"  # to the new address of a person who changes it


@dataclass(frozen=True, slots=True)
class Manner:
    """How mails of one kind are sent.

    `number` stands in links of mails that are out: add, never change. `fields` are the values every event
    gives (`tell` refuses others). `is_urgent` mails also go at night. `waits` gathers the events of GROUP
    before the first mail; without it the first goes at once and only those that follow it are gathered.
    """

    number: int
    fields: frozenset[str]
    is_urgent: bool = False
    waits: bool = True
    is_grouped: bool = True
    can_be_switched_off: bool = True
    answered_to: str = ""  # the field with the address that an answer to the mail goes to


def _fields(names: str) -> frozenset[str]:
    return frozenset(names.split())


_K = NoticeKind

MANNERS: dict[NoticeKind, Manner] = {
    # phone and message may be ""; open: a Link to the lead, the path leads to the pages with one button
    _K.NEW_LEAD: Manner(
        1, _fields("person company phone email message campaign vendor open"), is_urgent=True, waits=False
    ),
    # is_over: "yes" or ""; goes_back_to: the vendor to whom it goes or went, "" for a lead that stays
    _K.LEAD_AGEING: Manner(2, _fields("person company ends_at is_over goes_back_to")),
    # company: "" where the vendor may not know it; reason: the ReturnReason's value
    _K.LEAD_PUSHED_BACK: Manner(13, _fields("partner company campaign reason")),
    # stage: the Stage's value; one event per lead, all with the path of the page that reports
    _K.LEADS_WITHOUT_UPDATE: Manner(3, _fields("person company stage updated_on"), waits=False),
    # decision: "approved", "declined" or "question"; reason and valid_until may be ""
    _K.FUNDING_DECIDED: Manner(4, _fields("vendor amount decision reason valid_until"), waits=False),
    # left: what is not used yet; days: 45, 14 or 3
    _K.CERTIFICATE_EXPIRING: Manner(5, _fields("vendor left code expires_on days")),
    # deadline: "use" or "claim"
    _K.OUTSIDE_MONEY: Manner(6, _fields("vendor amount deadline on days")),
    # what: the StopReason's value; mail and due_at (a moment) may be ""; count of `of` people or addresses
    _K.CAMPAIGN_STOPPED: Manner(
        7, _fields("campaign what mail due_at count of waiting"), is_urgent=True, waits=False
    ),
    _K.FIRST_RESULTS: Manner(8, _fields("campaign sent clicked answered leads"), waits=False),
    # mail: its name; sends_at: a moment; is_conditional: "yes" where not all of `people` may get it, or ""
    _K.MAIL_TOMORROW: Manner(9, _fields("campaign mail people is_conditional sends_at")),
    # inviter: the person at the vendor
    _K.VENDOR_INVITES: Manner(15, _fields("vendor inviter"), waits=False),
    # records: what is missing or changed, such as "SPF, DKIM"
    _K.SENDER_LOST: Manner(16, _fields("domain records"), waits=False),
    # files: how many were attached; an answer to the mail goes to the person
    _K.REPLY: Manner(
        17,
        _fields("person company subject message email campaign files open"),
        is_urgent=True,
        waits=False,
        is_grouped=False,
        can_be_switched_off=False,
        answered_to="email",
    ),
    # expires_at: a moment
    _K.SIGN_IN_LINK: Manner(
        10, _fields("expires_at"), is_urgent=True, waits=False, is_grouped=False, can_be_switched_off=False
    ),
    _K.ADDRESS_LINK: Manner(
        12, _fields("expires_at"), is_urgent=True, waits=False, is_grouped=False, can_be_switched_off=False
    ),
    # what: "password" or "address"; at: a moment
    _K.ACCOUNT_CHANGED: Manner(
        14, _fields("what at"), is_urgent=True, waits=False, is_grouped=False, can_be_switched_off=False
    ),
    # role: the Role's value; expires_at: a moment
    _K.INVITATION: Manner(
        11,
        _fields("inviter organisation role expires_at"),
        is_urgent=True,
        waits=False,
        is_grouped=False,
        can_be_switched_off=False,
    ),
}

SWITCHABLE = tuple(kind for kind, manner in MANNERS.items() if manner.can_be_switched_off)


def kind_of(number: int) -> NoticeKind | None:
    """The kind a link's number stands for, None for a number nobody gave."""
    return next((kind for kind, manner in MANNERS.items() if manner.number == number), None)

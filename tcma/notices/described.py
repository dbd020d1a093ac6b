"""The kinds as people read them where they switch them: a name, and when such a mail comes."""

from dataclasses import dataclass

from tcma.language import mark
from tcma.notices.kinds import SWITCHABLE, NoticeKind


@dataclass(frozen=True, slots=True)
class Described:
    """Texts for the catalogues; `gettext` says them when they are shown."""

    name: str
    when: str


_K = NoticeKind

DESCRIBED = {
    _K.NEW_LEAD: Described(
        mark("New leads"), mark("At once, also at night, when somebody answers your page.")
    ),
    _K.LEAD_AGEING: Described(
        mark("Leads running out of time"),
        mark("When a quarter of a lead's time is left, and when it is over."),
    ),
    _K.LEAD_PUSHED_BACK: Described(
        mark("Leads given back"), mark("When a partner pushes back a lead that came from you.")
    ),
    _K.LEADS_WITHOUT_UPDATE: Described(
        mark("Leads without an update"), mark("On Mondays, all of yours in one table.")
    ),
    _K.FUNDING_DECIDED: Described(
        mark("Decisions about funding"), mark("When a vendor says yes, says no or asks something.")
    ),
    _K.CERTIFICATE_EXPIRING: Described(
        mark("Funding certificates running out"), mark("45, 14 and 3 days before, while money is left.")
    ),
    _K.OUTSIDE_MONEY: Described(
        mark("Money from elsewhere"), mark("30, 14 and 3 days before the dates you noted.")
    ),
    _K.CAMPAIGN_STOPPED: Described(
        mark("Campaigns that stopped"),
        mark("At once, also at night, when a problem stops one or it misses its time."),
    ),
    _K.FIRST_RESULTS: Described(mark("First results"), mark("A day after a campaign's first mail.")),
    _K.VENDOR_INVITES: Described(
        mark("Invitations of vendors"), mark("When a further vendor wants to work with your firm.")
    ),
    _K.SENDER_LOST: Described(
        mark("Your sending domain"),
        mark("When a record of it goes away, so that mail leaves from the shared one."),
    ),
    _K.MAIL_TOMORROW: Described(
        mark("Mails going out tomorrow"), mark("The day before, while you can still change them.")
    ),
}

SECTIONS = (
    (mark("Leads"), (_K.NEW_LEAD, _K.LEAD_AGEING, _K.LEADS_WITHOUT_UPDATE, _K.LEAD_PUSHED_BACK)),
    (mark("Campaigns"), (_K.CAMPAIGN_STOPPED, _K.MAIL_TOMORROW, _K.FIRST_RESULTS, _K.SENDER_LOST)),
    (mark("Funding"), (_K.FUNDING_DECIDED, _K.CERTIFICATE_EXPIRING, _K.OUTSIDE_MONEY)),
    (mark("Vendors"), (_K.VENDOR_INVITES,)),
)

assert {kind for _, kinds in SECTIONS for kind in kinds} == DESCRIBED.keys() == set(SWITCHABLE)

"""One example of what every kind says, for mails that are read by tests and by people."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from tcma.notices.kinds import NoticeKind
from tcma.notices.values import Amount, Link, Value

K = NoticeKind

EXAMPLES: dict[NoticeKind, Mapping[str, Value]] = {
    K.NEW_LEAD: {
        "person": "Anna Meier",
        "company": "Lindt Logistik AG",
        "phone": "+41 44 555 01 23",
        "email": "anna.meier@lindt.example",
        "message": "We need an offer before Christmas.",
        "campaign": "Stop ransomware before Monday",
        "vendor": "Northwind Security",
        "open": Link("/p/harbour-it/leads/1"),
    },
    K.LEAD_AGEING: {
        "person": "Anna Meier",
        "company": "Lindt Logistik AG",
        "ends_at": datetime(2026, 11, 24, 16, 0, tzinfo=UTC),
        "is_over": "",
        "goes_back_to": "",
    },
    K.LEAD_PUSHED_BACK: {
        "partner": "Harbour IT",
        "company": "Lindt Logistik AG",
        "campaign": "Stop ransomware before Monday",
        "reason": "wrong_region",
    },
    K.LEADS_WITHOUT_UPDATE: {
        "person": "Anna Meier",
        "company": "Lindt Logistik AG",
        "stage": "contacted",
        "updated_on": date(2026, 10, 20),
    },
    K.FUNDING_DECIDED: {
        "vendor": "Northwind Security",
        "amount": Amount(40_000, "CHF"),
        "decision": "approved",
        "reason": "",
        "valid_until": date(2027, 3, 31),
    },
    K.CERTIFICATE_EXPIRING: {
        "vendor": "Northwind Security",
        "left": Amount(31_250, "CHF"),
        "code": "NW-7K3M",
        "expires_on": date(2027, 1, 6),
        "days": 45,
    },
    K.OUTSIDE_MONEY: {
        "vendor": "Contoso",
        "amount": Amount(150_000, "CHF"),
        "deadline": "claim",
        "on": date(2026, 12, 5),
        "days": 14,
    },
    K.CAMPAIGN_STOPPED: {
        "campaign": "Stop ransomware before Monday",
        "what": "missed",
        "mail": "Reminder",
        "due_at": datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
        "count": 0,
        "of": 0,
        "waiting": 232,
    },
    K.FIRST_RESULTS: {
        "campaign": "Stop ransomware before Monday",
        "sent": 1398,
        "clicked": 61,
        "answered": 7,
        "leads": 5,
    },
    K.MAIL_TOMORROW: {
        "campaign": "Stop ransomware before Monday",
        "mail": "Reminder",
        "people": 1337,
        "is_conditional": "yes",
        "sends_at": datetime(2026, 11, 24, 8, 30, tzinfo=UTC),
    },
    K.VENDOR_INVITES: {"vendor": "Northwind Security", "inviter": "Jana Frei"},
    K.SENDER_LOST: {"domain": "harbour-it.example", "records": "SPF, DKIM"},
    K.REPLY: {
        "person": "Anna Meier",
        "company": "Lindt Logistik AG",
        "subject": "Re: Stop ransomware before Monday",
        "message": "Can you call me on Thursday?",
        "email": "anna.meier@lindt.example",
        "campaign": "Stop ransomware before Monday",
        "files": 1,
        "open": Link("/p/harbour-it/campaigns/1/replies"),
    },
    K.SIGN_IN_LINK: {"expires_at": datetime(2026, 11, 21, 10, 0, tzinfo=UTC)},
    K.ACCOUNT_CHANGED: {"what": "password", "at": datetime(2026, 11, 21, 10, 0, tzinfo=UTC)},
    K.ADDRESS_LINK: {"expires_at": datetime(2026, 11, 21, 10, 0, tzinfo=UTC)},
    K.INVITATION: {
        "inviter": "Eva Roth",
        "organisation": "Harbour IT",
        "role": "marketer",
        "expires_at": datetime(2026, 12, 5, 9, 30, tzinfo=UTC),
    },
}

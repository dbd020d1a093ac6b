"""Every name a kit's texts may use. There are no others, so a mail can never ask for what nobody fills in."""

from difflib import get_close_matches

NAMES: dict[str, str] = {
    "contact.first_name": "first name of the person who gets the mail",
    "contact.last_name": "last name of that person",
    "contact.company": "company of that person",
    "partner.name": "the partner's name as it is spoken",
    "partner.legal_name": "the partner's name in the register",
    "partner.phone": "the partner's phone number",
    "partner.website": "the partner's site, https",
    "partner.contact.name": "the person at the partner",
    "partner.contact.title": "what that person does",
    "partner.contact.email": "that person's e-mail",
    "partner.contact.phone": "that person's phone number",
    "partner.colour": "the partner's colour as it is, for decoration",
    "partner.colours.button": "background of a button",
    "partner.colours.button_text": "text of a button",
    "partner.colours.link": "links on a light background",
    "partner.colours.link_dark": "links on a dark background",
    "partner.colours.tint": "the partner's colour at 8 % over the page",
    "vendor.name": "the vendor's name",
    "vendor.website": "the vendor's site, https",
    "link.microsite": "the campaign's page, followed per person",
    "link.download": "the file the page promises; only in the confirmation mail",
    "campaign.name": "the name the partner gave the campaign",
    "webinar.title": "what the webinar is called",
    "webinar.date": "the day it takes place, in the language and zone of the reader",
    "webinar.time": "when it starts, in the zone of the reader",
    "webinar.zone": "that zone",
    "webinar.minutes": "how many minutes it takes",
    "webinar.organisers": "the partner, or partner and vendor where they invite together",
    "link.webinar": "the page of the webinar, followed per person",
    "link.recording": "the same page once it shows the recording",
    "link.join": "the page with the button that leads into the room; in the mails of webinar.yml only",
    "link.calendar": "the calendar file; in the mails of webinar.yml only",
    "link.cancel": "gives the seat back; in the mails of webinar.yml only",
}

PERSONAL = frozenset(name for name in NAMES if name.startswith("contact."))
"""Names that differ from person to person: they may be empty, so a kit gives each a fallback."""

WEBINAR = frozenset(name for name in NAMES if name.startswith("webinar."))
WEBINAR_LINKS = frozenset({"link.webinar", "link.recording", "link.join", "link.calendar", "link.cancel"})
"""Names that only a kit with a webinar can use."""

IN_SERVICE_MAILS = frozenset({"link.join", "link.calendar", "link.cancel"})
LINKED = frozenset({"link.microsite", "link.webinar", "link.recording", "partner.website", "vendor.website"})
"""Names that may be the address of a link in a mail."""


def unknown_name(name: str) -> str | None:
    """Why a name cannot be used, as a sentence; None if it can."""
    if name in NAMES:
        return None
    near = get_close_matches(name, NAMES, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else f" Names start with {', '.join(_starts())}."
    return f"There is no name '{name}'.{hint}"


def _starts() -> list[str]:
    return sorted({name.partition(".")[0] for name in NAMES})

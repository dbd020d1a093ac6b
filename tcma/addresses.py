"""Paths of pages, and keyed hashes of people's addresses. Paths are built here without Flask."""

import hashlib
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID


def microsite(partner_slug: str, campaign_slug: str) -> str:
    return f"/c/{partner_slug}/{campaign_slug}"


def thanks(partner_slug: str, campaign_slug: str) -> str:
    return f"/c/{partner_slug}/{campaign_slug}/thanks"


def promised_file(partner_slug: str, campaign_slug: str, locale: str) -> str:
    return f"/c/{partner_slug}/{campaign_slug}/file/{locale}"


def webinar(partner_slug: str, campaign_slug: str) -> str:
    return f"/w/{partner_slug}/{campaign_slug}"


def registered(partner_slug: str, campaign_slug: str) -> str:
    return f"/w/{partner_slug}/{campaign_slug}/registered"


def seat(token: str) -> str:
    """One person's seat in a webinar: join, give it back, watch the recording."""
    return f"/w/{token}"


def seat_calendar(token: str) -> str:
    return f"/w/{token}.ics"


VISIT = "visit"  # the parameter that says which mail led to a page


VIA = "via"  # the parameter that says by which way other than a mail somebody came to a page


def visited(target: str, token: str) -> str:
    """The address of a page with the visit's token in its query."""
    parts = urlsplit(target)
    query = f"{parts.query}&{VISIT}={token}" if parts.query else f"{VISIT}={token}"
    return urlunsplit(parts._replace(query=query))


def click(token: str, number: int) -> str:
    return f"/r/{token}/{number}"


def opened(token: str) -> str:
    return f"/o/{token}"


def unsubscribe(token: str) -> str:
    return f"/u/{token}"


def mail_choice(token: str) -> str:
    return f"/u/{token}/choice"


def confirm(token: str) -> str:
    return f"/confirm/{token}"


def invitation(token: str) -> str:
    return f"/invitation/{token}"


def sign_in() -> str:
    return "/sign-in"


def sign_in_link(token: str) -> str:
    return f"/sign-in/{token}"


def notice_switch(token: str) -> str:
    return f"/n/{token}"


def notice_choices() -> str:
    return "/account/notices"


def new_address(token: str) -> str:
    return f"/account/address/{token}"


def kit(partner_slug: str, kit_id: UUID) -> str:
    return f"/p/{partner_slug}/kits/{kit_id}"


def campaign(partner_slug: str, campaign_id: UUID) -> str:
    return f"/p/{partner_slug}/campaigns/{campaign_id}"


def posts(partner_slug: str, campaign_id: UUID) -> str:
    """The texts and pictures to put up for a campaign."""
    return f"{campaign(partner_slug, campaign_id)}/social"


def certificate(partner_slug: str, certificate_id: UUID) -> str:
    return f"/p/{partner_slug}/funding/{certificate_id}"


def funding_request(partner_slug: str, request_id: UUID) -> str:
    return f"/p/{partner_slug}/funding/requests/{request_id}"


def money_elsewhere(partner_slug: str, money_id: UUID) -> str:
    return f"/p/{partner_slug}/funding/elsewhere/{money_id}"


def partner_settings(partner_slug: str) -> str:
    """The page on which an owner takes up a vendor's invitation."""
    return f"/p/{partner_slug}/settings"


def partner_sender(partner_slug: str) -> str:
    """Where the own sending domain stands, with its records."""
    return f"/p/{partner_slug}/brand/sender"


def certificate_check(code: str) -> str:
    """What is printed on a certificate for whoever wants to know whether it is valid."""
    return f"/g/{code}"


def lead(partner_slug: str, lead_id: UUID) -> str:
    return f"/p/{partner_slug}/leads/{lead_id}"


def leads(partner_slug: str) -> str:
    return f"/p/{partner_slug}/leads"


def lead_link(token: str) -> str:
    """One lead, or several to report, for the reader of one of our mails."""
    return f"/l/{token}"


REPLY_LINK = "/q/{token}"  # one reply, for the contact person it was told to


def reply_link(token: str) -> str:
    return f"/q/{token}"


def replies(partner_slug: str, campaign_id: UUID) -> str:
    return f"/p/{partner_slug}/campaigns/{campaign_id}/replies"


def picture(sha256: str, extension: str) -> str:
    return f"/i/{sha256}.{extension}"


def health() -> str:
    return "/health"


def person_key(hash_key: bytes, address: str) -> bytes:
    """16 bytes that stand for a normalised address in suppressions and consents; the key is never rotated."""
    return hashlib.blake2b(address.encode(), key=hash_key, digest_size=16, person=b"tcma.person").digest()


def company_key(hash_key: bytes, text: str) -> bytes:
    """16 bytes that stand for a company's domain or normalised name, the same for every owner."""
    return hashlib.blake2b(text.encode(), key=hash_key, digest_size=16, person=b"tcma.company").digest()

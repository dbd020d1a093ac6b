"""Freezing a campaign's mails: once per mail, language and reason; kept by content, found by number."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import compliance, markup, regions
from campaigns import webinar as times
from campaigns.channels import email
from campaigns.channels import webinar as webinar_page
from campaigns.channels.email_artefact import Artefact as Mail
from campaigns.kit import Kit, TouchKind
from campaigns.people.model import Basis as StatedBasis
from campaigns.regions import RegionValues
from tcma import clock, storage
from tcma.audiences.models import Basis
from tcma.db import insert_into
from tcma.errors import NotFound
from tcma.launches.brands import Brands
from tcma.launches.deliveries import Artefact, MessageClass
from tcma.launches.expand import Choice
from tcma.launches.models import Campaign, CampaignTouch
from tcma.partners import brands as profiles

KEPT_MAILS = 128
_mails: OrderedDict[str, Mail] = OrderedDict()
_lock = threading.Lock()

FILES = "artefacts"  # storage class of frozen mails, as JSON

# What a person reads as the reason. Whoever is written to without a stated basis gave a recorded consent.
REASONS = {
    Basis.CUSTOMER: StatedBasis.CUSTOMER,
    Basis.AGREED: StatedBasis.AGREED,
    Basis.BUSINESS: StatedBasis.BUSINESS_CONTACT,
    Basis.NOT_SURE: StatedBasis.AGREED,
}


@dataclass(frozen=True, slots=True)
class Frozen:
    """One mail for those who chose, or were chosen by, `choice`."""

    touch_key: str
    choice: Choice
    mail: Mail


@dataclass(frozen=True, slots=True)
class Place:
    """Where a campaign's addresses lead: the site without final slash, and the partner's name in them; and when
    its webinar takes place."""

    base_url: str
    partner_slug: str
    webinar: times.Session | None = None


def freeze_mail(
    kit: Kit, campaign: Campaign, made: Brands, place: Place, *, touch_key: str, choice: Choice
) -> Mail:
    """One mail as it will be sent, from memory where nothing that goes into it has changed: typing in one field,
    and every look at the checks, make the same mails again. Raises ContentError with file and line where the kit
    is at fault."""
    key = _key(kit, campaign, made, place, touch_key, choice)
    with _lock:
        found = _mails.get(key)
        if found is not None:
            _mails.move_to_end(key)
            return found
    mail = _frozen(kit, campaign, made, place, touch_key, choice)
    with _lock:
        _mails[key] = mail
        while len(_mails) > KEPT_MAILS:
            _mails.popitem(last=False)
    return mail


def written(
    kit: Kit, campaign: Campaign, made: Brands, place: Place, *, touch_key: str, choice: Choice
) -> str:
    """One mail's whole MJML, as its compiler gets it."""
    found = []

    def keep(source: str, *, path: str) -> str:
        found.append(source)
        return markup.compile_mail(source, path=path)

    _frozen(kit, campaign, made, place, touch_key, choice, keep)
    return found[0]


def _key(kit: Kit, campaign: Campaign, made: Brands, place: Place, touch_key: str, choice: Choice) -> str:
    parts = (
        kit.source_hash,
        touch_key,
        choice,
        campaign.slug,
        campaign.name,
        campaign.basis,
        sorted(campaign.region_values.get(choice.locale, {}).items()),
        made.partner.hash,
        made.vendor.hash,
        place,
    )
    return sha256(repr(parts).encode()).hexdigest()


def _frozen(
    kit: Kit,
    campaign: Campaign,
    made: Brands,
    place: Place,
    touch_key: str,
    choice: Choice,
    compiler: email.Compiler = markup.compile_mail,
) -> Mail:
    facts = email.Facts(
        slug=campaign.slug,
        name=campaign.name,
        partner_slug=place.partner_slug,
        base_url=place.base_url,
        reason=compliance.reason_line(_stated(campaign, choice.basis), made.partner, choice.locale),
    )
    return email.freeze(
        kit,
        touch_key,
        choice.locale,
        values=values_of(kit, campaign, choice.locale, made.partner.country),
        vendor=made.vendor,
        partner=made.partner,
        facts=facts,
        extra=_webinar_names(kit, made, place, choice.locale),
        compiler=compiler,
    )


def _webinar_names(kit: Kit, made: Brands, place: Place, locale: str) -> Mapping[str, str]:
    """Of the organiser's day and hour: a mail of the sequence is the same for all its readers."""
    webinar, held = kit.webinar(locale), place.webinar
    if webinar is None or held is None:
        return {}
    firms = webinar_page.organisers(webinar, made.partner, made.vendor)
    return times.names(
        replace(held, title=webinar.title),
        organisers=firms,
        locale=locale,
        zone=held.zone,
        country=made.partner.country,
    )


def freeze_all(
    kit: Kit, campaign: Campaign, made: Brands, place: Place, bases: Sequence[Basis]
) -> list[Frozen]:
    """Every mail in every language of the campaign it has a file for, once per basis of its people."""
    return [
        Frozen(touch_key, choice, freeze_mail(kit, campaign, made, place, touch_key=touch_key, choice=choice))
        for touch_key, choice in _wanted(kit, campaign, bases)
    ]


def values_of(kit: Kit, campaign: Campaign, locale: str, country: str) -> RegionValues:
    """What the partner set in this language, checked against the kit's locks; `country` is the partner's."""
    return regions.apply(kit.regions, campaign.region_values.get(locale, {}), locale, country)


def store(files: storage.Storage, partner_id: int, frozen: Sequence[Frozen]) -> dict[str, str]:
    """Keep the mails' content; its sha256 by the mail's key."""
    return {
        found.mail.key: storage.keep(files, FILES, partner_id, found.mail.to_json().encode())
        for found in frozen
    }


def publish_pictures(files: storage.Storage, kit: Kit, campaign: Campaign, made: Brands) -> None:
    """Put every picture the campaign may show where the public address of pictures finds it."""
    for content in email.kit_pictures(kit).values():
        storage.keep_public(files, content)
    for organisation_id, brand in ((campaign.partner_id, made.partner), (campaign.vendor_id, made.vendor)):
        for picture in brand.pictures:
            storage.keep_public(files, profiles.picture(files, organisation_id, picture))


def add_rows(
    session: Session,
    campaign: Campaign,
    touches: Sequence[CampaignTouch],
    frozen: Sequence[Frozen],
    stored: Mapping[str, str],
) -> dict[int, dict[Choice, int]]:
    """The numbers of the artefacts, by touch and choice; what reads the same is one artefact."""
    touch_ids = {touch.key: touch.id for touch in touches}
    numbers: dict[int, dict[Choice, int]] = {}
    for found in frozen:
        touch_id = touch_ids[found.touch_key]
        number = _number(session, campaign, touch_id, found, stored[found.mail.key])
        numbers.setdefault(touch_id, {})[found.choice] = number
    return numbers


def load_artefact(session: Session, files: storage.Storage, artefact_id: int) -> Mail:
    """The frozen mail with this number, from any session that may see it; NotFound otherwise."""
    row = session.get(Artefact, artefact_id)
    if row is None:
        raise NotFound("There is no such message.")
    return Mail.from_json(storage.fetch(files, FILES, row.partner_id, row.content_sha256).decode())


def _wanted(kit: Kit, campaign: Campaign, bases: Sequence[Basis]) -> Iterator[tuple[str, Choice]]:
    for touch in kit.touches:
        if touch.kind is TouchKind.EMAIL:
            for locale in campaign.locales:
                if locale in touch.files and locale in touch.subject:
                    for basis in bases:
                        yield touch.key, Choice(basis, locale)


def _stated(campaign: Campaign, basis: Basis) -> StatedBasis:
    return REASONS[Basis(campaign.basis) if campaign.basis else basis]


def _number(session: Session, campaign: Campaign, touch_id: int, found: Frozen, content_sha256: str) -> int:
    values = {
        "partner_id": campaign.partner_id,
        "campaign_id": campaign.id,
        "touch_id": touch_id,
        "locale": found.choice.locale,
        "message_class": MessageClass.MARKETING,
        "key": found.mail.key,
        "content_sha256": content_sha256,
        "created_at": clock.now(session),
    }
    unique = ["touch_id", "locale", "message_class", "key"]
    session.execute(
        insert_into(session, Artefact).values(values).on_conflict_do_nothing(index_elements=unique)
    )
    return session.scalars(
        select(Artefact.id).where(*(getattr(Artefact, name) == values[name] for name in unique))
    ).one()

"""How an organisation presents itself: its brand profile, its logo, and the brand that campaigns print."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from campaigns import brand, logo, portrait
from campaigns.errors import ContentError
from campaigns.people import addresses
from tcma import clock, storage
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Invalid, NotFound, phrase
from tcma.organisations.models import Organisation, User
from tcma.organisations.queries import find_organisation_by_id
from tcma.partners.models import BrandProfile, SenderDomain, SenderStatus
from tcma.viewer import Role, Viewer

FILES = "brand"  # storage class of logos and of pictures of people
FIRST_COLOUR = "#33506b"  # until a logo or a person says otherwise
LENGTHS = {
    "website": 200,
    "phone": 40,
    "imprint_url": 300,
    "privacy_url": 300,
    "contact_name": 120,
    "contact_title": 120,
    "contact_email": 254,
    "contact_phone": 40,
    "sender_name": 120,
}  # characters that are kept; the colour has a form of its own
ADDRESS_LENGTHS = {"legal_name": 160, "street": 160, "postal_code": 20, "city": 80}


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person can say of the brand. The logo comes by `set_logo`, the picture of the contact person by
    `set_picture`, name and address from the firm."""

    colour: str = FIRST_COLOUR
    website: str = ""
    phone: str = ""
    imprint_url: str = ""
    privacy_url: str = ""
    contact_name: str = ""
    contact_title: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    sender_name: str = ""


CHANGEABLE = frozenset(Profile.__dataclass_fields__)
_FIELDS = {
    "contact.name": "contact_name",
    "contact.email": "contact_email",
    "contact.phone": "contact_phone",
    "contact.title": "contact_title",
    "reply_to": "contact_email",
    "address line 1": "street",
    "address line 2": "city",
}  # what campaigns calls them, as they are called here
_WEB = ("website", "imprint_url", "privacy_url")
MADE_DARK = "made_dark"  # in the stored logo while the dark one is a person's: the one that was made
DARK_LOGO = "logo_dark"  # the field of a logo for dark ground
PICTURE = "contact_picture"  # the field that a refused picture is named by


def profile_of(session: Session, organisation_id: int) -> BrandProfile | None:
    return session.scalar(select(BrandProfile).where(BrandProfile.organisation_id == organisation_id))


def marks_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, str]:
    """The square picture of each organisation that has a logo, as "<sha256>.png". One statement."""
    wanted = select(BrandProfile).where(BrandProfile.organisation_id.in_(set(organisation_ids)))
    return {row.organisation_id: row.logo["mark"]["name"] for row in session.scalars(wanted) if row.logo}


def begin(session: Session, viewer: Viewer) -> BrandProfile:
    """The profile, made where there is none; where nobody answers yet, the viewer does."""
    viewer.require(viewer.kind, Role.MARKETER, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER)
    row = _row(session, find_organisation_by_id(session, viewer.organisation_id))
    person = session.get(User, viewer.user_id) if viewer.user_id else None
    if person is not None and not row.contact_name and not row.contact_email:
        row.contact_name, row.contact_email = person.name[: LENGTHS["contact_name"]], person.email
        row.updated_at = clock.now(session)
    return row


def change(session: Session, viewer: Viewer, changes: Mapping[str, str]) -> BrandProfile:
    """Set some of the profile's texts, by the names of `Profile`; the others stay. A sending address of its own
    is entered by `senders.enter`. Invalid names each field that is refused, and then nothing is kept."""
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise Invalid(phrase("A brand has no '%(part)s' that could be set here.", part=unknown[0][:40]))
    row = profile_of(session, viewer.organisation_id) or begin(session, viewer)
    before = Profile(**{name: getattr(row, name) for name in Profile.__dataclass_fields__})
    return set_profile(
        session, viewer, replace(before, **{name: _tidy(name, text) for name, text in changes.items()})
    )


def set_address(session: Session, viewer: Viewer, lines: Mapping[str, str]) -> Organisation:
    """What stands in the footer of every mail: some of legal_name, street, postal_code and city; the others stay.
    Invalid names each field that is refused, and then nothing is kept."""
    viewer.require(viewer.kind, Role.MARKETER, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER)
    unknown = sorted(set(lines) - ADDRESS_LENGTHS.keys())
    if unknown:
        raise Invalid(phrase("An address has no '%(part)s'.", part=unknown[0][:40]))
    tidy = {name: " ".join(text.split()) for name, text in lines.items()}
    fields = {
        name: phrase("At most %(most)s characters, without control characters.", most=ADDRESS_LENGTHS[name])
        for name, text in tidy.items()
        if len(text) > ADDRESS_LENGTHS[name] or not text.isprintable()
    }
    if fields:
        raise Invalid(" ".join(fields.values()), fields)
    organisation = session.get(Organisation, viewer.organisation_id, with_for_update=True)
    if organisation is None:
        raise NotFound("This organisation does not exist.")
    for name, text in tidy.items():
        setattr(organisation, name, text or (organisation.name if name == "legal_name" else ""))
    row = _row(session, organisation)
    row.updated_at = clock.now(session)
    trail.record(session, viewer, "brand.address_changed", organisation)
    return organisation


def set_profile(session: Session, viewer: Viewer, profile: Profile) -> BrandProfile:
    """Replace everything but the pictures. Invalid names each field that cannot be printed."""
    viewer.require(viewer.kind, Role.MARKETER, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER)
    organisation = find_organisation_by_id(session, viewer.organisation_id)
    too_long = {
        name: phrase("At most %(most)s characters.", most=most)
        for name, most in LENGTHS.items()
        if len(getattr(profile, name)) > most
    }
    if too_long:
        raise Invalid(" ".join(f"{name}: {sentence}" for name, sentence in too_long.items()), too_long)
    if (typed := profile.contact_email) and addresses.normalise(typed) is None:
        sentence = phrase(
            "'%(text)s' is not an e-mail address. Write it as name@company.com.", text=typed[:80]
        )
        raise Invalid(sentence, {"contact_email": sentence})
    made = _checked(organisation, profile, None)
    row = _row(session, organisation)
    for name in Profile.__dataclass_fields__:
        setattr(row, name, getattr(profile, name))
    row.colour = made.colour
    row.updated_at = clock.now(session)
    trail.record(session, viewer, "brand.changed", row)
    return row


def set_logo(
    database: Database, viewer: Viewer, files: storage.Storage, content: bytes, *, keep_colour: bool = False
) -> BrandProfile:
    """Take in a logo (PNG, JPEG or SVG): cleaned, trimmed, in versions for light and dark. The best
    readable of its colours becomes the brand's, unless `keep_colour`. A drawing of one's own for dark ground
    stays. Invalid says what is wrong with it."""
    viewer.require(viewer.kind, Role.MARKETER, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER)
    try:
        made = logo.read(content)
    except ContentError as error:
        raise Invalid(error.problems[0].sentence, {"logo": error.problems[0].sentence}) from error
    _keep(files, viewer, made.files().values())
    with database.transaction(viewer.organisation_id) as session:
        organisation = find_organisation_by_id(session, viewer.organisation_id)
        row = _row(session, organisation)
        row.logo = _keeping_dark(row.logo, asdict(made.logo_set()))
        if made.colours and not keep_colour:
            row.colour = made.colours[0]
        row.updated_at = clock.now(session)
        trail.record(session, viewer, "brand.logo_changed", row)
    return row


def set_dark_logo(database: Database, viewer: Viewer, files: storage.Storage, content: bytes) -> BrandProfile:
    """Another drawing of the logo for dark ground, instead of the one made; it gets a plate only if it would be
    lost there. Invalid says what is wrong with it, or that there is no logo yet."""
    viewer.require(viewer.kind, Role.MARKETER, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER)
    try:
        made = logo.read(content)
    except ContentError as error:
        raise Invalid(error.problems[0].sentence, {DARK_LOGO: error.problems[0].sentence}) from error
    _keep(files, viewer, [made.dark.png])
    with database.transaction(viewer.organisation_id) as session:
        row = _row(session, find_organisation_by_id(session, viewer.organisation_id))
        if not row.logo:
            sentence = phrase("Upload the logo first, then its version for dark ground.")
            raise Invalid(sentence, {DARK_LOGO: sentence})
        row.logo = {
            **row.logo,
            "dark": asdict(made.logo_set().dark),
            "dark_has_plate": made.dark_has_plate,
            MADE_DARK: row.logo.get(MADE_DARK) or _dark(row.logo),
        }
        row.updated_at = clock.now(session)
        trail.record(session, viewer, "brand.logo_changed", row)
    return row


def remove_dark_logo(session: Session, viewer: Viewer) -> BrandProfile:
    """On dark ground the version made of the logo again. The same when there was no other."""
    row = begin(session, viewer)
    if row.logo and MADE_DARK in row.logo:
        row.logo = {
            **{key: part for key, part in row.logo.items() if key != MADE_DARK},
            **row.logo[MADE_DARK],
        }
        row.updated_at = clock.now(session)
        trail.record(session, viewer, "brand.logo_changed", row)
    return row


def set_picture(database: Database, viewer: Viewer, files: storage.Storage, content: bytes) -> BrandProfile:
    """Take in a picture of the contact person (PNG or JPEG): its middle as a square, in the sizes of mails and of
    pages. Invalid says what is wrong with it."""
    viewer.require(viewer.kind, Role.MARKETER, Role.KIT_AUTHOR, Role.CHANNEL_MANAGER)
    try:
        made = portrait.read(content)
    except ContentError as error:
        raise Invalid(error.problems[0].sentence, {PICTURE: error.problems[0].sentence}) from error
    _keep(files, viewer, made.files().values())
    with database.transaction(viewer.organisation_id) as session:
        row = begin(session, viewer)
        row.contact_picture = asdict(made.portrait())
        row.updated_at = clock.now(session)
        trail.record(session, viewer, "brand.picture_changed", row)
    return row


def remove_picture(session: Session, viewer: Viewer) -> BrandProfile:
    """Show the contact person without a picture from now on; what was launched stays as it was. The same when there
    was none."""
    row = begin(session, viewer)
    if row.contact_picture is not None:
        row.contact_picture = None
        row.updated_at = clock.now(session)
        trail.record(session, viewer, "brand.picture_removed", row)
    return row


def brand_of(session: Session, organisation_id: int) -> brand.Brand:
    """The organisation's brand as it is now, with its own sending address while that is verified. NotFound
    before anybody set one."""
    organisation = find_organisation_by_id(session, organisation_id)
    found = session.execute(
        select(BrandProfile, SenderDomain.address)
        .outerjoin(
            SenderDomain,
            and_(
                SenderDomain.organisation_id == BrandProfile.organisation_id,
                SenderDomain.status == SenderStatus.VERIFIED,
            ),
        )
        .where(BrandProfile.organisation_id == organisation_id)
    ).one_or_none()
    if found is None:
        raise NotFound(phrase("%(organisation)s has not set its brand yet.", organisation=organisation.name))
    row, address = found
    profile = Profile(**{name: getattr(row, name) for name in Profile.__dataclass_fields__})
    return replace(_checked(organisation, profile, row), sender_email=address or "")


def picture(files: storage.Storage, organisation_id: int, name: str) -> bytes:
    """The bytes of a picture named "<sha256>.<ext>" in the organisation's brand."""
    return storage.fetch(files, FILES, organisation_id, name.partition(".")[0])


def _checked(organisation: Organisation, profile: Profile, row: BrandProfile | None) -> brand.Brand:
    city = f"{organisation.postal_code} {organisation.city}".strip()
    data = {
        "name": organisation.name,
        "legal_name": organisation.legal_name,
        "address_lines": [line for line in (organisation.street, city) if line],
        "country": organisation.country,
        "website": profile.website,
        "phone": profile.phone,
        "imprint_url": profile.imprint_url,
        "privacy_url": profile.privacy_url,
        "colour": profile.colour,
        "logo": row.logo if row else None,
        "contact": {
            "name": profile.contact_name,
            "email": profile.contact_email,
            "phone": profile.contact_phone,
            "title": profile.contact_title,
            "picture": row.contact_picture if row else None,
        },
        "sender_name": profile.sender_name or f"{profile.contact_name}, {organisation.name}".strip(", "),
        "reply_to": profile.contact_email,
    }
    try:
        return brand.Brand.from_json(json.dumps(data))
    except ContentError as error:
        fields = {_FIELDS.get(problem.path, problem.path): problem.sentence for problem in error.problems}
        raise Invalid(" ".join(str(problem) for problem in error.problems), fields) from error


def _keep(files: storage.Storage, viewer: Viewer, pictures: Iterable[bytes]) -> None:
    """Store what was made of an upload; pages show it by its public address from here on."""
    for content in pictures:
        storage.keep(files, FILES, viewer.organisation_id, content)
        storage.keep_public(files, content)


def _keeping_dark(before: dict[str, Any] | None, made: dict[str, Any]) -> dict[str, Any]:
    """A new logo with the drawing for dark ground that a person had given; what was made is kept beside it."""
    if not before or MADE_DARK not in before:
        return made
    return {**made, **_dark(before), MADE_DARK: _dark(made)}


def _dark(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {key: kept[key] for key in ("dark", "dark_has_plate")}


def _tidy(name: str, text: str) -> str:
    """One line, without spaces around it; a web address may be typed without https://."""
    tidy = text.strip() if name in _WEB else " ".join(text.split())
    if name in _WEB and tidy and "://" not in tidy:
        return f"https://{tidy}"
    return tidy


def _row(session: Session, organisation: Organisation) -> BrandProfile:
    row = session.scalar(
        select(BrandProfile).where(BrandProfile.organisation_id == organisation.id).with_for_update()
    )
    if row is None:
        row = BrandProfile(
            organisation_id=organisation.id,
            colour=FIRST_COLOUR,
            website=f"https://{organisation.domain}" if organisation.domain else "",
            updated_at=clock.now(session),
        )
        session.add(row)
        session.flush()  # for the empty texts
    return row

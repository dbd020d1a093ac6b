"""A campaign while it is being set up: every answer is kept as it is given."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from campaigns import pictures, regions
from campaigns.errors import ContentError
from campaigns.kit import Kit, Touch
from campaigns.regions import RegionContent, RegionKind
from tcma import clock, storage
from tcma.audiences import queries as audiences
from tcma.audiences.models import Basis, ContactList
from tcma.audit import trail
from tcma.db import Database
from tcma.errors import Conflict, Invalid, phrase
from tcma.funds import queries as funds
from tcma.kits import queries as kits
from tcma.kits.catalogue import speaks
from tcma.kits.content import load_kit
from tcma.kits.models import KitVersion
from tcma.launches import expand, queries, schedule
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, TouchStatus
from tcma.organisations.firms import free_slug, slug_of
from tcma.organisations.models import Organisation
from tcma.partners import brands as profiles
from tcma.viewer import OrganisationKind, Role, Viewer
from tcma.webinars import sessions

LONGEST_NAME = 160


def draft(
    database: Database, viewer: Viewer, files: storage.Storage, version_id: UUID, *, name: str = ""
) -> Campaign:
    """A campaign with a kit version that is open to the partner, in the languages it is released in, the partner's
    own first; everything else is proposed and can be changed until launch."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        version = kits.find_version(session, viewer, version_id)
        kit = load_kit(session, files, version.id)
        partner = session.get_one(Organisation, viewer.organisation_id)
        released = kits.released_locales(session, version.id, partner.country)
        locales = sorted(released, key=lambda locale: not speaks(partner.locale, locale))
        session.expunge_all()  # what was read is used after the session
    if not locales:
        raise Conflict(
            phrase(
                "This kit is not released for %(country)s. Ask the vendor when it will be.",
                country=partner.country,
            )
        )
    called = _name(name or kit.name.get(locales[0]) or kit.name[kit.default_language])
    with database.transaction(viewer.organisation_id) as session:
        campaign = Campaign(
            vendor_id=version.vendor_id,
            partner_id=viewer.organisation_id,
            kit_version_id=version.id,
            slug=_free_slug(session, viewer.organisation_id, called),
            name=called,
            status=CampaignStatus.DRAFT,
            locales=locales,
            timezone=partner.timezone,
            region_values={},
            created_by_id=_person(viewer),
            created_at=clock.now(session),
            changed_at=clock.now(session),
        )
        session.add(campaign)
        session.flush()
        _add_touches(session, campaign, kit)
        _add_webinar(session, campaign, kit)
        trail.record(session, viewer, "campaign.drafted", campaign)
    return campaign


def open_draft(session: Session, viewer: Viewer, version_id: UUID) -> Campaign | None:
    """The partner's latest draft of a kit version, if there is one. One statement."""
    return session.scalars(
        select(Campaign)
        .join(KitVersion, KitVersion.id == Campaign.kit_version_id)
        .where(
            Campaign.partner_id == viewer.organisation_id,
            Campaign.status == CampaignStatus.DRAFT,
            KitVersion.public_id == version_id,
        )
        .order_by(Campaign.id.desc())
        .limit(1)
    ).first()


def start(database: Database, viewer: Viewer, files: storage.Storage, version_id: UUID) -> Campaign:
    """A draft that begins finished: the partner's person answers where nobody was named yet, and the people it
    wrote to last are proposed. Time and money are proposed until somebody chooses."""
    campaign = draft(database, viewer, files, version_id)
    with database.transaction(viewer.organisation_id) as session:
        profiles.begin(session, viewer)
        campaign = editable(session, viewer, campaign.public_id)
        last = _last_used(session, campaign)
        if last is not None and expand.count_people(session, campaign.partner_id, last.list_id):
            campaign.list_id, campaign.basis = last.list_id, last.basis
    return campaign


def rename(session: Session, viewer: Viewer, public_id: UUID, name: str) -> Campaign:
    """Its address stays."""
    campaign = editable(session, viewer, public_id)
    campaign.name = _name(name)
    return campaign


def set_regions(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    public_id: UUID,
    locale: str,
    values: Mapping[str, str],
) -> Campaign:
    """Texts of one language; those set before stay, an empty one returns to the kit's. Invalid names each field
    that may not be set, locks with their reason, and then nothing is kept."""
    with database.reading(viewer.organisation_id) as session:
        campaign = queries.find_campaign(session, viewer, public_id)
        kit = load_kit(session, files, campaign.kit_version_id)
        session.expunge_all()
    if locale not in campaign.locales:
        raise Invalid(
            phrase(
                "This campaign is not sent in '%(language)s'. It has: %(languages)s.",
                language=locale[:12],
                languages=campaign.locales,
            )
        )
    accepted = _accepted(kit, values, locale, files)
    with database.transaction(viewer.organisation_id) as session:
        campaign = editable(session, viewer, public_id)
        before = campaign.region_values.get(locale, {})
        kept = {name: value for name, value in before.items() if name not in values}
        campaign.region_values = {**campaign.region_values, locale: {**kept, **accepted}}
        trail.record(session, viewer, "campaign.texts_changed", campaign)
    return campaign


def set_picture(
    database: Database,
    viewer: Viewer,
    files: storage.Storage,
    public_id: UUID,
    locale: str,
    region: str,
    content: bytes,
) -> Campaign:
    """An uploaded picture (PNG or JPEG) in a region that takes one. Invalid says what is wrong with it, or why
    the region keeps the vendor's."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    with database.reading(viewer.organisation_id) as session:
        campaign = queries.find_campaign(session, viewer, public_id)
        kit = load_kit(session, files, campaign.kit_version_id)
    known = next((found for found in kit.regions if found.name == region), None)
    if known is not None and known.content is not RegionContent.PICTURE:
        sentence = phrase("This part takes a text, not a picture.")
        raise Invalid(sentence, {region: sentence})
    if known is None or known.kind is not RegionKind.EDITABLE:
        _accepted(kit, {region: ""}, locale, files)  # says why
    try:
        made = pictures.read(content)
    except ContentError as error:
        raise Invalid(error.problems[0].sentence, {region: error.problems[0].sentence}) from error
    storage.keep_public(files, made.content)
    return set_regions(database, viewer, files, public_id, locale, {region: made.name})


def set_locales(
    database: Database, viewer: Viewer, files: storage.Storage, public_id: UUID, locales: Sequence[str]
) -> Campaign:
    """The languages it is sent in, the default first. The default has to be released; a further one may
    hold some of the mails only: its people get the others in the default language."""
    with database.reading(viewer.organisation_id) as session:
        campaign = queries.find_campaign(session, viewer, public_id)
        kit = load_kit(session, files, campaign.kit_version_id)
        country = session.get_one(Organisation, campaign.partner_id).country
        released = kits.released_locales(session, campaign.kit_version_id, country)
    wanted = list(dict.fromkeys(locales))
    if not wanted or wanted[0] not in released:
        raise Invalid(
            phrase("The first language has to be one that is released: %(languages)s.", languages=released)
        )
    without = [locale for locale in wanted if locale not in kit.languages]
    if without:
        raise Invalid(
            phrase(
                "The kit has no '%(language)s'. Its languages: %(languages)s.",
                language=without[0][:12],
                languages=kit.languages,
            )
        )
    with database.transaction(viewer.organisation_id) as session:
        campaign = editable(session, viewer, public_id)
        campaign.locales = wanted
        for touch in campaign.touches:
            touch.name = _name_of(kit.touch(touch.key), kit, wanted[0])
        trail.record(session, viewer, "campaign.languages_changed", campaign)
    return campaign


def set_audience(
    session: Session, viewer: Viewer, public_id: UUID, list_id: UUID, *, basis: Basis | None = None
) -> Campaign:
    """The list it goes to. Each person reads the reason that fits their own basis on the list, unless `basis`
    says one reason for all."""
    campaign = editable(session, viewer, public_id)
    if basis is Basis.NOT_SURE:
        raise Invalid("Nobody is written to on that basis. State another, or leave it to the list.")
    campaign.list_id = audiences.find_list(session, viewer, list_id).id
    campaign.is_link_only = False
    campaign.basis = basis.value if basis else ""
    trail.record(session, viewer, "campaign.audience_set", campaign, {"list_id": campaign.list_id})
    return campaign


def set_link_only(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """Nobody gets mail: people come by the campaign's link, from posts or the partner's own newsletter."""
    campaign = editable(session, viewer, public_id)
    campaign.list_id, campaign.is_link_only = None, True
    trail.record(session, viewer, "campaign.audience_set", campaign, {"link_only": True})
    return campaign


def set_start(
    session: Session, viewer: Viewer, public_id: UUID, wall: datetime | None = None, *, now: bool = False
) -> Campaign:
    """When it starts: at a local time of the campaign's zone, at once, or (neither) at the next good time."""
    campaign = editable(session, viewer, public_id)
    if now:
        campaign.starts_local = schedule.START_NOW
    else:
        campaign.starts_local = schedule.checked_start(session, campaign, wall) if wall else None
    trail.record(session, viewer, "campaign.start_set", campaign)
    return campaign


def set_funding(
    session: Session,
    viewer: Viewer,
    public_id: UUID,
    *,
    certificate_id: UUID | None = None,
    request_id: UUID | None = None,
) -> Campaign:
    """A certificate to use, or a request to wait for; neither leaves the choice to the launch."""
    campaign = editable(session, viewer, public_id)
    if certificate_id is not None and request_id is not None:
        raise Invalid("Choose a certificate or wait for a request, not both.")
    campaign.certificate_id = campaign.request_id = None
    if certificate_id is not None:
        certificate = funds.find_certificate(session, viewer, certificate_id)
        _same_vendor(campaign, certificate.vendor_id)
        campaign.certificate_id = certificate.id
    if request_id is not None:
        request = funds.find_request(session, viewer, request_id)
        _same_vendor(campaign, request.vendor_id)
        campaign.request_id = request.id
    trail.record(session, viewer, "campaign.funding_set", campaign)
    return campaign


def editable(session: Session, viewer: Viewer, public_id: UUID) -> Campaign:
    """The draft, locked and about to change. Conflict once it was launched."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    campaign = queries.find_campaign(session, viewer, public_id, lock=True)
    if campaign.status is not CampaignStatus.DRAFT:
        status = campaign.status
        raise Conflict(
            phrase(
                "This campaign is %(status)s. Only a draft can be changed; return it to draft first.",
                status=status,
            )
        )
    campaign.changed_at = clock.now(session)
    return campaign


def _accepted(kit: Kit, values: Mapping[str, str], locale: str, files: storage.Storage) -> Mapping[str, str]:
    """The values as they are kept. Invalid names every field that is refused, with the reason of a lock."""
    try:
        accepted = regions.apply(kit.regions, values, locale)
    except ContentError as error:
        fields = {problem.path: problem.sentence for problem in error.problems}
        raise Invalid("\n".join(problem.sentence for problem in error.problems), fields) from error
    for name, value in accepted.values.items():
        if accepted.file(name) == value and not _is_kept(files, value):
            sentence = phrase("This picture is not here any more. Upload it again.")
            raise Invalid(sentence, {name: sentence})
    return accepted.values


def _is_kept(files: storage.Storage, picture: str) -> bool:
    return files.exists(storage.name_of(storage.PUBLIC, storage.NOBODY, picture.partition(".")[0]))


def _last_used(session: Session, campaign: Campaign) -> Row[int, str] | None:
    """The list of the partner's last launched campaign that is still there, with its stated basis."""
    return session.execute(
        select(ContactList.id.label("list_id"), Campaign.basis)
        .join(Campaign, Campaign.list_id == ContactList.id)
        .where(
            Campaign.partner_id == campaign.partner_id,
            Campaign.launched_at.is_not(None),
            ContactList.deleted_at.is_(None),
        )
        .order_by(Campaign.launched_at.desc(), Campaign.id.desc())
        .limit(1)
    ).first()


def _add_touches(session: Session, campaign: Campaign, kit: Kit) -> None:
    by_key: dict[str, CampaignTouch] = {}
    for position, touch in enumerate(kit.touches):
        by_key[touch.key] = CampaignTouch(
            campaign_id=campaign.id,
            vendor_id=campaign.vendor_id,
            partner_id=campaign.partner_id,
            position=position,
            key=touch.key,
            kind=touch.kind.value,
            name=_name_of(touch, kit, campaign.locales[0]),
            status=TouchStatus.PENDING,
            is_invitation=touch.invites,
            counted_from=touch.counted_from or "",
        )
    session.add_all(by_key.values())
    session.flush()
    for touch in kit.touches:
        if touch.condition is not None:
            by_key[touch.key].condition = touch.condition.kind
            by_key[touch.key].condition_touch_id = by_key[touch.condition.of].id


def _name_of(touch: Touch, kit: Kit, locale: str) -> str:
    return (touch.name.get(locale) or touch.name[kit.default_language])[:LONGEST_NAME]


def _add_webinar(session: Session, campaign: Campaign, kit: Kit) -> None:
    webinar = kit.webinar(campaign.locales[0])
    if webinar is None:
        return
    profile = profiles.profile_of(session, campaign.partner_id)
    sessions.begin(
        session,
        partner_id=campaign.partner_id,
        campaign_id=campaign.id,
        webinar=webinar,
        timezone=campaign.timezone,
        host_name=profile.contact_name if profile else "",
    )


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(
            phrase("Name the campaign in 1 to %(most)s characters.", most=LONGEST_NAME),
            {"name": phrase("1 to %(most)s characters on one line.", most=LONGEST_NAME)},
        )
    return name


def _free_slug(session: Session, partner_id: int, name: str) -> str:
    def taken(start: str) -> Iterable[str]:
        own = select(Campaign.slug).where(Campaign.partner_id == partner_id)
        return session.scalars(own.where(Campaign.slug.startswith(start, autoescape=True)))

    return free_slug(slug_of(name), taken)


def _same_vendor(campaign: Campaign, vendor_id: int) -> None:
    if campaign.vendor_id != vendor_id:
        raise Invalid("This money comes from another vendor than the kit.")


def _person(viewer: Viewer) -> int:
    if viewer.user_id is None:
        raise Invalid("A campaign is made by a person.")
    return viewer.user_id

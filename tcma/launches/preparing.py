"""Everything slow and everything that can be checked before a launch: the checklist, and the mails frozen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from campaigns import calendar, compliance
from campaigns import webinar as times
from campaigns.errors import ContentError, Problem, Severity
from campaigns.kit import ConditionKind, Kit
from tcma import clock, storage
from tcma.audiences import queries as audiences
from tcma.audiences import terms
from tcma.audiences.models import Basis
from tcma.config import Settings
from tcma.db import Database
from tcma.errors import DomainError, Word, phrase
from tcma.funds.models import Certificate, CertificateStatus, FundingRequest, RequestStatus
from tcma.kits import queries as kits
from tcma.kits.content import load_kit
from tcma.launches import artefacts, brands, queries, reach, schedule, webinars
from tcma.launches.artefacts import Frozen, Place
from tcma.launches.brands import Brands
from tcma.launches.models import Campaign
from tcma.launches.reach import Reach
from tcma.organisations.models import Organisation
from tcma.partners.queries import partnership_between
from tcma.viewer import Viewer
from tcma.webinars import sessions
from tcma.webinars.sessions import Lack

OPEN_REQUESTS = (RequestStatus.SUBMITTED, RequestStatus.INFO_REQUESTED)
_LACKS = {
    Lack.TIME: phrase("Say on which day and at what time the webinar takes place."),
    Lack.PAST: phrase("The webinar's day is past. Choose another."),
    Lack.ROOM: phrase("Put in the link of the room, as your meeting tool gives it."),
    Lack.HOST: phrase("Say who hosts the webinar."),
}
_OPENS, _CLOSES = 7, 19  # hours of the day in which mail to firms is expected


@dataclass(frozen=True, slots=True)
class Seen:
    """A draft as it was read, with what is wrong already: all that freezing its mails needs."""

    campaign: Campaign
    kit: Kit
    partner: Organisation
    brands: Brands | None
    bases: tuple[Basis, ...]
    problems: tuple[Problem, ...]
    fingerprint: str
    webinar: times.Session | None = None  # a likely day where none is set


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a launch needs, made outside of any transaction. `fingerprint` tells whether the draft is still
    the one that was prepared."""

    campaign: Campaign
    kit: Kit
    brands: Brands | None
    bases: tuple[Basis, ...]
    frozen: tuple[Frozen, ...]
    problems: tuple[Problem, ...]
    fingerprint: str
    webinar: times.Session | None = None

    @property
    def blocking(self) -> tuple[Problem, ...]:
        return tuple(found for found in self.problems if found.severity is Severity.PROBLEM)


def check(
    database: Database, viewer: Viewer, files: storage.Storage, settings: Settings, public_id: UUID
) -> list[Problem]:
    """The checklist: what blocks the launch first, then notes. `path` names the step that mends it: audience,
    brand, start, budget, kit, a region, or a mail's key."""
    prepared = prepare(database, viewer, files, settings, public_id)
    return sorted(prepared.problems, key=lambda problem: problem.severity is Severity.NOTE)


def prepare(
    database: Database, viewer: Viewer, files: storage.Storage, settings: Settings, public_id: UUID
) -> Prepared:
    """Look at the draft, freeze its mails. What is wrong stands in `problems`."""
    with database.reading(viewer.organisation_id) as session:
        seen = see(session, files, settings, queries.find_campaign(session, viewer, public_id))
    return freeze(seen, settings)


def see(
    session: Session,
    files: storage.Storage,
    settings: Settings,
    campaign: Campaign,
    reached: Reach | None = None,
) -> Seen:
    """Read the draft. `reached`: whom it goes to, where that was counted already. At most 14 statements."""
    kit = load_kit(session, files, campaign.kit_version_id)
    partner = session.get_one(Organisation, campaign.partner_id)
    reached = reached or reach.of(session, campaign)
    made, missing = _brands(session, campaign, settings.mail_from)
    problems = [
        *_kit(session, campaign, partner),
        *_audience(session, campaign, reached),
        *_start(session, campaign, partner),
        *_budget(session, campaign),
        *_webinar(session, campaign, kit),
        *_unheard(kit, settings),
        *missing,
    ]
    held = webinars.shown(session, campaign, kit)
    return Seen(
        campaign, kit, partner, made, reached.bases, tuple(problems), fingerprint(campaign, made, held), held
    )


def freeze(seen: Seen, settings: Settings) -> Prepared:
    """Make the mails of a draft that was read; what is wrong with them joins the problems."""
    problems, frozen = list(seen.problems), list[Frozen]()
    if seen.brands is not None and not seen.campaign.is_link_only:
        place = Place(settings.base_url, seen.partner.slug, seen.webinar)
        try:
            # Without people yet the mails are still tried, as to customers.
            frozen = artefacts.freeze_all(
                seen.kit, seen.campaign, seen.brands, place, seen.bases or (Basis.CUSTOMER,)
            )
        except ContentError as error:
            problems += error.problems
        problems += _mails(frozen)
    return Prepared(
        campaign=seen.campaign,
        kit=seen.kit,
        brands=seen.brands,
        bases=seen.bases,
        frozen=tuple(frozen),
        problems=tuple(dict.fromkeys(problems)),
        fingerprint=seen.fingerprint,
        webinar=seen.webinar,
    )


def fingerprint(campaign: Campaign, made: Brands | None, webinar: times.Session | None) -> str:
    """Changes with everything that goes into the mails or decides who gets them."""
    parts = [
        campaign.kit_version_id,
        campaign.slug,
        campaign.name,
        campaign.locales,
        campaign.list_id,
        campaign.is_link_only,
        campaign.basis,
        campaign.leaves_out_recent,
        campaign.region_values,
        made and made.partner.hash,
        made and made.vendor.hash,
        repr(webinar),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _kit(session: Session, campaign: Campaign, partner: Organisation) -> list[Problem]:
    partnership = partnership_between(session, campaign.vendor_id, campaign.partner_id)
    vendor = session.get_one(Organisation, campaign.vendor_id)
    if partnership is None or not partnership.is_active:
        sentence = phrase(
            "Your partnership with %(vendor)s is %(status)s: nothing new starts.",
            vendor=vendor.name,
            status=partnership.status if partnership else Word("not there"),
        )
        return [Problem("kit", None, sentence)]
    if not campaign.kit_version.is_launchable:
        sentence = phrase(
            "This version of the kit is %(status)s. Begin a new campaign with the current one.",
            status=campaign.kit_version.status,
        )
        return [Problem("kit", None, sentence)]
    released = kits.released_locales(session, campaign.kit_version_id, partner.country)
    if campaign.locales[0] not in released:
        sentence = phrase(
            "The kit is not released in '%(locale)s' for %(country)s.",
            locale=campaign.locales[0],
            country=partner.country,
        )
        return [Problem("kit", None, sentence)]
    return []


def _unheard(kit: Kit, settings: Settings) -> list[Problem]:
    """Mails that ask who wrote back, where answers go straight to the contact person and nobody here knows."""
    asking = (ConditionKind.ANSWERED, ConditionKind.NOT_ANSWERED)
    for touch in kit.touches if not settings.replies else ():
        if touch.condition is not None and touch.condition.kind in asking:
            name = touch.name[kit.default_language]
            sentence = phrase(
                "'%(message)s' asks who wrote back, and no replies come in here: for it nobody did.",
                message=name,
            )
            return [Problem("kit", None, sentence, Severity.NOTE)]
    return []


def _audience(session: Session, campaign: Campaign, reached: Reach) -> list[Problem]:
    problems = []
    if terms.accepted(session, campaign.partner_id) is None:
        problems.append(Problem("audience", None, phrase("Read and accept the processing terms first.")))
    if campaign.is_link_only:
        return problems
    if audiences.is_being_read(session, campaign.partner_id, campaign.list_id):
        problems.append(
            Problem("audience", None, phrase("A file is still being read into this list. Wait for its end."))
        )
    if campaign.list_id is None:
        problems.append(Problem("audience", None, phrase("Choose the people it goes to.")))
    elif reached.count == 0:
        sentence = phrase(
            "Nobody on this list may be written to. Choose another list, or state a legal basis."
        )
        if campaign.leaves_out_recent and reached.recent:
            sentence = phrase(
                "Everybody on this list had or gets another mail these seven days. Do not leave them out."
            )
        problems.append(Problem("audience", None, sentence))
    return problems


def _start(session: Session, campaign: Campaign, partner: Organisation) -> list[Problem]:
    start = schedule.start_of(session, campaign)
    now = clock.now(session)
    if calendar.to_utc(start, campaign.timezone) < now - timedelta(minutes=1) and _is_chosen(campaign):
        sentence = phrase("The start, %(time)s, is past. Choose a new one.", time=_shown(start, campaign))
        return [Problem("start", None, sentence)]
    if not _OPENS <= start.hour < _CLOSES or start.weekday() not in calendar.WEEKDAYS:
        note = phrase("%(time)s is outside working hours.", time=_shown(start, campaign))
        return [Problem("start", None, note, Severity.NOTE)]
    if calendar.is_holiday(start.date(), partner.country):
        note = phrase(
            "%(day)s is a public holiday in %(country)s.", day=start.date(), country=partner.country
        )
        return [Problem("start", None, note, Severity.NOTE)]
    return []


def _is_chosen(campaign: Campaign) -> bool:
    return campaign.starts_local not in (None, schedule.START_NOW)


def _budget(session: Session, campaign: Campaign) -> list[Problem]:
    if campaign.certificate_id is not None:
        certificate = session.get_one(Certificate, campaign.certificate_id)
        if not certificate.usable_on(clock.now(session).date()):
            sentence = phrase(
                "Certificate %(certificate)s is %(status)s. Choose another.",
                certificate=certificate.code,
                status=certificate.status,
            )
            if certificate.status is CertificateStatus.ACTIVE:
                sentence = phrase(
                    "Certificate %(certificate)s was valid until %(day)s. Choose another.",
                    certificate=certificate.code,
                    day=certificate.valid_until_on,
                )
            return [Problem("budget", None, sentence)]
    if campaign.request_id is not None:
        request = session.get_one(FundingRequest, campaign.request_id)
        if request.status in OPEN_REQUESTS:
            note = phrase("The campaign waits until the vendor has decided about the money.")
            return [Problem("budget", None, note, Severity.NOTE)]
        if request.status is not RequestStatus.APPROVED:
            sentence = phrase(
                "The request for money is %(status)s. Ask anew, or launch without.", status=request.status
            )
            return [Problem("budget", None, sentence)]
    return []


def _webinar(session: Session, campaign: Campaign, kit: Kit) -> list[Problem]:
    if kit.webinar_key is None:
        return []
    row = sessions.of_campaign(session, campaign.id)
    missing = (Lack.TIME, Lack.ROOM) if row is None else sessions.lacks(row, clock.now(session))
    return [Problem("webinar", None, _LACKS[lack]) for lack in missing]


def _brands(session: Session, campaign: Campaign, mail_from: str) -> tuple[Brands | None, list[Problem]]:
    try:
        made = brands.current(session, campaign, mail_from)
    except DomainError as error:
        return None, [Problem("brand", None, error.sentence)]
    problems = []
    if not made.partner.address_lines:
        problems.append(
            Problem("brand", None, phrase("Your postal address is missing. Every mail has to show it."))
        )
    if not made.partner.contact.name or not made.partner.reply_to:
        problems.append(Problem("brand", None, phrase("Say who answers: a name and an e-mail address.")))
    if made.partner.logo is None:
        note = phrase("You have no logo yet; your name is printed instead.")
        problems.append(Problem("brand", None, note, Severity.NOTE))
    return made, problems


def _mails(frozen: list[Frozen]) -> list[Problem]:
    return [problem for found in frozen for problem in compliance.check(found.mail, path=found.touch_key)]


def _shown(start: datetime, campaign: Campaign) -> str:
    place = campaign.timezone.rpartition("/")[2].replace("_", " ")
    return phrase("%(time)s %(place)s time", time=start, place=place)

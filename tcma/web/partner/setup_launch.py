"""Step 4 of a launch: the sentence, the checks, a test mail, and the one button that sends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request, url_for

from tcma import clock
from tcma.audiences.models import Contact
from tcma.errors import Conflict, DomainError, Invalid
from tcma.language import gettext as _
from tcma.language import ngettext
from tcma.launches import asking, checklist, launching, mail_tests, rest_days
from tcma.launches.budgets import Money
from tcma.launches.checklist import Checklist
from tcma.launches.checklist_network import Probes
from tcma.launches.launching import Launched
from tcma.launches.models import Campaign, CampaignStatus
from tcma.launches.previews import Wanted
from tcma.launches.setup import Draft, Step
from tcma.organisations.models import User
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import check_words, previews, setup, start_form
from tcma.web.partner.previews import Beside
from tcma.web.partner.start_form import Start
from tcma.web.unit import organisation, user, viewer, writing

bp = Blueprint(
    "partner_setup_launch", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/setup/launch"
)

TEMPLATE = "partner/setup/launch.html"
CONFIRM = "partner/setup/launch_confirm.html"
MARKETER = (Role.MARKETER,)


@dataclass(frozen=True, slots=True)
class Read:
    """All that this step's page shows, read in one session."""

    draft: Draft
    seen: checklist.Seen
    beside: Beside
    start: Start
    answerers: list[User]
    was_asked_today: bool
    colleagues: list[User]


@dataclass(frozen=True, slots=True)
class Going:
    """A mail with its moment, whether people rest on that day, and whether the campaign's page offers another
    (not for one counted from the webinar)."""

    name: str
    at: datetime
    rests: bool
    can_move: bool


@bp.get("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def edit(campaign: UUID) -> Response:
    """The checks that ask nobody else's server run at once; the others follow by themselves (`checks`)."""
    return _page(_read(campaign), ask=False)


@bp.get("/checks")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def checks(campaign: UUID) -> Response:
    """The same page with every check made, also those that take seconds."""
    return _page(_read(campaign), ask=True)


@bp.post("")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def update(campaign: UUID) -> Response:
    """Keep when it begins, who answers the leads, and whether recent readers are left out."""
    draft = setup.open_draft(campaign)
    try:
        with writing() as session:
            start_form.save(session, draft)
            if "answerer" in request.form:
                chosen = request.form["answerer"]
                asking.set_answerer(
                    session,
                    viewer(),
                    campaign,
                    start_form.uuid_of(chosen) if chosen else None,
                    asked=request.form.get("asked") == "1",
                )
            if "spare" in request.form:
                asking.spare_recent(session, viewer(), campaign, request.form.getlist("spare")[-1] == "1")
    except Invalid as error:
        return _page(_read(campaign), ask=False, error=error)
    if "HX-Request" in request.headers:
        return edit(campaign)
    return pages.see_other(setup.address(draft, Step.LAUNCH))


@bp.post("/test")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def test(campaign: UUID) -> Response:
    """Send a test mail to oneself, or to the colleagues that were ticked."""
    draft = setup.open_draft(campaign)
    installed = installation()
    to = request.form.getlist("to") or [user().email]
    person = request.form.get("person", previews.chosen().person)
    wanted = Wanted(
        request.form.get("mail") or _first_mail(draft),
        contact_id=_contact_id(person),
        is_sample=person != previews.NOBODY,
    )
    try:
        outcomes = mail_tests.send_tests(
            installed.web, viewer(), installed.storage, installed.settings, draft.campaign, wanted, to=to
        )
        failed = [outcome.problem for outcome in outcomes if outcome.problem]
        if failed:
            raise Conflict("\n".join(dict.fromkeys(failed)))
    except DomainError as error:
        problem = error if isinstance(error, Invalid) else Invalid(error.sentence)
        return _page(_read(campaign), ask=False, error=problem)
    names = ", ".join(outcome.to for outcome in outcomes)
    pages.toast(_("The test is on its way to %(names)s. It arrives within 30 seconds.", names=names))
    return pages.see_other(setup.address(draft, Step.LAUNCH))


@bp.get("/confirm")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def confirm(campaign: UUID) -> Response:
    """The dialog's question as a page, for browsers without script; what blocks is said instead."""
    read = _read(campaign)
    found = _judged(read, ask=True)
    if found.blocking:
        return _blocked(read, found)
    return setup.shown(CONFIRM, read.draft, read.beside, Step.LAUNCH, **_values(read, found))


@bp.post("/go")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def go(campaign: UUID) -> Response:
    """Launch, once. What blocks leads back to the checks."""
    read = _read(campaign)
    installed = installation()
    found = _judged(read, ask=True)
    if found.blocking:
        return _blocked(read, found)
    launched = launching.launch_prepared(
        installed.web, viewer(), installed.storage, installed.settings, found.prepared
    )
    pages.toast(_said(launched))
    return pages.see_other(url_for("partner_campaigns.show", campaign=campaign))


def _said(launched: Launched) -> str:
    campaign = launched.campaign
    if campaign.is_link_only:
        return _("Launched. The page is open; nobody gets mail.")
    if campaign.status is CampaignStatus.WAITING_FOR_FUNDING:
        return _("Launched. The first mail goes out once the money is approved.")
    when = formats.time_with_place(launched.first_due_at, campaign.timezone)
    return _("Launched. The first mail goes out %(when)s.", when=when)


def _blocked(read: Read, found: Checklist) -> Response:
    """ "There is a problem", with the links that mend it and lead back here."""
    summary = check_words.summary(found.blocking, _setup(read.draft))
    error = Invalid(_("This campaign cannot be launched yet."), summary)
    return setup.refused(TEMPLATE, read.draft, read.beside, Step.LAUNCH, error, **_values(read, found))


def _page(read: Read, *, ask: bool, error: Invalid | None = None) -> Response:
    values = _values(read, _judged(read, ask=ask))
    if error is not None:
        values["start"] = start_form.as_typed(read.start)
        return setup.refused(TEMPLATE, read.draft, read.beside, Step.LAUNCH, error, **values)
    return setup.shown(TEMPLATE, read.draft, read.beside, Step.LAUNCH, **values)


def _read(campaign: UUID) -> Read:
    """At most 30 statements."""
    installed = installation()
    with setup.reading_draft(campaign) as (session, draft):
        seen = checklist.see(
            session,
            viewer(),
            installed.storage,
            installed.settings,
            draft.campaign,
            draft.budget,
            draft.reached,
        )
        return Read(
            draft=draft,
            seen=seen,
            beside=previews.see(session, draft, seen.draft.brands),
            start=start_form.proposal(session, draft),
            answerers=asking.answerers_for(session, viewer()),
            was_asked_today=asking.was_asked_today(draft.campaign, clock.now(session)),
            colleagues=mail_tests.colleagues(session, viewer()),
        )


def _judged(read: Read, *, ask: bool) -> Checklist:
    settings = installation().settings
    return checklist.judge(read.seen, settings, probes=Probes.of(settings), ask=ask)


def _values(read: Read, found: Checklist) -> dict[str, Any]:
    draft, answerers = read.draft, read.answerers
    campaign, people = draft.campaign, read.beside.people
    colleagues = [one for one in read.colleagues if one.id != user().id]
    mails = [part for part in previews.parts_of(draft.kit, previews.reader_locale(draft)) if part.is_mail]
    return {
        "found": found,
        "lines": check_words.lines(found.checks, _setup(draft)),
        "counted": check_words.counted(found.checks),
        "is_blocked": bool(found.blocking),
        "waits": found.budget.source.money is Money.REQUEST and campaign.request_id is not None,
        "start": read.start,
        "schedule": _schedule(found, {part.key: part.name for part in mails}),
        "sender": _sender(found),
        "was_asked_today": read.was_asked_today,
        "answerer": _answerer(campaign, answerers),
        "answerer_options": [
            ("", _("Whoever is first")),
            *((person.public_id, person.name) for person in answerers),
        ],
        "me": user(),
        "test_mails": [(part.key, part.name) for part in mails],
        "test_people": [
            (previews.SAMPLE, _("An invented person")),
            (previews.NOBODY, _("Somebody without a name")),
            *((person.public_id, _person(person)) for person in people),
        ],
        "test": {
            "mail": request.form.get("mail", mails[0].key if mails else ""),
            "person": request.form.get("person", read.beside.choice.person),
            "to": request.form.getlist("to") or [user().email],
            "is_open": "to" in request.form,
        },
        "test_to": [(one.email, one.name) for one in (user(), *colleagues)],
        "mails": mails,
        "question": _question(draft, found),
        "spare_words": ngettext(
            "%(shown)s person of this list has or gets a mail of another campaign within seven days.",
            "%(shown)s people of this list have or get a mail of another campaign within seven days.",
            found.people.recent,
            shown=formats.number(found.people.recent),
        ),
        "own_zone": formats.own_zone(),
    }


def _schedule(found: Checklist, names: dict[str, str]) -> list[Going]:
    zone, country = ZoneInfo(found.prepared.campaign.timezone), organisation().country
    going = []
    for key, at in found.due:
        if key in names:
            rests = rest_days.rest_on(at.astimezone(zone).replace(tzinfo=None), country) is not None
            is_counted = found.prepared.kit.touch(key).counted_from is not None
            going.append(Going(names[key], at, rests, rests and not is_counted))
    return going


def _question(draft: Draft, found: Checklist) -> str:
    if draft.campaign.is_link_only:
        return _("Open the page of this campaign?")
    count = found.people.count
    return ngettext(
        "Launch to %(shown)s person?",
        "Launch to %(shown)s people?",
        count,
        shown=formats.number(count),
    )


def _sender(found: Checklist) -> str:
    """As mailboxes will show it."""
    frozen = found.prepared.frozen
    if frozen:
        return frozen[0].mail.sender_name
    made = found.prepared.brands
    return (made.partner.sender_name or made.partner.name) if made else ""


def _contact_id(person: str) -> UUID | None:
    """The contact a test is made for; None for the invented people of the preview."""
    try:
        return UUID(person)
    except ValueError:
        return None


def _person(contact: Contact) -> str:
    name = f"{contact.first_name} {contact.last_name}".strip() or contact.address_typed
    return f"{name}, {contact.company}" if contact.company else name


def _answerer(campaign: Campaign, answerers: list[User]) -> User | None:
    return next((person for person in answerers if person.id == campaign.answerer_id), None)


def _first_mail(draft: Draft) -> str:
    return next(
        part.key for part in previews.parts_of(draft.kit, previews.reader_locale(draft)) if part.is_mail
    )


def _setup(draft: Draft) -> str:
    return url_for("partner_setup.index", campaign=draft.campaign.public_id)

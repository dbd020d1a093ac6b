"""What a person does with a launched campaign. Only cancelling and deleting ask first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for
from sqlalchemy.orm import Session

from tcma.errors import DomainError, Invalid
from tcma.language import gettext as _
from tcma.language import ngettext
from tcma.launches import again, funding, queries, reconcile, service, states
from tcma.launches.models import Campaign, CampaignTouch
from tcma.launches.schedule import EMAIL
from tcma.launches.states import Deed, Shown
from tcma.viewer import OrganisationKind, Role, Viewer
from tcma.web import formats, pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import campaign_words as words
from tcma.web.partner import questions, start_form
from tcma.web.partner.questions import Question
from tcma.web.unit import reading, viewer, writing

bp = Blueprint("partner_campaign_deeds", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>")

MARKETER = (Role.MARKETER,)
SimpleDeed = Callable[[Session, Viewer, UUID], Campaign]


@bp.post("/pause")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def pause(campaign: UUID) -> Response:
    _do(service.pause, campaign)
    have, wait = _whereabouts(campaign)
    pages.toast(
        _("Paused. %(have)s have it, %(wait)s do not. Continue whenever you like.", have=have, wait=wait)
    )
    return _back(campaign)


@bp.post("/continue")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def resume(campaign: UUID) -> Response:
    _do(service.resume, campaign)
    pages.toast(_("It goes on. Nobody gets a mail twice."))
    return _back(campaign)


@bp.post("/launch-without-funding")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def launch_without_funding(campaign: UUID) -> Response:
    _do(funding.launch_without_funding, campaign)
    pages.toast(_("It goes out without waiting for the money."))
    return _back(campaign)


@bp.post("/to-draft")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def to_draft(campaign: UUID) -> Response:
    _do(service.return_to_draft, campaign)
    pages.toast(_("A draft again. Nothing was sent."))
    return pages.see_other(url_for("partner_setup.index", campaign=campaign))


@bp.post("/launch-again")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def launch_again(campaign: UUID) -> Response:
    installed = installation()
    made = again.launch_again(installed.web, viewer(), installed.storage, campaign)
    pages.toast(_("A new draft with the same audience, texts and cost list."))
    return pages.see_other(url_for("partner_setup.index", campaign=made.public_id))


@bp.get("/cancel")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def confirm_cancel(campaign: UUID) -> Response:
    """The dialog's question as a page."""
    return _ask(campaign, Deed.CANCEL)


@bp.post("/cancel")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def cancel(campaign: UUID) -> Response:
    _do(service.cancel, campaign)
    pages.toast(_("Cancelled. What was not sent stays unsent; unused money is released."))
    return _back(campaign)


@bp.get("/delete")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def confirm_delete(campaign: UUID) -> Response:
    return _ask(campaign, Deed.DELETE)


@bp.post("/delete")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def delete(campaign: UUID) -> Response:
    """A draft goes from every list; its trail stays."""
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        shown = states.shown(found, [])
    if shown is not Shown.DRAFT:
        raise Invalid(_("Only a draft can be deleted. Cancel a launched campaign instead."))
    _do(service.cancel, campaign)
    pages.toast(_("Deleted."))
    return pages.see_other(url_for("partner_campaigns.index"))


@bp.get("/time")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def edit_time(campaign: UUID) -> Response:
    """Another start for a campaign that has not begun, or another time for the mail in `message`."""
    return _time_page(campaign)


@bp.post("/time")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def change_time(campaign: UUID) -> Response:
    key = request.form.get("message", "")
    moved_with: list[CampaignTouch] = []
    try:
        wall = start_form.typed_wall()
        if key:
            with writing() as session:
                moved_with = service.new_time(session, viewer(), campaign, key, wall)
        else:
            installed = installation()
            service.change_time(installed.web, viewer(), installed.storage, campaign, wall)
    except DomainError as error:
        return _time_page(campaign, error if isinstance(error, Invalid) else Invalid(error.sentence))
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        moved = [one for one in found.touches if one.key == key]
        touch = moved[0] if moved else states.next_mail(found.touches)
    if touch is not None and touch.due_at is not None:
        when = formats.time_with_place(touch.due_at, found.timezone)
        said = _("%(mail)s goes out %(when)s.", mail=touch.name, when=when)
        if moved_with:
            said += " " + ngettext(
                "%(num)s later mail moved with it.", "%(num)s later mails moved with it.", len(moved_with)
            )
        pages.toast(said)
    return _back(campaign)


@bp.post("/messages/<key>/send-now")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def send_now(campaign: UUID, key: str) -> Response:
    with writing() as session:
        service.send_now(session, viewer(), campaign, key)
    pages.toast(_("It goes out now."))
    return _back(campaign)


@bp.get("/messages/<key>/skip")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def confirm_skip(campaign: UUID, key: str) -> Response:
    """The dialog's question as a page."""
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        touch = queries.find_touch(session, found, key)
    return questions.page(leave_out(found, touch))


@bp.post("/messages/<key>/skip")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def skip(campaign: UUID, key: str) -> Response:
    with writing() as session:
        service.skip_touch(session, viewer(), campaign, key)
    pages.toast(_("Left out. The others keep their times."))
    return _back(campaign)


@bp.post("/messages/<key>/send-again")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=MARKETER)
def send_again(campaign: UUID, key: str) -> Response:
    """The page has warned that some may get it twice."""
    with writing() as session:
        found = queries.find_campaign(session, viewer(), campaign, lock=True)
        touch = queries.find_touch(session, found, key)
        count = reconcile.send_again(session, viewer(), found, touch)
    pages.toast(ngettext("%(num)s mail waits again.", "%(num)s mails wait again.", count))
    return _back(campaign)


def leave_out(found: Campaign, touch: CampaignTouch) -> Question:
    return Question(
        _("Leave out “%(mail)s”?", mail=touch.name),
        _("Nobody gets it any more. The other messages keep their times."),
        _("Yes, leave it out"),
        _("Keep it"),
        url_for("partner_campaign_deeds.skip", campaign=found.public_id, key=touch.key),
        url_for("partner_campaigns.show", campaign=found.public_id),
        "campaigns",
    )


def _do(deed: SimpleDeed, campaign: UUID) -> None:
    with writing() as session:
        deed(session, viewer(), campaign)


def _back(campaign: UUID) -> Response:
    return pages.see_other(url_for("partner_campaigns.show", campaign=campaign))


def _whereabouts(campaign: UUID) -> tuple[str, str]:
    """People who have the mail that was going out, and people who do not."""
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        mails = queries.figures_of(found.touches)
    waiting = max(mails, key=lambda mail: (mail.waiting > 0, mail.sent), default=None)
    if waiting is None:
        return "0", "0"
    return formats.number(waiting.people - waiting.waiting), formats.number(waiting.waiting)


def _ask(campaign: UUID, deed: Deed) -> Response:
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        touches = list(found.touches)
        shown = states.shown(found, touches)
    if deed not in states.DEEDS[shown]:
        raise Invalid(_("This campaign is %(state)s.", state=words.state(shown)))
    return pages.page(
        "partner/campaigns/confirm.html", campaign=found, shown=shown, waiting=_waiting(touches), deed=deed
    )


def _waiting(touches: list[CampaignTouch]) -> int:
    return sum(touch.waiting_count for touch in touches)


def _time_page(campaign: UUID, error: Invalid | None = None) -> Response:
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        touches = [touch for touch in found.touches if touch.kind == EMAIL]
    key = request.values.get("message", "")
    touch = next((one for one in touches if one.key == key), None) or states.next_mail(touches)
    local = (touch.due_local if touch else None) or ""
    values: dict[str, Any] = {
        "campaign": found,
        "touch": touch,
        "message": key,
        "day": request.form.get("day", local[:10]),
        "hour": request.form.get("hour", local[11:]),
    }
    if error is not None:
        return pages.problem("partner/campaigns/time.html", error, **values)
    return pages.page("partner/campaigns/time.html", **values)

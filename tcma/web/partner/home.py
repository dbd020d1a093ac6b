"""What now: the first page of a partner."""

from datetime import datetime

from flask import Blueprint, Response, request, url_for

from tcma.errors import Invalid
from tcma.home import board, service
from tcma.home.proposal import Reason
from tcma.home.service import Until
from tcma.home.tasks import Kind
from tcma.language import current
from tcma.language import gettext as _
from tcma.partners import brands
from tcma.viewer import OrganisationKind, Role
from tcma.web import formats
from tcma.web.guards import Access, guard
from tcma.web.pages import page, see_other, toast
from tcma.web.partner import campaign_words, funding_words, kit_words, task_words
from tcma.web.unit import organisation, reading, user, viewer, writing

bp = Blueprint("partner_home", __name__, url_prefix="/p/<slug:partner>")


@bp.get("/")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show() -> Response:
    """Do now, the kit most worth starting, what runs, money. Sales people work in the inbox itself."""
    if viewer().roles == {Role.SALES}:
        return see_other(_under("leads"))
    with reading() as session:
        found = board.board_for(session, viewer())
        has_brand = brands.profile_of(session, viewer().organisation_id) is not None
    return page(
        "partner/home/show.html",
        board=found,
        greeting=task_words.greeting(user().name, found.now, formats.zone()),
        summary=task_words.summary(found.plan),
        tasks=[task_words.shown(task, found.now) for task in found.plan.tasks],
        until=[(Until.TOMORROW.value, _("Tomorrow")), (Until.NEXT_WEEK.value, _("Next week"))],
        under=_under,
        state=campaign_words.state,
        tone=campaign_words.tone,
        why=_why(found),
        picture=_picture(found),
        funding=funding_words,
        minutes=kit_words.minutes(has_brand),
        locale=current(),
        may_launch=bool(viewer().roles & {Role.OWNER, Role.MARKETER}),
    )


@bp.post("/put-off")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def put_off() -> Response:
    """Not today: a task stays away until tomorrow or next week."""
    kind, choice = _kind(), request.form.get("until", "")
    if choice not in set(Until):
        raise Invalid(_("Choose tomorrow or next week."))
    with writing() as session:
        proposed = board.proposal_for(session, viewer())
        findings = board.all_findings(session, viewer(), proposed)
        until = service.put_off(session, viewer(), kind, findings, Until(choice))
    toast(
        _("Put off. It comes back %(when)s.", when=_when(until)), undo=f"{_under('put-off/undo')}?kind={kind}"
    )
    return see_other(_under(""))


@bp.post("/put-off/undo")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def bring_back() -> Response:
    """Show again what was put off: one kind, or everything."""
    kind = _kind() if request.values.get("kind") else None
    with writing() as session:
        service.bring_back(session, viewer(), kind)
    return see_other(_under(""))


def _kind() -> Kind:
    word = request.values.get("kind", "")
    if word not in set(Kind):
        raise Invalid(_("There is no such task."))
    return Kind(word)


def _why(found: board.Board) -> str:
    """Why this kit is the one most worth starting."""
    if found.proposal is None:
        return ""
    if found.proposal.card is not None:
        money = formats.money(found.proposal.card.left, found.proposal.card.certificate.currency)
        return _("Your certificate pays a share of it: %(amount)s are left.", amount=money)
    if found.proposal.reason is Reason.NEW:
        return _("You have not launched it yet.")
    return _("You launched it before; other people of yours may want it too.")


def _picture(found: board.Board) -> str:
    """The frame with the kit's first mail in the partner's brand."""
    if found.proposal is None or not found.proposal.offered.summary.first_mail:
        return ""
    one = found.proposal.offered
    locale = current() if current() in one.locales else one.locales[0]
    key = one.summary.first_mail
    return url_for("partner_kits.preview", kit=one.kit.public_id, key=key, scheme="light", language=locale)


def _when(moment: datetime) -> str:
    return formats.moment(moment)


def _under(path: str) -> str:
    return f"{url_for('.show', partner=organisation().slug)}{path}"

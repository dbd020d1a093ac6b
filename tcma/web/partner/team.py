"""The people of a partner: who they are, what they may, inviting, letting in, saying goodbye."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from tcma.errors import Conflict, DomainError, Invalid, NotFound, phrase
from tcma.language import gettext as _
from tcma.organisations import invitations, team
from tcma.viewer import OrganisationKind, Role
from tcma.web import choices, pages, unit
from tcma.web.guards import Access, guard
from tcma.web.pages import page, see_other, toast
from tcma.web.partner import questions
from tcma.web.partner.questions import Question

PARTNER = OrganisationKind.PARTNER
OWNERS = (Role.OWNER,)
bp = Blueprint("partner_team", __name__, url_prefix="/p/<slug:partner>/team")


@bp.get("")
@guard(Access.MEMBER, kind=PARTNER)
def index() -> Response:
    """Everybody sees the team; owners see who is invited as well. Three statements."""
    return page("partner/team/index.html", **_values())


@bp.post("/invite")
@guard(Access.MEMBER, kind=PARTNER, roles=OWNERS)
def invite() -> Response:
    email, role = request.form.get("email", ""), request.form.get("role", "")
    try:
        with unit.writing() as session:
            made, _token = invitations.invite(session, unit.viewer(), email, _role(role))
    except (Invalid, Conflict) as error:
        return pages.problem("partner/team/index.html", _at("email", error), **_values(email, role))
    toast(_("Invited. A link is on its way to %(email)s.", email=made.email))
    return see_other(_here())


@bp.post("/invitations/<uuid:public_id>/take-back")
@guard(Access.MEMBER, kind=PARTNER, roles=OWNERS)
def take_back(public_id: UUID) -> Response:
    with unit.writing() as session:
        invitations.take_back(session, unit.viewer(), public_id)
    toast(_("Taken back. The link opens nothing any more."))
    return see_other(_here())


@bp.post("/newcomers/<uuid:public_id>/let-in")
@guard(Access.MEMBER, kind=PARTNER, roles=OWNERS)
def let_in(public_id: UUID) -> Response:
    try:
        with unit.writing() as session:
            made = team.let_in(session, unit.viewer(), public_id, _role(request.form.get("role", "")))
    except (Invalid, Conflict) as error:
        return pages.problem("partner/team/index.html", _at("role", error), **_values())
    toast(_("Invited. A link is on its way to %(email)s.", email=made.email))
    return see_other(_here())


@bp.post("/newcomers/<uuid:public_id>/turn-down")
@guard(Access.MEMBER, kind=PARTNER, roles=OWNERS)
def turn_down(public_id: UUID) -> Response:
    with unit.writing() as session:
        team.turn_down(session, unit.viewer(), public_id)
    toast(_("Not let in. Nobody is told."), undo=url_for(".ask_again", public_id=public_id))
    return see_other(_here())


@bp.post("/newcomers/<uuid:public_id>/turn-down/undo")
@guard(Access.MEMBER, kind=PARTNER, roles=OWNERS)
def ask_again(public_id: UUID) -> Response:
    with unit.writing() as session:
        found = team.ask_again(session, unit.viewer(), public_id)
    toast(_("Taken back: %(email)s waits to be let in.", email=found.email))
    return see_other(_here())


@bp.get("/<uuid:public_id>")
@guard(Access.MEMBER, kind=PARTNER, roles=OWNERS)
def edit(public_id: UUID) -> Response:
    with unit.reading() as session:
        member = team.find_member(session, unit.viewer(), public_id)
    return page("partner/team/edit.html", **_of(member, {role.value for role in member.roles}))


@bp.post("/<uuid:public_id>")
@guard(Access.MEMBER, kind=PARTNER, roles=OWNERS)
def update(public_id: UUID) -> Response:
    chosen = request.form.getlist("roles")
    try:
        with unit.writing() as session:
            member = team.change_roles(session, unit.viewer(), public_id, [_role(word) for word in chosen])
    except (Invalid, Conflict) as error:
        with unit.reading() as session:
            member = team.find_member(session, unit.viewer(), public_id)
        return pages.problem("partner/team/edit.html", _at("roles", error), **_of(member, set(chosen)))
    toast(_("Saved. %(name)s may do this from the next page on.", name=member.user.name))
    return see_other(_here())


@bp.get("/<uuid:public_id>/delete")
@guard(Access.MEMBER, kind=PARTNER)
def confirm(public_id: UUID) -> Response:
    """The question of the dialog; an owner is asked about anybody, everybody about themselves."""
    with unit.reading() as session:
        member = team.find_member(session, unit.viewer(), public_id)
    if member.user.id != unit.user().id and Role.OWNER not in unit.viewer().roles:
        raise NotFound(phrase("This person does not belong to your team."))
    return questions.page(_goodbye(member))


@bp.post("/<uuid:public_id>/delete")
@guard(Access.MEMBER, kind=PARTNER)
def remove(public_id: UUID) -> Response:
    """An owner removes a colleague; everybody may leave."""
    try:
        with unit.writing() as session:
            member = team.remove(session, unit.viewer(), public_id)
    except Conflict as error:
        with unit.reading() as session:
            member = team.find_member(session, unit.viewer(), public_id)
        values = _of(member, {role.value for role in member.roles})
        return pages.problem("partner/team/edit.html", _at("roles", error), **values)
    if member.user.id == unit.user().id:
        toast(_("You have left %(name)s.", name=unit.organisation().name))
        return see_other("/account/")
    toast(_("%(name)s does not belong to the team any more.", name=member.user.name))
    return see_other(_here())


def _goodbye(member: team.Member) -> Question:
    is_me, name = member.user.id == unit.user().id, member.user.name
    here = url_for("partner_team.edit", public_id=member.user.public_id)
    firm = unit.organisation().name
    return Question(
        _("Leave %(name)s?", name=firm) if is_me else _("Remove %(name)s from the team?", name=name),
        _(
            "You will not see this organisation any more. Your other organisations stay as they are. Only an owner"
            " can invite you again."
        )
        if is_me
        else _(
            "%(name)s will not see this organisation any more. Leads and campaigns stay; give open leads to somebody"
            " else first.",
            name=name,
        ),
        _("Yes, leave") if is_me else _("Yes, remove"),
        _("Stay") if is_me else _("Keep"),
        url_for("partner_team.remove", public_id=member.user.public_id),
        here if Role.OWNER in unit.viewer().roles else _here(),
        "team",
    )


def _values(email: str = "", role: str = Role.SALES.value) -> dict[str, Any]:
    viewer = unit.viewer()
    is_owner = Role.OWNER in viewer.roles
    with unit.reading() as session:
        members = team.team_of(session, viewer)
        invited = invitations.open_invitations(session, viewer) if is_owner else []
        newcomers = team.newcomers(session, viewer) if is_owner else []
    mine = next((member for member in members if member.user.id == unit.user().id), None)
    return {
        "members": members,
        "goodbye": _goodbye(mine) if mine else None,
        "invited": invited,
        "newcomers": newcomers,
        "is_owner": is_owner,
        "me": unit.user(),
        "names": choices.role_names,
        "roles": choices.roles(PARTNER),
        "role_pairs": [(value, word) for value, word, _may in choices.roles(PARTNER)],
        "email": email,
        "role": role,
    }


def _of(member: team.Member, chosen: set[str]) -> dict[str, Any]:
    return {
        "member": member,
        "goodbye": _goodbye(member),
        "chosen": chosen,
        "roles": choices.roles(PARTNER),
        "is_me": member.user.id == unit.user().id,
    }


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        sentence = _("Choose one of the roles.")
        raise Invalid(sentence, {"role": sentence}) from None


def _at(field: str, error: DomainError) -> Invalid:
    """The refusal beside the field it is about."""
    fields = error.fields if isinstance(error, Invalid) and error.fields else {field: error.sentence}
    return Invalid(error.sentence, fields)


def _here() -> str:
    return f"/p/{unit.organisation().slug}/team"

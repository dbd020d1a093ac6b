"""One person of an audience: what is known, correcting it, stopping mail, deleting; adding one by hand."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from tcma import clock
from tcma.audiences import persons, queries, service, suppression
from tcma.audiences.details import Details
from tcma.audiences.models import Basis, Contact
from tcma.errors import Conflict, Invalid
from tcma.language import gettext as _
from tcma.language import mark
from tcma.launches import audience_use
from tcma.launches.deliveries import DeliveryStatus
from tcma.viewer import OrganisationKind, Role
from tcma.web import pages
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.partner import audience_words as words
from tcma.web.partner import audiences
from tcma.web.unit import reading, viewer, writing

bp = Blueprint(
    "partner_audience_people", __name__, url_prefix="/p/<slug:partner>/audiences/<uuid:audience>/people"
)

PERSON = "partner/audiences/person.html"
NEW = "partner/audiences/new_person.html"
DELETE = "partner/audiences/delete_person.html"
WRITERS = (Role.MARKETER, Role.SALES)
FIELDS = (
    "address", "first_name", "last_name", "title", "company", "industry", "employees", "phone", "country",
    "language", "relation",
)  # fmt: skip
STATES = {
    DeliveryStatus.QUEUED: (mark("Waiting"), "info"),
    DeliveryStatus.SENDING: (mark("Waiting"), "info"),
    DeliveryStatus.SENT: (mark("Sent"), "ok"),
    DeliveryStatus.DELIVERED: (mark("Sent"), "ok"),
    DeliveryStatus.BOUNCED: (mark("Came back"), "bad"),
    DeliveryStatus.SKIPPED: (mark("Skipped"), "neutral"),
    DeliveryStatus.FAILED: (mark("Failed"), "bad"),
    DeliveryStatus.UNKNOWN: (mark("Unknown"), "warn"),
}
PURPOSES = {"news": mark("News by mail"), "sharing": mark("Sharing answers")}


@bp.get("/new")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=WRITERS)
def new(audience: UUID) -> Response:
    return pages.page(NEW, **_new_values(audience, {}))


@bp.post("/new")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=WRITERS)
def create(audience: UUID) -> Response:
    typed = _typed()
    answer = request.form.get("basis", "")
    try:
        if answer not in set(Basis):
            sentence = _("Say why you may write to this person.")
            raise Invalid(sentence, {"basis": sentence})
        with writing() as session:
            made = service.add_contact(
                session,
                viewer(),
                audience,
                Details(**typed),
                basis=Basis(answer),
                hash_key=installation().settings.hash_key,
            )
    except (Invalid, Conflict) as error:
        values = _new_values(audience, {**typed, "basis": answer})
        return pages.problem(NEW, _on_address(error), **values)
    pages.toast(_("%(address)s is on the list.", address=made.address_typed))
    return pages.see_other(url_for("partner_audience.show", audience=audience))


@bp.get("/<uuid:contact>")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show(audience: UUID, contact: UUID) -> Response:
    return pages.page(PERSON, **_values(audience, contact))


@bp.post("/<uuid:contact>")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=WRITERS)
def update(audience: UUID, contact: UUID) -> Response:
    typed = _typed()
    try:
        with writing() as session:
            service.change_contact(
                session,
                viewer(),
                contact,
                Details(**typed),
                hash_key=installation().settings.hash_key,
            )
    except (Invalid, Conflict) as error:
        return pages.problem(PERSON, _on_address(error), **_values(audience, contact, typed))
    pages.toast(_("Saved."))
    return pages.see_other(url_for(".show", audience=audience, contact=contact))


@bp.post("/<uuid:contact>/stop")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=WRITERS)
def stop(audience: UUID, contact: UUID) -> Response:
    """This person asked for no more mail, by telephone or in a letter."""
    with writing() as session:
        found = queries.find_contact(session, viewer(), contact)
        is_new = suppression.suppress_by_hand(
            session, viewer(), found.address, hash_key=installation().settings.hash_key
        )
    undo = url_for(".stop_undone", audience=audience, contact=contact) if is_new else None
    pages.toast(_("%(address)s gets no more mail from you.", address=found.address_typed), undo=undo)
    return pages.see_other(url_for(".show", audience=audience, contact=contact))


@bp.post("/<uuid:contact>/stop/undo")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=WRITERS)
def stop_undone(audience: UUID, contact: UUID) -> Response:
    with writing() as session:
        found = queries.find_contact(session, viewer(), contact)
        suppression.take_back_by_hand(
            session, viewer(), found.address, hash_key=installation().settings.hash_key
        )
    pages.toast(
        _("%(address)s gets mail again, unless something else forbids it.", address=found.address_typed)
    )
    return pages.see_other(url_for(".show", audience=audience, contact=contact))


@bp.get("/<uuid:contact>/delete")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def confirm_delete(audience: UUID, contact: UUID) -> Response:
    """The question of the dialog, as a page."""
    return pages.page(DELETE, **_values(audience, contact))


@bp.post("/<uuid:contact>/delete")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER, roles=(Role.MARKETER,))
def delete(audience: UUID, contact: UUID) -> Response:
    with reading() as session:
        name = _name(queries.find_contact(session, viewer(), contact))
    with writing() as session:
        service.delete_contact(session, viewer(), contact)
    pages.toast(_("%(name)s is deleted from your contacts.", name=name))
    return pages.see_other(url_for("partner_audience.show", audience=audience))


def _typed() -> dict[str, str]:
    return {name: request.form.get(name, "")[:400] for name in FIELDS}


def _new_values(audience: UUID, typed: dict[str, str]) -> dict[str, Any]:
    with reading() as session:
        found = queries.find_list(session, viewer(), audience)
    return {
        "audience": found,
        "list_address": url_for("partner_audience.show", audience=audience),
        "typed": {**dict.fromkeys(FIELDS, ""), "relation": "unknown", "basis": None, **typed},
        "relations": words.relations(),
        "answers": [(basis.value, _(label)) for basis, label in words.BASES.items()],
    }


def _values(audience: UUID, contact: UUID, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """Seventeen statements."""
    with reading() as session:
        found = persons.find(session, viewer(), audience, contact)
        now = clock.now(session)
        messages = audience_use.messages_to(session, viewer(), found.contact.id)
        here = queries.find_list(session, viewer(), audience)
    known = {name: str(getattr(found.contact, name)) for name in FIELDS if name != "address"}
    return {
        "audience": here,
        "list_address": url_for("partner_audience.show", audience=audience),
        "person": found,
        "contact": found.contact,
        "name": _name(found.contact),
        "typed": typed or {**known, "address": found.contact.address_typed},
        "relations": words.relations(),
        "places": [
            (one, _(words.SHORT_BASES[one.basis]), one.file_name or _(words.SOURCES[one.source]))
            for one in found.places
        ],
        "consents": [(one, _(PURPOSES.get(one.purpose, one.purpose))) for one in found.consents],
        "wishes": words.wishes(found.chosen, now),
        "stops": [(one, _(words.REASONS[one.reason])) for one in found.suppressions],
        "messages": [(one, _(STATES[one.status][0]), STATES[one.status][1]) for one in messages],
        "may_write": audiences.may_write(),
        "may_correct": audiences.may_write(Role.SALES),
    }


def _name(contact: Contact) -> str:
    return f"{contact.first_name} {contact.last_name}".strip() or contact.address_typed


def _on_address(error: Invalid | Conflict) -> Invalid:
    return error if isinstance(error, Invalid) else Invalid(error.sentence, {"address": error.sentence})

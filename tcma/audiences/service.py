"""What a partner's people do with their lists and contacts; files are read by `imports`."""

import secrets
from uuid import UUID

from sqlalchemy import column, delete, exists, func, or_, select, table, update
from sqlalchemy.orm import Session

from campaigns import people
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import bases, contacts, eligible, marks, queries, suppression, terms
from tcma.audiences.details import Details
from tcma.audiences.models import (
    Basis,
    Contact,
    ContactBefore,
    ContactImport,
    ContactList,
    ImportStatus,
    ListMember,
    Relation,
    SkippedRow,
)
from tcma.audiences.terms import accept_processing_terms
from tcma.audit import trail
from tcma.columns import new_public_id
from tcma.db import insert_into
from tcma.errors import Conflict, Invalid, phrase
from tcma.jobs import queue
from tcma.jobs.queue import Job
from tcma.organisations.models import Organisation
from tcma.viewer import OrganisationKind, Role, Viewer

__all__ = [
    "accept_processing_terms",
    "add_contact",
    "change_basis",
    "change_contact",
    "delete_contact",
    "delete_list",
    "let_go",
    "make_list",
    "remove_from_list",
    "rename_list",
]

LONGEST_NAME = 120
_DELIVERIES = table("deliveries", column("contact_id"))
_CAMPAIGNS = table("campaigns", column("partner_id"), column("list_id"), column("status"))


def make_list(session: Session, viewer: Viewer, name: str) -> ContactList:
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    name = _list_name(name)
    statement = (
        insert_into(session, ContactList)
        .values(
            public_id=new_public_id(),
            partner_id=viewer.organisation_id,
            name=name,
            created_at=clock.now(session),
        )
        .on_conflict_do_nothing(index_elements=["partner_id", "name"])
        .returning(ContactList.__table__.c.public_id)
    )
    public_id = session.execute(statement).scalar()
    if public_id is None:
        raise Conflict(phrase("You have a list called “%(name)s” already. Choose another name.", name=name))
    made = queries.find_list(session, viewer, public_id)
    trail.record(session, viewer, "contact_list.made", made)
    return made


def rename_list(session: Session, viewer: Viewer, list_id: UUID, name: str) -> ContactList:
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found, name = queries.find_list(session, viewer, list_id), _list_name(name)
    taken = session.scalar(
        select(ContactList.id).where(
            ContactList.partner_id == viewer.organisation_id,
            ContactList.name == name,
            ContactList.id != found.id,
        )
    )
    if taken:
        raise Conflict(phrase("You have a list called “%(name)s” already. Choose another name.", name=name))
    found.name = name
    trail.record(session, viewer, "contact_list.renamed", found)
    return found


def change_basis(session: Session, viewer: Viewer, list_id: UUID, basis: Basis) -> int:
    """State anew why the people of a list may be written to; how many that concerns.

    People who came by a form keep what they said themselves.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found = queries.find_list(session, viewer, list_id)
    marks.people_changed(session, found.partner_id)
    changed = session.execute(
        update(ListMember)
        .where(
            ListMember.partner_id == viewer.organisation_id,
            ListMember.list_id == found.id,
            ListMember.source != eligible.FORM,
        )
        .values(basis=basis)
        .execution_options(synchronize_session=False)
        .returning(ListMember.id)
    ).all()
    detail = {"basis": basis.value, "wording": bases.WORDING[basis], "people": len(changed)}
    trail.record(session, viewer, "contact_list.basis_changed", found, detail)
    return len(changed)


def add_contact(
    session: Session, viewer: Viewer, list_id: UUID, details: Details, *, basis: Basis, hash_key: bytes
) -> Contact:
    """Put one person on a list; known people are brought up to date, suppressed ones are not added."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES)
    terms.require_accepted(session, viewer)
    target = queries.find_list(session, viewer, list_id)
    person = details.checked(_country(session, viewer))
    _refuse_suppressed(session, viewer, person, hash_key)
    made = contacts.ensure(
        session, viewer.organisation_id, person, basis, contacts.BY_HAND, hash_key, list_id=target.id
    )
    trail.record(session, viewer, "contact.added", made, {"list": target.id, "basis": basis.value})
    return made


def change_contact(
    session: Session, viewer: Viewer, public_id: UUID, details: Details, *, hash_key: bytes
) -> Contact:
    """Correct what is known of a person, all fields at once. A suppressed address stays what it is."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER, Role.SALES)
    terms.require_accepted(session, viewer)
    found = queries.find_contact(session, viewer, public_id, lock=True)
    person = details.checked(_country(session, viewer), known=found.address)
    if person.address != found.address:
        if suppression.earlier(session, viewer.organisation_id, [found.address_hash]):
            raise Conflict("This person gets no more mail; the address can only be deleted, not changed.")
        _refuse_suppressed(session, viewer, person, hash_key)
        _refuse_taken(session, viewer, person)
    for name, value in contacts.texts_of(person).items():
        setattr(found, name, value)
    found.relation = Relation(person.relation.value)
    found.address_hash = person_key(hash_key, person.address)
    found.updated_at = clock.now(session)
    marks.people_changed(session, found.partner_id)
    trail.record(session, viewer, "contact.changed", found)
    return found


def delete_contact(session: Session, viewer: Viewer, public_id: UUID) -> None:
    """Blank a person to a tombstone and take them off every list; deliveries and figures stay.

    The keyed hash stays only where mail has gone out: whoever presses "stop" in that mail later must still be
    suppressed. Suppressions and consents keep hashes of their own. Added again, the person is a new contact.
    """
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found = queries.find_contact(session, viewer, public_id, lock=True)
    blank(session, found)
    trail.record(session, viewer, "contact.deleted", found)


def blank(session: Session, found: Contact) -> None:
    """What `delete_contact` does, for jobs too: the files that named the person are not read again either."""
    marks.people_changed(session, found.partner_id)
    _blank_skipped_rows(session, found)
    _let_files_go(session, found)
    has_mail = session.scalar(select(exists().where(_DELIVERIES.c.contact_id == found.id)))
    found.blank(clock.now(session), found.address_hash if has_mail else secrets.token_bytes(16))
    if has_mail:
        queue.enqueue(session, Job.REPLIES_FORGET_PERSON, str(found.id), {"contact_id": found.id})
    for named in (ListMember, ContactBefore):
        session.execute(
            delete(named)
            .where(named.partner_id == found.partner_id, named.contact_id == found.id)
            .execution_options(synchronize_session=False)
        )


def delete_list(session: Session, viewer: Viewer, list_id: UUID) -> ContactList:
    """A list goes at once, and by a job the people who are on no other; what is under way goes on."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    found = queries.find_list(session, viewer, list_id)
    trail.record(session, viewer, "contact_list.deleted", found)
    found.delete(clock.now(session))
    under_way = select(ContactImport).where(
        ContactImport.list_id == found.id, ContactImport.status == ImportStatus.RUNNING
    )
    for being_read in session.scalars(under_way.with_for_update()):
        being_read.cancel()
    let_go(session, found)
    queue.enqueue(session, Job.AUDIENCES_FORGET_LIST, str(found.id), {"list_id": found.id})
    return found


def let_go(session: Session, gone: ContactList) -> None:
    """Drafts that were to go to a list have to choose another one."""
    session.execute(
        update(_CAMPAIGNS)
        .where(
            _CAMPAIGNS.c.partner_id == gone.partner_id,
            _CAMPAIGNS.c.list_id == gone.id,
            _CAMPAIGNS.c.status == "draft",
        )
        .values(list_id=None)
    )


def remove_from_list(session: Session, viewer: Viewer, list_id: UUID, public_id: UUID) -> None:
    """Take a person off one list; the contact stays."""
    viewer.require(OrganisationKind.PARTNER, Role.MARKETER)
    target = queries.find_list(session, viewer, list_id)
    found = queries.find_contact(session, viewer, public_id)
    marks.people_changed(session, viewer.organisation_id)
    session.execute(
        delete(ListMember)
        .where(
            ListMember.partner_id == viewer.organisation_id,
            ListMember.list_id == target.id,
            ListMember.contact_id == found.id,
        )
        .execution_options(synchronize_session=False)
    )
    trail.record(session, viewer, "contact.removed_from_list", found, {"list": target.id})


def _list_name(given: str) -> str:
    name = " ".join(given.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        sentence = phrase("A list has a name of 1 to %(most)s characters.", most=LONGEST_NAME)
        raise Invalid(sentence, {"name": sentence})
    return name


def _country(session: Session, viewer: Viewer) -> str:
    return session.get_one(Organisation, viewer.organisation_id).country


def _refuse_suppressed(session: Session, viewer: Viewer, person: people.Person, hash_key: bytes) -> None:
    address_hash = person_key(hash_key, person.address)
    reason = suppression.earlier(session, viewer.organisation_id, [address_hash]).get(address_hash)
    if reason == suppression.BOUNCED_EARLIER:
        raise Conflict("Mail to this address came back earlier: it does not exist. Ask for another one.")
    if reason:
        raise Conflict("This person unsubscribed earlier and gets no more mail from you.")


def _refuse_taken(session: Session, viewer: Viewer, person: people.Person) -> None:
    taken = session.scalar(
        select(Contact.id).where(
            Contact.partner_id == viewer.organisation_id, Contact.address == person.address
        )
    )
    if taken:
        raise Conflict("Another of your contacts has this address. Delete one of the two.")


def _let_files_go(session: Session, contact: Contact) -> None:
    """Uploaded files that named the person: the next run of the daily job removes them."""
    of_member = select(ListMember.import_id).where(ListMember.contact_id == contact.id)
    of_before = select(ContactBefore.import_id).where(ContactBefore.contact_id == contact.id)
    still_older = select(ContactBefore.member_import_id).where(ContactBefore.contact_id == contact.id)
    now = clock.now(session)
    for found in session.scalars(
        select(ContactImport)
        .where(
            ContactImport.partner_id == contact.partner_id,
            ContactImport.file_kept_until > now,
            or_(*(ContactImport.id.in_(named) for named in (of_member, of_before, still_older))),
        )
        .with_for_update()
    ):
        found.file_kept_until = now
        found.layout = {**found.layout, "first_rows": []}


def _blank_skipped_rows(session: Session, contact: Contact) -> None:
    """Rows left out of files may name the person a second time."""
    mentions = [
        func.lower(text).contains(address, autoescape=True)
        for text in (SkippedRow.row_text, SkippedRow.sentence)
        for address in sorted({contact.address, contact.address_typed.lower()})
    ]
    session.execute(
        update(SkippedRow)
        .where(SkippedRow.partner_id == contact.partner_id, or_(*mentions))
        .values(row_text="", sentence=phrase("This row named a person who was deleted later."))
        .execution_options(synchronize_session=False)
    )

"""What a person does with a lead: take it on, speak to the people, note it, hand it to a colleague."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tcma import clock
from tcma.audit import trail
from tcma.errors import Invalid, phrase
from tcma.jobs.queue import Job, enqueue
from tcma.leads import queries, transitions
from tcma.leads.dealings import Deed, LeadNote, NoteKind
from tcma.leads.models import Lead, Stage
from tcma.leads.transitions import Done
from tcma.organisations.models import Membership, User
from tcma.viewer import OrganisationKind, Role, Viewer

WORKERS = (Role.MARKETER, Role.SALES)
LONGEST_NOTE = 2_000
_REACHED = (Stage.CONTACTED, Stage.QUALIFIED, Stage.OPPORTUNITY)


def accept(session: Session, viewer: Viewer, public_id: UUID) -> Done:
    """Take a lead on; from here on this person holds it."""
    lead = worked(session, viewer, public_id)
    done = transitions.perform(session, viewer, lead, Deed.ACCEPTED, Stage.ACCEPTED)
    lead.holder_id = viewer.user_id
    return done


def contacted(session: Session, viewer: Viewer, public_id: UUID, note: str = "") -> Done:
    """Somebody spoke with them; accepts the lead where nobody had. `note` is the partner's own."""
    lead = worked(session, viewer, public_id)
    done = transitions.perform(session, viewer, lead, Deed.CONTACTED, Stage.CONTACTED)
    lead.holder_id = lead.holder_id or viewer.user_id
    write(session, viewer, lead, NoteKind.SPOKE, note, done.key)
    return done


def still_open(session: Session, viewer: Viewer, public_id: UUID, note: str = "") -> Done:
    """An update without a move: somebody is still working on it. Starts the next stretch of the clock."""
    lead = worked(session, viewer, public_id)
    target = None if lead.stage in _REACHED else Stage.CONTACTED
    done = transitions.perform(session, viewer, lead, Deed.REPORTED, target)
    write(session, viewer, lead, NoteKind.NOTE, note, done.key)
    return done


def bring_back(session: Session, viewer: Viewer, public_id: UUID) -> Done:
    """Out of nurture before its day."""
    lead = worked(session, viewer, public_id)
    return transitions.perform(session, viewer, lead, Deed.CAME_BACK, Stage.NEW)


def attempt(session: Session, viewer: Viewer, public_id: UUID, how: NoteKind) -> LeadNote:
    """A call or a mail was begun; whether somebody was reached is said by `contacted`."""
    if how not in (NoteKind.CALL, NoteKind.MAIL):
        raise Invalid("An attempt is a call or a mail.")
    return write(session, viewer, worked(session, viewer, public_id), how, "", None)


def note(session: Session, viewer: Viewer, public_id: UUID, text: str) -> LeadNote:
    """A line of the partner's own; no vendor reads it."""
    lead = worked(session, viewer, public_id)
    if not text.strip():
        raise Invalid("Write a line, then save it.", {"note": "Nothing is written here yet."})
    return write(session, viewer, lead, NoteKind.NOTE, text, None)


def hand_over(session: Session, viewer: Viewer, public_id: UUID, user_public_id: UUID) -> Done:
    """Give a lead to a colleague who works leads; the clock goes on."""
    lead = worked(session, viewer, public_id)
    colleague = next((user for user in colleagues(session, viewer) if user.public_id == user_public_id), None)
    if colleague is None:
        raise Invalid(
            "Choose a colleague who works leads.", {"colleague": "This person does not work leads here."}
        )
    done = transitions.perform(session, viewer, lead, Deed.HANDED)
    lead.holder_id = colleague.id
    if colleague.id != viewer.user_id:
        enqueue(
            session,
            Job.LEADS_TELL_HANDED,
            str(done.key),
            {"lead_id": lead.id, "deed_key": str(done.key)},
            delay=clock.UNDO,
        )
    return done


def colleagues(session: Session, viewer: Viewer) -> list[User]:
    """Everybody of the viewer's organisation who may work leads, by name. One statement."""
    return list(
        session.scalars(
            select(User)
            .where(
                User.id.in_(
                    select(Membership.user_id).where(
                        Membership.organisation_id == viewer.organisation_id,
                        Membership.role.in_((Role.OWNER, *WORKERS)),
                    )
                )
            )
            .order_by(User.name, User.id)
        )
    )


def worked(session: Session, viewer: Viewer, public_id: UUID) -> Lead:
    """The viewer's lead, locked, for somebody who may work it."""
    viewer.require(OrganisationKind.PARTNER, *WORKERS)
    return queries.find_lead(session, viewer, public_id, lock=True)


def write(
    session: Session, viewer: Viewer, lead: Lead, kind: NoteKind, text: str, deed_key: UUID | None
) -> LeadNote:
    """A note of a lead; what belongs to a deed goes when that is taken back. Nothing said leaves an empty
    text, so that an attempt or a conversation without words shows too."""
    line = " ".join(text.split())
    if len(line) > LONGEST_NOTE:
        sentence = phrase(
            "This note has %(count)s characters. At most %(most)s fit.", count=len(line), most=LONGEST_NOTE
        )
        raise Invalid(sentence, {"note": sentence})
    made = LeadNote(
        lead_id=lead.id,
        owner_id=lead.owner_id,
        vendor_id=lead.vendor_id,
        kind=kind,
        text=line,
        deed_key=deed_key,
        user_id=viewer.user_id,
        at=clock.now(session),
    )
    session.add(made)
    if deed_key is None:
        session.flush()
        trail.record(session, viewer, f"lead.{kind.value}", lead)
    return made


def may_work(viewer: Viewer) -> bool:
    """Whether pages offer this person the deeds; the deeds check for themselves."""
    return viewer.is_partner and bool(viewer.roles & {Role.OWNER, *WORKERS})

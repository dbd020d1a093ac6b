"""Leads from a mail: the facts and one button per next step, without signing in, for these leads only.

Opening the page changes nothing: programs open links. What a button does is done in the name of the reader
the link was made for, and the page says so.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from campaigns.channels.microsite import Message
from campaigns.links import Purpose, Token
from tcma import addresses, clock
from tcma.errors import Conflict, Invalid, NotFound, phrase
from tcma.language import gettext as _
from tcma.language import use
from tcma.leads import clocks, links, nurture, queries, returns, service, story, transitions, undo, words
from tcma.leads.dealings import Deed
from tcma.leads.links import Reader
from tcma.leads.models import Lead, LeadPerson, Stage
from tcma.leads.transitions import Done
from tcma.organisations.models import Organisation
from tcma.web import errors, frame, pages
from tcma.web.guards import Access, guard
from tcma.web.partner import lead_outcomes, leads_shown

bp = Blueprint("lead_status", __name__)
_ONE_PRESS = {
    Stage.NEW: ("accept", "contacted", "not-now", "not-a-fit"),
    Stage.ACCEPTED: ("contacted", "not-now", "not-a-fit"),
    Stage.CONTACTED: ("still-open", "not-now", "won", "lost", "not-a-fit"),
    Stage.QUALIFIED: ("still-open", "not-now", "won", "lost"),
    Stage.OPPORTUNITY: ("still-open", "not-now", "won", "lost"),
}


@bp.get("/l/<token>")
@guard(Access.TOKEN, Purpose.LEAD)
def show(token: str) -> Response:
    """One lead with its next steps, or the table of several that wait for an update."""
    found = _verified(token)
    if found is None:
        return errors.page(Message.BAD_LINK, 404)
    try:
        return _page(token, found)
    except NotFound:
        return errors.page(Message.BAD_LINK, 404)


@bp.post("/l/<token>")
@guard(Access.TOKEN, Purpose.LEAD)
def do(token: str) -> Response:
    """One step of one lead, then the page again. A step that is not possible any more says so."""
    found = _verified(token)
    if found is None:
        return errors.page(Message.BAD_LINK, 404)
    try:
        with frame.installation().web.transaction(found.partner_id) as session:
            reader = links.find_reader(session, found)
            use(reader.user.locale)
            done = _step(session, reader)
    except NotFound:
        return errors.page(Message.BAD_LINK, 404)
    except (Invalid, Conflict) as refused:
        return _page(token, found, refused)
    path = addresses.lead_link(token)
    return pages.see_other(f"{path}?done={done.key}" if done else path)


def _page(token: str, found: Token, refused: Invalid | Conflict | None = None) -> Response:
    with frame.installation().web.reading(found.partner_id) as session:
        reader = links.find_reader(session, found)
        use(reader.user.locale)
        owner = session.get_one(Organisation, found.partner_id)
        now = clock.now(session)
        place = reader.user.timezone or owner.timezone
        shown = [_shown(session, lead, owner, now, place) for lead in reader.leads]
        done = _done(session, reader)
    values = {
        "action": addresses.lead_link(token),
        "reader": reader,
        "owner": owner,
        "leads": shown,
        "alone": len(reader.link.lead_ids) == 1,
        "done": done,
        "outcomes": lead_outcomes.choices(),
        "losses": lead_outcomes.losses(),
        "not_fits": [(reason.value, _(words.RETURNS[reason])) for reason in returns.NOT_A_FIT],
        "inbox": addresses.leads(owner.slug),
        "currency": owner.currency,
        "typed": request.form,
    }
    template = "public/lead_status.html"
    if refused is None:
        return pages.page(template, **values)
    error = refused if isinstance(refused, Invalid) else Invalid(refused.sentence)
    return pages.problem(template, lead_outcomes.at_row(error, request.form.get("lead", "")), **values)


@dataclass(frozen=True, slots=True)
class Shown:
    """A lead on the page of a mail."""

    lead: Lead
    person: LeadPerson | None
    stage: str
    tone: str
    chip: leads_shown.Chip | None
    did: str
    message: str
    steps: tuple[str, ...]
    address: str


def _shown(session: Session, lead: Lead, owner: Organisation, now: datetime, place: str) -> Shown:
    found = story.with_relations(session, lead)
    people, answers = queries.people_of(session, found), queries.answers_of(session, found)
    steps = queries.steps_of(session, found)
    return Shown(
        lead=found,
        person=people[0] if people else None,
        stage=words.stage(found.stage),
        tone=words.TONES.get(found.stage, "neutral"),
        chip=leads_shown.chip(found, owner, now, place),
        did=words.what_they_did(steps[::-1][:4]),
        message=answers[-1].fields.get("message", "") if answers else "",
        steps=_ONE_PRESS.get(found.stage, ()),
        address=addresses.lead(owner.slug, found.public_id),
    )


def _done(session: Session, reader: Reader) -> tuple[Lead, str, UUID] | None:
    """What was done by this link a moment ago and can be taken back: lead, words, key. None for anything else."""
    try:
        key = UUID(request.args.get("done", ""))
    except ValueError:
        return None
    now = clock.now(session)
    for lead in reader.leads:
        moves = transitions.standing(queries.transitions_of(session, lead))
        if moves and moves[-1].deed_key == key and moves[-1].user_id == reader.user.id:
            fresh = now - moves[-1].at <= clock.UNDO
            return (lead, _(words.MOVES[Deed(moves[-1].deed)]), key) if fresh else None
    return None


def _verified(token: str) -> Token | None:
    return frame.installation().signer.verify(token, Purpose.LEAD)


def _step(session: Session, reader: Reader) -> Done | None:
    """What the pressed button says; None for an undo."""
    lead = _named(reader)
    viewer, public_id = reader.viewer, lead.public_id
    match request.form.get("step", ""):
        case "accept":
            return service.accept(session, viewer, public_id)
        case "contacted":
            return service.contacted(session, viewer, public_id, request.form.get("note", ""))
        case "still-open":
            return service.still_open(session, viewer, public_id)
        case "not-now":
            return _rest(session, reader, lead)
        case "not-a-fit":
            return returns.disqualify(session, viewer, public_id, request.form.get("reason", ""))
        case "report":
            return lead_outcomes.report(session, viewer, public_id, request.form)
        case "undo":
            undo.undo(session, viewer, public_id, _key(request.form.get("deed", "")))
            return None
        case _:
            raise Invalid(_("Press one of the buttons."))


def _rest(session: Session, reader: Reader, lead: Lead) -> Done:
    calendar = clocks.calendar_for(session, lead)
    today = clock.now(session).astimezone(calendar.zone).date()
    return nurture.not_now(
        session, reader.viewer, lead.public_id, nurture.in_months(today, nurture.MONTHS[0])
    )


def _named(reader: Reader) -> Lead:
    """The lead of the form, one of those the link names."""
    wanted = request.form.get("lead", "")
    found = next((lead for lead in reader.leads if str(lead.public_id) == wanted), None)
    if found is None:
        raise NotFound(phrase("This link does not lead to that lead."))
    return found


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(phrase("There is no such deed.")) from error

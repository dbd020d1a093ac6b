"""What a prospect confirms by the button of the confirmation mail."""

from sqlalchemy.orm import Session

from campaigns.kit import Party
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import consents
from tcma.audiences.models import Contact
from tcma.errors import NotFound
from tcma.leads import queries
from tcma.leads.models import LeadAnswer, LeadPerson


def confirm(session: Session, answer_id: int, asked_hash: bytes, *, hash_key: bytes) -> LeadAnswer:
    """The person pressed the button of the confirmation mail: what was ticked counts from now on.

    It counts for the address that answered, and only from a mail that went there (`asked_hash`): a contact
    whose address was changed in between says nothing for the person who ticked. Pressing again changes nothing.
    A ticked agreement to share names the person to the vendor.
    """
    answer = queries.find_answer(session, answer_id, lock=True)
    person = session.get_one(LeadPerson, answer.person_id)
    contact = session.get(Contact, person.contact_id) if person.contact_id is not None else None
    address_hash = person_key(hash_key, person.address)
    if contact is None or contact.deleted_at is not None or asked_hash != address_hash:
        raise NotFound("This link does not lead to an answer any more.")
    now = clock.now(session)
    for number, ticked in enumerate(answer.consents):
        if ticked["confirmed_at"]:
            continue
        party = answer.vendor_id if ticked["party"] == Party.VENDOR else answer.owner_id
        consents.record(
            session,
            partner_id=answer.owner_id,
            address_hash=address_hash,
            party_id=party,
            purpose=ticked["purpose"],
            given=True,
            wording_version=str(ticked["version"]),
            wording=ticked["text"],
            how="form_confirmed",
            natural_key=f"answer:{answer.id}:{number}",
            at=now,
        )
        if ticked["discloses"]:
            answer.disclosed_at = answer.disclosed_at or now
            person.disclosed_at = person.disclosed_at or now
    answer.consents = [
        {**ticked, "confirmed_at": ticked["confirmed_at"] or now.isoformat()} for ticked in answer.consents
    ]
    return answer

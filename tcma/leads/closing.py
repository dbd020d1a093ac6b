"""The end of a lead: won, with what this vendor's products brought, or lost, with one reason."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from tcma.errors import Invalid, phrase
from tcma.leads import amounts, service, transitions
from tcma.leads.amounts import Product
from tcma.leads.dealings import AmountKind, Deed, NoteKind
from tcma.leads.models import Grade, Stage
from tcma.leads.transitions import Done
from tcma.viewer import Viewer


class LossReason(StrEnum):
    PRICE = "price"
    BOUGHT_ELSEWHERE = "bought_elsewhere"
    NO_MONEY = "no_money"
    NO_NEED = "no_need"
    NO_DECISION = "no_decision"
    NO_ANSWER = "no_answer"


def won(
    session: Session,
    viewer: Viewer,
    public_id: UUID,
    products: Sequence[Product],
    deal: int | None = None,
) -> Done:
    """Sold. `products` are shared with the vendor; `deal` (minor units) stays with the partner."""
    if not products:
        sentence = phrase("Write what the vendor's products in it were sold for.")
        raise Invalid(sentence, {"amount_0": sentence})
    lead = service.worked(session, viewer, public_id)
    done = transitions.perform(session, viewer, lead, Deed.WON, Stage.WON)
    shared = amounts.keep(session, lead, AmountKind.WON, products, done.key)
    if deal is not None:
        amounts.keep_deal(session, lead, deal, shared, done.key)
    lead.holder_id = lead.holder_id or viewer.user_id
    lead.grade = Grade.SQL  # need, ability and timing: they bought it
    return done


def lost(session: Session, viewer: Viewer, public_id: UUID, reason: str, note: str = "") -> Done:
    """Not sold; it counts as reported just as a sale does. `note` is the partner's own."""
    if reason not in set(LossReason):
        raise Invalid("Choose a reason.", {"reason": "Choose one of these reasons."})
    lead = service.worked(session, viewer, public_id)
    done = transitions.perform(session, viewer, lead, Deed.LOST, Stage.LOST, reason=reason)
    lead.holder_id = lead.holder_id or viewer.user_id
    if note.strip():
        service.write(session, viewer, lead, NoteKind.NOTE, note, done.key)
    return done

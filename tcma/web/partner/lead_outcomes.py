"""What a partner says of a lead in one choice: the outcomes of the table and of the mail's page."""

from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tcma import clock
from tcma.errors import Invalid
from tcma.language import gettext as _
from tcma.leads import clocks, closing, nurture, queries, returns, service, story, words
from tcma.leads.amounts import Product
from tcma.leads.closing import LossReason
from tcma.leads.transitions import Done
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer
from tcma.web.partner import fields

REST = 3  # months of "ask me again"
Choices = list[tuple[str, list[tuple[str, str]]]]


def choices() -> Choices:
    """What can be said of a lead, in groups; the value is `outcome` or `outcome:reason`."""
    return [
        (
            _("It goes on"),
            [
                ("still-open", _("Still working on it")),
                ("not-now", _("Not now, ask me again in 3 months")),
                ("won", _("Won")),
            ],
        ),
        (_("Lost"), losses()),
        (
            _("Not a fit"),
            [(f"not-a-fit:{reason.value}", _(words.RETURNS[reason])) for reason in returns.NOT_A_FIT],
        ),
    ]


def losses() -> list[tuple[str, str]]:
    return [(f"lost:{reason.value}", _(words.LOSSES[reason])) for reason in LossReason]


def at_row(error: Invalid, lead: UUID | str) -> Invalid:
    """The same refusal, its fields named as in the row of this lead: a table has an amount in every row."""
    rows = ("outcome", "amount")
    fields = {f"{name}-{lead}" if name in rows else name: said for name, said in error.fields.items()}
    return Invalid(error.sentence, fields)


def report(session: Session, by: Viewer, lead: UUID, form: MultiDict[str, str]) -> Done:
    """What a row says: `outcome`, and an amount where it is a sale. Invalid names the field."""
    outcome, _colon, reason = form.get("outcome", "").partition(":")
    match outcome:
        case "still-open":
            return service.still_open(session, by, lead)
        case "not-now":
            calendar = clocks.calendar_for(session, queries.find_lead(session, by, lead))
            today = clock.now(session).astimezone(calendar.zone).date()
            return nurture.not_now(session, by, lead, nurture.in_months(today, REST))
        case "won":
            found = story.with_relations(session, queries.find_lead(session, by, lead))
            owner = session.get_one(Organisation, found.owner_id)
            sold = Product(found.vendor.name, read_amount(form.get("amount", ""), owner.currency, "amount"))
            return closing.won(session, by, lead, [sold])
        case "lost":
            return closing.lost(session, by, lead, reason)
        case "not-a-fit":
            return returns.disqualify(session, by, lead, reason)
        case _:
            raise Invalid(_("Choose what became of it."), {"outcome": _("Choose one, then save the row.")})


def read_amount(text: str, currency: str, field: str) -> int:
    """Minor units; Invalid names the field, also where nothing is written."""
    if not text.strip():
        raise Invalid(_("Write the amount."), {field: _("Write what it was sold for.")})
    return fields.amount(text, currency, field)

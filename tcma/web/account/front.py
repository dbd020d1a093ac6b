"""The front door: a signed-in person's home, the choice between homes, or a word to strangers."""

from flask import Blueprint, Response

from campaigns.channels.microsite import Message, render_message
from tcma.language import gettext as _
from tcma.web import choices, frame, unit
from tcma.web.account import door
from tcma.web.guards import Access, guard
from tcma.web.pages import page, see_other

bp = Blueprint("front", __name__)


@bp.get("/")
@guard(Access.DOOR)
def show() -> Response:
    """Whoever works for several firms chooses; afterwards the firm is in every address."""
    known = unit.somebody()
    if known is None:
        shown = render_message(
            Message.FRONT, frame.page_frame(), locale=frame.language(), link=("/sign-in", _("Sign in"))
        )
        return frame.html(shown)
    homes = [(place, door.home(place)) for place in known.places]
    if len(homes) == 1:
        return see_other(homes[0][1])
    if not homes:
        return see_other("/account/")
    return page("account/choose.html", homes=homes, names=choices.role_names)

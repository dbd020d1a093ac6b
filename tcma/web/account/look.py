"""Theme and language from the menu of every page: kept on the account, so that they are there at the next one."""

from flask import Blueprint, Response, request

from tcma.organisations import accounts
from tcma.organisations.accounts import Wishes
from tcma.web import unit
from tcma.web.account import door
from tcma.web.guards import Access, guard
from tcma.web.pages import see_other

bp = Blueprint("account_look", __name__, url_prefix="/account/look")


@bp.post("")
@guard(Access.PERSON)
def update() -> Response:
    """Change one of the two, keep the rest, go back to where it was pressed."""
    user = unit.user()
    wished = Wishes(
        name=user.name,
        locale=request.form.get("locale", user.locale),
        theme=request.form.get("theme", user.theme),
        timezone=user.timezone,
        keys_on=user.keys_on,
    )
    with unit.writing() as session:
        accounts.change(session, user.id, wished)
    return see_other(door.own_path(request.form.get("back")))

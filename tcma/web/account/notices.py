"""Which mails of the platform a person wants."""

from flask import Blueprint, Response, request

from tcma.language import gettext as _
from tcma.notices import queries, service
from tcma.notices.described import DESCRIBED, SECTIONS
from tcma.notices.kinds import SWITCHABLE
from tcma.web import unit
from tcma.web.guards import Access, guard
from tcma.web.pages import page, see_other, toast

bp = Blueprint("notices", __name__, url_prefix="/account/notices")
HERE = "/account/notices"
FIELD = "wanted"


@bp.get("")
@guard(Access.PERSON)
def show() -> Response:
    with unit.reading() as session:
        wanted = queries.choices_of(session, unit.user().id)
    sections = [
        (title, [(kind.value, _(DESCRIBED[kind].name), _(DESCRIBED[kind].when)) for kind in kinds])
        for title, kinds in ((_(title), kinds) for title, kinds in SECTIONS)
    ]
    chosen = {kind.value for kind, is_on in wanted.items() if is_on}
    return page("account/notices.html", sections=sections, chosen=chosen, field=FIELD)


@bp.post("")
@guard(Access.PERSON)
def update() -> Response:
    """What is ticked comes, the rest does not; words that are no kind are no kind."""
    ticked = set(request.form.getlist(FIELD))
    with unit.writing() as session:
        service.choose_all(session, unit.user().id, [kind for kind in SWITCHABLE if kind.value in ticked])
    toast(_("Saved."))
    return see_other(HERE)

"""Every component in every state on one page: what pages are built of, and what pictures are compared with."""

from datetime import timedelta

from flask import Blueprint, Response

from tcma import clock
from tcma.web import lists
from tcma.web.guards import Access, guard
from tcma.web.pages import page

bp = Blueprint("admin_components", __name__, url_prefix="/admin/components")
open_bp = Blueprint("open_components", __name__, url_prefix="/admin/components")  # outside production

_ERRORS = {
    "wrong_name": "Write the name people know your firm by.",
    "wrong_amount": "'12,34,5' is not an amount. Write it like 1000 or 1,000.00.",
    "wrong_choice": "Choose how you know these people.",
    "wrong_file": "This is a PDF. Upload a CSV or Excel file with one person per row.",
}


@bp.get("")
@guard(Access.OPERATOR)
def show() -> Response:
    return _shown()


@open_bp.get("")
@guard(Access.ANYBODY)
def show_open() -> Response:
    return _shown()


def _shown() -> Response:
    return page(
        "admin/components.html",
        now=clock.real(),
        soon=clock.real() + timedelta(hours=5, minutes=40),
        wrong=_ERRORS,
        listing=lists.listing(("name", "leads", "cost"), ("state",), default="-leads"),
    )

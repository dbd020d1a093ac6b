"""Answers of signed-in pages: a page, a form with problems, the way on."""

from typing import Any

from flask import Response, redirect, render_template, session

from tcma.errors import Invalid
from tcma.language import spoken
from tcma.web import frame

TOAST = "toast"  # in the signed cookie, until the next page


def page(template: str, **values: Any) -> Response:
    """A page of the frame, 200."""
    return shown(template, 200, **values)


def problem(template: str, error: Invalid, **values: Any) -> Response:
    """The form again, 422: an error summary, `errors` beside the fields, everything typed kept.

    Templates read `problem` (the sentence) and `errors` (field → sentence); a field's macro takes the
    latter by the field's name.
    """
    sentence = spoken(error.sentence)
    fields = {name: spoken(said) for name, said in error.fields.items()} or {"": sentence}
    return shown(template, 422, problem=sentence, errors=fields, **values)


def see_other(address: str) -> Response:
    """The way on after a POST, 303: reloading the next page sends nothing twice."""
    answer = redirect(address, code=303)
    assert isinstance(answer, Response)
    return answer


def toast(sentence: str, undo: str | None = None) -> None:
    """One sentence on the next page; `undo` is an address that takes a POST and turns the deed back."""
    session[TOAST] = [spoken(sentence), undo]


def shown(template: str, status: int, **values: Any) -> Response:
    """A page with any status; scripts of ours may run on it."""
    frame.allow_scripts()
    return frame.html(render_template(template, **values), status)


def waiting_toast() -> tuple[str, str | None] | None:
    """What waits to be said on this page, and is then forgotten."""
    if TOAST not in session:
        return None
    sentence, undo = session.pop(TOAST)
    return str(sentence), undo

"""Broken rules and trouble as pages, in one place: inside the frame for whoever is signed in."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from campaigns.channels.microsite import Message, render_message
from tcma.errors import Conflict, DomainError, Invalid, NotFound, Refused, Unavailable
from tcma.language import gettext as _
from tcma.language import mark, spoken
from tcma.organisations.queries import Place
from tcma.web import frame, pages, shell, unit

log = structlog.get_logger()

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Refused: 403,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}
ABSENT = {404, 405}
INSIDE = {"p", "v", "account", "admin", "link", "invitation"}  # first words of addresses behind sign-in


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a status: a headline, what happened where nothing more exact is known, what to do."""

    headline: str
    sentence: str
    advice: str = ""


_TOLD = {
    400: Told(
        mark("This did not arrive whole"),
        mark("The page you sent was too old or not complete. Nothing was changed."),
        mark("Go back, load the page again and send it once more."),
    ),
    403: Told(mark("This is not yours to do"), mark("Your role does not include this.")),
    404: Told(
        mark("There is no page here"),
        mark("The address is wrong, or what was here is gone or belongs to somebody else."),
        mark("Look for it with Search or jump, or begin at Home."),
    ),
    409: Told(
        mark("This cannot be done now"),
        mark("Somebody was faster, or it is in another state by now."),
        mark("Go back and look at how it stands."),
    ),
    413: Told(
        mark("This is too large"),
        mark("The file or form is larger than this page takes. Nothing was stored."),
        mark("Go back and choose a smaller one."),
    ),
    422: Told(
        mark("Something is missing"),
        mark("What was sent cannot be used. Nothing was changed."),
        mark("Go back and correct it."),
    ),
    429: Told(
        mark("Too many tries"),
        mark("This was tried very often in a short time."),
        mark("Wait a few minutes, then try again."),
    ),
    500: Told(
        mark("That did not work on our side"),
        mark("Nothing was sent and nothing is lost."),
        mark("Try again in a moment."),
    ),
    503: Told(
        mark("Something this needs does not answer"),
        mark("Nothing was changed and nothing is lost."),
        mark("Try again in a few minutes."),
    ),
}
_NEAREST = {405: 404, 410: 404, 401: 403}


def install(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return _answer(STATUS.get(type(error), 400), error.sentence)

    @app.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> Response:
        """What the server itself refuses, and bugs: those arrive as 500 after they were logged."""
        answer = _answer(error.code or 500)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer


def page(message: Message, status: int) -> Response:
    """A page of no campaign in the visitor's language; in a firm's own pages with the way in."""
    is_inside = request.path.partition("/")[2].partition("/")[0] in INSIDE
    link = ("/sign-in", _("Sign in")) if is_inside else None
    return frame.html(render_message(message, frame.page_frame(), locale=frame.language(), link=link), status)


def _answer(status: int, sentence: str = "") -> Response:
    if unit.somebody() is None:
        return page(Message.NOT_FOUND if status in ABSENT else Message.TROUBLE, status)
    try:
        return _in_frame(status, sentence)
    except Exception:  # the frame itself may be what fails: a plain page always can be shown
        log.exception("error page failed", view=request.endpoint)
        return page(Message.TROUBLE, status)


def _in_frame(status: int, sentence: str) -> Response:
    shell.speak()
    told = _TOLD.get(_NEAREST.get(status, status), _TOLD[500])
    place = _place()
    if sentence == f"{told.headline}.":
        sentence = ""  # it says no more than the headline
    return pages.shown(
        "errors/error.html",
        status,
        layout="layouts/app.html" if place and status < 500 else "layouts/plain.html",
        headline=_(told.headline),
        sentence=spoken(sentence) or _(told.sentence),
        advice=_(told.advice) if told.advice and not sentence else "",
        back=_back(),
        home=shell.home_of(place.organisation) if place else "/",
    )


def _place() -> Place | None:
    """Where the reader is; in an address that leads nowhere, the own organisation it begins with."""
    reader = unit.somebody()
    if reader is None or reader.place is not None:
        return reader.place if reader else None
    parts = request.path.split("/")
    slug = parts[2] if len(parts) > 2 and parts[1] in {"p", "v"} else ""
    place = next((one for one in reader.places if one.organisation.slug == slug), None)
    if place is not None:
        g.signed_in = replace(reader, place=place)
    return place


def _back() -> str:
    """The page of ours a form was sent from, or a link was followed on."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host or parts.path == request.path:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

"""Broken rules and trouble as pages, in one place."""

from flask import Flask, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from campaigns.channels.microsite import Message, render_message
from tcma.errors import Conflict, DomainError, Invalid, NotFound, Refused
from tcma.web import frame

STATUS: dict[type[DomainError], int] = {NotFound: 404, Refused: 403, Conflict: 409, Invalid: 422}
ABSENT = {404, 405}


def install(app: Flask) -> None:
    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return _told(STATUS.get(type(error), 400))

    @app.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> Response:
        """What the server itself refuses, and bugs: those arrive as 500 after they were logged."""
        answer = _told(error.code or 500)
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return answer


def page(message: Message, status: int) -> Response:
    """A page of no campaign in the visitor's language."""
    return frame.html(render_message(message, frame.page_frame(), locale=frame.language()), status)


def _told(status: int) -> Response:
    return page(Message.NOT_FOUND if status in ABSENT else Message.TROUBLE, status)

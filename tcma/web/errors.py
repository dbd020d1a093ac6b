"""Broken rules and trouble as pages, in one place."""

import structlog
from flask import Flask, Response
from werkzeug.exceptions import HTTPException, InternalServerError

from campaigns.channels.microsite import Message, render_message
from tcma.errors import DomainError, NotFound
from tcma.web import frame

log = structlog.get_logger()


def install(app: Flask) -> None:
    @app.errorhandler(NotFound)
    def absent(error: NotFound) -> Response:
        return page(Message.NOT_FOUND, 404)

    @app.errorhandler(DomainError)
    def refused(error: DomainError) -> Response:
        return page(Message.NOT_FOUND, 404)

    @app.errorhandler(HTTPException)
    def wrong(error: HTTPException) -> Response:
        status = error.code or 500
        if status == 429:
            return page(Message.TOO_MANY, status)
        return page(Message.NOT_FOUND if status < 500 else Message.TROUBLE, status)

    @app.errorhandler(InternalServerError)
    def broken(error: InternalServerError) -> Response:
        log.error(
            "page failed", kind=type(error.original_exception).__name__, exc_info=error.original_exception
        )
        return page(Message.TROUBLE, 500)


def page(message: Message, status: int) -> Response:
    return frame.html(render_message(message, frame.page_frame(), locale=frame.language()), status)

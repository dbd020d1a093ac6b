"""The installation's own pages: the front page and its health."""

from flask import Blueprint, Response, jsonify

from campaigns.channels.microsite import Message, render_message
from tcma.web import frame, health
from tcma.web.guards import Access, guard

bp = Blueprint("platform", __name__)


@bp.get("/")
@guard(Access.ANYBODY)
def front() -> Response:
    return frame.html(render_message(Message.FRONT, frame.page_frame(), locale=frame.language()))


@bp.get("/health")
@guard(Access.ANYBODY)
def check() -> tuple[Response, int]:
    """200 while database and worker do their work, 503 with the reason otherwise."""
    found = health.check(frame.installation())
    answer = jsonify(found.as_json())
    answer.headers["Cache-Control"] = "no-store"
    return answer, 200 if found.ok else 503


@bp.get("/robots.txt")
@guard(Access.ANYBODY)
def robots() -> Response:
    return Response(
        "User-agent: *\nDisallow: /r/\nDisallow: /o/\nDisallow: /u/\nDisallow: /confirm/\n",
        content_type="text/plain; charset=utf-8",
    )

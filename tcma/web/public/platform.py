"""What machines ask the installation: its health, and what robots may read."""

from flask import Blueprint, Response, jsonify

from tcma.web import frame, health
from tcma.web.guards import Access, guard

bp = Blueprint("platform", __name__)


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

"""Pictures of mails and pages, and our own style files: public, never changing under one address."""

import mimetypes
import re

from flask import Blueprint, Response, abort, request, send_from_directory

from tcma import storage
from tcma.web import frame
from tcma.web.guards import Access, guard

bp = Blueprint("files", __name__)

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
_FOREVER = "public, max-age=31536000, immutable"


@bp.get("/i/<sha256>.<extension>")
@guard(Access.ANYBODY)
def picture(sha256: str, extension: str) -> Response:
    if not _SHA256.match(sha256) or extension not in _TYPES:
        abort(404)
    content = storage.fetch_public(frame.installation().storage, sha256)
    answer = Response(content, content_type=_TYPES[extension])
    answer.headers["Cache-Control"] = _FOREVER
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"  # mail programs show it
    return answer


@bp.get("/assets/<path:path>")
@guard(Access.ANYBODY)
def asset(path: str) -> Response:
    answer = send_from_directory(frame.ASSETS, path, mimetype=mimetypes.guess_type(path)[0])
    is_current = answer.status_code == 200 and request.args.get("v") == frame.fingerprint(path)
    answer.headers["Cache-Control"] = _FOREVER if is_current else "no-cache"
    return answer

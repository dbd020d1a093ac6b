"""Pictures of mails and pages, and our own style files: public, never changing under one address."""

import mimetypes
import re
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.security import safe_join

from tcma import storage
from tcma.web import assets, frame
from tcma.web.guards import Access, guard

bp = Blueprint("files", __name__)

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif"}
_TEXTS = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".md": "text/plain",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}
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
    """A style, script, font or picture of ours; text leaves compressed where the browser takes it."""
    if safe_join(str(assets.ASSETS), path) is None or not assets.exists(path):
        abort(404)
    answer = Response(content_type=_type(path))
    packed = assets.compressed(path)
    if packed is not None and request.accept_encodings["gzip"]:
        answer.data, answer.headers["Content-Encoding"] = packed, "gzip"
    else:
        answer.data = assets.content(path)
    if packed is not None:
        answer.headers["Vary"] = "Accept-Encoding"
    fingerprint = assets.fingerprint(path)
    answer.set_etag(fingerprint + ("-gzip" if "Content-Encoding" in answer.headers else ""))
    answer.headers["Cache-Control"] = _FOREVER if request.args.get("v") == fingerprint else "no-cache"
    answer.make_conditional(request)
    return answer


@bp.get("/manifest.webmanifest")
@guard(Access.ANYBODY)
def manifest() -> Response:
    """What a phone needs to put the product on its home screen."""
    icons = [
        {"src": frame.asset(f"img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    described = {
        "name": "TCMA",
        "short_name": "TCMA",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "icons": [*icons, {**icons[1], "purpose": "maskable"}],
    }
    answer = jsonify(described)
    answer.content_type = "application/manifest+json"
    return answer


def _type(path: str) -> str:
    found = _TEXTS.get(Path(path).suffix)
    return f"{found}; charset=utf-8" if found else mimetypes.guess_type(path)[0] or "application/octet-stream"

"""Mails that come in through a provider's inbound parse: kept before they are answered for, read by a worker.

Whoever posts here knows the secret part of the address, and nothing is believed but that: what a mail is worth is
decided by the signed address it was written to.
"""

import hmac
import json
from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from campaigns import replies
from campaigns.links import Purpose
from tcma.replies import intake
from tcma.web import frame
from tcma.web.guards import Access, guard

MOST_BYTES = replies.LARGEST + 1024 * 1024  # the mail and SendGrid's own fields
MOST_RECIPIENTS = 10
_WANTED = frozenset({"email", "envelope"})

bp = Blueprint("inbound_mail", __name__, url_prefix="/events/inbound")
log = structlog.get_logger()


@bp.post("/<key>")
@guard(Access.SIGNED, upload=MOST_BYTES)
def take(key: str) -> Response:
    """204 once the mail is kept, or is none for us. SendGrid drops a mail at any 4xx and comes again after a 5xx, so
    whoever has the key hears 4xx only of what is too large."""
    installation = frame.installation()
    settings = installation.settings
    if not settings.inbound_key or not hmac.compare_digest(key.encode(), settings.inbound_key.encode()):
        return _answer(404)
    try:
        posted = _posted(request.get_data(cache=False))
    except RequestEntityTooLarge:
        return _answer(413)
    except (ValueError, HTTPException) as error:
        log.error("inbound mail not understood", error=type(error).__name__)
        return _answer(503)  # "raw, full MIME message" is not switched on there; until then they wait
    verified = [
        installation.signer.verify(replies.token_in(one, settings.replies), Purpose.REPLY)
        for one in posted.recipients
    ]
    ours = [token for token in verified if token is not None][:MOST_RECIPIENTS]
    if ours and posted.raw:
        intake.take_in(installation.web, installation.storage, posted.raw, ours, posted.sender)
    return _answer(204)


@dataclass(frozen=True, slots=True)
class Posted:
    """One mail; `sender` is the envelope's, None where it was not told."""

    raw: bytes
    recipients: tuple[str, ...]
    sender: str | None


def _posted(body: bytes) -> Posted:
    """The raw message and its envelope out of a form that may be in any charset. ValueError for anything else."""
    fields = _fields(body)
    raw = fields.get("email", b"")
    if len(raw) > replies.LARGEST:
        raise RequestEntityTooLarge
    envelope = json.loads(fields.get("envelope", b"") or b"{}")
    if not raw or not isinstance(envelope, dict):
        raise ValueError("The form has no field 'email' with the raw message.")
    named = envelope.get("to", [])
    recipients = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    sender = envelope.get("from")
    known = intake.plain(sender) if isinstance(sender, str) else None
    return Posted(raw, tuple(dict.fromkeys(recipients)), known)


def _fields(body: bytes) -> dict[str, bytes]:
    """The fields by name as bytes: Flask would read them as UTF-8, and mails are not."""
    kind, options = parse_options_header(request.headers.get("Content-Type", ""))
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not boundary or len(boundary) > 200:
        raise ValueError("Not a form with files.")
    decoder = MultipartDecoder(
        boundary.encode("latin-1", "replace"), max_form_memory_size=None, max_parts=200
    )
    decoder.receive_data(body)
    decoder.receive_data(None)
    fields: dict[str, bytes] = {}
    name = ""
    while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
        if isinstance(event, Field | File):
            name = event.name or ""
        elif isinstance(event, Data) and name in _WANTED:
            fields[name] = fields.get(name, b"") + event.data
    return fields


def _answer(code: int) -> Response:
    return Response(status=code, content_type="text/plain; charset=utf-8")

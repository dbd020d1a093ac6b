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
from tcma.replies import intake
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public.answers import form_limits

MOST_BYTES = replies.LARGEST + 1024 * 1024  # the mail and SendGrid's own fields
MOST_RECIPIENTS = 10
_WANTED = frozenset({"email", "envelope"})

bp = Blueprint("inbound_mail", __name__, url_prefix="/events/inbound")
log = structlog.get_logger()


@bp.post("/<key>")
@guard(Access.SIGNED, upload=MOST_BYTES)
def take(key: str) -> Response:
    """204 once the mail is kept, or is none for us; 413 beyond the limits, which SendGrid gives up on. With a wrong
    key 404, and after many of them from one network address 429."""
    installation = frame.installation()
    settings, remote = installation.settings, request.remote_addr or ""
    if not settings.inbound_key or not settings.replies:
        return _answer(404)
    if not form_limits().may_be_believed(remote):
        return _answer(429)
    if not hmac.compare_digest(key.encode(), settings.inbound_key.encode()):
        form_limits().count_forgery(remote)
        return _answer(404)
    try:
        posted = _posted(request.get_data(cache=False))
    except (ValueError, HTTPException) as error:
        log.warning("inbound mail not understood", error=type(error).__name__)
        return _answer(413 if isinstance(error, RequestEntityTooLarge) else 400)
    ours = [one for one in posted.recipients if replies.token_in(one, settings.replies)]
    if ours and posted.raw:
        stored = [(recipient, intake.store(installation.storage, posted.raw)) for recipient in ours]
        with installation.web.transaction() as session:
            for recipient, kept_as in stored:
                intake.keep(session, kept_as, recipient, posted.sender)
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
    return Posted(
        raw, tuple(dict.fromkeys(recipients))[:MOST_RECIPIENTS], sender if isinstance(sender, str) else None
    )


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

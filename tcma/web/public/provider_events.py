"""What mail providers report: deliveries, bounces, complaints. Believed by signature alone."""

from functools import lru_cache

import structlog
from flask import Blueprint, Response, request

from campaigns.providers import sendgrid_events
from campaigns.providers.base import SettingsError
from campaigns.providers.sendgrid_events import SIGNATURE, TIMESTAMP, Verifier
from tcma import clock
from tcma.launches import provider_reports
from tcma.launches.ways_out import SENDGRID, site_of
from tcma.web import frame
from tcma.web.guards import Access, guard
from tcma.web.public.answers import form_limits

MOST_BYTES = 4 * 1024 * 1024  # SendGrid sends at most about 768 KiB at once
LONGEST_SIGNATURE = 500

bp = Blueprint("provider_events", __name__, url_prefix="/events")
log = structlog.get_logger()


@bp.post("/sendgrid")
@guard(Access.SIGNED, upload=MOST_BYTES)
def sendgrid() -> Response:
    """204 once the events are kept. 403 for a signature that does not fit or is old, which leaves nothing; after
    many of them from one network address 429, unread."""
    settings = frame.installation().settings
    if not settings.sendgrid_events_key:
        return _answer(404)
    signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
    remote = request.remote_addr or ""
    if not form_limits().may_be_believed(remote):
        return _answer(429)
    if not signature or len(signature) > LONGEST_SIGNATURE:
        form_limits().count_forgery(remote)
        return _answer(403)
    try:
        verifier = _verifier(settings.sendgrid_events_key)
    except SettingsError as error:
        log.error("provider events refused", problem=str(error))
        return _answer(503)  # SendGrid comes again; until then somebody has put the key right
    body = request.get_data(cache=False)
    if not verifier.fits(body, signature, timestamp, clock.real().timestamp()):
        form_limits().count_forgery(remote)
        return _answer(403)
    try:
        found = sendgrid_events.reports(body, site_of(settings))
    except ValueError:
        return _answer(400)
    if found.events:
        with frame.installation().web.transaction() as session:
            provider_reports.keep(session, SENDGRID, found.events)
    if found.odd_count:
        log.warning("provider events not understood", provider=SENDGRID, count=found.odd_count)
    return _answer(204)


def _answer(code: int) -> Response:
    return Response(status=code, content_type="text/plain; charset=utf-8")


@lru_cache(maxsize=4)
def _verifier(keys: str) -> Verifier:
    return Verifier(keys)

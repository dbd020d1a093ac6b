"""Arrivals at a public page that no mail led to: by a post, an ad or the partner's own site."""

from flask import request

from tcma import addresses
from tcma.launches import ways_in
from tcma.launches.models import Campaign
from tcma.organisations.models import Organisation
from tcma.web import frame


def count_way(firm: Organisation, campaign: Campaign) -> None:
    """Count the visit by the way its address names; without one nothing is written."""
    way = ways_in.way_in(request.args.get(addresses.VIA, ""))
    if way is None:
        return
    installed = frame.installation()
    with installed.web.transaction(firm.id) as session:
        ways_in.record_visit(
            session,
            campaign,
            way,
            method=request.method,
            user_agent=request.user_agent.string,
            remote=request.remote_addr or "",
            key=installed.settings.form_key,
        )

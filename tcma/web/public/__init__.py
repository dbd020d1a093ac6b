"""What is open without sign-in: pages of campaigns, links of mails, pictures, and what providers report."""

from tcma.web.public import (
    certificate_check,
    confirm,
    files,
    inbound_mail,
    lead_status,
    links,
    microsite,
    notice_switch,
    platform,
    provider_events,
    reply,
    seat,
    unsubscribe,
    webinar,
)

PUBLIC = (
    certificate_check.bp,
    confirm.bp,
    files.bp,
    inbound_mail.bp,
    lead_status.bp,
    links.bp,
    microsite.bp,
    notice_switch.bp,
    platform.bp,
    provider_events.bp,
    reply.bp,
    seat.bp,
    unsubscribe.bp,
    webinar.bp,
)

"""What the tasks of notices call: the platform's own mails, with what this process holds."""

from tcma.launches.ways_out import open_provider
from tcma.notices import sending
from tcma.organisations import recipients
from workers.runtime import Runtime


def send_due(current: Runtime) -> None:
    """Nothing goes out while this worker is told to hold."""
    if current.settings.hold:
        return
    sending.gather(current.database)
    if not sending.has_waiting(current.database):
        return
    provider = open_provider(current.settings, current.storage)
    writer = sending.Writer.of(current.settings, current.installation.signer)
    try:
        sending.send_waiting(current.database, provider, writer, recipients.present, current.stopping.is_set)
    finally:
        provider.close()

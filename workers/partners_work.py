"""What the tasks of partners call: the DNS is asked from here, never from a page."""

from tcma.partners import senders
from tcma.partners.names import SystemResolver
from workers.runtime import Runtime


def look_up_sender(current: Runtime, sender_id: int) -> None:
    senders.look_up(current.database, current.settings, SystemResolver(current.settings.dns), sender_id)


def watch_senders(current: Runtime) -> None:
    senders.watch(current.database, current.settings, SystemResolver(current.settings.dns))

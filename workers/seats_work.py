"""What the tasks of webinars call."""

from tcma.seats import telling
from workers.runtime import Runtime


def tell(current: Runtime, session_id: int, kind: int, sequence: int) -> None:
    telling.tell(
        current.database,
        current.storage,
        current.settings,
        session_id=session_id,
        kind=kind,
        sequence=sequence,
    )


def remind(current: Runtime) -> None:
    telling.remind_due(current.database, current.storage, current.settings)

"""What the tasks of audiences call; each goes on in a job of its own when its time is up."""

import time
from collections.abc import Callable

from tcma.audiences import forgetting, suppression_files, uploads
from tcma.audiences.models import ContactImport
from tcma.audiences.suppression_models import SuppressionImport
from tcma.jobs import queue
from tcma.jobs.queue import Job
from workers.runtime import Runtime


def read_file(current: Runtime, import_id: int) -> None:
    with current.database.reading() as session:
        found = session.get(ContactImport, import_id)
    if found is None:
        return
    is_done = uploads.go_on(
        current.database,
        current.storage,
        found.partner_id,
        import_id,
        hash_key=current.settings.hash_key,
        is_time_up=_time_up(current),
    )
    if not is_done:
        with current.database.transaction() as session:
            uploads.ask(session, import_id)


def read_suppressions(current: Runtime, import_id: int) -> None:
    with current.database.reading() as session:
        found = session.get_one(SuppressionImport, import_id)
    is_done = suppression_files.go_on(
        current.database,
        current.storage,
        found.partner_id,
        import_id,
        hash_key=current.settings.hash_key,
        is_time_up=_time_up(current),
    )
    if not is_done:
        with current.database.transaction() as session:
            suppression_files.ask(session, import_id)


def forget_list(current: Runtime, list_id: int) -> None:
    if not forgetting.forget_list(current.database, current.storage, list_id, is_time_up=_time_up(current)):
        with current.database.transaction() as session:
            key = f"{list_id}:{time.time():.6f}"
            queue.enqueue(session, Job.AUDIENCES_FORGET_LIST, key, {"list_id": list_id})


def forget_uploads(current: Runtime) -> None:
    forgetting.forget_uploads(current.database, current.storage)


def _time_up(current: Runtime) -> Callable[[], bool]:
    """A task works as long as a lane does, then asks for itself again."""
    end = time.monotonic() + current.settings.lane_time
    return lambda: time.monotonic() > end

"""Audit: what was recorded is sealed."""

from tcma.audit import trail
from tcma.jobs import rows
from tcma.jobs.queue import Job
from workers.app import task
from workers.runner import run
from workers.runtime import Runtime


@task(Job.AUDIT_SEAL_ENTRIES)
def seal_entries(job_id: int) -> None:
    run(Job.AUDIT_SEAL_ENTRIES, job_id, _seal_entries)


def _seal_entries(current: Runtime) -> None:
    key = current.settings.seal_key
    rows.each(
        current.database,
        trail.unsealed_organisations,
        lambda session, organisation_id: trail.seal(session, organisation_id, key),
    )

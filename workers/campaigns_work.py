"""What the tasks of campaigns call: deeds of `tcma.launches`, with what this process holds."""

from tcma.jobs import rows
from tcma.launches import endings, funding, provider_reports, schedule, sending_chunks
from tcma.launches import reconcile as unknowns
from tcma.launches.ways_out import open_provider
from workers.runtime import Runtime
from workers.steps import once


def start_due(current: Runtime) -> None:
    database = current.database
    rows.in_turn(lambda: funding.give_up_waiting(database), lambda: schedule.start_due(database))


def start_funded(current: Runtime, request_id: int) -> None:
    funding.start_funded(current.database, request_id)


def stop_recalled(current: Runtime, kit_version_id: int) -> None:
    endings.stop_recalled(current.database, kit_version_id)


def recheck_funding(current: Runtime, **ids: int) -> None:
    funding.recheck_funding(current.database, **ids)


def reconcile(current: Runtime) -> None:
    provider = open_provider(current.settings, current.storage)
    try:
        unknowns.resolve(current.database, provider, reconcile_after=current.settings.reconcile_after)
    finally:
        provider.close()


def take_report(current: Runtime, report_id: int) -> None:
    provider_reports.take(current.database, report_id)


def finish(current: Runtime, campaign_id: int = 0) -> None:
    """One campaign after its last message; without a number, whatever the jobs missed."""
    if campaign_id:
        endings.finish(current.database, campaign_id)
        return
    database = current.database
    rows.in_turn(lambda: endings.finish_due(database), lambda: once(database, sending_chunks.close_empty))

"""The own sending domain: asked for on a page, looked up by the worker's job at the server that is set."""

from dataclasses import replace

from sqlalchemy import select

from tcma.jobs.models import JobRow
from tcma.jobs.queue import Job
from tcma.partners import senders
from tcma.partners.sender_records import Ways
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from tests.names import served
from workers.runtime import Runtime, install
from workers.tasks import partners


def test_the_job_of_an_entered_domain_verifies_it(database: Installation) -> None:
    with database.owner.transaction() as session:
        owner = a_viewer(session, a_partner(session, "Harbour IT"))
    with served() as zone:
        settings = replace(database.settings, dns=zone.address)
        runtime = Runtime.start(replace(database, settings=settings))
        runtime.lease.stop_beating()
        install(runtime)
        with database.web.transaction(owner.organisation_id) as session:
            row = senders.enter(session, owner, settings, "news@own.example")
        for one in senders.shown(row, Ways.of(settings)):
            zone.table[one.record.name, one.record.kind] = [one.record.value]
        with database.worker.reading() as session:
            wanted = select(JobRow.id).where(JobRow.name == Job.PARTNERS_LOOK_UP_SENDER)
            (job_id,) = session.scalars(wanted).all()

        partners.look_up_sender(job_id)

    with database.worker.reading() as session:
        assert senders.own_address(session, owner.organisation_id) == "news@own.example"
        assert session.get_one(JobRow, job_id).done_at is not None

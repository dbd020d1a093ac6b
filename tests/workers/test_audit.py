"""The audit trail is sealed, with a key of its own."""

from datetime import timedelta

from sqlalchemy import select, update

from tcma import clock
from tcma.audit import trail
from tcma.audit.models import AuditEntry
from tests.factories import a_partner, a_viewer
from tests.installation import Installation
from workers.runtime import Runtime
from workers.tasks import audit


def test_entries_are_sealed_with_the_seal_key_and_a_changed_one_shows(database: Installation) -> None:
    runtime = Runtime.start(database)
    runtime.lease.stop_beating()
    with database.worker.transaction() as session:
        partner = a_partner(session)
        trail.record(session, a_viewer(session, partner), "campaign.paused", partner)

    audit._seal_entries(runtime)
    with database.worker.transaction() as session:
        assert trail.unsealed_organisations(session) == [
            partner.id
        ]  # a slower transaction may still add before it
        clock.advance(session, trail.SETTLED + timedelta(seconds=1))
    audit._seal_entries(runtime)

    keys = database.settings
    with database.worker.transaction() as session:
        assert trail.unsealed_organisations(session) == []
        assert trail.verify(session, partner.id, keys.seal_key) is None
        assert trail.verify(session, partner.id, keys.hash_key) is not None
        session.execute(update(AuditEntry).values(action="campaign.cancelled"))
        session.expire_all()
        assert session.scalars(select(AuditEntry.action)).all() == ["campaign.cancelled"]
        assert trail.verify(session, partner.id, keys.seal_key) is not None

"""What happens to a mail concerns the address it went to, however the contact is corrected afterwards."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import partial

import pytest
from sqlalchemy import event, select

from campaigns.providers.base import Outcome, Outgoing
from campaigns.providers.memory import Act, MemoryProvider
from tcma import clock
from tcma.addresses import person_key
from tcma.audiences import service as audiences
from tcma.audiences import terms
from tcma.audiences.details import Details
from tcma.audiences.models import Basis, Contact, PartnerSuppression, SuppressionReason
from tcma.bench.send_world import World
from tcma.errors import Conflict
from tcma.launches import events, unsubscribe
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.unsubscribe import How
from tcma.organisations.models import Organisation
from tcma.viewer import Viewer
from tests.factories import a_viewer
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, deliveries, send

NEW = "anna.new@firm.example"


def the_partner(installation: Installation, world: World) -> Viewer:
    with installation.owner.transaction() as session:
        viewer = a_viewer(session, session.get_one(Organisation, world.partner_id))
    with installation.web.transaction(world.partner_id) as session:
        terms.accept_processing_terms(session, viewer, terms.CURRENT)
    return viewer


def address_of(installation: Installation, contact_id: int) -> str:
    with installation.worker.reading() as session:
        return session.get_one(Contact, contact_id).address


def change_address(installation: Installation, viewer: Viewer, contact_id: int, address: str = NEW) -> None:
    """As the partner does it on the contact's page."""
    with installation.web.transaction(viewer.organisation_id) as session:
        found = session.get_one(Contact, contact_id)
        audiences.change_contact(
            session, viewer, found.public_id, Details(address), hash_key=installation.settings.hash_key
        )


def told(installation: Installation, delivery_id: int, kind: str) -> None:
    with installation.worker.transaction() as session:
        happened = {"delivery_id": delivery_id, "kind": kind, "at": datetime(2026, 11, 24, tzinfo=UTC)}
        events.apply(session, [happened])


def press(installation: Installation, world: World, delivery_id: int) -> None:
    with installation.web.transaction(world.partner_id) as session:
        unsubscribe.stop(session, delivery_id, How.ONE_CLICK, clock.now(session))


def suppressed(installation: Installation) -> list[tuple[bytes, SuppressionReason]]:
    with installation.worker.reading() as session:
        rows = session.execute(select(PartnerSuppression.address_hash, PartnerSuppression.reason))
        return [(address_hash, reason) for address_hash, reason in rows]


def key(installation: Installation, address: str) -> bytes:
    return person_key(installation.settings.hash_key, address)


def test_who_presses_stop_in_an_old_mail_stops_the_address_it_went_to(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1)
    viewer = the_partner(databases, world)
    old = address_of(databases, world.contact_ids[0])
    send(databases)
    change_address(databases, viewer, world.contact_ids[0])

    press(databases, world, deliveries(databases, world.touch_ids[0])[0].id)

    assert suppressed(databases) == [(key(databases, old), SuppressionReason.UNSUBSCRIBED)]
    with databases.web.transaction(world.partner_id) as session:
        target = audiences.make_list(session, viewer, "Again")
        with pytest.raises(Conflict, match="unsubscribed"):
            audiences.add_contact(
                session,
                viewer,
                target.public_id,
                Details(old),
                basis=Basis.CUSTOMER,
                hash_key=databases.settings.hash_key,
            )


@pytest.mark.parametrize("kind", ["bounced", "complained"])
def test_what_a_provider_tells_of_an_old_address_leaves_the_corrected_one_alone(
    databases: Installation, kind: str
) -> None:
    world = a_running_campaign(databases, people=1)
    viewer = the_partner(databases, world)
    old = address_of(databases, world.contact_ids[0])
    send(databases)
    change_address(databases, viewer, world.contact_ids[0])

    told(databases, deliveries(databases, world.touch_ids[0])[0].id, kind)

    assert suppressed(databases) == [(key(databases, old), SuppressionReason(kind))]


class Correcting(MemoryProvider):
    """While it has the mail, the partner corrects the contact."""

    def __init__(
        self, script: Sequence[Act], installation: Installation, viewer: Viewer, contact: int
    ) -> None:
        super().__init__(script)
        self.correct = partial(change_address, installation, viewer, contact)

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        self.correct()
        yield from super().send(batch)


def test_an_address_refused_while_it_was_corrected_is_the_one_suppressed(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1)
    viewer = the_partner(databases, world)
    old = address_of(databases, world.contact_ids[0])

    send(databases, Correcting([Act.REFUSE_ADDRESS], databases, viewer, world.contact_ids[0]))

    assert address_of(databases, world.contact_ids[0]) == NEW
    assert suppressed(databases) == [(key(databases, old), SuppressionReason.BOUNCED)]


def test_a_message_put_off_and_sent_to_the_corrected_address_counts_for_that(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1)
    viewer = the_partner(databases, world)
    send(databases, MemoryProvider([Act.DEFER]))
    change_address(databases, viewer, world.contact_ids[0])
    with databases.worker.transaction() as session:
        session.get_one(Delivery, deliveries(databases, world.touch_ids[0])[0].id).not_before = None
    send(databases)
    (row,) = deliveries(databases, world.touch_ids[0])
    assert row.status is DeliveryStatus.SENT

    told(databases, row.id, "complained")

    assert suppressed(databases) == [(key(databases, NEW), SuppressionReason.COMPLAINED)]


def test_each_message_of_a_group_keeps_its_own_address(databases: Installation) -> None:
    world = a_running_campaign(databases, people=70)

    send(databases)

    rows = deliveries(databases, world.touch_ids[0])
    with databases.worker.reading() as session:
        hashes = {found.id: found.address_hash for found in session.scalars(select(Contact))}
    assert len(rows) == 70 and [row.address_hash for row in rows] == [hashes[row.contact_id] for row in rows]


@pytest.mark.postgresql
def test_the_hash_kept_is_that_of_the_address_read_not_of_one_corrected_before_the_mark(
    postgresql: Installation,
) -> None:
    world = a_running_campaign(postgresql, people=1)
    viewer = the_partner(postgresql, world)
    old = address_of(postgresql, world.contact_ids[0])
    provider = MemoryProvider()
    corrected: list[bool] = []

    def correct(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO send_groups") and not corrected:
            corrected.append(True)
            change_address(postgresql, viewer, world.contact_ids[0])

    event.listen(postgresql.worker.engine, "before_cursor_execute", correct)
    send(postgresql, provider)

    assert corrected and [message.recipient for message in provider.sent] == [old]
    assert [row.address_hash for row in deliveries(postgresql, world.touch_ids[0])] == [key(postgresql, old)]


def test_a_message_that_was_never_claimed_counts_for_the_contacts_address(database: Installation) -> None:
    world = a_running_campaign(database, people=1)

    press(database, world, deliveries(database, world.touch_ids[0])[0].id)

    address = address_of(database, world.contact_ids[0])
    assert suppressed(database) == [(key(database, address), SuppressionReason.UNSUBSCRIBED)]


def test_who_was_deleted_after_the_mail_can_still_stop_it_for_good(databases: Installation) -> None:
    world = a_running_campaign(databases, people=1)
    viewer = the_partner(databases, world)
    old = address_of(databases, world.contact_ids[0])
    send(databases)
    change_address(databases, viewer, world.contact_ids[0])
    with databases.web.transaction(world.partner_id) as session:
        found = session.get_one(Contact, world.contact_ids[0])
        audiences.delete_contact(session, viewer, found.public_id)

    press(databases, world, deliveries(databases, world.touch_ids[0])[0].id)

    assert suppressed(databases) == [(key(databases, old), SuppressionReason.UNSUBSCRIBED)]

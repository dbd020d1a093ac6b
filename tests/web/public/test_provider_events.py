"""What a mail provider reports over the web: believed by signature, kept before it is answered, never twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import Client

from tcma import clock
from tcma.audiences.models import PartnerSuppression
from tcma.bench.fake_sendgrid_events import Signer, body, event
from tcma.bench.send_world import World
from tcma.jobs.models import JobRow
from tcma.launches import provider_reports
from tcma.launches.deliveries import Delivery, DeliveryStatus, TouchEvent
from tcma.launches.provider_reports import MOST_EVENTS, ProviderReport
from tcma.web.public.limits import FORGERIES_AN_HOUR
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, deliveries, send, statuses
from tests.web.apps import app_of

D = DeliveryStatus
SITE = "go.example"
SENDER = "192.0.2.7"
SIGNER = Signer()


@dataclass
class Desk:
    """An installation that takes SendGrid's reports, with a campaign that was sent."""

    installation: Installation
    client: Client
    world: World

    def post(self, events: Sequence[Mapping[str, Any]], *, at: float | None = None, **headers: str) -> int:
        content = body(events)
        signed = SIGNER.headers(content, clock.real().timestamp() if at is None else at)
        return self.raw(content, {**signed, **headers})

    def raw(self, content: bytes, headers: Mapping[str, str]) -> int:
        there = {"REMOTE_ADDR": SENDER}
        answer = self.client.post(
            "/events/sendgrid", data=content, headers=dict(headers), environ_overrides=there
        )
        return answer.status_code

    def event(self, name: str, delivery_id: int, **changed: Any) -> dict[str, Any]:
        at = int(clock.real().timestamp()) - 60
        return {**event(name, delivery_id, at, site=SITE), **changed}

    def first(self) -> int:
        return int(deliveries(self.installation, self.world.touch_ids[0])[0].id)

    def work(self) -> None:
        """A worker takes every report there is."""
        with self.installation.worker.reading() as session:
            ids = session.scalars(select(ProviderReport.id).order_by(ProviderReport.id)).all()
        for report_id in ids:
            provider_reports.take(self.installation.worker, report_id)

    def rows(self, model: Any) -> list[Any]:
        with self.installation.worker.reading() as session:
            found = list(session.scalars(select(model).order_by(model.id)))
            session.expunge_all()
            return found

    def statuses(self) -> dict[DeliveryStatus, int]:
        return statuses(self.installation, self.world.touch_ids[0])


def a_desk(installation: Installation, **settings: Any) -> Desk:
    given = {"base_url": f"https://{SITE}", "sendgrid_events_key": SIGNER.public_key, **settings}
    installed = replace(installation, settings=replace(installation.settings, **given))
    world = a_running_campaign(installation, people=3)
    send(installation)
    return Desk(installation, Client(app_of(installed)), world)


@pytest.fixture
def desk(database: Installation) -> Desk:
    return a_desk(database)


def test_a_report_is_kept_then_worked_off_on_either_database(databases: Installation) -> None:
    desk = a_desk(databases)
    first, second, _ = [row.id for row in deliveries(databases, desk.world.touch_ids[0])]

    assert desk.post([desk.event("delivered", first), desk.event("bounce", second)]) == 204

    assert desk.statuses() == {D.SENT: 3}
    (report,) = desk.rows(ProviderReport)
    assert "people.example" not in str(report.events)
    (job,) = [row for row in desk.rows(JobRow) if row.name == "launches.take_report"]
    assert job.arguments == {"report_id": report.id}

    desk.work()
    assert desk.statuses() == {D.SENT: 1, D.DELIVERED: 1, D.BOUNCED: 1}
    assert [row.reason.value for row in desk.rows(PartnerSuppression)] == ["bounced"]
    assert desk.rows(ProviderReport) == []


def test_the_same_report_again_changes_nothing(desk: Desk) -> None:
    told = [desk.event("delivered", desk.first()), desk.event("spamreport", desk.first())]
    for _ in range(3):
        assert desk.post(told) == 204
        desk.work()

    assert sorted(row.kind.value for row in desk.rows(TouchEvent)) == ["complained", "delivered"]
    # SQLite gives the number of the report that is gone to the next one; each has its job all the same.
    assert len([row for row in desk.rows(JobRow) if row.name == "launches.take_report"]) == 3


def test_an_opening_proves_the_arrival_and_is_not_counted(desk: Desk) -> None:
    assert desk.post([desk.event("open", desk.first()), desk.event("click", desk.first())]) == 204
    desk.work()

    assert desk.statuses() == {D.SENT: 2, D.DELIVERED: 1}
    assert desk.rows(TouchEvent) == []


@pytest.mark.parametrize(
    "name", ["unsigned", "without a time", "by another key", "for another body", "old", "ahead", "malformed"]
)
def test_what_is_forged_is_refused_and_leaves_nothing(desk: Desk, name: str) -> None:
    content, now = body([desk.event("bounce", desk.first())]), clock.real().timestamp()
    signed = SIGNER.headers(content, now)
    signature, timestamp = signed
    forged = {
        "unsigned": {},
        "without a time": {signature: signed[signature]},
        "by another key": Signer().headers(content, now),
        "for another body": SIGNER.headers(content + b" ", now),
        "old": SIGNER.headers(content, now - 27 * 3_600),
        "ahead": SIGNER.headers(content, now + 3_600),
        "malformed": {signature: "x" * 10_000, timestamp: signed[timestamp]},
    }

    assert desk.raw(content, forged[name]) == 403
    assert desk.rows(ProviderReport) == []
    assert not [row for row in desk.rows(JobRow) if row.name == "launches.take_report"]


def test_after_many_forgeries_a_network_address_is_not_listened_to(desk: Desk) -> None:
    app: Any = desk.client.application
    limits = app.extensions["form_limits"]
    for _ in range(FORGERIES_AN_HOUR - 1):
        limits.count_forgery(SENDER)
    told = [desk.event("delivered", desk.first())]

    assert desk.post(told) == 204
    assert desk.raw(b"[]", {}) == 403
    assert desk.post(told) == 429


def test_who_has_set_no_key_takes_no_reports(database: Installation) -> None:
    desk = a_desk(database, sendgrid_events_key="")
    assert desk.post([desk.event("delivered", desk.first())]) == 404


def test_with_a_key_that_cannot_be_read_sendgrid_has_to_come_again(database: Installation) -> None:
    desk = a_desk(database, sendgrid_events_key="not a key")
    assert desk.post([desk.event("delivered", desk.first())]) == 503


def test_a_signed_report_that_is_none_is_refused(desk: Desk) -> None:
    content = b'{"event": "delivered"}'
    assert desk.raw(content, SIGNER.headers(content, clock.real().timestamp())) == 400


def test_a_report_of_others_is_answered_and_not_kept(desk: Desk) -> None:
    assert desk.post([desk.event("bounce", desk.first(), tcma_site="other.example")]) == 204
    assert desk.post([desk.event("bounce", desk.first(), tcma_attempt="test-7")]) == 204
    assert desk.rows(ProviderReport) == []


def test_a_report_that_is_too_long_is_not_read(desk: Desk) -> None:
    content = b" " * (4 * 1024 * 1024 + 1)
    assert desk.raw(content, SIGNER.headers(content, clock.real().timestamp())) == 413


def test_nothing_but_posts_is_taken(desk: Desk) -> None:
    assert desk.client.get("/events/sendgrid").status_code == 405


def test_an_event_that_comes_before_its_message_is_applied_when_that_is_there(
    databases: Installation,
) -> None:
    desk = a_desk(databases)
    coming = max(row.id for row in desk.rows(Delivery)) + 1
    assert desk.post([desk.event("delivered", coming), desk.event("delivered", desk.first())]) == 204
    desk.work()
    assert desk.statuses() == {D.SENT: 2, D.DELIVERED: 1}
    (waiting,) = desk.rows(ProviderReport)
    assert [one["delivery_id"] for one in waiting.events] == [coming]

    later = a_running_campaign(databases, people=2)
    desk.work()

    assert statuses(databases, later.touch_ids[0]) == {D.QUEUED: 1, D.DELIVERED: 1}
    assert desk.rows(ProviderReport) == []


def test_an_event_whose_message_never_comes_is_given_up_after_a_day(desk: Desk) -> None:
    assert desk.post([desk.event("delivered", 999_999)]) == 204
    desk.work()
    with desk.installation.worker.transaction() as session:
        session.execute(update(ProviderReport).values(received_at=clock.real() - timedelta(days=2)))

    desk.work()
    assert desk.rows(ProviderReport) == []


def test_a_long_report_is_kept_in_pieces(desk: Desk) -> None:
    assert desk.post([desk.event("delivered", desk.first())] * (MOST_EVENTS + 1)) == 204

    assert [len(row.events) for row in desk.rows(ProviderReport)] == [MOST_EVENTS, 1]
    desk.work()
    assert desk.statuses() == {D.SENT: 2, D.DELIVERED: 1}

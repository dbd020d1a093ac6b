"""A provider that hands over many messages at once: the lane never stops between a hand-over and its outcomes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from campaigns.links import Purpose
from campaigns.providers.base import NotSent, Outcome, Outgoing, SettingsError
from campaigns.providers.memory import MemoryProvider
from campaigns.providers.sendgrid import SendGrid
from campaigns.replies import token_in
from tcma.bench.fake_sendgrid import Act, FakeSendGrid, Manners
from tcma.bench.send_world import Plan, build
from tcma.launches.deliveries import DeliveryStatus
from tcma.launches.sending import run_lane
from tcma.launches.ways_out import MailComposer, open_provider
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, a_worker, send, statuses

D = DeliveryStatus


class Together(MemoryProvider):
    """Hands over four messages, then tells their outcomes one by one."""

    between = True
    breaks_after = 99

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        told = 0
        for start in range(0, len(batch), 4):
            self.between = False
            outcomes = list(super().send(batch[start : start + 4]))
            for place, outcome in enumerate(outcomes, 1):
                if told == self.breaks_after:
                    raise RuntimeError("a defect")
                told += 1
                self.between = place == len(outcomes)
                yield outcome

    @property
    def is_between(self) -> bool:
        return self.between


def test_a_lane_that_loses_its_lease_takes_the_outcomes_of_what_it_handed_over(
    database: Installation,
) -> None:
    world = a_running_campaign(database, people=12)
    lease = a_worker(database.worker)

    class Losing(Together):
        def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
            for place, outcome in enumerate(super().send(batch), 1):
                lease.is_held = place < 6  # in the middle of the second hand-over
                yield outcome

    provider = Losing()
    send(database, provider, lease=lease)

    assert len(provider.sent) == 8
    assert statuses(database, world.touch_ids[0]) == {D.SENT: 8, D.QUEUED: 4}


def test_a_provider_that_breaks_in_the_middle_leaves_all_it_had_in_hand_in_doubt(
    database: Installation,
) -> None:
    world = a_running_campaign(database, people=7)
    provider = Together()
    provider.breaks_after = 5
    send(database, provider, until=lambda: bool(provider.sent))

    found = statuses(database, world.touch_ids[0])
    assert found[D.SENT] == 5
    assert found[D.UNKNOWN] == 2


def test_a_campaign_goes_through_sendgrid_and_a_lost_answer_is_not_sent_again(
    database: Installation, tmp_path: Path
) -> None:
    with FakeSendGrid(tmp_path / "journal", "SG.key", Manners([Act.CUT_AFTER])) as fake:
        settings = replace(
            database.settings,
            mail=f"sendgrid:{fake.address}",
            sendgrid_key="SG.key",
            group_size=4,
            replies="replies.example",
        )
        installed = replace(database, settings=settings)
        with installed.worker.transaction() as session:
            world = build(session, Plan(10), hash_key=settings.hash_key, files=installed.storage)
        composer = MailComposer(installed.worker, installed.storage, installed.signer, settings)
        provider = open_provider(settings, installed.storage)
        for _ in range(2):
            run_lane(
                installed.worker, composer, provider, a_worker(installed.worker), settings, lambda: False
            )
        provider.close()
        taken = fake.taken()

    assert isinstance(provider, SendGrid)
    assert sorted(fake.sizes) == [2, 4, 4]
    assert len({one.to for one in taken}) == len(taken) == 10
    assert statuses(database, world.touch_ids[0]) == {D.UNKNOWN: 4, D.SENT: 6}
    assert {one.custom_args["tcma_site"] for one in taken} == {"127.0.0.1:8000"}
    assert "Dear Petra" in taken[0].text
    (reply_to,) = {
        one.reply_to for one in taken
    }  # one for the mails of a request, which are not sent singly for it
    token = installed.signer.verify(token_in(reply_to, "replies.example"), Purpose.REPLY)
    assert token is not None and (token.artefact_id, token.delivery_id) == (world.artefact_ids[0], 0)


@pytest.mark.parametrize(
    ("mail", "key", "sentence"),
    [
        ("sendgrid:", "", "TCMA_SENDGRID_KEY"),
        ("sendgrid:http://api.sendgrid.com", "k", "in the clear"),
        ("carrier-pigeon:", "", "outbox:, smtp://host:port or sendgrid:"),
    ],
)
def test_settings_that_make_no_way_out_are_named(
    database: Installation, mail: str, key: str, sentence: str
) -> None:
    settings = replace(database.settings, mail=mail, sendgrid_key=key)
    with pytest.raises(SettingsError, match=sentence):
        open_provider(settings, database.storage)


def test_what_is_not_tried_waits(database: Installation, tmp_path: Path) -> None:
    with FakeSendGrid(tmp_path / "journal", "SG.key", Manners([Act.BUSY])) as fake:
        settings = replace(database.settings, mail=f"sendgrid:{fake.address}", sendgrid_key="SG.key")
        provider = open_provider(settings, database.storage)
        raw = b"From: a@x.example\r\nSubject: x\r\n\r\nx\r\n"
        (outcome,) = provider.send([Outgoing(1, "n1", "a@x.example", "b@y.example", raw)])
        provider.close()

    assert outcome == NotSent(1, "too many requests", 7.0)

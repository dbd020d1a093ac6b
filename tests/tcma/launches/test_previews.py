"""Preview, test mail and sent mail: one function, and what a test mail's links do."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID

import pytest
from sqlalchemy import select
from werkzeug.test import Client, TestResponse

from campaigns.links import TOKEN_LENGTH, Purpose, Signer
from campaigns.message import Message
from campaigns.providers.memory import MemoryProvider
from campaigns.replies import token_in
from tcma.errors import Conflict, DomainError
from tcma.launches import previews, schedule, service
from tcma.launches.deliveries import Artefact, TouchEvent
from tcma.launches.models import Campaign
from tcma.launches.previews import Wanted
from tcma.launches.sending import run_lane
from tcma.launches.ways_out import OUTBOX, MailComposer
from tcma.partners import senders
from tcma.partners.models import SenderDomain, SenderStatus
from tcma.storage.folder import FolderStorage
from tests.campaigns.scripted_smtp import CLOSE, Scripted
from tests.installation import Installation
from tests.tcma.launches.factories import a_worker
from tests.tcma.launches.ready import TUESDAY, a_ready_world
from tests.tcma.launches.world import World
from tests.web.apps import app_of

ANNA = "anna@firm.example"
_TOKEN = re.compile(rb"(?<=/[rou]/)[A-Za-z0-9_-]{%d}" % TOKEN_LENGTH)


def shown(world: World, campaign: Campaign, contact_id: UUID | None = None) -> Message:
    wanted = Wanted("invite", contact_id=contact_id)
    return previews.preview(
        world.installation.web, world.partner, world.files, world.settings, campaign.public_id, wanted
    )


def a_test_mail(world: World, campaign: Campaign, contact_id: UUID | None = None, to: str = ANNA) -> Message:
    wanted = Wanted("invite", contact_id=contact_id)
    return previews.test_message(
        world.installation.web, world.partner, world.files, world.settings, campaign.public_id, wanted, to=to
    )


def sent(world: World, campaign: Campaign) -> dict[str, bytes]:
    """What the real lane hands to the provider when the invitation's time has come, by recipient."""
    due = world.touches(campaign)["invite"].due_at
    assert due is not None
    world.set_clock(due + timedelta(seconds=1))
    database, provider = world.installation.worker, MemoryProvider()
    schedule.start_due(database)
    keys = world.settings.token_keys
    composer = MailComposer(database, world.files, Signer(keys, max(keys)), world.settings)
    run_lane(database, composer, provider, a_worker(database), world.settings, lambda: False)
    return {message.recipient: message.raw for message in provider.sent}


def bare(raw: bytes) -> tuple[bytes, str, list[int]]:
    """A message without what may differ (tokens, Date, Message-ID, the mark of a test), its subject, and how long
    the lines of its body are. Tokens are as long as each other, so the lines break where they broke."""
    head, _, body = raw.partition(b"\r\n\r\n")
    subject = str(message_from_bytes(head, policy=policy.default)["Subject"]).removeprefix("[Test] ")
    head = re.sub(rb"(Date|Message-ID|Subject): [^\r]*", rb"\1: *", head)
    whole, tokens = _TOKEN.subn(b"*", head + b"\r\n\r\n" + body.replace(b"=\r\n", b""))
    assert tokens > 3
    return whole, subject, [len(line) for line in body.split(b"\r\n")]


def tokens_of(raw: bytes) -> set[bytes]:
    return set(_TOKEN.findall(raw.replace(b"=\r\n", b"")))


def links_of(message: Message) -> list[str]:
    return re.findall(r'"https://go\.example(/[ru]/[^"]+)"', message.html)


def sender_in(raw: bytes) -> str:
    return str(message_from_bytes(raw, policy=policy.default)["From"].addresses[0].addr_spec)


def visit(world: World, path: str, method: str = "GET") -> TestResponse:
    installation = replace(world.installation, settings=world.settings)
    return Client(app_of(installation), TestResponse).open(path, method=method)


def test_preview_test_mail_and_sent_mail_are_the_same_bytes(databases: Installation) -> None:
    world = a_ready_world(databases)
    anna = world.people([ANNA], first_name="Anna", last_name="Frei", company="Zürich AG")[0]
    campaign = world.draft(wall=TUESDAY)
    of_draft, test = shown(world, campaign, anna.public_id), a_test_mail(world, campaign, anna.public_id)
    world.launch(campaign)
    of_launched = shown(world, campaign, anna.public_id)

    real = sent(world, campaign)[ANNA]

    assert test.subject == "[Test] Seven checks for Zürich AG"
    assert bare(of_draft.raw) == bare(test.raw) == bare(of_launched.raw) == bare(real)
    assert len({raw for raw in (of_draft.raw, test.raw, of_launched.raw, real)}) == 4
    assert len(tokens_of(test.raw)) == 1 and len(tokens_of(real)) == 2  # for clicks and the way out
    assert not tokens_of(test.raw) & tokens_of(real)


def test_where_replies_come_here_each_mail_asks_for_its_own_and_is_else_the_same(
    database: Installation,
) -> None:
    world = a_ready_world(database)
    world.people([ANNA, "beat@lindt.example"], first_name="Anna", last_name="Frei", company="Zürich AG")
    campaign = world.launch(world.draft(wall=TUESDAY)).campaign
    plain = shown(world, campaign, None)
    settings = replace(world.settings, replies="replies.example")
    world = replace(world, installation=replace(world.installation, settings=settings))

    real = sent(world, campaign)

    signer = world.installation.signer
    deliveries = set()
    for raw in real.values():
        reply_to = str(message_from_bytes(raw, policy=policy.default)["Reply-To"])
        token = signer.verify(token_in(reply_to, "replies.example"), Purpose.REPLY)
        assert token is not None
        deliveries.add(token.delivery_id)
    assert len(deliveries) == len(real) > 1
    assert "marc@harbour-it.example" in str(message_from_bytes(plain.raw, policy=policy.default)["Reply-To"])


def test_a_launched_mail_leaves_from_the_shared_domain_while_the_own_one_is_lost(
    database: Installation,
) -> None:
    world = a_ready_world(database)
    world.people([ANNA], first_name="Anna")
    with world.as_partner() as session:
        row = senders.enter(session, world.partner, world.settings, "news@own.example")
        row.status = SenderStatus.VERIFIED
    campaign = world.draft(wall=TUESDAY)
    assert sender_in(shown(world, campaign).raw) == "news@own.example"
    world.launch(campaign)
    with world.as_worker() as session:
        session.get_one(SenderDomain, row.id).status = SenderStatus.LOST
    assert sender_in(shown(world, campaign).raw) == "post@mail.example"

    lost = message_from_bytes(sent(world, campaign)[ANNA], policy=policy.default)

    assert sender_in(lost.as_bytes()) == "post@mail.example"
    assert lost["Reply-To"].addresses[0].addr_spec == "marc@harbour-it.example"
    assert lost["Message-ID"].endswith("@mail.example>")


def test_a_launched_mail_leaves_from_the_own_domain_while_it_is_verified(database: Installation) -> None:
    world = a_ready_world(database)
    world.people([ANNA], first_name="Anna")
    with world.as_partner() as session:
        row = senders.enter(session, world.partner, world.settings, "news@own.example")
        row.status = SenderStatus.VERIFIED
    campaign = world.launched(wall=TUESDAY)
    assert sender_in(sent(world, campaign)[ANNA]) == "news@own.example"


def test_links_of_a_drafts_test_mail_lead_to_their_pages_and_nothing_is_counted(
    databases: Installation,
) -> None:
    world = a_ready_world(databases)
    campaign = world.draft()
    test = a_test_mail(world, campaign, to="Marc@Harbour-IT.example")
    assert test.to == "marc@harbour-it.example"

    for path in links_of(test):
        answer = visit(world, path)
        if path.startswith("/r/"):
            assert answer.status_code == 302
            assert answer.location.startswith(("https://go.example/c/harbour-it/", "https://harbour-it."))
        else:
            assert answer.status_code == 200 and "test mail" in answer.text
            assert visit(world, path, "POST").status_code == 200
    assert {path[:3] for path in links_of(test)} == {"/r/", "/u/"}

    with databases.worker.reading() as session:
        assert session.scalars(select(TouchEvent)).all() == []
    assert world.deliveries(campaign, "invite") == []


def test_links_of_a_test_mail_still_lead_there_after_the_launch_is_taken_back(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft(wall=TUESDAY)
    path = next(path for path in links_of(a_test_mail(world, campaign)) if path.startswith("/r/"))
    world.launch(campaign)
    with world.as_partner() as session:
        service.return_to_draft(session, world.partner, campaign.public_id)

    assert visit(world, path).status_code == 302


def test_a_preview_keeps_nothing_and_ten_tests_keep_one_mail(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft()
    shown(world, campaign)
    with database.worker.reading() as session:
        assert session.scalars(select(Artefact)).all() == []

    for _ in range(10):
        a_test_mail(world, campaign)

    with database.worker.reading() as session:
        assert len(session.scalars(select(Artefact.id)).all()) == 1


def test_a_launch_after_a_test_mail_sends_the_mail_that_was_tested(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft(wall=TUESDAY)
    (token,) = tokens_of(a_test_mail(world, campaign).raw)
    keys = world.settings.token_keys
    found = Signer(keys, max(keys)).verify(token.decode(), Purpose.PREVIEW)
    world.launch(campaign)

    assert found is not None
    assert {one.artefact_id for one in world.deliveries(campaign, "invite")} == {found.artefact_id}


def test_a_test_mail_goes_out_as_it_was_made(database: Installation) -> None:
    world = a_ready_world(database)
    made = a_test_mail(world, world.draft())

    previews.send(world.settings, world.files, made)
    previews.send(world.settings, world.files, made)

    assert isinstance(world.files, FolderStorage)
    kept = [path.read_bytes() for path in (world.files.root / OUTBOX).iterdir()]
    assert kept == [made.raw, made.raw]  # pressed twice, sent twice


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"RCPT": b"550 5.1.1 no such user\r\n"}, "The mail server refused the test mail to anna@"),
        ({"MAIL": b"451 later\r\n"}, "The test mail to anna@firm.example was not sent: .*Try again"),
        ({"GREETING": b"554 go away\r\n"}, "The mail server does not take mail from this installation"),
        ({"BODY": CLOSE}, "Nobody knows whether the test mail to anna@firm.example went out: .*Look into"),
    ],
)
def test_a_test_mail_that_did_not_go_says_so(
    database: Installation, answers: dict[str, bytes | str], sentence: str
) -> None:
    world = a_ready_world(database)
    made = a_test_mail(world, world.draft())

    with Scripted(**answers) as server:
        settings = replace(world.settings, mail=f"smtp://127.0.0.1:{server.port}?security=none")
        with pytest.raises(Conflict, match=sentence) as refused:
            previews.send(settings, world.files, made)

    assert ".." not in refused.value.sentence and refused.value.sentence.endswith(".")


def test_a_test_mail_reaches_a_mail_server_as_it_was_made(database: Installation) -> None:
    world = a_ready_world(database)
    made = a_test_mail(world, world.draft())

    with Scripted() as server:
        settings = replace(world.settings, mail=f"smtp://127.0.0.1:{server.port}?security=none")
        previews.send(settings, world.files, made)

    assert [message.replace(b"\r\n..", b"\r\n.") for message in server.messages] == [made.raw]
    assert "RCPT TO:<anna@firm.example>" in server.commands
    assert any(command.startswith("MAIL FROM:<post@mail.example>") for command in server.commands)


def test_a_preview_of_what_is_not_there_says_so(database: Installation) -> None:
    world = a_ready_world(database)
    campaign = world.draft()
    for wanted in (Wanted("nothing"), Wanted("invite", locale="fr")):
        with pytest.raises(DomainError, match=r"no message 'nothing'|not there in 'fr'"):
            previews.preview(
                database.web, world.partner, world.files, world.settings, campaign.public_id, wanted
            )

"""The calendar file that goes with a mail: one event from the confirmation to the end, by either way out."""

from base64 import b64decode
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import orjson

from campaigns.providers import sendgrid_mail
from campaigns.providers.base import Outgoing
from campaigns.providers.memory import MemoryProvider
from tcma.launches.ways_out import MailComposer
from tcma.seats import hosting, own
from tcma.seats.mails import Kind
from tests.campaigns.calendar_rules import Read, examine
from tests.installation import Installation
from tests.tcma.launches.factories import send
from tests.tcma.seats.scene import WALL, Scene, a_scene, held, zurich

ANNA, BEA, CARL = "anna@firm.example", "bea@firm.example", "carl@firm.example"


def sent(scene: Scene, way_out: str = "sendgrid:") -> dict[str, Outgoing]:
    """The service mails that go now, by address."""
    at, provider = scene.world.installation, MemoryProvider()
    settings = replace(at.settings, mail=way_out)
    send(at, provider, composer=MailComposer(at.worker, scene.world.files, at.signer, settings))  # type: ignore[arg-type]
    return {mail.recipient: mail for mail in provider.sent if b"Auto-Submitted" in mail.raw}


def files(mail: Outgoing) -> list[EmailMessage]:
    parsed = message_from_bytes(mail.raw, policy=default)
    assert isinstance(parsed, EmailMessage)
    plain, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert plain is not None and html is not None and "<html" in html.get_content()
    return [part for part in parsed.iter_attachments() if isinstance(part, EmailMessage)]


def event(mail: Outgoing, method: str) -> Read:
    """The event of the one file, the same in the raw mail and in what an API takes."""
    (part,) = files(mail)
    assert (part.get_content_type(), part.get_filename()) == ("text/calendar", "webinar.ics")
    assert part.get_param("method") == method
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes) and mail.parts is not None and mail.parts.calendar == content
    body = orjson.loads(sendgrid_mail.request_body([sendgrid_mail.entry(mail, "tcma.example")]))
    (file,) = body["attachments"]
    assert (b64decode(file["content"]), file["type"]) == (content, "text/calendar")
    read = examine(content)
    assert not read.wrong and read.calendar["METHOD"][1] == method
    return read


def test_a_file_goes_with_the_confirmation_and_with_what_changes_it(database: Installation) -> None:
    scene = a_scene(database)
    world, public_id = scene.world, scene.campaign.public_id
    scene.register(ANNA)
    scene.register(BEA)
    scene.register(CARL, seat=False)
    with world.as_partner() as session:
        own.give_back(session, held(scene, session, BEA))
    mails = sent(scene)
    assert not files(mails[BEA]) and not files(mails[CARL])  # she gave it back, he never had one
    first = event(mails[ANNA], "PUBLISH")
    assert first.event["DTSTART"][1] == "20261210T130000Z" and first.event["SEQUENCE"][1] == "0"
    assert first.event["URL"][1].startswith(f"{world.settings.base_url}/w/")

    with world.as_partner() as session:
        own.give_back(session, held(scene, session, ANNA))
        own.take_again(session, held(scene, session, ANNA))
    hosting.move(
        database.web, world.partner, world.files, world.settings, public_id,
        WALL.replace(day=17), "Europe/Zurich",
    )  # fmt: skip
    assert scene.tell(Kind.MOVED) == 1
    moved = event(sent(scene)[ANNA], "PUBLISH")
    assert moved.event["DTSTART"][1] == "20261217T130000Z" and moved.event["SEQUENCE"][1] == "3"

    with world.as_partner() as session:
        hosting.cancel(session, world.partner, public_id)
    assert scene.tell(Kind.CANCELLED) == 2
    gone = sent(scene)
    last = event(gone[ANNA], "CANCEL")
    assert last.event["ATTENDEE"][1] == f"mailto:{ANNA}" and last.event["SEQUENCE"][1] == "4"
    assert {one.event["UID"] for one in (first, moved, last)} == {first.event["UID"]}


def test_a_mail_without_a_file_is_what_it_was(database: Installation) -> None:
    """Reminders have none; by SMTP nothing is taken apart."""
    scene = a_scene(database)
    scene.register(ANNA)
    mail = sent(scene, "smtp://localhost")[ANNA]
    assert mail.parts is None and len(files(mail)) == 1 and len(mail.raw) < 60_000
    scene.at(zurich("2026-12-09T14:01"))
    assert scene.remind() == 1
    assert not files(sent(scene)[ANNA])

"""A provider's inbound parse: kept before it is answered, whatever is in the form."""

import json
from dataclasses import replace

import pytest
from werkzeug.test import Client, TestResponse

from tcma.replies import intake
from tcma.replies.models import InboundMail
from tests.installation import Installation
from tests.tcma.launches.factories import a_running_campaign, deliveries
from tests.tcma.replies.desk import DOMAIN, Desk, a_mail
from tests.web.apps import app_of

KEY = "k" * 32
LATIN = a_mail("anna@lindt.example", "Gr").replace(b"\r\n\r\nGr", "\r\n\r\nGrüße".encode("latin-1"))
BOUNDARY = "xYzZY"


def a_form(raw: bytes, recipients: list[str], sender: str = "anna@lindt.example") -> bytes:
    """As SendGrid posts it, the raw message among fields of text."""
    fields = {
        "to": ", ".join(recipients).encode(),
        "email": raw,
        "envelope": json.dumps({"to": recipients, "from": sender}).encode(),
        "charsets": b"{}",
    }
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content + b"\r\n"
        for name, content in fields.items()
    ]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


@pytest.fixture
def desk(database: Installation) -> Desk:
    settings = replace(database.settings, replies=DOMAIN, inbound_key=KEY)
    return Desk(replace(database, settings=settings), a_running_campaign(database, people=1))


def post(
    desk: Desk,
    body: bytes,
    key: str = KEY,
    kind: str = "multipart/form-data",
    client: Client | None = None,
) -> TestResponse:
    client = client or Client(app_of(desk.installation), TestResponse)
    content_type = f"{kind}; boundary={BOUNDARY}"
    return client.post(f"/events/inbound/{key}", data=body, content_type=content_type)


def kept(desk: Desk) -> list[InboundMail]:
    with desk.installation.worker.reading() as session:
        return list(session.query(InboundMail))


def test_a_mail_for_one_of_our_addresses_is_kept_byte_for_byte(desk: Desk) -> None:
    (first,) = deliveries(desk.installation, desk.world.touch_ids[0])
    assert post(desk, a_form(LATIN, [desk.address(first), "hello@elsewhere.example"])).status_code == 204
    (mail,) = kept(desk)
    assert (mail.partner_id, mail.delivery_id, mail.envelope_sender) == (
        desk.world.partner_id,
        first.id,
        "anna@lindt.example",
    )
    assert intake.fetch(desk.installation.storage, mail.partner_id, mail.kept_as) == LATIN
    desk.read_all()
    assert [reply.text for reply in desk.replies()] == ["Grüße"]


def test_a_mail_for_nobody_here_is_answered_and_not_kept(desk: Desk) -> None:
    assert post(desk, a_form(LATIN, ["hello@replies.example"])).status_code == 204
    assert kept(desk) == []


def test_a_wrong_key_is_no_page_and_however_many_come_the_right_one_is_heard(desk: Desk) -> None:
    (first,) = deliveries(desk.installation, desk.world.touch_ids[0])
    body, client = a_form(LATIN, [desk.address(first)]), Client(app_of(desk.installation), TestResponse)
    codes = {post(desk, body, key="guessed", client=client).status_code for _ in range(300)}
    assert codes == {404}
    assert kept(desk) == [] and desk.files() == []
    assert post(desk, body, client=client).status_code == 204
    assert len(kept(desk)) == 1


def test_a_forged_address_is_not_even_kept(desk: Desk) -> None:
    (first,) = deliveries(desk.installation, desk.world.touch_ids[0])
    genuine = desk.address(first)
    forged = genuine[:20] + ("a" if genuine[20] != "a" else "b") + genuine[21:]
    assert post(desk, a_form(LATIN, [forged])).status_code == 204
    assert kept(desk) == [] and desk.files() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not a form",
        a_form(b"", ["r.x@replies.example"]),
        a_form(LATIN, ["x"]).replace(b'{"to"', b"[1, 2"),
        a_form(LATIN, ["x"]).replace(b"--xYzZY--", b""),
    ],
)
def test_what_is_no_such_form_is_asked_for_again(desk: Desk, body: bytes) -> None:
    assert post(desk, body).status_code == 503
    assert kept(desk) == []


def test_another_kind_of_body_is_asked_for_again(desk: Desk) -> None:
    assert post(desk, a_form(LATIN, ["x"]), kind="application/json").status_code == 503


def test_half_letters_and_nul_in_the_envelope_cost_no_mail(desk: Desk) -> None:
    (first,) = deliveries(desk.installation, desk.world.touch_ids[0])
    body = a_form(LATIN, [desk.address(first)], sender="an\ud800na\0@lindt.example")
    assert post(desk, body).status_code == 204
    assert [mail.envelope_sender for mail in kept(desk)] == ["anna@lindt.example"]
    desk.read_all()
    assert [reply.text for reply in desk.replies()] == ["Grüße"]


def test_without_a_key_there_is_no_such_page(desk: Desk) -> None:
    settings = replace(desk.installation.settings, inbound_key="")
    closed = Desk(replace(desk.installation, settings=settings), desk.world)
    assert post(closed, a_form(LATIN, ["x"])).status_code == 404
    assert post(closed, a_form(LATIN, ["x"]), key="").status_code == 404

"""From a form to the mail in a sales person's hand."""

import re
from email import message_from_bytes, policy

from campaigns.links import Purpose
from campaigns.providers.memory import MemoryProvider
from tcma.notices import sending
from tcma.organisations import recipients
from tcma.organisations.models import Membership, User
from tcma.viewer import Role
from tests.factories import NOW, a_partner
from tests.installation import Installation
from tests.tcma.leads.scene import a_scene


def person(
    installation: Installation, email: str, organisation_id: int, role: Role, locale: str = "en"
) -> int:
    with installation.owner.transaction() as session:
        user = User(email=email, name="Somebody", locale=locale, created_at=NOW)
        session.add(user)
        session.flush()
        row = Membership(user_id=user.id, organisation_id=organisation_id, role=role, created_at=NOW)
        session.add(row)
        return user.id


def mails(installation: Installation) -> MemoryProvider:
    provider = MemoryProvider()
    writer = sending.Writer.of(installation.settings, installation.signer)
    sending.gather(installation.worker)
    sending.send_waiting(installation.worker, provider, writer, recipients.present)
    return provider


def test_an_answer_reaches_the_sales_people_of_its_partner_in_their_language_and_nobody_else(
    databases: Installation,
) -> None:
    scene = a_scene(databases)
    partner, vendor = scene.world.partner_id, scene.world.vendor_id
    sales = person(databases, "sales@harbour.example", partner, Role.SALES, "de")
    person(databases, "finance@harbour.example", partner, Role.FINANCE)
    person(databases, "owner@vendor.example", vendor, Role.OWNER)
    person(databases, "leads@vendor.example", vendor, Role.LEAD_DEVELOPMENT)
    with databases.owner.transaction() as session:
        other = a_partner(session).id
    person(databases, "sales@other.example", other, Role.SALES)

    scene.answer(phone="+41 44 555 01 23", message="Please call on Monday.")
    scene.answer()  # the same person once more: the lead is known
    provider = mails(databases)
    mails(databases)

    (sent,) = provider.sent
    assert sent.recipient == "sales@harbour.example"
    mail = message_from_bytes(sent.raw, policy=policy.default)
    assert mail["Subject"] == "Neuer Lead: Anna Frei, Lindt AG"
    body = mail.get_body(("plain",))
    assert body is not None
    text = str(body.get_content())
    assert "Please call on Monday." in text and "tel:+41445550123" in text
    found = re.search(r"/l/([\w-]{48})", text)
    assert found is not None
    token = databases.signer.verify(found[1], Purpose.LEAD)
    assert token is not None
    assert (token.partner_id, token.artefact_id) == (partner, sales)

"""A lead from a mail: one press each, without signing in, for these leads and this reader only."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from werkzeug.test import Client, TestResponse

from campaigns.links import Purpose
from tcma.leads import links, service
from tcma.leads.capture import Receipt
from tcma.leads.models import Lead, Stage
from tcma.organisations.models import Membership, User
from tcma.viewer import Role
from tests.installation import Installation
from tests.tcma.leads.scene import Scene, a_scene
from tests.tcma.leads.test_deeds import colleague, do
from tests.web.apps import app_of


@dataclass
class Mail:
    """A link in a mail to one person, opened in a browser without any cookie."""

    scene: Scene
    reader: User
    token: str
    client: Client

    def get(self, query: str = "") -> TestResponse:
        return self.client.get(f"/l/{self.token}{query}")

    def post(self, receipt: Receipt, step: str, **form: str) -> TestResponse:
        data = {"lead": str(receipt.lead.public_id), "step": step, **form}
        return self.client.post(f"/l/{self.token}", data=data)

    def press(self, receipt: Receipt, step: str, **form: str) -> str:
        answer = self.post(receipt, step, **form)
        assert answer.status_code == 303, answer.text[-1500:]
        return self.client.get(answer.headers["Location"]).text


def a_mail(scene: Scene, *receipts: Receipt, reader: User | None = None) -> Mail:
    installed = scene.installation
    reader = reader or colleague(scene, Role.SALES)[0]
    with installed.web.transaction(scene.world.partner_id) as session:
        named = [session.get_one(Lead, receipt.lead.id) for receipt in receipts]
        link = links.make(session, scene.world.partner_id, named)
    token = installed.signer.token(Purpose.LEAD, scene.world.partner_id, reader.id, link.id)
    return Mail(scene, reader, token, Client(app_of(installed), TestResponse))


@pytest.fixture
def scene(database: Installation) -> Scene:
    return a_scene(database)


def test_opening_the_link_shows_the_lead_and_changes_nothing(scene: Scene) -> None:
    receipt = scene.answer(phone="+41 44 555 01 01", message="Please call.")
    mail = a_mail(scene, receipt)
    before = scene.lead(receipt)
    for _time in range(2):
        page = mail.get()
    after = scene.lead(receipt)

    for shown in (
        "Lindt AG",
        "Anna Frei",
        "Please call.",
        "tel:+41445550101",
        f"You act as {mail.reader.name}",
    ):
        assert shown in page.text, shown
    assert (after.stage, after.updated_at) == (before.stage, before.updated_at)
    assert "Set-Cookie" not in page.headers


def test_one_press_does_it_in_the_readers_name_and_can_be_taken_back(scene: Scene) -> None:
    receipt = scene.answer()
    mail = a_mail(scene, receipt)
    page = mail.press(receipt, "accept")
    assert scene.lead(receipt).stage is Stage.ACCEPTED
    assert scene.lead(receipt).holder_id == mail.reader.id
    assert "Accepted: Lindt AG" in page and "Undo" in page

    key = re.search(r'name="deed" value="([^"]+)"', page)
    assert key is not None
    mail.press(receipt, "undo", deed=key[1])
    assert scene.lead(receipt).stage is Stage.NEW and scene.lead(receipt).holder_id is None
    mail.press(receipt, "contacted")
    mail.press(receipt, "still-open")
    page = mail.press(receipt, "not-now")
    assert scene.lead(receipt).stage is Stage.NURTURING and "Nothing is left to do here." in page


def test_a_single_lead_is_won_or_lost_from_its_mail(scene: Scene) -> None:
    receipt, other = scene.answer(), scene.answer("a@firm1.example")
    for one in (receipt, other):
        do(scene, service.contacted, one)
    mail = a_mail(scene, receipt)
    assert mail.post(receipt, "report", outcome="won", amount="much").status_code == 422
    assert "Won: Lindt AG" in mail.press(receipt, "report", outcome="won", amount="900")
    a_mail(scene, other).press(other, "report", outcome="lost:price")

    assert (scene.lead(receipt).stage, scene.lead(other).stage) == (Stage.WON, Stage.LOST)


def test_a_second_press_says_what_the_lead_is_already(scene: Scene) -> None:
    receipt = scene.answer()
    mail = a_mail(scene, receipt)
    mail.press(receipt, "accept")
    answer = mail.post(receipt, "accept")

    assert answer.status_code == 422 and "This lead is accepted and cannot become accepted." in answer.text


def test_the_weekly_link_reports_several_leads_and_no_other(scene: Scene) -> None:
    first, second, foreign = (scene.answer(f"a@firm{number}.example") for number in range(3))
    for receipt in (first, second, foreign):
        do(scene, service.contacted, receipt)
    mail = a_mail(scene, first, second)
    assert mail.get().text.count('name="outcome"') == 2
    answer = mail.post(first, "report", outcome="won")
    assert answer.status_code == 422 and "Write what it was sold for." in answer.text
    field = f"amount-{scene.lead(first).public_id}"
    assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text
    assert answer.text.count('<option value="won" selected') == 1
    mail.press(first, "report", outcome="won", amount="1'200.50")
    mail.press(second, "report", outcome="not-a-fit:no_need")

    assert (scene.lead(first).stage, scene.lead(second).stage) == (Stage.WON, Stage.DISQUALIFIED)
    assert mail.post(foreign, "still-open").status_code == 404
    assert mail.post(foreign, "report", outcome="still-open").status_code == 404


@pytest.mark.parametrize(
    ("step", "form"),
    [("", {}), ("delete", {}), ("not-a-fit", {"reason": "x"}), ("report", {"outcome": "lost"})],
)
def test_a_press_that_is_none_of_the_buttons_is_refused_in_words(
    scene: Scene, step: str, form: dict[str, str]
) -> None:
    receipt = scene.answer()
    mail = a_mail(scene, receipt)
    answer = mail.post(receipt, step, **form)

    assert answer.status_code == 422 and "There is a problem" in answer.text
    assert scene.lead(receipt).stage is Stage.NEW


def refused(mail: Mail, receipt: Receipt) -> bool:
    return mail.get().status_code == 404 and mail.post(receipt, "accept").status_code == 404


def test_a_link_ends_with_its_time(scene: Scene) -> None:
    receipt = scene.answer()
    mail = a_mail(scene, receipt)
    scene.pass_seconds(int(links.LASTS.total_seconds()) - 60)
    assert mail.get().status_code == 200
    scene.pass_seconds(120)
    assert refused(mail, receipt)


def test_whoever_left_the_firm_or_may_not_work_leads_does_nothing_by_a_link(scene: Scene) -> None:
    receipt = scene.answer()
    left, reader = a_mail(scene, receipt), a_mail(scene, receipt, reader=colleague(scene, Role.READER)[0])
    with scene.installation.owner.transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == left.reader.id))
    assert refused(left, receipt) and refused(reader, receipt)
    assert scene.lead(receipt).stage is Stage.NEW


def test_no_other_token_opens_a_lead(scene: Scene) -> None:
    receipt = scene.answer()
    other = a_scene(scene.installation)
    foreign = other.answer()
    mail, theirs = a_mail(scene, receipt), a_mail(other, foreign)
    signer = scene.installation.signer
    whole = signer.verify(mail.token, Purpose.LEAD)
    beyond = signer.verify(theirs.token, Purpose.LEAD)
    assert whole is not None and beyond is not None
    sign: Any = signer.token
    for token in (
        mail.token[:-1],
        sign(Purpose.CLICK, whole.partner_id, whole.artefact_id, whole.delivery_id),
        sign(Purpose.LEAD, whole.partner_id, whole.artefact_id, beyond.delivery_id),
        sign(Purpose.LEAD, beyond.partner_id, whole.artefact_id, beyond.delivery_id),
        sign(Purpose.LEAD, whole.partner_id, beyond.artefact_id, whole.delivery_id),
        sign(Purpose.LEAD, whole.partner_id, 10_000, whole.delivery_id),
    ):
        mail.token = token
        assert refused(mail, receipt)
        assert refused(mail, foreign)
    assert scene.lead(receipt).stage is Stage.NEW and other.lead(foreign).stage is Stage.NEW


def test_the_page_speaks_the_readers_language_and_zone(scene: Scene) -> None:
    receipt = scene.answer()
    mail = a_mail(scene, receipt)
    with scene.installation.owner.transaction() as session:
        reader = session.get_one(User, mail.reader.id)
        reader.locale, reader.timezone = "de", "Asia/Tokyo"
    scene.pass_seconds(int(timedelta(days=4).total_seconds()))
    page = mail.get().text

    assert "Annehmen" in page and "Sie handeln als" in page

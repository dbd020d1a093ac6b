"""A reply passed on by mail becomes a lead by one press, without signing in; and on the page of the campaign."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from campaigns.links import Purpose
from tcma.launches.deliveries import TouchEventKind
from tcma.leads.models import Stage
from tcma.organisations.models import Membership, User
from tcma.replies.models import Reply
from tests.tcma.replies.desk import DOMAIN, Desk, a_mail
from tests.web.people import Visitor, signed_in
from tests.web.site import ANNA, Site

ASK = "Can you call me on Thursday?\n<script>alert(1)</script>"


@pytest.fixture
def reply(site: Site) -> Reply:
    """Anna answered the invitation."""
    installation = site.installation
    desk = Desk(replace(installation, settings=replace(installation.settings, replies=DOMAIN)), site.world)  # type: ignore[arg-type]
    desk.comes_in(a_mail(f"Anna Frei <{ANNA}>", ASK), desk.address(site.mail_to(ANNA)))
    (found,) = desk.replies()
    return found


def path_of(site: Site, reply: Reply, partner_id: int | None = None) -> str:
    token = site.installation.signer.token(Purpose.REPLY_LEAD, partner_id or reply.partner_id, 0, reply.id)
    return f"/q/{token}"


def member(site: Site) -> Visitor:
    with site.installation.worker.reading() as session:
        email = session.scalars(
            select(User.email).join(Membership).where(Membership.organisation_id == site.partner_id)
        ).first()
    assert email is not None
    return signed_in(site, email)


def test_the_page_of_a_reply_shows_all_of_it_and_changes_nothing(site: Site, reply: Reply) -> None:
    answer = site.visitor().client.get(path_of(site, reply))
    assert answer.status_code == 200
    assert "Can you call me on Thursday?" in answer.text and "This is a lead" in answer.text
    assert "<script>alert" not in answer.text
    assert site.leads() == []


def test_one_press_makes_a_lead_with_the_words_and_the_path(site: Site, reply: Reply) -> None:
    for _ in range(2):
        answer = site.visitor().client.post(path_of(site, reply))
        assert answer.status_code == 303

    (lead,) = site.leads()
    assert lead.stage is Stage.NEW and lead.campaign_id == reply.campaign_id
    (said,) = site.answers()
    assert said.page == "reply" and said.fields["message"].startswith("Can you call me")
    assert [person.address for person in site.people()] == [ANNA]
    assert len(site.events(TouchEventKind.REPLIED)) == 1
    page = site.visitor().client.get(path_of(site, reply)).text
    assert f"/leads/{lead.public_id}" in page and 'id="make-lead"' not in page


def test_a_link_of_another_partner_or_another_purpose_leads_nowhere(site: Site, reply: Reply) -> None:
    for path in (
        path_of(site, reply, partner_id=site.partner_id + 1),
        f"/q/{site.installation.signer.token(Purpose.LEAD, reply.partner_id, 0, reply.id)}",
        f"/q/{site.installation.signer.token(Purpose.REPLY_LEAD, reply.partner_id, 0, reply.id + 99)}",
    ):
        assert site.visitor().client.get(path).status_code == 404
        assert site.visitor().client.post(path).status_code == 404
    assert site.leads() == []


def test_the_campaign_lists_its_replies_and_makes_leads_of_them(site: Site, reply: Reply) -> None:
    visitor = member(site)
    slug = site.slug.split("/")[2]
    base = f"/p/{slug}/campaigns/{site.campaign.public_id}"
    assert "1 reply" in visitor.get(base).text
    page = visitor.get(f"{base}/replies").text
    assert "Anna Frei" in page and "Can you call me on Thursday?" in page and "<script>alert" not in page

    answer = visitor.post(f"{base}/replies/{reply.public_id}/lead")

    (lead,) = site.leads()
    assert answer.headers["Location"].endswith(f"/leads/{lead.public_id}")
    assert visitor.follow(answer).status_code == 200
    mail = visitor.get(f"{base}/replies/{reply.public_id}/mail.eml")
    assert mail.headers["Content-Disposition"].startswith("attachment") and b"Can you call me" in mail.data
    assert "sandbox" in mail.headers["Content-Security-Policy"]

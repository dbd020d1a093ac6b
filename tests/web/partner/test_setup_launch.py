"""Step 4 of a launch: the sentence, the checks, the test mail, the one button."""

import re
from dataclasses import replace

from sqlalchemy import select

from tcma.launches import service
from tcma.launches.deliveries import TouchEvent
from tcma.launches.models import Campaign, CampaignStatus
from tcma.organisations import service as organisations
from tcma.organisations.models import Organisation
from tcma.partners import brands
from tcma.viewer import Role
from tests.factories import a_user
from tests.tcma.launches.world import BRAND
from tests.web.partner.campaign_scene import marketer, page_of, part, setup_of, words
from tests.web.site import Site


def _mails(site: Site) -> dict[str, bytes]:
    folder = site.world.installation.settings.var / "files" / "outbox"
    return (
        {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        if folder.exists()
        else {}
    )


def test_the_sentence_names_mails_people_sender_time_money_and_who_answers(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    page = person.get(setup_of(draft, "launch"))
    assert page.status_code == 200
    said = part(page.text, "sentence")
    assert re.match(
        r"3 e-mails to 3 people from .+, starting \w+ \d+ \w+, 09:30 Zurich time\. No budget\."
        r" Whoever is first answers the leads\.",
        said,
    ), said
    for step in ("audience", "brand", "budget"):
        assert f'href="{setup_of(draft, step)}"' in page.text


def test_who_answers_the_leads_is_kept_and_said(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    page = person.get(setup_of(draft, "launch")).text
    chosen = re.findall(r'<option value="([0-9a-f-]{36})"', page[page.index('id="answerer"') :])[0]
    answer = person.post(setup_of(draft, "launch"), {"answerer": chosen, "asked": "1"})
    assert "answers the leads; asked today: yes." in part(person.follow(answer).text, "sentence")
    site.world.pass_time(days=1)
    again = person.get(setup_of(draft, "launch")).text
    assert "asked today: no." in part(again, "sentence") and 'name="asked" value="1" checked' not in again


def test_the_dialog_repeats_people_and_time_and_has_two_answers(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    page = person.get(setup_of(draft, "launch")).text
    dialog = part(page, "launch-dialog")
    assert dialog.startswith("Launch to 3 people?")
    assert "The first mail goes out" in dialog and "Zurich time" in dialog
    assert "Yes, launch" in dialog and "Not yet" in dialog
    plain = words(person.get(f"{setup_of(draft, 'launch')}/confirm").text)
    assert "Launch to 3 people?" in plain and "Yes, launch" in plain


def test_yes_launches_once_however_often_it_is_pressed(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    sent = {"request_key": "k" * 24}
    first = person.post(f"{setup_of(draft, 'launch')}/go", sent)
    assert first.headers["Location"] == page_of(draft)
    assert "Launched. The first mail goes out" in words(person.follow(first).text)
    assert person.post(f"{setup_of(draft, 'launch')}/go", sent).headers["Location"] == page_of(draft)
    with site.installation.worker.reading() as session:
        assert session.get_one(Campaign, draft.id).status is CampaignStatus.SCHEDULED


def test_only_a_page_of_a_launched_campaign_leads_on(site: Site) -> None:
    launched, deleted, person = site.campaign, site.world.draft(), marketer(site)
    assert person.get(setup_of(launched, "launch")).headers["Location"] == page_of(launched)
    assert person.get(setup_of(launched, "launch"), headers={"HX-Request": "true"}).status_code == 409
    with site.world.as_partner() as session:
        service.cancel(session, site.world.partner, deleted.public_id)
    answer = person.get(setup_of(deleted, "launch"))
    assert answer.status_code == 409 and "was launched" not in words(answer.text)


def test_launching_too_early_says_what_is_wrong_with_links_that_lead_back(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    with site.installation.web.transaction(site.partner_id) as session:
        brands.set_profile(session, site.world.partner, replace(BRAND, contact_name=""))
    page = person.get(setup_of(draft, "launch")).text
    assert 'id="launch-dialog"' not in page  # its button leads to the problem instead
    for answer in (
        person.get(f"{setup_of(draft, 'launch')}/confirm"),
        person.post(f"{setup_of(draft, 'launch')}/go"),
    ):
        assert answer.status_code == 422
        assert "There is a problem" in answer.text and "<title>Problem:" in answer.text
        assert "data-focus" in answer.text
        assert f'href="{setup_of(draft, "brand")}?back=launch' in answer.text
    with site.installation.worker.reading() as session:
        assert session.get_one(Campaign, draft.id).status is CampaignStatus.DRAFT


def test_the_checks_stand_problems_first(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    with site.installation.web.transaction(site.partner_id) as session:
        brands.set_profile(session, site.world.partner, replace(BRAND, contact_name=""))
    page = person.get(f"{setup_of(draft, 'launch')}/checks").text
    states = re.findall(r'<li class="(ok|note|blocks)" id="check-', page)
    assert states[0] == "blocks" and len(states) == 16
    assert states == sorted(states, key=("blocks", "note", "ok").index)


def test_a_test_mail_goes_to_oneself_marked_and_uncounted(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    before = set(_mails(site))
    answer = person.post(f"{setup_of(draft, 'launch')}/test", {"mail": "invite"})
    assert "The test is on its way" in person.follow(answer).text
    (name,) = set(_mails(site)) - before
    raw = _mails(site)[name].decode()
    assert "Subject: [Test]" in raw
    click = re.search(r"/r/[A-Za-z0-9_-]{48}/0", raw.replace("=\r\n", "").replace("=\n", ""))
    stop = re.search(r"/u/[A-Za-z0-9_-]{48}", raw.replace("=\r\n", "").replace("=\n", ""))
    assert click and stop
    events = _events(site)
    site.visitor().get(click[0])
    site.visitor().post(stop[0])
    assert _events(site) == events


def test_a_test_mail_goes_to_colleagues_only(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    before = set(_mails(site))
    typed = {"mail": "reminder", "to": ["stranger@else.example", "marc@harbour-it.example"]}
    page = person.post(f"{setup_of(draft, 'launch')}/test", typed)
    assert page.status_code == 422 and "colleagues only" in page.text
    assert '<option value="reminder" selected' in page.text and '<details class="more" open>' in page.text
    assert set(_mails(site)) == before
    with site.installation.owner.transaction() as session:
        other = a_user(session, "eva@harbour-it.example")
        organisations.add_member(session, session.get_one(Organisation, site.partner_id), other, Role.SALES)
    answer = person.post(f"{setup_of(draft, 'launch')}/test", {"mail": "reminder", "to": [other.email]})
    assert answer.status_code == 303
    assert len(set(_mails(site)) - before) == 1


def test_a_start_of_ones_own_is_kept_and_one_that_is_past_is_refused(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    past = {"when": "date", "day": "2020-01-01", "hour": "09:30"}
    page = person.post(setup_of(draft, "launch"), past)
    assert page.status_code == 422 and "is past" in page.text
    for day, hour, field in (("soon", "09:30", "day"), ("2027-02-03", "9 Uhr", "hour")):
        wrong = person.post(setup_of(draft, "launch"), {"when": "date", "day": day, "hour": hour})
        assert wrong.status_code == 422 and f'href="#{field}"' in wrong.text
        assert f'value="{day}"' in wrong.text and f'value="{hour}"' in wrong.text
        assert re.search(r'name="when" value="date"[^>]* checked', wrong.text)
    now = person.post(setup_of(draft, "launch"), {"when": "now"})
    assert "starting right now" in part(person.follow(now).text, "sentence")


def _events(site: Site) -> int:
    with site.installation.worker.reading() as session:
        return len(session.scalars(select(TouchEvent.id)).all())

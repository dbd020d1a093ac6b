"""All campaigns, one campaign by its state, and what is done with it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from html import unescape

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from campaigns.providers.base import NOT_TRIED
from campaigns.providers.memory import MemoryProvider
from campaigns.providers.smtp import BAD_ENVELOPE
from tcma import clock
from tcma.funds import requests
from tcma.funds.models import FundingRequest
from tcma.language import speaking
from tcma.launches import endings, funding, schedule, sending, soft_start
from tcma.launches.deliveries import Delivery, DeliveryStatus
from tcma.launches.models import Campaign, CampaignStatus, CampaignTouch, StopReason
from tcma.launches.recipients import Mail
from tcma.organisations.models import User
from tcma.web.partner import campaign_words
from tests.tcma.launches.factories import send
from tests.web.partner.campaign_scene import marketer, page_of, part, setup_of, words
from tests.web.people import signed_in
from tests.web.site import ANNA, Site

FIGURES = ("sent", "failed", "skipped", "unknown", "waiting")


def _due(site: Site, **later: float) -> None:
    """The first mail's time has come, and `later` on top of it."""
    due = site.world.touches(site.campaign)["invite"].due_at
    assert due is not None
    site.world.set_clock(due + timedelta(seconds=1) + timedelta(**later))
    schedule.start_due(site.installation.worker)


def _sent(site: Site) -> MemoryProvider:
    """The first mail went out to everybody."""
    _due(site)
    provider = MemoryProvider()
    send(site.installation, provider)
    soft_start.review(site.installation.worker, wait=0.0)
    send(site.installation, provider)
    sending.complete_idle(site.installation.worker)
    endings.finish_due(site.installation.worker)
    return provider


def _ours(provider: MemoryProvider) -> list[str]:
    """Whom the mails of this campaign went to; another partner's may go out beside it."""
    return [mail.recipient for mail in provider.sent if not mail.recipient.startswith("dora@")]


def _status(site: Site) -> CampaignStatus:
    return site.world.reread(site.campaign).status


def _figures(html: str) -> tuple[dict[str, int], int]:
    return {name: int(part(html, f"figure-{name}")) for name in FIGURES}, int(part(html, "figure-people"))


def test_the_list_says_state_next_step_and_figures(site: Site) -> None:
    site.world.draft()
    page = marketer(site).get("/p/harbour-it/campaigns")
    assert page.status_code == 200
    row = part(page.text, f"campaign-{site.campaign.public_id}")
    assert "Scheduled" in row and "Invitation" in row and "Zurich time" in row and "3" in row
    assert "Running 1" in words(page.text) and "Drafts 1" in words(page.text)


def test_the_saved_views_and_the_file_hold_the_same_campaigns(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    person.post(setup_of(draft, "budget"), {"name-0": "Advert", "amount-0": "1234.50"})
    drafts = person.get("/p/harbour-it/campaigns?view=drafts").text
    assert str(draft.public_id) in drafts and str(site.campaign.public_id) not in drafts
    rows = list(
        csv.DictReader(io.StringIO(person.get("/p/harbour-it/campaigns/campaigns.csv").text.lstrip("\ufeff")))
    )
    assert {row["State"] for row in rows} == {"Draft", "Scheduled"}
    assert next(row for row in rows if row["State"] == "Scheduled")["People"] == "3"
    assert next(row for row in rows if row["State"] == "Draft")["Cost"] == "1234.50"
    nobody = person.get("/p/harbour-it/campaigns?vendor=nobody").text
    assert "No campaign stands here." in nobody and 'class="filter-chip"' in nobody


def test_odd_filters_and_cursors_are_ignored(site: Site) -> None:
    person = marketer(site)
    for query in (
        "sort=owner",
        "view=x",
        "after=x|y",
        "after=%7C99999999999999999999",
        "sort=name&after=a|1",
    ):
        assert person.get(f"/p/harbour-it/campaigns?{query}").status_code == 200, query


def test_pages_of_the_list_follow_each_other_in_every_order(site: Site) -> None:
    for _ in range(3):
        site.world.draft()
    person = marketer(site)
    for sort in ("newest", "-newest", "name", "-people", "clicks"):
        page = person.get(f"/p/harbour-it/campaigns?sort={sort}").text
        assert len(re.findall(r'<tr id="campaign-', page)) == 4, sort


def test_a_draft_leads_to_its_setup_and_is_deleted_after_a_question(site: Site) -> None:
    draft, person = site.world.draft(), marketer(site)
    assert "/setup" in person.get(page_of(draft)).headers["Location"]
    for page in ("/p/harbour-it/campaigns", setup_of(draft, "brand")):
        assert f'href="{page_of(draft, "/delete")}"' in person.get(page).text
    assert "Delete" in person.get(page_of(draft, "/delete")).text
    assert person.post(page_of(draft, "/delete")).status_code == 303
    assert str(draft.public_id) not in person.get("/p/harbour-it/campaigns").text


def test_the_five_figures_are_the_people_at_every_moment(site: Site) -> None:
    person = marketer(site)
    _due(site)
    for status in (DeliveryStatus.QUEUED, DeliveryStatus.SENT):
        if status is DeliveryStatus.SENT:
            send(site.installation, MemoryProvider())
        found, people = _figures(person.get(page_of(site.campaign)).text)
        assert sum(found.values()) == people == 3, found
    assert found == {"sent": 3, "failed": 0, "skipped": 0, "unknown": 0, "waiting": 0}
    file = person.get(page_of(site.campaign, "/messages.csv")).text.lstrip("\ufeff")
    for row in csv.DictReader(io.StringIO(file)):
        assert sum(int(row[name.capitalize()]) for name in FIGURES) == int(row["People"]) == 3


def test_the_moving_part_asks_again_more_slowly_and_stops_at_the_end(site: Site) -> None:
    person = marketer(site)
    _due(site)
    first = person.get(page_of(site.campaign, "/progress?n=0&was=sending"))
    assert 'hx-trigger="load delay:2s"' in first.text and "<html" in first.text
    assert 'hx-select-oob="#messages"' in first.text and 'id="messages"' in first.text
    assert (
        'hx-trigger="load delay:5s"' in person.get(page_of(site.campaign, "/progress?n=40&was=sending")).text
    )
    changed = person.get(
        page_of(site.campaign, "/progress?n=3&was=scheduled"), headers={"HX-Request": "true"}
    )
    assert changed.headers["HX-Refresh"] == "true"
    person.post(page_of(site.campaign, "/cancel"))
    over = person.get(page_of(site.campaign, "/progress?was=cancelled")).text
    assert "load delay" not in over and "Cancelled" in over


def test_standing_still_is_said_after_a_minute(site: Site) -> None:
    _due(site)
    with site.worker() as session:
        long_ago = clock.now(session) - timedelta(minutes=3)
        session.execute(
            update(CampaignTouch)
            .where(CampaignTouch.campaign_id == site.campaign.id)
            .values(progress_at=long_ago)
        )
    page = words(marketer(site).get(page_of(site.campaign)).text)
    assert "No progress for 3 minutes. The sender is retrying." in page


def test_pause_and_continue_say_what_they_do_and_nobody_gets_it_twice(site: Site) -> None:
    person, provider = marketer(site), MemoryProvider()
    _due(site)
    answer = person.follow(person.post(page_of(site.campaign, "/pause")))
    assert "Paused. 0 have it, 3 do not. Continue whenever you like." in words(answer.text)
    assert "3 people have not got this mail yet. Nobody gets it twice." in words(answer.text)
    send(site.installation, provider)
    assert not _ours(provider)
    person.post(page_of(site.campaign, "/continue"))
    send(site.installation, provider)
    send(site.installation, provider)
    assert sorted(_ours(provider)) == sorted(set(_ours(provider)))
    assert len(_ours(provider)) == 3


def test_a_missed_time_offers_now_another_time_or_cancel(site: Site) -> None:
    person = marketer(site)
    _due(site, hours=3)
    page = person.get(page_of(site.campaign)).text
    assert _status(site) is CampaignStatus.STOPPED and "Missed its time" in page
    assert all(f'id="{name}"' in page for name in ("send-now", "new-time", "skip", "cancel"))
    assert 'id="continue"' not in page and "Leave out “Invitation”?" in part(page, "skip-dialog")
    assert "Leave out “Invitation”?" in person.get(page_of(site.campaign, "/messages/invite/skip")).text
    person.post(page_of(site.campaign, "/messages/invite/send-now"))
    provider = MemoryProvider()
    send(site.installation, provider)
    assert len(_ours(provider)) == 3


def test_a_new_time_is_kept_and_one_that_is_past_refused(site: Site) -> None:
    person = marketer(site)
    _due(site, hours=3)
    assert "A new time for" in words(person.get(page_of(site.campaign, "/time?message=invite")).text)
    past = person.post(
        page_of(site.campaign, "/time"), {"message": "invite", "day": "2020-01-01", "hour": "08:00"}
    )
    assert past.status_code == 422 and 'value="2020-01-01"' in past.text
    day = f"{_now(site) + timedelta(days=2):%Y-%m-%d}"
    good = {"message": "invite", "day": day, "hour": "10:00"}
    assert "10:00 Zurich time" in words(
        person.follow(person.post(page_of(site.campaign, "/time"), good)).text
    )
    assert site.world.touches(site.campaign)["invite"].due_local == f"{day}T10:00"


def test_a_mail_of_a_sunday_is_moved_to_the_next_working_day_by_one_press(site: Site) -> None:
    person = marketer(site)
    sunday = _now(site) + timedelta(days=13 - _now(site).weekday())
    person.post(
        page_of(site.campaign, "/time"), {"message": "invite", "day": f"{sunday:%Y-%m-%d}", "hour": "10:00"}
    )
    page = person.get(page_of(site.campaign)).text
    offered = part(page, "messages")
    assert "no working day. Later mails move by as many days with it." in offered
    assert "Move it to Mon" in offered
    instead = re.search(r'name="day" value="([^"]+)"', page)
    assert instead and instead[1] == f"{sunday + timedelta(days=1):%Y-%m-%d}"
    pressed = {"message": "invite", "day": instead[1], "hour": "10:00"}
    said = words(person.follow(person.post(page_of(site.campaign, "/time"), pressed)).text)
    assert "Mon" in said and "2 later mails moved with it." in said
    assert "move-invite" not in person.get(page_of(site.campaign)).text


def test_another_start_moves_a_campaign_that_has_not_begun(site: Site) -> None:
    person = marketer(site)
    day = f"{_now(site) + timedelta(days=9):%Y-%m-%d}"
    person.post(page_of(site.campaign, "/time"), {"day": day, "hour": "11:15"})
    assert (site.world.reread(site.campaign).starts_local or "").startswith(day)


def test_cancelling_asks_first_and_ends_for_good(site: Site) -> None:
    person = marketer(site)
    page = person.get(page_of(site.campaign)).text
    assert "9 messages were not sent yet and never will be." in part(page, "cancel-dialog")
    assert "9 messages" in words(person.get(page_of(site.campaign, "/cancel")).text)
    assert _status(site) is CampaignStatus.SCHEDULED  # asking changes nothing
    person.post(page_of(site.campaign, "/cancel"))
    assert _status(site) is CampaignStatus.CANCELLED


def test_unknown_mails_are_sent_again_only_after_a_warning(site: Site) -> None:
    person = marketer(site)
    _sent(site)
    mail = site.mail_to(ANNA)
    with site.worker() as session:
        session.execute(update(Delivery).where(Delivery.id == mail.id).values(status=DeliveryStatus.UNKNOWN))
        session.execute(
            update(CampaignTouch)
            .where(CampaignTouch.id == mail.touch_id)
            .values(sent_count=CampaignTouch.sent_count - 1, unknown_count=1)
        )
    page = words(person.get(page_of(site.campaign)).text)
    assert "would get it twice" in page and "Send 1 again" in page
    answer = person.post(page_of(site.campaign, "/messages/invite/send-again"))
    assert "1 mail waits again." in words(person.follow(answer).text)
    assert site.mail_to(ANNA).status is DeliveryStatus.QUEUED


def test_launching_again_makes_a_draft_with_the_same_people_texts_and_costs(site: Site) -> None:
    person = marketer(site)
    assert person.post(page_of(site.campaign, "/launch-again")).status_code == 409  # it has not ended
    person.post(page_of(site.campaign, "/cancel"))
    answer = person.post(page_of(site.campaign, "/launch-again"))
    assert "/setup" in answer.headers["Location"]
    with site.installation.worker.reading() as session:
        old, new = (
            session.query(Campaign).filter(Campaign.partner_id == site.partner_id).order_by(Campaign.id)
        )
    assert (new.status, new.list_id, new.locales, new.name) == (
        CampaignStatus.DRAFT,
        old.list_id,
        old.locales,
        old.name,
    )


def test_people_show_each_mail_and_what_they_did_and_the_file_has_all(site: Site) -> None:
    person = marketer(site)
    _sent(site)
    site.sent_an_hour_ago(site.mail_to(ANNA))
    with site.worker() as session:
        session.execute(
            update(Delivery).where(Delivery.id == site.mail_to(ANNA).id).values(clicked_at=clock.now(session))
        )
    page = words(person.get(page_of(site.campaign, "/people")).text)
    assert ANNA in page and "Sent" in page and "3 people in all" in page
    clicked = person.get(page_of(site.campaign, "/people?did=clicked")).text
    assert len(re.findall(r'<th scope="row"', clicked)) == 1 and ANNA in clicked
    nobody = person.get(page_of(site.campaign, "/people?message=invite&part=failed")).text
    assert "Nobody fits these filters." in nobody
    file = person.get(page_of(site.campaign, "/people/people.csv")).text
    rows = list(csv.DictReader(io.StringIO(file.lstrip("\ufeff"))))
    assert len(rows) == 3 and {row["Invitation"] for row in rows} == {"Sent"}
    assert [row["E-mail"] for row in rows if row["Clicked"]] == [ANNA]
    with site.installation.worker.transaction() as session:
        mail = session.scalars(select(Delivery).where(Delivery.campaign_id == site.campaign.id)).all()[0]
        mail.status, mail.reason = DeliveryStatus.FAILED, "553 No such letters here"
    failed = words(person.get(page_of(site.campaign, "/people?message=invite&part=failed")).text)
    assert "Failed: 553 No such letters here" in failed and "1 person in all" in failed


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("553 No such letters here", "553 No such letters here"),
        (
            "no such address: 550 550 5.1.1 No such user",
            "diese Adresse gibt es nicht: 550 5.1.1 No such user",
        ),
        (f"501 {BAD_ENVELOPE}", "an diese Adresse kann nicht geschrieben werden"),
        ("cannot be made: The name is too long.", "die Mail konnte nicht erstellt werden"),
        (
            f"gave up: {NOT_TRIED}: 450 4.2.2 Mailbox full",
            "einen ganzen Tag lang nicht zu übergeben: 450 4.2.2 Mailbox full",
        ),
        (
            f"gave up: {NOT_TRIED}: The server closed the connection",
            "einen ganzen Tag lang nicht zu übergeben",
        ),
    ],
)
def test_why_a_mail_failed_is_said_in_the_readers_language_and_only_a_server_is_quoted(
    reason: str, said: str
) -> None:
    with speaking("de"):
        failed = campaign_words.delivery(Mail(DeliveryStatus.FAILED, reason, None, None))
    assert failed == f"Gescheitert: {said}"


def test_the_chart_its_table_and_its_file_say_the_same(answered: list[Site]) -> None:
    site = answered[0]
    person = marketer(site)
    page = part(person.get(page_of(site.campaign)).text, "funnel")
    rows = list(
        csv.reader(io.StringIO(person.get(page_of(site.campaign, "/funnel.csv")).text.lstrip("\ufeff")))
    )[1:]
    assert len(rows) == 7
    for step, count, *_share in rows:
        assert re.search(rf"{step} {count}\b", page), (step, count)
    html = person.get(page_of(site.campaign)).text
    accepted = next(link for link in re.findall(r'href="([^"]+)"', html) if "reached=accepted" in link)
    leads = words(person.get(unescape(accepted)).text)
    assert site.campaign.name in leads and "No lead fits these filters." in leads


def test_another_firm_sees_nothing_of_it(sites: list[Site]) -> None:
    mine, other = sites
    with mine.installation.owner.reading() as session:
        email = _email(session, other.world.partner.user_id)
    stranger = signed_in(mine, email)
    for rest in ("", "/progress", "/people", "/people/people.csv", "/time", "/cancel", "/funnel.csv"):
        own_address = page_of(mine.campaign, rest).replace("/p/harbour-it", "/p/alpine-it")
        assert stranger.get(own_address).status_code == 404, rest
        assert stranger.get(page_of(mine.campaign, rest)).status_code == 404, rest
    for deed in ("/pause", "/cancel", "/launch-again", "/messages/invite/send-now"):
        own_address = page_of(mine.campaign, deed).replace("/p/harbour-it", "/p/alpine-it")
        assert stranger.post(own_address).status_code == 404, deed
    assert stranger.get(setup_of(mine.campaign, "launch")).status_code == 404


def test_pages_ask_a_bounded_number_of_questions(site: Site) -> None:
    """Whatever the number of campaigns and people."""
    person = marketer(site)
    before = [_statements(site, partial(person.get, path)) for path in _paths(site)]
    for _ in range(3):
        site.world.draft()
    site.world.people([f"more{number}@firm.example" for number in range(20)])
    site.world.launched()
    after = [_statements(site, partial(person.get, path)) for path in _paths(site)]
    assert after == before
    assert max(before) <= 26, before


def _paths(site: Site) -> list[str]:
    return ["/p/harbour-it/campaigns", page_of(site.campaign), page_of(site.campaign, "/people")]


def _statements(site: Site, call: Callable[[], object]) -> int:
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    engine = site.app.extensions["installation"].web.engine
    event.listen(engine, "before_cursor_execute", counted)
    try:
        call()
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    return count


def _now(site: Site) -> datetime:
    with site.worker() as session:
        return clock.now(session)


def _email(session: Session, user_id: int | None) -> str:
    return session.get_one(User, user_id).email


def test_a_campaign_stopped_by_the_product_says_why_and_goes_on_when_mended(site: Site) -> None:
    _due(site)
    with site.worker() as session:
        found = session.get_one(Campaign, site.campaign.id)
        found.stop(StopReason.BAD_ADDRESSES, "4 of 25 addresses do not exist. Check your list.")
    person = marketer(site)
    page = person.get(page_of(site.campaign)).text
    assert "Stopped by a problem" in page and "4 of 25 addresses do not exist. Check your list." in page
    assert "Fix and continue" in page
    person.post(page_of(site.campaign, "/continue"))
    assert _status(site) is CampaignStatus.RUNNING


def test_waiting_for_funding_offers_to_launch_without_and_approval_starts_it(site: Site) -> None:
    site.world.fund(rule={"on": False})
    draft, person = site.world.draft(), marketer(site)
    person.post(setup_of(draft, "budget"), {"name-0": "Advert", "amount-0": "200", "ask": "1"})
    person.post(f"{setup_of(draft, 'launch')}/go")
    page = person.get(page_of(draft)).text
    assert "Waiting for funding" in page and 'id="launch-without-funding"' in page
    request_id = site.world.reread(draft).request_id
    assert request_id is not None
    with site.installation.worker.reading() as session:
        public_id = session.get_one(FundingRequest, request_id).public_id
    with site.world.as_vendor() as session:
        requests.approve(session, site.world.vendor, public_id)
    funding.start_funded(site.installation.worker, request_id)
    assert "Scheduled" in person.get(page_of(draft)).text


def test_a_vendors_no_makes_a_draft_again_and_the_budget_says_why(site: Site) -> None:
    site.world.fund(rule={"on": False})
    draft, person = site.world.draft(), marketer(site)
    person.post(setup_of(draft, "budget"), {"name-0": "Advert", "amount-0": "200", "ask": "1"})
    person.post(f"{setup_of(draft, 'launch')}/go")
    request_id = site.world.reread(draft).request_id
    assert request_id is not None
    with site.installation.worker.reading() as session:
        public_id = session.get_one(FundingRequest, request_id).public_id
    with site.world.as_vendor() as session:
        requests.decline(session, site.world.vendor, public_id, "The quarter is used up.")
    funding.recheck_funding(site.installation.worker, request_id=request_id)
    assert site.world.reread(draft).status is CampaignStatus.DRAFT
    page = words(person.get(setup_of(draft, "budget")).text)
    assert "Reason: The quarter is used up." in page and "Ask again with another amount" in page


def test_pages_speak_german_to_whoever_reads_it(site: Site) -> None:
    with site.installation.owner.transaction() as session:
        session.get_one(User, site.world.partner.user_id).locale = "de"
    draft, person = site.world.draft(), marketer(site)
    assert "Geplant" in person.get(page_of(site.campaign)).text
    launch = words(person.get(setup_of(draft, "launch")).text)
    assert "3 E-Mails an 3 Personen von" in launch and "An 3 Personen starten?" in launch
    assert "Was es kostet" in person.get(setup_of(draft, "budget")).text
    assert "Wer was bekam" in person.get(page_of(site.campaign, "/people")).text


def test_why_something_is_refused_is_said_in_the_readers_language(site: Site) -> None:
    with site.installation.owner.transaction() as session:
        session.execute(update(User).values(locale="de"))
    person = marketer(site)
    nowhere = "/p/harbour-it/campaigns/01900000-0000-7000-8000-000000000000"
    assert "Diese Kampagne gibt es nicht." in person.get(nowhere).text

"""Home, calendar, search, help, and the frame around every page of a partner."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from tcma.launches.models import CampaignStatus
from tcma.leads.models import Stage
from tcma.organisations.models import Organisation, User
from tcma.viewer import Role
from tests.factories import a_viewer
from tests.installation import Installation
from tests.tcma.funds.scene import Scene, a_scene
from tests.tcma.home.scene import a_campaign, a_lead, a_mail, a_question, money_elsewhere, now, on_a_list
from tests.web.people import Visitor, signed_in


@dataclass
class Desk:
    scene: Scene
    visitor: Visitor
    email: str
    path: str

    def home(self) -> str:
        return self.visitor.get(f"{self.path}/").text

    def tasks(self) -> list[str]:
        """Kinds of the tasks, from the top."""
        return re.findall(r'<li id="task-(\w+)"', self.home())


@pytest.fixture
def desk(database: Installation) -> Desk:
    return at_desk(a_scene(database))


def at_desk(scene: Scene, *roles: Role) -> Desk:
    with scene.installation.owner.transaction() as session:
        organisation = session.get_one(Organisation, scene.partner.organisation_id)
        viewer = a_viewer(session, organisation, *roles) if roles else scene.partner
        user = session.get_one(User, viewer.user_id)
        user.name = "Marc Keller"
        email, slug = user.email, organisation.slug
    return Desk(scene, signed_in(scene.installation, email), email, f"/p/{slug}")


def buttons(page: str) -> list[str]:
    """Addresses of the tasks' buttons."""
    return [
        unescape(found) for found in re.findall(r'todo-deeds"><a class="button [^"]*" href="([^"]+)"', page)
    ]


def test_the_first_task_is_the_one_that_presses_and_every_button_leads_somewhere(desk: Desk) -> None:
    a_lead(desk.scene, "Lindt AG", due=now(desk.scene) + timedelta(hours=5))
    a_lead(desk.scene, "Aare Bau", Stage.CONTACTED, due=now(desk.scene) - timedelta(days=1))
    a_campaign(desk.scene, "Halted", CampaignStatus.STOPPED)
    money_elsewhere(desk.scene, "Other Ltd", use_by=desk.scene.today + timedelta(days=20))

    page = desk.home()

    assert "Marc</h1>" in page and "Four things are worth your time today." in page
    assert desk.tasks() == ["leads", "campaign_stopped", "money", "updates"]
    assert page.count('todo-deeds"><a class="button primary"') == 1
    assert re.search(r"Accept 1 new lead</h3><p>Lindt AG. The first one is due in 4 h 59 min", page)
    assert "Halted is stopped" in page and "Use CHF\u00a0500 from Other Ltd" in page
    for address in buttons(page):
        assert desk.visitor.get(address).status_code == 200, address


def test_tasks_of_one_kind_are_one_and_lead_to_their_list(desk: Desk) -> None:
    """Two of everything that can be two."""
    scene, at = desk.scene, now(desk.scene)
    fund = scene.fund()
    for number in range(2):
        a_lead(scene, f"New {number}", due=at + timedelta(hours=5))
        a_lead(scene, f"Worked {number}", Stage.CONTACTED, due=at - timedelta(days=1))
        a_campaign(scene, f"Halted {number}", CampaignStatus.STOPPED)
        a_question(scene, fund.id)
        money_elsewhere(scene, f"Other {number}", claim_by=scene.today + timedelta(days=9))
    shown = desk.home()
    assert desk.tasks() == ["leads", "campaign_stopped", "question", "claim", "updates"]
    for words in (
        "Accept 2 new leads",
        "2 campaigns are stopped",
        "2 questions",
        "File 2 claims",
        "2 leads went",
    ):
        assert words in shown, words
    assert [address.partition(desk.path)[2] for address in buttons(shown)] == [
        "/leads?view=new",
        "/campaigns",
        "/funding",
        "/funding/elsewhere",
        "/leads?view=to-report",
    ]
    for address in buttons(shown):
        assert desk.visitor.get(address).status_code == 200, address


def test_a_task_is_put_off_and_the_toast_takes_it_back(desk: Desk) -> None:
    a_campaign(desk.scene, "Halted", CampaignStatus.STOPPED)

    page = desk.visitor.follow(
        desk.visitor.post(f"{desk.path}/put-off", {"kind": "campaign_stopped", "until": "next_week"})
    ).text

    assert "Put off. It comes back Mon" in page and "Nothing needs you right now." in page
    undo = unescape(re.findall(r'class="toast".*?action="([^"]+)"', page, re.S)[0])
    assert "Put off. It comes back" not in desk.home()  # said once
    assert "task-campaign_stopped" in desk.visitor.follow(desk.visitor.post(undo)).text


@pytest.mark.parametrize(
    "form", [{}, {"kind": "leads"}, {"kind": "x", "until": "tomorrow"}, {"kind": "leads", "until": "2030"}]
)
def test_a_task_cannot_be_hidden_for_good(desk: Desk, form: dict[str, str]) -> None:
    assert desk.visitor.post(f"{desk.path}/put-off", form).status_code == 422


def test_what_is_about_to_be_over_says_so_when_it_is_put_off(desk: Desk) -> None:
    a_lead(desk.scene, due=now(desk.scene) + timedelta(hours=2))

    answer = desk.visitor.post(f"{desk.path}/put-off", {"kind": "leads", "until": "tomorrow"})

    assert answer.status_code == 409 and "This cannot wait" in answer.text
    assert desk.tasks() == ["leads"]


def test_the_first_day_says_where_to_begin(desk: Desk) -> None:
    page = desk.home()

    assert "Welcome. Pick a kit and see it in your colours." in page
    assert page.count("<h1") == 1


def test_sales_people_land_in_the_inbox(desk: Desk) -> None:
    sales = at_desk(desk.scene, Role.SALES)

    answer = sales.visitor.get(f"{sales.path}/")
    assert answer.status_code == 303 and answer.headers["Location"] == f"{sales.path}/leads"
    assert at_desk(desk.scene, Role.SALES, Role.MARKETER).visitor.get(f"{sales.path}/").status_code == 200


def test_the_sidebar_says_where_one_is_and_what_waits(desk: Desk) -> None:
    a_lead(desk.scene, "Lindt AG")
    a_lead(desk.scene, "Aare Bau")

    page = desk.visitor.get(f"{desk.path}/calendar").text
    assert re.search(r'href="[^"]+/calendar"[^>]* aria-current="page"', page)
    assert page.count("2 new leads") == 2  # beside the sidebar's entry and in the phone's bar
    assert page.count('<a class="skip"') == 1 and '<main class="main' in page


def test_pages_run_our_scripts_only(desk: Desk) -> None:
    answer = desk.visitor.get(f"{desk.path}/")
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'nonce-([^']+)'", policy)

    assert nonce and "unsafe" not in policy and "http" not in policy
    scripts = re.findall(r"<script [^>]*>", answer.text)
    assert scripts and all(f'nonce="{nonce[1]}"' in tag and 'src="/assets/' in tag for tag in scripts)
    assert not re.search(r"\sstyle=|\son[a-z]+=", answer.text)


def test_theme_and_language_are_kept_on_the_account(desk: Desk) -> None:
    back = f"{desk.path}/calendar?month=2026-11"
    page = desk.visitor.follow(desk.visitor.post("/account/look", {"theme": "dark", "back": back})).text
    assert '<html lang="en" data-theme="dark">' in page

    page = desk.visitor.follow(desk.visitor.post("/account/look", {"locale": "de", "back": back})).text
    assert '<html lang="de" data-theme="dark">' in page and "<h1>Kalender</h1>" in page
    again = signed_in(desk.scene.installation, desk.email)
    assert "Jetzt tun" in again.get(f"{desk.path}/").text

    assert desk.visitor.post("/account/look", {"theme": "pink"}).status_code == 422
    away = desk.visitor.post("/account/look", {"theme": "light", "back": "//evil.example"})
    assert away.headers["Location"] == "/"


def test_the_calendar_goes_through_the_months_with_its_filters(desk: Desk) -> None:
    campaign = a_campaign(desk.scene, "Backup")
    at = now(desk.scene)
    a_mail(desk.scene, campaign, at)
    path = f"{desk.path}/calendar"

    page = desk.visitor.get(path).text
    assert "Invitation of Backup goes out" in page and ", today</h3>" in page
    later = unescape(re.findall(r'href="([^"]+)"[^>]*title="The next month"', page)[0])
    assert "Nothing in this month yet." in desk.visitor.get(later).text
    narrowed = desk.visitor.get(f"{path}?kind=money&vendor=North+Wind").text
    assert "Nothing of this kind" in narrowed and "kind=money&amp;vendor=North+Wind" in narrowed


@pytest.mark.parametrize(
    "query",
    ["month=x", "month=2026-13", "month=0000-00", "month=99999-01", "kind=x&vendor=%00", "month=2026-11-2"],
)
def test_a_calendar_takes_any_address(desk: Desk, query: str) -> None:
    assert desk.visitor.get(f"{desk.path}/calendar?{query}").status_code == 200


def test_search_finds_pages_and_things_and_is_a_page_of_its_own(desk: Desk) -> None:
    a_lead(desk.scene, "Calendar Makers AG")

    page = desk.visitor.get(f"{desk.path}/search?q=cal").text
    hits = page.partition('id="search-hits"')[2].partition("</main>")[0]
    assert "/calendar" in hits and "Calendar Makers AG" in hits
    on_a_list(desk.scene, "carla@alp.example")
    page = desk.visitor.get(f"{desk.path}/search?q=carla").text
    person = re.findall(r'href="([^"]+/people/[^"]+)"', page)
    assert len(person) == 1 and desk.visitor.get(person[0]).status_code == 200
    asked = desk.visitor.get(f"{desk.path}/search?q=logo").text
    assert "Change logo and colours" in asked and f'href="{desk.path}/brand"' in asked
    nothing = desk.visitor.get(f"{desk.path}/search", query_string={"q": "<b>xy"}).text
    assert "Nothing here is called “&lt;b&gt;xy”." in nothing


def test_help_names_people_and_answers_of_the_page(desk: Desk) -> None:
    page = desk.visitor.get(f"{desk.path}/help").text

    assert "North Wind" in page and "mailto:" in page
    assert "Why is this task on top?" in desk.home()
    assert "Why is this task on top?" not in page
    answers = desk.visitor.get(f"{desk.path}/help?q=on+top+TASK").text.partition('id="help-page-answers"')[2]
    assert "Why is this task on top?" in answers.partition("</section>")[0]
    nothing = desk.visitor.get(f"{desk.path}/help?q=<b>zzz").text
    assert "No answer here has these words." in nothing and "<b>zzz" not in nothing


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "There is no page here"),
        ("/campaigns/00000000-0000-0000-0000-000000000000", 404, "There is no such campaign."),
        ("/put-off", 405, "There is no page here"),
    ],
)
def test_trouble_is_told_inside_the_frame(desk: Desk, path: str, status: int, words: str) -> None:
    answer = desk.visitor.get(f"{desk.path}{path}")

    assert answer.status_code == status
    assert words in answer.text and 'aria-label="Main"' in answer.text
    assert answer.text.count("<h1") == 1 and "data-error" in answer.text


def test_a_slash_too_many_leads_to_the_page_and_nowhere_else(desk: Desk) -> None:
    for path in ("/kits/", "/leads/?view=all", "/funding/"):
        answer = desk.visitor.get(f"{desk.path}{path}")
        wanted = f"{desk.path}{path}".replace("/?", "?").removesuffix("/")
        assert (answer.status_code, answer.headers["Location"]) == (303, wanted)
    for path in ("/nothing/", "/put-off/"):
        assert desk.visitor.get(f"{desk.path}{path}").status_code in (404, 405)
    assert "evil" not in desk.visitor.get("//evil.example/").headers.get("Location", "")


def test_strangers_find_the_way_in_from_the_front_and_from_pages_behind_it(desk: Desk) -> None:
    stranger = Visitor(desk.visitor.app)
    for path in ("/", f"{desk.path}/nothing/at/all"):
        assert '<a href="/sign-in">Sign in</a>' in stranger.get(path).text, path
    assert "/sign-in" not in stranger.get("/c/nobody/nothing").text  # a prospect is no user


def test_people_of_a_vendor_are_told_where_their_work_is(desk: Desk) -> None:
    with desk.scene.installation.owner.transaction() as session:
        vendor = session.get_one(User, desk.scene.vendor.user_id)
        email = vendor.email
    page = signed_in(desk.scene.installation, email).get("/account/").text
    assert "are worked by command" in page
    assert "are worked by command" not in desk.visitor.get("/account/").text


def test_a_bug_is_told_without_the_frame_that_may_be_broken(desk: Desk) -> None:
    def view() -> str:
        raise RuntimeError("x")

    desk.visitor.app.view_functions["partner_help.show"] = _guarded_like(
        desk.visitor.app.view_functions["partner_help.show"], view
    )
    answer = desk.visitor.get(f"{desk.path}/help")

    assert answer.status_code == 500 and "Nothing was sent and nothing is lost." in answer.text
    assert 'aria-label="Main"' not in answer.text


def test_somebody_elses_organisation_is_no_page(desk: Desk) -> None:
    answer = desk.visitor.get("/p/partner-999/")

    assert answer.status_code == 404 and "There is no page here" in answer.text
    assert answer.text.count("There is no page here") == 2  # title and headline, said once


def _guarded_like(view: Any, other: Any) -> Any:
    other.__guard__ = view.__guard__
    return other

"""The lead pages of a partner: inbox, one lead, small forms, the reporting table, the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import event, update

from tcma import clock
from tcma.leads import service
from tcma.leads.capture import Receipt
from tcma.leads.models import Lead, LeadSource, Stage
from tcma.organisations.models import Organisation
from tcma.viewer import Role
from tests.installation import Installation
from tests.tcma.leads.scene import Scene, a_scene
from tests.tcma.leads.test_deeds import colleague, do, of_source
from tests.web.people import Visitor, signed_in


@dataclass
class Desk:
    """Somebody of the partner at a browser, with leads of their own making."""

    scene: Scene
    visitor: Visitor
    path: str
    user_id: int

    def lead(self, receipt: Receipt) -> str:
        return f"{self.path}/{receipt.lead.public_id}"

    def stage(self, receipt: Receipt) -> Stage:
        return self.scene.lead(receipt).stage

    def undo(self, page: str) -> str:
        found = re.search(r'action="([^"]+/undo/[^"]+)"', page)
        assert found is not None, page[-3000:]
        return found[1].replace("&amp;", "&")


def at_desk(scene: Scene, *roles: Role) -> Desk:
    user, _ = colleague(scene, *roles)
    with scene.installation.owner.reading() as session:
        slug = session.get_one(Organisation, scene.world.partner_id).slug
    return Desk(scene, signed_in(scene.installation, user.email), f"/p/{slug}/leads", user.id)


@pytest.fixture
def desk(database: Installation) -> Desk:
    return at_desk(a_scene(database), Role.SALES)


def selected(page: str) -> str:
    found = re.search(r'<article class="lead" id="lead"[^>]*data-lead="([^"]+)"', page)
    return found[1] if found else ""


def rows(page: str) -> list[str]:
    return re.findall(r'id="row-([0-9a-f-]{36})"', page)


def test_the_inbox_shows_who_asked_why_and_until_when(desk: Desk) -> None:
    desk.scene.answer(employees="50-249", message="How long does a restore take?")
    page = desk.visitor.get(desk.path).text

    for shown in (
        "Lindt AG",
        "Anna Frei, 50–249 people",
        "Answered the form on",
        "Accept within 6 working days",
    ):
        assert shown in page, shown
    assert "How long does a restore take? Tell me more." in page
    assert page.count("<h1") == 1
    arrived = re.search(r'id="arrived"[^>]* hx-get="([^"]+)" hx-trigger="load delay:30s"', page)
    assert arrived is not None
    desk.scene.pass_seconds(1)
    for number in range(2):
        desk.scene.answer(f"b@other{number}.example")
    moved = desk.visitor.get(unescape(arrived[1])).text
    assert (
        "2 leads moved up." in moved
        and 'hx-trigger="load delay:30s"' in moved
        and 'id="count-leads"' in moved
    )


def test_an_empty_view_says_what_will_be_there(desk: Desk) -> None:
    assert "All caught up. New leads arrive here and by mail." in desk.visitor.get(desk.path).text
    for view in ("to-contact", "to-report", "mine", "all", "nonsense"):
        answer = desk.visitor.get(f"{desk.path}?view={view}")
        assert answer.status_code == 200 and 'class="empty"' in answer.text


def test_a_press_accepts_says_so_and_goes_on_to_the_next_lead(desk: Desk) -> None:
    first, second, third = (
        desk.scene.answer(f"a@firm{number}.example", company=f"Firm {number}") for number in range(3)
    )
    page = desk.visitor.get(f"{desk.path}?view=new&lead={second.lead.public_id}").text
    assert selected(page) == str(second.lead.public_id)
    following = re.search(r'name="next" value="([^"]*)"', page)
    assert following is not None and following[1] == str(third.lead.public_id)

    answer = desk.visitor.post(f"{desk.lead(second)}/accept", {"view": "new", "next": following[1]})
    page = desk.visitor.follow(answer).text
    assert desk.stage(second) is Stage.ACCEPTED
    assert desk.scene.lead(second).holder_id == desk.user_id
    assert selected(page) == str(third.lead.public_id)
    assert rows(page) == [str(first.lead.public_id), str(third.lead.public_id)]
    assert "Accepted: Firm 1" in page

    page = desk.visitor.follow(desk.visitor.post(desk.undo(page))).text
    assert desk.stage(second) is Stage.NEW
    assert selected(page) == str(second.lead.public_id) and "Taken back: Firm 1 is as it was." in page


def test_an_undo_that_comes_too_late_says_why(desk: Desk) -> None:
    receipt = desk.scene.answer()
    page = desk.visitor.follow(desk.visitor.post(f"{desk.lead(receipt)}/accept")).text
    address = desk.undo(page)
    desk.scene.pass_seconds(60)
    page = desk.visitor.post(address).text

    assert "It is too late to take this back" in page
    assert desk.stage(receipt) is Stage.ACCEPTED


def test_a_step_that_is_not_possible_any_more_says_what_is(desk: Desk) -> None:
    receipt = desk.scene.answer()
    do(desk.scene, service.contacted, receipt)
    answer = desk.visitor.post(f"{desk.lead(receipt)}/accept")

    assert answer.status_code == 422
    assert "This lead is contacted and cannot become accepted." in answer.text
    note = desk.visitor.post(f"{desk.lead(receipt)}/notes", {"note": "x" * 2_001})
    assert note.status_code == 422 and 'href="#note"' in note.text and "x" * 2_001 in note.text


def test_a_whole_way_from_new_to_won_by_forms(desk: Desk) -> None:
    receipt = desk.scene.answer()
    lead = desk.lead(receipt)
    desk.visitor.post(f"{lead}/accept")
    desk.visitor.post(f"{lead}/attempts", {"how": "call"})
    desk.visitor.post(f"{lead}/contacted", {"note": "Wants sixty seats."})
    assert desk.stage(receipt) is Stage.CONTACTED
    answers = {"budget": "yes", "need": "yes", "horizon": "this_year", "need_evidence": "Hit in September"}
    desk.visitor.post(f"{lead}/qualify", {**answers, "amount_0": "12'000", "expected_on": "2027-03-01"})
    assert desk.stage(receipt) is Stage.OPPORTUNITY
    form = desk.visitor.get(f"{lead}/won").text
    assert 'value="12000"' in form  # nothing is asked twice
    desk.visitor.post(
        f"{lead}/won",
        {
            "product_0": "Firewall",
            "amount_0": "12000",
            "product_1": "Backup",
            "amount_1": "300.50",
            "deal": "30'000",
        },
    )
    assert desk.stage(receipt) is Stage.WON

    page = desk.visitor.get(lead).text
    for shown in (
        "Firewall",
        "CHF\u00a012,000",
        "CHF\u00a0300.50",
        "CHF\u00a030,000",
        "Wants sixty seats.",
        "called",
    ):
        assert shown in page, shown
    assert "3 of 4 known, 3 yes" in page and "Hit in September" in page


@pytest.mark.parametrize(
    ("deed", "form", "field", "sentence"),
    [
        ("won", {"amount_0": "a lot"}, "amount_0", "is not an amount"),
        ("won", {}, "amount_0", "what the vendor"),
        ("won", {"amount_0": "500", "deal": "400"}, "deal", "cannot be less"),
        ("lost", {"reason": "bad luck"}, "reason", "Choose one of these reasons."),
        ("not-a-fit", {"note": "kept words"}, "reason", "Choose one of these reasons."),
        ("not-now", {"until": "yesterday"}, "until", "Write the day like"),
        ("not-now", {"until": "2020-01-01"}, "until", "after today"),
        ("qualify", {"expected_on": "soon"}, "expected_on", "Write the day like"),
        ("qualify", {"need_evidence": "x" * 400}, "need_evidence", "At most 300"),
        ("contacted", {"note": "x" * 2_001}, "note", "At most 2,000 fit."),
    ],
)
def test_a_form_with_a_problem_comes_back_with_everything_typed(
    desk: Desk, deed: str, form: dict[str, str], field: str, sentence: str
) -> None:
    receipt = desk.scene.answer()
    answer = desk.visitor.post(f"{desk.lead(receipt)}/{deed}", form)

    assert answer.status_code == 422
    assert "Problem:" in answer.text and f'href="#{field}"' in answer.text and sentence in answer.text
    assert all(text in answer.text for text in form.values() if text != "bad luck")
    assert desk.stage(receipt) is Stage.NEW


def test_an_own_lead_is_not_a_fit_and_one_of_the_vendor_is_pushed_back(desk: Desk) -> None:
    own, theirs = desk.scene.answer("a@own.example"), desk.scene.answer("a@theirs.example")
    with desk.scene.installation.worker.transaction() as session:
        session.execute(update(Lead).where(Lead.id == theirs.lead.id).values(source="vendor_sourced"))
    assert "Not a fit" in desk.visitor.get(desk.lead(own)).text
    assert "Push back" not in desk.visitor.get(desk.lead(own)).text
    assert "Push back" in desk.visitor.get(desk.lead(theirs)).text
    form = desk.visitor.get(f"{desk.lead(theirs)}/push-back").text
    assert "does not count against your reporting" in form
    desk.visitor.post(f"{desk.lead(theirs)}/push-back", {"reason": "wrong_region"})

    assert desk.stage(theirs) is Stage.PUSHED_BACK


def test_the_table_saves_row_by_row(desk: Desk) -> None:
    receipts = [desk.scene.answer(f"a@firm{number}.example", company=f"Firm {number}") for number in range(3)]
    for receipt in receipts:
        of_source(desk.scene, receipt, LeadSource.JOINT)
        do(desk.scene, service.contacted, receipt)
    desk.scene.pass_days(11)
    page = desk.visitor.get(f"{desk.path}?view=to-report").text
    assert page.count('name="outcome"') == 3
    lead = desk.lead(receipts[0])

    answer = desk.visitor.post(f"{lead}/report", {"outcome": "won"})
    assert answer.status_code == 422 and "Write what it was sold for." in answer.text
    answer = desk.visitor.post(f"{lead}/report", {"outcome": ""})
    assert answer.status_code == 422 and "Choose one, then save the row." in answer.text
    answer = desk.visitor.post(
        f"{lead}/report", {"outcome": "won", "amount": "1'200"}, headers={"HX-Request": "true"}
    )
    row = desk.visitor.follow(answer).text
    assert "Saved." in row and desk.stage(receipts[0]) is Stage.WON
    desk.visitor.post(desk.undo(row))
    assert desk.stage(receipts[0]) is Stage.CONTACTED

    page = desk.visitor.follow(
        desk.visitor.post(f"{desk.lead(receipts[1])}/report", {"outcome": "lost:price"})
    ).text
    assert "Reported. Thank you." in page and page.count('name="outcome"') == 2
    desk.visitor.post(f"{desk.lead(receipts[2])}/report", {"outcome": "still-open"})
    page = desk.visitor.get(f"{desk.path}?view=to-report").text
    assert page.count('name="outcome"') == 1
    assert "2 of 2 reported on time in 90 days" in page


def test_search_finds_people_and_companies_of_this_partner_alone(desk: Desk) -> None:
    desk.scene.answer("anna@lindt.example", name="Anna Frei", company="Lindt AG")
    desk.scene.answer("tim@aare.example", name="Tim Graf", company="Aare Bau")
    other = a_scene(desk.scene.installation)
    other.answer("tim@other.example", name="Tim Other", company="Aare Other")

    for text, found in (("tim", "Aare Bau"), ("LINDT", "Lindt AG"), ("aare.exam", "Aare Bau"), ("%", None)):
        page = desk.visitor.get(desk.path, query_string={"view": "all", "q": text}).text
        assert len(rows(page)) == (1 if found else 0), text
        assert found is None or found in page
        assert "Aare Other" not in page


def test_the_file_holds_what_the_view_shows(desk: Desk) -> None:
    desk.scene.answer("anna@lindt.example", company="=HYPERLINK(1)")
    desk.scene.answer("tim@aare.example", name="Tim Graf", company="Aare Bau")
    answer = desk.visitor.get(f"{desk.path}/file?view=all&q=")
    lines = answer.text.lstrip("\ufeff").strip().splitlines()

    assert answer.headers["Content-Type"].startswith("text/csv")
    assert len(lines) == 3 and lines[0].startswith("Company,Person,E-mail")
    assert any("'=HYPERLINK" in line for line in lines)


def test_a_reader_sees_leads_and_is_offered_nothing(database: Installation) -> None:
    scene = a_scene(database)
    desk = at_desk(scene, Role.READER)
    receipt = scene.answer()
    page = desk.visitor.get(desk.lead(receipt))

    assert page.status_code == 200 and "lead-steps" not in page.text and "note-form" not in page.text
    assert desk.visitor.post(f"{desk.lead(receipt)}/accept").status_code == 403
    assert desk.stage(receipt) is Stage.NEW


def test_another_partners_lead_is_not_there(desk: Desk) -> None:
    other = a_scene(desk.scene.installation)
    receipt = other.answer()
    for path in ("", "/won", "/report"):
        assert desk.visitor.get(f"{desk.lead(receipt)}{path}").status_code == 404
    assert desk.visitor.post(f"{desk.lead(receipt)}/accept").status_code == 404
    page = desk.visitor.get(f"{desk.path}?view=new&lead={receipt.lead.public_id}")
    assert page.status_code == 404
    assert other.lead(receipt).stage is Stage.NEW


def test_a_lead_is_handed_on_and_a_note_kept(desk: Desk) -> None:
    other, _ = colleague(desk.scene, Role.MARKETER)
    receipt = desk.scene.answer()
    desk.visitor.post(f"{desk.lead(receipt)}/notes", {"note": "Prefers mails."})
    desk.visitor.post(f"{desk.lead(receipt)}/hand-over", {"colleague": str(other.public_id)})
    page = desk.visitor.get(desk.lead(receipt)).text

    assert desk.scene.lead(receipt).holder_id == other.id
    assert "Prefers mails." in page and other.name in page


@pytest.fixture
def statements(desk: Desk) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            seen.append(statement)

    engine = desk.scene.installation.web.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_no_page_asks_more_because_there_are_more_leads(desk: Desk, statements: list[str]) -> None:
    counts = []
    for number in range(2):
        for lead in range(1 + 6 * number):
            desk.scene.answer(f"a@firm{number}-{lead}.example")
        desk.visitor.get(f"{desk.path}?view=all")
        statements.clear()
        desk.visitor.get(f"{desk.path}?view=all")
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 40


def test_clocks_and_days_are_those_of_the_readers_zone(desk: Desk) -> None:
    receipt = desk.scene.answer()
    with desk.scene.installation.worker.transaction() as session:
        now = clock.now(session)
        until = (now + timedelta(days=3)).replace(hour=7, minute=0, second=0)
        session.execute(
            update(Lead)
            .where(Lead.id == receipt.lead.id)
            .values(stage="nurturing", clock_until=until, comes_back_at=until)
        )
    page = desk.visitor.get(f"{desk.path}?view=all").text

    assert "Back on" in page and ", 08:00" in page  # an hour ahead of UTC in November

"""Money from elsewhere: the partner's own notes, with dates that are not forgotten."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tcma.audit.models import AuditEntry
from tcma.errors import Conflict, Invalid, NotFound, Refused
from tcma.funds import elsewhere, papers, reminders
from tcma.funds.elsewhere import Noted
from tcma.funds.elsewhere_models import ElsewhereFile, ElsewhereMoney, ElsewhereStatus
from tcma.funds.papers import Paper
from tcma.notices.models import Notice
from tcma.organisations.models import Organisation
from tcma.storage.folder import FolderStorage
from tcma.viewer import Role
from tests.tcma.funds.scene import Scene, a_second_partner

PDF = b"%PDF-1.7\nterms"
_E = ElsewhereStatus


def test_a_sum_is_noted_changed_and_followed_to_its_end(scene: Scene) -> None:
    money = noted(scene, amount=150_000, share_bp=5_000, note=" Autumn programme ")
    with scene.as_partner() as session:
        elsewhere.change(session, scene.partner, money.public_id, said(scene, amount=120_000))
        for status in (_E.USED, _E.CLAIMED, _E.PAID):
            elsewhere.move(session, scene.partner, money.public_id, status)

    with scene.as_partner() as session:
        (found,) = elsewhere.money_for(session, scene.partner)
        with pytest.raises(Conflict, match="cannot become open"):
            elsewhere.move(session, scene.partner, money.public_id, _E.OPEN)
    assert (found.amount, found.status, found.vendor_name) == (120_000, _E.PAID, "Contoso Cloud")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("vendor_name", "  "),
        ("vendor_name", "a\nb"),
        ("currency", "XXL"),
        ("amount", 0),
        ("share_bp", 10_001),
        ("claim_by_on", date(2000, 1, 1)),
        ("note", "x" * 2_001),
    ],
)
def test_what_cannot_be_noted_is_named(scene: Scene, field: str, value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        noted(scene, **{field: value})
    assert set(refusal.value.fields) == {field.replace("share_bp", "share")}


def test_nobody_but_the_partner_ever_sees_it(scenes: Scene) -> None:
    money = noted(scenes)
    with scenes.as_partner() as session:
        elsewhere.add_file(session, scenes.partner, money.public_id, a_paper())
    other = a_second_partner(scenes)

    for viewer in (other, scenes.vendor, scenes.operator):
        with scenes.installation.web.reading(viewer.organisation_id) as session:
            assert session.scalars(select(ElsewhereMoney)).all() == []
            assert session.scalars(select(ElsewhereFile)).all() == []
    with scenes.installation.web.transaction(other.organisation_id) as session:
        assert elsewhere.money_for(session, other) == []
        for deed in (elsewhere.forget, elsewhere.find_money):
            with pytest.raises(NotFound):
                deed(session, other, money.public_id)
    with scenes.as_vendor() as session, pytest.raises(Refused):
        elsewhere.find_money(session, scenes.vendor, money.public_id)


def test_sales_people_read_it_and_leave_it_alone(scene: Scene) -> None:
    money = noted(scene)
    with scene.as_worker() as session:
        firm = session.get_one(Organisation, scene.partner.organisation_id)
    sales = scene.viewer_of(firm, Role.SALES)

    with scene.as_partner() as session:
        assert elsewhere.find_money(session, sales, money.public_id).id == money.id
        with pytest.raises(Refused):
            elsewhere.move(session, sales, money.public_id, _E.USED)


def test_files_are_laid_to_it_once_found_and_taken_away(scene: Scene) -> None:
    money = noted(scene)
    with scene.as_partner() as session:
        one = elsewhere.add_file(session, scene.partner, money.public_id, a_paper())
        again = elsewhere.add_file(session, scene.partner, money.public_id, a_paper())
        assert one.id == again.id
        for number in range(1, elsewhere.MOST_FILES):
            elsewhere.add_file(session, scene.partner, money.public_id, a_paper(number))
        with pytest.raises(Conflict, match="10 files"):
            elsewhere.add_file(session, scene.partner, money.public_id, a_paper(99))
        elsewhere.remove_file(session, scene.partner, money.public_id, one.public_id)
        with pytest.raises(NotFound):
            elsewhere.find_file(session, scene.partner, money.public_id, one.public_id)
        elsewhere.forget(session, scene.partner, money.public_id)
        assert elsewhere.money_for(session, scene.partner) == []


def test_deeds_leave_ids_in_the_trail_and_no_names(scene: Scene) -> None:
    noted(scene)
    with scene.as_partner() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "elsewhere.noted")).one()
    assert "Contoso" not in str(entry.__dict__)


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("Terms 2026.PDF", PDF, ("Terms 2026.pdf", "application/pdf")),
        ("../../etc/passwd", PDF, ("passwd.pdf", "application/pdf")),
        ("C:\\scans\\a<b>.exe", b"\x89PNG\r\n\x1a\nx", ("ab.png", "image/png")),
        ("", b"\xff\xd8\xff\xe0", ("file.jpg", "image/jpeg")),
        ("a\u202egnp.exe", b"RIFF\x00\x00\x00\x00WEBP", ("agnp.webp", "image/webp")),
        ("n" * 300, b"GIF89a", ("n" * 116 + ".gif", "image/gif")),
    ],
)
def test_a_paper_is_what_its_content_says(
    tmp_path: Any, name: str, content: bytes, kept: tuple[str, str]
) -> None:
    paper = papers.keep(FolderStorage(tmp_path), 7, name, content)
    assert (paper.name, paper.content_type) == kept
    assert papers.fetch(FolderStorage(tmp_path), 7, paper.sha256) == content


@pytest.mark.parametrize(
    "content", [b"", b"<html><script>", b"MZ\x90", b"%PDF-" + b"0" * papers.LARGEST], ids=len
)
def test_a_paper_that_is_none_is_refused(tmp_path: Any, content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        papers.keep(FolderStorage(tmp_path), 7, "terms.pdf", content)
    assert "file" in refusal.value.fields
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_reminders_go_30_14_and_3_days_before_each_date_and_no_more(scenes: Scene) -> None:
    noted(scenes, use_by_on=scenes.today + timedelta(days=40), claim_by_on=scenes.today + timedelta(days=60))

    told = []
    for _ in range(62):
        reminders.remind(scenes.installation.worker)
        reminders.remind(scenes.installation.worker)
        told.append(len(notices(scenes)))
        scenes.advance(days=1)

    days = [day for day in range(1, 62) if told[day] > told[day - 1]]
    assert days == [10, 26, 30, 37, 46, 57]
    assert told[-1] == 6
    assert {found.said["deadline"] for found in notices(scenes)} == {"use", "claim"}
    assert all(found.user_id == scenes.partner.user_id for found in notices(scenes))


def test_what_was_used_or_paid_is_not_reminded_of(scene: Scene) -> None:
    used = noted(scene, use_by_on=scene.today + timedelta(days=31))
    paid = noted(scene, claim_by_on=scene.today + timedelta(days=31), use_by_on=None)
    with scene.as_partner() as session:
        elsewhere.move(session, scene.partner, used.public_id, _E.USED)
        for status in (_E.USED, _E.CLAIMED):
            elsewhere.move(session, scene.partner, paid.public_id, status)
    scene.advance(days=2)

    reminders.remind(scene.installation.worker)

    assert notices(scene) == []


def test_a_date_that_was_moved_is_told_anew(scene: Scene) -> None:
    money = noted(scene, use_by_on=scene.today + timedelta(days=40))
    scene.advance(days=12)
    reminders.remind(scene.installation.worker)
    with scene.as_partner() as session:
        later = said(scene, use_by_on=scene.today + timedelta(days=60))
        elsewhere.change(session, scene.partner, money.public_id, later)
    reminders.remind(scene.installation.worker)
    scene.advance(days=20)
    reminders.remind(scene.installation.worker)

    assert [found.said["days"] for found in notices(scene)] == [28, 28]


def test_a_certificate_with_money_left_is_told_45_14_and_3_days_before(scenes: Scene) -> None:
    certificate = scenes.certificate(scenes.fund())
    told = []
    for _ in range(62):
        reminders.remind(scenes.installation.worker)
        told.append(len(notices(scenes)))
        scenes.advance(days=1)

    days = [day for day in range(1, 62) if told[day] > told[day - 1]]
    assert days == [60 - 45, 60 - 14, 60 - 3]
    first = notices(scenes)[0]
    assert (first.said["code"], first.said["left"]) == (
        certificate.code,
        {"minor": 40_000, "currency": "CHF"},
    )


@given(st.integers(-5, 60), st.integers(-5, 60))
def test_a_step_is_told_only_when_it_was_still_ahead(days: int, known: int) -> None:
    step = reminders.step_at(days, reminders.ELSEWHERE_STEPS, known=known)
    if step is not None:
        assert 0 <= days <= step <= known
    if days > 30 or days < 0:
        assert step is None


def test_the_calendar_is_given_each_date_that_is_still_to_be_kept(scene: Scene) -> None:
    today = scene.today
    first = noted(scene, use_by_on=today + timedelta(days=3), claim_by_on=today + timedelta(days=9))
    second = noted(scene, use_by_on=today + timedelta(days=5), claim_by_on=None)
    done = noted(scene, use_by_on=today + timedelta(days=4), claim_by_on=None)
    with scene.as_partner() as session:
        elsewhere.move(session, scene.partner, done.public_id, _E.USED)
        found = elsewhere.dates_between(session, scene.partner, today, today + timedelta(days=8))
        later = elsewhere.dates_between(
            session, scene.partner, today + timedelta(days=9), today + timedelta(days=9)
        )

    assert [(deadline.what, deadline.money.id) for deadline in found] == [
        ("use", first.id),
        ("use", second.id),
    ]
    assert [(deadline.what, deadline.money.id) for deadline in later] == [("claim", first.id)]


def said(scene: Scene, **values: Any) -> Noted:
    given: dict[str, Any] = {
        "vendor_name": "Contoso  Cloud",
        "amount": 100_000,
        "currency": "EUR",
        "use_by_on": scene.today + timedelta(days=20),
    }
    return Noted(**{**given, **values})


def noted(scene: Scene, **values: Any) -> ElsewhereMoney:
    with scene.as_partner() as session:
        return elsewhere.note(session, scene.partner, said(scene, **values))


def notices(scene: Scene) -> list[Notice]:
    with scene.as_worker() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def a_paper(number: int = 0) -> Paper:
    return Paper(f"terms-{number}.pdf", "application/pdf", 14, f"{number:064x}")

"""The partner's statement: its lines sum to the card, page by page, filter by filter."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcma.funds import cards, lines, queries, service, statements
from tcma.funds.accounts import Event
from tcma.funds.cards import CardState
from tcma.funds.models import Certificate, CertificateStatus
from tcma.funds.statements import Quarter, Wanted
from tests.tcma.funds.scene import Scene, a_second_partner, a_second_vendor


def test_a_line_says_what_came_what_went_and_what_is_left(scenes: Scene) -> None:
    scenes.price()
    certificate = scenes.certificate(scenes.fund())
    line_id = scenes.line()
    with scenes.as_worker() as session:
        lines.count(session, line_id, 64)
        lines.release(session, line_id)

    newest, reserved, offered = read(scenes)

    assert (offered.event, offered.money_in, offered.money_out, offered.balance) == (
        Event.OFFERED,
        40_000,
        0,
        40_000,
    )
    assert (reserved.event, reserved.money_in, reserved.money_out, reserved.balance) == (
        Event.RESERVED,
        0,
        5_000,
        35_000,
    )
    assert (newest.event, newest.money_in, newest.balance) == (Event.RELEASED, 4_680, 39_680)
    assert newest.code == certificate.code
    assert reserved.campaign_id is not None
    assert [card.left for card in deck(scenes)] == [39_680]


@pytest.mark.parametrize("seed", [3, 8, 21])
def test_whatever_happens_the_lines_of_a_certificate_sum_to_its_card(scenes: Scene, seed: int) -> None:
    random, opened = Random(seed), list[int]()
    scenes.price()
    fund = scenes.fund(amount=10_000_000)
    for _ in range(3):
        scenes.certificate(fund, amount=random.randrange(5_000, 40_000))
    for _ in range(25):
        what = random.choice(("line", "line", "count", "count", "release", "revoke", "certificate"))
        if what == "line":
            opened.append(scenes.line(units=random.randrange(1, 900)))
        elif what == "certificate":
            scenes.certificate(fund, amount=random.randrange(1, 40_000))
        elif what == "revoke" and random.random() < 0.2:
            revoke(scenes, random)
        elif opened:
            with scenes.as_worker() as session:
                line_id = random.choice(opened)
                if what == "count":
                    lines.count(session, line_id, random.randrange(0, 1_200))
                else:
                    lines.release(session, line_id)

        check_sums(scenes)
    assert scenes.prove() == []


def test_pages_join_without_gaps_and_filters_keep_the_balance(scene: Scene) -> None:
    scene.price()
    fund = scene.fund()
    first, second = scene.certificate(fund), scene.certificate(fund)
    for _ in range(4):
        scene.line(units=100)
    whole = read(scene)

    paged, before = [], None
    while page := read(scene, before=before, limit=2):
        paged += page
        before = page[-1].entry_id
    of_second = read(scene, Wanted(certificate_id=second.id))

    assert paged == whole
    assert of_second == [line for line in whole if line.certificate_id == second.public_id]
    assert {line.certificate_id for line in whole} == {first.public_id, second.public_id}
    assert read(scene, Wanted(vendor="nobody")) == []
    today = Quarter.of(scene.today)
    assert read(scene, Wanted(quarter=today)) == whole
    assert read(scene, Wanted(quarter=today.before())) == []


def test_the_total_of_a_filter_is_the_sum_of_its_lines(scene: Scene) -> None:
    scene.price()
    scene.certificate(scene.fund())
    scene.line(units=300)

    with scene.as_partner() as session:
        (total,) = statements.totals_for(session, scene.partner, Wanted())

    assert (total.currency, total.money_in, total.money_out) == ("CHF", 40_000, 1_500)


def test_a_file_has_every_line_however_many_pages_it_takes(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.price()
    scene.certificate(scene.fund())
    for _ in range(5):
        scene.line(units=10)
    monkeypatch.setattr(statements, "CSV_PAGE", 2)

    found = list(statements.all_lines(scene.installation.web, scene.partner, Wanted()))

    assert found == read(scene)


def test_nobody_else_reads_my_statement(scenes: Scene) -> None:
    scenes.certificate(scenes.fund())

    for viewer in (a_second_partner(scenes), a_second_vendor(scenes), scenes.vendor):
        with scenes.installation.web.reading(viewer.organisation_id) as session:
            assert statements.lines_for(session, viewer, Wanted()) == []
            assert statements.totals_for(session, viewer, Wanted()) == []


@given(st.dates(date(2000, 1, 1), date(2999, 12, 31)))
def test_every_day_is_in_the_quarter_that_is_named_after_it(day: date) -> None:
    quarter = Quarter.of(day)
    assert Quarter.read(str(quarter)) == quarter
    assert quarter.first_day <= day
    assert Quarter.of(quarter.first_day) == quarter
    assert quarter.before().first_day < quarter.first_day


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q5", "2026-Q0", "9999-Q4", "0000-Q1", "x026-Q1", "²026-Q1"]
)
def test_what_is_no_quarter_filters_nothing(text: str) -> None:
    assert Quarter.read(text) is None


@pytest.mark.parametrize(
    ("status", "left", "days", "state"),
    [
        (CertificateStatus.OFFERED, 100, 10, CardState.OFFERED),
        (CertificateStatus.ACTIVE, 100, 60, CardState.ACTIVE),
        (CertificateStatus.ACTIVE, 99, 46, CardState.PARTLY_USED),
        (CertificateStatus.ACTIVE, 100, 45, CardState.EXPIRES_SOON),
        (CertificateStatus.ACTIVE, 1, 0, CardState.EXPIRES_SOON),
        (CertificateStatus.ACTIVE, 100, -1, CardState.EXPIRED),
        (CertificateStatus.ACTIVE, 0, 60, CardState.USED_UP),
        (CertificateStatus.SUSPENDED, 100, 60, CardState.SUSPENDED),
        (CertificateStatus.REVOKED, 0, 60, CardState.WITHDRAWN),
        (CertificateStatus.DECLINED, 0, 60, CardState.DECLINED),
        (CertificateStatus.CLOSED, 0, 60, CardState.EXPIRED),
    ],
)
def test_a_card_is_in_one_state(status: CertificateStatus, left: int, days: int, state: CardState) -> None:
    certificate = Certificate(amount=100, status=status, valid_until_on=date.fromordinal(740_000 + days))

    assert cards.state_of(certificate, left=left, today=date.fromordinal(740_000)) is state


def read(scene: Scene, wanted: Wanted = Wanted(), **page: int | None) -> list[statements.Line]:  # noqa: B008
    with scene.installation.web.reading(scene.partner.organisation_id) as session:
        return statements.lines_for(session, scene.partner, wanted, **page)  # type: ignore[arg-type]


def deck(scene: Scene) -> list[cards.Card]:
    with scene.installation.web.reading(scene.partner.organisation_id) as session:
        return cards.cards_for(session, scene.partner)


def check_sums(scene: Scene) -> None:
    everything = read(scene, limit=1_000)
    for card in deck(scene):
        own = [line for line in everything if line.certificate_id == card.certificate.public_id]
        assert sum(line.money_in - line.money_out for line in own) == card.left
        assert own[0].balance == card.left and type(own[0].balance) is int
        assert all(line.balance >= 0 for line in own)


def revoke(scene: Scene, random: Random) -> None:
    with scene.as_vendor() as session:
        usable = [
            found.certificate
            for found in queries.certificates_for(session, scene.vendor)
            if found.certificate.status is CertificateStatus.ACTIVE
        ]
        if usable:
            service.revoke(session, scene.vendor, random.choice(usable).public_id, "Budget cut")

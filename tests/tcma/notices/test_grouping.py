"""When a mail goes: pure, for every moment and zone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tcma.notices.grouping import QUIET_FROM, QUIET_UNTIL, due_at, zone_of
from tcma.notices.kinds import GROUP, MANNERS, Manner, NoticeKind, kind_of

LEAD, FUNDING = MANNERS[NoticeKind.NEW_LEAD], MANNERS[NoticeKind.FUNDING_DECIDED]
EXPIRING, SIGN_IN = MANNERS[NoticeKind.CERTIFICATE_EXPIRING], MANNERS[NoticeKind.SIGN_IN_LINK]
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)  # in Zürich
ZURICH = "Europe/Zurich"

moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
zones = st.sampled_from([ZURICH, "UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Not/AZone"])
manners = st.sampled_from(list(MANNERS.values()))
mailed = st.none() | st.timedeltas(timedelta(0), timedelta(hours=2))


@given(manners, moments, mailed, zones)
def test_a_mail_never_goes_before_its_event_nor_half_a_day_after(
    manner: Manner, told_at: datetime, ago: timedelta | None, zone: str
) -> None:
    goes = due_at(manner, told_at, told_at - ago if ago is not None else None, zone)

    assert told_at <= goes <= told_at + GROUP + timedelta(hours=12)


@given(manners, moments, mailed, zones)
def test_only_urgent_mails_go_at_night(
    manner: Manner, told_at: datetime, ago: timedelta | None, zone: str
) -> None:
    goes = due_at(manner, told_at, told_at - ago if ago is not None else None, zone)

    assert manner.is_urgent or QUIET_UNTIL <= goes.astimezone(zone_of(zone)).time() < QUIET_FROM


def test_the_first_lead_is_told_at_once_also_at_night() -> None:
    night = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert due_at(LEAD, night, None, ZURICH) == night


def test_a_lead_soon_after_a_mail_waits_until_ten_minutes_are_over() -> None:
    mail_at = NOON - timedelta(minutes=3)

    assert due_at(LEAD, NOON, mail_at, ZURICH) == mail_at + GROUP


def test_a_lead_long_after_a_mail_is_told_at_once() -> None:
    assert due_at(LEAD, NOON, NOON - GROUP, ZURICH) == NOON


def test_what_is_not_urgent_waits_for_company_and_for_the_morning() -> None:
    evening = datetime(2026, 11, 23, 18, 55, tzinfo=UTC)  # 19:55 in Zürich

    assert due_at(EXPIRING, NOON, None, ZURICH) == NOON + GROUP
    assert due_at(EXPIRING, evening, None, ZURICH) == datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert due_at(FUNDING, evening + timedelta(hours=8), None, ZURICH) == datetime(
        2026, 11, 24, 6, 0, tzinfo=UTC
    )


def test_a_link_to_sign_in_waits_for_nothing() -> None:
    assert due_at(SIGN_IN, NOON, NOON - timedelta(seconds=1), ZURICH) == NOON


def test_every_kind_has_a_number_of_its_own() -> None:
    assert {kind_of(manner.number) for manner in MANNERS.values()} == set(NoticeKind)
    assert kind_of(99) is None

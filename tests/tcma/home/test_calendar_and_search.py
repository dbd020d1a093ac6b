"""One calendar over all vendors; search or jump."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tcma.home import calendar, search
from tcma.home.calendar import Entry, Kind, What
from tcma.home.search import Hit, HitKind
from tcma.kits.models import Kit, KitVersion
from tcma.launches.models import CampaignStatus, TouchStatus
from tcma.leads.models import Stage
from tcma.viewer import Role, Viewer
from tests.tcma.funds.scene import Scene, a_second_partner
from tests.tcma.home.scene import a_campaign, a_lead, a_mail, money_elsewhere, now

ZURICH = ZoneInfo("Europe/Zurich")


def entries(scene: Scene, viewer: Viewer | None = None, **wanted: object) -> list[Entry]:
    viewer = viewer or scene.partner
    span = (scene.today - timedelta(days=40), scene.today + timedelta(days=200))
    with scene.installation.web.reading(viewer.organisation_id) as session:
        return calendar.entries_between(session, viewer, *span, ZURICH, **wanted)  # type: ignore[arg-type]


def everything(scene: Scene) -> None:
    at = now(scene)
    campaign = a_campaign(scene, "Backup")
    a_mail(scene, campaign, at - timedelta(days=3), TouchStatus.DONE)
    a_mail(scene, campaign, at + timedelta(days=3))
    a_mail(scene, campaign, at - timedelta(days=1), TouchStatus.MISSED)
    scene.certificate(scene.fund(), valid_until_on=scene.today + timedelta(days=40))
    money_elsewhere(
        scene, "Other Ltd", use_by=scene.today + timedelta(days=5), claim_by=scene.today + timedelta(days=9)
    )
    a_lead(scene, "Lindt AG", due=at + timedelta(days=2))
    a_lead(scene, "Aare Bau", Stage.NURTURING, comes_back_at=at + timedelta(days=30))


def test_everything_with_a_day_is_in_the_calendar_in_its_order(scenes: Scene) -> None:
    everything(scenes)

    found = entries(scenes)
    assert {entry.what for entry in found} == set(What)
    assert [entry.on for entry in found] == sorted(entry.on for entry in found)
    assert {entry.vendor for entry in found} == {"North Wind", "Other Ltd"}


@pytest.mark.parametrize("kind", list(Kind))
def test_the_calendar_is_narrowed_to_a_kind(scene: Scene, kind: Kind) -> None:
    everything(scene)

    found = entries(scene, kinds=[kind])
    assert found and {entry.kind for entry in found} == {kind}


def test_drafts_cancelled_campaigns_and_left_out_mails_are_not_in_it(scene: Scene) -> None:
    at = now(scene)
    for status in (CampaignStatus.DRAFT, CampaignStatus.CANCELLED, CampaignStatus.RECALLED):
        a_mail(scene, a_campaign(scene, status=status), at + timedelta(days=1))
    a_mail(scene, a_campaign(scene), at + timedelta(days=1), TouchStatus.SKIPPED)

    assert entries(scene) == []


def test_a_day_is_a_day_where_the_reader_is(scene: Scene) -> None:
    late = datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight in Zurich
    a_mail(scene, a_campaign(scene), late)
    with scene.installation.web.reading(scene.partner.organisation_id) as session:
        day = date(2026, 11, 25)
        (entry,) = calendar.entries_between(session, scene.partner, day, day, ZURICH)
        assert entry.on == day
        before = day - timedelta(days=1)
        assert calendar.entries_between(session, scene.partner, before, before, ZURICH) == []


def test_finance_sees_no_leads_in_it_and_another_partner_nothing(scene: Scene) -> None:
    everything(scene)

    finance = replace(scene.partner, roles=frozenset({Role.FINANCE}))
    assert Kind.LEADS not in {entry.kind for entry in entries(scene, finance)}
    assert entries(scene, a_second_partner(scene)) == []


def hits(scene: Scene, typed: str, viewer: Viewer | None = None) -> list[Hit]:
    viewer = viewer or scene.partner
    with scene.installation.web.reading(viewer.organisation_id) as session:
        return search.hits_for(session, viewer, typed)


def test_things_are_found_by_any_part_of_their_name(scenes: Scene) -> None:
    a_lead(scenes, "Lindt AG")
    a_lead(scenes, "Äpfel & Co")
    a_campaign(scenes, "Stop ransomware")
    with scenes.as_worker() as session:
        for offered in (session.get_one(Kit, scenes.kit_id), session.get_one(KitVersion, scenes.version_id)):
            offered.offered_at = now(scenes)

    for typed, kind, title in [
        ("lind", HitKind.LEAD, "Lindt AG"),
        ("indt", HitKind.LEAD, "Lindt AG"),
        ("anna fr", HitKind.LEAD, "Lindt AG"),
        ("frei", HitKind.LEAD, "Lindt AG"),
        ("äp", HitKind.LEAD, "Äpfel & Co"),
        ("ÄPFEL", HitKind.LEAD, "Äpfel & Co"),
        ("stop r", HitKind.CAMPAIGN, "Stop ransomware"),
        ("ransom", HitKind.CAMPAIGN, "Stop ransomware"),
        ("  BACK  ", HitKind.KIT, "Backup"),
    ]:
        assert (kind, title) in [(hit.kind, hit.title) for hit in hits(scenes, typed)], typed


def test_wild_cards_and_single_letters_find_nothing(scene: Scene) -> None:
    a_lead(scene, "Lindt AG")

    for typed in ("", "l", "%%", "l%", "__", "inx", "x" * 500):
        assert hits(scene, typed) == [], typed


def test_a_search_is_short_and_stays_at_home(scene: Scene) -> None:
    for number in range(9):
        a_lead(scene, f"Lindt {number}")

    assert len(hits(scene, "lindt")) == search.MOST
    assert hits(scene, "lindt", a_second_partner(scene)) == []
    finance = replace(scene.partner, roles=frozenset({Role.FINANCE}))
    assert [hit.kind for hit in hits(scene, "lindt", finance)] == []

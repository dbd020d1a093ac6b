"""Mails of a sequence for people with a seat, without one, who came, and who did not."""

from datetime import timedelta

import pytest

from tcma.errors import Conflict
from tcma.launches import schedule, service, webinars
from tcma.launches.models import CampaignStatus, StopReason, TouchStatus
from tcma.seats import attending, hosting
from tests.campaigns.attendance_lists import GOTO
from tests.campaigns.webinar_kit import webinar_files
from tests.installation import Installation
from tests.tcma.launches.factories import assert_figures_hold, send
from tests.tcma.launches.world import MONDAY, a_world
from tests.tcma.seats.scene import Scene, a_wish, zurich

ANNA, BEA, CARL, DORA = (f"{name}@firm.example" for name in ("anna", "bea", "carl", "dora"))
SOON = timedelta(minutes=1)
MORE = """\
  - {key: eve, kind: email, name: The day before, day: -1, from: talk, at: "10:00", condition: "registered:talk",
     file: emails/04-after.mjml, subject: Tomorrow, preview: Soon.}
  - {key: thanks, kind: email, name: Thank you, day: 1, from: talk, condition: "attended:talk",
     file: emails/04-after.mjml, subject: Thank you, preview: For coming.}
merge_fields:"""


def a_conditional_scene(installation: Installation) -> Scene:
    manifest = webinar_files()["kit.yml"].decode()
    for line, condition in (
        ("    file: emails/03-week.mjml\n", "not_registered"),
        ("    file: emails/04-after.mjml\n", "not_attended"),
    ):
        manifest = manifest.replace(line, f"    condition: {condition}:talk\n{line}")
    manifest = manifest.replace("merge_fields:", MORE, 1)
    world = a_world(installation, webinar_files({"kit.yml": manifest}))
    world.people([ANNA, BEA, CARL, DORA])
    world.set_clock(MONDAY)
    campaign = world.draft()
    webinars.set_webinar(installation.web, world.partner, world.files, campaign.public_id, a_wish())
    scene = Scene(world, world.launch(campaign).campaign)
    scene.register(ANNA)
    scene.register(CARL)
    scene.register(BEA, seat=False)  # wants the recording
    return scene


def goes_on(scene: Scene, last: str) -> None:
    """Every mail at its time, up to the one that is named."""
    installation = scene.world.installation
    touches = scene.world.touches(scene.campaign).values()
    mails = {touch.key: touch.due_at for touch in touches if touch.due_at is not None}
    for key in sorted(mails, key=lambda key: mails[key]):
        scene.at(mails[key] + SOON)
        schedule.start_due(installation.worker)
        send(installation)
        if key == last:
            return


def reasons(scene: Scene, key: str) -> list[str]:
    """Of Anna, Bea, Carl and Dora."""
    touch = scene.world.touches(scene.campaign)[key]
    assert_figures_hold(scene.world.installation, touch.id)
    return [row.reason for row in scene.world.deliveries(scene.campaign, key)]


def test_each_mail_reaches_whom_it_is_for_and_none_goes_before_it_is_known_who_came(
    databases: Installation,
) -> None:
    scene = a_conditional_scene(databases)
    partner, public_id = scene.world.partner, scene.campaign.public_id
    assert scene.world.touches(scene.campaign)["week"].is_invitation

    goes_on(scene, "eve")
    assert reasons(scene, "week") == ["registered", "registered", "registered", ""]
    assert reasons(scene, "eve") == ["", "not_registered", "", "not_registered"]

    due = scene.world.touches(scene.campaign)["after"].due_at
    assert due is not None
    scene.at(due + timedelta(minutes=30))
    assert schedule.start_due(databases.worker) == 0  # the attendance may still come in time
    scene.at(due + timedelta(hours=3))
    schedule.start_due(databases.worker)
    stopped = scene.world.reread(scene.campaign)
    assert (stopped.status, stopped.stop_reason) == (CampaignStatus.STOPPED, StopReason.MISSED)
    assert "Upload the attendance first" in stopped.stop_sentence
    with scene.world.as_partner() as session, pytest.raises(Conflict, match="Upload the attendance first"):
        service.send_now(session, partner, public_id, "after")

    with scene.world.as_partner() as session:
        attending.upload(session, partner, public_id, GOTO.encode())
    for key in ("after", "thanks"):
        with scene.world.as_partner() as session:
            service.send_now(session, partner, public_id, key)
    send(databases)
    assert reasons(scene, "after") == ["attended", "attended", "", "not_registered"]
    assert reasons(scene, "thanks") == ["", "", "not_attended", "not_attended"]


def test_attendance_that_is_known_in_time_needs_nobody(database: Installation) -> None:
    scene = a_conditional_scene(database)
    goes_on(scene, "eve")
    scene.at(zurich("2026-12-10T16:00"))
    with scene.world.as_partner() as session:
        attending.upload(session, scene.world.partner, scene.campaign.public_id, GOTO.encode())
    due = scene.world.touches(scene.campaign)["after"].due_at
    assert due is not None
    scene.at(due + SOON)
    schedule.start_due(database.worker)
    found = scene.world.touches(scene.campaign)
    assert found["after"].status is found["thanks"].status is TouchStatus.RUNNING


def test_nobody_is_asked_to_a_webinar_that_was_cancelled(database: Installation) -> None:
    scene = a_conditional_scene(database)
    goes_on(scene, "reminder")
    scene.at(zurich("2026-12-03T10:01"))
    schedule.start_due(database.worker)  # it runs, and is cancelled before the first of it goes
    with scene.world.as_partner() as session:
        hosting.cancel(session, scene.world.partner, scene.campaign.public_id)
    send(database)
    assert reasons(scene, "week") == ["cancelled"] * 4

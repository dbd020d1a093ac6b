"""A webinar by commands, from the draft to the recording, and what stands beside a campaign's mails."""

from pathlib import Path

from tcma.cli import running
from tcma.cli.frame import Exit
from tcma.config import load
from tests.cli import webinar_world
from tests.cli.world import HANNA, World, address, next_spring


def said(world: World, *command: str) -> str:
    done = world.shell.run(*command, acting=HANNA)
    assert done.exit_code == Exit.REFUSED and "Traceback" not in done.output, done.output
    return done.stderr


def test_a_webinar_is_set_moved_counted_and_cancelled_by_commands(fresh: World, tmp_path: Path) -> None:
    ask, live, draft = fresh.shell.ask, fresh.webinar, fresh.webinar_draft
    wrong = said(fresh, "webinar", "set", draft, "--room", "http://meet.example", "--at", "2020-01-01T10:00")
    assert "room: " in wrong and "at: " in wrong
    assert "not a local time" in said(fresh, "webinar", "set", draft, "--at", "noon")
    assert ask("webinar", "set", draft, "--host", "", acting=HANNA)["missing"] == ["host"]
    assert "has no webinar" in said(fresh, "webinar", "show", fresh.campaign)
    assert "set-up" in said(fresh, "webinar", "move", draft, next_spring())

    running.keep(load(fresh.shell.environment), "http://127.0.0.1:9")
    shown = ask("webinar", "show", live, acting=HANNA)
    assert shown["page"].startswith("http://127.0.0.1:9/")
    assert (shown["figures"]["registered"], shown["state"], shown["seats"]) == (2, "ahead", 3)
    assert "--remove" in said(fresh, "webinar", "recording", live)
    assert "comes after" in said(fresh, "webinar", "attendance", live, str(fresh.files / "attendance.csv"))
    moved = ask(
        "webinar", "move", live, webinar_world.in_days(fresh, 30), "--zone", "Europe/London", acting=HANNA
    )
    assert moved["zone"] == "Europe/London"
    webinar_world.with_the_attendance_list(fresh)
    (one, two) = ask("webinar", "people", live, acting=HANNA)
    assert (one["address"], one["state"], one["minutes"], one["stayed"]) == (address(0), "came", 38, "yes")
    assert (two["state"], two["minutes"]) == ("did_not_come", None)
    ask("webinar", "came", live, webinar_world.LATE, acting=HANNA)
    figures = ask("webinar", "show", live, acting=HANNA)["figures"]
    assert (figures["attended"], figures["stayed"], figures["no_shows"]) == (2, 1, 0)
    again = fresh.shell.run("webinar", "attendance", live, str(fresh.files / "attendance.csv"), acting=HANNA)
    assert "Nothing changed" in again.stdout

    file = tmp_path / "people.csv"
    assert ask("webinar", "people", live, "--csv", str(file), acting=HANNA)["people"] == 2
    head, first, *_more = file.read_text(encoding="utf-8-sig").splitlines()
    assert head.startswith("address,name,") and first.startswith(address(0)) and ",came," in first
    assert "https://" in said(fresh, "webinar", "recording", live, "ftp://x")
    ask("webinar", "recording", live, "https://video.example/1", acting=HANNA)
    assert ask("webinar", "show", live, acting=HANNA)["recording"] == "https://video.example/1"
    ask("webinar", "recording", live, "--remove", acting=HANNA)
    assert "has begun" in said(fresh, "webinar", "cancel", live)


def test_a_reply_becomes_a_lead_and_materials_are_read_by_commands(fresh: World, tmp_path: Path) -> None:
    ask, run = fresh.shell.ask, fresh.campaign
    (row,) = ask("campaign", "replies", run, acting=HANNA)
    assert row["text"] == "Call me on Thursday." and row["lead"] is None
    made = ask("campaign", "make-lead", run, fresh.reply, acting=HANNA)["lead"]
    assert ask("campaign", "make-lead", run, fresh.reply, acting=HANNA)["lead"] == made
    assert ask("campaign", "replies", run, acting=HANNA)[0]["lead"] == made
    mail = tmp_path / "reply.eml"
    ask("campaign", "reply", run, fresh.reply, "--save", str(mail), acting=HANNA)
    assert mail.read_bytes().startswith(b"Subject: Re")

    running.keep(load(fresh.shell.environment), "http://127.0.0.1:9")
    posts = ask("campaign", "posts", run, "--pictures", str(tmp_path / "pictures"), acting=HANNA)
    assert posts and all(0 < post["length"] <= post["most"] and "via=" in post["text"] for post in posts)
    assert all("http://127.0.0.1:9/" in post["text"] for post in posts)
    assert any((tmp_path / "pictures").iterdir())
    keys = [row["material"] for row in ask("campaign", "materials", run, acting=HANNA)]
    for key in keys:
        assert fresh.shell.run("campaign", "material", run, key, acting=HANNA).exit_code == Exit.OK
    assert "Harbour IT" in str(ask("campaign", "material", run, "call", acting=HANNA))
    assert ask("campaign", "briefing", run, "--read", acting=HANNA)["new"] is True
    assert ask("campaign", "briefing", run, "--read", acting=HANNA)["new"] is False
    assert "not yet" not in ask("campaign", "briefing", run, acting=HANNA)["read by"].values()

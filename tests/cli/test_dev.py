"""What `tcma dev` starts."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from tcma.cli import running
from tcma.cli.dev import programs
from tcma.config import Settings


def test_replies_are_taken_in_where_they_come_to_a_server_of_our_own() -> None:
    settings = Settings()
    assert set(programs(settings)) == {"web", "worker"}
    by_sendgrid = replace(settings, replies="replies.example", inbound_key="k" * 32)
    assert set(programs(by_sendgrid)) == {"web", "worker"}
    ours = replace(settings, replies="replies.example", inbound_listen="127.0.0.1:2525")
    assert programs(ours)["inbound"] == ["tcma", "inbound"]


def test_the_address_counts_while_its_process_lives_and_goes_with_it_alone(tmp_path: Path) -> None:
    settings = replace(Settings(), var=tmp_path)
    file = tmp_path / "dev-address"
    with subprocess.Popen([sys.executable, "-c", ""]) as killed:
        killed.wait()
    file.write_text(f"http://127.0.0.1:7 {killed.pid}")
    assert running.base_url(settings) == settings.base_url
    running.keep(settings, "http://127.0.0.1:8")
    assert running.base_url(settings) == "http://127.0.0.1:8"
    running.forget(settings)
    assert not file.exists()
    file.write_text(f"http://127.0.0.1:9 {os.getppid()}")
    running.keep(settings, "http://127.0.0.1:8")
    running.forget(settings)
    assert running.base_url(settings) == "http://127.0.0.1:9"

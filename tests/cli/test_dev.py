"""What `tcma dev` starts."""

from dataclasses import replace

from tcma.cli.dev import programs
from tcma.config import Settings


def test_replies_are_taken_in_where_they_come_to_a_server_of_our_own() -> None:
    settings = Settings()
    assert set(programs(settings)) == {"web", "worker"}
    by_sendgrid = replace(settings, replies="replies.example", inbound_key="k" * 32)
    assert set(programs(by_sendgrid)) == {"web", "worker"}
    ours = replace(settings, replies="replies.example", inbound_listen="127.0.0.1:2525")
    assert programs(ours)["inbound"] == ["tcma", "inbound"]

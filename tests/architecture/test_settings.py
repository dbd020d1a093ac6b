"""Settings and their documentation say the same."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

import pytest

from tcma.config import ROOT, ConfigError, Settings, load


def test_every_setting_stands_in_the_operations_guide() -> None:
    documented = set(re.findall(r"^\| `(TCMA_\w+)`", (ROOT / "docs/operations.md").read_text(), re.M))
    assert documented == {f"TCMA_{item.name.upper()}" for item in fields(Settings)}


def test_the_example_names_only_settings_that_exist() -> None:
    named = set(re.findall(r"^(TCMA_\w+)=", (ROOT / ".env.example").read_text(), re.M))
    assert named <= {f"TCMA_{item.name.upper()}" for item in fields(Settings)}


def test_production_without_keys_says_which_are_missing(tmp_path: Path) -> None:
    missing = "TCMA_TOKEN_KEYS, TCMA_FORM_KEY, TCMA_SESSION_KEY, TCMA_HASH_KEY, TCMA_SEAL_KEY, TCMA_BASE_URL"
    with pytest.raises(ConfigError, match=missing):
        load({"TCMA_ENVIRONMENT": "production", "TCMA_VAR": str(tmp_path)})
    assert not (tmp_path / "keys").exists()


def test_development_keys_are_made_once_and_kept_private(tmp_path: Path) -> None:
    first = load({"TCMA_VAR": str(tmp_path)})
    again = load({"TCMA_VAR": str(tmp_path)})

    assert first == again
    assert len({first.token_keys[1], first.form_key, first.hash_key, first.seal_key}) == 4
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0


def test_a_key_that_came_later_is_added_and_the_others_stay(tmp_path: Path) -> None:
    first = load({"TCMA_VAR": str(tmp_path)})
    lines = (tmp_path / "keys").read_text().splitlines(keepends=True)
    (tmp_path / "keys").write_text("".join(line for line in lines if not line.startswith("seal_key=")))

    grown = load({"TCMA_VAR": str(tmp_path)})

    assert (grown.token_keys, grown.form_key, grown.hash_key) == (
        first.token_keys,
        first.form_key,
        first.hash_key,
    )
    assert grown.seal_key not in (b"", first.seal_key)
    assert load({"TCMA_VAR": str(tmp_path)}) == grown


def test_processes_that_start_together_share_the_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(load, [{"TCMA_VAR": str(tmp_path)}] * 8))

    assert all(one == found[0] for one in found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TCMA_PORT", "eighty"),
        ("TCMA_TOKEN_KEYS", "abc"),
        ("TCMA_TOKEN_KEYS", "0:" + "A" * 43),
        ("TCMA_HASH_KEY", "c2hvcnQ"),
        ("TCMA_ENVIRONMENT", "staging"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({"TCMA_VAR": str(tmp_path), name: value})


@pytest.mark.parametrize(
    ("domain", "key", "named"),
    [
        ("Replies.example", "k" * 32, "TCMA_REPLIES"),
        ("replies", "k" * 32, "TCMA_REPLIES"),
        ("a@replies.example", "k" * 32, "TCMA_REPLIES"),
        ("replies.example", "", "TCMA_INBOUND_KEY"),
        ("replies.example", "short", "TCMA_INBOUND_KEY"),
    ],
)
def test_a_domain_for_replies_without_a_way_in_is_refused(
    tmp_path: Path, domain: str, key: str, named: str
) -> None:
    given = {"TCMA_VAR": str(tmp_path), "TCMA_REPLIES": domain, "TCMA_INBOUND_KEY": key}
    with pytest.raises(ConfigError, match=named):
        load(given)
    assert load({**given, "TCMA_REPLIES": "replies.example", "TCMA_INBOUND_KEY": "k" * 32}).replies
    for listen in ("0.0.0.0:25", "[::]:25"):
        own = {"TCMA_REPLIES": "replies.example", "TCMA_INBOUND_KEY": "", "TCMA_INBOUND_LISTEN": listen}
        assert load({**given, **own}).inbound_listen == listen
    for wrong in ({"TCMA_INBOUND_LISTEN": "localhost:25"}, {"TCMA_INBOUND_CERT": "/etc/cert.pem"}):
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            load({"TCMA_VAR": str(tmp_path), **wrong})

"""Settings: the only place that reads the environment.

Every setting is described in docs/operations.md; a test compares that table with this class.
"""

import base64
import fcntl
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
KEY_BYTES = 32
_SELECTOR = re.compile(r"\A[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})(?:\.[A-Za-z0-9_-]{1,63})*\Z")
_MAILBOX = re.compile(r"[^\s@<>\",;:\\]{1,64}@[^\s@<>\",;:\\]{1,255}")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}", re.ASCII)
LEAST_INBOUND_KEY = 32  # characters
_KEYS = ("token_keys", "form_key", "session_key", "hash_key", "seal_key")


class ConfigError(Exception):
    """A setting is missing or cannot be read; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One process's view of its environment. Times are in seconds."""

    environment: str = "development"
    var: Path = ROOT / "var"
    base_url: str = "http://127.0.0.1:8000"
    database_url: str = ""
    database_url_web: str = ""
    database_url_worker: str = ""
    broker_url: str = ""
    storage: str = ""
    mail: str = "outbox:"
    mail_from: str = "post@mail.example"
    sending_spf: str = ""
    sending_dkim: tuple[tuple[str, str, str], ...] = ()
    dns: str = ""
    mail_timeout: float = 30.0
    sendgrid_key: str = field(default="", repr=False)
    sendgrid_events_key: str = ""
    replies: str = ""
    inbound_key: str = field(default="", repr=False)
    inbound_listen: str = ""
    inbound_cert: str = ""
    inbound_cert_key: str = ""
    postmaster: str = ""
    operator_name: str = "Example Hosting"
    token_keys: Mapping[int, bytes] = field(default_factory=dict)
    form_key: bytes = b""
    session_key: bytes = b""
    hash_key: bytes = b""
    seal_key: bytes = b""
    soft_start_wait: float = 120.0
    lease: float = 30.0
    hold: bool = False
    lane_time: float = 45.0
    lanes: int = 2
    poll: float = 1.0
    group_size: int = 64
    group_time: float = 2.0
    reconcile_after: float = 86_400.0
    form_min_time: float = 2.0
    website_time: float = 8.0
    form_rate: int = 20
    session_idle: float = 30 * 86_400.0
    session_age: float = 90 * 86_400.0
    sign_in_rate: int = 10
    sign_in_network_rate: int = 100
    machine_click_window: float = 5.0
    web_threads: int = 8
    port: int = 8000
    proxies: int = 0
    log_format: str = "text"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def embedded(self) -> bool:
        """Without a broker address the worker keeps Celery's transport inside its own process."""
        return not self.broker_url

    def url_for(self, role: str) -> str:
        """The database address of `owner`, `web` or `worker`; one address serves all three on SQLite."""
        specific = {
            "owner": "",
            "web": self.database_url_web,
            "worker": self.database_url_worker,
        }[role]
        return specific or self.database_url


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read `TCMA_…` variables. Outside production, keys nobody set are made once and kept in `var/keys`.

    Raises ConfigError with the variable's name and what it should look like.
    """
    source = os.environ if environ is None else environ
    given: dict[str, Any] = {}
    for item in fields(Settings):
        text = source.get(f"TCMA_{item.name.upper()}")
        if text is not None and text != "":
            given[item.name] = _parse(item.name, item.type, text)
    environment = str(given.get("environment", "development"))
    if environment not in {"development", "test", "production"}:
        raise ConfigError(f"TCMA_ENVIRONMENT is '{environment}'. Use development, test or production.")
    var = Path(given.get("var", ROOT / "var"))
    given.setdefault("database_url", f"sqlite:///{var / 'tcma.db'}")
    given.setdefault("storage", f"folder:{var / 'files'}")
    if environment == "production":
        _require_keys(given)
        given.setdefault("operator_name", urlsplit(str(given.get("base_url", ""))).hostname or "this site")
    else:
        for name, value in _kept_keys(var).items():
            given.setdefault(name, value)
    given["var"] = var
    _check_replies(given)
    return Settings(**given)


def child_environment(settings: Settings, **changed: str) -> dict[str, str]:
    """The environment for a child process of `tcma dev`: this one, this folder, and what is `changed`."""
    given = {f"TCMA_{name.upper()}": value for name, value in changed.items()}
    return {**os.environ, "TCMA_VAR": str(settings.var), **given}


def scratch_environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment of processes of a scratch installation: nothing of this one's settings, only `given`."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("TCMA_")}
    return {**kept, **given}


def scratch_changes(given: Mapping[str, str]) -> dict[str, str | None]:
    """What to change in this process for the same; None takes a variable away."""
    return {**{name: None for name in os.environ if name.startswith("TCMA_")}, **given}


def _parse(name: str, kind: object, text: str) -> object:
    variable = f"TCMA_{name.upper()}"
    try:
        if name == "token_keys":
            return _key_ring(text)
        if name == "sending_dkim":
            return tuple(_signing_key(part) for part in text.split("|"))
        if name in {"dns", "inbound_listen"}:
            return _server(text)
        if kind is bytes:
            return _key(text)
        if kind is bool:
            return _yes_or_no(text)
        if kind is int or kind is float:
            return kind(text)
        if kind is Path:
            return Path(text)
    except ValueError as error:
        raise ConfigError(f"{variable}: {error}.") from error
    return text.rstrip("/") if name == "base_url" else text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"yes", "no"}:
        raise ValueError("write yes or no")
    return text.lower() == "yes"


def _key(text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise ValueError("not base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes in base64, this one has {len(key)}")
    return key


def _key_ring(text: str) -> dict[int, bytes]:
    """`1:<base64>,2:<base64>`; the highest number signs, all verify."""
    ring: dict[int, bytes] = {}
    for part in text.split(","):
        number, colon, key = part.strip().partition(":")
        if not colon or not number.isdigit() or not 0 < int(number) < 256:
            raise ValueError("a key ring reads 1:<base64>,2:<base64> with numbers from 1 to 255")
        ring[int(number)] = _key(key)
    return ring


def _signing_key(text: str) -> tuple[str, str, str]:
    """`s1 CNAME s1.dkim.mail.example` or `s1 TXT v=DKIM1; p=…`: selector, kind, value."""
    selector, kind, value = [*text.strip().split(" ", 2), "", ""][:3]
    if not _SELECTOR.match(selector) or kind not in {"CNAME", "TXT"} or not value.strip():
        raise ValueError(
            "each key reads s1 CNAME s1.dkim.mail.example or s1 TXT v=DKIM1; p=…, with | between"
        )
    return selector, kind, value.strip()


def _server(text: str) -> str:
    host, _, port = text.rpartition(":")
    try:
        ipaddress.ip_address(host.strip("[]"))
        if not 0 < int(port) < 65536:
            raise ValueError
    except ValueError as error:
        raise ValueError("a server reads 127.0.0.1:53") from error
    return text


def _check_replies(given: Mapping[str, Any]) -> None:
    """A domain without a way in would send people's replies nowhere."""
    domain, key = str(given.get("replies", "")), str(given.get("inbound_key", ""))
    if domain and _DOMAIN.fullmatch(domain) is None:
        raise ConfigError(
            f"TCMA_REPLIES is '{domain}'. Write a domain in lower case, such as replies.example.com."
        )
    if key and len(key) < LEAST_INBOUND_KEY:
        raise ConfigError(f"TCMA_INBOUND_KEY needs {LEAST_INBOUND_KEY} characters or more.")
    if domain and not key and not given.get("inbound_listen"):
        raise ConfigError(
            f"TCMA_REPLIES needs TCMA_INBOUND_KEY, of {LEAST_INBOUND_KEY} characters or more, or "
            "TCMA_INBOUND_LISTEN."
        )
    postmaster = str(given.get("postmaster", ""))
    if postmaster and not _MAILBOX.fullmatch(postmaster):
        raise ConfigError(f"TCMA_POSTMASTER is '{postmaster[:80]}'. Write one e-mail address.")
    if postmaster and postmaster.lower().endswith(f"@{domain}"):
        raise ConfigError(
            "TCMA_POSTMASTER has to be an address elsewhere: the domain of the replies has no mailboxes."
        )
    if bool(given.get("inbound_cert")) != bool(given.get("inbound_cert_key")):
        raise ConfigError("TCMA_INBOUND_CERT and TCMA_INBOUND_CERT_KEY come together.")


def _require_keys(given: Mapping[str, object]) -> None:
    missing = [f"TCMA_{name.upper()}" for name in (*_KEYS, "base_url") if name not in given]
    if missing:
        raise ConfigError(f"Production needs {', '.join(missing)}. docs/operations.md says how to make keys.")


def _kept_keys(var: Path) -> dict[str, Any]:
    """Development keys: made when first needed, readable by this account only, the same ever after."""
    path = var / "keys"
    kept = _lines(path) if path.exists() else {}
    if not kept.keys() >= set(_KEYS):
        var.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # processes start together: the first one makes them
            kept = _lines(path)
            made = {name: _new_key() for name in _KEYS if name not in kept}
            kept |= {name: f"1:{key}" if name == "token_keys" else key for name, key in made.items()}
            file.writelines(f"{name}={kept[name]}\n" for name in made)
    return {name: _key_ring(text) if name == "token_keys" else _key(text) for name, text in kept.items()}


def _lines(path: Path) -> dict[str, str]:
    """What the file of keys holds so far; a line still being written does not count."""
    whole = (line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n"))
    return {name: text.rstrip("\n") for name, _, text in (line.partition("=") for line in whole)}


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")

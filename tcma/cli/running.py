"""The address under which `tcma dev` answers, for commands that print links beside it."""

from pathlib import Path

from tcma.config import Settings

_NAME = "dev-address"


def keep(settings: Settings, base: str) -> None:
    _file(settings).write_text(base, "utf-8")


def forget(settings: Settings) -> None:
    _file(settings).unlink(missing_ok=True)


def base_url(settings: Settings) -> str:
    """That of the web process `tcma dev` started here, else the settings'."""
    try:
        return _file(settings).read_text("utf-8").strip() or settings.base_url
    except OSError:
        return settings.base_url


def _file(settings: Settings) -> Path:
    return settings.var / _NAME

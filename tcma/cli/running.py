"""The address under which `tcma dev` answers, for commands that print links beside it."""

import os
from pathlib import Path

from tcma.config import Settings

_NAME = "dev-address"


def keep(settings: Settings, base: str) -> None:
    """This process answers under `base`. Where another one does, its address stays: that one outlives a check."""
    if _kept(settings) is None:
        _file(settings).write_text(f"{base} {os.getpid()}", "utf-8")


def forget(settings: Settings) -> None:
    """This process ends; the address of another stays."""
    kept = _kept(settings)
    if kept is not None and kept[1] == os.getpid():
        _file(settings).unlink(missing_ok=True)


def base_url(settings: Settings) -> str:
    """That of the web process `tcma dev` started here, else the settings'."""
    kept = _kept(settings)
    return kept[0] if kept else settings.base_url


def _kept(settings: Settings) -> tuple[str, int] | None:
    """Address and process, while that lives; what a killed one left behind is nothing."""
    try:
        base, pid = _file(settings).read_text("utf-8").split()
        os.kill(int(pid), 0)
    except PermissionError:
        pass  # somebody else's, and alive
    except (OSError, ValueError):
        return None
    return base, int(pid)


def _file(settings: Settings) -> Path:
    return settings.var / _NAME

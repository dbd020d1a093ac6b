"""Structured logs. What could name a person never enters them."""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from tcma.config import Settings

_ADDRESS = re.compile(r"[^\s<>@:;,\"'()=/]+@[^\s<>@:;,\"'()=/]+")
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{48}(?![A-Za-z0-9_-])")


def configure(settings: Settings) -> None:
    """Once per process. `log_format` is text for people or json for collectors."""
    as_json = settings.log_format == "json"
    last: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Scrubbed("%(levelname)s %(name)s %(message)s"))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            scrub,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,  # a logger of a module obeys whoever configured last
    )


def scrub(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mail addresses and link tokens are blanked, wherever a message, a value or an exception carried them."""
    return {key: _without_people(value) for key, value in event.items()}


def masked(text: str) -> str:
    return _TOKEN.sub("[token]", _ADDRESS.sub("[address]", text))


def _without_people(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {masked(str(key)): _without_people(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_without_people(inner) for inner in value]
    return masked(str(value))


class Scrubbed(logging.Formatter):
    """For libraries that log the plain way: message and traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))

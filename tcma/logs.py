"""Structured logs. What could name a person never enters them."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from tcma.config import Settings

_ADDRESS = re.compile(r"[^\s<>@:;,\"'()]+@[^\s<>@:;,\"'()]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{48}")


def configure(settings: Settings) -> None:
    """Once per process. `log_format` is text for people or json for collectors."""
    as_json = settings.log_format == "json"
    last: Any = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for handler in logging.getLogger().handlers:
        handler.addFilter(_without_people)
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
        cache_logger_on_first_use=True,
    )


def scrub(logger: object, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mail addresses and link tokens are blanked, wherever a message or an exception carried them."""
    return {key: masked(value) if isinstance(value, str) else value for key, value in event.items()}


def masked(text: str) -> str:
    return _TOKEN.sub("[token]", _ADDRESS.sub("[address]", text))


def _without_people(record: logging.LogRecord) -> bool:
    record.msg, record.args = masked(record.getMessage()), None
    return True

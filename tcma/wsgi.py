"""The web server: `python -m tcma.wsgi` (waitress), or `tcma.wsgi:app` for gunicorn."""

import gc
import logging
import signal
import sys
from functools import cache
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server

from tcma import logs
from tcma.config import ConfigError, load
from tcma.installation import Installation
from tcma.web import create_app


@cache
def application() -> Flask:
    settings = load()
    logs.configure(settings)
    made = create_app(Installation.at(settings))
    gc.freeze()  # what is loaded stays; to look through it for garbage again and again slows every page
    return made


def app(environ: dict[str, Any], start_response: Any) -> Any:
    """The WSGI callable; made on first use, so that importing this module reads no settings."""
    return application()(environ, start_response)


def main() -> int:
    """Serve until SIGTERM or Ctrl-C; 2 when a setting is wrong."""
    try:
        served = application()
    except ConfigError as error:
        logging.error("%s", error)
        return 2
    settings = served.extensions["installation"].settings
    server = create_server(
        served, host="127.0.0.1", port=settings.port, threads=settings.web_threads, ident=None
    )

    def leave(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    try:
        server.run()
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The web server: `python -m tcma.wsgi` (waitress), or `tcma.wsgi:app` for gunicorn."""

import signal
from functools import cache
from types import FrameType
from typing import Any

from flask import Flask
from waitress import create_server

from tcma import logs
from tcma.config import load
from tcma.installation import Installation
from tcma.web import create_app


@cache
def application() -> Flask:
    settings = load()
    logs.configure(settings)
    return create_app(Installation.at(settings))


def app(environ: dict[str, Any], start_response: Any) -> Any:
    """The WSGI callable; made on first use, so that importing this module reads no settings."""
    return application()(environ, start_response)


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    served = application()
    settings = served.extensions["installation"].settings
    server = create_server(
        served, host="127.0.0.1", port=settings.port, threads=settings.web_threads, ident=None
    )

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
    try:
        server.run()
    finally:
        server.close()


if __name__ == "__main__":
    main()

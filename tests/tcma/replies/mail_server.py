"""The product's own server for replies on the loopback, in a thread of the test."""

import asyncio
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tcma.installation import Installation
from tcma.replies.listener import Certificate, Limits, Listener
from tcma.replies.postmaster import Postmaster
from tests.tcma.replies.desk import DOMAIN

PATIENCE = 5.0


class Running:
    """A listener in a loop of its own."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="listener", daemon=True)
        self._thread.start()
        self.port = asyncio.run_coroutine_threadsafe(listener.start("127.0.0.1", 0), self._loop).result(10)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.listener.stop(PATIENCE), self._loop).result(PATIENCE + 10)

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def client(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, local_hostname="mx.lindt.example", timeout=10)


@contextmanager
def listening(
    installation: Installation,
    *,
    certificate: Certificate | None = None,
    postmaster: Postmaster | None = None,
    **limits: float,
) -> Iterator[Running]:
    listener = Listener(
        installation.web,
        installation.storage,
        installation.signer,
        DOMAIN,
        certificate=certificate,
        limits=replace(Limits(), **limits),  # type: ignore[arg-type]
        postmaster=postmaster,
    )
    running = Running(listener)
    try:
        yield running
    finally:
        try:
            if not listener.is_closing:
                running.stop()
        finally:
            running.end()

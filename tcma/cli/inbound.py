"""`tcma inbound`: the server that takes replies in by SMTP."""

import asyncio
import signal
from pathlib import Path

import click

from tcma.cli.frame import Desk, answering
from tcma.config import Settings
from tcma.errors import Invalid
from tcma.installation import Installation
from tcma.replies.listener import Certificate, Listener
from tcma.replies.postmaster import Postmaster

PATIENCE = 25.0  # seconds for the mails under way when it is stopped


@click.command("inbound")
@answering
def command(desk: Desk) -> None:
    """Take replies in by SMTP at TCMA_INBOUND_LISTEN, and stay until Ctrl-C.

    Prints a READY line once it listens. Stopped, it finishes the mails under way first.
    """
    settings = desk.settings
    if not settings.replies or not settings.inbound_listen:
        raise Invalid(
            "Set TCMA_REPLIES to the domain of the replies and TCMA_INBOUND_LISTEN to where to listen, "
            "such as 0.0.0.0:25."
        )
    asyncio.run(_serve(desk.installation, settings))


async def _serve(installation: Installation, settings: Settings) -> None:
    host, _, port = settings.inbound_listen.rpartition(":")
    listener = Listener(
        installation.web,
        installation.storage,
        installation.signer,
        settings.replies,
        certificate=_certificate(settings),
        postmaster=Postmaster(settings, installation.storage),
    )
    try:
        taken = await listener.start(host.strip("[]"), int(port))
    except OSError as error:
        raise Invalid(f"{settings.inbound_listen} cannot be listened at: {error.strerror}.") from error
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    click.echo(f"READY smtp://{host}:{taken} for {settings.replies}")
    if not settings.postmaster:
        click.echo(
            f"Nobody reads postmaster@{settings.replies}: set TCMA_POSTMASTER to your address.", err=True
        )
    await stopped.wait()
    click.echo("Stopping; mails under way are finished first.")
    await listener.stop(PATIENCE)


def _certificate(settings: Settings) -> Certificate | None:
    if not settings.inbound_cert:
        return None
    try:
        return Certificate(Path(settings.inbound_cert), Path(settings.inbound_cert_key))
    except OSError as error:  # ssl.SSLError is one
        raise Invalid(f"The certificate of TCMA_INBOUND_CERT cannot be read: {error.strerror}.") from error

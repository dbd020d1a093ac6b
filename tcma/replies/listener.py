"""Replies that come in by SMTP: a server of our own, which takes mail for addresses of ours and nothing else: the
signed ones, and the postmaster's where somebody reads it.

250 is said after the row is committed. Whatever goes wrong before is 451, so that the server which brings the mail
keeps it and comes again; a mail that comes twice makes one reply (see `taking`).
"""

import asyncio
import logging
import ssl
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from campaigns import replies
from campaigns.links import Purpose, Signer, Token
from tcma.db import Database
from tcma.replies import intake
from tcma.replies.postmaster import Postmaster
from tcma.storage import Storage

_log = structlog.get_logger(__name__)

GONE = "550 5.1.1 There is no such address here"
LATER = "451 4.3.0 Not kept, please come again later"
FULL = "421 4.7.0 Too many connections, please come again later"
CLOSING = "421 4.3.2 This server is being stopped, please come again"
LONGEST_LINE = 64 * 1024  # bytes; the standard has 998, some programs that write mails have not heard of it


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server is given. Times are in seconds."""

    connections: int = 64
    connections_of_host: int = 8
    recipients: int = 10  # of one mail
    commands: int = 100  # of one kind on one connection
    command_time: float = 180.0  # for a command, and for all of a mail
    lifetime: float = 900.0  # of a connection
    connection_bytes: int = 2 * replies.LARGEST
    keeping_time: float = 60.0  # until a mail that is not kept yet is put off
    keepers: int = 4  # mails kept at the same time


class Certificate:
    """The server's certificate; read again when its file is a newer one."""

    def __init__(self, chain: Path, key: Path) -> None:
        self._chain, self._key = chain, key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._read_at = 0.0
        self.refresh()

    def refresh(self) -> None:
        """For the connections from now on. One that is half written leaves the one before in use."""
        changed_at = self._chain.stat().st_mtime
        if changed_at != self._read_at:
            self.context.load_cert_chain(self._chain, self._key)
            self._read_at = changed_at


class Listener:
    """One server. `web` keeps the mails, in the tenant that each address names."""

    def __init__(
        self,
        web: Database,
        files: Storage,
        signer: Signer,
        domain: str,
        *,
        certificate: Certificate | None = None,
        limits: Limits | None = None,
        postmaster: Postmaster | None = None,
    ) -> None:
        self._postmaster = postmaster
        self.domain, self.limits, self.certificate = domain, limits or Limits(), certificate
        self.is_closing = False
        self._web, self._files, self._signer = web, files, signer
        self._keepers = ThreadPoolExecutor(self.limits.keepers, thread_name_prefix="keeper")
        self._open: dict[_Connection, str] = {}
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which the system chooses for 0."""
        logging.getLogger("mail.log").setLevel(
            logging.CRITICAL
        )  # it writes every command, with its addresses
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self, loop), host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self, patience: float) -> None:
        """No new connections and no new mails; those under way are finished for up to `patience` seconds."""
        self.is_closing = True
        if self._server is not None:
            self._server.close()
        for connection in list(self._open):
            if not connection.holds_mail():
                await connection.turn_away(CLOSING)
        deadline = asyncio.get_running_loop().time() + patience
        while self._open and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.05)
        for connection in list(self._open):
            connection.abort()
        await asyncio.to_thread(self._keepers.shutdown)

    def enter(self, connection: "_Connection", host: str) -> bool:
        """Whether there is room for one more of this host."""
        if self.is_closing or len(self._open) >= self.limits.connections:
            return False
        if Counter(self._open.values())[host] >= self.limits.connections_of_host:
            return False
        self._open[connection] = host
        if self.certificate is not None:
            with suppress(OSError):  # the connections go on with the one that was read before
                self.certificate.refresh()
        return True

    def leave(self, connection: "_Connection") -> None:
        self._open.pop(connection, None)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [line for line in responses if not line.startswith("250-AUTH")]  # nobody signs in here

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.is_closing:
            return CLOSING
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= self.limits.recipients:
            return "452 4.5.3 Too many recipients, send the others a mail of their own"
        if self._token(address) is None and not self._is_for_postmaster(address):
            return GONE
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        tokens = [token for one in dict.fromkeys(envelope.rcpt_tos) if (token := self._token(one))]
        sender = intake.plain(envelope.mail_from or "")
        keep = partial(self._keep, raw, tokens, sender, any(map(self._is_for_postmaster, envelope.rcpt_tos)))
        kept = asyncio.get_running_loop().run_in_executor(self._keepers, keep)
        try:
            await asyncio.wait_for(kept, self.limits.keeping_time)
        except Exception as error:
            _log.error("inbound_mail_put_off", error=type(error).__name__)
            return LATER
        _log.info("inbound_mail_kept", size=len(raw), copies=len(tokens))
        return "250 2.0.0 Kept"

    async def handle_exception(self, error: Exception) -> str:
        """Whatever a hostile command brings to light is never a reason to give a mail up."""
        _log.error("inbound_command_failed", error=type(error).__name__)
        return LATER

    def _keep(self, raw: bytes, tokens: list[Token], sender: str, for_postmaster: bool) -> None:
        """The postmaster's copy last: what is kept twice is one reply, what is handed on twice is two mails."""
        intake.take_in(self._web, self._files, raw, tokens, sender)
        if for_postmaster and self._postmaster is not None:
            self._postmaster.hand_on(raw, sender)

    def _is_for_postmaster(self, address: str) -> bool:
        return self._postmaster is not None and self._postmaster.reads(address)

    def _token(self, address: str) -> Token | None:
        return self._signer.verify(replies.token_in(address, self.domain), Purpose.REPLY)


class _Connection(SMTP):
    """One client: turned away where there is no room, cut off where it takes more bytes or time than its share."""

    line_length_limit = LONGEST_LINE

    def __init__(self, listener: Listener, loop: asyncio.AbstractEventLoop) -> None:
        limits, certificate = listener.limits, listener.certificate
        super().__init__(
            listener,
            data_size_limit=replies.LARGEST,
            enable_SMTPUTF8=True,
            hostname=listener.domain,
            ident="ESMTP",
            tls_context=certificate.context if certificate else None,
            timeout=limits.command_time,
            command_call_limit=limits.commands,
            loop=loop,
        )
        self._listener, self._end = listener, loop.call_later(limits.lifetime, self.abort)
        self._left = limits.connection_bytes
        self._is_in = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self._is_in:  # a second time once it is encrypted
            peer = transport.get_extra_info("peername") or ("",)
            if not self._listener.enter(self, str(peer[0])):
                assert isinstance(transport, asyncio.Transport)
                self._end.cancel()
                transport.write(f"{FULL}\r\n".encode())
                transport.close()
                return
            self._is_in = True
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._left -= len(data)
        if not self._is_in:
            return
        if self._left < 0:
            self.abort()
            return
        super().data_received(data)

    def eof_received(self) -> bool | None:
        return bool(super().eof_received()) if self._is_in else None

    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_in:
            return
        self._end.cancel()
        self._listener.leave(self)
        super().connection_lost(error)

    def holds_mail(self) -> bool:
        """Whether a mail is under way that its sender would have to send again."""
        return bool(self.envelope is not None and self.envelope.rcpt_tos)

    async def turn_away(self, why: str) -> None:
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        with suppress(ConnectionError):
            await self.push(why)
        transport.close()

    def abort(self) -> None:
        for transport in (self.transport, self._original_transport):
            if isinstance(transport, asyncio.Transport):
                transport.abort()

"""Any SMTP server, one message after the other over a connection that is kept.

Accepted is 250 after the final dot. Refused is 5xx at any step of the message. Not sent is 4xx, or a break
before the write that holds the final dot. Unknown is everything from that write until its reply. A server
that refuses before the first message (greeting, TLS, log-in) refuses the account, not the message.

SMTP has no look-up and no webhooks: bounces come by mail.
"""

import re
import socket
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

import idna

from campaigns.providers.base import (
    NOT_TRIED,
    Accepted,
    AccountRefused,
    NotSent,
    Outcome,
    Outgoing,
    Refused,
    SettingsError,
    Unknown,
    only,
    setting,
)
from campaigns.providers.smtp_wire import Broken, Reply, TimeLimits, Wire, on_the_wire, plain_credentials
from campaigns.providers.trust import is_loopback, tls_context

# Refusals of our own, before the server was asked for this message.
BAD_ENVELOPE = "The envelope address is not valid"
ASCII_ADDRESSES_ONLY = "5.6.7 The server takes ASCII addresses only"
ASCII_MESSAGES_ONLY = "5.6.3 The server takes 7-bit messages only"
MAX_BREAKS = 3  # connections lost one after the other before the rest of a batch is left for later

_ADDRESS = re.compile(r"[^\s<>@\x00-\x20\x7f]{1,64}@[^\s<>@\x00-\x20\x7f]{1,253}")
_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_ACCOUNT_CODES = frozenset({530, 534, 535, 538})


class Security(StrEnum):
    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    host: str
    port: int = 587
    security: Security = Security.STARTTLS
    username: str = ""
    password: str = field(default="", repr=False)
    hello: str = ""  # our name; the host's own if empty
    ca_file: str = ""  # certificates to trust instead of the system's
    limits: TimeLimits = field(default_factory=TimeLimits)


def from_settings(settings: Mapping[str, object]) -> "Smtp":
    """Settings: host, port, security (none, starttls, tls), username, password, hello, ca_file, and in
    seconds connect_timeout, step_timeout, data_timeout, message_timeout (all steps of one message)."""
    only(
        settings, "host", "port", "security", "username", "password", "hello", "ca_file",
        "connect_timeout", "step_timeout", "data_timeout", "message_timeout",
    )  # fmt: skip
    security = setting(settings, "security", "starttls")
    if security not in list(Security):
        raise SettingsError(f"The setting “security” has to be none, starttls or tls, not “{security}”.")
    usual = TimeLimits()
    chosen = SmtpSettings(
        host=setting(settings, "host", ""),
        port=setting(settings, "port", 587),
        security=Security(security),
        username=setting(settings, "username", ""),
        password=setting(settings, "password", ""),
        hello=setting(settings, "hello", ""),
        ca_file=setting(settings, "ca_file", ""),
        limits=TimeLimits(
            setting(settings, "connect_timeout", usual.connect),
            setting(settings, "step_timeout", usual.step),
            setting(settings, "data_timeout", usual.data),
            setting(settings, "message_timeout", usual.message),
        ),
    )
    if not chosen.host:
        raise SettingsError("An SMTP server needs the setting “host”.")
    if not 0 < chosen.port < 65_536:
        raise SettingsError(f"The setting “port” has to be from 1 to 65535, not {chosen.port}.")
    if chosen.username and chosen.security is Security.NONE and not is_loopback(chosen.host):
        raise SettingsError("A password is not sent in the clear: set “security” to starttls or tls.")
    return Smtp(chosen)


class Smtp:
    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._wire: Wire | None = None
        self._offers: dict[str, str] = {}
        self._tls = None if settings.security is Security.NONE else tls_context(settings.ca_file)

    def send(self, batch: Sequence[Outgoing]) -> Iterator[Outcome]:
        breaks = 0
        for place, message in enumerate(batch):
            try:
                outcome = self._send(message)
                breaks = 0
            except _AccountRefusal as refusal:
                self._drop()
                for left in batch[place:]:
                    yield AccountRefused(left.delivery_id, refusal.reply.code, refusal.reply.text)
                return
            except _Failed as failed:
                self._drop()
                breaks += 1
                yield failed.outcome
                if failed.ends_batch or breaks >= MAX_BREAKS:
                    for left in batch[place + 1 :]:
                        yield NotSent(left.delivery_id, f"{NOT_TRIED}: {failed.reason}")
                    return
            else:
                yield outcome

    @property
    def is_between(self) -> bool:
        return True

    def look_up(self, attempt_id: str, delivery_id: int) -> Outcome | None:
        return None

    def close(self) -> None:
        if self._wire:
            self._wire.ends_at = time.monotonic() + self._settings.limits.step
            with suppress(Broken):  # closed is what it shall be
                self._wire.command(b"QUIT")
        self._drop()

    def _send(self, message: Outgoing) -> Outcome:
        if not _ADDRESS.fullmatch(message.recipient) or not _ADDRESS.fullmatch(message.sender):
            return Refused(message.delivery_id, 501, BAD_ENVELOPE, hard=False)
        started, limits = time.monotonic(), self._settings.limits
        begun = self._begun(message, started + limits.before_dot)
        if isinstance(begun, Refused):
            return begun
        wire, reply = begun
        try:
            step = "MAIL"
            if reply.is_good:
                step, reply = "RCPT", wire.command(b"RCPT TO:<" + _on_envelope(message.recipient) + b">")
            if step == "RCPT" and reply.is_good:
                step, reply = "DATA", wire.command(b"DATA")
            if step != "DATA" or reply.code != 354:
                return self._declined(message, step, reply)
            wire.write(on_the_wire(message.raw))
            early = wire.early_reply()
        except Broken as broken:
            raise _Failed(NotSent(message.delivery_id, str(broken)), broken) from broken
        if early:  # it did not wait for the end, so the message is not complete and never will be
            self._drop()
            return _negative(message, "DATA", early)
        wire.ends_at = started + limits.message
        try:
            wire.write(b".\r\n")  # from here until the reply nobody can know
            reply = wire.final_reply()
        except Broken as broken:
            raise _Failed(Unknown(message.delivery_id, str(broken)), broken) from broken
        if reply.code == 250:
            return Accepted(message.delivery_id, reply.text[:200])
        if reply.code < 400:
            odd = Broken(f"Unexpected {reply.code} {reply.text}"[:200])
            raise _Failed(Unknown(message.delivery_id, str(odd)), odd)
        return _negative(message, "end", reply)

    def _begun(self, message: Outgoing, ends_at: float) -> tuple[Wire, Reply] | Refused:
        """A connection on which MAIL has been said. A kept connection that turns out to be closed is opened
        anew: nothing of this message has been handed over on it."""
        while True:
            is_kept = self._wire is not None
            try:
                wire = self._wire or self._connected(ends_at)
            except Broken as broken:
                raise _Failed(NotSent(message.delivery_id, str(broken)), broken, ends_batch=True) from broken
            self._wire, wire.ends_at = wire, ends_at
            mail = self._mail(message)
            if isinstance(mail, Refused):
                return mail
            try:
                reply = wire.command(mail)
            except Broken as broken:
                if not is_kept:
                    raise _Failed(NotSent(message.delivery_id, str(broken)), broken) from broken
            else:
                if reply.code != 421 or not is_kept:
                    return wire, reply
            self._drop()

    def _mail(self, message: Outgoing) -> bytes | Refused:
        line = b"MAIL FROM:<" + _on_envelope(message.sender) + b">"
        headers = message.raw.partition(b"\r\n\r\n")[0]
        addresses = _on_envelope(message.sender) + _on_envelope(message.recipient)
        if not addresses.isascii() or not headers.isascii():
            if "SMTPUTF8" not in self._offers:
                return Refused(message.delivery_id, 553, ASCII_ADDRESSES_ONLY, hard=False)
            return line + b" BODY=8BITMIME SMTPUTF8"
        if not message.raw.isascii():
            if "8BITMIME" not in self._offers:
                return Refused(message.delivery_id, 554, ASCII_MESSAGES_ONLY, hard=False)
            return line + b" BODY=8BITMIME"
        return line

    def _declined(self, message: Outgoing, step: str, reply: Reply) -> Outcome:
        """A no before the message was begun to be written; the connection is made ready for the next one."""
        if reply.code < 400 or self._wire is None:
            self._drop()
        elif reply.code != 421:
            try:
                if not self._wire.command(b"RSET").is_good:
                    self._drop()
            except Broken:
                self._drop()
        return _negative(message, step, reply)

    def _connected(self, ends_at: float) -> Wire:
        settings = self._settings
        wire = Wire(
            settings.host,
            settings.port,
            settings.limits,
            self._tls if settings.security is Security.TLS else None,
            ends_at,
        )
        try:
            _expect(wire.greeting())
            self._greet(wire)
            if settings.security is Security.STARTTLS and self._tls:
                if "STARTTLS" not in self._offers:
                    raise Broken("The server does not offer STARTTLS")
                _expect(wire.command(b"STARTTLS"))
                wire.start_tls(self._tls)
                self._greet(wire)
            if settings.username:
                self._log_in(wire)
        except (Broken, _AccountRefusal):
            wire.close()
            raise
        return wire

    def _greet(self, wire: Wire) -> None:
        name = (self._settings.hello or socket.gethostname()).encode("ascii", "ignore") or b"localhost"
        name = re.sub(rb"[^A-Za-z0-9.:\[\]-]", b"", name)
        self._offers = {}
        wire_lines = wire.hello(b"EHLO " + name)
        if wire_lines is None:
            _expect(wire.command(b"HELO " + name))
            return
        for line in wire_lines:
            keyword, _, parameters = line.partition(" ")
            self._offers[keyword.upper()] = parameters.upper()

    def _log_in(self, wire: Wire) -> None:
        username, password = self._settings.username, self._settings.password
        ways = self._offers.get("AUTH", "").split()
        if "PLAIN" in ways:
            reply = wire.command(b"AUTH PLAIN " + plain_credentials(username, password))
        elif "LOGIN" in ways:
            reply = wire.command(b"AUTH LOGIN")
            for word in (username, password):
                if reply.code == 334:
                    reply = wire.command(b64encode(word.encode()))
        else:
            raise Broken("The server offers no way to log in that is known here (PLAIN, LOGIN)")
        _expect(reply)

    def _drop(self) -> None:
        if self._wire:
            self._wire.close()
        self._wire = None


class _AccountRefusal(Exception):
    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


class _Failed(Exception):
    """The connection broke; `outcome` is what that means for the message."""

    def __init__(self, outcome: NotSent | Unknown, broken: Broken, *, ends_batch: bool = False) -> None:
        super().__init__(str(broken))
        self.outcome = outcome
        self.reason = str(broken)
        self.ends_batch = ends_batch or broken.timed_out


def _negative(message: Outgoing, step: str, reply: Reply) -> Outcome:
    reason = f"{reply.code} {reply.text}"[:500]
    if reply.code in _ACCOUNT_CODES:
        raise _AccountRefusal(reply)
    if reply.code == 421:
        raise _Failed(NotSent(message.delivery_id, reason), Broken(reason))
    if reply.code < 500:
        return NotSent(message.delivery_id, reason)
    enhanced = _ENHANCED.search(reply.text)
    about_address = enhanced[2] == "1" if enhanced else step == "RCPT" and reply.code in (550, 551, 553)
    return Refused(message.delivery_id, reply.code, reason, hard=about_address and step != "MAIL")


def _expect(reply: Reply) -> None:
    if reply.code >= 500:
        raise _AccountRefusal(reply)
    if not 200 <= reply.code < 300:
        raise Broken(f"{reply.code} {reply.text}")


def _on_envelope(address: str) -> bytes:
    """Local part as typed (UTF-8 if it is not ASCII), domain in IDNA."""
    local, _, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except idna.IDNAError:
            return address.encode()
    return f"{local}@{domain}".encode()

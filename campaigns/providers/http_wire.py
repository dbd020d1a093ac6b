"""A kept connection to one HTTP server, for POSTs whose fate has to be known.

A request whose body is not complete was accepted by nobody: everything up to the last byte of the body can fail
without doubt. `post` therefore writes that byte by itself, once it is clear that the server still listens.
"""

import io
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

MAX_ANSWER = 1024 * 1024  # bytes; an API's answer to a mail has a few hundred
MAX_IDLE = 30.0  # seconds after which a kept connection is not trusted any more


@dataclass(frozen=True, slots=True)
class Answer:
    """Header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Broken(Exception):
    """The conversation ended without an answer. `is_complete`: the request may have been taken."""

    def __init__(self, reason: str, is_complete: bool) -> None:
        super().__init__(reason)
        self.is_complete = is_complete


class HttpWire:
    """Opened when first needed, opened anew when the server has let go; not used by two threads at once."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, connect_timeout: float) -> None:
        self._host, self._port, self._tls, self._connect_timeout = host, port, tls, connect_timeout
        self._socket: socket.socket | None = None
        self._used_at = 0.0

    def post(self, path: str, headers: Mapping[str, str], body: bytes, timeout: float) -> Answer:
        """The server's answer, whatever it says. `timeout`: seconds from the first byte of the request to the
        last of the answer, however slowly they come. Raises Broken."""
        port = "" if self._port == (443 if self._tls else 80) else f":{self._port}"
        lines = [f"POST {path} HTTP/1.1", f"Host: {self._host}{port}", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        begin = "\r\n".join([*lines, "", ""]).encode("latin-1") + body[:-1]
        is_kept = self._is_fresh()
        try:
            return self._post(begin, body[-1:], timeout)
        except Broken as broken:
            self.close()
            if broken.is_complete or not is_kept:
                raise
        # A kept connection that turns out to be closed: nothing was taken on it.
        try:
            return self._post(begin, body[-1:], timeout)
        except Broken:
            self.close()
            raise

    def close(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
        self._socket = None

    def _post(self, begin: bytes, last: bytes, timeout: float) -> Answer:
        connection = self._socket or self._connected()
        ends_at = time.monotonic() + timeout
        try:
            _write(connection, begin, ends_at)
            early = _early(connection)
        except (OSError, ValueError) as failure:
            raise Broken(_sentence(failure, "The request could not be written"), False) from failure
        if early == b"":
            raise Broken("The server let go", False)
        if early:
            return self._answer(connection, ends_at, early, is_complete=False)
        try:
            _write(connection, last, ends_at)  # from here until the answer nobody can know
        except (OSError, ValueError) as failure:
            raise Broken(_sentence(failure, "The request could not be written"), True) from failure
        return self._answer(connection, ends_at, b"", is_complete=True)

    def _answer(
        self, connection: socket.socket, ends_at: float, begun: bytes, *, is_complete: bool
    ) -> Answer:
        """Without a complete request only a refusal is believed, and not that it was slow in coming."""
        response = HTTPResponse(cast(socket.socket, _Deadline(connection, ends_at, begun)), method="POST")
        try:
            response.begin()
            content = response.read(MAX_ANSWER + 1)
        except (OSError, HTTPException, ValueError) as failure:
            raise Broken(_sentence(failure, "The answer did not come"), is_complete) from failure
        if len(content) > MAX_ANSWER:
            raise Broken("The answer is too long", is_complete)
        if not is_complete and (response.status < 400 or response.status == 408):
            raise Broken(f"The answer {response.status} came before the request was complete", False)
        if response.will_close or not is_complete or not response.isclosed():
            self.close()
        self._used_at = time.monotonic()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, content)

    def _is_fresh(self) -> bool:
        if self._socket is not None and time.monotonic() - self._used_at > MAX_IDLE:
            self.close()
        return self._socket is not None

    def _connected(self) -> socket.socket:
        where = f"No connection to {self._host}:{self._port}"
        try:
            made = socket.create_connection((self._host, self._port), timeout=self._connect_timeout)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket = self._tls.wrap_socket(made, server_hostname=self._host) if self._tls else made
        except (OSError, ValueError) as failure:  # UnicodeError is a ValueError: a host that is none
            raise Broken(_sentence(failure, where), False) from failure
        return self._socket


class _Deadline(io.RawIOBase):
    """What HTTPResponse reads from: first what was read already, then the connection; all ends at one moment."""

    def __init__(self, connection: socket.socket, ends_at: float, begun: bytes) -> None:
        self._connection, self._ends_at, self._begun = connection, ends_at, begun

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._begun:
            buffer[: len(self._begun)] = self._begun
            size, self._begun = len(self._begun), b""
            return size
        self._connection.settimeout(_left(self._ends_at))
        return self._connection.recv_into(buffer)


def _write(connection: socket.socket, data: bytes, ends_at: float) -> None:
    connection.settimeout(_left(ends_at))
    connection.sendall(data)  # one limit for the whole of it


def _early(connection: socket.socket) -> bytes | None:
    """What the server said before it has the whole request: None for nothing, b"" if it let go."""
    connection.settimeout(0)
    try:
        return connection.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return None


def _left(ends_at: float) -> float:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _sentence(failure: Exception, what: str) -> str:
    if isinstance(failure, TimeoutError):
        return f"{what}: it took too long"
    return f"{what}: {getattr(failure, 'strerror', None) or failure or type(failure).__name__}"[:200]

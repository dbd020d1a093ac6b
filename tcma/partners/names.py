"""What the DNS says about a name. Call it outside any transaction: each question may take seconds."""

from collections.abc import Sequence
from typing import Any, Protocol

import dns.exception
import dns.resolver

LONGEST_WAIT = 3.0  # seconds for one name, all servers together


class Unreachable(Exception):
    """Nobody could be asked, or nobody answered in time: nothing is known."""


class Resolver(Protocol):
    def texts(self, name: str) -> Sequence[str]:
        """The TXT records of a name, none where there are none. Raises Unreachable."""
        ...

    def alias(self, name: str) -> str:
        """Where a CNAME of this name leads, in lower case and without the last dot; "" without one. Raises
        Unreachable."""
        ...


class SystemResolver:
    """Asks the servers this machine is set up with, or the one at `server` ("127.0.0.1:5353")."""

    def __init__(self, server: str = "") -> None:
        self._resolver: dns.resolver.Resolver | None = None
        if server:
            host, _, port = server.rpartition(":")
            self._resolver = dns.resolver.Resolver(configure=False)
            self._resolver.nameservers = [host]
            self._resolver.port = int(port)

    def texts(self, name: str) -> Sequence[str]:
        return [b"".join(row.strings).decode("ascii", "replace") for row in self._ask(name, "TXT")]

    def alias(self, name: str) -> str:
        return next((row.target.to_text().rstrip(".").lower() for row in self._ask(name, "CNAME")), "")

    def _ask(self, name: str, kind: str) -> Sequence[Any]:
        try:
            asked = self._resolver or dns.resolver.get_default_resolver()
            return list(asked.resolve(name, kind, lifetime=LONGEST_WAIT, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError) as error:
            raise Unreachable(type(error).__name__) from error

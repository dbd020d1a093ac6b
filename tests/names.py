"""A DNS server on the loopback: answers TXT and CNAME from a table that a test changes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

Table = dict[tuple[str, str], list[str]]  # (name, "TXT" or "CNAME"): what stands there


@dataclass
class Zone:
    """`address` is what the setting `dns` takes. `is_broken`: every answer is a failure of the server."""

    address: str
    table: Table = field(default_factory=dict)
    is_broken: bool = False

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        question = query.question[0]
        kind = dns.rdatatype.to_text(question.rdtype)
        texts = self.table.get((question.name.to_text(omit_final_dot=True), kind), [])
        if self.is_broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
        elif texts:
            quoted = [f'"{text}"' if kind == "TXT" else f"{text}." for text in texts]
            reply.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, *quoted))
        else:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        return reply.to_wire()


@contextmanager
def served() -> Iterator[Zone]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        zone = Zone(f"127.0.0.1:{server.getsockname()[1]}")

        def serve() -> None:
            while True:
                wire, peer = server.recvfrom(4096)
                if not wire:
                    return
                server.sendto(zone.answer(wire), peer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield zone
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", server.getsockname())
            thread.join(2)

"""Zip files written by hand, so that they can lie in every field."""

import struct
import zlib
from dataclasses import dataclass, replace

REGULAR, LINK, PIPE, FOLDER = 0o100644, 0o120777, 0o010644, 0o040755


@dataclass(frozen=True)
class Part:
    """One file as header, packed bytes and entry of the list. What is None is what is true; `at` is where the
    entry says the header stands."""

    name: bytes
    content: bytes = b"x"
    mode: int = REGULAR
    flags: int = 0
    method: int = 8
    packed: bytes | None = None
    local_name: bytes | None = None
    listed_size: int | None = None
    listed_packed: int | None = None
    local_size: int | None = None
    local_packed: int | None = None
    local_flags: int | None = None
    local_method: int | None = None
    crc: int | None = None
    extra: bytes = b""
    local_extra: bytes = b""
    behind: bytes = b""
    at: int | None = None
    unlisted: bool = False

    def bytes_packed(self) -> bytes:
        if self.packed is not None:
            return self.packed
        if self.method != 8:
            return self.content
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.content) + packer.flush()


def _or(said: int | None, true: int) -> int:
    return true if said is None else said


def a_zip(
    *parts: Part,
    before: bytes = b"",
    between: bytes = b"",
    after: bytes = b"",
    comment: bytes = b"",
    count: int | None = None,
    disk: int = 0,
    list_size: int | None = None,
    list_start: int | None = None,
    zip64: bool = False,
) -> bytes:
    """The parts one after the other, the list of them, the end mark."""
    body, entries = before, b""
    for part in parts:
        packed = part.bytes_packed()
        crc = _or(part.crc, zlib.crc32(part.content))
        offset = _or(part.at, len(body))
        local_name = part.name if part.local_name is None else part.local_name
        body += struct.pack(
            "<4s5H3L2H", b"PK\x03\x04", 20, _or(part.local_flags, part.flags),
            _or(part.local_method, part.method), 0, 33, crc, _or(part.local_packed, len(packed)),
            _or(part.local_size, len(part.content)), len(local_name), len(part.local_extra),
        )  # fmt: skip
        body += local_name + part.local_extra + packed + part.behind
        if not part.unlisted:
            entries += struct.pack(
                "<4s6H3L5H2L", b"PK\x01\x02", 0x0314, 20, part.flags, part.method, 0, 33, crc,
                _or(part.listed_packed, len(packed)), _or(part.listed_size, len(part.content)),
                len(part.name), len(part.extra), 0, 0, 0, part.mode << 16, offset,
            )  # fmt: skip
            entries += part.name + part.extra
    body += between
    start = len(body)
    locator = b"PK\x06\x07" + bytes(16) if zip64 else b""
    number = _or(count, sum(not part.unlisted for part in parts))
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", disk, disk, number, number, _or(list_size, len(entries)),
        _or(list_start, start), len(comment),
    )  # fmt: skip
    return body + entries + locator + end + comment + after


def with_name(name: str) -> bytes:
    return a_zip(Part(b"kit.yml"), Part(name.encode()))


def but(**changes: object) -> bytes:
    """A zip file with one part that differs."""
    return a_zip(Part(b"kit.yml"), replace(Part(b"assets/a.png", b"picture" * 9), **changes))  # type: ignore[arg-type]

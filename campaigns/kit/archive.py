"""A kit as one zip file: written so that the same kit is always the same bytes, read as if it came from an enemy.

A reader of zip files has to decide between two descriptions of each file (the list at the end and the header in
front of it) and between two ways of finding that list. Whoever builds a file on purpose makes them disagree, so
that what is checked is not what is unpacked. Here they have to agree in everything, nothing may lie outside of
them, and no byte is unpacked before names and sizes were judged.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaigns.errors import ContentError, Problem
from campaigns.kit.files import MOST_FILES, MOST_TOTAL_BYTES, name_refusal, read_folder

MOST_LISTED = 2 * MOST_FILES  # with folders and what a computer adds on its own
MOST_LIST_BYTES = 1024 * 1024

_END_MARK = struct.Struct("<4s4H2LH")
_HEADER = struct.Struct("<4s5H3L2H")
_MADE = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can say: contents decide, not clocks
_PLAIN, _ENCRYPTED, _SIZES_FOLLOW = 0o100644, 0x0001 | 0x0040 | 0x2000, 0x0008
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_NO_GAP, _SIZES_BEHIND = frozenset({0}), frozenset({12, 16})  # bytes between a file and the next
_TOO_MUCH = "A kit may have at most 500 files and 50 MB."
_SOMETHING_ELSE = "This zip file has something before, between or after its files. Make it again."
_OTHER_NAME, _LARGE = 0x7075, 0x0001  # extra fields that would say another name, other sizes


def read_source(path: Path) -> dict[str, bytes]:
    """The files of a kit in a folder or in a zip file, by relative path. Raises ContentError."""
    if path.is_dir():
        return read_folder(path)
    if path.stat().st_size > MOST_TOTAL_BYTES:
        raise _refused("", _TOO_MUCH)
    return read_archive(path.read_bytes())


def write_archive(files: Mapping[str, bytes]) -> bytes:
    """A zip file of a kit, in the order of the names: equal for equal files, whenever and wherever it is made."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _MADE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system, info.external_attr = 3, _PLAIN << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()


def read_archive(content: bytes) -> dict[str, bytes]:
    """The files in a zip file, by path. One folder around everything is taken off; folders, and files whose names
    start with a dot, are left out. Raises ContentError for everything that is not a plain zip of plain files
    within the limits of a kit."""
    if len(content) > MOST_TOTAL_BYTES:
        raise _refused("", _TOO_MUCH)
    end = _end_of(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [_judged(info) for info in archive.infolist()]
            _check_names(infos)
            _check_places(infos, content, end)
            wanted = [info for info in infos if not info.is_dir() and not _left_out(info.filename)]
            if sum(info.file_size for info in wanted) > MOST_TOTAL_BYTES or len(wanted) > MOST_FILES:
                raise _refused("", _TOO_MUCH)
            outer = _outer_folder([info.filename for info in wanted])
            names = {info.filename: info.filename.removeprefix(outer) for info in wanted}
            problems = [
                Problem(_shown(name), None, sentence)
                for name in names.values()
                if (sentence := name_refusal(name))
            ]
            if problems:
                raise ContentError(problems)
            return {names[info.filename]: _unpacked(archive, info) for info in wanted}
    except ContentError:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError):
        raise _refused("", "This zip file is damaged. Make it again from the folder.") from None


@dataclass(frozen=True, slots=True)
class _End:
    """What the end mark says: where the list of files starts, and how many it names."""

    list_start: int
    count: int


def _end_of(content: bytes) -> _End:
    """The end mark, which follows the list at once and reaches to the end of the file."""
    at = content.rfind(b"PK\x05\x06", -(_END_MARK.size + 0xFFFF))
    if at < 0 or len(content) < at + _END_MARK.size:
        raise _refused("", "This is not a zip file. Export the kit as a folder or as a zip file.")
    _mark, disk, first_disk, here, count, size, start, comment = _END_MARK.unpack_from(content, at)
    if at + _END_MARK.size + comment != len(content) or start + size != at:
        raise _refused("", _SOMETHING_ELSE)
    if disk or first_disk or here != count:
        raise _refused("", "This zip file comes in parts. Make one that is whole.")
    if count > MOST_LISTED or size > MOST_LIST_BYTES:
        raise _refused("", _TOO_MUCH)
    return _End(start, count)


def _judged(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The same entry, if it is a plain file or folder with a plain name."""
    name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
    shown = _shown(name)
    parts = name.removesuffix("/").split("/")
    if name != info.filename or "\\" in name or any(part in ("", ".", "..") for part in parts):
        raise _refused(shown, "This path leads out of the kit. Use plain names such as assets/hero.png.")
    if info.flag_bits & _ENCRYPTED:
        raise _refused(shown, "This file is encrypted. Make the zip file without a password.")
    if info.compress_type not in _METHODS:
        raise _refused(shown, "This file is packed in an unusual way. Make the zip file with 'deflate'.")
    if kind not in (0, stat.S_IFDIR if info.is_dir() else stat.S_IFREG):
        raise _refused(shown, "This is a link or a device, not a file. Put the file itself here.")
    if info.is_dir() and info.file_size:
        raise _refused(shown, "This folder has a content of its own. Make the zip file again.")
    if {_OTHER_NAME, _LARGE}.intersection(_extra_kinds(info.extra)):
        raise _refused(shown, "This file says its name or size twice. Make the zip file again.")
    return info


def _extra_kinds(extra: bytes) -> set[int]:
    kinds = set()
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        kinds.add(kind)
        extra = extra[4 + length :]
    return kinds


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    """No name stands twice, in capitals or small letters, or is a file and a folder at once."""
    folders = {
        "/".join(parts[:length]).lower()
        for parts in (info.filename.split("/") for info in infos)
        for length in range(1, len(parts))
    }
    seen: dict[str, str] = {}
    for info in infos:
        name = info.filename.removesuffix("/")
        if name.lower() in seen:
            raise _refused(_shown(name), f"This name stands twice, as {seen[name.lower()]} too. Keep one.")
        if not info.is_dir() and name.lower() in folders:
            raise _refused(_shown(name), "This is a file and a folder at once. Keep one.")
        seen[name.lower()] = _shown(name)


def _check_places(infos: list[zipfile.ZipInfo], content: bytes, end: _End) -> None:
    """Headers agree with the list; files follow each other without overlapping and with nothing between."""
    if len(infos) != end.count:
        raise _refused("", "This zip file says that it has more or fewer files than it has. Make it again.")
    at, gaps = 0, _NO_GAP
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < at:
            raise _refused(_shown(info.filename), "This file overlaps another in the zip file.")
        if info.header_offset - at not in gaps:
            raise _refused("", _SOMETHING_ELSE)
        at = info.header_offset + _length(info, content)
        gaps = _SIZES_BEHIND if info.flag_bits & _SIZES_FOLLOW else _NO_GAP
        if at > end.list_start:
            raise _refused(_shown(info.filename), "This file reaches beyond its place in the zip file.")
    if end.list_start - at not in gaps:
        raise _refused("", _SOMETHING_ELSE)


def _length(info: zipfile.ZipInfo, content: bytes) -> int:
    """Bytes of header and packed content. Raises ContentError where the header says something else."""
    if info.header_offset + _HEADER.size > len(content):
        raise _refused(_shown(info.filename), "This file reaches beyond its place in the zip file.")
    mark, _version, flags, method, _time, _day, crc, packed, size, name_length, extra_length = (
        _HEADER.unpack_from(content, info.header_offset)
    )
    start = info.header_offset + _HEADER.size
    name = content[start : start + name_length]
    kinds = _extra_kinds(content[start + name_length : start + name_length + extra_length])
    said = (crc, packed, size)
    listed = (info.CRC, info.compress_size, info.file_size)
    later = bool(flags & _SIZES_FOLLOW) and said in ((0, 0, 0), listed)
    if (
        mark != b"PK\x03\x04"
        or name != info.orig_filename.encode("utf-8" if flags & 0x800 else "cp437", "replace")
        or method != info.compress_type
        or flags != info.flag_bits
        or not (said == listed or later)
        or {_OTHER_NAME, _LARGE}.intersection(kinds)
    ):
        raise _refused(_shown(info.filename), "This file is described twice, and differently. Make it again.")
    return _HEADER.size + int(name_length) + int(extra_length) + info.compress_size


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as packed:
        content = packed.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise _refused(
            _shown(info.filename), "This file is not as large as it says. Make the zip file again."
        )
    return content


def _left_out(name: str) -> bool:
    return name.startswith("__MACOSX/") or any(part.startswith(".") for part in name.split("/"))


def _outer_folder(names: list[str]) -> str:
    """ "my-kit/" where everything stands in one folder of that name and kit.yml directly in it."""
    tops = {name.partition("/")[0] for name in names}
    if len(tops) != 1:
        return ""
    outer = f"{tops.pop()}/"
    return outer if f"{outer}kit.yml" in names else ""


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:120]


def _refused(path: str, sentence: str) -> ContentError:
    return ContentError(Problem(path, None, sentence))

"""Files under `<class>/<organisation>/<sha256>`: a folder today's default, S3 where configured."""

import hashlib
import re
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol, cast
from urllib.parse import parse_qsl, urlsplit

from tcma.storage.folder import FolderStorage

PUBLIC = "pictures"
NOBODY = 0  # public pictures belong to no organisation: equal bytes are kept once
_CLASS = re.compile(r"[a-z]+(-[a-z]+)*\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


class Storage(Protocol):
    """Keeps bytes under names; putting the same name twice keeps one. Large files go through `put_file` and
    `open`, which hold no more than a piece of them in memory.

    A name that is not there raises NotFound; a storage that does not answer raises Unavailable.
    """

    def put(self, name: str, content: bytes) -> None: ...
    def put_file(self, name: str, file: BinaryIO) -> None: ...
    def get(self, name: str) -> bytes: ...
    def open(self, name: str) -> BinaryIO: ...
    def exists(self, name: str) -> bool: ...
    def remove(self, name: str) -> None: ...
    def address(self, name: str, *, seconds: int, media_type: str, file_name: str) -> str | None:
        """Where anybody may download the file for `seconds`, as `file_name`; None: the product serves it itself.
        Whoever is given the address was allowed to read the file."""


def name_of(kind: str, organisation_id: int, sha256: str) -> str:
    """The stored name; all parts are ours, never a file name from outside."""
    if not _CLASS.match(kind) or not _SHA256.match(sha256):
        raise ValueError(f"Not a storage name: {kind!r}, {sha256!r}")
    return f"{kind}/{organisation_id}/{sha256}"


def keep(storage: Storage, kind: str, organisation_id: int, content: bytes) -> str:
    """Store `content` under its own hash and return the hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    storage.put(name_of(kind, organisation_id, sha256), content)
    return sha256


def fetch(storage: Storage, kind: str, organisation_id: int, sha256: str) -> bytes:
    return storage.get(name_of(kind, organisation_id, sha256))


def keep_public(storage: Storage, content: bytes) -> str:
    """Store a picture that prospects see in mails and on pages; served to anybody who knows its hash."""
    return keep(storage, PUBLIC, NOBODY, content)


def fetch_public(storage: Storage, sha256: str) -> bytes:
    return fetch(storage, PUBLIC, NOBODY, sha256)


@lru_cache(maxsize=16)
def open_storage(address: str) -> Storage:
    """`folder:/path`, or `s3://bucket/prefix` with `?endpoint=https://…&region=…` where it is not Amazon's or not
    the region of the environment. One per address in a process: the clients of buckets are slow to make."""
    if address.startswith("folder:"):
        return FolderStorage(Path(address.removeprefix("folder:")))
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError(f"TCMA_STORAGE is '{address}'. Write folder:/path or s3://bucket/prefix.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = sorted(options.keys() - {"endpoint", "region"})
    if unknown:
        raise ValueError(
            f"TCMA_STORAGE has '{unknown[0]}', which s3:// does not know. It takes endpoint and region."
        )
    bucket = import_module("tcma.storage.bucket")  # a tenth of every start, which a folder does without
    made = bucket.BucketStorage(
        parts.netloc, parts.path, endpoint=options.get("endpoint"), region=options.get("region")
    )
    return cast("Storage", made)

"""A version's content: its files from storage, read into a kit once per process."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import kit as kits
from campaigns.kit import Kit
from tcma import storage
from tcma.errors import NotFound, phrase
from tcma.kits.models import KitFile, KitVersion

FILES = "kits"  # storage class
CACHED_KITS = 8

_cache: OrderedDict[str, Kit] = OrderedDict()
_cache_lock = threading.Lock()


def load_kit(session: Session, files: storage.Storage, version_id: int) -> Kit:
    """The kit of a version the session may see; NotFound otherwise. Kits last read are kept by their hash."""
    version = session.get(KitVersion, version_id)
    if version is None:
        raise NotFound("There is no such version of a kit.")
    kept = _kept(version.source_hash)
    if kept is not None:
        return kept
    return keep(kits.read(load_files(session, files, version), was_taken_in=True))


def load_files(session: Session, files: storage.Storage, version: KitVersion) -> dict[str, bytes]:
    """The very files a version was imported from, by path. NotFound when storage lacks one or has another."""
    rows = session.scalars(select(KitFile).where(KitFile.kit_version_id == version.id)).all()
    content = {row.path: storage.fetch(files, FILES, row.vendor_id, row.sha256) for row in rows}
    if kits.source_hash(content) != version.source_hash:
        raise NotFound(
            phrase("The files of version %(number)s are not all in storage.", number=version.number)
        )
    return content


def keep(read: Kit) -> Kit:
    """Remember a kit; the one used longest ago makes room."""
    with _cache_lock:
        _cache[read.source_hash] = read
        _cache.move_to_end(read.source_hash)
        while len(_cache) > CACHED_KITS:
            _cache.popitem(last=False)
    return read


def store_files(
    files: storage.Storage, vendor_id: int, content: Mapping[str, bytes]
) -> dict[str, tuple[str, int]]:
    """Keep the bytes of a kit's files; hash and size by path."""
    stored = {}
    for path, data in content.items():
        digest = sha256(data).hexdigest()
        if not files.exists(storage.name_of(FILES, vendor_id, digest)):
            storage.keep(files, FILES, vendor_id, data)
        stored[path] = (digest, len(data))
    return stored


def _kept(source_hash: str) -> Kit | None:
    with _cache_lock:
        found = _cache.get(source_hash)
        if found is not None:
            _cache.move_to_end(source_hash)
        return found

"""Our own files: styles and scripts of the app as one file each, fingerprints, compressed once."""

import gzip
import hashlib
import re
import time
from functools import lru_cache
from pathlib import Path

from tcma.config import ROOT

ASSETS = ROOT / "assets"
BUNDLES = {"css/app.css": ("css/app", ".css"), "js/app.js": ("js", ".js")}
LAYERS = ("tokens", "reset", "base", "layout", "components", "pages", "utilities")
_REFERENCE = re.compile(rb"url\(asset:([\w./-]+)\)")
_TEXT = {".css", ".js", ".svg", ".json", ".webmanifest"}


def exists(path: str) -> bool:
    return path in BUNDLES or (ASSETS / path).is_file()


def content(path: str) -> bytes:
    """A file under assets/ or a bundle; a path that leaves the folder is refused before (send_from_directory)."""
    return _content(path, _changed_at(path))


def compressed(path: str) -> bytes | None:
    """The same gzipped; None where it would not help."""
    return _compressed(path, _changed_at(path)) if Path(path).suffix in _TEXT else None


def fingerprint(path: str) -> str:
    """Twelve characters that change with the content."""
    return _fingerprint(path, _changed_at(path))


def parts(path: str) -> list[Path]:
    """The files a bundle is made of, styles in the order of their layers."""
    folder, suffix = BUNDLES[path]
    found = sorted((ASSETS / folder).glob(f"*{suffix}"))
    order = {name: place for place, name in enumerate(LAYERS)}
    return sorted(found, key=lambda file: (order.get(file.stem.partition("-")[0], len(order)), file.name))


def _changed_at(path: str) -> int:
    """When the newest part was written: a change is seen without a restart, a second later."""
    return _looked_at(path, int(time.monotonic()))


@lru_cache(maxsize=256)
def _looked_at(path: str, second: int) -> int:
    """A page names ten files; the disk is asked for the age of their parts once a second, not at each."""
    files = parts(path) if path in BUNDLES else [ASSETS / path]
    return max((file.stat().st_mtime_ns for file in files), default=0)


@lru_cache(maxsize=256)
def _content(path: str, changed_at: int) -> bytes:
    if path in BUNDLES:
        joined = b"\n".join(file.read_bytes() for file in parts(path))
        return _REFERENCE.sub(lambda found: _addressed(found[1]), joined)
    return (ASSETS / path).read_bytes()


def _addressed(path: bytes) -> bytes:
    """A file named in a style as `url(asset:vendor/…)`, with its fingerprint so that it is kept for a year."""
    name = path.decode()
    return f'url("/assets/{name}?v={fingerprint(name)}")'.encode()


@lru_cache(maxsize=256)
def _compressed(path: str, changed_at: int) -> bytes:
    return gzip.compress(_content(path, changed_at), 9, mtime=0)


@lru_cache(maxsize=256)
def _fingerprint(path: str, changed_at: int) -> str:
    return hashlib.sha256(_content(path, changed_at)).hexdigest()[:12]

"""The files of a kit: which may be there, how large, and whether they are what their names say."""

import io
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from PIL import Image

from campaigns.errors import ContentError, Problem
from campaigns.kit.fields import Report
from campaigns.kit.places import NAMED

MOST_FILES = 500
MOST_TOTAL_BYTES = 50 * 1024 * 1024
MOST_DEPTH = 4
MOST_PICTURE_BYTES = 1024 * 1024
MOST_PICTURE_PIXELS = 16_000_000
MOST_DOCUMENT_BYTES = 10 * 1024 * 1024
MOST_TEXT_BYTES = 256 * 1024
WORTH_CUTTING_BYTES = 90 * 1024

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA|SubmitForm|ImportData)\b")


def read_folder(path: Path) -> dict[str, bytes]:
    """The files under a folder, by relative path with "/"; files whose names start with a dot are left out.
    Raises ContentError for more than 50 MB or 500 files, unknown types, links, or names that are not
    plain."""
    if not path.is_dir():
        raise ContentError(Problem(str(path), None, "There is no folder of this name."))
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    total = 0
    for found in _walk(path):
        name = found.relative_to(path).as_posix()
        if found.is_symlink() or not found.is_file():
            problems.append(
                Problem(name, None, "This is a link or a device, not a file. Put the file itself here.")
            )
            continue
        total += found.stat().st_size
        if len(files) >= MOST_FILES or total > MOST_TOTAL_BYTES:
            raise ContentError(Problem("", None, "A kit may have at most 500 files and 50 MB."))
        sentence = name_refusal(name)
        if sentence:
            problems.append(Problem(name, None, sentence))
        else:
            files[name] = found.read_bytes()
    if problems:
        raise ContentError(problems)
    return files


def name_refusal(name: str) -> str | None:
    """Why a file of this name may not be in a kit, as a sentence; None if it may."""
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or "\\" in name:
        return "This path leads out of the kit. Use plain names such as assets/hero.png."
    if len(parts) > MOST_DEPTH or not all(_NAME.fullmatch(part) for part in parts):
        return "File names may have letters, digits, '.', '-' and '_', at most 80 characters and 4 levels."
    if NAMED.fullmatch(name):
        return None
    return (
        "This file has no place in a kit. Kits hold kit.yml, emails/*.mjml, microsite/*.yml and *.md, "
        "assets/*.png, *.jpg and *.pdf, and the places of other kinds that docs/kit-format.md lists."
    )


def check_files(files: Mapping[str, bytes], report: Report) -> None:
    """Names, sizes and types of all files."""
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_TOTAL_BYTES:
        report.problem("", None, "A kit may have at most 500 files and 50 MB.")
    folded: dict[str, str] = {}
    for name in sorted(files):
        twin = folded.setdefault(name.lower(), name)
        if twin != name:
            report.problem(name, None, f"This name differs from {twin} only by capital letters. Rename one.")
        if sentence := name_refusal(name):
            report.problem(name[:120], None, sentence)
        elif sentence := _content_refusal(name, files[name]):
            report.problem(name, None, sentence)
        if name.endswith(".mjml") and WORTH_CUTTING_BYTES < len(files[name]) <= MOST_TEXT_BYTES:
            report.note(name, None, "This mail is long; some programs cut mails off at 100 KB.")


def source_hash(files: Mapping[str, bytes]) -> str:
    """sha256 (hex) over all names and contents, independent of their order."""
    digest = sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode())
        digest.update(files[name])
    return digest.hexdigest()


def _walk(folder: Path) -> Iterator[Path]:
    for found in sorted(folder.iterdir()):
        if found.name.startswith("."):
            continue
        if found.is_dir() and not found.is_symlink():
            yield from _walk(found)
        else:
            yield found


def _content_refusal(name: str, content: bytes) -> str | None:
    ending = name.rpartition(".")[2].lower()
    if not content:
        return "This file is empty."
    if ending in ("png", "jpg", "jpeg"):
        return _picture_refusal(ending, content)
    if ending == "pdf":
        return _document_refusal(content)
    return "This file is larger than 256 KB. Shorten it." if len(content) > MOST_TEXT_BYTES else None


def _picture_refusal(ending: str, content: bytes) -> str | None:
    if len(content) > MOST_PICTURE_BYTES:
        return "This picture is larger than 1 MB. Save it smaller."
    kind = "PNG" if ending == "png" else "JPEG"
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
            width, height = picture.size
            if width * height > MOST_PICTURE_PIXELS:
                return f"This picture has {width} × {height} pixels. At most 16 million are accepted."
            picture.load()
    except Exception:  # whatever a decoder raises means the same here
        return f"This is not a {kind} picture, or it is damaged. Save it as {kind} again."
    return None


def _document_refusal(content: bytes) -> str | None:
    if len(content) > MOST_DOCUMENT_BYTES:
        return "This document is larger than 10 MB. Save it smaller."
    if not content.startswith(b"%PDF-"):
        return "This is not a PDF, whatever its name says. Export it as PDF again."
    if _ACTIVE_PDF.search(content):
        return "This PDF contains scripts, forms or attachments. Export it as a plain PDF."
    return None

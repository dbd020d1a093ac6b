"""Papers that go with money: quotes, invoices, terms. What an uploaded file really is, and where it is kept."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from uuid import UUID

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tcma import storage
from tcma.columns import BigInt, Key, PublicId, UtcDateTime, new_public_id
from tcma.db import Base
from tcma.errors import Invalid, phrase
from tcma.tenancy import Tenancy

LARGEST = 10 * 1024 * 1024  # bytes
LONGEST_NAME = 120
FILES = "papers"  # storage class
MINUTE = 60  # seconds
KINDS = "PDF, PNG, JPEG, GIF or WebP"
_SIGNATURES = {
    b"%PDF-": ("application/pdf", ".pdf"),
    b"\x89PNG\r\n\x1a\n": ("image/png", ".png"),
    b"\xff\xd8\xff": ("image/jpeg", ".jpg"),
    b"GIF87a": ("image/gif", ".gif"),
    b"GIF89a": ("image/gif", ".gif"),
}


class RequestFile(Base):
    """A quote or plan that a partner sends along with its request, for the vendor to read."""

    __tablename__ = "funding_request_files"
    __tenancy__ = Tenancy.PARTNERSHIP
    __inserted_by__ = __updated_by__ = ("partner_id",)

    id: Mapped[Key]
    public_id: Mapped[UUID] = mapped_column(PublicId, unique=True, default=new_public_id)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    request_id: Mapped[int] = mapped_column(ForeignKey("funding_requests.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))  # as the person knows it, cleaned
    content_type: Mapped[str] = mapped_column(String(40))  # by content, never by name
    size: Mapped[int] = mapped_column(BigInt)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Paper:
    """An uploaded file that was looked at and kept: its name cleaned, its type told by its content."""

    name: str
    content_type: str
    size: int
    sha256: str


def keep(files: storage.Storage, organisation_id: int, name: str, content: bytes) -> Paper:
    """Look at a file and keep it; Invalid (field `file`) says what is wrong with it."""
    if not content:
        raise _refused("This file is empty.")
    if len(content) > LARGEST:
        raise _refused(
            phrase(
                "This file has %(megabytes)s MB. At most 10 MB fit.",
                megabytes=f"{len(content) / 1024**2:.1f}",
            )
        )
    content_type, ending = _kind(content)
    sha256 = storage.keep(files, FILES, organisation_id, content)
    return Paper(_named(name, ending), content_type, len(content), sha256)


def fetch(files: storage.Storage, organisation_id: int, sha256: str) -> bytes:
    return storage.fetch(files, FILES, organisation_id, sha256)


def address(
    files: storage.Storage, organisation_id: int, sha256: str, content_type: str, name: str
) -> str | None:
    """Where whoever may read the paper downloads it within a minute; None where we serve it."""
    stored = storage.name_of(FILES, organisation_id, sha256)
    return files.address(stored, seconds=MINUTE, media_type=content_type, file_name=name)


def _kind(content: bytes) -> tuple[str, str]:
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    raise _refused(
        phrase("This file is not a %(kinds)s. Save or photograph it as one of these.", kinds=KINDS)
    )


def _named(name: str, ending: str) -> str:
    """Its last part without control characters or ways out of a folder, with the ending its content has."""
    last = name.replace("\\", "/").rpartition("/")[2]
    clean = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '"<>|:*?;')
    stem = PurePath(" ".join(clean.split())).stem.strip(". ") or "file"
    return stem[: LONGEST_NAME - len(ending)] + ending


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, {"file": sentence})

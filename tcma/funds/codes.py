"""The code printed on a certificate, NW-7F4K-22QD, and how a stranger who reads it finds its certificate."""

import hashlib
import secrets
import unicodedata

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tcma.columns import Key
from tcma.db import Base
from tcma.tenancy import Tenancy

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else, nothing that spells
LONGEST_INITIALS = 3


class CertificateCode(Base):
    """Whose a code is: it sets the tenant of the page that checks a certificate. Only a hash of the code, so
    that reading this table yields none."""

    __tablename__ = "certificate_codes"
    __tenancy__ = Tenancy.GLOBAL
    __append_only__ = True

    id: Mapped[Key]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))


def new_code(vendor_name: str) -> str:
    """Initials and eight random signs (about 39 bits: a collision within one vendor is not to be met)."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{initials(vendor_name)}-{signs[:4]}-{signs[4:]}"


def typed(code: str) -> str:
    """A code as a person typed it: any case, blanks ignored."""
    return "".join(code.split()).upper()


def publish(session: Session, code: str, partner_id: int) -> None:
    """Let whoever holds the code find its certificate."""
    session.add(CertificateCode(code_hash=_hash(code), partner_id=partner_id))


def partner_of(session: Session, code: str) -> int | None:
    """The partner whose certificate has this code, from a session of any tenant or none."""
    return session.scalar(select(CertificateCode.partner_id).where(CertificateCode.code_hash == _hash(code)))


def initials(name: str) -> str:
    """Two or three letters A–Z for a firm's name: of its words, or the first two of a single one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = "".join(sign if sign.isalpha() else " " for sign in plain).split()
    if len(words) >= 2:
        return "".join(word[0] for word in words[:LONGEST_INITIALS])
    return words[0][:2] if words else "FC"


def _hash(code: str) -> bytes:
    return hashlib.blake2b(typed(code).encode(), digest_size=16, person=b"tcma.code").digest()

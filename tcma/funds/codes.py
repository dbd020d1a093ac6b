"""The code printed on a certificate: NW-7F4K-22QD."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that reads like something else, nothing that spells
LONGEST_INITIALS = 3


def new_code(vendor_name: str) -> str:
    """Initials and eight random signs (about 39 bits: a collision within one vendor is not to be met)."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{initials(vendor_name)}-{signs[:4]}-{signs[4:]}"


def initials(name: str) -> str:
    """Two or three letters A–Z for a firm's name: of its words, or the first two of a single one."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    words = "".join(sign if sign.isalpha() else " " for sign in plain).split()
    if len(words) >= 2:
        return "".join(word[0] for word in words[:LONGEST_INITIALS])
    return words[0][:2] if words else "FC"

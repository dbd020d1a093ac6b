"""The address a reply goes to: a signed token that survives mail servers which know no upper case."""

from base64 import b32decode, b32encode, urlsafe_b64decode, urlsafe_b64encode

_PREFIX = "r."
_LENGTH = 58  # of 36 bytes in base32
_PADDING = "=" * 6


def address_of(token: str, domain: str) -> str:
    """Where replies to the mail of this token (`links.Signer`) go. 60 characters before the @."""
    return f"{_PREFIX}{b32encode(urlsafe_b64decode(token)).decode().rstrip('=').lower()}@{domain}"


def token_in(address: str, domain: str) -> str:
    """The token of an address of ours, in whatever case it came; "" for any other. Genuine is what `Signer`
    verifies."""
    local, _, host = address.strip().strip("<>").rpartition("@")
    text = local.lower()
    if host.lower() != domain.lower() or not text.startswith(_PREFIX) or len(text) != len(_PREFIX) + _LENGTH:
        return ""
    try:
        return urlsafe_b64encode(b32decode(text.removeprefix(_PREFIX).upper() + _PADDING)).decode()
    except ValueError:
        return ""

"""Links of a mail: signed tokens that say who and which mail, and the rewriting of addresses to clicks.

One token per delivery and purpose, so that all links of a mail cost one signature. The layout can never
change once mail is out: a token must be readable for years.
"""

import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2s
from html import escape, unescape
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

TAG_BYTES = 14
BODY_BYTES = 22
TOKEN_LENGTH = 48
MAX_ID48 = 2**48 - 1
MAX_ID64 = 2**63 - 1
MIN_KEY_BYTES = 16
MAX_KEY_BYTES = 32

CLICK_HOLE = "{{ token.click }}"
OPEN_HOLE = "{{ token.open }}"
UNSUBSCRIBE_HOLE = "{{ token.unsubscribe }}"
CONFIRM_HOLE = "{{ token.confirm }}"
SEAT_HOLE = "{{ token.seat }}"

_SHAPE = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}", re.ASCII)
_HREF = re.compile(r'(<(?:a|v:roundrect|v:rect)\b[^>]*?\shref=")([^"]*)(")')


class Purpose(IntEnum):
    """What a token may be used for. The numbers are in mails that are out: add, never change."""

    CLICK = 1
    OPEN = 2
    UNSUBSCRIBE = 3
    VISIT = 4
    CONFIRM = 5
    PREVIEW = 6
    NOTICE = 7  # artefact: the kind of notice, delivery: the user
    LEAD = 8  # artefact: the user, delivery: the row that names the leads
    REPLY = 9  # delivery: 0 where one address serves all messages of the artefact
    REPLY_LEAD = 10  # artefact: the user or 0, delivery: the reply
    SEAT = 14  # delivery: the mail about a webinar, or the seat itself where artefact is 0
    CALENDAR = 15  # artefact 0, delivery: the seat; its calendar file alone


@dataclass(frozen=True, slots=True)
class Token:
    """Ids are 0 to 2^48-1 (partner, artefact) and 0 to 2^63-1 (delivery, or what the purpose counts)."""

    key_id: int
    purpose: Purpose
    partner_id: int
    artefact_id: int
    delivery_id: int


class Signer:
    """Signs with the current key, verifies with any key of the ring (ids 0 to 255, keys of 16 to 32
    bytes)."""

    def __init__(self, keys: Mapping[int, bytes], current: int) -> None:
        if current not in keys:
            raise ValueError(f"There is no key {current} to sign with.")
        for key_id, key in keys.items():
            if not (0 <= key_id <= 255 and MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES):
                raise ValueError(
                    f"Key {key_id} must have an id of 0 to 255 and {MIN_KEY_BYTES} to {MAX_KEY_BYTES} bytes."
                )
        self._keyed = {key_id: blake2s(key=key, digest_size=TAG_BYTES) for key_id, key in keys.items()}
        self.current = current

    def token(self, purpose: Purpose, partner_id: int, artefact_id: int, delivery_id: int) -> str:
        """The signed text of a token with the current key."""
        return self.sign(Token(self.current, purpose, partner_id, artefact_id, delivery_id))

    def sign(self, token: Token) -> str:
        """48 characters of base64url. Raises ValueError for an id out of bounds, KeyError for an unknown
        key."""
        if not (0 <= token.partner_id <= MAX_ID48 and 0 <= token.artefact_id <= MAX_ID48):
            raise ValueError("Partner and artefact ids of a token are 0 to 2^48-1.")
        if not 0 <= token.delivery_id <= MAX_ID64:
            raise ValueError("The delivery id of a token is 0 to 2^63-1.")
        body = struct.pack(">BB", token.key_id, token.purpose) + (
            token.partner_id << 112 | token.artefact_id << 64 | token.delivery_id
        ).to_bytes(20, "big")
        return urlsafe_b64encode(body + self._tag(token.key_id, body)).decode()

    def verify(self, text: str, purpose: Purpose) -> Token | None:
        """The token if `text` is genuine and made for `purpose`, else None. Never raises."""
        if _SHAPE.fullmatch(text) is None:
            return None
        raw = urlsafe_b64decode(text)
        body, tag = raw[:BODY_BYTES], raw[BODY_BYTES:]
        if body[0] not in self._keyed or not hmac.compare_digest(tag, self._tag(body[0], body)):
            return None
        if body[1] != purpose:
            return None
        return Token(
            key_id=body[0],
            purpose=purpose,
            partner_id=int.from_bytes(body[2:8], "big"),
            artefact_id=int.from_bytes(body[8:14], "big"),
            delivery_id=int.from_bytes(body[14:22], "big"),
        )

    def _tag(self, key_id: int, body: bytes) -> bytes:
        keyed = self._keyed[key_id].copy()
        keyed.update(body)
        return keyed.digest()


@dataclass(frozen=True, slots=True)
class Link:
    """Where /r/<token>/<n> leads. `is_microsite` is a page of the campaign's own, where a visit token may be
    added."""

    target: str
    is_microsite: bool = False


@dataclass(frozen=True, slots=True)
class Utm:
    """Where a visit came from, in the words every analytics tool reads."""

    source: str
    campaign: str
    content: str
    medium: str = "email"

    def added_to(self, address: str) -> str:
        """The address with our four parameters; others stay in their order, the fragment stays at the end."""
        ours = {
            "utm_source": self.source,
            "utm_medium": self.medium,
            "utm_campaign": self.campaign,
            "utm_content": self.content,
        }
        parts = urlsplit(address)
        kept = [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if name not in ours
        ]
        return urlunsplit(parts._replace(query=urlencode([*kept, *ours.items()], quote_via=quote)))


def rewrite(
    html: str, *, base_url: str, pages: Collection[str], utm: Utm, untouched: Collection[str] = ()
) -> tuple[str, tuple[Link, ...]]:
    """Point every http(s) link of a cleaned mail at /r/<click token>/<n>; n counts from 0, equal targets
    share one.

    `pages` are the addresses of the campaign's own.

    Links with a placeholder (unsubscribe), mailto: and tel: stay, and so do `untouched` ones: who reads a
    privacy notice shows no interest in the offer.
    """
    links: dict[Link, int] = {}

    def count(found: re.Match[str]) -> str:
        address = unescape(found[2])
        if "{" in address or address in untouched or not address.lower().startswith(("http://", "https://")):
            return found[0]
        link = Link(utm.added_to(address), is_microsite=_without_parameters(address) in pages)
        number = links.setdefault(link, len(links))
        return f"{found[1]}{escape(base_url)}/r/{CLICK_HOLE}/{number}{found[3]}"

    return _HREF.sub(count, html), tuple(links)


def _without_parameters(address: str) -> str:
    return address.partition("#")[0].partition("?")[0]

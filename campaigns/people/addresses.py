"""E-mail addresses: syntax, and the form under which two spellings are one address. No DNS."""

import re
from functools import lru_cache

import email_validator

from campaigns.people.model import SkipReason
from campaigns.phrases import phrase

# Plain addresses, which are nearly all of them. Every one it lets pass, email-validator lets pass too, and
# lower case is then the whole normalisation; whatever it does not know is left to email-validator. At most
# 64 characters, so that the limits for each part hold by themselves.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"
_RESERVED = rf"(?i:{'|'.join(map(re.escape, sorted(email_validator.SPECIAL_USE_DOMAIN_NAMES)))})\Z"
_PLAIN = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?!{_RESERVED})[A-Za-z]+(?:-[A-Za-z]+)*\Z").match
_PLAIN_LENGTH = 64
_SEPARATORS = re.compile(r"[\s,;/|]+")
_EDGES = " \t\r\n\u00a0\u200b\u200c\u200d\ufeff<>,;\"'"

# Addresses here belong to people of many firms, so such a domain says nothing about any of them.
MAILBOX_DOMAINS = frozenset(
    """
    aol.com arcor.de bluewin.ch btinternet.com fastmail.com free.fr freenet.de gmail.com gmx.at gmx.ch
    gmx.com gmx.de gmx.net googlemail.com hey.com hispeed.ch hotmail.co.uk hotmail.com hotmail.de
    hotmail.fr icloud.com laposte.net libero.it live.com live.de mac.com mail.com mail.de me.com msn.com
    orange.fr outlook.com outlook.de posteo.de proton.me protonmail.com qq.com sunrise.ch t-online.de
    tutanota.com wanadoo.fr web.de yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com
    """.split()
)


# Names below .con cannot be: there is no such top-level domain. A likeness alone ("gmial.com") proves nothing,
# since anybody may own that name.
_MEANT = {f"{name}.con": f"{name}.com" for name in ("gmail", "hotmail", "icloud", "outlook", "yahoo")}


def doubt(address: str) -> tuple[SkipReason, str] | None:
    """Why a normalised address is not written to as it stands, said like a complaint; None for nearly all.

    Letters such as "ü" before the @ are right by the standard, but few mail servers and none of the large
    sending services take them: such a mail would fail, and most such addresses are a spelling for the eye.
    """
    name, _at, domain = address.rpartition("@")
    if not name.isascii():
        sentence = phrase(
            "“%(typed)s” has letters such as ü before the @, and mail services do not deliver to them. Ask how"
            " the address is spelt without.",
            typed=address[:80],
        )
        return SkipReason.LETTERS_BEFORE_AT, sentence
    if meant := _MEANT.get(domain):
        sentence = phrase(
            "“%(typed)s”: did you mean %(domain)s? Correct the address.", typed=address[:80], domain=meant
        )
        return SkipReason.MISTYPED_PROVIDER, sentence
    return None


def is_plain(address: str) -> bool:
    """True only for addresses that are surely valid; False means "ask email-validator"."""
    return len(address) <= _PLAIN_LENGTH and _PLAIN(address) is not None


def normalise(address: str) -> str | None:
    """The form used for matching: lower case, domain in IDNA. No dot or plus folding. None if it is no
    address."""
    if is_plain(address):
        return address.lower()
    if "@" not in address or len(address) > 320:
        return None
    return _validated(address)


def split_display(typed: str) -> tuple[str, str]:
    """("Anna Meier", "anna@x.example") from `Anna Meier <anna@x.example>`; ("", address) from a plain one."""
    typed = typed.strip()
    if typed.endswith(">") and "<" in typed:
        name, _, address = typed[:-1].rpartition("<")
        return name.strip(_EDGES), address.strip(_EDGES).removeprefix("mailto:")
    return "", typed.strip(_EDGES).removeprefix("mailto:")


def complaint(typed: str) -> tuple[SkipReason, str]:
    """Why a cell is not one address, as the part of a sentence that follows "Row 14: "."""
    shown = typed if len(typed) <= 80 else typed[:79] + "…"
    name, at, domain = typed.partition("@")
    if not typed:
        return SkipReason.NO_ADDRESS, phrase("there is no e-mail address. Add one, or leave the row out.")
    if sum("@" in part for part in _SEPARATORS.split(typed)) > 1:
        sentence = phrase("“%(typed)s” holds several addresses. Use one row per person.", typed=shown)
        return SkipReason.SEVERAL_ADDRESSES, sentence
    if not at or not name or "." not in domain.strip(".") or domain.endswith("."):
        sentence = phrase("“%(typed)s” is not a complete address. Write it as name@company.com.", typed=shown)
        return SkipReason.INCOMPLETE_ADDRESS, sentence
    sentence = phrase("“%(typed)s” is not a valid address. Correct it, or leave the row out.", typed=shown)
    return SkipReason.INVALID_ADDRESS, sentence


@lru_cache(maxsize=1024)
def _validated(address: str) -> str | None:
    try:
        found = email_validator.validate_email(address, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return f"{found.local_part.lower()}@{found.ascii_domain}"

"""How a company is recognised: its own web domain, else its name without legal form and accents."""

import re
import unicodedata

import tldextract

from campaigns.people.addresses import MAILBOX_DOMAINS

_LEGAL_FORMS = frozenset(
    """
    ab ag as asa bv co company corp corporation eg ek ev gbr gesellschaft gmbh group gruppe holding inc kg
    kgaa limited llc llp ltd mbh nv ohg oy plc pty sa sagl sarl sas sasu sca scs se sl snc spa srl
    """.split()
)
_SPLIT = re.compile(r"[\W_]+")
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def business_domain(address: str) -> str | None:
    """The registered domain behind a normalised mail address; None for a free-mail or bare one."""
    host = address.rpartition("@")[2]
    parts = _extract(host)
    domain = f"{parts.domain}.{parts.suffix}" if parts.suffix else host
    return None if domain in MAILBOX_DOMAINS or "." not in domain else domain


def plain_name(name: str) -> str:
    """`Müller & Söhne AG` -> `muller sohne`; the same for every way of writing the same firm, "" for none."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter)).replace(".", "")
    words = [word for word in _SPLIT.split(bare) if word]
    core = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(core or words)

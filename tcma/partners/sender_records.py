"""What has to stand in the DNS before mail leaves from a firm's own domain, and what stands there."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tcma.config import Settings
from tcma.partners.names import Resolver, Unreachable

LONGEST_SEEN = 500  # characters of what stands there that are kept
_SPF, _DMARC = "v=spf1", "v=dmarc1"
_KEY = re.compile(r"(?:\A|;)\s*p\s*=\s*([^;]*)", re.IGNORECASE)


class Purpose(StrEnum):
    OWNERSHIP = "ownership"
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"


class Found(StrEnum):
    WAITING = "waiting"  # nobody looked yet
    FOUND = "found"
    MISSING = "missing"
    DIFFERENT = "different"
    UNKNOWN = "unknown"  # nobody answered


@dataclass(frozen=True, slots=True)
class Record:
    """One line to enter with whoever looks after the domain. `kind` is TXT or CNAME; `key` tells it from the
    others of its domain."""

    key: str
    purpose: Purpose
    kind: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Look:
    """What stood there: `seen` is the record that was found under the name, "" without one."""

    found: Found
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """What this installation asks of every own domain: who may send, and the keys that sign: (selector, kind,
    value). Without a key nothing could sign, so no own domain is taken."""

    spf: str
    dkim: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, settings: Settings) -> "Ways":
        """As set; outside production what is not set is made of the shared domain."""
        shared = settings.mail_from.rpartition("@")[2].lower()
        if settings.production:
            return cls(settings.sending_spf, settings.sending_dkim)
        key = ("tcma", "CNAME", f"tcma._domainkey.{shared}")
        return cls(settings.sending_spf or f"include:{shared}", settings.sending_dkim or (key,))

    @property
    def is_open(self) -> bool:
        return bool(self.spf and self.dkim)


def records(domain: str, token: str, ways: Ways, looks: Mapping[str, Look]) -> tuple[Record, ...]:
    """What to enter, in the order of a page. A domain that has an SPF record already keeps it, with ours added:
    two of them would count as none."""
    spf = looks.get(Purpose.SPF, Look(Found.WAITING)).seen
    return (
        Record(Purpose.OWNERSHIP, Purpose.OWNERSHIP, "TXT", f"_tcma.{domain}", f"tcma-domain={token}"),
        Record(Purpose.SPF, Purpose.SPF, "TXT", domain, _with(spf, ways.spf)),
        *(
            Record(f"dkim-{selector}", Purpose.DKIM, kind, f"{selector}._domainkey.{domain}", value)
            for selector, kind, value in ways.dkim
        ),
        Record(Purpose.DMARC, Purpose.DMARC, "TXT", f"_dmarc.{domain}", "v=DMARC1; p=none"),
    )


def look(domain: str, token: str, ways: Ways, resolver: Resolver) -> dict[str, Look]:
    """Ask for every record, by its key: about five questions of at most `names.LONGEST_WAIT` seconds."""
    return {record.key: _look(record, domain, ways, resolver) for record in records(domain, token, ways, {})}


def _look(record: Record, domain: str, ways: Ways, resolver: Resolver) -> Look:
    try:
        if record.kind == "CNAME":
            target = resolver.alias(record.name)
            return _one([target] if target else [], lambda text: text == record.value.lower().rstrip("."))
        match record.purpose:
            case Purpose.OWNERSHIP:
                texts = resolver.texts(record.name)
                return _one(texts, lambda text: text.strip() == record.value)
            case Purpose.SPF:
                return _spf(resolver.texts(record.name), ways.spf)
            case Purpose.DKIM:
                return _one(resolver.texts(record.name), lambda text: _key_in(text) == _key_in(record.value))
            case Purpose.DMARC:
                return _dmarc(domain, resolver)
    except Unreachable:
        return Look(Found.UNKNOWN)


def _one(texts: Sequence[str], fits: Callable[[str], bool]) -> Look:
    good = [text for text in texts if fits(text)]
    if good:
        return Look(Found.FOUND, good[0][:LONGEST_SEEN])
    return Look(Found.DIFFERENT, texts[0][:LONGEST_SEEN]) if texts else Look(Found.MISSING)


def _spf(texts: Sequence[str], wanted: str) -> Look:
    """Several SPF records of one name are an error, and mailboxes then take none of them."""
    own = [text.strip() for text in texts if text.strip().lower().split(" ")[0] == _SPF]
    if not own:
        return Look(Found.MISSING)
    terms = [term.lower().lstrip("+") for term in own[0].split()]
    is_there = len(own) == 1 and all(term in terms for term in wanted.lower().split())
    return Look(Found.FOUND if is_there else Found.DIFFERENT, own[0][:LONGEST_SEEN])


def _dmarc(domain: str, resolver: Resolver) -> Look:
    """Also at the domain above, which speaks for those below it."""
    labels = domain.split(".")
    above = [".".join(labels[1:])] if len(labels) > 2 else []
    for name in (domain, *above):
        for text in resolver.texts(f"_dmarc.{name}"):
            if text.strip().lower().startswith(_DMARC):
                return Look(Found.FOUND, text[:LONGEST_SEEN])
    return Look(Found.MISSING)


def _with(spf: str, wanted: str) -> str:
    terms = spf.split()
    lacking = [term for term in wanted.split() if term.lower() not in [known.lower() for known in terms]]
    if not terms:
        return f"{_SPF} {wanted} ~all"
    return " ".join([terms[0], *lacking, *terms[1:]])


def _key_in(text: str) -> str:
    """The public key of a DKIM record, however it is broken into pieces."""
    found = _KEY.search(text)
    return "".join(found[1].split()) if found else ""

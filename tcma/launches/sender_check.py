"""Whether an own sending domain says who may send for it: SPF and DMARC, looked up in the DNS.

A DKIM key stands under a selector that only the mail itself names, so it cannot be checked from here.
Call it outside any transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tcma.partners.names import Resolver, Unreachable


@dataclass(frozen=True, slots=True)
class Signature:
    """What a domain says about its mail; None where it could not be asked."""

    domain: str
    has_spf: bool | None
    has_dmarc: bool | None

    @property
    def is_known(self) -> bool:
        return self.has_spf is not None and self.has_dmarc is not None

    @property
    def is_complete(self) -> bool:
        return bool(self.has_spf and self.has_dmarc)


def signature(domain: str, resolver: Resolver) -> Signature:
    """Ask once for each record; DMARC also at the organisation's domain above a sub-domain."""
    return Signature(domain, _says(resolver, [domain], "v=spf1"), _says(resolver, _dmarc(domain), "v=dmarc1"))


def _dmarc(domain: str) -> list[str]:
    labels = domain.split(".")
    above = [".".join(labels[1:])] if len(labels) > 2 else []
    return [f"_dmarc.{name}" for name in (domain, *above)]


def _says(resolver: Resolver, names: Sequence[str], start: str) -> bool | None:
    try:
        return any(text.strip().lower().startswith(start) for name in names for text in resolver.texts(name))
    except Unreachable:
        return None

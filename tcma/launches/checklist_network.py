"""The checks of a launch that ask the network: whether links answer, and whether the sender's domain signs."""

from dataclasses import dataclass

from campaigns.errors import Problem
from tcma.config import Settings
from tcma.errors import phrase
from tcma.launches import link_check
from tcma.launches.checks import Check, Key, State, sentences
from tcma.launches.link_check import Answer, LinkChecker, Verdict
from tcma.launches.preparing import Prepared
from tcma.launches.sender_check import Signature, signature
from tcma.partners.names import Resolver, SystemResolver


@dataclass(frozen=True, slots=True)
class Probes:
    """What asks the network: other servers for the links, the DNS for the sender."""

    links: LinkChecker
    names: Resolver

    @classmethod
    def of(cls, settings: Settings) -> "Probes":
        """Those of an installation; only outside production may a link lead into a private network."""
        return cls(link_check.checker(allow_private=not settings.production), SystemResolver(settings.dns))


def links_of(prepared: Prepared, settings: Settings, links: LinkChecker, *, ask: bool) -> Check:
    """Whether every link of the mails that leads elsewhere answers; the first of a mail has to."""
    outside, main = _outside(prepared, settings.base_url)
    if not outside:
        return Check(Key.LINKS, State.PASSED, count=0)
    answers = links.check(outside) if ask else links.known(outside)
    if len(answers) < len(outside):
        return Check(Key.LINKS, State.TO_DO, count=len(outside))
    bad = [found for found in answers.values() if found.verdict in (Verdict.BROKEN, Verdict.REFUSED)]
    silent = [found for found in answers.values() if found.verdict is Verdict.UNKNOWN]
    details = sentences(Problem("", None, _link_sentence(found)) for found in (*bad, *silent))
    if any(found.address in main for found in bad):
        return Check(Key.LINKS, State.BLOCKED, details, len(outside))
    state = State.NOTE if bad else State.UNKNOWN if silent else State.PASSED
    return Check(Key.LINKS, state, details, len(outside))


def _outside(prepared: Prepared, base_url: str) -> tuple[list[str], set[str]]:
    """Links that lead elsewhere, and those of them that are a mail's first: the reason it is sent. What leads
    to the campaign's own page answers from launch on."""
    every: dict[str, None] = {}
    main = set()
    for frozen in prepared.frozen:
        for number, link in enumerate(frozen.mail.links):
            if link.is_microsite or not link.target.startswith(("http://", "https://")):
                continue
            if link.target.startswith(f"{base_url}/"):
                continue
            every[link.target] = None
            if number == 0:
                main.add(link.target)
    return list(every), main


def _link_sentence(found: Answer) -> str:
    if found.verdict is Verdict.UNKNOWN:
        return phrase("%(link)s could not be tried: %(detail)s.", link=found.address, detail=found.detail)
    return phrase("%(link)s does not work: %(detail)s.", link=found.address, detail=found.detail)


@dataclass(frozen=True, slots=True)
class Unused:
    """An own sending domain that mail does not leave from; `is_lost`: it did before."""

    domain: str
    is_lost: bool


def sender_of(
    prepared: Prepared, unused: Unused | None, settings: Settings, names: Resolver, *, ask: bool
) -> Check:
    """Only a domain that mail would leave from is asked for; one that is not verified is told, and the shared
    domain used."""
    made = prepared.brands
    domain = made.partner.sender_email.rpartition("@")[2].lower() if made else ""
    shared = settings.mail_from.rpartition("@")[2].lower()
    if unused is not None:
        domains = {"domain": unused.domain, "shared": shared}
        sentence = phrase(
            "%(domain)s is not verified yet, so this mail leaves from %(shared)s; replies come to you."
            " Brand says which records are missing.",
            **domains,
        )
        if unused.is_lost:
            sentence = phrase(
                "%(domain)s no longer has all its records, so this mail leaves from %(shared)s; replies come"
                " to you. Brand says which records are missing.",
                **domains,
            )
        return Check(Key.SENDER, State.NOTE, (sentence,))
    if not domain or domain == shared:
        return Check(Key.SENDER, State.PASSED)
    if not ask:
        return Check(Key.SENDER, State.TO_DO)
    return _signed(signature(domain, names))


def _signed(found: Signature) -> Check:
    lacks = [name for name, there in (("SPF", found.has_spf), ("DMARC", found.has_dmarc)) if there is False]
    if lacks:
        sentence = phrase(
            "%(domain)s lacks a DNS record (%(records)s), so mailboxes would refuse its mail. Have it set,"
            " or send from the shared domain: take your sending address away under Brand.",
            domain=found.domain,
            records=lacks,
        )
        return Check(Key.SENDER, State.BLOCKED, (sentence,))
    if not found.is_known:
        sentence = phrase(
            "The records of %(domain)s could not be looked up from here. Send yourself a test.",
            domain=found.domain,
        )
        return Check(Key.SENDER, State.UNKNOWN, (sentence,))
    sentence = phrase(
        "SPF and DMARC of %(domain)s are there. Its DKIM key shows only in a mail: send a test.",
        domain=found.domain,
    )
    return Check(Key.SENDER, State.PASSED, (sentence,))

"""What is said about a firm when it comes here, checked; the web domain under which it exists once."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from zoneinfo import available_timezones

import idna
from babel import Locale, UnknownLocaleError
from babel.numbers import is_currency

from campaigns.people.addresses import MAILBOX_DOMAINS
from tcma.errors import Invalid, phrase

SLUG_LENGTH = 60
_SCHEME = re.compile(r"\A[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(r"\A(?=.{4,253}\Z)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")
_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "ł": "l"}
_TERRITORIES = Locale("en").territories


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm as it introduces itself. `country` is ISO 3166, `currency` ISO 4217; `domain` may be a whole web
    address. An empty `slug` is made from the name, an empty legal name is the name."""

    name: str
    country: str
    currency: str
    domain: str | None = None
    legal_name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    locale: str = "en"
    timezone: str = "UTC"
    slug: str = ""
    external_id: str | None = None

    def checked(self) -> "Firm":
        """The same, tidied. Invalid names each field that cannot be used."""
        fields: dict[str, str] = {}
        if not self.name.strip():
            fields["name"] = phrase("Say the name of the firm.")
        for name, most in (
            ("name", 120),
            ("legal_name", 160),
            ("street", 160),
            ("postal_code", 20),
            ("city", 80),
        ):
            text: str = getattr(self, name)
            if len(text) > most or any(not letter.isprintable() for letter in text):
                fields[name] = phrase("At most %(most)s characters, on one line.", most=most)
        country, currency = self.country.strip().upper(), self.currency.strip().upper()
        if len(country) != 2 or country not in _TERRITORIES:
            fields["country"] = phrase("Write the country as two letters, such as CH.")
            if self.country.strip():
                fields["country"] = phrase(
                    "'%(country)s' is no country. Write the country as two letters, such as CH.",
                    country=self.country[:20],
                )
        if not is_currency(currency):
            fields["currency"] = phrase(
                "'%(currency)s' is no currency. Write three letters such as CHF.", currency=self.currency[:20]
            )
        if self.timezone not in available_timezones():
            fields["timezone"] = phrase(
                "'%(timezone)s' is no time zone. Write one such as Europe/Zurich.",
                timezone=self.timezone[:40],
            )
        if not _is_locale(self.locale):
            fields["locale"] = phrase(
                "'%(language)s' is no language. Write a code such as en or de.", language=self.locale[:20]
            )
        domain = None
        if self.domain and self.domain.strip():
            try:
                domain = web_domain(self.domain)
            except Invalid as problem:
                fields["domain"] = problem.sentence
        if fields:
            raise Invalid(" ".join(f"{name}: {sentence}" for name, sentence in fields.items()), fields)
        return Firm(
            name=self.name.strip(),
            country=country,
            currency=currency,
            domain=domain,
            legal_name=self.legal_name.strip() or self.name.strip(),
            street=self.street.strip(),
            postal_code=self.postal_code.strip(),
            city=self.city.strip(),
            locale=self.locale,
            timezone=self.timezone,
            slug=slug_of(self.slug or self.name),
            external_id=self.external_id,
        )


def web_domain(typed: str) -> str:
    """`harbour-it.example` from the address of a web site: lower case, IDNA, no `www.`; Invalid otherwise."""
    host = _SCHEME.sub("", typed.strip()).split("/")[0].split("?")[0].rpartition("@")[2].partition(":")[0]
    host = host.rstrip(".").lower().removeprefix("www.")
    try:
        ascii_host = idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        ascii_host = ""
    if not _HOST.match(ascii_host):
        raise Invalid(
            phrase("'%(text)s' is no web domain. Write it like harbour-it.example.", text=typed[:60])
        )
    if ascii_host in MAILBOX_DOMAINS:
        raise Invalid(
            phrase(
                "%(domain)s is a mail provider's domain, not the firm's own. Leave it empty instead.",
                domain=ascii_host,
            )
        )
    return ascii_host


def slug_of(text: str) -> str:
    """`harbour-it-ag` from "Harbour IT AG": what stands in addresses; never empty."""
    spelled = "".join(_LETTERS.get(letter, letter) for letter in text.lower())
    plain = "".join(x for x in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(x))
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:SLUG_LENGTH].strip("-") or "firm"


def free_slug(wanted: str, taken: Callable[[str], Iterable[str]]) -> str:
    """`wanted`, or with the first number nobody has, in at most SLUG_LENGTH characters.

    `taken` gives the slugs that begin with a text.
    """
    start = wanted[: SLUG_LENGTH - 5]
    known = set(taken(start))
    if wanted not in known:
        return wanted
    return next(slug for number in count(2) if (slug := f"{start}-{number}") not in known)


def _is_locale(code: str) -> bool:
    try:
        return bool(code) and len(code) <= 12 and bool(Locale.parse(code, sep="-"))
    except (ValueError, UnknownLocaleError):
        return False

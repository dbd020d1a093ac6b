"""What the law and good manners ask of every mail: why you get this, who sends, where to, and how to stop."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from html import unescape
from typing import Protocol

from babel.dates import format_date

from campaigns.brand import Brand
from campaigns.errors import ContentError, Problem, Severity
from campaigns.language import N_, language_of, translated
from campaigns.people.model import Basis
from campaigns.phrases import Word, phrase

MAX_MAIL_BYTES = 100 * 1024
"""Larger mails are cut off by a large mailbox provider, and the unsubscribe link with the end of them."""
_DATES = {"en": "en_GB"}
"""The locale in which a language writes its dates, where it is not the language's own."""


class MailClass(StrEnum):
    """Marketing can be stopped by one click; a service mail is what the person just asked for."""

    MARKETING = "marketing"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class FooterWords:
    unsubscribe: str
    preferences: str
    privacy: str
    imprint: str
    together: str
    with_vendor: str
    powered_by: str
    sender: str


_FOOTER = {
    "unsubscribe": N_("Unsubscribe"),
    "preferences": N_("Mail preferences"),
    "privacy": N_("Privacy"),
    "imprint": N_("Imprint"),
    "together": N_(
        "It was prepared together with {vendor}, who does not receive your address unless you answer a form."
    ),
    "with_vendor": N_("With {vendor}."),
    "powered_by": N_("powered by"),
    "sender": N_("Sender: {sender}."),
}

_REASONS = {
    Basis.CUSTOMER: N_("You get this because you are a customer of {sender}."),
    Basis.AGREED: N_("You get this because you asked for news on {day}."),
    Basis.BUSINESS_CONTACT: N_("You get this as a business contact of {sender}."),
}
_AGREED_WITHOUT_DAY = N_("You get this because you asked for news from {sender}.")


def footer_words(locale: str) -> FooterWords:
    """The words under a mail; English for a language that has none yet."""
    return FooterWords(**{name: translated(message, locale) for name, message in _FOOTER.items()})


def long_date(day: date, language: str) -> str:
    """A day in words of a shipped language: "4 March 2026"."""
    return format_date(day, format="long", locale=_DATES.get(language, language))


def reason_line(basis: Basis, partner: Brand, locale: str, *, agreed_on: date | None = None) -> str:
    """Why you get this, in one sentence. Raises ContentError where nobody is sure: then there is no mail."""
    if basis is Basis.NOT_SURE:
        sentence = phrase("Nobody is sure that these people may be written to. Choose the legal basis first.")
        raise ContentError(Problem("basis", None, sentence))
    language = language_of(locale)
    without_day = basis is Basis.AGREED and agreed_on is None
    message = _AGREED_WITHOUT_DAY if without_day else _REASONS[basis]
    day = long_date(agreed_on, language) if agreed_on else ""
    return translated(message, language).format(sender=partner.postal_address, day=day)


class Checked(Protocol):
    """What `check` looks at; an artefact has it."""

    @property
    def mail_class(self) -> MailClass: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def postal_address(self) -> str: ...
    @property
    def sender_name(self) -> str: ...
    @property
    def sender_email(self) -> str: ...
    @property
    def has_main_link(self) -> bool: ...


def check(mail: Checked, *, path: str = "") -> list[Problem]:
    """What is missing before this mail may go out; notes for what is only unwise."""
    problems: list[Problem] = []

    def missing(sentence: str, severity: Severity = Severity.PROBLEM) -> None:
        problems.append(Problem(path, None, sentence, severity))

    html, text = _flat(mail.html), _flat(mail.text)
    if not mail.subject.strip():
        missing(phrase("The mail has no subject."))
    for part, body in ((Word("mail"), html), (Word("text part"), text)):
        if mail.mail_class is MailClass.MARKETING and "{{ token.unsubscribe }}" not in body:
            missing(phrase("The %(part)s has no unsubscribe link. Put the footer back.", part=part))
        if not mail.postal_address or _flat(mail.postal_address) not in body:
            missing(
                phrase(
                    "The %(part)s does not say the sender's postal address. Fill it in under Brand.",
                    part=part,
                )
            )
        if not mail.reason or _flat(mail.reason) not in body:
            missing(
                phrase("The %(part)s does not say why the reader gets it. Put the footer back.", part=part)
            )
    if not mail.sender_name.strip() or "@" not in mail.sender_email:
        missing(phrase("The sender has no name or no address. Fill them in under Brand."))
    if mail.mail_class is MailClass.MARKETING and not mail.has_main_link:
        missing(phrase("The mail leads nowhere. Give its button a link."))
    if re.search(r"<img(?![^>]*\salt=)[^>]*>", mail.html):
        missing(phrase("A picture has no text alternative."), Severity.NOTE)
    size = len(mail.html.encode())
    if size > MAX_MAIL_BYTES:
        missing(
            phrase(
                "The mail has %(size)s KB. Above %(most)s KB mailboxes cut it off.",
                size=size // 1024,
                most=MAX_MAIL_BYTES // 1024,
            ),
            Severity.NOTE,
        )
    return problems


def _flat(text: str) -> str:
    """Without entities, and with spaces and braces as the reader sees them."""
    return " ".join(unescape(text).replace('{{ "{" }}', "{").split())

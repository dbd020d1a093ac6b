"""The service mails of a webinar: the kit's own words, with the links that belong to one person's seat.

All of a person's links lead to one address, which is signed when the mail is composed: the page of the seat,
where joining, cancelling and the recording are; with ".ics" the calendar file as it stands at that moment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from campaigns import sandbox
from campaigns.brand import Brand
from campaigns.channels.email import SEAT_LINK, Facts, MailSource, freeze_source
from campaigns.channels.email_artefact import Artefact, content_key
from campaigns.channels.email_service import FOLDER
from campaigns.channels.microsite_words import words
from campaigns.compliance import MailClass
from campaigns.kit.microsite import Confirmation
from campaigns.language import N_, language_of, translated
from campaigns.markup_holes import Holes
from campaigns.webinar import Invitation

_CALENDAR, _JOIN, _CANCEL = "link.calendar", "link.join", "link.cancel"
_RECORDING, _PAGE = "link.recording", "link.webinar"
_ADDRESSES = {
    _CALENDAR: f"{SEAT_LINK}.ics",
    _JOIN: SEAT_LINK,
    _CANCEL: SEAT_LINK,
    _RECORDING: SEAT_LINK,
    _PAGE: "{{ link.webinar }}",
}
_SAID = {
    _CALENDAR: "webinar_calendar",
    _JOIN: "seat_join",
    _CANCEL: "webinar_cancel",
    _RECORDING: "webinar_watch",
    _PAGE: "webinar_page",
}
_AS_BUTTONS = (_JOIN, _RECORDING, _CALENDAR)
_LINK = re.compile(r"\{\{\s*(link\.(?:calendar|join|cancel|recording|webinar))\s*\}\}")
_WRAPPED = re.compile(r"(?m)^(.{73,}?)[ \t]*\n[ \t]*")
_PREVIEW = N_("Your webinar with {partner}.")
_REASON = N_(
    "You get this because you registered for a webinar of {partner}, {address}, or asked for its recording."
)


@dataclass(frozen=True, slots=True)
class Told:
    """One mail of `webinar.yml` with the names `webinar.*` as its readers read them. `ends_with` is a link that
    is put at its end where the text has none, `calendar` the event as it stands now."""

    mail: Confirmation
    said: Mapping[str, str]
    name: str
    ends_with: str = ""
    fallbacks: Mapping[str, str] = field(default_factory=dict)
    ticked: tuple[str, ...] = ()
    only_news: bool = False
    calendar: Invitation | None = None


def freeze(told: Told, *, locale: str, vendor: Brand, partner: Brand, facts: Facts) -> Artefact:
    """Freeze a service mail. Compose it with the tokens of `links.Purpose.SEAT` and `CONFIRM`.

    Raises:
        ContentError: a problem of the kit's text or of a brand, or an address that is none.
    """
    language = language_of(locale)
    reason = translated(_REASON, language).format(
        partner=partner.legal_name, address=", ".join(partner.address_lines)
    )
    mjml = (FOLDER / "body.mjml").read_text(encoding="utf-8").replace("<!-- text -->", _body(told, locale))
    source = MailSource(
        name=told.name,
        path="webinar.yml",
        locale=locale,
        mjml=mjml,
        subject=told.mail.subject,
        preview=translated(_PREVIEW, language).format(partner=partner.name),
        fallbacks=told.fallbacks,
        version=content_key(mjml, told.mail.subject),
        assets={},
        mail_class=MailClass.SERVICE,
    )
    return freeze_source(
        source,
        values=None,
        vendor=vendor,
        partner=partner,
        facts=Facts(facts.slug, facts.name, facts.partner_slug, facts.base_url, reason=reason),
        extra={**told.said, **_words_of_consent(told, locale)},
        calendar=told.calendar,
    )


def _words_of_consent(told: Told, locale: str) -> dict[str, sandbox.Value]:
    say = words(locale)
    return {
        "words.ticked": list(told.ticked),
        "words.confirm_headline": say("confirm_headline"),
        "words.confirm_text": translated(N_("It counts once you press this button:"), language_of(locale)),
        "words.confirm_button": say("confirm_news" if told.only_news else "confirm_agree"),
        "words.confirm_not_you": translated(N_("If this was not you, do nothing."), language_of(locale)),
    }


def _body(told: Told, locale: str) -> str:
    """The kit's text as MJML. What a person most likely wants stands as a button where its link stood last in a
    paragraph; other links stay in their sentence."""
    sandbox.parse(told.mail.text, path="webinar.yml")
    say = words(locale)
    text = told.mail.text.strip()
    if told.ends_with and told.ends_with not in {found[1] for found in _LINK.finditer(text)}:
        text += f"\n\n{{{{ {told.ends_with} }}}}"
    holes = Holes(text)
    parts = []
    for paragraph in re.split(r"\n[ \t]*\n\s*", escape(holes.swapped)):
        source = holes.back(paragraph).strip()
        ending = re.fullmatch(rf"(.*?)\s*{_LINK.pattern}\s*\.?", source, re.DOTALL)
        name = ending[2] if ending and ending[2] in _AS_BUTTONS else ""
        inside = _WRAPPED.sub(r"\1 ", ending[1] if ending and name else source)
        linked = _LINK.sub(
            lambda found: f'<a href="{_ADDRESSES[found[1]]}">{escape(say(_SAID[found[1]]))}</a>', inside
        ).replace("\n", "<br />")
        if linked:
            parts.append(f"<mj-text>{linked}</mj-text>")
        if name:
            parts.append(f'<mj-button href="{_ADDRESSES[name]}">{escape(say(_SAID[name]))}</mj-button>')
    return "\n".join(parts)

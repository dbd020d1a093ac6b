"""E-mail: from a kit's touch to an artefact that is sent to thousands.

`freeze` does, once per campaign touch and language, all that does not differ between recipients: regions,
brands, logos, footer, compiling, links, text part. `campaigns.message` does the rest per recipient.
Preview, test mail and sent mail all pass through these two.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from html import escape
from typing import Protocol
from urllib.parse import urlsplit

from campaigns import cobrand, markup, sandbox
from campaigns.brand import Brand
from campaigns.channels import email_look, email_source, email_text
from campaigns.channels.email_artefact import FORMAT, Artefact, content_key
from campaigns.cobrand import Weight
from campaigns.compliance import MailClass, footer_words
from campaigns.errors import ContentError, Problem
from campaigns.kit.model import Kit, Offer, TouchKind
from campaigns.links import CONFIRM_HOLE, OPEN_HOLE, SEAT_HOLE, UNSUBSCRIBE_HOLE, Utm, rewrite
from campaigns.markup_holes import Holes
from campaigns.phrases import phrase
from campaigns.regions import RegionValues
from campaigns.webinar import Invitation

__all__ = [
    "Artefact",
    "Compiler",
    "Facts",
    "MailSource",
    "Weight",
    "freeze",
    "freeze_source",
    "kit_pictures",
    "picture_name",
]

UNSUBSCRIBE_LINK = "{{ link.unsubscribe }}"
CHOICES = "#mails"  # where the page of that link offers fewer mails or a pause
CONFIRM_LINK = "{{ link.confirm }}"
SEAT_LINK = "{{ link.seat }}"
REASON_HOLE = "{{ contact.reason }}"

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?", re.ASCII)
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the campaign says of itself. `slug` and `partner_slug` are a-z, 0-9 and "-"; `base_url` has
    neither path nor final slash. `reason` is the line from `compliance.reason_line`; empty, each recipient
    brings its own."""

    slug: str
    name: str
    partner_slug: str
    base_url: str
    reason: str = ""
    counts_opens: bool = False

    def __post_init__(self) -> None:
        problems = [
            Problem(
                field, None, f"'{slug[:40]}' cannot stand in an address. Use small letters, digits and '-'."
            )
            for field, slug in (("slug", self.slug), ("partner_slug", self.partner_slug))
            if not _SLUG.fullmatch(slug)
        ]
        parts = urlsplit(self.base_url)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.path
            or parts.query
            or parts.fragment
        ):
            problems.append(
                Problem("base_url", None, "The site's address is like https://go.example, without a path.")
            )
        if problems:
            raise ContentError(problems)

    @property
    def microsite(self) -> str:
        return f"{self.base_url}/c/{self.partner_slug}/{self.slug}"

    @property
    def webinar(self) -> str:
        return f"{self.base_url}/w/{self.partner_slug}/{self.slug}"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""


class Compiler(Protocol):
    """Makes HTML of a whole mail's MJML."""

    def __call__(self, source: str, *, path: str) -> str: ...


@dataclass(frozen=True, slots=True)
class MailSource:
    """One mail before it is a partner's: MJML, subject and preview line in the grammar. `name` goes into
    the key and into utm_content; `path` into what is said about problems."""

    name: str
    path: str
    locale: str
    mjml: str
    subject: str
    preview: str
    fallbacks: Mapping[str, str]
    version: str
    assets: Mapping[str, bytes]
    mail_class: MailClass = MailClass.MARKETING
    bundled: bool = False


def freeze(
    kit: Kit,
    touch_key: str,
    locale: str,
    *,
    values: RegionValues | None,
    vendor: Brand,
    partner: Brand,
    facts: Facts,
    weight: Weight = Weight.EQUAL,
    picture_address: Callable[[str], str] | None = None,
    extra: Mapping[str, sandbox.Value] | None = None,
    compiler: Compiler = markup.compile_mail,
) -> Artefact:
    """Freeze one mail of a kit for one partner's campaign.

    Args:
        values: what the partner set, from `regions.apply`; None keeps the kit's own text.
        extra: further names that the mail may use, such as those of a webinar.
        compiler: what makes HTML of the whole mail's MJML.
        picture_address: where the picture of a name ("<sha256>.<ext>") is found; <base>/i/<name> by default.
    Raises:
        ContentError: a problem of the kit's source or of a brand, with file and line where known.
        KeyError: the kit has no such touch.
    """
    touch = kit.touch(touch_key)
    if touch.kind is not TouchKind.EMAIL or locale not in touch.files:
        raise ContentError(
            Problem(
                touch_key,
                None,
                phrase(
                    "This kit has no mail '%(mail)s' in the language '%(locale)s'.",
                    mail=touch_key,
                    locale=locale,
                ),
            )
        )
    path = touch.files[locale]
    source = MailSource(
        name=touch_key,
        path=path,
        locale=locale,
        mjml=kit.files[path].decode("utf-8-sig", "replace"),
        subject=touch.subject[locale],
        preview=touch.preview.get(locale, ""),
        fallbacks=kit.fallbacks(locale),
        version=kit.source_hash,
        assets=kit.files,
        bundled=kit.offer is Offer.BUNDLED,
    )
    return freeze_source(
        source,
        values=values,
        vendor=vendor,
        partner=partner,
        facts=facts,
        weight=weight,
        picture_address=picture_address,
        extra=extra,
        compiler=compiler,
    )


def freeze_source(
    source: MailSource,
    *,
    values: RegionValues | None,
    vendor: Brand,
    partner: Brand,
    facts: Facts,
    weight: Weight = Weight.EQUAL,
    picture_address: Callable[[str], str] | None = None,
    extra: Mapping[str, sandbox.Value] | None = None,
    calendar: Invitation | None = None,
    compiler: Compiler = markup.compile_mail,
) -> Artefact:
    """Freeze any mail; `extra` are further names that its texts may use, `calendar` is an event that goes with it."""
    pictures: dict[str, None] = {}
    address = picture_address or f"{facts.base_url}/i/{{}}".format

    def picture(name: str) -> str:
        stored = picture_name(source.assets[name], source.path) if name in source.assets else name
        pictures[stored] = None
        return address(stored)

    names: dict[str, sandbox.Value] = {
        **partner.values("partner"),
        **vendor.values("vendor"),
        "campaign.name": facts.name,
        "link.microsite": facts.microsite,
        "link.webinar": facts.webinar,
        "link.recording": facts.webinar,
        **(extra or {}),
    }
    subject = _bound(source.subject, names, source, escape_html=False)
    preview = _bound(source.preview, names, source, escape_html=False)
    lockup = cobrand.lockup(partner, vendor, bounds=cobrand.MAIL, weight=weight)
    mjml = email_source.filled(
        source.mjml,
        path=source.path,
        values=values,
        picture=picture,
        head=email_look.head(_as_html(subject), _as_html(preview), partner),
        lockup=email_look.lockup(
            lockup,
            picture=picture,
            powered_by=footer_words(source.locale).powered_by if source.bundled else None,
        ),
        footer=_footer(source, facts, partner, vendor, lockup.in_words),
        portrait=partial(email_look.portrait, partner.contact.picture, picture=picture),
    )
    compiled = compiler(_bound(mjml, names, source, escape_html=True), path=source.path)
    compiled = compiled.replace(UNSUBSCRIBE_LINK, f"{facts.base_url}/u/{UNSUBSCRIBE_HOLE}")
    compiled = compiled.replace(CONFIRM_LINK, f"{facts.base_url}/confirm/{CONFIRM_HOLE}")
    compiled = compiled.replace(SEAT_LINK, f"{facts.base_url}/w/{SEAT_HOLE}")
    compiled = compiled.replace('<html lang="und"', f'<html lang="{source.locale}"', 1)
    utm = Utm(source=facts.partner_slug, campaign=facts.slug, content=source.name)
    legal = {partner.privacy_url, partner.imprint_url}
    if source.mail_class is MailClass.MARKETING:
        html, links = rewrite(
            compiled,
            base_url=facts.base_url,
            pages=(facts.microsite, facts.webinar),
            utm=utm,
            untouched=legal,
        )
    else:
        html, links = compiled, ()
    text = email_text.from_html(html)
    if facts.counts_opens and source.mail_class is MailClass.MARKETING:
        html = html.replace("</body>", f"{_pixel(facts)}</body>", 1)
    return Artefact(
        key=content_key(
            str(FORMAT),
            markup.VERSION,
            source.version,
            source.name,
            source.locale,
            partner.to_json(),
            vendor.to_json(),
            _values_key(values),
            json.dumps(asdict(facts), sort_keys=True),
            weight,
            subject,
            preview,
            html,
            text,
            *([json.dumps(asdict(calendar), sort_keys=True)] if calendar else []),
        ),
        mail_class=source.mail_class,
        locale=source.locale,
        subject=subject,
        preview=preview,
        html=html,
        text=text,
        links=links,
        pictures=tuple(pictures),
        fallbacks=tuple(sorted(source.fallbacks.items())),
        sender_name=partner.sender_name or partner.name,
        sender_email=partner.sender_email,
        reply_to=partner.reply_to,
        base_url=facts.base_url,
        list_id=f"{facts.slug}.{facts.partner_slug}.{facts.host}",
        feedback_id=f"{facts.slug}:{facts.partner_slug}:{source.mail_class}:{facts.host}",
        reason=facts.reason or REASON_HOLE,
        postal_address=partner.postal_address,
        calendar=calendar,
    )


def kit_pictures(kit: Kit) -> dict[str, bytes]:
    """Every picture of a kit that a mail may show, by the name under which it has to be stored."""
    found = {}
    for content in kit.files.values():
        if _extension(content):
            found[picture_name(content, "")] = content
    return found


def picture_name(content: bytes, path: str) -> str:
    """ "<sha256>.<ext>", the kind told by the content. Raises ContentError for anything but PNG, JPEG and
    GIF."""
    extension = _extension(content)
    if extension is None:
        raise ContentError(
            Problem(
                path, None, phrase("A picture of this mail is neither PNG, JPEG nor GIF. Save it as one.")
            )
        )
    return f"{sha256(content).hexdigest()}.{extension}"


def _extension(content: bytes) -> str | None:
    return next((name for signature, name in _SIGNATURES.items() if content.startswith(signature)), None)


def _footer(source: MailSource, facts: Facts, partner: Brand, vendor: Brand, in_words: str | None) -> str:
    words = footer_words(source.locale)
    is_marketing = source.mail_class is MailClass.MARKETING
    lines = email_look.footer_lines(
        _safe(facts.reason) if facts.reason else REASON_HOLE,
        partner,
        vendor,
        words,
        in_words=in_words,
        together=is_marketing,
    )
    links = [
        *([(words.unsubscribe, UNSUBSCRIBE_LINK)] if is_marketing else []),
        (words.preferences, f"{UNSUBSCRIBE_LINK}{CHOICES}"),
        (words.privacy, partner.privacy_url),
        (words.imprint, partner.imprint_url),
    ]
    return email_look.footer(lines, links)


def _bound(text: str, names: Mapping[str, sandbox.Value], source: MailSource, *, escape_html: bool) -> str:
    template = sandbox.parse(text, path=source.path, locale=source.locale)
    return template.bind(names, escape=_safe if escape_html else _plain).source()


def _safe(text: str) -> str:
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")


def _plain(text: str) -> str:
    return text


def _as_html(text: str) -> str:
    """A source in the grammar, escaped for HTML outside of its placeholders."""
    holes = Holes(text)
    return holes.back(escape(holes.swapped))


def _pixel(facts: Facts) -> str:
    style = "display:block;border:0;width:1px;height:1px"
    return f'<img src="{facts.base_url}/o/{OPEN_HOLE}" width="1" height="1" alt="" style="{style}" />'


def _values_key(values: RegionValues | None) -> str:
    return json.dumps(dict(values.values), sort_keys=True) if values else ""

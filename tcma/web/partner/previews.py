"""What a draft looks like: one mail or page of it in a frame, and the panel around the frame.

The frame is an answer of its own, with a policy that lets nothing run, load or lead away. What it holds is the
mail as it is sent; only its scheme is fixed, and its pictures come from where the page comes from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypedDict
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask import session as cookie
from sqlalchemy.orm import Session

from campaigns.brand import Brand
from campaigns.channels import microsite, webinar
from campaigns.channels.microsite import FormState
from campaigns.errors import ContentError
from campaigns.kit import ConsentText, Kit, TouchKind
from campaigns.regions import RegionKind
from tcma.audiences.models import Contact
from tcma.errors import DomainError, NotFound
from tcma.kits.content import load_kit
from tcma.language import current, spoken
from tcma.language import gettext as _
from tcma.launches import page_previews, previews, queries, samples
from tcma.launches.brands import Brands
from tcma.launches.pages import CampaignPage
from tcma.launches.previews import Shown, Wanted
from tcma.launches.setup import Draft
from tcma.launches.webinars import WebinarPage
from tcma.viewer import OrganisationKind
from tcma.web import frame
from tcma.web.frame import installation
from tcma.web.guards import Access, guard
from tcma.web.unit import reading, viewer

bp = Blueprint("partner_previews", __name__, url_prefix="/p/<slug:partner>/campaigns/<uuid:campaign>/preview")

KEPT: Final = "preview"  # the reader's choice, in the cookie
SCHEMES: Final = ("light", "dark")
DEVICES: Final = ("desktop", "phone")
SAMPLE, NOBODY = "sample", "nobody"
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)
LONGEST_CHOICE = 80
_ASKS = re.compile(r"\(\s*prefers-color-scheme\s*:\s*dark\s*\)")
_OFFERS = re.compile(r"((?:color-schemes?\s*:\s*|content=\")\s*)light dark")


class Common(TypedDict):
    """What both sorts of page are drawn from."""

    partner: Brand
    vendor: Brand
    campaign: microsite.CampaignFacts
    form: FormState
    consents: tuple[ConsentText, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader looks at: a part of the campaign by its key, on which device, in which scheme and
    language, as whom (`sample`, `nobody`, or a contact's public id). Empty parts are the first there is."""

    show: str = ""
    device: str = DEVICES[0]
    scheme: str = SCHEMES[0]
    locale: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A mail or page of the campaign, as a tab of the panel."""

    key: str
    name: str
    is_mail: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """All that stands around the frame. `trouble` says why there is nothing to see."""

    parts: tuple[Part, ...]
    part: Part
    choice: Choice
    locales: tuple[str, ...]
    people: tuple[tuple[str, str], ...]  # value, words
    address: str  # of the frame
    mail: Shown | None
    trouble: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What the panel needs of the database; `seen` is None for a page, and where `trouble` says why."""

    parts: tuple[Part, ...]
    part: Part
    choice: Choice
    people: tuple[Contact, ...]
    seen: previews.Seen | None
    trouble: str


@bp.get("/<key>")
@guard(Access.MEMBER, kind=OrganisationKind.PARTNER)
def show(campaign: UUID, key: str) -> Response:
    """The frame. Its query says scheme, person and language."""
    choice, installed = chosen(), installation()
    seen, trouble = None, ""
    with reading() as session:
        found = queries.find_campaign(session, viewer(), campaign)
        queries.touch_of(found, key)
        kit = load_kit(session, installed.storage, found.kit_version.id)
        is_mail = kit.touch(key).kind is TouchKind.EMAIL
        wanted = _wanted(key, choice)
        try:
            if is_mail:
                seen = previews.see(session, viewer(), installed.storage, installed.settings, found, wanted)
        except DomainError as error:
            trouble = spoken(error.sentence)
    mail = None
    try:
        if seen is not None:
            mail = previews.show_seen(installed.web, installed.storage, installed.settings, seen, wanted)
            html = mail.message.html
        elif is_mail:
            html = render_template("partner/setup/trouble.html", sentence=trouble)
        else:
            html = _page(kit, key, campaign, choice.locale)
    except DomainError as error:
        html = render_template("partner/setup/trouble.html", sentence=spoken(error.sentence))
    return frame_answer(html, choice.scheme, _locks(kit), mail)


def frame_answer(html: str, scheme: str, locks: Mapping[str, str], mail: Shown | None) -> Response:
    """A mail or page as the answer to a frame, with its own policy."""
    inbox = render_template("partner/setup/inbox.html", mail=mail) if mail else ""
    answer = frame.html(framed(html, scheme, installation().settings.base_url, locks, inbox))
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def see(session: Session, draft: Draft, made: Brands | None = None, *, is_drawn: bool = True) -> Beside:
    """Read what the panel beside a step shows, as the reader left it: at most five statements. Where it is not
    drawn, the mail in it is not read."""
    choice = chosen()
    parts = tuple(parts_of(draft.kit, reader_locale(draft)))
    part = next((part for part in parts if part.key == choice.show), parts[0])
    people = samples.people(session, draft.campaign)
    choice = _possible(choice, part, draft, people)
    seen, trouble = None, ""
    try:
        if part.is_mail and is_drawn:
            installed = installation()
            seen = previews.see(
                session,
                viewer(),
                installed.storage,
                installed.settings,
                draft.campaign,
                _wanted(part.key, choice),
                made=made,
                contact=next((one for one in people if str(one.public_id) == choice.person), None),
            )
    except DomainError as error:
        trouble = spoken(error.sentence)
    return Beside(parts, part, choice, tuple(people), seen, trouble)


def panel(draft: Draft, beside: Beside) -> Panel:
    """The panel of what was read."""
    parts, part, choice, people = beside.parts, beside.part, beside.choice, beside.people
    mail, trouble = None, beside.trouble
    try:
        if beside.seen is not None:
            installed = installation()
            mail = previews.show_seen(
                installed.web, installed.storage, installed.settings, beside.seen, _wanted(part.key, choice)
            )
    except DomainError as error:
        trouble = spoken(error.sentence)
    return Panel(
        parts=parts,
        part=part,
        choice=choice,
        locales=tuple(draft.campaign.locales),
        people=(*_invented(), *((str(one.public_id), _name(one)) for one in people)),
        address=url_for(
            "partner_previews.show",
            campaign=draft.campaign.public_id,
            key=part.key,
            scheme=choice.scheme,
            locale=choice.locale,
            person=choice.person,
        ),
        mail=mail,
        trouble=trouble,
    )


def reader_locale(draft: Draft) -> str:
    """In which language the kit's parts are named: the reader's where the kit speaks it, else the campaign's."""
    return current() if current() in draft.kit.languages else str(draft.campaign.locales[0])


def parts_of(kit: Kit, locale: str) -> list[Part]:
    """What a campaign of the kit consists of: its mails in their order, then its page."""
    parts = [
        Part(
            touch.key,
            touch.name.get(locale) or touch.name[kit.default_language],
            touch.kind is TouchKind.EMAIL,
        )
        for touch in kit.touches
    ]
    return sorted(parts, key=lambda part: not part.is_mail)


def chosen() -> Choice:
    """The reader's choice: from the address, else as it was last; kept for the next page."""
    before = cookie.get(KEPT)
    kept = before if isinstance(before, dict) else {}
    now = {
        name: request.args.get(name, str(kept.get(name, "")))[:LONGEST_CHOICE]
        for name in Choice.__dataclass_fields__
    }
    if now != kept and any(name in request.args for name in now):
        cookie[KEPT] = now
    return Choice(
        show=now["show"],
        device=now["device"] if now["device"] in DEVICES else DEVICES[0],
        scheme=now["scheme"] if now["scheme"] in SCHEMES else SCHEMES[0],
        locale=now["locale"],
        person=now["person"],
    )


def framed(html: str, scheme: str, base_url: str, locks: Mapping[str, str], inbox: str = "") -> str:
    """A mail or page for the frame: in one scheme whatever the reader's device says, its pictures from the
    reader's own address of the site, its links without effect (they would open a window, which the frame's
    sandbox refuses). `locks` are the words shown over parts that nobody changes, by region; `inbox` is what the
    panel shows above the frame, carried along unseen."""
    html = _ASKS.sub("(min-width:0)" if scheme == "dark" else "(min-width:99999px)", html)
    html = _OFFERS.sub(rf"\g<1>{scheme}", html)
    html = html.replace(f"{base_url}/i/", "/i/")
    added = f'<base target="_blank"><style>{_marks(locks, scheme)}</style><template>{inbox}</template></head>'
    return html.replace("</head>", added, 1)


def _marks(locks: Mapping[str, str], scheme: str) -> str:
    """How a part looks that is being edited, and one that is locked, under the pointer."""
    accent = "#54c3cd" if scheme == "dark" else "#0a6570"
    rules = [
        '[class*="rg-"]{cursor:pointer}',
        f"[data-edited]{{outline:3px solid {accent}!important;outline-offset:-3px}}",
    ]
    for region, words in locks.items():
        said = words.replace("\\", "").replace('"', "'").replace("<", "").replace("\n", " ")
        rules += [
            f".rg-{region}{{cursor:not-allowed;position:relative}}",
            f".rg-{region}:hover{{outline:2px dashed #8b867b;outline-offset:3px}}",
            f'.rg-{region}:hover::after{{content:"\\1F512  {said}";position:absolute;right:8px;top:-14px;'
            "background:#1b1e22;color:#fff;font:600 12px/20px system-ui,sans-serif;padding:2px 8px;"
            "border-radius:6px}",
        ]
    return "".join(rules)


def _locks(kit: Kit) -> dict[str, str]:
    return {region.name: _("Set by the vendor") for region in kit.regions if region.kind is RegionKind.LOCKED}


def _wanted(key: str, choice: Choice) -> Wanted:
    return Wanted(
        key, choice.locale, contact_id=_contact_id(choice.person), is_sample=choice.person != NOBODY
    )


def _page(kit: Kit, key: str, campaign: UUID, locale: str) -> str:
    installed = installation()
    given = installed.web, viewer(), installed.storage, installed.settings, campaign, locale
    if key == kit.webinar_key:
        return page_html(page_previews.show_webinar(*given))
    return page_html(page_previews.show_page(*given))


def page_html(page: CampaignPage | WebinarPage) -> str:
    """A campaign's page, or its webinar's, for the frame; NotFound says what of the kit keeps it from being drawn."""
    site, shared = page.site(), replace(frame.page_frame(frame.kit_picture(page.kit)), preview=True)
    common = Common(
        partner=page.partner,
        vendor=page.vendor,
        campaign=microsite.CampaignFacts(page.campaign.name, page.campaign.slug, ""),
        form=FormState(token=""),
        consents=page.consents,
    )
    try:
        if isinstance(page, CampaignPage):
            return microsite.render_page(site, shared, **common)
        shown = webinar.Shown(page.held, webinar.Stage.OPEN, page.held.zone)
        return webinar.render_page(site, shared, page.webinar, shown, **common)
    except ContentError as error:
        raise NotFound(error.problems[0].sentence) from error


def _possible(choice: Choice, part: Part, draft: Draft, people: list[Contact]) -> Choice:
    """The choice without what this campaign does not have: it was made on another one."""
    known = {SAMPLE, NOBODY, *(str(person.public_id) for person in people)}
    default = str(people[0].public_id) if people else SAMPLE
    touch = draft.kit.touch(part.key)
    locales = [locale for locale in draft.campaign.locales if not part.is_mail or locale in touch.files]
    return Choice(
        show=part.key,
        device=choice.device,
        scheme=choice.scheme,
        locale=choice.locale if choice.locale in locales else next(iter(locales), ""),
        person=choice.person if choice.person in known else default,
    )


def _invented() -> tuple[tuple[str, str], ...]:
    sample = f"{previews.SAMPLE.first_name} {previews.SAMPLE.last_name}"
    return ((SAMPLE, _("%(name)s (example)", name=sample)), (NOBODY, _("Somebody without a name")))


def _name(contact: Contact) -> str:
    return f"{contact.first_name} {contact.last_name}".strip() or contact.address_typed


def _contact_id(person: str) -> UUID | None:
    if person in ("", SAMPLE, NOBODY):
        return None
    try:
        return UUID(person)
    except ValueError:
        return None

"""The pages that prospects see: a campaign's microsite and the short pages around it, as complete HTML.

Pure functions: what a page says comes in, a string goes out. The pages need no script, set no cookie and
ask no other host for anything; styles stand in one block that carries the caller's nonce.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaigns.brand import Brand
from campaigns.channels import microsite_form as forms
from campaigns.channels import microsite_look as look
from campaigns.channels.microsite_check import check
from campaigns.channels.microsite_choices import Choices, options
from campaigns.channels.microsite_content import Site, is_https
from campaigns.channels.microsite_form import Answer, FormState, is_a_machine, read_answer
from campaigns.channels.microsite_words import words
from campaigns.kit.microsite import MicrositePage
from campaigns.kit.model import ConsentText
from campaigns.regions import RegionValues

__all__ = [
    "Answer",
    "CampaignFacts",
    "Choices",
    "Ended",
    "FormState",
    "Frame",
    "Message",
    "Site",
    "check",
    "fill",
    "form_content",
    "is_a_machine",
    "masked",
    "read_answer",
    "render_confirm",
    "render_confirmed",
    "render_ended",
    "render_message",
    "render_page",
    "render_thanks",
    "render_unsubscribe",
    "render_unsubscribed",
    "rendered",
]

TEMPLATES: Final = Path(__file__).resolve().parents[2] / "templates"


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page needs around its content. `asset` gives the address of a file under assets/,
    `picture` of an asset of the kit by its path, `stored` of a stored picture ("<sha256>.png": logos,
    uploads) by its name. All addresses are on our own host. In a `preview` nothing can be sent."""

    nonce: str
    asset: Callable[[str], str]
    picture: Callable[[str], str]
    stored: Callable[[str], str]
    preview: bool = False

    def address(self, file: str) -> str:
        """The address of a picture of the kit or of one that was stored; only the former have a folder."""
        return self.picture(file) if "/" in file else self.stored(file)


@dataclass(frozen=True, slots=True)
class CampaignFacts:
    """The campaign behind a page; `action` is the address that its form is sent to."""

    name: str
    slug: str
    action: str


class Ended(StrEnum):
    """Why a campaign takes no more answers."""

    ENDED = "ended"
    PAUSED = "paused"
    RECALLED = "recalled"


class Message(StrEnum):
    """What else a short page says; `FRONT` greets whoever opens the installation's own address."""

    FRONT = "front"
    NOT_FOUND = "not_found"
    BAD_LINK = "bad_link"
    TEST_MAIL = "test_mail"
    TROUBLE = "trouble"
    TOO_MANY = "too_many"


def fill(
    page: MicrositePage,
    *,
    partner: Brand,
    vendor: Brand,
    regions: RegionValues,
    campaign_name: str = "",
    fallbacks: Mapping[str, str] | None = None,
) -> Site:
    """A page of the kit with its values: the brands', and what the partner changed. Nothing personal is
    filled in."""
    values = {**partner.values("partner"), **vendor.values("vendor"), "campaign.name": campaign_name}
    return Site(page, values, regions, fallbacks or {})


def render_page(
    site: Site,
    frame: Frame,
    *,
    partner: Brand,
    vendor: Brand,
    campaign: CampaignFacts,
    form: FormState,
    consents: Sequence[ConsentText],
) -> str:
    """The microsite. With `form.errors` it is the answer to a form that could not be taken (send it with
    status 422). `consents` holds the wordings for the partner's country, the one always shown included."""
    return rendered(
        "microsite.html",
        site.locale,
        frame,
        brands=(partner, vendor),
        campaign=campaign,
        **form_content(site, form, consents),
    )


def form_content(site: Site, form: FormState, consents: Sequence[ConsentText]) -> dict[str, object]:
    """What the template of a page with a form is given about both."""
    return {
        "site": site,
        "page": site.page,
        "title": site.plain(site.page.title),
        "description": site.plain(site.page.description),
        "fields": forms.fields(site, form),
        "ticks": forms.tick_boxes(site, form.values, consents),
        "information": forms.information(site, consents),
        "summary": forms.summary(site, form),
        "hidden": (("form_token", form.token), *form.hidden.items()),
        "trap": forms.TRAP,
    }


def render_thanks(
    site: Site, frame: Frame, *, partner: Brand, vendor: Brand, file: str = "", confirm: bool = False
) -> str:
    """After the form: what was sent and who calls when. `file` is the address of what was promised;
    `confirm` says that a consent was ticked and has to be confirmed from the mailbox."""
    headline = site.text(site.page.thanks.headline)
    return rendered(
        "thanks.html",
        site.locale,
        frame,
        brands=(partner, vendor),
        site=site,
        page=site.page,
        title=headline,
        headline=headline,
        file=file,
        file_label=site.plain(site.page.thanks.file_label) or words(site.locale)("thanks_file"),
        confirm=confirm,
    )


def render_unsubscribe(
    frame: Frame,
    *,
    partner: Brand,
    address: str,
    action: str,
    locale: str,
    hidden: Mapping[str, str] | None = None,
    choices: Choices | None = None,
) -> str:
    """The page a mail's unsubscribe link leads to: one button, sent by POST to `action`, and what may be chosen
    instead. `address` is masked here, because mails get forwarded."""
    say = words(locale)
    return _button(
        "unsubscribe",
        frame,
        partner,
        locale,
        action=action,
        hidden=hidden,
        text=say("unsubscribe_text", address=masked(address), partner=partner.name),
        button=say("unsubscribe_button"),
        template="unsubscribe.html",
        headline=_after_a_choice(choices, partner, locale),
        choices=choices,
        options=options(choices, locale) if choices else (),
        left=say("choice_left", address=masked(address), partner=partner.name),
    )


def _after_a_choice(choices: Choices | None, partner: Brand, locale: str) -> str:
    """What the page says first when there is nothing to stop any more, or a choice was just kept."""
    if choices is not None and choices.has_left:
        return _say(locale, "unsubscribed_title", partner)
    return _say(locale, "choice_saved", partner) if choices is not None and choices.is_saved else ""


def render_unsubscribed(frame: Frame, *, partner: Brand, address: str, locale: str) -> str:
    say = words(locale)
    text = say("unsubscribed_text", address=masked(address), partner=partner.name)
    return _note("unsubscribed", frame, partner, locale, text=text, footnote=say("unsubscribed_note"))


def render_confirm(
    frame: Frame,
    *,
    partner: Brand,
    wordings: Sequence[str],
    action: str,
    locale: str,
    only_news: bool = False,
    hidden: Mapping[str, str] | None = None,
) -> str:
    """The page a confirmation mail leads to. `wordings` are the sentences agreed to, as they were shown;
    `only_news` says that none of them is about anything else."""
    say = words(locale)
    return _button(
        "confirm",
        frame,
        partner,
        locale,
        action=action,
        hidden=hidden,
        text=say("confirm_text"),
        button=say("confirm_news" if only_news else "confirm_agree"),
        wordings=wordings,
    )


def render_confirmed(frame: Frame, *, partner: Brand, locale: str) -> str:
    return _note("confirmed", frame, partner, locale, text=words(locale)("confirmed_text"))


def render_ended(frame: Frame, *, partner: Brand, why: Ended, locale: str) -> str:
    """The polite answer of a campaign that takes no more answers, with the partner's person to turn to."""
    return _note(why.value, frame, partner, locale, text=words(locale)(f"{why}_text", partner=partner.name))


def render_message(
    message: Message,
    frame: Frame,
    *,
    locale: str,
    partner: Brand | None = None,
    link: tuple[str, str] | None = None,
) -> str:
    """What is the matter, in the partner's colours where the partner is known. `link`: address and words of where
    to go from here."""
    text = words(locale)(f"{message}_text")
    return _note(message.value, frame, partner, locale, text=text, link=link)


def masked(address: str) -> str:
    """An address that its owner recognises and nobody else learns: a***@lindt.example."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}" if at and local else "***"


def _note(
    kind: str,
    frame: Frame,
    partner: Brand | None,
    locale: str,
    *,
    text: str,
    footnote: str = "",
    link: tuple[str, str] | None = None,
) -> str:
    return rendered(
        "note.html",
        locale,
        frame,
        brands=(partner,) if partner else (),
        title=_say(locale, f"{kind}_title", partner),
        headline=_say(locale, f"{kind}_headline", partner),
        text=text,
        footnote=footnote,
        link=link,
    )


def _button(
    kind: str,
    frame: Frame,
    partner: Brand,
    locale: str,
    *,
    action: str,
    hidden: Mapping[str, str] | None,
    text: str,
    button: str,
    wordings: Sequence[str] = (),
    template: str = "button.html",
    headline: str = "",
    **content: object,
) -> str:
    return rendered(
        template,
        locale,
        frame,
        brands=(partner,),
        title=headline or _say(locale, f"{kind}_title", partner),
        headline=headline or _say(locale, f"{kind}_headline", partner),
        text=text,
        footnote=_say(locale, f"{kind}_note", partner),
        button=button,
        action=action,
        hidden=tuple((hidden or {}).items()),
        wordings=tuple(wordings),
        **content,
    )


def _say(locale: str, key: str, partner: Brand | None) -> str:
    return words(locale)(key, partner=partner.name if partner else "")


def rendered(
    template: str, locale: str, frame: Frame, *, brands: tuple[Brand, ...], **content: object
) -> str:
    """A template with what all of them share. Pages of no partner take the house's own colour."""
    partner = brands[0] if brands else None
    return (
        _environment()
        .get_template(f"public/{template}")
        .render(
            locale=locale,
            w=words(locale),
            frame=frame,
            style=look.style(
                partner.colour if partner else look.HOUSE_COLOUR, frame.asset, look.lockup_gap(brands)
            ),
            icon=frame.stored(partner.logo.mark.name) if partner and partner.logo else "data:,",
            logos=look.lockup(brands, frame.stored),
            person=look.person(partner, frame.stored) if partner else look.NOBODY,
            firms=brands,
            **content,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["is_https"] = is_https
    return environment

"""The pages of a webinar: its own, where people register, and the one that belongs to a person's seat.

The form is the microsite's: what it asks, how mistakes come back and how consents are read is
`campaigns.channels.microsite_form`, on a `Site` made from the webinar's content.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from babel.dates import format_time

from campaigns.brand import Brand
from campaigns.channels import microsite
from campaigns.channels.microsite import CampaignFacts, FormState, Frame, Site
from campaigns.channels.microsite_look import initials
from campaigns.channels.microsite_words import words
from campaigns.kit.microsite import MicrositePage, Thanks
from campaigns.kit.model import ConsentText
from campaigns.kit.webinar import Host, Webinar
from campaigns.language import dates_in
from campaigns.regions import RegionValues
from campaigns.webinar import Session, names
from campaigns.webinar.zones import offered


class Stage(StrEnum):
    """What the page is for now."""

    OPEN = "open"
    FULL = "full"
    OVER = "over"
    RECORDED = "recorded"


_CALLS = {
    Stage.FULL: "webinar_ask_recording",
    Stage.OVER: "webinar_ask_recording",
    Stage.RECORDED: "webinar_watch",
}
"""What the page's buttons say instead of the kit's "Save my seat", where there is none to save."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says beside the kit's texts. `zone` is the visitor's, `recording` an https address or empty."""

    session: Session
    stage: Stage
    zone: str
    recording: str = ""
    reminders: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a seat's page: what it does in the field `do`, and what it says."""

    do: str
    label: str
    is_main: bool = False


def organisers(webinar: Webinar, partner: Brand, vendor: Brand) -> tuple[str, ...]:
    """Who invites, the partner first."""
    return (partner.name, vendor.name) if webinar.host is Host.JOINT else (partner.name,)


def fill(
    webinar: Webinar,
    session: Session,
    *,
    partner: Brand,
    vendor: Brand,
    regions: RegionValues,
    links: Mapping[str, str],
    campaign_name: str = "",
    fallbacks: Mapping[str, str] | None = None,
) -> Site:
    """The webinar's texts as a site, with the values they name. `links` are those its texts may hold."""
    said = names(
        session,
        organisers=organisers(webinar, partner, vendor),
        locale=webinar.locale,
        zone=session.zone,
        country=partner.country,
    )
    values = {
        **partner.values("partner"),
        **vendor.values("vendor"),
        "campaign.name": campaign_name,
        **said,
        **links,
    }
    return Site(_page(webinar), values, regions, fallbacks or {})


def render_page(
    site: Site,
    frame: Frame,
    webinar: Webinar,
    shown: Shown,
    *,
    partner: Brand,
    vendor: Brand,
    campaign: CampaignFacts,
    form: FormState,
    consents: Sequence[ConsentText],
) -> str:
    """The page, with its form or what stands in its place. With `form.errors` send it with status 422."""
    say = words(site.locale)
    notices = {Stage.FULL: "webinar_full", Stage.OVER: "webinar_over"}
    firms = organisers(webinar, partner, vendor)
    return microsite.rendered(
        "webinar.html",
        site.locale,
        frame,
        brands=(partner, vendor),
        campaign=campaign,
        webinar=webinar,
        when=_when(shown.session, firms, site.locale, shown.zone, partner.country),
        there=_there(shown, partner, site.locale),
        is_joint=webinar.host is Host.JOINT,
        notice=say(notices[shown.stage]) if shown.stage in notices else "",
        recording=shown.recording if shown.stage is Stage.RECORDED else "",
        takes_seats=shown.stage is Stage.OPEN,
        call=say(_CALLS[shown.stage]) if shown.stage in _CALLS else "",
        zones=offered(site.locale, shown.session.zone),
        chosen_zone=form.values.get("zone", shown.zone),
        reminders=shown.reminders,
        initials=initials,
        portrait=_portraits(partner),
        **microsite.form_content(site, form, consents),
    )


def render_seat(
    frame: Frame,
    *,
    partner: Brand,
    locale: str,
    headline: str,
    text: str,
    about: str = "",
    told: str = "",
    action: str = "",
    buttons: Sequence[Action] = (),
    links: Sequence[tuple[str, str]] = (),
    hidden: Mapping[str, str] | None = None,
    confirm: bool = False,
) -> str:
    """The page of one seat. `about` says which webinar, and when. `links` are addresses with their words;
    `confirm` as in `microsite.render_thanks`."""
    return microsite.rendered(
        "seat.html",
        locale,
        frame,
        brands=(partner,),
        title=headline,
        headline=headline,
        text=text,
        about=about,
        told=told,
        action=action,
        buttons=[(one.do, one.label, one.is_main) for one in buttons],
        links=tuple(links),
        hidden=tuple((hidden or {}).items()),
        confirm=confirm,
    )


def when(session: Session, partner: Brand, locale: str, zone: str) -> str:
    """Day and time in one line, for somebody in `zone`: "Thursday, 10 December 2026, 14:00 (Central …)"."""
    said = _when(session, (), locale, zone, partner.country)
    return f"{said.date}, {said.time} ({said.zone})"


def clock_time(moment: datetime, partner: Brand, locale: str, zone: str) -> str:
    """A time of day on the clock of `zone`."""
    there = moment.astimezone(ZoneInfo(zone)).timetz()
    return format_time(there, "short", locale=dates_in(locale, partner.country))


def _when(session: Session, firms: Sequence[str], locale: str, zone: str, country: str) -> SimpleNamespace:
    said = names(session, organisers=firms, locale=locale, zone=zone, country=country)
    return SimpleNamespace(**{name.removeprefix("webinar."): text for name, text in said.items()})


def _there(shown: Shown, partner: Brand, locale: str) -> str:
    """The organiser's time, where it is not the visitor's."""
    session = shown.session
    here, there = (session.starts_at.astimezone(ZoneInfo(zone)) for zone in (shown.zone, session.zone))
    if here.utcoffset() == there.utcoffset():
        return ""
    said = _when(session, (), locale, session.zone, partner.country)
    return words(locale)("webinar_there", time=said.time, organiser=partner.name, zone=said.zone)


def _page(webinar: Webinar) -> MicrositePage:
    registered = webinar.registered
    return MicrositePage(
        locale=webinar.locale,
        title=webinar.title,
        description=webinar.description,
        hero=webinar.hero,
        form=webinar.form,
        thanks=Thanks(registered.headline, registered.text, registered.next),
        confirmation=webinar.mails.confirmation,
        proof=webinar.proof,
        quote=webinar.quote,
        sections=webinar.sections,
        steps=webinar.steps,
        person=webinar.person,
        questions=webinar.questions,
    )


def _portraits(partner: Brand) -> Callable[[str], str]:
    """The stored picture of a speaker by name: the partner's own person has one in the brand, where somebody put it."""
    contact = partner.contact

    def name_of_picture(name: str) -> str:
        is_known = contact.picture is not None and name.strip().casefold() == contact.name.strip().casefold()
        return contact.picture.large.name if is_known and contact.picture else ""

    return name_of_picture

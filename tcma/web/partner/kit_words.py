"""Kits in words: what they contain, whom they are for, who pays, what the vendor sees of leads."""

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from campaigns.kit import ConditionKind, Kit, LeadVisibility, Touch, TouchKind
from tcma.funds.cards import Card
from tcma.funds.offers import Offer
from tcma.kits.catalogue import BANDS, Offered
from tcma.language import current, mark, ngettext
from tcma.language import gettext as _
from tcma.leads.kit_results import LEAST_PARTNERS, Typical
from tcma.web import formats
from tcma.web.partner import funding_words

MINUTES, MINUTES_WITHOUT_BRAND = 4, 6  # to launch it, with and without a brand that is set

SEES = {
    LeadVisibility.FIGURES: mark("%(vendor)s sees figures only: how many leads, in which state, worth what."),
    LeadVisibility.NAMED_WHERE_AGREED: mark(
        "%(vendor)s sees a lead by name where the person agreed to it on the form, and figures of all others."
    ),
    LeadVisibility.NAMED_BY_NOTICE: mark(
        "%(vendor)s sees every lead by name. The form says so, and names both firms."
    ),
}

KINDS = {
    TouchKind.EMAIL: mark("E-mail"),
    TouchKind.MICROSITE: mark("Page"),
    TouchKind.WEBINAR: mark("Webinar"),
    TouchKind.SOCIAL: mark("Posts"),
    TouchKind.BLOCK: mark("Block for your site"),
    TouchKind.AD: mark("Ad"),
    TouchKind.CALL_SCRIPT: mark("Call script"),
    TouchKind.SALES_GUIDE: mark("Guide for sales"),
    TouchKind.EVENT: mark("Event on site"),
    TouchKind.TRIAL: mark("Trial"),
}

CONDITIONS = {
    ConditionKind.NOT_CLICKED: mark("Only to people who did not click until then (%(mail)s)."),
    ConditionKind.ANSWERED: mark("Only to people who wrote back until then (%(mail)s)."),
    ConditionKind.NOT_ANSWERED: mark("Only to people who did not write back until then (%(mail)s)."),
    ConditionKind.REGISTERED: mark("Only to people who have a seat (%(mail)s)."),
    ConditionKind.NOT_REGISTERED: mark("Only to people who have no seat (%(mail)s)."),
    ConditionKind.ATTENDED: mark("Only to people who came (%(mail)s)."),
    ConditionKind.NOT_ATTENDED: mark("Only to people who had a seat and did not come (%(mail)s)."),
}


@dataclass(frozen=True, slots=True)
class Paid:
    """Who pays a kit, in one line; `by_certificate` when money is at hand already."""

    words: str
    by_certificate: bool = False
    is_funded: bool = True


def contents(offered: Offered) -> str:
    """ "3 e-mails, 1 page"."""
    summary = offered.summary
    parts = []
    if summary.mail_count:
        parts.append(ngettext("%(num)s e-mail", "%(num)s e-mails", summary.mail_count))
    if summary.page_count:
        parts.append(ngettext("%(num)s page", "%(num)s pages", summary.page_count))
    return ", ".join(parts)


def minutes(has_brand: bool) -> str:
    return _("%(minutes)s min", minutes=MINUTES if has_brand else MINUTES_WITHOUT_BRAND)


def band(place: int) -> str:
    """ "101 to 500 people"."""
    least, most = BANDS[place]
    if most is None:
        return _("%(least)s people and more", least=formats.number(least))
    return _("%(least)s to %(most)s people", least=formats.number(least), most=formats.number(most))


def sizes(offered: Offered) -> str:
    """ "firms of 1 to 100 people"."""
    parts = [
        _("%(least)s and more", least=formats.number(least))
        if most is None
        else _("%(least)s to %(most)s", least=formats.number(least), most=formats.number(most))
        for least, most in offered.summary.sizes
    ]
    return _("Firms of %(sizes)s people", sizes=", ".join(parts)) if parts else ""


def languages(locales: tuple[str, ...]) -> str:
    return ", ".join(language(locale) for locale in locales)


def language(locale: str) -> str:
    try:
        return Locale.parse(locale, sep="-").get_display_name(current()) or locale
    except (UnknownLocaleError, ValueError):
        return locale


def typical(found: Typical | None) -> str:
    if found is None or found.low is None or found.high is None:
        return _("Too few to say")
    if found.low == found.high:
        return ngettext("%(num)s lead", "%(num)s leads", found.low)
    return _("%(low)s to %(high)s leads", low=found.low, high=found.high)


def typical_more(found: Typical | None) -> str:
    """What stands behind the range, or why there is none."""
    if found is None or not found.is_known:
        return _(
            "Fewer than %(least)s other partners have run it long enough, so their results are not shown.",
            least=LEAST_PARTNERS,
        )
    return _(
        "That is the middle half of %(count)s other partners, per campaign, after two weeks or more.",
        count=found.partner_count,
    )


def paid(offered: Offered, offers: tuple[Offer, ...], cards: list[Card]) -> Paid:
    """The money at hand first, then what the vendor's funds offer."""
    for card in cards:
        certificate = card.certificate
        covers = certificate.vendor_id == offered.vendor.id and certificate.kit_id in (None, offered.kit.id)
        if covers and card.is_usable and card.left:
            left = formats.money(card.left, certificate.currency)
            words = _(
                "Your certificate: %(share)s, %(left)s left", share=share(certificate.share_bp), left=left
            )
            return Paid(words, by_certificate=True)
    if offers:
        best = max(offers, key=lambda offer: (offer.share_bp, offer.cap_amount))
        return Paid(
            _(
                "%(vendor)s pays %(share)s, up to %(cap)s",
                vendor=offered.vendor.name,
                share=share(best.share_bp),
                cap=formats.money(best.cap_amount, best.currency),
            )
        )
    return Paid(_("Not funded"), is_funded=False)


def share(share_bp: int) -> str:
    """ "50 %" from hundredths of a percent, in the reader's language."""
    return funding_words.share(share_bp)


def when(kit: Kit, touch: Touch, locale: str) -> str:
    """Where a touch stands in the sequence: "Day 4, 09:30", "7 days before: The webinar, 10:00"."""
    if touch.kind is TouchKind.MICROSITE:
        return _("Open from the launch on")
    if touch.counted_from is not None:
        every = (*kit.touches, *kit.by_hand, *kit.kept)
        of = name(kit, next(one for one in every if one.key == touch.counted_from), locale)
        day = from_day(touch.day, of)
    else:
        day = _("On the day of the launch") if touch.day == 0 else _("Day %(day)s", day=touch.day)
    return f"{day}, {touch.at:%H:%M}" if touch.at else day


def from_day(days: int, of: str) -> str:
    """So many days before or after what it is counted from."""
    if days < 0:
        return ngettext("%(num)s day before: %(of)s", "%(num)s days before: %(of)s", -days, of=of)
    if days == 0:
        return _("On the day of: %(of)s", of=of)
    return ngettext("%(num)s day after: %(of)s", "%(num)s days after: %(of)s", days, of=of)


def condition(kit: Kit, touch: Touch, locale: str) -> str:
    """Who gets it, where that is not everybody."""
    if touch.condition is None:
        return ""
    before = kit.touch(touch.condition.of)
    return _(CONDITIONS[touch.condition.kind], mail=name(kit, before, locale))


def kept(kit: Kit, locale: str) -> list[tuple[str, str]]:
    """Name and kind of what comes with a kit and is not launched from here."""
    return [(name(kit, touch, locale), _(KINDS[touch.kind])) for touch in kit.kept]


def name(kit: Kit, touch: Touch, locale: str) -> str:
    return touch.name.get(locale) or touch.name[kit.default_language]

"""What of a kit is looked at before it is launched: its mails and pages in a frame, its materials as text."""

from dataclasses import dataclass

from campaigns.channels.social_picture import Pair
from campaigns.kit import TouchKind
from campaigns.kit.materials import Briefing, Material, SocialPosts
from tcma.errors import DomainError
from tcma.language import spoken
from tcma.launches import by_hand, kit_previews
from tcma.launches.kit_previews import Look
from tcma.launches.previews import Shown
from tcma.web.frame import installation
from tcma.web.partner import kit_words, material_pictures, material_words, previews
from tcma.web.unit import viewer


@dataclass(frozen=True, slots=True)
class Part:
    """One artefact in the order it is met. `material` is what is read on the page itself; None for what is shown in
    a frame."""

    key: str
    name: str
    when: str
    condition: str
    subject: str
    kind: str = ""
    material: Material | None = None

    @property
    def is_mail(self) -> bool:
        return self.kind == TouchKind.EMAIL


def parts_of(seen: Look) -> list[Part]:
    kit, locale, say = seen.kit, seen.locale, drawn_from(seen).words
    parts = [
        Part(
            key=touch.key,
            name=kit_words.name(kit, touch, locale),
            when=kit_words.when(kit, touch, locale),
            condition=kit_words.condition(kit, touch, locale),
            subject=say.plain(touch.subject.get(locale, "") or touch.subject.get(kit.default_language, "")),
            kind=touch.kind,
        )
        for touch in kit.touches
    ]
    parts.sort(key=lambda part: not part.is_mail)
    return parts + [
        Part(
            key=touch.key,
            name=kit_words.name(kit, touch, locale),
            when=material_words.when(kit, touch, locale),
            condition=material_words.condition(kit, touch, locale),
            subject="",
            kind=touch.kind,
            material=kit.material(touch.key, locale),
        )
        for touch in by_hand.readable(viewer(), kit)
    ]


def drawn_from(seen: Look) -> by_hand.Seen:
    """The kit as its materials are drawn from it; nothing leads anywhere yet."""
    return by_hand.Seen(
        seen.campaign, seen.kit, Pair(seen.brands.partner, seen.brands.vendor), page="", starts_on=None
    )


def pictures_of(drawn: by_hand.Seen, part: Part) -> list[tuple[by_hand.PostPicture, str]]:
    if not isinstance(part.material, SocialPosts):
        return []
    return material_pictures.of_posts(installation().storage, drawn, part.material)


def briefing_of(seen: Look) -> Briefing | None:
    """For sales only, as guides and scripts are."""
    kit = seen.kit
    if not kit.briefing or not by_hand.may_sell(viewer()):
        return None
    return kit.briefing.get(seen.locale) or kit.briefing[kit.default_language]


def mail_of(seen: Look, part: Part) -> tuple[Shown | None, str]:
    """What stands around a mail in a mailbox, or the sentence why it cannot be shown."""
    if not part.is_mail:
        return None, ""
    installed = installation()
    try:
        return kit_previews.mail(installed.storage, installed.settings, seen, part.key), ""
    except DomainError as error:
        return None, spoken(error.sentence)


def html_of(seen: Look, part: Part) -> str:
    installed = installation()
    if part.is_mail:
        return kit_previews.mail(installed.storage, installed.settings, seen, part.key).message.html
    kit_previews.publish_pictures(installed.storage, seen)
    return previews.page_html(kit_previews.page(seen))

"""The parts of a kit as a form lists them."""

import re

from campaigns import kit
from campaigns.kit import Kit
from tcma.launches import editable
from tcma.launches.brands import Brands
from tcma.launches.editable import Field
from tcma.launches.models import Campaign
from tests.campaigns.brands import a_partner, a_vendor
from tests.campaigns.kit_files import STARTER, some_files

MAIL = """\
<mjml lang="en"><mj-head></mj-head><mj-body>
<mj-section css-class="platform-lockup"></mj-section>
<mj-section><mj-column>
<mj-text css-class="rg-headline"><h1>{{ partner.name }} and you</h1></mj-text>
<mj-text css-class="rg-lead"><p>For {{ contact.company }}</p></mj-text>
<mj-text css-class="rg-figure"><p>9 of 10</p></mj-text>
<mj-button href="{{ link.microsite }}">Look</mj-button>
</mj-column></mj-section>
<mj-section css-class="platform-footer"></mj-section>
</mj-body></mjml>"""
BRANDS = Brands(a_partner(), a_vendor())


def a_campaign(**written: str) -> Campaign:
    return Campaign(name="Autumn", locales=["en"], region_values={"en": written})


def the_starter() -> Kit:
    return kit.read(kit.read_folder(STARTER))


def fields_of(
    read: Kit, campaign: Campaign, locale: str = "en", made: Brands | None = BRANDS
) -> dict[str, Field]:
    groups = editable.groups(read, campaign, made, locale)
    return {field.name: field for group in groups for field in group.fields}


def test_parts_come_mails_first_each_region_once_in_reading_order() -> None:
    groups = editable.groups(the_starter(), a_campaign(), BRANDS, "en")
    assert [group.touch_key for group in groups] == ["invite", "reminder", "last-note", "page"]
    names = [field.name for group in groups for field in group.fields]
    assert names == list(dict.fromkeys(names)) and names[0] == "invite-headline"
    assert [field.name for field in groups[0].locked] == ["invite-figure"]
    assert groups[0].locked[0].reason.startswith("The figure belongs to a named study")


def test_a_language_shows_its_own_texts_and_leaves_out_mails_that_are_not_there() -> None:
    files = kit.read_folder(STARTER)
    names = ["Einladung", "Erinnerung", "Letzte Nachricht", "Seite mit der Checkliste"]
    groups = editable.groups(the_starter(), a_campaign(), BRANDS, "de")
    assert [group.name for group in groups] == names
    del files["emails/02-reminder.de.mjml"]
    groups = editable.groups(kit.read(files), a_campaign(), BRANDS, "de")
    assert [group.name for group in groups] == [name for name in names if name != "Erinnerung"]
    assert groups[0].fields[0].original == "Ransomware stoppen, bevor es Montag wird"


def test_a_locked_price_is_shown_as_it_stands_in_the_partners_country() -> None:
    price = (
        f"  figure: {{content: price, label: Price, reason: Fixed., countries: {{{BRANDS.partner.country}: "
        "{en: CHF 12}, JP: {en: JPY 900}}}\n"
    )
    manifest = some_files({})["kit.yml"].decode()
    manifest = re.sub(r"  figure: .*\n", price, manifest)
    read = kit.read(some_files({"kit.yml": manifest}))
    assert fields_of(read, a_campaign())["figure"].value == "CHF 12"
    assert fields_of(read, a_campaign(), made=None)["figure"].value == "81 in 100 come at night."


def test_the_vendors_text_is_shown_with_the_brands_names_and_a_general_word_for_the_readers() -> None:
    found = fields_of(kit.read(some_files({"emails/01-invite.mjml": MAIL})), a_campaign())
    assert found["headline"].value == f"{BRANDS.partner.name} and you" and not found["headline"].is_changed
    assert found["lead"].value == "For your firm"
    without = fields_of(kit.read(some_files({"emails/01-invite.mjml": MAIL})), a_campaign(), made=None)
    assert without["headline"].value == "{{ partner.name }} and you"


def test_what_the_partner_wrote_stands_in_its_field_and_counts_as_the_reader_sees_it() -> None:
    found = fields_of(
        the_starter(), a_campaign(**{"invite-offer": "**Seven** checks on one page.", "quote": "on"})
    )
    offer = found["invite-offer"]
    assert offer.is_changed and offer.length == len("Seven checks on one page.") and not offer.is_one_line
    assert found["quote"].value == "on" and found["quote"].original == "off"
    assert found["page-picture"].is_picture and found["page-picture"].value == "assets/hero.png"
    assert found["invite-headline"].is_one_line


def test_a_text_that_is_still_the_vendors_is_not_kept_and_unknown_names_stay_to_be_refused() -> None:
    starter = the_starter()
    groups = editable.groups(starter, a_campaign(), BRANDS, "en")
    typed = {field.name: field.original.replace("\n", "\r\n") for group in groups for field in group.fields}
    assert set(editable.without_originals(groups, typed).values()) == {""}
    assert editable.without_originals(groups, {"invented": "x", "invite-headline": "Sleep"}) == {
        "invented": "x",
        "invite-headline": "Sleep",
    }

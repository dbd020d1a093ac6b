"""What a kit says in a region, as a partner would have typed it."""

from campaigns import kit
from campaigns.kit import Kit
from campaigns.originals import originals
from campaigns.regions import apply
from tests.campaigns.kit_files import STARTER, some_files

MAIL = """\
<mjml><mj-head></mj-head><mj-body>
<mj-section css-class="platform-lockup"></mj-section>
<mj-section><mj-column>
<mj-text css-class="t rg-headline"><h1>Sleep &amp; rest,
  {{ partner.name }}</h1></mj-text>
<mj-text css-class="rg-lead"><p>Seven <strong>checks</strong> on <a href="https://a.example/x">one page</a>.</p>
<p>Two lines,<br />one word.</p></mj-text>
<mj-text>Not a region</mj-text>
</mj-column></mj-section>
<mj-section css-class="platform-footer"></mj-section>
</mj-body></mjml>"""


def the_starter() -> Kit:
    return kit.read(kit.read_folder(STARTER))


def test_a_text_of_a_mail_is_what_a_partner_would_type_with_names_as_they_stand() -> None:
    found = originals(kit.read(some_files({"emails/01-invite.mjml": MAIL})), "en")
    assert found["headline"].text == "Sleep & rest, {{ partner.name }}"
    assert (
        found["lead"].text == "Seven **checks** on [one page](https://a.example/x).\n\nTwo lines,\none word."
    )


def test_every_region_that_can_be_typed_into_has_its_original_in_reading_order() -> None:
    starter = the_starter()
    found = originals(starter, "en")
    assert list(found)[:5] == [
        "invite-headline",
        "invite-opening",
        "invite-figure",
        "invite-offer",
        "invite-button",
    ]
    assert found["page-picture"].file == "assets/hero.png"
    assert found["quote-text"].text == ""
    assert originals(starter, "de")["invite-button"].text == "Checkliste holen"


def test_the_originals_of_a_kit_are_themselves_accepted() -> None:
    starter = the_starter()
    open_ones = {region.name for region in starter.regions if region.kind == "editable"}
    typed = {name: found.text for name, found in originals(starter, "en").items() if name in open_ones}
    assert set(apply(starter.regions, typed, "en").values) == {name for name in typed if typed[name]}

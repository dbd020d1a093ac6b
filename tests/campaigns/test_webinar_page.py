"""The page of a webinar: whose picture is shown, and what its buttons say at each stage."""

from dataclasses import replace

import pytest

from campaigns import kit, regions
from campaigns.channels import microsite, webinar
from campaigns.channels.webinar import Shown, Stage
from campaigns.kit.microsite import Copy
from tests.campaigns.brands import a_partner, a_vendor, with_picture
from tests.campaigns.microsites import FACTS, FRAME
from tests.campaigns.test_webinar import a_session
from tests.campaigns.webinar_kit import webinar_files

LINKS = {f"link.{name}": "https://tcma.example/w/x/y" for name in ("webinar", "recording", "microsite")}


def page(stage: Stage = Stage.OPEN, speaker: str = "Marc Keller") -> str:
    read = kit.read(webinar_files())
    found = read.webinar("en")
    assert found is not None
    speakers = (
        replace(found.speakers[0], name=Copy(speaker, found.speakers[0].name.region)),
        found.speakers[1],
    )
    found = replace(found, speakers=speakers)
    partner, vendor = with_picture(a_partner()), a_vendor()
    site = webinar.fill(
        found,
        a_session(),
        partner=partner,
        vendor=vendor,
        regions=regions.apply(read.regions, {}, "en"),
        links=LINKS,
    )
    return webinar.render_page(
        site,
        FRAME,
        found,
        Shown(a_session(), stage, "Europe/Zurich", "https://video.example/1"),
        partner=partner,
        vendor=vendor,
        campaign=FACTS,
        form=microsite.FormState("form-token"),
        consents=read.consents,
    )


def test_a_speaker_whom_the_brand_knows_is_shown_with_the_brands_picture() -> None:
    assert "d" * 64 in page() and '<span class="initials" aria-hidden="true">MK' not in page()
    assert '<span class="initials" aria-hidden="true">SE' in page(speaker="Somebody Else")


@pytest.mark.parametrize(
    ("stage", "says", "never"),
    [
        (Stage.OPEN, "Save my seat", "Send me the recording"),
        (Stage.FULL, "Send me the recording", "Save my seat"),
        (Stage.OVER, "Send me the recording", "Save my seat"),
        (Stage.RECORDED, "Watch the recording", "Save my seat"),
    ],
)
def test_nobody_is_offered_a_seat_where_there_is_none(stage: Stage, says: str, never: str) -> None:
    shown = page(stage)
    assert says in shown and never not in shown
    assert ("Your seat" in shown) is (stage is Stage.OPEN)

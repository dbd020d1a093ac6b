"""The frame: the mail as it is sent, by part, person, language and scheme; nothing in it runs, loads or leads away."""

import re
from html import unescape
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tcma.audiences.models import Contact
from tcma.launches import previews as mails
from tcma.launches.deliveries import TouchEvent
from tcma.launches.models import Campaign
from tcma.launches.previews import Wanted
from tcma.partners.brands import profile_of
from tcma.web.partner import previews
from tests.tcma.launches.ready import TUESDAY
from tests.web.partner.campaign_scene import marketer, setup_of
from tests.web.people import Visitor
from tests.web.site import ANNA, BASE, Site

_TOKEN = re.compile(r"(?<=/[rou]/)[A-Za-z0-9_-]{20,}")
_ADDED = re.compile(r'<base target="_blank"><style>.*?</style><template>.*?</template>(?=</head>)', re.DOTALL)


@pytest.fixture
def draft(site: Site) -> Campaign:
    return site.world.draft(wall=TUESDAY)


@pytest.fixture
def person(site: Site) -> Visitor:
    return marketer(site)


def frame_of(visitor: Visitor, draft: Campaign, key: str = "invite", **query: str) -> str:
    answer = visitor.get(f"/p/harbour-it/campaigns/{draft.public_id}/preview/{key}", query_string=query)
    assert answer.status_code == 200, answer.text[:500]
    return answer.text


def anna_of(site: Site) -> str:
    with site.installation.worker.reading() as session:
        return str(session.scalars(select(Contact.public_id).where(Contact.address == ANNA)).first())


def test_the_frame_holds_the_test_mail_but_for_tokens_scheme_and_the_places_of_pictures(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    anna = anna_of(site)
    world = site.world
    test = mails.test_message(
        world.installation.web,
        world.partner,
        world.files,
        site.installation.settings,
        draft.public_id,
        Wanted("invite", "en", UUID(anna)),
        to="marc@harbour-it.example",
    )
    shown = frame_of(person, draft, person=anna, scheme="light", locale="en")
    own = _ADDED.sub("", shown)
    wanted = previews.framed(test.html, "light", BASE, {})
    assert len(own) > 5_000 and own != shown
    assert _TOKEN.sub("*", own) == _TOKEN.sub("*", _ADDED.sub("", wanted))
    assert _TOKEN.findall(own)


def test_a_change_of_text_colour_or_contact_shows_in_the_next_frame(person: Visitor, draft: Campaign) -> None:
    step = setup_of(draft, "brand")
    assert "Sleep on Friday" not in frame_of(person, draft)
    person.post(step, {"region-invite-headline": "Sleep on Friday", "locale": "en"})
    assert "Sleep on Friday" in frame_of(person, draft)
    person.post(step, {"colour": "own", "colour_own": "#5b2d90"})
    assert "#5b2d90" in frame_of(person, draft)
    person.post(step, {"contact_name": "Ursina Alpiger"})
    assert "Ursina Alpiger" in frame_of(person, draft) and "Ursina Alpiger" in frame_of(person, draft, "page")


def test_each_part_person_language_and_scheme_makes_its_own_frame(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    anna, sample, nobody = (
        frame_of(person, draft, person=who) for who in (anna_of(site), "sample", "nobody")
    )
    assert f"to {ANNA}" in anna and "Hello Anna," in sample and "Hello Anna" not in nobody
    assert "last" in frame_of(person, draft, "last-note").lower()
    page = frame_of(person, draft, "page")
    assert "This is a preview" in page and "rg-page-headline" in page
    light, dark = (frame_of(person, draft, scheme=scheme) for scheme in ("light", "dark"))
    assert "prefers-color-scheme" not in light + dark and light != dark
    assert "@media (min-width:0)" in dark and "@media (min-width:0)" not in light


def test_nothing_in_the_frame_runs_loads_or_leads_away(site: Site, person: Visitor, draft: Campaign) -> None:
    before = len(site.rows(TouchEvent))
    for key in ("invite", "page"):
        answer = person.get(f"/p/harbour-it/campaigns/{draft.public_id}/preview/{key}")
        policy = answer.headers["Content-Security-Policy"]
        assert (
            "default-src 'none'" in policy and "script-src" not in policy and "form-action 'none'" in policy
        )
        assert "sandbox allow-same-origin" in policy and "allow-scripts" not in policy
        assert "frame-ancestors 'self'" in policy
        assert '<base target="_blank">' in answer.text
        loaded = re.findall(r'(?:src|srcset)="([^"]+)"', answer.text)
        assert loaded and all(address.startswith(("/", "data:")) for address in loaded)
        for address in loaded:
            assert person.get(address).status_code == 200
    token = _TOKEN.search(frame_of(person, draft))
    assert token is not None
    person.get(f"/r/{token[0]}/0")
    person.post(f"/u/{token[0]}")
    assert len(site.rows(TouchEvent)) == before


def test_the_choice_of_the_reader_survives_a_reload_and_the_next_step(
    person: Visitor, draft: Campaign
) -> None:
    step = setup_of(draft, "brand")
    person.get(f"{step}?show=reminder&device=phone&scheme=dark&person=nobody")
    page = person.get(step).text
    frame = re.search(r"<iframe[^>]*>", page)
    assert frame is not None
    tag = unescape(frame[0])
    assert 'class="phone mail"' in tag and 'sandbox="allow-same-origin"' in tag
    assert "/preview/reminder?scheme=dark" in tag and "person=nobody" in tag
    assert "/preview/reminder?scheme=dark" in unescape(person.get(setup_of(draft, "budget")).text)


@pytest.mark.parametrize(
    "query", ["show=%3Cscript%3E", "person=nonsense", "scheme=neon", "device=fridge", "locale=xx"]
)
def test_a_choice_that_is_none_falls_back_to_what_there_is(
    person: Visitor, draft: Campaign, query: str
) -> None:
    answer = person.get(f"{setup_of(draft, 'brand')}?{query}")
    assert answer.status_code == 200 and "/preview/invite?scheme=light" in unescape(answer.text)


def test_the_panel_says_from_whom_to_whom_and_what_a_mailbox_shows(person: Visitor, draft: Campaign) -> None:
    page = person.get(f"{setup_of(draft, 'brand')}?person=sample").text
    inbox = re.search(r'id="preview-inbox".*?</p>', page, re.DOTALL)
    assert inbox is not None
    for said in (
        "Marc Keller, Harbour IT",
        "to Anna Meier",
        "Seven checks before the weekend",
        "One page, about 25",
    ):
        assert said in inbox[0]


def test_a_brand_that_is_not_set_is_said_in_the_frame_and_nothing_breaks(
    site: Site, person: Visitor, draft: Campaign
) -> None:
    with site.installation.owner.transaction() as session:
        session.delete(profile_of(session, site.partner_id))
    assert "has not set its brand yet" in frame_of(person, draft)
    page = person.get(setup_of(draft, "brand"))
    assert page.status_code == 200 and "has not set its brand yet" in page.text


def test_another_partners_frame_is_not_found(sites: list[Site]) -> None:
    draft = sites[0].world.draft()
    path = f"/p/alpine-it/campaigns/{draft.public_id}/preview/invite"
    assert marketer(sites[1]).get(path).status_code == 404


words = st.text(alphabet=st.characters(codec="utf-8"), max_size=60)


@given(words, st.sampled_from(("light", "dark")))
def test_the_words_over_a_locked_part_cannot_leave_their_style(said: str, scheme: str) -> None:
    html = previews.framed("<html><head></head><body></body></html>", scheme, BASE, {"figure": said})
    style = html.split("<style>", 1)[1].split("</style>", 1)[0]
    content = style.split('content:"\\1F512  ', 1)[1]
    assert html.count("</style>") == 1 and html.endswith("</head><body></body></html>")
    assert content.count('"') == 1 and "\n" not in content.split('"')[0]

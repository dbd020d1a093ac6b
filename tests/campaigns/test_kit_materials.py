"""Kits with every kind of touch: what runs here, what is kept, and how each file is checked."""

# ruff: noqa: E501  (tables read better in one line a case)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns import kit
from campaigns.channels import email
from campaigns.kit.materials import CallScript, Layout, Network, SalesGuide, SocialPosts
from campaigns.kit.model import BY_HAND, TouchKind
from campaigns.kit.sales import LONGEST_BRIEFING, WORDS_A_MINUTE
from campaigns.kit.social import LENGTH_OF_LINK, LONGEST_POST, counted
from campaigns.kit.webinar import Ahead, Host, Webinar
from campaigns.regions import apply
from tests.campaigns.brands import a_partner, a_vendor
from tests.campaigns.kit_files import MAIL, found, some_files, with_change
from tests.campaigns.kit_materials import FULL, every_kind, every_kind_but

WEBINAR, POSTS, CALL, SEAT = "webinar.yml", "social/posts.yml", "calls/call.yml", "emails/03-seat.mjml"


WAITS = """\
  - key: waits
    kind: email
    name: Before the evening
    day: -3
    from: evening
    file: emails/03-seat.mjml
    subject: A chair
    preview: Is free.
"""


class TestEveryKind:
    def test_a_kit_of_all_kinds_has_neither_problems_nor_notes_and_nothing_is_kept_only(self) -> None:
        assert kit.check(every_kind()) == []
        assert kit.read(every_kind()).kept == ()

    def test_it_has_every_kind_there_is(self) -> None:
        read = kit.read(every_kind())
        assert {touch.kind for touch in (*read.touches, *read.by_hand, *read.kept)} == set(TouchKind)

    def test_what_people_do_by_hand_is_not_handed_to_a_launch(self) -> None:
        read = kit.read(every_kind())
        assert {touch.kind for touch in read.by_hand} == BY_HAND
        assert not {touch.key for touch in read.by_hand} & {touch.key for touch in read.touches}
        assert read.done_by_hand("call").condition == kit.Condition(kit.ConditionKind.ANSWERED, "invite")
        with pytest.raises(KeyError):
            read.done_by_hand("invite")

    def test_only_mails_and_pages_run_and_nothing_else_is_handed_to_a_launch(self) -> None:
        read = kit.read(every_kind())
        assert [touch.key for touch in read.touches] == [
            "page",
            "invite",
            "reminder",
            "talk",
            "seat",
            "recording",
        ]
        with pytest.raises(KeyError):
            read.touch("posts")

    def test_a_mail_that_waits_for_an_event_is_kept_and_says_what_it_waits_for(self) -> None:
        files = every_kind_but("kit.yml", "  - {key: trial,", WAITS + "  - {key: trial,")
        reasons = {touch.key: touch.why_not for touch in kit.read(files).kept}
        assert reasons["waits"] == "its days are counted from 'evening', which does not run here yet."

    def test_a_mail_may_name_the_webinar_that_runs(self) -> None:
        files = every_kind_but("kit.yml", "subject: Seven checks for", "subject: '{{ webinar.title }} for")
        files["kit.yml"] = files["kit.yml"].replace(b"{{ contact.company }}", b"{{ contact.company }}'", 1)
        assert [touch.key for touch in kit.read(files).touches] == [
            "page",
            "invite",
            "reminder",
            "talk",
            "seat",
            "recording",
        ]

    def test_what_asks_people_to_come_is_an_invitation(self) -> None:
        read = kit.read(every_kind())
        inviting = {touch.key for touch in read.touches if touch.invites}
        assert inviting == {"seat"}  # not the recording, for those who did not come
        files = every_kind_but("kit.yml", "    condition: not_registered:talk\n", "")
        assert kit.read(files).touch("seat").invites  # it leads to the webinar's page before its day

    @pytest.mark.parametrize("word", ["answered", "not_answered"])
    def test_a_mail_that_waits_for_an_answer_runs(self, word: str) -> None:
        read = kit.read(with_change("kit.yml", "not_clicked:invite", f"{word}:invite"))
        assert read.kept == ()
        assert read.touch("reminder").condition == kit.Condition(kit.ConditionKind(word), "invite")

    def test_a_kit_of_which_nothing_runs_says_so(self) -> None:
        files = every_kind()
        lines = files["kit.yml"].decode().split("sequence:\n")
        first, rest = lines[1].index("  - {key: posts"), lines[1].index("  - {key: piece")
        only = lines[0] + "sequence:\n" + lines[1][first:rest] + lines[1][lines[1].index("briefing:") :]
        only = only.replace("  headline: {content: headline, label: Headline}\n", "")
        assert (
            "kit.yml line 11: Nothing of this sequence runs on this installation yet, so the kit cannot be published."
            in found(files | {"kit.yml": only.encode()})
        )


class TestTyped:
    def test_a_webinar_says_its_length_seats_organisers_and_mails(self) -> None:
        talk = kit.read(every_kind()).material("talk", "de")
        assert isinstance(talk, Webinar)
        assert (talk.minutes, talk.seats, talk.host) == (40, 100, Host.JOINT)
        assert set(talk.mails.reminders) == {Ahead.DAY, Ahead.HOUR}
        assert talk.region_names() == ("lead", "speaker")

    def test_posts_know_their_network_and_the_shapes_of_their_picture(self) -> None:
        posts = kit.read(every_kind()).material("posts", "en")
        assert isinstance(posts, SocialPosts) and posts.picture is not None
        assert [post.network for post in posts.posts] == [Network.LINKEDIN] * 3
        assert [layout.size for layout in posts.picture.layouts] == [(1200, 627), (1080, 1080)]
        assert posts.picture.layouts == tuple(Layout)

    def test_a_guide_is_cut_into_chapters_and_a_script_into_questions(self) -> None:
        read = kit.read(every_kind())
        guide, call = read.material("guide", "en"), read.material("call", "en")
        assert isinstance(guide, SalesGuide) and isinstance(call, CallScript)
        assert [chapter.heading for chapter in guide.chapters] == ["", "Who asks", "What it costs"]
        assert call.questions[0].bant == "need"

    def test_a_condition_and_the_day_it_counts_from_are_read(self) -> None:
        seat = kit.read(every_kind()).touch("seat")
        assert (seat.day, seat.counted_from) == (-7, "talk")
        assert seat.condition == kit.Condition(kit.ConditionKind.NOT_REGISTERED, "talk")

    def test_a_language_without_its_post_is_incomplete(self) -> None:
        files = every_kind({"kit.yml": FULL.replace("languages: [en]", "languages: [en, de]")})
        for path in list(files):
            stem, _dot, ending = path.rpartition(".")
            if not path.startswith(("kit.yml", "assets/", "microsite/checks", "social/")):
                files[f"{stem}.de.{ending}"] = files[path]
        (note,) = [str(problem) for problem in kit.check(files) if "incomplete" in str(problem)]
        assert "social/posts.de.yml" not in note  # it lacks every subject first
        assert "social/posts.de.yml" not in files
        assert kit.read(files).complete_languages == ("en",)


class TestPriceByCountry:
    REGION = """\
  price:
    content: price
    label: Price
    reason: The same at every partner.
    countries:
      CH: {en: CHF 12 a seat}
      DE: {en: EUR 11 a seat}
"""

    def files(self) -> dict[str, bytes]:
        files = with_change("kit.yml", "consents:", self.REGION + "consents:")
        files["emails/01-invite.mjml"] = MAIL.replace("rg-figure", "rg-price").encode()
        return files

    @pytest.mark.parametrize(
        ("country", "expected"),
        [("CH", "CHF 12 a seat"), ("DE", "EUR 11 a seat"), ("FR", "81 in 100 come at night.")],
    )
    def test_a_mail_says_the_price_of_the_partners_country(self, country: str, expected: str) -> None:
        read = kit.read(self.files())
        facts = email.Facts("sleep-well", "Sleep well", "harbour-it", "https://tcma.example")
        values = apply(read.regions, {}, "en", country)
        artefact = email.freeze(
            read, "invite", "en", values=values, vendor=a_vendor(), partner=a_partner(), facts=facts
        )
        assert expected in artefact.html
        assert sum(words in artefact.html for words in ("CHF 12", "EUR 11", "81 in 100")) == 1

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("DE: {en", "Germany: {en", "'Germany' is not a country. Use two capitals such as CH."),
            ("    content: price\n", "    content: price\n    kind: editable\n", "Only a locked region has texts by country. Take 'countries' out or lock it."),
            ("DE: {en: EUR 11 a seat}", "DE: {fr: EUR 11}", "'fr' is not among the languages of this kit."),
        ],
    )  # fmt: skip
    def test_texts_by_country_that_cannot_be_used_are_told(self, old: str, new: str, expected: str) -> None:
        files = self.files()
        source = files["kit.yml"].decode()
        assert old in source
        files["kit.yml"] = source.replace(old, new).encode()
        assert any(sentence.endswith(expected) for sentence in found(files))

    def test_a_country_outside_the_kit_is_told(self) -> None:
        files = self.files()
        files["kit.yml"] = files["kit.yml"].replace(b"languages: [en]", b"languages: [en]\ncountries: [CH]")
        assert "kit.yml line 39: 'DE' is not among the countries of this kit." in found(files)

    def test_a_whole_block_has_no_text_that_could_differ(self) -> None:
        files = self.files()
        proof = b"proof:\n  region: price\n  points: [{figure: 1, text: a, source: b}]\nform:"
        files["microsite/page.yml"] = files["microsite/page.yml"].replace(b"form:", proof, 1)
        assert any("'price' is a whole block of the page" in sentence for sentence in found(files))


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        ("kit.yml", "condition: not_registered:talk", "condition: not_registered:invite", "kit.yml line 38: The condition names 'invite', which is no earlier webinar or event of this sequence."),
        ("kit.yml", "day: -7", "day: 0", "kit.yml line 38: From the day of 'talk' on nobody can register. Use a 'day' below 0."),
        ("kit.yml", "    day: 1\n", "    day: 0\n", "kit.yml line 47: Who came to 'talk' is known the day after. Write 'from: talk' and a 'day' of 1 or more."),
        ("kit.yml", "    day: 1\n    from: talk\n", "    day: 9\n", "kit.yml line 46: Who came to 'talk' is known the day after. Write 'from: talk' and a 'day' of 1 or more."),
        ("kit.yml", "    from: talk", "    from: invite", "kit.yml line 37: 'from' names 'invite', which is no earlier webinar or event."),
        ("kit.yml", "day: -7", "day: -70", "kit.yml line 36: 'day' has to be a whole number from -60 to 365, not '-70'."),
        ("kit.yml", "day: 6, condition", "day: 0, condition", "kit.yml line 55: 'call' goes out on the same day as 'invite', before anybody could answer."),
        ("kit.yml", "  - {key: trial, kind: trial", "  - {key: talk2, kind: webinar, name: Twice, file: webinar.yml}\n  - {key: trial, kind: trial", "kit.yml line 58: A kit has one webinar. Take the second one out."),
        ("kit.yml", "file: social/posts.yml", "file: emails/posts.yml", "kit.yml line 51: 'emails/posts.yml' has to be a file social/<name>.yml."),
        ("kit.yml", "file: guides/guide.md", "file: guides/other.md", "kit.yml line 56: There is no file 'guides/other.md'."),
        ("kit.yml", "briefing: briefing.md", "briefing: README.md", "kit.yml line 59: The briefing stands in briefing.md, not in 'README.md'."),
        ("kit.yml", "kind: trial, name: Trial", "kind: trial, condition: answered:invite, name: Trial", "kit.yml line 58: 'condition' is not known here. Take it out."),
        ("kit.yml", "lead_visibility: named_by_notice\n", "lead_visibility: figures\n", "kit.yml line 78: 'talk' is joint, so both firms get the list: that needs lead_visibility: named_by_notice. Otherwise the host is the partner."),
        (WEBINAR, "minutes: 40", "minutes: 900", "webinar.yml line 3: 'minutes' has to be a whole number from 5 to 480, not '900'."),
        (WEBINAR, "host: joint", "host: nobody", "webinar.yml line 5: 'nobody' is not a host. It can be: partner, joint."),
        (WEBINAR, "    - The seven checks.\n", "", "webinar.yml line 12: 'points' has to be a list of 2 to 8 things that people take away."),
        (WEBINAR, "{{ link.join }}", "soon", "webinar.yml line 39: This mail has to hold {{ link.join }}, the way into the room."),
        (WEBINAR, "    day: {subject: Tomorrow, text: \"At {{ webinar.time }}.\"}\n", "", "webinar.yml line 38: 'day' is missing."),
        (WEBINAR, "text: We are sorry.", "text: \"We are sorry, {{ contact.first_name }}.\"", "webinar.yml line 41: 'contact.first_name' is not used on a page: a forwarded mail would name somebody else."),
        (WEBINAR, "information: information", "information: sharing", "webinar.yml: The form shows 'sharing', which is no information text of kit.yml."),
        (WEBINAR, "region: speaker", "region: nobody", "webinar.yml line 16: region 'nobody' is used but not described in kit.yml."),
        (WEBINAR, "assets/hero.png", "assets/nora.png", "webinar.yml line 19: There is no file 'assets/nora.png'. Put it into assets/."),
        (SEAT, "{{ link.webinar }}", "{{ link.join }}", "emails/03-seat.mjml line 11: A link may be a name only for link.microsite, link.recording, link.webinar, partner.website, vendor.website."),
        (SEAT, "81 in 100", "{{ link.join }}", "emails/03-seat.mjml line 10: 'link.join' stands in the mails of webinar.yml only."),
        ("microsite/page.yml", "next: We call you.", "next: \"{{ webinar.date }}\"", "microsite/page.yml line 22: 'webinar.date' is not used on this page. It stands in mails and in webinar.yml."),
        (POSTS, "network: linkedin", "network: fax", "social/posts.yml line 9: 'fax' is not a network. It can be: linkedin, facebook, instagram, x, bluesky, mastodon, threads."),
        (POSTS, "network: linkedin, text: When", f"network: x, text: {'long ' * 52}When", "social/posts.yml line 9: This post has 322 characters with its link; x takes 280. Shorten it."),
        (POSTS, "key: fact", "key: ask", "social/posts.yml line 10: The post 'ask' stands twice. Give one of them another key."),
        (POSTS, "{{ partner.name }} helps", "{{ contact.first_name }} helps", "social/posts.yml line 11: 'contact.first_name' is not used here: everybody reads the same text."),
        (POSTS, "{{ partner.name }} helps", "{{ link.microsite }} helps", "social/posts.yml line 11: 'link.microsite' is not used here: the product puts the link in. Say where with 'link'."),
        (POSTS, "[landscape, square]", "[landscape, round]", "social/posts.yml line 6: 'round' is not a layout. It can be: landscape, square."),
        (POSTS, "  alt: A quiet desk\n", "", "social/posts.yml line 3: 'alt' is missing."),
        (POSTS, "background: assets/hero.png", "background: assets/none.png", "social/posts.yml line 7: There is no file 'assets/none.png'. Put it into assets/."),
        (POSTS, "  - {key: offer, network: linkedin, text: \"{{ partner.name }} helps.\"}\n", "", "social/posts.yml line 8: Three texts for each network give partners a choice; linkedin has 2."),
        ("blocks/piece.yml", "**Seven**", "<b>Seven</b>", "blocks/piece.yml line 2: HTML is not used here. Write Markdown: **bold**, lists, [links](https://)."),
        ("blocks/piece.yml", "button: Get them", "button: Get them\nlink: shop", "blocks/piece.yml line 4: 'shop' is not a link. It can be: microsite, webinar."),
        ("ads/search.yml", "One page for small firms", "One page with seven checks for small firms", "ads/search.yml line 2: 'One page with seven checks for small fir' has 42 characters. It may have 30."),
        ("ads/search.yml", "[Seven backup checks, One page for small firms, \"{{ partner.name }}\"]", "[One]", "ads/search.yml line 2: 'headlines' needs 3 to 15 entries; there are 1."),
        ("ads/search.yml", "keywords", "introduction: x\nkeywords", "ads/search.yml line 4: 'introduction' is not known here. Take it out."),
        (CALL, "bant: need", "bant: mood", "calls/call.yml line 4: 'mood' is not a bant. It can be: budget, authority, need, timing."),
        (CALL, "{{ contact.first_name }}", "{{ contact.last_name }}", "calls/call.yml line 2: 'contact.last_name' has no fallback. Describe it under merge_fields in kit.yml."),
        ("guides/guide.md", "# Before you call", "Before you call", "guides/guide.md line 1: The first line has to be the title: # and a space before it."),
        ("guides/guide.md", "## Who asks", "### Who asks", "guides/guide.md line 5: Chapters begin with '## '. There is one title and no deeper heading."),
        ("guides/guide.md", "Owners.", "Owners, {{ contact.company }}.", "guides/guide.md line 7: 'contact.company' is not used here: everybody reads the same text."),
        ("briefing.md", "Seven checks.", "word " * (LONGEST_BRIEFING * WORDS_A_MINUTE), "briefing.md: This briefing has 1,003 words, 6 minutes of reading. It may have 1,000 words, which are 5 minutes."),
        ("events/evening.yml", "minutes: 45", "minutes: 90", "events/evening.yml line 5: The agenda takes 150 minutes; the event has 120. Make them fit."),
        ("trial.yml", "day: 25", "day: 31", "trial.yml line 4: A step is on day 31, after the 30 days of the trial."),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_line_and_sentence(path: str, old: str, new: str, expected: str) -> None:
    assert expected in found(every_kind_but(path, old, new))


def test_a_post_that_leads_to_a_page_needs_a_page() -> None:
    lines = every_kind_but(POSTS, "link: microsite", "link: webinar")["kit.yml"].decode()
    without = lines.replace("  - {key: talk, kind: webinar, name: Webinar, file: webinar.yml}\n", "")
    files = every_kind(
        {"kit.yml": without, POSTS: every_kind()[POSTS].replace(b"link: microsite", b"link: webinar")}
    )
    assert "kit.yml line 50: 'posts' leads to a webinar, and this kit has none." in found(files)
    assert any("says something of a webinar, and this kit has none" in sentence for sentence in found(files))


@pytest.mark.parametrize(
    "path", ["webinar.yml", "trial.yml", "social/posts.yml", "guides/guide.md", "briefing.md"]
)
def test_a_file_nobody_names_is_noted(path: str) -> None:
    content = every_kind()[path]
    assert f"{path}: Nothing uses this file. Take it out or name it in kit.yml." in found(
        some_files({path: content})
    )


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="{}\r\n"), max_size=400), st.sampled_from(Network)
)
def test_a_post_counts_its_text_a_line_and_its_link(text: str, network: Network) -> None:
    link = LENGTH_OF_LINK.get(network, 60)
    assert counted(text, network) == len(text.strip()) + 1 + link
    assert counted(text + "{{ partner.name }}", network) <= len(text) + 30 + 1 + link
    assert LONGEST_POST[network] >= 280


_paths = st.sampled_from([path for path in every_kind() if not path.startswith(("assets/", "microsite/"))])


@settings(max_examples=40, deadline=None)
@given(
    _paths,
    st.integers(0, 2_500),
    st.integers(0, 40),
    st.sampled_from(["", "{{", "{{ a.b }}", "<", ":", "- ", "\t", "é", "}", '"', "\n", "[]", "&a ", "# "]),
)
def test_no_damage_to_a_file_makes_the_check_crash(path: str, at: int, length: int, put: str) -> None:
    files = every_kind()
    text = files[path].decode()
    files[path] = (text[:at] + put + text[at + length :]).encode()
    for problem in kit.check(files):
        assert problem.sentence.endswith((".", "?", ")"))

"""What a partner may change in a kit, and what not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import ContentError
from campaigns.regions import Formatting, Region, RegionContent, RegionKind, RegionValues, Variant, apply
from campaigns.sandbox import parse


def a_region(kind: RegionKind = RegionKind.EDITABLE, **more: object) -> Region:
    return Region(name="offer", kind=kind, label={"en": "Offer", "de": "Angebot"}, **more)  # type: ignore[arg-type]


def set_to(value: str, region: Region, locale: str = "en") -> RegionValues:
    return apply([region], {"offer": value}, locale)


def refusal(value: str, region: Region, locale: str = "en") -> str:
    with pytest.raises(ContentError) as caught:
        set_to(value, region, locale)
    return str(caught.value)


def test_a_locked_region_is_refused_with_its_reason() -> None:
    region = a_region(RegionKind.LOCKED, reason={"en": "The figure is from a named study."})
    assert (
        refusal("9 of 10", region)
        == "offer: Offer is locked and stays as it is. The figure is from a named study."
    )


def test_a_locked_region_is_refused_even_when_nothing_is_typed() -> None:
    assert "locked" in refusal("", a_region(RegionKind.LOCKED))


def test_a_brand_region_is_refused() -> None:
    assert (
        refusal("#fff", a_region(RegionKind.BRAND)) == "offer: Offer comes from your brand. Change it there."
    )


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(ContentError, match="no region of this name"):
        apply([a_region()], {"ofer": "x"}, "en")


def test_every_refused_field_is_told_at_once_in_its_own_language() -> None:
    with pytest.raises(ContentError) as caught:
        apply([a_region(max_length=3), a_region(RegionKind.LOCKED)], {"offer": "long", "x": "y"}, "de")
    assert [p.path for p in caught.value.problems] == ["offer", "x"]
    assert "Angebot" in str(caught.value)


def test_a_region_that_is_not_set_keeps_the_kits_text() -> None:
    values = apply([a_region()], {"offer": "   "}, "en")
    assert values.text("offer") is None
    assert values.html("offer") is None


def test_lengths_count_what_the_reader_sees() -> None:
    region = a_region(
        max_length=8, min_length=3, formatting=Formatting.LINK, link_domains=("harbour.example",)
    )
    assert set_to("**[our page](https://harbour.example/a-long-address)**", region).text("offer")
    assert refusal("nine char", region) == "offer: Offer has 9 characters. It may have 8."
    assert refusal("no", region) == "offer: Offer has 2 characters. It needs at least 3."
    assert "far too long" in refusal("a" * 30_000, a_region(max_length=60))


def test_text_is_escaped_and_braces_cannot_become_a_template() -> None:
    html = set_to('<script>alert(1)</script> {{ contact.email }} & "more"', a_region()).html("offer")
    assert html is not None
    assert "<" not in html
    assert parse(html).names() == frozenset()


def test_bold_and_links_work_where_they_are_allowed_and_nowhere_else() -> None:
    typed = "Call **Marc** or see [our page](https://www.harbour.example/x?a=1&b=2)"
    linked = a_region(formatting=Formatting.LINK, link_domains=("harbour.example",))
    assert set_to(typed, linked).html("offer") == (
        'Call <strong>Marc</strong> or see <a href="https://www.harbour.example/x?a=1&amp;b=2">our page</a>'
    )
    assert (
        set_to(typed, linked).text("offer")
        == "Call Marc or see our page (https://www.harbour.example/x?a=1&b=2)"
    )
    assert "may not contain links" in refusal(typed, a_region(formatting=Formatting.BOLD))
    assert set_to("**Marc**", a_region()).html("offer") == "**Marc**"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example",
        "https://harbour.example.evil.example",
        "https://evilharbour.example",
        "https://harbour.example@evil.example",
        "https://user:pass@harbour.example",
        "https://harbour.example:8443/",
        "https://harbour.example\\@evil.example",
        "https://evil.example#harbour.example",
        "https://evil.example?.harbour.example",
        "https:/harbour.example",
        "http://harbour.example",
        "//harbour.example",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "https://harbour.example/**a**",
        'https://harbour.example/"onclick=x',
        "https://hаrbour.example",
        "https://[::1",
        "https://harbour.example/{{x}}",
    ],
)
def test_a_link_to_anywhere_else_is_refused(link: str) -> None:
    region = a_region(formatting=Formatting.LINK, link_domains=("harbour.example",))
    assert refusal(f"see [this]({link})", region).startswith("offer: Offer: The link '")


@pytest.mark.parametrize(
    "bare", ["https://evil.example/x", "www.evil.example", "http://evil.example", "ftp://evil.example"]
)
def test_bare_addresses_count_as_links_because_mail_programs_make_them_so(bare: str) -> None:
    assert "may not contain links" in refusal(f"go to {bare}.", a_region())
    with_links = a_region(formatting=Formatting.LINK, link_domains=("harbour.example",))
    assert "The link '" in refusal(f"go to {bare}.", with_links)
    assert "The link '" in refusal(f"[{bare}](https://harbour.example)", with_links)


def test_allowed_domains_may_be_written_with_accents() -> None:
    region = a_region(formatting=Formatting.LINK, link_domains=("müller.example",))
    assert set_to("[wir](https://www.xn--mller-kva.example/)", region).text("offer")
    assert set_to("[wir](https://müller.example/)", region).text("offer")


def test_headlines_and_buttons_have_one_line_and_texts_have_several() -> None:
    assert "one line" in refusal("a\nb", a_region(content=RegionContent.HEADLINE))
    assert set_to("a\r\nb", a_region()).html("offer") == "a<br />b"


@pytest.mark.parametrize("hidden", ["\x00", "\x1b[31m", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028"])
def test_invisible_characters_are_refused(hidden: str) -> None:
    assert "invisible" in refusal(f"good{hidden}text", a_region())


def test_a_choice_gives_the_text_of_the_picked_variant_in_the_language() -> None:
    variants = (
        Variant("calm", {"en": "Calm"}, {"en": "Sleep well", "de": "Gut schlafen"}),
        Variant("harbour", {"en": "Harbour"}, file="assets/harbour.png"),
    )
    region = a_region(RegionKind.CHOICE, variants=variants)
    assert set_to("calm", region, "de").text("offer") == "Gut schlafen"
    assert set_to("calm", region, "fr").text("offer") == "Sleep well"
    assert set_to("harbour", region).file("offer") == "assets/harbour.png"
    assert refusal("loud", region) == "offer: Offer can be one of: calm, harbour."


def test_an_optional_region_is_on_or_off_and_starts_as_the_kit_says() -> None:
    region = a_region(RegionKind.OPTIONAL, default_on=False)
    assert not apply([region], {}, "en").shown("offer")
    assert set_to("on", region).shown("offer")
    assert set_to("on", region).text("offer") is None
    assert refusal("yes", region) == 'offer: Offer can be "on" or "off".'


def test_an_editable_picture_takes_only_the_name_of_a_stored_picture() -> None:
    region = a_region(content=RegionContent.PICTURE)
    stored = "a" * 64 + ".png"
    assert set_to(stored, region).file("offer") == stored
    assert set_to(stored, region).text("offer") is None
    for hostile in ("https://evil.example/a.png", "../a.png", "a" * 64 + ".svg", "assets/hero.png"):
        assert "uploaded here" in refusal(hostile, region)


_typed = st.text(alphabet="ab*[]()<>\"'{}%&.:/ \nhtps", max_size=60)


@given(st.one_of(_typed, st.text(max_size=60)), st.sampled_from(list(Formatting)))
def test_whatever_is_accepted_has_no_tag_but_bold_link_and_break_and_opens_no_template(
    typed: str, formatting: Formatting
) -> None:
    try:
        values = set_to(typed, a_region(formatting=formatting, link_domains=("ab.example",)))
    except ContentError:
        return
    html = values.html("offer") or ""
    for allowed in ("<strong>", "</strong>", "</a>", "<br />", '<a href="https://'):
        html = html.replace(allowed, "")
    assert "<" not in html
    assert "{" not in html

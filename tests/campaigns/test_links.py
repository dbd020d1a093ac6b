from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.links import MAX_ID48, MAX_ID64, Link, Purpose, Signer, Token, Utm, rewrite

SIGNER = Signer({1: b"a" * 32, 2: b"b" * 32}, current=2)
UTM = Utm(source="harbour-it", campaign="ransomware", content="invite")

tokens = st.builds(
    Token,
    key_id=st.sampled_from([1, 2]),
    purpose=st.sampled_from(Purpose),
    partner_id=st.integers(0, MAX_ID48),
    artefact_id=st.integers(0, MAX_ID48),
    delivery_id=st.integers(0, MAX_ID64),
)


@given(tokens)
def test_a_token_comes_back_as_it_was_signed(token: Token) -> None:
    text = SIGNER.sign(token)

    assert len(text) == 48 and "=" not in text
    assert SIGNER.verify(text, token.purpose) == token


@given(tokens, st.integers(0, 36 * 8 - 1))
def test_any_flipped_bit_is_refused(token: Token, bit: int) -> None:
    raw = bytearray(urlsafe_b64decode(SIGNER.sign(token)))
    raw[bit // 8] ^= 1 << bit % 8
    text = urlsafe_b64encode(raw).decode()

    assert all(SIGNER.verify(text, purpose) is None for purpose in Purpose)


@given(tokens, st.sampled_from(Purpose))
def test_a_token_is_good_for_its_own_purpose_only(token: Token, purpose: Purpose) -> None:
    assert (SIGNER.verify(SIGNER.sign(token), purpose) is not None) == (purpose == token.purpose)


@given(st.text(max_size=60))
def test_any_other_text_is_refused_without_an_error(text: str) -> None:
    assert SIGNER.verify(text, Purpose.CLICK) is None


def test_keys_rotate_old_tokens_stay_good_and_removed_keys_end_theirs() -> None:
    old = Signer({1: b"a" * 32}, current=1)
    text = old.token(Purpose.UNSUBSCRIBE, 7, 8, 9)

    assert SIGNER.verify(text, Purpose.UNSUBSCRIBE) == Token(1, Purpose.UNSUBSCRIBE, 7, 8, 9)
    assert SIGNER.token(Purpose.UNSUBSCRIBE, 7, 8, 9) != text
    assert Signer({2: b"b" * 32}, current=2).verify(text, Purpose.UNSUBSCRIBE) is None
    assert Signer({1: b"c" * 32}, current=1).verify(text, Purpose.UNSUBSCRIBE) is None


def test_the_layout_is_the_one_that_is_out() -> None:
    text = Signer({1: bytes(range(32))}, current=1).token(Purpose.CLICK, 258, 3, 4)
    raw = urlsafe_b64decode(text)

    assert raw[:22].hex() == "01010000000001020000000000030000000000000004"
    assert text == "AQEAAAAAAQIAAAAAAAMAAAAAAAAABBdsgjJFMmnXKea7yrxZ"


@pytest.mark.parametrize(
    "token",
    [
        Token(2, Purpose.CLICK, MAX_ID48 + 1, 0, 0),
        Token(2, Purpose.CLICK, 0, -1, 0),
        Token(2, Purpose.CLICK, 0, 0, MAX_ID64 + 1),
    ],
)
def test_an_id_out_of_bounds_is_never_signed(token: Token) -> None:
    with pytest.raises(ValueError, match="of a token"):
        SIGNER.sign(token)


@pytest.mark.parametrize("keys", [{}, {1: b"short"}, {300: b"a" * 32}])
def test_a_ring_without_a_good_key_is_refused(keys: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match=r"[kK]ey"):
        Signer(keys, current=1)


def test_every_web_link_becomes_a_click_and_its_target_is_kept() -> None:
    html, links = rewrite(
        '<a href="https://go.example/c/harbour/ransom">1</a><a href="https://n.example/a?x=1&amp;y=2#z">2</a>'
        '<a class="b" href="https://go.example/c/harbour/ransom">3</a>',
        base_url="https://go.example",
        pages=("https://go.example/c/harbour/ransom",),
        utm=UTM,
    )

    assert html == (
        '<a href="https://go.example/r/{{ token.click }}/0">1</a>'
        '<a href="https://go.example/r/{{ token.click }}/1">2</a>'
        '<a class="b" href="https://go.example/r/{{ token.click }}/0">3</a>'
    )
    utm = "utm_source=harbour-it&utm_medium=email&utm_campaign=ransomware&utm_content=invite"
    assert links == (
        Link(f"https://go.example/c/harbour/ransom?{utm}", is_microsite=True),
        Link(f"https://n.example/a?x=1&y=2&{utm}#z"),
    )


@pytest.mark.parametrize(
    "address",
    ["mailto:a@b.example", "tel:+41445550123", "https://go.example/u/{{ token.unsubscribe }}", "#top"],
)
def test_other_links_stay_as_they_are(address: str) -> None:
    html = f'<a href="{address}">x</a>'
    assert rewrite(html, base_url="https://go.example", pages=(), utm=UTM) == (html, ())


def test_utm_words_of_the_kit_give_way_to_ours() -> None:
    assert UTM.added_to("https://n.example/?utm_source=vendor&a=b").count("utm_source") == 1

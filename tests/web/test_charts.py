"""Charts: from zero, as long as their figures, and nothing typed can break them."""

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tcma.web.charts import LONGEST, Bar, bars, columns

WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=30)


@given(st.lists(st.tuples(WORDS, st.integers(0, 10**9)), max_size=8), WORDS)
def test_every_bar_is_as_long_as_its_share_of_the_longest(rows: list[tuple[str, int]], caption: str) -> None:
    drawn = ElementTree.fromstring(bars([Bar(label, value, label) for label, value in rows], caption))
    widths = [float(bar.attrib["width"].rstrip("%")) for bar in drawn.iter("rect")]
    most = max((value for _label, value in rows), default=0)
    assert len(widths) == len(rows)
    for width, (_label, value) in zip(widths, rows, strict=True):
        assert (
            abs(width - (max(LONGEST * value / most, 0.5) if value else 0)) < 0.01
        )  # nothing is drawn for none
    assert [text.text or "" for text in drawn.iter("text")] == [
        label for label, _ in rows for _twice in (1, 2)
    ]


def test_what_is_typed_stays_text() -> None:
    drawn = bars([Bar('<script>"&', 1, "<b>", href='"><script>')], '"><script>')
    assert "<script" not in drawn and "<b>" not in drawn
    ElementTree.fromstring(drawn)


def test_a_chart_with_links_is_a_group_whose_links_can_be_reached() -> None:
    assert 'role="group"' in bars([Bar("Clicked", 3, "3", "/people")], "Funnel")
    assert 'role="img"' in bars([Bar("Clicked", 3, "3")], "Funnel")


@given(st.lists(st.integers(0, 10**6), max_size=20))
def test_columns_stand_on_the_same_ground(values: list[int]) -> None:
    drawn = ElementTree.fromstring(columns(values, "Per minute"))
    feet = {int(bar.attrib["y"]) + int(bar.attrib["height"]) for bar in drawn.iter("rect")}
    assert len(feet) <= 1
    assert len(re.findall("rect", columns(values, ""))) == len(values)

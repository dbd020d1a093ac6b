"""Over sixty hostile SVG logos: refused with a sentence, or nothing of them is left that runs, loads or reads."""

import re
import resource
import time

import pytest

from campaigns import logo, logo_svg
from campaigns.errors import ContentError
from tests.campaigns.hostile_svgs import HOSTILE_SVGS, Hostile
from tests.campaigns.test_logo import HOSTILE

HARM = re.compile(
    r"<\w*:?script|\son\w+=|javascript|expression|foreign|iframe|<\w*:?(?:image|animate|set|handler|video|a)\b"
    r"|127\.0\.0\.1|file:|data:|passwd|@|xinclude|feimage|url\((?!#)",
    re.IGNORECASE,
)


def test_there_are_over_sixty() -> None:
    assert len({one.name for one in HOSTILE_SVGS} | set(HOSTILE)) == len(HOSTILE_SVGS) + len(HOSTILE) >= 60


@pytest.mark.parametrize("one", HOSTILE_SVGS, ids=lambda one: one.name)
def test_a_hostile_svg_is_refused_or_neutral(one: Hostile) -> None:
    begun = time.process_time()
    if one.refused:
        with pytest.raises(ContentError, match=one.refused) as refused:
            logo.read(one.content)
        assert str(refused.value).startswith("logo: ") and str(refused.value).endswith(".")
    else:
        svg, width = logo_svg.cleaned(one.content)
        assert HARM.search(svg) is None and 1 <= width <= logo_svg.DRAWN_WIDTH
        assert 'fill="#1d3f72"' in svg
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("one", [one for one in HOSTILE_SVGS if one.drawn], ids=lambda one: one.name)
def test_what_is_hard_to_draw_is_drawn_or_refused_in_bounded_time_and_memory(one: Hostile) -> None:
    begun = time.monotonic()
    try:
        assert logo_svg.drawn(one.content).startswith(b"\x89PNG")
    except ContentError as refused:
        assert re.search(r"cannot be drawn|takes too long", str(refused))
    assert time.monotonic() - begun < logo_svg.TIMEOUT_SECONDS + 5
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 < 1_100

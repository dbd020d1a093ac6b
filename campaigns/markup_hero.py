"""A hero whose height follows its picture: MJML holds it open by a cell with a padding in per cent, which our compiler
leaves out. The hero is marked by a class before it is compiled, and gets its cell afterwards."""

import re

from campaigns.markup_scan import Tag

_MARK = "tc-fluid-"
_CELL = '<td style="width:0.01%;padding-bottom:{share}%;mso-padding-bottom-alt:0;"></td>'
_HERO = re.compile(rf'class="[^"]*\b{_MARK}(\d{{1,3}})\b.*?<tr style="vertical-align:top;?">', re.DOTALL)
_CLASS = re.compile(r"\scss-class\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)


def marked(source: str, tags: list[Tag]) -> str:
    """The source with a class on each hero of fluid height that says how wide and high its picture is."""
    out, position = [], 0
    for tag in tags:
        share = _share(tag) if tag.name == "mj-hero" and not tag.is_close else None
        if share is None:
            continue
        start = tag.start + 1 + len(tag.name)
        raw = _CLASS.sub("", tag.raw_attributes)
        classes = " ".join([*tag.classes, f"{_MARK}{share}"])
        out += [source[position:start], f' css-class="{classes}"', raw]
        position = start + len(tag.raw_attributes)
    return "".join([*out, source[position:]])


def held_open(html: str) -> str:
    """The compiled mail with a cell in each marked hero that gives it the height of its picture."""
    return _HERO.sub(lambda found: found[0] + _CELL.format(share=found[1]), html)


def _share(tag: Tag) -> int | None:
    """The height of a hero in per cent of its width; None where it is not fluid or does not say."""
    given = tag.attributes
    if given.get("mode") != "fluid-height":
        return None
    width, height = (re.match(r"\d+", given.get(f"background-{side}", "")) for side in ("width", "height"))
    if not width or not height or int(width[0]) == 0:
        return None
    return min(999, round(int(height[0]) * 100 / int(width[0])))

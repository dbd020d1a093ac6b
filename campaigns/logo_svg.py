"""SVG logos: read by an allow-list, written anew, drawn in a child process. The SVG is never served."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from campaigns.errors import ContentError, Problem
from campaigns.phrases import phrase

MAX_BYTES = 512 * 1024
MAX_ELEMENTS = 5_000
MAX_DEPTH = 30
MAX_USES = 50
MAX_ATTRIBUTE = 200_000
DRAWN_WIDTH, DRAWN_HEIGHT = 1280, 640
TIMEOUT_SECONDS = 10

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "defs"}
    | {"linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "use", "style"}
)
MAY_REFER = frozenset({"use", "linearGradient", "radialGradient"})
NO_ATTRIBUTES = frozenset(
    {"filter", "cursor", "base", "src", "marker", "marker-start", "marker-mid", "marker-end"}
)

_CHILD = Path(__file__).with_name("logo_svg_child.py")
_FONTS = Path(__file__).resolve().parent.parent / "assets" / "vendor" / "inter"
_FOREIGN = re.compile(r"@|\\|expression|javascript:|url\(\s*[\"']?\s*(?!#)|image\(|image-set", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.IGNORECASE)


def looks_like_svg(content: bytes) -> bool:
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return start.startswith((b"<svg", b"<?xml", b"<!--", b"<!doctype svg"))


def drawn(content: bytes) -> bytes:
    """The picture as PNG, at most 1280 x 640, ground transparent.

    Raises:
        ContentError: too large, not whole, with entities, without size, or nothing the drawer can draw.
    """
    return _drawn(*cleaned(content))


def cleaned(content: bytes) -> tuple[str, int]:
    """The SVG written anew from what is allowed, and the width in pixels to draw it at."""
    if len(content) > MAX_BYTES:
        raise _refused(
            phrase(
                "The SVG is larger than %(most)s KB. Save it as PNG and upload that.", most=MAX_BYTES // 1024
            )
        )
    root = _parsed(content)
    if root.tag != f"{SVG}svg":
        raise _refused(phrase("The file is not an SVG picture. Save the logo as PNG and upload that."))
    x, y, width, height = _view_box(root)
    for name in ("width", "height", "x", "y", "preserveAspectRatio"):
        root.attrib.pop(name, None)
    _keep_allowed(root)
    _check_uses(root)
    scale = min(DRAWN_WIDTH / width, DRAWN_HEIGHT / height)
    root.set("viewBox", f"{x} {y} {width} {height}")
    root.set("width", f"{width * scale:.2f}")
    root.set("height", f"{height * scale:.2f}")
    return tostring(root, encoding="unicode"), max(1, round(width * scale))


def _parsed(content: bytes) -> Element:
    """Parsed within limits; entities and document types with content are refused by defusedxml."""
    depth = count = 0
    root: Element | None = None
    try:
        events = iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=False)
        for event, element in events:
            depth += 1 if event == "start" else -1
            count += event == "start"
            root = element if root is None else root
            if depth > MAX_DEPTH or count > MAX_ELEMENTS:
                raise _refused(
                    phrase("The SVG is far more complicated than a logo. Save it as PNG and upload that.")
                )
    except DefusedXmlException as error:
        raise _refused(
            phrase("The SVG declares entities, which are refused. Save it as PNG and upload that.")
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, ContentError):
            raise
        raise _refused(phrase("The SVG is damaged and cannot be read. Save it again, or as PNG.")) from error
    if root is None:
        raise _refused(phrase("The SVG is empty."))
    return root


def _keep_allowed(element: Element) -> None:
    """Drop, in place, every element and attribute that is not known to be harmless."""
    for child in list(element):
        is_known = (
            isinstance(child.tag, str)
            and child.tag.removeprefix(SVG) in ELEMENTS
            and child.tag.startswith(SVG)
        )
        if is_known and not (child.tag == f"{SVG}style" and _FOREIGN.search("".join(child.itertext()))):
            _keep_allowed(child)
        else:
            element.remove(child)
    local = element.tag.removeprefix(SVG)
    for name, value in list(element.attrib.items()):
        if name in ("href", XLINK_HREF):
            keep = local in MAY_REFER and re.fullmatch(r"#[\w.:-]{1,100}", value) is not None
        else:
            keep = not (name.startswith("{") or name.lower().startswith("on") or name in NO_ATTRIBUTES)
            keep = keep and len(value) <= MAX_ATTRIBUTE and not _FOREIGN.search(value)
        if not keep:
            del element.attrib[name]


def _check_uses(root: Element) -> None:
    """A `use` may point at drawings, not at other uses: that is how a few lines become a billion shapes."""
    uses = list(root.iter(f"{SVG}use"))
    if not uses:
        return
    by_id = {element.get("id"): element for element in root.iter() if element.get("id")}
    targets = [by_id.get((use.get("href") or use.get(XLINK_HREF) or "").removeprefix("#")) for use in uses]
    nested = any(
        target is not None and next(target.iter(f"{SVG}use"), None) is not None for target in targets
    )
    if nested or len(uses) > MAX_USES:
        raise _refused(phrase("The SVG repeats parts of itself too often. Save it as PNG and upload that."))


def _view_box(root: Element) -> tuple[float, float, float, float]:
    numbers = [float(found) for found in _NUMBER.findall(root.get("viewBox", "")[:200])]
    if len(numbers) != 4:
        sides = [_NUMBER.match(root.get(name, "").strip()) for name in ("width", "height")]
        if any(root.get(name, "").strip().endswith("%") for name in ("width", "height")) or not all(sides):
            raise _refused(phrase("The SVG has no size. Set width, height or viewBox, or save it as PNG."))
        numbers = [0.0, 0.0, *(float(side[0]) for side in sides if side)]
    x, y, width, height = numbers
    if not (0.01 <= width <= 1e6 and 0.01 <= height <= 1e6 and abs(x) <= 1e6 and abs(y) <= 1e6):
        raise _refused(phrase("The SVG has an impossible size. Save it as PNG and upload that."))
    if max(width / height, height / width) > 40:
        raise _refused(phrase("The SVG is a very long strip. Upload the logo alone."))
    return x, y, width, height


def _drawn(svg: str, width: int) -> bytes:
    fonts = [str(_FONTS / name) for name in ("Inter-Regular.ttf", "Inter-Bold.ttf")]
    data = json.dumps({"svg": svg, "width": width, "fonts": fonts}).encode()
    command = [sys.executable, "-I", str(_CHILD)]
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=TIMEOUT_SECONDS, env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired as expired:
        raise _refused(phrase("The SVG takes too long to draw. Save it as PNG and upload that.")) from expired
    if done.returncode != 0 or not done.stdout.startswith(b"\x89PNG"):
        raise _refused(phrase("The SVG cannot be drawn. Save it as PNG and upload that."))
    return done.stdout


def _refused(sentence: str) -> ContentError:
    return ContentError(Problem("logo", None, sentence))

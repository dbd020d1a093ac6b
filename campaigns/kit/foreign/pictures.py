"""Pictures: those beside the mail come along, those elsewhere are named and never fetched."""

import io
import posixpath
import re
from dataclasses import dataclass, field

from PIL import Image, ImageDraw, ImageFont

from campaigns.kit.foreign.loading import Read, beside
from campaigns.kit.foreign.notes import Notes, shown
from campaigns.kit.foreign.tree import Node

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 16_000_000
MOST_KEPT_BYTES = 1024 * 1024
WIDEST = 1_600
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
_GREY, _EDGE = "#e4e6e9", "#c3c7cc"
_SIGNS = {
    "facebook": "f",
    "twitter": "t",
    "x": "X",
    "linkedin": "in",
    "instagram": "ig",
    "youtube": "yt",
    "google": "G",
    "pinterest": "P",
    "xing": "xi",
    "github": "gh",
    "web": "www",
    "snapchat": "sc",
    "vimeo": "v",
    "tumblr": "tu",
    "medium": "M",
    "soundcloud": "so",
    "dribbble": "dr",
}


@dataclass(slots=True)
class Pictures:
    """`files` are the kit's pictures so far, by path."""

    read: Read
    notes: Notes
    files: dict[str, bytes] = field(default_factory=dict)
    _taken: dict[str, str] = field(default_factory=dict)

    def of(self, node: Node, source: str, width: int, height: int = 0) -> str:
        """The path in the kit for what `source` names: the picture itself, or a grey one of `width` pixels in its
        place."""
        source = source.strip()
        if source in self._taken:
            return self._taken[source]
        content, why = self._content(node, source)
        name = self._name(source, "png" if content is None or content.startswith(b"\x89PNG") else "jpg")
        if content is None:
            width = max(8, min(WIDEST, width or 600))
            height = max(8, min(WIDEST, height or width // 2))
            content = _grey(width, height)
            sentence = (
                f"{why} A grey picture of {width} × {height} stands in its place: save yours as {name}."
            )
            self.notes.say(sentence, node)
        self.files[name] = content
        self._taken[source] = name
        return name

    def sign(self, node: Node, network: str) -> str:
        """A sign of our own for a social network; MJML's are fetched from its maker's site by every reader."""
        network = network.removesuffix("-noshare")
        name = f"assets/sign-{network}.png"
        if name not in self.files:
            self.files[name] = _sign(_SIGNS.get(network, network[:1].upper()))
            self.notes.say(
                f"The sign of {network} would be fetched from MJML's maker by every reader. A plain one is in {name}.",
                node,
            )
        return name

    def _content(self, node: Node, source: str) -> tuple[bytes | None, str]:
        """The picture as PNG or JPEG, or why there is none."""
        if not source:
            return None, "A picture without an address."
        if re.match(r"(?:[a-z]+:)?//", source, re.IGNORECASE):
            return None, f"The picture {shown(source, 100)} is on another site and is not fetched."
        if source.startswith("data:"):
            return None, "A picture written into the mail itself is not taken over."
        path = beside(posixpath.dirname(node.path), source)
        if path is None:
            return None, f"The picture '{shown(source)}' leads out of the mail's folder."
        content = self.read(path)
        if content is None:
            return None, f"There is no picture '{shown(source)}' beside the mail."
        return self._fitting(node, source, content)

    def _fitting(self, node: Node, source: str, content: bytes) -> tuple[bytes | None, str]:
        if len(content) > MOST_BYTES:
            return None, f"The picture '{shown(source)}' is larger than 20 MB."
        try:
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    return None, f"The picture '{shown(source)}' has more than 16 million pixels."
                if picture.format in ("PNG", "JPEG") and len(content) <= MOST_KEPT_BYTES:
                    picture.load()
                    return content, ""
                self.notes.say(_what_changed(source, picture), node)
                return _saved(picture), ""
        except Exception:  # whatever a decoder raises means the same here
            return None, f"The picture '{shown(source)}' is no PNG, JPEG, GIF or WebP, or it is damaged."

    def _name(self, source: str, ending: str) -> str:
        last = posixpath.basename(source.partition("?")[0].partition("#")[0].rstrip("/"))
        stem = (
            re.sub(r"[^A-Za-z0-9_-]+", "-", last.rpartition(".")[0] or last).strip("-_")[:50].lower()
            or "picture"
        )
        taken, number = {name.lower().rpartition(".")[0] for name in self.files}, 1
        wanted = f"assets/{stem}"
        while wanted in taken:
            number += 1
            wanted = f"assets/{stem}-{number}"
        return f"{wanted}.{ending}"


def pixels(value: str | None) -> int:
    """The pixels of "600px" or "600"; 0 for anything else."""
    found = re.fullmatch(r"\s*(\d{1,4})(?:\.\d+)?(?:px)?\s*", value or "")
    return int(found[1]) if found else 0


def _what_changed(source: str, picture: Image.Image) -> str:
    if getattr(picture, "n_frames", 1) > 1:
        return f"The picture '{shown(source)}' moves. Its first frame is kept."
    if picture.format not in ("PNG", "JPEG"):
        return f"The picture '{shown(source)}' is {picture.format} and is kept as PNG or JPEG."
    return f"The picture '{shown(source)}' is larger than 1 MB and is kept smaller."


def _saved(picture: Image.Image) -> bytes:
    """At most 1,600 pixels wide; PNG where that is small enough."""
    picture.load()
    see_through = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    made = picture.convert("RGBA" if see_through else "RGB")
    if made.width > WIDEST:
        made = made.resize((WIDEST, max(1, made.height * WIDEST // made.width)))
    for kind in ("PNG", "JPEG"):
        out = io.BytesIO()
        if kind == "JPEG" and see_through:
            ground = Image.new("RGBA", made.size, "#ffffff")
            made = Image.alpha_composite(ground, made)
        (made if kind == "PNG" else made.convert("RGB")).save(out, kind, optimize=True)
        if out.tell() <= MOST_KEPT_BYTES:
            return out.getvalue()
    raise ValueError("too large")


def _grey(width: int, height: int) -> bytes:
    made = Image.new("RGB", (width, height), _GREY)
    ImageDraw.Draw(made).rectangle((0, 0, width - 1, height - 1), outline=_EDGE)
    return _png(made)


def _sign(letters: str) -> bytes:
    """White letters on nothing, 48 pixels: the element's own colour stands behind them."""
    made = Image.new("RGBA", (48, 48), (255, 255, 255, 0))
    font = ImageFont.load_default(34 if len(letters) == 1 else 26 if len(letters) == 2 else 18)
    ImageDraw.Draw(made).text((24, 24), letters, fill="#ffffff", font=font, anchor="mm")
    return _png(made)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()

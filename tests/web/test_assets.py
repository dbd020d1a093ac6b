"""Styles, scripts and components: their size, their colours, their home."""

import gzip
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tcma.config import ROOT, Settings
from tcma.web import assets
from tcma.web.templating import TEMPLATES
from tests.installation import Installation
from tests.node import NODE
from tests.web.apps import app_of

APP = app_of(
    Installation.at(
        Settings(
            database_url="sqlite://",
            storage="folder:/nowhere",
            token_keys={1: b"t" * 32},
            form_key=b"f" * 32,
            session_key=b"s" * 32,
            hash_key=b"h" * 32,
        )
    )
)
STYLES = sorted((ROOT / "assets" / "css" / "app").glob("*.css"))
SCRIPTS = sorted((ROOT / "assets" / "js").glob("*.js"))
NAMED = r"(?<![\w-])(?:white|black|red|grey|gray|silver|blue|green|orange)(?![\w-])"
COLOUR = re.compile(rf"#[0-9a-f]{{3,8}}\b|\b(?:rgb|hsl|oklch|oklab|lab|lch|hwb)a?\(|{NAMED}", re.I)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)


def packed(path: str) -> int:
    return len(gzip.compress(assets.content(path), 9))


@pytest.mark.parametrize(
    "path", [path for path in STYLES if path.name != "tokens.css"], ids=lambda path: path.name
)
def test_colours_stand_in_the_tokens_alone(path: Path) -> None:
    said = re.findall(r":([^;{}]*)[;}]", _COMMENT.sub("", path.read_text()))
    assert not COLOUR.findall(" ".join(said))


def test_templates_bring_no_styles_and_no_handlers_of_their_own() -> None:
    for path in sorted((TEMPLATES / "layouts").rglob("*.html")) + sorted(
        (TEMPLATES / "partner").rglob("*.html")
    ):
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|hx-on|<script(?! src=)", text), path


def test_important_is_for_utilities() -> None:
    for path in STYLES:
        assert "!important" not in path.read_text() or path.name == "utilities.css", path.name


def test_every_style_is_in_a_layer() -> None:
    for path in STYLES:
        text = _COMMENT.sub("", path.read_text())
        assert re.search(r"@layer [a-z]+ \{", text), path.name


def test_an_app_page_stays_small() -> None:
    """What every page loads, compressed: styles ≤ 20 KB of the 25 allowed, scripts ≤ 90 KB, ours ≤ 12 KB."""
    own = packed("js/app.js")
    vendored = packed("vendor/htmx/htmx.min.js") + packed("vendor/alpine/alpine-csp.min.js")

    assert packed("css/app.css") <= 20 * 1024
    assert own <= 12 * 1024
    assert own + vendored <= 90 * 1024


def test_a_style_names_its_files_with_their_fingerprints() -> None:
    style = assets.content("css/app.css").decode()
    named = re.findall(r'url\("(/assets/[^"]+)"\)', style)

    assert named and "asset:" not in style
    for address in named:
        answer = APP.test_client().get(address)
        assert answer.status_code == 200 and "immutable" in answer.headers["Cache-Control"]


def test_text_is_sent_compressed_to_whoever_takes_it() -> None:
    client = APP.test_client()
    plain = client.get("/assets/css/app.css")
    short = client.get("/assets/css/app.css", headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers and short.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(short.data) == plain.data and plain.headers["Vary"] == "Accept-Encoding"
    assert (
        client.get("/assets/css/app.css", headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304
    )


@pytest.mark.parametrize(
    "path", ["../pyproject.toml", "css/../../pyproject.toml", "css", "js/none.js", "%2e%2e/x"]
)
def test_nothing_outside_the_folder_is_served(path: str) -> None:
    assert APP.test_client().get(f"/assets/{path}").status_code == 404


def test_every_icon_that_is_used_is_drawn_and_the_other_way_round() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "assets/img/icons.svg").read_text()))
    text = "\n".join(
        path.read_text() for path in (*TEMPLATES.rglob("*.html"), *(ROOT / "tcma" / "web").rglob("*.py"))
    )
    used = set(re.findall(r'icon\("([a-z0-9-]+)"|icon="([a-z0-9-]+)"', text))

    assert {name for pair in used for name in pair if name} <= drawn


def test_every_component_stands_on_their_page() -> None:
    shown = (TEMPLATES / "admin" / "components.html").read_text()
    ui: Any = APP.jinja_env.globals["ui"]
    missing = [name for name in ui.names() if f"ui.{name}(" not in shown]

    assert not missing


def test_the_page_of_components_opens_outside_production() -> None:
    answer = APP.test_client().get("/admin/components")

    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'nonce-" in policy and "unsafe" not in policy and "connect-src 'self'" in policy


def test_a_phone_can_keep_the_product_on_its_home_screen() -> None:
    client = APP.test_client()
    manifest = client.get("/manifest.webmanifest").json
    assert manifest is not None and manifest["start_url"] == "/"
    for icon in manifest["icons"]:
        assert client.get(icon["src"]).content_type == "image/png"


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_well_formed(path: Path) -> None:
    subprocess.run([NODE, "--check", str(path)], check=True, timeout=30)

"""Foreign mails as MJML's own compiler shows them, and as this product does: how much of each picture differs.

Two figures for each mail and width. *Compiler* is the share of pixels that differ between the kit's mail through
MJML's own compiler and through ours with the cleaning after it. *Changed* is the share of the rows of pixels of the
mail as it came, through MJML's own, that are not found in their order in the kit's mail through ours, the two sections
of the product aside: all that happens to a mail on its way into a kit. *Taller* is by how many pixels that is longer.
"""

import json
import mimetypes
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, Route

from campaigns import markup
from campaigns.kit.foreign import from_mail
from campaigns.kit.foreign.folder import beside_file
from tcma.bench.browser import chromium
from tcma.bench.provenance import stamp
from tcma.config import ROOT
from tcma.errors import DomainError

FOLDER = ROOT / "tests" / "campaigns" / "foreign_mails"
REFERENCE = FOLDER / "reference"
WIDTHS = (600, 375)
SEEN = 32
"""By how much of 255 a colour of a pixel has to differ to count."""

MOST, MOST_CHANGED = 0.01, 0.01
"""What a mail may differ by without a reason written down."""

WHY = {
    "01-newsletter": "link to the web, logo and footer gave way to the product's",
    "04-hero-fluid": "its height is held by one thin cell instead of two: the picture behind moves by 0.03 pixels",
    "06-carousel": "no arrows, so the large picture is as wide as the mail",
    "07-accordion": "stands open; had no headline, so one to rewrite stands above",
    "08-navbar": "had no headline; small screens see the links instead of a button",
    "09-social": "signs of our own; MJML's are fetched from its maker and did not load here",
    "10-table": "a table with a border of its own is drawn half a pixel further in (border-collapse: separate)",
    "11-unclosed-html": "the headline is a text of its own: margins of parted texts do not fall together",
    "14-includes": "the logo gave way to the product's two",
    "17-buttons": "had no text at all, so a headline to rewrite stands above",
    "18-merge-tags": "other tools' names are gone or in the product's words, the footer gave way",
    "20-long-words": "a headline of over 60 characters is parted",
    "21-uppercase-and-odd-order": "MJML's compiler shows no text in capitals tags; here it is read",
    "22-cdata-and-entities": "MJML 5 prints half of a CDATA section; here it is read",
    "25-images": "pictures that are missing or elsewhere are grey; one is picked by srcset there",
    "27-offer-with-claims": "a headline of over 60 characters is parted, the footer gave way",
    "29-loose-structure": "form, frame and script are gone",
    "30-headings": "a second h1 became a heading below it; margins of parted texts do not fall together",
    "31-dark-design": "the footer gave way to the product's",
    "32-japanese": "names of another tool are in the product's words, the footer gave way",
    "34-everything-wide": "pictures in groups stand by 1 pixel elsewhere on a telephone",
}
SITE = "https://mail.example/"
_COMPILE = Path(__file__).parents[1] / "reference_mjml.js"
_OURS = re.compile(r"\s*<mj-section [^>]*platform-(?:lockup|footer)[^>]*></mj-section>")
_NEEDLESS = re.compile(r"<!--.*?-->|^\s*\n|^[ \t]+", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it came and as a kit has it; `files` are the kit's pictures."""

    name: str
    foreign: str
    ours: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Compared:
    """Shares of pixels, 0 to 1, at one width."""

    name: str
    width: int
    compiler: float
    changed: float
    taller: int


def mails(folder: Path = FOLDER) -> list[Mail]:
    """Every mail of the folder that a kit can be made of, without the product's own two sections."""
    return [_mail(path) for path in sorted(folder.glob("[0-9]*.mjml"))]


def reference(sources: list[tuple[str, Path]], library: Path, wanted: str = "html") -> list[str]:
    """HTML by MJML's own compiler, from the folder in which npm installed it, or as JSON the "complaints" it has
    against each mail. DomainError without it."""
    node = shutil.which("node")
    if node is None or not (library / "node_modules" / "mjml").is_dir():
        raise DomainError(
            f"MJML's own compiler is not there. Install it: npm install --prefix {library} mjml"
        )
    asked = json.dumps([(source, str(folder)) for source, folder in sources])
    done = subprocess.run(
        [node, str(_COMPILE), str(library.resolve()), wanted],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DomainError(f"MJML's own compiler failed: {done.stderr.strip()[-500:]}")
    made: list[str] = json.loads(done.stdout)
    return made


def version(library: Path) -> str:
    told: str = json.loads((library / "node_modules" / "mjml" / "package.json").read_text())["version"]
    return told


def keep_reference(found: list[Mail], library: Path, folder: Path = FOLDER) -> None:
    """Write what the reference makes of each foreign mail, without remarks, for the short form in the tests."""
    REFERENCE.mkdir(exist_ok=True)
    pages = reference([(mail.foreign, folder) for mail in found], library)
    for mail, html in zip(found, pages, strict=True):
        (REFERENCE / f"{mail.name}.html").write_text(_NEEDLESS.sub("", html))


def compare(
    found: list[Mail], library: Path, pictures: Path | None = None, folder: Path = FOLDER
) -> Iterator[Compared]:
    """Each mail at each width; `pictures` is where the pictures go, if anywhere."""
    came = reference([(mail.foreign, folder) for mail in found], library)
    theirs = reference([(_at_site(mail.ours), folder) for mail in found], library)
    with chromium.opened() as browser:
        for mail, original, other in zip(found, came, theirs, strict=True):
            ours = compiled(mail)
            for width in WIDTHS:
                with opened(browser, width, mail.files, folder) as page:
                    shots = [look(page, html) for html in (original, other, ours)]
                if pictures is not None:
                    _side_by_side(shots, pictures / f"{mail.name}.{width}.png")
                before, middle, after = shots
                yield Compared(
                    mail.name,
                    width,
                    difference(middle, after),
                    changed(before, after),
                    after.height - before.height,
                )


def report(library: Path, pictures: Path | None, *, keep: bool) -> int:
    """Print the table; 1 when a mail differs without a reason that is written down."""
    found = mails()
    if keep:
        keep_reference(found, library)
    print(f"{stamp()}, mjml {version(library)}, {markup.VERSION.partition(' ')[2]}")
    print(
        f"{len(found)} mails, {len(WIDTHS)} widths; a pixel counts that differs by more than {SEEN} of 255\n"
    )
    print(f"{'mail':<27}{'width':>5}{'compiler':>10}{'changed':>9}{'taller':>8}")
    unexplained = []
    for one in compare(found, library, pictures):
        print(
            f"{one.name:<27}{one.width:>5}{one.compiler:>10.2%}{one.changed:>9.1%}{one.taller:>8}"
            f"  {WHY.get(one.name, '')}".rstrip(),
            flush=True,
        )
        if one.compiler > MOST or (one.changed > MOST_CHANGED and one.name not in WHY):
            unexplained.append(f"{one.name} at {one.width}")
    print(f"\nover the threshold without a reason: {', '.join(unexplained) or 'none'}")
    return 1 if unexplained else 0


def compiled(mail: Mail) -> str:
    """The kit's mail by our compiler, cleaned."""
    return markup.compile_mail(_at_site(mail.ours), path=mail.name)


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of pixels that differ visibly; where one picture ends earlier, all below differ."""
    size = max(one.width, other.width), max(one.height, other.height)
    sheets = []
    for picture in (one, other):
        sheet = Image.new("RGB", size, "#ff00ff" if picture is one else "#00ff00")
        sheet.paste(picture)
        sheets.append(sheet)
    red, green, blue = ImageChops.difference(*sheets).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(most.histogram()[SEEN + 1 :]) / (size[0] * size[1])


def changed(before: Image.Image, after: Image.Image) -> float:
    """The share of rows of `before` that do not stand in `after`, in their order and to the pixel."""
    same = SequenceMatcher(None, _rows(before), _rows(after), autojunk=False).get_matching_blocks()
    return 1 - sum(block.size for block in same) / before.height


def _rows(picture: Image.Image) -> list[bytes]:
    return [picture.crop((0, y, picture.width, y + 1)).tobytes() for y in range(picture.height)]


class opened:
    """A page whose every address is answered from the mail's folder and the kit, and nothing from elsewhere."""

    def __init__(self, browser: Browser, width: int, files: Mapping[str, bytes], folder: Path) -> None:
        self.files, self.folder = files, folder
        self.page = browser.new_page(viewport={"width": width, "height": 60})
        self.page.route("**/*", self._answer)

    def __enter__(self) -> Page:
        return self.page

    def __exit__(self, *_: object) -> None:
        self.page.close()

    def _answer(self, route: Route) -> None:
        name = route.request.url.removeprefix(SITE)
        content = self.files.get(name)
        beside = self.folder / name
        if content is None and route.request.url.startswith(SITE) and beside.is_file():
            content = beside.read_bytes()
        if content is None:
            route.abort()
        else:
            route.fulfill(body=content, content_type=mimetypes.guess_type(name)[0] or "image/webp")


def look(page: Page, html: str) -> Image.Image:
    """The whole page as a picture."""
    page.goto("about:blank")
    page.set_content(html.replace("<head>", f'<head><base href="{SITE}">', 1), wait_until="load")
    return Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")


def _mail(path: Path) -> Mail:
    made = from_mail(path.name, beside_file(path))
    name = next(name for name in made.files if name.startswith("emails/"))
    ours = _OURS.sub("", made.files[name].decode())
    return Mail(path.stem, path.read_text(), ours, made.files)


def _at_site(source: str) -> str:
    return source.replace('="assets/', f'="{SITE}assets/')


def _side_by_side(shots: list[Image.Image], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet = Image.new("RGB", (sum(s.width for s in shots) + 40, max(s.height for s in shots)), "#888888")
    left = 0
    for shot in shots:
        sheet.paste(shot, (left, 0))
        left += shot.width + 20
    sheet.save(path)

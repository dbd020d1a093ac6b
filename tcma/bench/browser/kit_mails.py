"""Every mail of the starter kits as each of five brands sends it: strict MJML, size, text part, the one-click button
of mail programs, and colours that can be read by day and by night."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from campaigns.compliance import MAX_MAIL_BYTES
from tcma.bench import scratch
from tcma.bench.browser import chromium, kit_campaigns, mails
from tcma.bench.browser.kit_campaigns import Sent
from tcma.bench.provenance import stamp
from tcma.installation import Installation
from tcma.kits.models import Kit, KitVersion, VersionStatus
from tcma.launches.deliveries import Unsubscription
from tcma.seed import people
from tcma.web import create_app

KITS = (people.STARTER_KIT.name, people.WEBINAR_KIT.name, people.MIDMARKET_KIT.name)
PARTNER, VENDOR = "harbour-it", "northwind-security"
BRANDS = (
    "#f58220",
    "#ffcc00",
    "#14181d",
    "#e30613",
    "#dfeff2",
)  # orange, yellow, nearly black, red, nearly white
WIDTHS = (600, 375)
LEAST, LEAST_LARGE = 4.5, 3.0
"""Contrast of text with what lies behind it; the second for 24 px, or 18.66 px and bold."""

DARKEST_EDGE = 48
"""What the page around a mail may have of each colour by night, of 255."""

ONE_CLICK = "List-Unsubscribe=One-Click"

# Each text with its contrast to what lies behind it, and what lies behind the body and its parts.
COLOURS = """() => {
  const parts = text => {
    const found = text.match(/[\\d.]+/g).map(Number);
    return found.length < 4 ? [...found, 1] : found;
  };
  const line = one => one <= 10 ? one / 3294.6 : ((one / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
  const behind = part => {
    for (let one = part; one; one = one.parentElement) {
      const found = parts(getComputedStyle(one).backgroundColor);
      if (found[3] > 0) return found;
    }
    return [255, 255, 255, 1];
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = [];
  while (words.nextNode()) {
    const part = words.currentNode.parentElement, text = words.currentNode.textContent.trim();
    if (!text || ['STYLE', 'SCRIPT', 'TITLE'].includes(part.tagName)) continue;
    const look = getComputedStyle(part), size = parseFloat(look.fontSize);
    const isSeen = part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    if (!isSeen || size < 2 || part.getBoundingClientRect().height < 2) continue;
    const pair = [parts(look.color), behind(part)];
    const [dark, bright] = pair.map(light).sort((one, other) => one - other);
    const large = size >= 24 || (size >= 18.66 && look.fontWeight >= 700);
    seen.push({ text: text.slice(0, 40), ratio: (bright + 0.05) / (dark + 0.05), large, pair });
  }
  const edges = [document.body, ...document.querySelectorAll('body > div')];
  return { seen, ground: edges.map(one => behind(one).slice(0, 3)) };
}"""


@dataclass(frozen=True, slots=True)
class Judged:
    """One mail in one brand: its size in bytes, its lowest contrast in each scheme, and what is wrong with it."""

    mail: Sent
    size: int
    by_day: float
    by_night: float
    problems: tuple[str, ...]


def run(
    app: Flask,
    installation: Installation,
    browser: Browser,
    sent: Sequence[Sent],
    library: Path | None = None,
) -> list[Judged]:
    """Every check of every mail. `library` is where npm installed MJML's own compiler, which then reads every mail
    in strict mode too."""
    complaints = strict(sent, library) if library else [[] for _ in sent]
    found = []
    with opened(browser) as page:
        for mail, said in zip(sent, complaints, strict=True):
            problems = [*said, *in_words(mail), *stops(app, installation, mail)]
            day, night = (colours(page, mail, scheme, problems) for scheme in ("light", "dark"))
            found.append(Judged(mail, len(mail.html.encode()), day, night, tuple(problems)))
    return found


def in_words(mail: Sent) -> Iterator[str]:
    """Size, headers, and a text part that says what the mail says."""
    size = len(mail.html.encode())
    if size > MAX_MAIL_BYTES:
        yield f"{size:,} bytes"
    text, flat = mail.text, " ".join(mail.text.split()).casefold()
    if not text.strip() or re.search(r"<\w+[ >]|\{\{|\{%|mj-", text):
        yield "the text part is empty or has tags in it"
    for heading in re.findall(r"<h[12][^>]*>(.*?)</h[12]>", mail.html, re.DOTALL):
        said = " ".join(unescape(re.sub(r"<[^>]+>", " ", heading)).split()).casefold()
        if said not in flat:
            yield f"the text part lacks “{said}”"
    if stop_address(mail) not in mail.html or stop_address(mail) not in text:
        yield "the way out does not stand in both parts"
    if str(mail.message["List-Unsubscribe-Post"]) != ONE_CLICK:
        yield "no one-click header"
    if 'name="color-scheme"' not in mail.html or 'name="supported-color-schemes"' not in mail.html:
        yield "it does not say that it has dark colours"


def stops(app: Flask, installation: Installation, mail: Sent) -> Iterator[str]:
    """What a mail program does when its own button is pressed; opening the address stops nobody."""
    path, client = urlsplit(stop_address(mail)).path, app.test_client()
    shown = client.get(path).status_code
    if shown != 200 or _is_stopped(installation, mail):
        yield "opening the way out stops, or shows nothing"
    name, value = ONE_CLICK.split("=")
    if client.post(path, data={name: value}).status_code != 200 or not _is_stopped(installation, mail):
        yield "one click does not stop"


def stop_address(mail: Sent) -> str:
    found = re.search(r"<(https?://[^>]+)>", str(mail.message["List-Unsubscribe"]))
    return found[1] if found else "no address"


def colours(page: Page, mail: Sent, scheme: str, problems: list[str]) -> float:
    """The lowest contrast of any text in this scheme; what cannot be read is added to the problems."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_content(mail.html, wait_until="domcontentloaded")
    lowest = 21.0
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        read = page.evaluate(COLOURS)
        for one in read["seen"]:
            lowest = min(lowest, one["ratio"])
            if one["ratio"] < (LEAST_LARGE if one["large"] else LEAST) - 0.005:
                problems.append(f"{scheme}, {width} px: {one['ratio']:.2f} for “{one['text']}”")
            if scheme == "dark" and (one["pair"][0][:3] == [0, 0, 0] or one["pair"][1][:3] == [0, 0, 0]):
                problems.append(f"dark: pure black at “{one['text']}”")
        if scheme == "dark" and max(max(ground) for ground in read["ground"]) > DARKEST_EDGE:
            problems.append(f"dark, {width} px: the edges stay light")
    return lowest


def strict(sent: Sequence[Sent], library: Path) -> list[list[str]]:
    """What MJML's own compiler has against each mail. Equal mails are asked about once."""
    known = dict.fromkeys(mail.mjml for mail in sent)
    told = mails.reference([(source, library) for source in known], library, "complaints")
    by_source = {source: json.loads(said) for source, said in zip(known, told, strict=True)}
    return [[f"MJML: {said}" for said in by_source[mail.mjml]] for mail in sent]


@contextmanager
def opened(browser: Browser) -> Iterator[Page]:
    """A page that fetches nothing."""
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())
    yield page
    page.close()


def report(library: Path | None) -> int:
    """Make the campaigns, print a line for each mail; 1 with findings."""
    with scratch.installation(scratch.Kind.SQLITE) as installation:
        sent = _starters(installation, lambda line: None)
        with chromium.opened() as browser:
            judged = run(create_app(installation), installation, browser, sent, library)
    by = f", mjml {mails.version(library)}" if library else ""
    print(f"{stamp()}{by}")
    print(f"{len(judged)} mails: {len(KITS)} kits in all their languages, brands {', '.join(BRANDS)}")
    print("bytes of the longest; the lowest contrast of any text by day / by night, by brand\n")
    for name in dict.fromkeys(one.mail.name for one in judged):
        mine = [one for one in judged if one.mail.name == name]
        pairs = "  ".join(f"{one.by_day:4.1f} /{one.by_night:4.1f}" for one in mine)
        print(f"{name:<48}{max(one.size for one in mine):>8,}  {pairs}")
    problems = [f"{one.mail.name} {one.mail.colour}: {said}" for one in judged for said in one.problems]
    print("\n" + "\n".join([*problems, f"{len(problems)} findings"]))
    return 1 if problems else 0


def _starters(installation: Installation, say: Callable[[str], None]) -> list[Sent]:
    world = people.make_firms(installation, say)
    partner = world.viewer(PARTNER)
    to = kit_campaigns.readers(installation, partner)
    with installation.web.reading(world.viewer(VENDOR).organisation_id) as session:
        of_slug = select(KitVersion, Kit.slug).join(Kit, Kit.id == KitVersion.kit_id)
        of_vendor = of_slug.where(
            KitVersion.vendor_id == world.viewer(VENDOR).organisation_id,
            KitVersion.status == VersionStatus.PUBLISHED,
        )
        versions = {slug: version for version, slug in session.execute(of_vendor).all()}
        session.expunge_all()
    sent = []
    for colour in BRANDS:
        kit_campaigns.dress(installation, partner, colour)
        for name in KITS:
            campaign = kit_campaigns.launched(installation, partner, versions[name], to)
            sent += list(kit_campaigns.mails_of(installation, campaign, name))
    return sent


def _is_stopped(installation: Installation, mail: Sent) -> bool:
    with installation.worker.reading() as session:
        found = select(Unsubscription.id).where(Unsubscription.delivery_id == mail.delivery_id)
        return session.scalar(found) is not None

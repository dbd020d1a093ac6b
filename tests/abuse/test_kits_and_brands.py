"""Hostile kits, logos, texts and visitors, through the commands and pages that people use."""

import re
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path

import pytest

from tcma import addresses
from tcma.cli.frame import Exit
from tests.abuse.test_contact_files import html_of, names_in
from tests.campaigns.kit_files import MAIL, MANIFEST, PAGE
from tests.cli.shell import Shell
from tests.cli.world import ALMA, KIT, PAUL, TIDE_KIT, TILDA, World, write_kit
from tests.web.apps import app_of

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
TEMPLATES = [
    "{{ 7*7 }}",
    "{{ config }}",
    "{{ contact.__class__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ contact.company.__init__.__globals__ }}",
    "{% import os %}",
    "{% include '/etc/passwd' %}",
    "{% for a in range(999999999) %}x{% endfor %}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ contact.company | attr('__class__') }}",
]


def refusal(shell: Shell, *command: str, acting: str) -> str:
    done = shell.run(*command, acting=acting)
    assert done.exit_code == Exit.REFUSED and isinstance(done.exception, SystemExit), (
        done.output,
        done.exception,
    )
    assert "Traceback" not in done.output
    return done.stderr


@pytest.mark.parametrize("payload", TEMPLATES)
def test_a_kit_with_a_template_injection_is_refused_with_file_and_line(
    untouched: World, tmp_path: Path, payload: str
) -> None:
    kit = write_kit(tmp_path / "evil", {"emails/01-invite.mjml": MAIL.replace("Sleep well", payload)})
    line = next(number for number, text in enumerate(MAIL.splitlines(), 1) if "Sleep well" in text)
    sentence = refusal(untouched.shell, "kit", "import", str(kit), acting=TILDA)
    assert f"emails/01-invite.mjml line {line}" in sentence
    assert untouched.shell.run("kit", "check", str(kit)).exit_code == Exit.REFUSED


@pytest.mark.parametrize(
    "path", ["../../../etc/passwd", "/etc/passwd", "emails/../../kit.yml", "C:\\boot.ini", "\\\\host\\share"]
)
def test_a_kit_cannot_name_a_file_outside_its_folder(untouched: World, tmp_path: Path, path: str) -> None:
    manifest = MANIFEST.replace("file: emails/01-invite.mjml", f"file: '{path}'")
    kit = write_kit(tmp_path / "evil", {"kit.yml": manifest})
    sentence = refusal(untouched.shell, "kit", "import", str(kit), acting=TILDA)
    assert "kit.yml line" in sentence and "root:" not in sentence


def test_a_link_out_of_the_folder_is_not_followed(untouched: World, tmp_path: Path) -> None:
    kit = write_kit(tmp_path / "evil", {"emails/01-invite.mjml": None})
    (kit / "emails/01-invite.mjml").symlink_to("/etc/passwd")
    sentence = refusal(untouched.shell, "kit", "import", str(kit), acting=TILDA)
    assert "emails/01-invite.mjml" in sentence and "root:" not in sentence


HOSTILE_TEXTS = [
    "<script>alert(1)</script> and more words here",
    '<img src=x onerror="alert(1)"> and more words',
    "[click here](javascript:alert(1)) and more words",
    "{{ 7*7 }} and {% raw %} are words",
    "</td></tr></table><mj-raw>words</mj-raw>",
    "Words\r\nBcc: victim@elsewhere.example\r\nmore",
    "Words with \u202eoverride and \x1b[31mred",
]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_a_text_for_a_region_is_refused_or_shown_as_typed(market: World, tmp_path: Path, text: str) -> None:
    shell = market.shell
    made = shell.ask("campaign", "draft", TIDE_KIT, "--name", "Run", acting=PAUL)["campaign"]
    done = shell.run("campaign", "set", made, "--region", f"headline={text}", acting=PAUL)
    if done.exit_code != Exit.OK:
        assert done.exit_code == Exit.REFUSED and "headline" in done.stderr and "Traceback" not in done.output
        return
    file = tmp_path / "test.eml"
    shell.ask(
        *("campaign", "test", made, "--touch", "invite", "--to", PAUL, "--save", str(file)), acting=PAUL
    )
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    html = html_of(mail)
    assert mail["Bcc"] is None and len(mail.get_all("Subject") or []) == 1
    assert not [name for name in names_in(html) if name == "<script" or name.startswith("on")]
    assert "javascript:" not in "".join(re.findall(r'href="[^"]*"', html))
    if "7*7" in text:
        assert "7*7" in html


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="90" height="60">{}</svg>'
)
DOT = '<circle cx="30" cy="30" r="20" fill="#1d3f72"/>'
LOGOS = {
    "script": SVG.format(f"<script>alert(1)</script>{DOT}"),
    "handler": SVG.format(f'<g onload="alert(1)">{DOT}</g>'),
    "foreign": SVG.format(f"{DOT}<foreignObject><body onload='alert(1)'/></foreignObject>"),
    "remote": SVG.format(f'{DOT}<image xlink:href="http://127.0.0.1:9/x.png" width="9" height="9"/>'),
    "file": SVG.format(f'{DOT}<image xlink:href="file:///etc/passwd" width="9" height="9"/>'),
    "entity": '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + SVG.format(f"{DOT}<text>&x;</text>"),
    "laughs": '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    + SVG.format(f"<text>&b;</text>{DOT}"),
    "huge": SVG.format(DOT).replace('width="90"', 'width="900000"').replace('height="60"', 'height="900000"'),
    "page": "<html><script>alert(1)</script></html>",
    "nothing": "",
}


@pytest.mark.parametrize("name", LOGOS)
def test_a_hostile_logo_is_drawn_without_its_sting_or_refused(
    market: World, tmp_path: Path, name: str
) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(LOGOS[name])
    done = market.shell.run("partner", "brand", "--logo", str(logo), acting=PAUL)
    assert done.exit_code in (Exit.OK, Exit.REFUSED) and "Traceback" not in done.output, done.output
    if done.exit_code == Exit.REFUSED:
        assert done.stderr.strip().endswith(".") and "root:" not in done.stderr
    for path in (market.shell.folder / "files").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not content.lstrip().startswith((b"<svg", b"<html", b"<!DOCTYPE")), path
            assert b"alert(1)" not in content and b"root:x:" not in content, path


def test_a_visitors_headers_and_parameters_stay_data(market: World, tmp_path: Path) -> None:
    """Referer, User-Agent, UTM and form fields full of payloads: the page, the lead and the terminal."""
    shell = market.shell
    (tmp_path / "people.csv").write_text("E-mail,Company\nanna@lindt.example,Lindt AG\n")
    shell.ask(
        *("contacts", "import", str(tmp_path / "people.csv"), "--list", "All", "--basis", "customer"),
        acting=ALMA,
    )
    shell.ask("campaign", "draft", KIT, "--name", "Run", "--list", "All", "--start", "now", acting=ALMA)
    shell.ask("campaign", "launch", "run", acting=ALMA)
    evil = "<script>alert(1)</script>{{7*7}}' OR 1=1 --\x1b[31m\u202e"
    installed = shell.installation()
    client = app_of(installed).test_client()
    path = addresses.microsite("alpine-it", "run")
    headers = {
        "User-Agent": BROWSER + re.sub(r"[\x00-\x1f\u202e]", "", evil),
        "Referer": "https://e.example/<script>",
    }
    query = {f"utm_{name}": evil for name in ("source", "medium", "campaign", "term", "content")} | {
        "lang": evil
    }
    page = client.get(path, query_string=query, headers=headers)
    assert (
        page.status_code == 200
        and "<script" not in page.text
        and "49" not in re.findall(r"utm\D+(\d+)", page.text)
    )
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
    size = unescape(re.findall(r"<option>([^<]+)</option>", page.text)[1])
    form = {"email": "eve@evil.example", "name": evil, "company": evil, "phone": evil, "employees": size}
    answered = client.post(path, data={**hidden, **form}, query_string=query, headers=headers)
    assert answered.status_code < 500 and "<script>alert" not in answered.text
    form |= {"name": "<b>Eve</b> {{7*7}}", "company": "=cmd|' /C calc'!A0", "phone": ""}
    answered = client.post(path, data={**hidden, **form}, query_string=query, headers=headers)
    installed.dispose()

    assert answered.status_code == 303, answered.text[:300]
    rows = shell.ask("lead", "list", acting=ALMA)
    assert "<b>Eve</b> {{7*7}}" in [row["person"] for row in rows]
    for row in rows:
        for printed in (
            shell.run("lead", "show", row["lead"], acting=ALMA).stdout,
            shell.run("lead", "show", row["lead"], "--json", acting=ALMA).stdout,
            shell.run("lead", "list", acting=ALMA).stdout,
        ):
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", printed), printed


def test_kit_texts_on_the_page_are_neutral(market: World, tmp_path: Path) -> None:
    """A page's Markdown and titles full of markup: imported and previewed without any of it running."""
    page = PAGE.replace("title: Sleep well", "title: '<script>alert(1)</script>'")
    checks = "1. **Step** <script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=alert(1)>\n"
    kit = write_kit(tmp_path / "evil", {"microsite/page.yml": page, "microsite/checks.md": checks})
    done = market.shell.run("kit", "import", str(kit), acting=TILDA)
    if done.exit_code == Exit.REFUSED:
        assert re.search(r"microsite/(page\.yml|checks\.md)", done.stderr), done.stderr
        return
    assert done.exit_code == Exit.OK
    ask = market.shell.ask
    ask("kit", "publish", "evil", acting=TILDA)
    (tmp_path / "people.csv").write_text("E-mail,Company\nanna@lindt.example,Lindt AG\n")
    ask(
        "contacts",
        "import",
        str(tmp_path / "people.csv"),
        "--list",
        "All",
        "--basis",
        "customer",
        acting=PAUL,
    )
    ask("campaign", "draft", "evil", "--name", "Run", "--list", "All", "--start", "now", acting=PAUL)
    ask("campaign", "launch", "run", acting=PAUL)
    installed = market.shell.installation()
    shown = app_of(installed).test_client().get(addresses.microsite("polder-it", "run"))
    installed.dispose()
    names = names_in(shown.text)
    assert shown.status_code == 200 and "<script" not in names
    assert not [name for name in names if name.startswith("on")]
    assert 'href="javascript:' not in shown.text

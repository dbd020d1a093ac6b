"""What stands in a contact file is data: in mails, in headers, on pages, in a terminal."""

import csv
import os
import re
import subprocess
import sys
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tcma.config import ROOT
from tests.campaigns.kit_files import MAIL
from tests.cli.world import PAUL, TILDA, World, work, write_kit

CONTROL = {"terminal", "override"}  # rows that are skipped with that reason
PAYLOADS = {
    "template": "{{7*7}}",
    "statement": "{% for a in range(9) %}x{% endfor %}",
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)',
    "headers": "Eve\r\nBcc: victim@elsewhere.example\r\n\r\nbody",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "mjml": "</mj-text><mj-raw><img src=x onerror=alert(1)></mj-raw>",
    "terminal": "\x1b]0;owned\x07\x1b[31mred",
    "override": "\u202egnp.exe\u2066",
    "marks": "\u200fشركة\u200f",
    "long": "L" * 10_000,
}


def hostile_file(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["First name", "Last name", "E-mail", "Company"])
        for kind, payload in PAYLOADS.items():
            rows.writerow([payload, payload, f"{kind}@firm.example", payload])
    return path


@pytest.fixture
def mails(market: World, tmp_path: Path) -> dict[str, EmailMessage]:
    """The mails that went out to the hostile file, by payload; its kit uses the names in subject and text."""
    text = "<mj-text><p>Dear <b>{{ contact.company }}</b></p></mj-text>\n<mj-button href"
    kit = write_kit(tmp_path / "names", {"emails/01-invite.mjml": MAIL.replace("<mj-button href", text)})
    ask = market.shell.ask
    ask("kit", "import", str(kit), acting=TILDA)
    ask("kit", "publish", "names", acting=TILDA)
    file = hostile_file(tmp_path / "hostile.csv")
    ask("contacts", "import", str(file), "--list", "Hostile", "--basis", "customer", acting=PAUL)
    ask("campaign", "draft", "names", "--name", "Run", "--list", "Hostile", "--start", "now", acting=PAUL)
    ask("campaign", "launch", "run", acting=PAUL)
    work(market.shell)
    found = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in market.shell.folder.rglob("*.eml")
    ]
    return {str(mail["To"]).strip("<>").rpartition("<")[2].partition("@")[0]: mail for mail in found}


class Names(HTMLParser):
    """Names of tags (with their bracket) and attributes, as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names |= {f"<{tag}", *(name for name, _ in attrs)}


def names_in(html: str) -> set[str]:
    parser = Names()
    parser.feed(html)
    return parser.names


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_everybody_with_an_address_gets_one_whole_mail(mails: dict[str, EmailMessage]) -> None:
    assert set(PAYLOADS) - CONTROL - {"headers", "long"} <= set(mails) <= set(PAYLOADS) - CONTROL
    for kind, mail in mails.items():
        assert mail.get_all("To") is not None and len(mail.get_all("To") or []) == 1, kind
        assert mail["Bcc"] is None and mail["Cc"] is None
        assert len(mail.get_all("Subject") or []) == 1 and "\n" not in str(mail["Subject"])
        assert "victim@elsewhere.example" not in str(mail["To"])
        assert mail["List-Unsubscribe"] and mail["Message-ID"]
        assert {part.get_content_type() for part in mail.walk()} >= {"text/html", "text/plain"}


def test_no_line_of_a_mail_is_longer_than_allowed(market: World, mails: dict[str, EmailMessage]) -> None:
    assert mails
    for path in market.shell.folder.rglob("*.eml"):
        assert max(len(line) for line in path.read_bytes().splitlines()) <= 998


def test_names_are_printed_as_typed_and_never_carried_out(mails: dict[str, EmailMessage]) -> None:
    for kind in ("template", "statement", "script", "attribute", "formula", "mjml", "marks"):
        html, payload = html_of(mails[kind]), PAYLOADS[kind]
        assert payload in unescape(re.sub(r"<[^>]+>", "", html)), kind
        assert payload in " ".join(text_of(mails[kind]).split()).replace("\\", ""), kind
        assert str(mails[kind]["Subject"]) == f"Seven checks for {payload}", kind
    for kind, mail in mails.items():
        assert not [name for name in names_in(html_of(mail)) if name == "<script" or name.startswith("on")], (
            kind
        )


def test_control_characters_reach_neither_mail_nor_terminal(
    market: World, mails: dict[str, EmailMessage]
) -> None:
    skipped = market.shell.ask("contacts", "skipped", "Hostile", acting=PAUL)
    assert sum(row["reason"] == "control_characters" for row in skipped) == len(CONTROL)
    listed = market.shell.run("contacts", "list", "Hostile", acting=PAUL).stdout
    assert len(listed.splitlines()) == len(mails) + 1
    for shown in (listed, *(f"{mail['Subject']}{html_of(mail)}" for mail in mails.values())):
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x9b]", shown)


def test_ten_thousand_characters_neither_break_the_file_nor_fill_the_mail(
    market: World, mails: dict[str, EmailMessage]
) -> None:
    if "long" in mails:
        assert len(html_of(mails["long"])) < 60_000 and len(str(mails["long"]["Subject"])) < 1_000
    else:
        skipped = market.shell.ask("contacts", "skipped", "Hostile", acting=PAUL)
        assert [row["row"] for row in skipped] and "long" in str(skipped)


# A process between: the peak of a child counts what its parent weighed when it forked, and pytest weighs a lot.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_200_000_rows_are_imported_by_command_in_little_memory(market: World, tmp_path: Path) -> None:
    rows = 200_000
    file = tmp_path / "large.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("First name,Last name,E-mail,Company,Phone,Employees\n")
        for number in range(rows):
            out.write(
                f"Anna{number % 97},Meier{number % 89},p{number}@firm{number // 3}.example,"
                f"Firm {number // 3} AG,+41 44 555 {number % 10000:04},12\n"
            )
    command = ["contacts", "import", str(file), "--list", "Large", "--basis", "customer", "--json"]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PEAK, sys.executable, "-m", "tcma", *command, "--as", PAUL],
        cwd=ROOT,
        env={**os.environ, **market.shell.environment},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds = time.monotonic() - began
    answer, peak = done.stdout.strip().splitlines()
    print(f"{rows / seconds:,.0f} rows/s, {int(peak) / 1024:.0f} MB at most")
    assert f'"ready":{rows}' in answer
    assert int(peak) / 1024 < 200

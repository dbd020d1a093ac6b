"""How commands answer: tables and JSON alike, help everywhere, sentences and exit codes."""

import json
from pathlib import Path

import click
import pytest
from PIL import Image

from campaigns import kit
from tcma.cli import running
from tcma.cli.frame import Exit
from tcma.cli.root import main
from tests.cli.examples import OWNERS, examples
from tests.cli.shell import leaves
from tests.cli.world import HANNA, KIT, NORA, TILDA, World, address, write_kit

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + bytes(range(256)) * 20


def test_every_listing_has_the_same_rows_as_json(world: World) -> None:
    listings = 0
    for name, example in examples(world).items():
        for kind, arguments in example.works.items():
            if example.changes:
                continue
            command = name.split()
            answer = world.shell.ask(*command, *arguments, acting=OWNERS[kind])
            if not isinstance(answer, list) or not answer:
                continue
            printed = world.shell.run(*command, *arguments, acting=OWNERS[kind]).stdout.splitlines()
            head = next(
                number for number, line in enumerate(printed) if line.split()[0] == next(iter(answer[0]))
            )
            assert len(printed) - head - 1 == len(answer), name
            for line, row in zip(printed[head + 1 :], answer, strict=True):
                first = next(str(value) for value in row.values() if value)
                assert first[:16].split("T")[0] in line, (name, line, row)
            listings += 1
    assert listings >= 15


def test_every_command_and_option_explains_itself(world: World) -> None:
    for name, command in leaves():
        assert command.help or (command.callback and command.callback.__doc__), name
        shown = world.shell.run(*name.split(), "--help")
        assert shown.exit_code == 0 and "Usage:" in shown.stdout and "Traceback" not in shown.output, name
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help or is_plain(option), f"{name} {option.opts[-1]}"
    for group in main.commands.values():
        assert group.help or (group.callback is not None and group.callback.__doc__)


def is_plain(option: click.Option) -> bool:
    """Options whose name says it all: a field of a firm, a person or a brand, a language, a reason."""
    return (option.name or "") in {
        *("legal_name", "street", "postal_code", "city", "country", "currency", "timezone", "locale", "tier"),
        *("first_name", "last_name", "title", "company", "language", "phone", "employees", "new_address"),
        *("website", "imprint_url", "privacy_url", "sender_name", "role", "name", "kind"),
        *("contact_name", "contact_title", "contact_email", "contact_phone", "firm", "list_name", "basis"),
        *("terms_version", "why", "note", "reason", "limit", "stage"),
    }


def test_exit_codes_are_0_1_and_2(world: World) -> None:
    assert world.shell.run("kit", "list", acting=NORA).exit_code == Exit.OK
    assert world.shell.run("campaign", "show", "none", acting=HANNA).exit_code == Exit.REFUSED
    for wrong in (
        ["kit", "nonsense"],
        ["kit", "list", "--nonsense"],
        ["lead", "show", "no-uuid", "--as", HANNA],
    ):
        assert world.shell.run(*wrong).exit_code == Exit.USAGE


def test_with_json_an_error_is_json_on_stderr(world: World) -> None:
    done = world.shell.run("campaign", "show", "none", "--json", acting=HANNA)
    assert done.exit_code == Exit.REFUSED and done.stdout == ""
    assert json.loads(done.stderr) == {"error": ["There is no such campaign."]}


def said(world: World, *command: str, acting: str = HANNA) -> str:
    done = world.shell.run(*command, acting=acting)
    assert done.exit_code == Exit.REFUSED and isinstance(done.exception, SystemExit), (
        done.output,
        done.exception,
    )
    assert "Traceback" not in done.output
    return done.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "PDF"),
        (b"PK\x03\x04" + bytes(200), "spreadsheet|Excel|ZIP|zip|damaged"),
        (b"", "empty"),
        (b"\x00\x01\x02" * 500, "text"),
        (b"Name,Company\nAnna,Lindt\n", "address"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(
    fresh: World, tmp_path: Path, content: bytes, expected: str
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_bytes(content)
    sentence = said(fresh, "contacts", "import", str(file), "--list", "Other", "--basis", "customer")
    assert any(word in sentence for word in expected.split("|")), sentence
    figures = {row["list"]: row["people"] for row in fresh.shell.ask("contacts", "lists", acting=HANNA)}
    assert figures["Other"] == 0


def test_a_file_that_is_not_there_is_named(world: World) -> None:
    done = world.shell.run("contacts", "import", "/nowhere/list.csv", "--list", "Other", acting=HANNA)
    assert done.exit_code == Exit.USAGE and "/nowhere/list.csv" in done.stderr


def test_no_file_before_the_processing_terms(fresh: World) -> None:
    shell = fresh.shell
    made = shell.ask(
        *("partner", "invite", "New Firm", "--email", "n@newfirm.example", "--domain", "newfirm.example"),
        *("--country", "CH", "--currency", "CHF"),
        acting=TILDA,
    )
    shell.ask("user", "accept", made["token"], "--name", "New")
    file = str(fresh.files / "alpine.csv")
    sentence = said(
        fresh, "contacts", "import", file, "--list", "A", "--basis", "customer", acting="n@newfirm.example"
    )
    assert "processing terms" in sentence


def test_a_locked_region_is_refused_with_the_reason_its_kit_gives(fresh: World) -> None:
    sentence = said(fresh, "campaign", "set", fresh.draft, "--region", "invite-figure=99 of 100")
    assert "invite-figure" in sentence and "named study" in sentence
    assert "no-such" in said(fresh, "campaign", "set", fresh.draft, "--region", "no-such=text")
    assert "NAME=TEXT" in said(fresh, "campaign", "set", fresh.draft, "--region", "without equals")


def test_launching_twice_is_refused_and_sends_nothing_twice(fresh: World) -> None:
    before = fresh.shell.ask("campaign", "show", fresh.campaign, acting=HANNA)
    assert "running" in said(fresh, "campaign", "launch", fresh.campaign)
    assert fresh.shell.ask("campaign", "show", fresh.campaign, acting=HANNA) == before


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["campaign", "draft", "no-such-kit"], "There is no kit 'no-such-kit'."),
        (["campaign", "draft", KIT, "--start", "tomorrow"], "Write 2026-11-24T09:30."),
        (["campaign", "new-time", "autumn", "reminder", "25:99"], "is not a local time"),
        (["campaign", "skip", "autumn", "nonsense"], "Its messages:"),
        (["campaign", "send-again", "autumn", "invite"], "twice"),
        (["certificate", "ask", "northwind-security", "a lot"], "amount"),
        (["certificate", "ask", "northwind-security", "0"], "amount|above zero|more than"),
        (["contacts", "add", "no address", "--list", "Harbour customers", "--basis", "customer"], "address"),
        (["contacts", "change", address(5), "--country", "Atlantis"], "country|Country"),
        (["partner", "brand", "--colour", "reddish"], "colour"),
        (["partner", "brand", "--website", "javascript:alert(1)"], "http"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_to_write(
    fresh: World, command: list[str], expected: str
) -> None:
    sentence = said(fresh, *command)
    assert any(part in sentence for part in expected.split("|")), sentence


def test_the_picture_of_the_contact_person_is_set_and_taken_away(fresh: World, tmp_path: Path) -> None:
    photo = tmp_path / "marc.png"
    Image.new("RGB", (100, 80)).save(photo)

    def has_picture(*options: str) -> bool:
        answer = fresh.shell.ask("partner", "brand", *options, acting=HANNA)
        return bool(answer["has_picture"])

    assert has_picture("--picture", str(photo)) and has_picture("--phone", "+41 44 000 00 00")
    both = fresh.shell.run("partner", "brand", "--picture", str(photo), "--no-picture", acting=HANNA)
    assert both.exit_code == Exit.USAGE and "not both" in both.stderr
    assert "neither PNG nor JPEG" in said(
        fresh, "partner", "brand", "--picture", str(fresh.files / "logo.svg")
    )
    assert not has_picture("--no-picture")


def test_a_draft_that_cannot_have_its_date_says_that_it_is_kept(fresh: World) -> None:
    sentence = said(fresh, "campaign", "draft", KIT, "--name", "Far", "--start", "2099-01-01T09:00")
    assert sentence.rstrip().endswith("The draft 'far' is kept without it.")


def test_a_new_kit_passes_its_check_and_comes_out_of_the_installation_as_it_went_in(
    fresh: World, tmp_path: Path
) -> None:
    folder, packed, again = tmp_path / "winter-check", tmp_path / "winter-check.zip", tmp_path / "again"

    def kit_command(*command: str, acting: str = NORA) -> str:
        done = fresh.shell.run("kit", *command, acting=acting)
        assert done.exit_code == Exit.OK, (done.output, done.exception)
        return done.stdout

    assert "is laid out" in kit_command("new", str(folder), "--name", 'Backups: "how" & why', acting="")
    assert "No problems" in kit_command("check", str(folder), acting="")
    kit_command("import", str(folder))
    assert "Version 1 of 'winter-check' is in" in kit_command("export", "winter-check", "--to", str(packed))
    assert kit.read_source(packed) == kit.read_folder(folder)
    assert kit.read(kit.read_source(packed)).name == {"en": 'Backups: "how" & why'}
    assert "Nothing changed since version 1." in kit_command("import", str(packed))
    kit_command("export", "winter-check", "--version", "1", "--to", str(again))
    assert kit.read_folder(again) == kit.read_folder(folder)

    for target, sentence in ((packed, "Name another one with --to"), (again, "new or empty")):
        assert sentence in said(fresh, "kit", "export", "winter-check", "--to", str(target), acting=NORA)
    assert "no version 2" in said(fresh, "kit", "export", "winter-check", "--version", "2", acting=NORA)
    assert "new or empty" in said(fresh, "kit", "new", str(folder), acting="")


def test_a_kit_is_made_of_a_foreign_mail_with_a_sentence_for_every_change(
    world: World, tmp_path: Path
) -> None:
    mails, folder = Path(__file__).parents[1] / "campaigns" / "foreign_mails", tmp_path / "made"
    done = world.shell.run("kit", "new", str(folder), "--from", str(mails / "27-offer-with-claims.mjml"))
    assert done.exit_code == Exit.OK, (done.output, done.exception)
    assert "note: 27-offer-with-claims.mjml line 9: The button 'See how' led to" in done.stdout
    assert "8 regions proposed" in done.stdout
    assert "No problems" in world.shell.run("kit", "check", str(folder)).stdout

    nowhere, old = tmp_path / "nowhere", str(mails / "refused-mj-container.mjml")
    assert "line 3: <mj-container> is of MJML 3" in said(
        world, "kit", "new", str(nowhere), "--from", old, acting=""
    )
    assert not nowhere.exists()
    notes = json.loads(
        world.shell.run(
            "kit", "new", str(nowhere), "--from", str(mails / "06-carousel.mjml"), "--json"
        ).stdout
    )["notes"]
    assert {"file", "line", "sentence"} == set(notes[0])


def test_kit_check_names_file_and_line(world: World, tmp_path: Path) -> None:
    good = write_kit(tmp_path / "good", {})
    assert world.shell.run("kit", "check", str(good)).exit_code == Exit.OK
    source = (good / "kit.yml").read_text().replace("sale: transactional", "sale: on-a-whim")
    bad = write_kit(tmp_path / "bad", {"kit.yml": source})
    line = source.splitlines().index("sale: on-a-whim") + 1

    done = world.shell.run("kit", "check", str(bad))
    assert done.exit_code == Exit.REFUSED and f"kit.yml line {line}: " in done.stdout, done.output
    rows = json.loads(world.shell.run("kit", "check", str(bad), "--json").stdout)
    assert [(row["file"], row["line"]) for row in rows if row["severity"] == "problem"] == [("kit.yml", line)]
    assert f"kit.yml line {line}: " in said(world, "kit", "import", str(bad), acting=NORA)


def test_a_sign_in_link_leads_to_where_the_site_answers_today(world: World) -> None:
    settings = world.shell.installation().settings

    def link() -> str:
        return str(world.shell.ask("user", "link", NORA)["link"])

    assert link().startswith(f"{settings.base_url}/sign-in/")
    running.keep(settings, "http://127.0.0.1:8123")  # as `tcma dev` does on another port
    try:
        assert link().startswith("http://127.0.0.1:8123/sign-in/")
    finally:
        running.forget(settings)

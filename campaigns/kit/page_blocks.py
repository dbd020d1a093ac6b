"""The blocks that the pages of a kit are made of: read from YAML, checked, typed."""

import re
from collections.abc import Iterator, Mapping

from campaigns.errors import ContentError
from campaigns.kit.fields import Report, Section
from campaigns.kit.markdown import TAG, check_markdown
from campaigns.kit.microsite import (
    Confirmation,
    Copy,
    FieldName,
    Form,
    FormField,
    Hero,
    PersonBlock,
    Picture,
    Proof,
    ProofPoint,
    Prose,
    Question,
    Questions,
    Quote,
    Step,
    Steps,
)
from campaigns.kit.yaml import Scalar, Table, as_utf8

MOST_FIELDS = 6
MOST_HEADLINE = 60
MOST_MARKDOWN = 10_000

_AUTOCOMPLETE = {
    FieldName.EMAIL: "email",
    FieldName.NAME: "name",
    FieldName.COMPANY: "organization",
    FieldName.PHONE: "tel",
}


def hero_of(page: Section, files: Mapping[str, bytes]) -> Hero:
    hero = page.section("hero") or nothing(page)
    headline = copy_of(hero, "headline")
    if len(TAG.sub("", headline.text)) > MOST_HEADLINE:
        hero.problem(f"The headline has more than {MOST_HEADLINE} characters. Shorten it.", "headline")
    result = Hero(headline, copy_of(hero, "text"), copy_of(hero, "button", most=40), picture_of(hero, files))
    hero.done()
    return result


def picture_of(section: Section, files: Mapping[str, bytes]) -> Picture | None:
    inner = section.section("picture", required=False)
    if inner is None:
        return None
    file = asset_of(inner, "file", files, (".png", ".jpg", ".jpeg"))
    if not inner.has("alt"):
        inner.problem("The picture needs 'alt': words for those who do not see it.", "alt")
    result = Picture(file, inner.source("alt", required=False, most=200), region_of(inner))
    inner.done()
    return result


def proof_of(page: Section) -> Proof | None:
    section = page.section("proof", required=False)
    if section is None:
        return None
    points = tuple(
        ProofPoint(
            figure=point.source("figure", most=20),
            text=point.source("text", most=300),
            source=point.source("source", most=200),
            source_url=_https(point, "url"),
        )
        for point in section.sections("points", most=6)
    )
    if len(points) != 3:
        page.report.note(page.path, section.line, f"Three proof points read best; there are {len(points)}.")
    result = Proof(optional_copy(section, "heading"), points, region_of(section))
    section.done()
    return result


def quote_of(page: Section) -> Quote | None:
    section = page.section("quote", required=False)
    if section is None:
        return None
    result = Quote(copy_of(section, "text", most=600), copy_of(section, "who"), region_of(section))
    section.done()
    return result


def sections_of(page: Section, files: Mapping[str, bytes]) -> Iterator[Prose]:
    for section in page.sections("sections", required=False, most=10):
        file = section.text("file", required=False)
        heading, region = optional_copy(section, "heading"), region_of(section)
        if bool(file) is section.has("markdown"):
            section.problem("A section needs either 'file' or 'markdown'.")
            section.seen.add("markdown")
        elif file:
            yield Prose(heading, _markdown_file(section, file, files), region, file)
        else:
            text = section.source("markdown", most=MOST_MARKDOWN)
            check_markdown(text, section.path, section.table.entries["markdown"].line, page.report)
            yield Prose(heading, text, region)


def _markdown_file(section: Section, file: str, files: Mapping[str, bytes]) -> str:
    folder = "microsite" if section.path.startswith("microsite/") else "webinar"
    if file not in files or not re.fullmatch(rf"{folder}/[^/]+\.md", file):
        section.problem(f"There is no file '{file}'. Texts of the page are {folder}/<name>.md.", "file")
        return ""
    try:
        text = as_utf8(files[file], file)
    except ContentError as error:
        section.report.refused(error)
        return ""
    if len(text) > MOST_MARKDOWN:
        section.report.problem(
            file, None, f"This text is longer than {MOST_MARKDOWN:,} characters. Shorten it."
        )
    elif section.report.template(text, file, 1, section.language) is not None:
        check_markdown(text, file, 1, section.report)
    return text


def steps_of(page: Section) -> Steps | None:
    section = page.section("steps", required=False)
    if section is None:
        return None
    steps = tuple(
        Step(step.source("title", most=80), step.source("text", most=400), step.source("when", most=60))
        for step in section.sections("items", most=6)
    )
    result = Steps(copy_of(section, "heading"), steps, region_of(section))
    section.done()
    return result


def person_of(page: Section) -> PersonBlock | None:
    section = page.section("person", required=False)
    if section is None:
        return None
    result = PersonBlock(copy_of(section, "heading"), copy_of(section, "text", most=600))
    section.done()
    return result


def questions_of(page: Section) -> Questions | None:
    section = page.section("questions", required=False)
    if section is None:
        return None
    found = tuple(
        Question(item.source("question", most=150), item.source("answer", most=1_000))
        for item in section.sections("items", most=12)
    )
    if not 3 <= len(found) <= 5:
        page.report.note(
            page.path, section.line, f"Three to five questions read best; there are {len(found)}."
        )
    result = Questions(copy_of(section, "heading"), found, region_of(section))
    section.done()
    return result


def form_of(page: Section) -> Form:
    section = page.section("form") or nothing(page)
    fields = tuple(_field(item) for item in section.sections("fields", most=20))
    names = [field.name for field in fields]
    if len(fields) > MOST_FIELDS:
        section.problem(f"The form asks {len(fields)} questions. It may ask {MOST_FIELDS}.", "fields")
    if fields and (names[0] is not FieldName.EMAIL or not fields[0].required):
        section.problem("The first question has to be the e-mail, and it cannot be optional.", "fields")
    for name in sorted({name for name in names if names.count(name) > 1}):
        section.problem(f"The form asks for '{name}' twice.", "fields")
    form = Form(
        heading=copy_of(section, "heading"),
        fields=fields,
        button=copy_of(section, "button", most=40),
        information=section.word("information"),
        consents=tuple(section.texts("consents", required=False, most=4)),
        text=optional_copy(section, "text"),
    )
    section.done()
    return form


def _field(section: Section) -> FormField:
    name = section.choice("name", FieldName)
    return FormField(
        name=name,
        label=section.source("label", most=80),
        required=section.flag("required", True),
        help=section.source("help", required=False, most=200),
        options=tuple(section.texts("options", required=False, most=12)),
        autocomplete=_AUTOCOMPLETE.get(name, ""),
    )


def mail_of(parent: Section, key: str) -> Confirmation:
    """A service mail: `subject` and plain `text`."""
    section = parent.section(key) or nothing(parent)
    mail = Confirmation(section.source("subject", most=150), section.source("text", most=4_000))
    section.done()
    return mail


def copy_of(section: Section, key: str, most: int = 300) -> Copy:
    """A text, or a table of `text` and `region`."""
    if not isinstance(section.table.entries.get(key), Table):
        return Copy(section.source(key, most=most))
    inner = section.section(key) or nothing(section)
    region = region_of(inner)
    result = Copy(inner.source("text", required=region is None, most=most), region)
    inner.done()
    return result


def optional_copy(section: Section, key: str) -> Copy | None:
    return copy_of(section, key) if section.has(key) else None


def region_of(section: Section) -> str | None:
    return section.word("region", required=False) or None


def _https(section: Section, key: str) -> str | None:
    url = section.text(key, required=False)
    if url and not re.fullmatch(r"https://[^\s<>\"'{}]+", url):
        section.problem(f"'{url[:60]}' has to be an address that starts with https://.", key)
    return url or None


def asset_of(section: Section, key: str, files: Mapping[str, bytes], endings: tuple[str, ...]) -> str:
    file = section.text(key, most=200)
    if file and (file not in files or not file.startswith("assets/")):
        section.problem(f"There is no file '{file}'. Put it into assets/.", key)
    elif file and not file.lower().endswith(endings):
        section.problem(f"'{file}' has to end with {' or '.join(endings)}.", key)
    return file


def nothing(section: Section) -> Section:
    """Stands in for a missing table whose absence was told already, so that its keys are not told as well."""
    return Section(
        Table(section.line, {"": Scalar("", section.line)}), section.path, Report(), section.language
    )

"""microsite/page.yml: the content of the page in one language."""

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
    MicrositePage,
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
    Thanks,
)
from campaigns.kit.yaml import Scalar, Table, as_utf8, parse_yaml

MOST_FIELDS = 6
MOST_HEADLINE = 60
MOST_MARKDOWN = 10_000

_AUTOCOMPLETE = {
    FieldName.EMAIL: "email",
    FieldName.NAME: "name",
    FieldName.COMPANY: "organization",
    FieldName.PHONE: "tel",
}


def read_page(path: str, locale: str, files: Mapping[str, bytes], report: Report) -> MicrositePage | None:
    """The page in `path`; None if the file cannot be read at all. Problems go to the report."""
    try:
        table = parse_yaml(files[path], path)
    except ContentError as error:
        report.refused(error)
        return None
    page = Section(table, path, report, locale)
    result = MicrositePage(
        locale=locale,
        title=page.source("title", most=80),
        description=page.source("description", most=200),
        hero=_hero(page, files),
        form=_form(page),
        thanks=_thanks(page, files),
        confirmation=_confirmation(page),
        proof=_proof(page),
        quote=_quote(page),
        sections=tuple(_sections(page, files)),
        steps=_steps(page),
        person=_person(page),
        questions=_questions(page),
    )
    page.done()
    return result


def _hero(page: Section, files: Mapping[str, bytes]) -> Hero:
    hero = page.section("hero") or _nothing(page)
    headline = _copy(hero, "headline")
    if len(TAG.sub("", headline.text)) > MOST_HEADLINE:
        hero.problem(f"The headline has more than {MOST_HEADLINE} characters. Shorten it.", "headline")
    result = Hero(headline, _copy(hero, "text"), _copy(hero, "button", most=40), _picture(hero, files))
    hero.done()
    return result


def _picture(section: Section, files: Mapping[str, bytes]) -> Picture | None:
    inner = section.section("picture", required=False)
    if inner is None:
        return None
    file = _asset(inner, "file", files, (".png", ".jpg", ".jpeg"))
    if not inner.has("alt"):
        inner.problem("The picture needs 'alt': words for those who do not see it.", "alt")
    result = Picture(file, inner.source("alt", required=False, most=200), _region(inner))
    inner.done()
    return result


def _proof(page: Section) -> Proof | None:
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
    result = Proof(_optional_copy(section, "heading"), points, _region(section))
    section.done()
    return result


def _quote(page: Section) -> Quote | None:
    section = page.section("quote", required=False)
    if section is None:
        return None
    result = Quote(_copy(section, "text", most=600), _copy(section, "who"), _region(section))
    section.done()
    return result


def _sections(page: Section, files: Mapping[str, bytes]) -> Iterator[Prose]:
    for section in page.sections("sections", required=False, most=10):
        file = section.text("file", required=False)
        heading, region = _optional_copy(section, "heading"), _region(section)
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
    if file not in files or not re.fullmatch(r"microsite/[^/]+\.md", file):
        section.problem(f"There is no file '{file}'. Texts of the page are microsite/<name>.md.", "file")
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


def _steps(page: Section) -> Steps | None:
    section = page.section("steps", required=False)
    if section is None:
        return None
    steps = tuple(
        Step(step.source("title", most=80), step.source("text", most=400), step.source("when", most=60))
        for step in section.sections("items", most=6)
    )
    result = Steps(_copy(section, "heading"), steps, _region(section))
    section.done()
    return result


def _person(page: Section) -> PersonBlock | None:
    section = page.section("person", required=False)
    if section is None:
        return None
    result = PersonBlock(_copy(section, "heading"), _copy(section, "text", most=600))
    section.done()
    return result


def _questions(page: Section) -> Questions | None:
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
    result = Questions(_copy(section, "heading"), found, _region(section))
    section.done()
    return result


def _form(page: Section) -> Form:
    section = page.section("form") or _nothing(page)
    fields = tuple(_field(item) for item in section.sections("fields", most=20))
    names = [field.name for field in fields]
    if len(fields) > MOST_FIELDS:
        section.problem(f"The form asks {len(fields)} questions. It may ask {MOST_FIELDS}.", "fields")
    if fields and (names[0] is not FieldName.EMAIL or not fields[0].required):
        section.problem("The first question has to be the e-mail, and it cannot be optional.", "fields")
    for name in sorted({name for name in names if names.count(name) > 1}):
        section.problem(f"The form asks for '{name}' twice.", "fields")
    form = Form(
        heading=_copy(section, "heading"),
        fields=fields,
        button=_copy(section, "button", most=40),
        information=section.word("information"),
        consents=tuple(section.texts("consents", required=False, most=4)),
        text=_optional_copy(section, "text"),
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


def _thanks(page: Section, files: Mapping[str, bytes]) -> Thanks:
    section = page.section("thanks") or _nothing(page)
    file = _asset(section, "file", files, (".pdf",)) if section.has("file") else None
    thanks = Thanks(
        headline=_copy(section, "headline"),
        text=_copy(section, "text", most=600),
        next=_copy(section, "next", most=600),
        file=file,
        file_label=section.text("file_label", required=file is not None, most=80),
    )
    section.done()
    return thanks


def _confirmation(page: Section) -> Confirmation:
    section = page.section("confirmation") or _nothing(page)
    confirmation = Confirmation(section.source("subject", most=150), section.source("text", most=4_000))
    section.done()
    return confirmation


def _copy(section: Section, key: str, most: int = 300) -> Copy:
    """A text, or a table of `text` and `region`."""
    if not isinstance(section.table.entries.get(key), Table):
        return Copy(section.source(key, most=most))
    inner = section.section(key) or _nothing(section)
    region = _region(inner)
    result = Copy(inner.source("text", required=region is None, most=most), region)
    inner.done()
    return result


def _optional_copy(section: Section, key: str) -> Copy | None:
    return _copy(section, key) if section.has(key) else None


def _region(section: Section) -> str | None:
    return section.word("region", required=False) or None


def _https(section: Section, key: str) -> str | None:
    url = section.text(key, required=False)
    if url and not re.fullmatch(r"https://[^\s<>\"'{}]+", url):
        section.problem(f"'{url[:60]}' has to be an address that starts with https://.", key)
    return url or None


def _asset(section: Section, key: str, files: Mapping[str, bytes], endings: tuple[str, ...]) -> str:
    file = section.text(key, most=200)
    if file and (file not in files or not file.startswith("assets/")):
        section.problem(f"There is no file '{file}'. Put it into assets/.", key)
    elif file and not file.lower().endswith(endings):
        section.problem(f"'{file}' has to end with {' or '.join(endings)}.", key)
    return file


def _nothing(section: Section) -> Section:
    """Stands in for a missing table whose absence was told already, so that its keys are not told as well."""
    return Section(
        Table(section.line, {"": Scalar("", section.line)}), section.path, Report(), section.language
    )

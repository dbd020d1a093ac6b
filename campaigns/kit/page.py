"""microsite/page.yml: the content of the page in one language."""

from collections.abc import Mapping

from campaigns.errors import ContentError
from campaigns.kit.fields import Report, Section
from campaigns.kit.microsite import MicrositePage, Thanks
from campaigns.kit.page_blocks import (
    asset_of,
    copy_of,
    form_of,
    hero_of,
    mail_of,
    nothing,
    person_of,
    proof_of,
    questions_of,
    quote_of,
    sections_of,
    steps_of,
)
from campaigns.kit.yaml import parse_yaml


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
        hero=hero_of(page, files),
        form=form_of(page),
        thanks=_thanks(page, files),
        confirmation=mail_of(page, "confirmation"),
        proof=proof_of(page),
        quote=quote_of(page),
        sections=tuple(sections_of(page, files)),
        steps=steps_of(page),
        person=person_of(page),
        questions=questions_of(page),
    )
    page.done()
    return result


def _thanks(page: Section, files: Mapping[str, bytes]) -> Thanks:
    section = page.section("thanks") or nothing(page)
    file = asset_of(section, "file", files, (".pdf",)) if section.has("file") else None
    thanks = Thanks(
        headline=copy_of(section, "headline"),
        text=copy_of(section, "text", most=600),
        next=copy_of(section, "next", most=600),
        file=file,
        file_label=section.text("file_label", required=file is not None, most=80),
    )
    section.done()
    return thanks

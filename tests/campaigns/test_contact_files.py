"""Sixty contact files by a table; and workbooks that were made to do harm."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaigns import people
from campaigns.errors import ContentError
from campaigns.people import Row, Skipped, sheets
from tests.campaigns.contact_files import (
    CONTACT_FILES,
    SHEET,
    ContactFile,
    archive,
    workbook,
    workbook_of_excel,
)


@pytest.mark.parametrize("file", [one for one in CONTACT_FILES if not one.refused], ids=lambda one: one.name)
def test_each_file_gives_the_people_and_the_reasons_of_its_table(file: ContactFile) -> None:
    found = list(_rows(file.data))
    rows = [one for one in found if isinstance(one, Row)]
    assert [
        (row.number, one.address, one.first_name, one.last_name, one.company)
        for row in rows
        for one in [row.person]
    ] == list(file.people)
    assert [(one.number, one.reason) for one in found if isinstance(one, Skipped)] == list(file.skipped)
    for name, value in file.more.items():
        assert getattr(rows[0].person, name) == value, name


@pytest.mark.parametrize("file", [one for one in CONTACT_FILES if one.refused], ids=lambda one: one.name)
def test_what_is_no_contact_file_is_refused_with_a_sentence(file: ContactFile) -> None:
    with pytest.raises(ContentError, match=file.refused):
        list(_rows(file.data))


def test_there_are_at_least_sixty_different_ones() -> None:
    assert len({file.data for file in CONTACT_FILES}) == len(CONTACT_FILES) >= 60
    assert len({file.name for file in CONTACT_FILES}) == len(CONTACT_FILES)


def test_a_workbook_that_unpacks_to_more_than_is_allowed_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        with made.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(sheets.MAX_UNPACKED // (1 << 20) + 1):
                sheet.write(bytes(1 << 20))
    with pytest.raises(ContentError, match="too large"):
        list(_rows(path.read_bytes()))


def test_entities_of_a_workbook_are_not_expanded() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    harmful = [_with(part, laughs.encode()) for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml")]
    for data in (*harmful, workbook_of_excel(*SHEET, strings_begin=laughs)):
        with pytest.raises(ContentError, match="damaged"):
            list(_rows(data))


@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_without_one_of_its_parts_is_damaged_and_breaks_nothing(part: str) -> None:
    with pytest.raises(ContentError, match=r"damaged|empty"):
        list(_rows(_with(part, None)))


def test_a_workbook_with_macros_is_sent_back() -> None:
    with pytest.raises(ContentError, match="macros"):
        list(_rows(archive(**{"xl/vbaProject.bin": b""})))


def _rows(data: bytes) -> Iterator[Row | Skipped]:
    if sheets.is_workbook(data[:4]):
        out = io.BytesIO()
        sheets.as_csv(io.BytesIO(data), out)
        data = out.getvalue()
    yield from people.read(io.BytesIO(data), people.sniff(data, len(data)))


def _with(name: str, before: bytes | None) -> bytes:
    """The workbook of two people, `before` put into one of its parts behind the XML declaration, or
    without it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(*SHEET))) as found, zipfile.ZipFile(out, "w") as made:
        for part in found.namelist():
            content = found.read(part)
            if part == name and before is not None:
                end = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
                content = content[:end] + before + content[end:]
            if part != name or before is not None:
                made.writestr(part, content)
    return out.getvalue()

"""A contact file on a page: what became of it, its columns, its basis, its rows to mend. Used wherever a file
is given: on the page of a list and in a launch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Response, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from campaigns.people import Field, SkipReason
from tcma import clock, language
from tcma.audiences import mending, queries, reading, rereading, results, terms, uploads, vendor_view
from tcma.audiences.mending import Cell
from tcma.audiences.models import Basis, ContactImport, ContactList, ImportStatus, SkippedRow
from tcma.audiences.results import Result
from tcma.audiences.uploads import Received
from tcma.audiences.vendor_view import Counts
from tcma.errors import Invalid, NotFound
from tcma.language import gettext as _
from tcma.language import ngettext, spoken
from tcma.partners import queries as partners
from tcma.web import lists, pages
from tcma.web.formats import number
from tcma.web.frame import installation
from tcma.web.partner import audience_words as words
from tcma.web.unit import reading as reading_session
from tcma.web.unit import viewer, writing

LARGEST = uploads.LARGEST + 64 * 1024  # the form around the file
ACCEPT = (
    ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain,.xlsx,"
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)
BY_COLUMN = "by_column"
FILE = "file"


@dataclass(frozen=True, slots=True)
class Column:
    """A column with the select above it."""

    index: int
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was left out, with the cells that can be corrected; none where nothing of it is kept."""

    row: SkippedRow
    cells: list[Cell]

    @property
    def is_twice(self) -> bool:
        """Its person is on the list by another row of the file."""
        return self.row.reason == SkipReason.TWICE

    @property
    def why(self) -> str:
        """The reason without "Row 14: ", which stands before it."""
        sentence = spoken(self.row.sentence)
        _row, colon, reason = sentence.partition(": ")
        return reason[:1].upper() + reason[1:] if colon else sentence


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as its page shows it. Its forms are sent to `base`; the rows to fix are at `rows_address`."""

    result: Result
    base: str
    columns: Sequence[Column]
    left: Sequence[Left]
    ready: str
    skipped: str
    effects: Sequence[str]
    bands: Sequence[tuple[str, int]]
    bases: Sequence[tuple[str, str, str]]
    basis: str | None
    progress: str
    waits: int

    @property
    def found(self) -> ContactImport:
        return self.result.found

    @property
    def is_replacing(self) -> bool:
        return self.found.status is ImportStatus.REPLACING

    @property
    def is_cancelled(self) -> bool:
        return self.found.status is ImportStatus.CANCELLED

    @property
    def has_failed(self) -> bool:
        return self.found.status is ImportStatus.FAILED

    @property
    def reaches_nobody(self) -> bool:
        """The answer was "I am not sure"."""
        return self.basis == Basis.NOT_SURE.value


@dataclass(frozen=True, slots=True)
class Panel:
    """Who sees what of some people: words of "Your 412 contacts stay yours"."""

    people_count: int
    shown: str
    bands: str
    vendor: str
    operator: str


def view_of(session: Session, audience: ContactList, base: str) -> FileView | None:
    """The newest file of a list: five statements; None where there was none."""
    result = results.newest_of(session, audience)
    now = clock.now(session)
    if result is None:
        return None
    found = result.found
    mapping = reading.mapping_of(found)
    return FileView(
        result=result,
        base=base,
        columns=[
            Column(at, name, mapping[at].value if at in mapping else "")
            for at, name in enumerate(found.layout["columns"])
        ],
        left=[Left(row, mending.cells_of(found, row)) for row in result.rows],
        ready=words.ready(found),
        skipped=words.skipped(found),
        effects=words.effects(result.brought.nameless_count),
        bands=_bands(result.brought.bands),
        bases=_bases(result),
        basis=_stated(found),
        progress=words.progress(found),
        waits=words.waits(found, now),
    )


def _bands(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """How large the companies are; nothing where the file says it of nobody."""
    if not any(count for name, count in counted.items() if name != vendor_view.UNKNOWN):
        return []
    return [(words.band(name), count) for name, count in counted.items()]


def _stated(found: ContactImport) -> str | None:
    if found.basis_stated_at is None:
        return None
    return BY_COLUMN if found.basis_by_column else found.basis.value


def _bases(result: Result) -> list[tuple[str, str, str]]:
    """The answers that are offered: business contacts only where the law allows it for somebody."""
    offer = result.brought.offer
    options = [
        (Basis.CUSTOMER.value, _(words.BASES[Basis.CUSTOMER]), _("Bought something similar, could say no.")),
        (Basis.AGREED.value, _(words.BASES[Basis.AGREED]), _("You can show when and how.")),
    ]
    if offer.business_count:
        allowed = _(
            "Allowed without asking in %(countries)s: %(num)s of your people.",
            countries=words.countries(offer.business_countries),
            num=number(offer.business_count),
        )
        others = (
            " " + _("Not in %(countries)s.", countries=words.countries(offer.other_countries))
            if offer.other_countries
            else ""
        )
        options.append((Basis.BUSINESS.value, _(words.BASES[Basis.BUSINESS]), allowed + others))
    if Field.BASIS in reading.mapping_of(result.found).values():
        options.append(
            (BY_COLUMN, _("A column says it for each"), _("Who is left blank there gets no mail."))
        )
    options.append(
        (Basis.NOT_SURE.value, _(words.BASES[Basis.NOT_SURE]), _("Then nobody here gets mail for now."))
    )
    return options


def panel_of(people_count: int, counts: Counts, vendor: str) -> Panel:
    """`vendor` is the name of the one whose kit is launched; "" on pages that belong to no campaign."""
    if counts.people is None:
        shown, bands = _("that there are fewer than five people"), _("no sizes")
    else:
        shown = ngettext("%(count)s person", "%(count)s people", counts.people, count=number(counts.people))
        seen = sum(1 for name, count in counts.bands.items() if count and name != vendor_view.UNKNOWN)
        bands = ngettext("%(num)s employee band", "%(num)s employee bands", seen)
    operator = installation().settings.operator_name
    return Panel(people_count, shown, bands, vendor, operator)


def only_vendor(session: Session) -> str:
    """The partner's vendor, for panels of no campaign; "" where there are several."""
    found = partners.partnerships_for(session, viewer())
    return found[0].vendor.name if len(found) == 1 else ""


def needs_terms() -> bool:
    with reading_session() as session:
        return terms.accepted(session, viewer().organisation_id) is None


def accept_terms() -> None:
    with writing() as session:
        terms.accept_processing_terms(
            session, viewer(), request.form.get("version", "")[:20], request.form.get("language", "")[:5]
        )


def receive(list_id: UUID | None = None) -> Received:
    """The file of this form, into a list or a new one."""
    sent = request.files.get(FILE)
    if sent is None or not sent.filename:
        sentence = _("Choose a file first.")
        raise Invalid(sentence, {FILE: sentence})
    installed = installation()
    return uploads.receive(
        installed.web,
        viewer(),
        installed.storage,
        cast(BinaryIO, sent.stream),
        file_name=sent.filename,
        hash_key=installed.settings.hash_key,
        list_id=list_id,
    )


def change_columns(list_id: UUID) -> ContactImport:
    """What the selects above the columns say."""
    mapping = {}
    for name, value in request.form.items():
        at = name.removeprefix("column-")
        if name.startswith("column-") and at.isdecimal() and len(at) <= 3 and value:
            if value not in words.FIELDS:
                raise Invalid(_("A column cannot be used as that."))
            mapping[int(at)] = Field(value)
    installed = installation()
    return rereading.change_columns(
        installed.web,
        viewer(),
        installed.storage,
        _import_id(list_id),
        mapping,
        hash_key=installed.settings.hash_key,
    )


def state_basis(list_id: UUID) -> ContactImport:
    answer = request.form.get("basis", "")
    if answer != BY_COLUMN and answer not in set(Basis):
        sentence = _("Say why you may write to these people.")
        raise Invalid(sentence, {"basis": sentence})
    installed = installation()
    return rereading.state_basis(
        installed.web,
        viewer(),
        installed.storage,
        _import_id(list_id),
        None if answer == BY_COLUMN else Basis(answer),
        hash_key=installed.settings.hash_key,
    )


def mend(list_id: UUID) -> str:
    """The row that was corrected, or is left out for good; what to say about it. Invalid names the field of the
    page."""
    typed = request.form.get("row", "")
    row = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
    if request.form.get("leave"):
        with writing() as session:
            mending.leave_out(session, viewer(), _import_id(list_id), row)
        return _("Row %(row)s is left out.", row=number(row))
    cells = {
        int(name.removeprefix("cell-")): text[: mending.LONGEST_CELL + 1]
        for name, text in request.form.items()
        if name.startswith("cell-") and name.removeprefix("cell-").isdecimal() and len(name) <= 8
    }
    try:
        with writing() as session:
            found = mending.mend(
                session,
                viewer(),
                _import_id(list_id),
                row,
                cells,
                hash_key=installation().settings.hash_key,
            )
    except Invalid as error:
        cell = next(iter(error.fields), f"cell-{min(cells, default=0)}")
        raise Invalid(error.sentence, {f"row-{row}-{cell}": error.sentence}) from error
    return _("Row %(row)s is on the list now.", row=number(row)) + " " + words.ready(found)


def cancel(list_id: UUID) -> None:
    with writing() as session:
        uploads.cancel(session, viewer(), _import_id(list_id))


def rows_to_fix(list_id: UUID) -> Response:
    """rows-to-fix.csv: the rows left out of the newest file, with their reasons."""
    with reading_session() as session:
        found = results.require_newest(session, viewer(), list_id).found
        kept, after = [], 0
        while piece := queries.skipped_rows_of(
            session, viewer(), found.public_id, after=after, limit=queries.LARGEST_PAGE
        ):
            kept += piece
            after = piece[-1].number
    _row, _reason, *columns = mending.header_of(found)
    rows = _told(mending.rows_of(found, kept), language.current())
    return lists.csv_answer("rows-to-fix", [_("Row"), _("Reason"), *columns], rows)


def _told(rows: Iterator[list[str]], locale: str) -> Iterator[list[str]]:
    """With the reasons in the reader's language; a file is written after its view has answered."""
    for row, sentence, *texts in rows:
        with language.speaking(locale):
            told = spoken(sentence)
        yield [row, told, *texts]


def too_large(error: HTTPException, template: str, **values: Any) -> Response:
    """A body that is larger than the route takes."""
    sentence = too_large_sentence()
    answer = pages.problem(template, Invalid(sentence, {FILE: sentence}), **values)
    answer.status_code = 413
    return answer


def too_large_sentence() -> str:
    return _("This file is larger than 300 MB. Split it and upload the parts one after the other.")


def _import_id(list_id: UUID) -> UUID:
    """The file the form belongs to, which has to be one of this list."""
    try:
        wanted = UUID(request.form.get("import", ""))
    except ValueError as error:
        raise NotFound("There is no such import.") from error
    with reading_session() as session:
        found = queries.find_import(session, viewer(), wanted)
        target = queries.find_list(session, viewer(), list_id)
    if found.list_id != target.id:
        raise NotFound("There is no such import.")
    return wanted

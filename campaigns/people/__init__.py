"""Contact files: CSV and TSV as people have them, read row by row in constant memory.

    layout = sniff(file.read(SAMPLE), size)
    file.seek(0)
    for row in read(file, layout): ...

Good rows are never held up by bad ones: each bad row comes as `Skipped` with its number, reason and sentence.
Blank rows are passed over without a word. A cell that looks like a formula is data and stays as typed.
"""

from campaigns.people.heading_names import COLUMN_NAMES
from campaigns.people.headings import Column
from campaigns.people.layout import MAX_FILE, SAMPLE, Layout, sniff
from campaigns.people.model import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROW,
    Basis,
    Field,
    Person,
    Relation,
    Row,
    Skipped,
    SkipReason,
)
from campaigns.people.reading import beginning, cells_of, read, read_one
from campaigns.people.splitting import MAX_LINES

__all__ = [
    "COLUMN_NAMES", "MAX_CELL", "MAX_COLUMNS", "MAX_FILE", "MAX_LINES", "MAX_ROW", "SAMPLE",
    "Basis", "Column", "Field", "Layout", "Person", "Relation", "Row", "SkipReason", "Skipped", "beginning",
    "cells_of", "read", "read_one", "sniff",
]  # fmt: skip

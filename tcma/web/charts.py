"""Charts, drawn here as SVG so that page, paper and mail share them. Colours are classes of the style files.

A chart is decoration beside its table: whoever uses one shows the same figures as a table and as a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

ROW, BAR, TEXT = 44, 14, 14  # pixels of a row, of its bar, and the line its words stand on
LONGEST = 82  # percent of the width a bar takes at most: its figure stands beside it
COLUMN_HEIGHT = 56


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: `value` decides its length, `words` stand at its end, `href` opens what is behind it."""

    label: str
    value: int
    words: str
    href: str = ""
    tone: str = "one"


def bars(rows: Sequence[Bar], caption: str) -> Markup:
    """Horizontal bars from zero, each with its figure written at its end."""
    most = max((row.value for row in rows), default=0)
    drawn = [_row(row, number, most) for number, row in enumerate(rows)]
    role = "group" if any(row.href for row in rows) else "img"  # links are read one by one
    return Markup('<svg class="chart" height="{}" role="{}" aria-label="{}">{}</svg>').format(
        ROW * len(rows), role, caption, Markup("").join(drawn)
    )


def columns(values: Sequence[int], caption: str) -> Markup:
    """Small columns side by side, the last one marked."""
    most = max(values, default=0)
    step = 100 / max(len(values), 1)
    drawn = []
    for number, value in enumerate(values):
        height = max(COLUMN_HEIGHT * value // most, 2) if value else 0
        drawn.append(
            Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" rx="2"/>').format(
                "one" if number == len(values) - 1 else "faint",
                round(number * step, 2),
                COLUMN_HEIGHT - height,
                round(step * 0.8, 2),
                height,
            )
        )
    return Markup('<svg class="chart columns" height="{}" role="img" aria-label="{}">{}</svg>').format(
        COLUMN_HEIGHT, caption, Markup("").join(drawn)
    )


def _row(row: Bar, number: int, most: int) -> Markup:
    length = max(round(LONGEST * row.value / most, 2), 0.5) if row.value else 0
    top = number * ROW
    mark = Markup(
        '<text class="chart-label" x="0" y="{}">{}</text>'
        '<rect class="{}" x="0" y="{}" width="{}%" height="{}" rx="3"/>'
        '<text class="chart-value" x="{}%" dx="8" y="{}">{}</text>'
    ).format(
        top + TEXT,
        row.label,
        row.tone,
        top + TEXT + 6,
        length,
        BAR,
        length,
        top + TEXT + 6 + BAR - 2,
        row.words,
    )
    return Markup('<a href="{}">{}</a>').format(row.href, mark) if row.href else mark

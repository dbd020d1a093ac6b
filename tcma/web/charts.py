"""Charts, drawn here as SVG so that page, paper and mail share them. Colours are classes of the style files.

A chart is decoration beside its table: whoever uses one shows the same figures as a table and as a file.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 640
ROW, BAR, LABEL, VALUE = 34, 18, 150, 90
COLUMN_HEIGHT = 72


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
    height = ROW * len(rows)
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        WIDTH, height, caption, Markup("").join(drawn)
    )


def columns(values: Sequence[int], caption: str) -> Markup:
    """Small columns side by side, the last one marked."""
    most = max(values, default=0)
    step = WIDTH / max(len(values), 1)
    drawn = []
    for number, value in enumerate(values):
        height = round(COLUMN_HEIGHT * value / most, 1) if most else 0
        drawn.append(
            Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="2"/>').format(
                "one" if number == len(values) - 1 else "faint",
                round(number * step + 2, 1),
                COLUMN_HEIGHT - max(height, 2),
                round(step - 4, 1),
                max(height, 2),
            )
        )
    return Markup(
        '<svg class="chart columns" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
    ).format(WIDTH, COLUMN_HEIGHT, caption, Markup("").join(drawn))


def _row(row: Bar, number: int, most: int) -> Markup:
    room = WIDTH - LABEL - VALUE
    length = round(room * row.value / most, 1) if most else 0
    top = number * ROW
    middle = top + ROW / 2 + 5
    mark = Markup(
        '<text class="chart-label" x="0" y="{}">{}</text>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="3"/>'
        '<text class="chart-value" x="{}" y="{}">{}</text>'
    ).format(
        middle,
        _short(row.label),
        row.tone,
        LABEL,
        top + (ROW - BAR) / 2,
        max(length, 2),
        BAR,
        LABEL + max(length, 2) + 8,
        middle,
        row.words,
    )
    return Markup('<a href="{}">{}</a>').format(row.href, mark) if row.href else mark


def _short(label: str) -> str:
    """Fits beside its bar; the table has it whole."""
    return label if len(label) <= 20 else f"{label[:19]}…"

"""Cells of a table at their places: columns and rows they span, what they say, how tall they may be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.html_tables import HEADER
from nbtypst.lines import as_inlines

FILL = re.compile(r"nb-(fill|ink)-([0-9a-f]{6})\Z")
BAR = re.compile(r"nb-bar-([0-9a-f]{6})-(\d{1,3})-(\d{1,3})\Z")
FORMULA = "set-formula"  # of a Span around a formula that says how wide it is
FLAT = 4  # lines of a row that no page's end cuts badly
_WIDEST = 120.0  # ems of what a page can hold
NARROW = 16  # characters of a line in a narrow column


@dataclass(frozen=True)
class Cell:
    """A cell at its place: first column, columns and rows it spans, what it says, its classes."""

    column: int
    columns: int
    rows: int
    inlines: list[Node]
    classes: Sequence[str] = ()
    label: bool = False

    @cached_property
    def text(self) -> str:
        """What it says."""
        return ast.text_of(self.inlines, glued=True)

    @property
    def formulas(self) -> list[tuple[float, float]]:
        """How wide its formulas are, in ems: what of each stays in one line, and all of it."""
        spans = (dict(n["c"][0][2]) for n in ast.nodes(self.inlines) if FORMULA in ast.classes_of(n))
        return [(float(span["run"]), float(span["whole"])) for span in spans]

    @cached_property
    def simple(self) -> bool:
        """Whether it is nothing but text."""
        return all(n["t"] in ("Str", "Space", "SoftBreak") for n in self.inlines)

    @property
    def one_line(self) -> bool:
        """Whether nothing in it begins a new line."""
        return not any(n["t"] == "LineBreak" for n in self.inlines)

    @property
    def filled(self) -> bool:
        """Whether it has a colour or a bar behind its text."""
        return any(FILL.match(c) or BAR.match(c) for c in self.classes)


Rows = list[list[Cell]]


def placed(part: Sequence[Any], count: int, labels: int | None = None) -> Rows:
    """Rows of a head or body, each cell at the column that spanning cells before and above it leave.

    Spans end with the part and with the table; a row that is too short is filled up. A body (of which `labels` columns
    at the left name the rows) says which cells are labels.
    """
    taken = [0] * count  # rows below that a cell above still covers, by column
    out: Rows = []
    for y, (_, cells) in enumerate(part):
        out.append(_row(cells, taken, len(part) - y, labels))
        taken = [max(0, t - 1) for t in taken]
    return out


def _row(cells: Sequence[Any], taken: list[int], left: int, labels: int | None) -> list[Cell]:
    """The cells of a row in the columns that are not `taken`, which they then are; `left` rows are still to come."""
    row: list[Cell] = []
    x, count = 0, len(taken)
    for (_, classes, _), _, down, across, content in [*cells, *[_empty() for _ in taken]]:
        x = next((i for i in range(x, count) if not taken[i]), count)
        if x == count:
            break
        end = next((i for i in range(x, count) if taken[i]), count)
        columns, rows = max(1, min(across, end - x)), max(1, min(down, left))
        label = labels is not None and (x < labels or HEADER in classes)
        row.append(Cell(x, columns, rows, as_inlines(content), classes, label))
        taken[x : x + columns] = [rows] * columns
        x += columns
    return row


def _empty() -> list[Any]:
    return [ast.attr(), {"t": "AlignDefault"}, 1, 1, []]


def tallest(rows: Rows) -> float:
    """Lines, by a guess, of the tallest cell or of the tallest rows that a span holds together; plain rows are none."""
    own = max((_lines(c) for row in rows for c in row if c.columns * c.rows > 1 or not c.one_line), default=0.0)
    return max([own, *(sum(tall) for tall in _held(rows) if max(tall) > FLAT)])


def _held(rows: Rows) -> Iterator[list[float]]:
    """For each cell that spans rows the lines of each of these, by the same guess and by what stands in it alone."""
    tall = [max((_lines(c) for c in row if c.rows == 1), default=1.0) for row in rows]
    return (tall[i : i + c.rows] for i, row in enumerate(rows) for c in row if c.rows > 1)


def height(rows: Rows) -> float:
    """Lines of rows together, by the same guess."""
    return sum(max(map(_lines, row), default=1.0) for row in rows)


def uncounted(rows: Rows, columns: int) -> float:
    """Lines, by the same guess, of rows with spans or cells of several lines, which no layout counts."""
    return sum(max(map(_lines, row), default=1.0) for row in rows if len(row) < columns or not _plain(row))


def _plain(row: list[Cell]) -> bool:
    return all(cell.one_line for cell in row)


def _lines(cell: Cell) -> float:
    """Lines of a cell whose columns are narrow."""
    return 1 + sum(n["t"] == "LineBreak" for n in cell.inlines) + len(cell.text) / (NARROW * cell.columns)


def ems(cells: Iterable[Cell]) -> tuple[float, float]:
    """The most of the cells' formulas that stays in one line, and the most that all of one cell are, in ems."""
    found = [cell.formulas for cell in cells]
    runs = (run for formulas in found for run, _ in formulas if run < _WIDEST)
    return max(runs, default=0.0), max((sum(whole for _, whole in formulas) for formulas in found), default=0.0)


def texts(rows: Rows, column: int) -> list[str]:
    """What the cells of one column say; those that span others aside."""
    return [c.text for row in rows for c in row if c.column == column and c.columns == 1]


def within(cell: Cell, columns: Sequence[int]) -> Cell | None:
    """The cell as far as it stands in these columns."""
    shared = [at for at, i in enumerate(columns) if cell.column <= i < cell.column + cell.columns]
    if not shared:
        return None
    return Cell(shared[0], len(shared), cell.rows, cell.inlines, cell.classes, cell.label)

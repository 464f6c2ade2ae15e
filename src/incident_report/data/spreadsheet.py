"""Cells that a spreadsheet would run as a formula, made harmless in a way that can be undone.

A cell whose first sign, after blanks, quotes and signs that nobody sees, is one of ``= + - @``, a tab or
a line end gets an apostrophe in front. Plain negative numbers stay as they are. `restore` takes
exactly these apostrophes away again: ``restore(neutralise(cell)) == cell`` for every text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace

MARK = "'"
ESCAPE = "formulaEscape"  # the property of datapackage.json which says that cells were made harmless
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
# Their full-width forms too: spreadsheets set to Chinese or Japanese take them for the same signs.
_LEADS = re.compile(rf"[\s'\"{_UNSEEN}]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")
_NEGATIVE = re.compile(r"-(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# One cell as it stands in a CSV file, and what ends it.
_CELL = re.compile(r'("(?:[^"]|"")*"?[^,\r\n]*|[^,\r\n]*)(,|\r\n|\n|\r|\Z)')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"?(.*)\Z', re.DOTALL)


def is_neutralised(package: object) -> bool:
    """Whether a folder's datapackage.json says that formulas in its CSV files have an apostrophe."""
    return isinstance(package, Mapping) and package.get(ESCAPE) == MARK


def runs(cell: str) -> bool:
    """Whether a spreadsheet may take the cell, or the cell behind its apostrophes, for a formula.

    >>> runs("=1+1"), runs(" @SUM(A1)"), runs("'=1+1"), runs("-33.3"), runs("a = b")
    (True, True, True, False, False)
    """
    if cell[:1].isalnum():  # most cells of a large table: no sign leads
        return False
    return bool(_LEADS.match(cell)) and not _NEGATIVE.fullmatch(cell)


def neutralise(cell: str) -> str:
    """The cell with an apostrophe in front where it `runs`."""
    return MARK + cell if runs(cell) else cell


def restore(cell: str) -> str:
    """What `neutralise` was given."""
    return cell[1:] if cell.startswith(MARK) and runs(cell[1:]) else cell


def neutralise_csv(text: str) -> str:
    """A CSV file with `neutralise` applied to every cell; not one other character changes."""
    return _each(text, lambda cell: (0, MARK) if runs(cell) else (0, ""))


def restore_csv(text: str) -> str:
    """The file that `neutralise_csv` was given, character for character."""
    return _each(text, lambda cell: (1, "") if restore(cell) != cell else (0, ""))


def csv_bytes(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of cells as a CSV file (UTF-8, commas, line feeds) in which no cell runs."""
    lines: list[str] = []
    # Told that lines end in both signs, the writer quotes a cell that holds either; it writes a row at a time.
    writer = csv.writer(SimpleNamespace(write=lines.append), lineterminator="\r\n")
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return "".join(f"{line[:-2]}\n" for line in lines).encode()


def _each(text: str, change: Callable[[str], tuple[int, str]]) -> str:
    """The file with some signs dropped from, and others put at, the beginning of its cells."""
    head = "\ufeff" if text.startswith("\ufeff") else ""

    def cell(match: re.Match[str]) -> str:
        written = match[1]
        quoted = _QUOTED.match(written)
        value = quoted[1].replace('""', '"') + quoted[2] if quoted else written
        dropped, put = change(value)
        opening = 1 if quoted else 0
        return written[:opening] + put + written[opening + dropped :] + match[2]

    return head + _CELL.sub(cell, text[len(head) :])

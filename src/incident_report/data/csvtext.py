"""CSV as text: cells with the line on which their row stands, and a fault for what is no table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from incident_report.data.model import Fault

MOST_ROWS = 250_000  # in one file
MOST_COLUMNS = 500
_MOST_BLANK = 200_000
_MOST_EMPTY = 10_000  # rows of separators alone, as spreadsheets leave them
_MOST_CELL = 131_072


@dataclass(frozen=True)
class RawTable:
    """A CSV file as text.

    Parameters
    ----------
    file : str
        Path relative to the data folder.
    header : list of str
    rows : list of (line, cells)
        The physical line on which the row starts (line 1 is the header's) and one text per column.
    """

    file: str
    header: list[str]
    rows: list[tuple[int, list[str]]]


class _NoTable(Exception):
    """Where and why no table can be made out: line and message."""


def parse_table(name: str, text: str, report: Callable[[Fault], None], spare: Collection[str] = ()) -> RawTable | None:
    """The rows of a CSV file, or None with a fault where no table can be made out.

    A row of the wrong length is reported and left out, unless it ends just before the last columns that
    are `spare`; blank lines are nothing.
    """
    rows, empty = [], 0
    lines = _lines(text)
    try:
        top, header = next(filter(lambda found: any(found[1]), lines), (1, []))
        _check_columns(top, header, text)
        last = next((i for i, c in enumerate(reversed(header)) if c not in spare), 0)
        for seen, (line, cells) in enumerate(lines, 1):
            short = len(header) - len(cells)
            if seen > MOST_ROWS:
                report(Fault(name, f"has more than {MOST_ROWS:,} rows; what follows was not read: split it", line=line))
                break
            if not any(cells):
                if (empty := empty + 1) > _MOST_EMPTY:
                    raise _NoTable(line, f"has more than {_MOST_EMPTY:,} empty rows; delete them")
                report(Fault(name, "this row is empty and was skipped; delete it", line=line, severity="warning"))
            elif short in (0, last):
                rows.append((line, cells + [""] * short))
            else:
                advice = "a cell with a comma needs double quotes" if short < 0 else "a cell is missing"
                message = f"this row has {len(cells)} cells, the header has {len(header)}; {advice}"
                report(Fault(name, message, line=line))
    except _NoTable as error:
        line, message = error.args
        report(Fault(name, message, line=line))
        return None
    return RawTable(name, header, rows)


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The line on which a row begins, and its cells without blanks around them; blank lines are left out."""
    csv.field_size_limit(_MOST_CELL)  # an importer in the same process may have raised it
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start, blank = 1, 0
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if cells:
                yield line, [c.strip() for c in cells] if len(cells) <= MOST_COLUMNS else cells
            elif (blank := blank + 1) > _MOST_BLANK:
                raise _NoTable(line, f"has more than {_MOST_BLANK:,} blank lines; delete them")
    except csv.Error as error:
        raise _NoTable(start, _plain(start, reader.line_num, str(error))) from None


def _check_columns(line: int, header: list[str], text: str) -> None:
    if len(header) > MOST_COLUMNS:
        raise _NoTable(line, f"has {len(header):,} columns; at most {MOST_COLUMNS} are read")
    if separator := _other_separator(text, header):
        raise _NoTable(line, f"is separated by {separator}; save it separated by commas")


def _plain(first: int, last: int, error: str) -> str:
    if "unexpected end" in error:
        message = "a double quote opened in this row is never closed"
    elif "expected after" in error:
        reach = f" (it reaches to line {last})" if last > first else ""
        message = f"a double quote is out of place in this row{reach}; inside a quoted cell write it twice"
    elif "field larger" in error:
        message = f"a cell is longer than {_MOST_CELL:,} characters; a double quote may be missing"
    else:
        message = f"cannot be read as CSV: {error}"
    return message + "; nothing after it was checked"


def _other_separator(text: str, cells: list[str]) -> str | None:
    """Name of the separator where the header is evidently not separated by commas."""
    first = next(iter(text.lstrip()[: 2 * _MOST_CELL].splitlines()), "")
    for sign, words in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if first.count(sign) > max(1, first.count(",")) or (sign in first and len(cells) == 1):
            return words
    return None

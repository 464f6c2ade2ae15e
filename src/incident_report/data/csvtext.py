"""CSV as text: cells with the line on which their row stands, and a fault for what is no table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass

from incident_report.data.model import Fault

MOST_ROWS = 50_000  # in one file; a campaign of thousands of attacks a quarter stays far below
MOST_COLUMNS = 500
_MOST_BLANK = 200_000
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


def parse_table(name: str, text: str, report: Callable[[Fault], None], spare: Collection[str] = ()) -> RawTable | None:
    """The rows of a CSV file, or None with a fault where no table can be made out.

    A row of the wrong length is reported and left out, unless it ends just before the last columns that
    are `spare`; blank lines are nothing.
    """
    csv.field_size_limit(_MOST_CELL)  # an importer in the same process may have raised it
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    rows = []
    start, seen, blank, last = 1, 0, 0, 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            report(_csv_fault(name, start, reader.line_num, str(error)))
            return None
        if cells is None:
            break
        line, start = start, reader.line_num + 1
        if not cells:
            blank += 1
            if blank > _MOST_BLANK:
                report(Fault(name, f"has more than {_MOST_BLANK:,} blank lines; delete them", line=line))
                return None
            continue
        if header is None:
            header = [c.strip() for c in cells]
            if not any(header):
                header = None
                continue
            if len(header) > MOST_COLUMNS:
                report(Fault(name, f"has {len(header):,} columns; at most {MOST_COLUMNS} are read", line=line))
                return None
            separator = _other_separator(text, header)
            if separator:
                report(Fault(name, f"is separated by {separator}; save it separated by commas", line=line))
                return None
            last = next((i for i, c in enumerate(reversed(header)) if c not in spare), 0)
            continue
        seen += 1
        if seen > MOST_ROWS:
            report(Fault(name, f"has more than {MOST_ROWS:,} rows; what follows was not read: split it", line=line))
            break
        cells = [c.strip() for c in cells] if len(cells) <= MOST_COLUMNS else cells
        if not any(cells):
            report(Fault(name, "this row is empty and was skipped; delete it", line=line, severity="warning"))
        elif last and len(cells) == len(header) - last:
            rows.append((line, cells + [""] * last))
        elif len(cells) != len(header):
            advice = "a cell with a comma needs double quotes" if len(cells) > len(header) else "a cell is missing"
            report(Fault(name, f"this row has {len(cells)} cells, the header has {len(header)}; {advice}", line=line))
        else:
            rows.append((line, cells))
    return RawTable(name, header or [], rows)


def _csv_fault(name: str, first: int, last: int, error: str) -> Fault:
    if "unexpected end" in error:
        message = "a double quote opened in this row is never closed"
    elif "expected after" in error:
        reach = f" (it reaches to line {last})" if last > first else ""
        message = f"a double quote is out of place in this row{reach}; inside a quoted cell write it twice"
    elif "field larger" in error:
        message = f"a cell is longer than {_MOST_CELL:,} characters; a double quote may be missing"
    else:
        message = f"cannot be read as CSV: {error}"
    return Fault(name, message + "; nothing after it was checked", line=first)


def _other_separator(text: str, cells: list[str]) -> str | None:
    """Name of the separator where the header is evidently not separated by commas."""
    first = text.lstrip()[: 2 * _MOST_CELL].splitlines()[0]
    for sign, words in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if first.count(sign) > max(1, first.count(",")) or (sign in first and len(cells) == 1):
            return words
    return None

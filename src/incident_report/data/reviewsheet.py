"""The review as a workbook: one row a statement, a column for comments and one for answers."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from incident_report.data.model import DataError, Fault
from incident_report.data.reviews import Line
from incident_report.data.sheets import as_text, open_sheets
from incident_report.data.workbook import check_name, put, save

Rows = Sequence[tuple[int, Sequence[str]]]  # with their numbers

SHEET, ABOUT = "review", "about"
HEADER = tuple(f.name for f in fields(Line))
_WIDTHS = {"id": 24, "kind": 16, "statement": 60, "evidence": 34, "robustness": 40, "condition": 40,
           "comment": 50, "answer": 50}  # fmt: skip
_OPEN = ("comment", "answer")
_NOTES = re.compile(
    r"xl/(comments|threadedComments)", re.IGNORECASE
)  # parts in which spreadsheets keep remarks at cells


def write_review(quarter: str, lines: Sequence[Line], heads: Mapping[str, str], path: Path) -> None:
    """Write a sheet to review.

    Parameters
    ----------
    heads : mapping
        What stands above each column of `HEADER`, and under ``how`` what to do with the sheet.

    Raises
    ------
    ValueError
        If `path` does not end in .xlsx.
    OSError
    """
    check_name(path)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for i, texts in enumerate([HEADER, [heads[k] for k in HEADER], *map(astuple, lines)], 1):
        for j, text in enumerate(texts, 1):
            cell: Any = sheet.cell(i, j)
            put(cell, text)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if i <= 2:
                cell.font = Font(bold=i == 2, color="888888" if i == 1 else "000000")
            elif HEADER[j - 1] in _OPEN:
                cell.fill = PatternFill("solid", start_color="FFF9E5")
    for j, name in enumerate(HEADER, 1):
        sheet.column_dimensions[get_column_letter(j)].width = _WIDTHS[name]
    sheet.freeze_panes = "C3"
    about = book.create_sheet(ABOUT)
    for i, pair in enumerate([("quarter", quarter), ("", heads["how"])], 1):
        for j, text in enumerate(pair, 1):
            place: Any = about.cell(i, j)
            put(place, text)
    save(book, path)


def read_review(path: Path) -> tuple[str, tuple[Line, ...]]:
    """The quarter of a sheet and its rows, comments and answers as they were given.

    A comment that begins with ``=`` and that a spreadsheet took for a formula is given back as it was
    typed; nothing is ever computed.

    Raises
    ------
    DataError
        If a sheet, a column or the quarter is missing, cells are merged, or something was written where no
        comment or answer is looked for.
    SheetError
        If it is no workbook.
    """
    found, faults = _opened(path)
    named, told = _named(found)
    quarter = next((row[1] for _, row in found.get(told, ()) if row[0] == "quarter" and len(row) > 1), "").strip()
    table = found.get(named) or [(1, [])]
    header, rows = table[0][1], [(n, r) for n, r in table[2:] if any(r)]
    if missing := [k for k in HEADER if k not in header]:
        faults.append(Fault(f"{path.name}, sheet {named}", f"has no column {', '.join(missing)} in its first row"))
    else:
        faults += _elsewhere(path, {t: r for t, r in found.items() if t not in (named, told)}, named, header, rows)
    if not quarter:
        faults.append(Fault(f"{path.name}, sheet {told}", "does not say which quarter was reviewed", 1, "B"))
    if faults:
        raise DataError(faults)
    return quarter, tuple(_line(header, row) for _, row in rows)


def _opened(path: Path) -> tuple[dict[str, Rows], list[Fault]]:
    """The rows of each sheet as they were given, with their numbers; and its merged cells."""
    found: dict[str, Rows] = {}
    faults = []
    with open_sheets(path) as sheets:
        for sheet in sheets:
            for cells in sheet.merged:
                place = f"{path.name}, sheet {sheet.title}"
                faults.append(Fault(place, "these cells are merged; unmerge them and fill in each", column=cells))
            found[sheet.title] = sheet.rows(lambda cell, i, j: _as_given(cell.value))
    return found, faults


def _line(header: Sequence[str], row: Sequence[str]) -> Line:
    cells = {name: _cell(header, row, name) for name in HEADER}
    return Line(**{**cells, "id": cells["id"].strip()})


def _cell(header: Sequence[str], row: Sequence[str], name: str) -> str:
    """What a row has in a column; empty where it ends before."""
    return "".join(row[header.index(name) :][:1])


def _named(found: Mapping[str, Rows]) -> tuple[str, str]:
    """What the two sheets are called now: each is known by what stands in its first row."""
    heads = {title: rows[0][1] for title, rows in found.items() if rows}
    named = next((title for title, head in heads.items() if set(HEADER) <= set(head)), SHEET)
    return named, next((title for title, head in heads.items() if head[:1] == ["quarter"]), ABOUT)


def _elsewhere(
    path: Path,
    others: Mapping[str, Rows],
    named: str,
    header: Sequence[str],
    rows: Rows,
) -> Iterator[Fault]:
    """What a reviewer wrote where it would be lost: on another sheet, beside the table, in a new row, in a note."""
    move = "is in no column for comments or answers, and would be lost; put it there"
    place = f"{path.name}, sheet {named}"
    for title in others:
        if others[title]:
            yield Fault(f"{path.name}, sheet {title}", f"what stands on this sheet {move}")
    for number, row in rows:
        for j, text in enumerate(row):
            if text.strip() and (header[j] if j < len(header) else "") not in HEADER:
                yield Fault(place, move, number, get_column_letter(j + 1), text)
        if not _cell(header, row, HEADER[0]).strip():
            text = next(t for t in row if t)
            yield Fault(
                place, "this row has no number of a statement, and would be lost; comment on one", number, None, text
            )
    with zipfile.ZipFile(path) as archive:
        if any(_NOTES.match(name) for name in archive.namelist()):
            yield Fault(path.name, f"holds notes at cells; what stands in one {move}")


def _as_given(value: Any) -> str:
    """The text of a cell; a formula as it was typed."""
    typed = getattr(value, "text", value)  # of a formula over many cells
    return unescape(as_text(typed)).replace("\r\n", "\n").replace("\r", "\n")

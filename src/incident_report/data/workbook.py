"""The campaign's tables as an Excel workbook; `data.workbook_back` reads it again.

Every cell is written as text, so that a spreadsheet changes no id, date or leading zero.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from incident_report.data.known import campaign_files
from incident_report.data.loader import check
from incident_report.data.model import DataError
from incident_report.data.package import Field, Table, read_package
from incident_report.data.writing import REPLACED, write_file

LISTS = "lists"
_ROWS = 2000  # how far down the drop-down lists reach
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def write_workbook(folder: Path, path: Path) -> dict[str, int]:
    """Write every table of a campaign to a workbook, a sheet each (incidents: a sheet a quarter).

    A workbook that stands there already is kept in ``.replaced`` beside it until the next one is written.

    Returns
    -------
    dict of str -> int
        Rows by sheet.

    Raises
    ------
    DataError
        If the data have faults: a workbook made from them would hide where they are.
    ValueError
        If `path` does not end in .xlsx, or a cell holds what a workbook cannot.
    OSError
        `path` is then what it was.
    """
    check_name(path)
    data, faults = check(folder)
    if data is None:
        raise DataError([f for f in faults if f.severity == "error"])
    tables = read_package(folder).tables
    book = Workbook()
    book.remove(book.worksheets[0])
    lists = book.create_sheet(LISTS)
    rows: dict[str, int] = {}
    for file, table in _files(folder, tables):
        content = read_csv(folder / file)
        _write_sheet(book, lists, sheet_name(file), content, table)
        rows[sheet_name(file)] = len(content) - 1
    book.move_sheet(lists, len(book.worksheets))
    if path.is_file():
        kept = path.parent / REPLACED
        kept.mkdir(exist_ok=True)
        shutil.copy2(path, kept / path.name)
    save(book, path)
    return rows


def _files(folder: Path, tables: Mapping[str, Table]) -> Iterator[tuple[str, Table]]:
    by_path = {t.path: t for t in tables.values()}
    there = campaign_files(folder)
    yield from ((name, tables["incidents"]) for name in there if name.startswith("incidents/"))
    yield from ((path, table) for path, table in by_path.items() if path.endswith(".csv") and path in there)


def sheet_name(file: str) -> str:
    """What the sheet of a table or of a quarter is called."""
    return Path(file).stem


def read_csv(path: Path) -> list[list[str]]:
    """A table of a campaign that passes the checks, as text, its header first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row]


def _write_sheet(book: Workbook, lists: Worksheet, name: str, rows: list[list[str]], table: Table) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for i, row in enumerate(rows, 1):
        for j, text in enumerate(row, 1):
            if ILLEGAL_CHARACTERS_RE.search(text):
                raise ValueError(f"{name}, row {i}: a cell holds a control character, which a workbook cannot hold")
            put(sheet.cell(i, j), text)
    for j, header in enumerate(rows[0], 1):
        field = table.by_name.get(header)
        letter = get_column_letter(j)
        sheet.cell(1, j).font = Font(bold=True)
        longest = max((len(r[j - 1]) for r in rows if len(r) >= j), default=0)
        sheet.column_dimensions[letter].width = min(max(longest, len(header)) + 2, 48)
        for i in range(len(rows) + 1, len(rows) + 200):  # so that what is typed next stays text, too
            sheet.cell(i, j).number_format = "@"
        if field is not None:
            sheet.cell(1, j).comment = _note(field)
            _add_list(lists, sheet, letter, field)


def check_name(path: Path) -> None:
    """Make sure that a workbook will be known as one.

    Raises
    ------
    ValueError
        If `path` does not end in .xlsx.
    """
    if path.suffix.lower() != ".xlsx":
        raise ValueError(f"{path} must end in .xlsx")


def save(book: Workbook, path: Path) -> None:
    """Write a workbook whole or not at all."""
    draft = io.BytesIO()
    book.save(draft)
    write_file(path, draft.getvalue())


def put(cell: Cell, text: str) -> None:
    """Text that no spreadsheet reads as a formula, a number or a date."""
    if text:
        # "_x0041_" would come back as "A": its underscore is escaped, as the format asks.
        cell.value = _ESCAPED.sub(lambda m: "_x005F" + m[0], text)
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top")


def _note(field: Field) -> Comment:
    parts = [field.title, field.description]
    if field.unit:
        parts.append(f"Unit: {field.unit}.")
    parts += [f"{c.value}: {c.description or c.label}" for c in field.categories]
    note = Comment("\n".join(p for p in parts if p), "codebook")
    note.width, note.height = 360, 60 + 18 * len(parts)
    return note


def _add_list(lists: Worksheet, sheet: Worksheet, letter: str, field: Field) -> None:
    """A drop-down of the allowed values; a list column takes several, so it gets a hint only."""
    values = [c.value for c in field.categories] or [*field.true_values[:1], *field.false_values[:1]]
    if not values or field.type == "list" or (field.type != "boolean" and not field.categories):
        return
    column = next(
        (j for j in range(1, lists.max_column + 1) if lists.cell(1, j).value == field.name),
        lists.max_column + (lists.cell(1, 1).value is not None),
    )
    for i, value in enumerate([field.name, *values], 1):
        lists.cell(i, column).value = value
    where = get_column_letter(column)
    rule = DataValidation(
        type="list", formula1=f"'{LISTS}'!${where}$2:${where}${len(values) + 1}", allow_blank=True, showDropDown=False
    )
    rule.error = f"One of: {', '.join(values)}"[:250]
    rule.errorTitle = field.title[:30]
    rule.showErrorMessage = not field.open_vocabulary
    rule.add(f"{letter}2:{letter}{_ROWS}")
    sheet.add_data_validation(rule)

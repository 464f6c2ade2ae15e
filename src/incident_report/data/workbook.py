"""The campaign's tables as an Excel workbook, and back.

Every cell is written as text, so that a spreadsheet changes no id, date or leading zero. On the way
back, cells that Excel has typed are turned into the text that the CSV files hold, and what cannot be
(a formula, an error) is a fault.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from incident_report.data.load import check
from incident_report.data.model import DataError, Fault
from incident_report.data.package import Field, Table, project_package, read_package

LISTS = "lists"
_ROWS = 2000  # how far down the drop-down lists reach
_QUARTER = re.compile(r"[0-9]{4}Q[1-4]")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")


def write_workbook(folder: Path, path: Path) -> int:
    """Write every table of a campaign to a workbook, a sheet each (incidents: a sheet a quarter).

    Returns
    -------
    int
        Number of sheets with data.

    Raises
    ------
    DataError
        If the data have faults: a workbook made from them would hide where they are.
    ValueError
        If `path` does not end in .xlsx, or a cell holds what a workbook cannot.
    """
    if path.suffix.lower() != ".xlsx":
        raise ValueError(f"{path} must end in .xlsx")
    data, faults = check(folder)
    if data is None:
        raise DataError([f for f in faults if f.severity == "error"])
    tables = read_package(folder).tables
    book = Workbook()
    book.remove(book.worksheets[0])
    lists = book.create_sheet(LISTS)
    for file, table in _files(folder, tables):
        _write_sheet(book, lists, _sheet_name(file), _read_csv(folder / file), table)
    book.move_sheet(lists, len(book.worksheets))
    with tempfile.TemporaryDirectory(dir=path.parent) as temporary:
        draft = Path(temporary) / path.name
        book.save(draft)
        draft.replace(path)
    return len(book.worksheets) - 1


def import_workbook(path: Path, folder: Path) -> list[Path]:
    """Read a workbook back into a campaign's CSV files; only files whose content differs are written.

    Parameters
    ----------
    folder : Path
        An existing campaign folder: its other files (wording, rubric, options) stay.

    Returns
    -------
    list of Path
        Files written.

    Raises
    ------
    DataError
        For faults in the workbook or in the tables it would make; nothing is written then.
    ValueError
        If it is no workbook of this project.
    """
    sheets = _read_book(path)
    tables = read_package(folder).tables if folder.exists() else project_package().tables
    by_sheet = {_sheet_name(t.path): t for t in tables.values() if t.path.endswith(".csv")}
    texts: dict[str, list[list[str]]] = {}
    faults: list[Fault] = []
    for sheet in sheets:
        if sheet.title == LISTS:
            continue
        table = tables["incidents"] if _QUARTER.fullmatch(sheet.title) else by_sheet.get(sheet.title)
        if table is None:
            faults.append(
                Fault(path.name, f"no table is called {sheet.title!r}; name the sheet after a quarter or a table")
            )
            continue
        file = f"incidents/{sheet.title}.csv" if table.name == "incidents" else table.path
        texts[file] = _rows(path.name, sheet, faults)
    if faults:
        raise DataError(faults)
    if not texts:
        raise ValueError(f"{path} holds no sheet that this project knows")
    return _replace(folder, texts)


def _replace(folder: Path, texts: Mapping[str, list[list[str]]]) -> list[Path]:
    """Check a copy of the folder with the new tables in it, then put the changed files in place."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".workbook-") as temporary:
        trial = Path(temporary) / "campaign"
        if folder.exists():
            shutil.copytree(folder, trial)
        changed = []
        for file, rows in texts.items():
            target = trial / file
            if target.exists() and _read_csv(target) == rows:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(_to_csv(rows))
            changed.append(file)
        data, faults = check(trial)
        if data is None:
            raise DataError([f for f in faults if f.severity == "error"])
        for file in changed:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (trial / file).replace(folder / file)
    return [folder / file for file in changed]


def _files(folder: Path, tables: Mapping[str, Table]) -> Iterator[tuple[str, Table]]:
    for quarter in sorted((folder / "incidents").glob("*.csv")):
        yield f"incidents/{quarter.name}", tables["incidents"]
    for table in tables.values():
        if table.path.endswith(".csv") and table.name != "incidents" and (folder / table.path).exists():
            yield table.path, table


def _sheet_name(file: str) -> str:
    return Path(file).stem


def _read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file) if row]


def _to_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _write_sheet(book: Workbook, lists: Worksheet, name: str, rows: list[list[str]], table: Table) -> None:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for i, row in enumerate(rows, 1):
        for j, text in enumerate(row, 1):
            if ILLEGAL_CHARACTERS_RE.search(text):
                raise ValueError(f"{name}, row {i}: a cell holds a control character, which a workbook cannot hold")
            _put(sheet.cell(i, j), text)
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


def _put(cell: Cell, text: str) -> None:
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


def _read_book(path: Path) -> list[Worksheet]:
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file")
    if path.suffix.lower() != ".xlsx":
        raise ValueError(
            f"{path} is no .xlsx workbook; for ACLED, UCDP GED or GTD files say --from acled, ucdp-ged or gtd"
        )
    try:
        return list(load_workbook(path).worksheets)
    except Exception as error:  # openpyxl raises whatever zip and XML raise
        raise ValueError(f"{path}: not readable as a workbook ({type(error).__name__})") from None


def _rows(book: str, sheet: Worksheet, faults: list[Fault]) -> list[list[str]]:
    """The sheet as text, without the empty rows and columns at its end."""
    rows: list[list[str]] = []
    for row in sheet.iter_rows():
        cells: list[str] = []
        for cell in row:
            try:
                cells.append(_text(cell))
            except ValueError as error:
                faults.append(
                    Fault(f"{book}, sheet {sheet.title}", str(error), cell.row, get_column_letter(cell.column or 1))
                )
                cells.append("")
        rows.append(cells)
    width = max((j for j, text in enumerate(rows[0], 1) if text), default=0) if rows else 0
    for i, texts in enumerate(rows, 1):
        for j, text in enumerate(texts[width:], width + 1):
            if text:
                where = get_column_letter(j)
                faults.append(
                    Fault(f"{book}, sheet {sheet.title}", "stands in a column without a header", i, where, text)
                )
    return [texts[:width] for texts in rows if any(texts[:width])]


def _text(cell: Any) -> str:
    """What a CSV file would hold for a cell."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise ValueError("is a formula; paste its value, or put a ' before the = if it is meant as text")
    if cell.data_type == "e":
        raise ValueError(f"is an error of the spreadsheet ({value})")
    if isinstance(value, datetime):
        if value.time() != time():
            raise ValueError(f"is a moment ({value}); write the day alone")
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return re.sub(r"_x005F(_x[0-9A-Fa-f]{4}_)", r"\1", str(value))

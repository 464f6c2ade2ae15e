"""A workbook of this project back into the campaign's CSV files.

Cells that a spreadsheet has typed are turned into the text that the CSV files hold; what cannot be (a formula, an
error, merged cells) is a fault. Rows are only dropped where that is allowed.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from incident_report.data.changes import Changes, Row, as_rows, compare
from incident_report.data.files import Folder
from incident_report.data.known import campaign_files
from incident_report.data.loader import check
from incident_report.data.model import DataError, Fault
from incident_report.data.package import Table, default_package, read_package
from incident_report.data.sheets import Sheet, as_text, open_sheets
from incident_report.data.workbook import LISTS, read_csv, sheet_name
from incident_report.data.writing import finish, write_files
from incident_report.periods import PATTERN

_PERIOD = re.compile(PATTERN)
_MOST_NAMED = 5


class RemovalError(ValueError):
    """The workbook lacks rows that the campaign has, and nobody said that this is meant."""


@dataclass(frozen=True)
class Brought:
    """What an import did.

    Attributes
    ----------
    files : tuple of str
        Files written, relative to the campaign folder.
    changes : mapping of table -> Changes
        Of the tables that differ.
    untouched : tuple of str
        Tables and quarters that the campaign has and the workbook does not; they stay as they are.
    kept : Path or None
        Where the files that were replaced are kept until the next import.
    """

    files: tuple[str, ...] = ()
    changes: Mapping[str, Changes] = field(default_factory=dict)
    untouched: tuple[str, ...] = ()
    kept: Path | None = None


def import_workbook(path: Path, folder: Path, *, allow_removals: bool = False) -> Brought:
    """Read a workbook back into a campaign's CSV files; only files whose content differs are written.

    Parameters
    ----------
    folder : Path
        An existing campaign folder: its other files (wording, rubric, options) stay.
    allow_removals : bool
        Drop rows that the campaign has and the workbook does not.

    Raises
    ------
    DataError
        For faults in the workbook or in the tables it would make; nothing is written then.
    RemovalError
        If rows would be dropped; nothing is written then.
    ValueError
        If it is no workbook of this project, or takes too much to read.
    OSError
        As `data.writing.write_files`.
    """
    _refuse(path)
    finish(folder)
    package, there = (read_package(folder), campaign_files(folder)) if folder.exists() else (default_package(), {})
    tables = package.tables
    texts = _read(path, tables)
    changed = {file: rows for file, rows in texts.items() if not _same(there.get(file), rows)}
    untouched = tuple(n for n in there if n not in texts and _table_of(n, tables))
    contents = {file: to_csv(rows) for file, rows in changed.items()}
    changes = _compare(folder, changed, tables)
    if not allow_removals:
        _refuse_removals(changes)
    _try_out(there, contents)
    kept = write_files(folder, contents)
    return Brought(tuple(changed), changes, untouched, kept)


def _refuse(path: Path) -> None:
    if not path.is_file():
        raise ValueError(f"{path}: there is no such file")
    if path.suffix.lower() != ".xlsx":
        raise ValueError(
            f"{path} is no .xlsx workbook of this project; for another table say --from or --map"
            " (--draft-map makes a map)"
        )


def _read(path: Path, tables: Mapping[str, Table]) -> dict[str, list[list[str]]]:
    """The tables of a workbook, by the file that each belongs in."""
    by_sheet = {sheet_name(t.path): t.path for t in tables.values() if t.path.endswith(".csv")}
    texts: dict[str, list[list[str]]] = {}
    faults: list[Fault] = []
    with open_sheets(path) as sheets:
        for sheet in sheets:
            if sheet.title == LISTS:
                continue
            file = f"incidents/{sheet.title}.csv" if _PERIOD.fullmatch(sheet.title) else by_sheet.get(sheet.title)
            if file is None:
                message = f"no table is called {sheet.title!r}; name the sheet after a period or a table, or say --map"
                faults.append(Fault(path.name, message))
                continue
            texts[file] = rows_of(path.name, sheet, faults)
    if faults:
        raise DataError(faults)
    if not texts:
        raise ValueError(f"{path} holds no sheet that this project knows")
    return texts


def rows_of(book: str, sheet: Sheet, faults: list[Fault]) -> list[list[str]]:
    """The sheet as text, without empty rows and without the empty columns at its end.

    Parameters
    ----------
    book : str
        Name of the workbook, for faults.
    faults : list of Fault
        What cannot be text is added here.
    """
    place = f"{book}, sheet {sheet.title}"
    for cells in sheet.merged:
        message = "these cells are merged, and all but the first are empty; unmerge them and fill in each"
        faults.append(Fault(place, message, column=cells))

    def read(cell: Any, row: int, column: int) -> str:
        try:
            return _text(cell)
        except ValueError as error:
            faults.append(Fault(place, str(error), row, get_column_letter(column)))
            return ""

    rows = sheet.rows(read)
    width = max((j for j, text in enumerate(rows[0][1], 1) if text), default=0) if rows else 0
    for i, texts in rows:
        for j, text in enumerate(texts[width:], width + 1):
            if text:
                faults.append(Fault(place, "stands in a column without a header", i, get_column_letter(j), text))
    return [(texts + [""] * width)[:width] for _, texts in rows if any(texts[:width])]


def _same(path: Path | None, rows: list[list[str]]) -> bool:
    try:
        return path is not None and read_csv(path) == rows
    except (UnicodeDecodeError, csv.Error):
        return False


def _try_out(there: Mapping[str, Path], contents: Mapping[str, bytes]) -> None:
    """Check a copy of the campaign with the new tables in it."""
    with tempfile.TemporaryDirectory(prefix="incident-report-") as temporary:
        for name, path in there.items():
            _put(Path(temporary) / name, path.read_bytes())
        for name, content in contents.items():
            _put(Path(temporary) / name, content)
        data, faults = check(Path(temporary))
    if data is None:
        raise DataError([f for f in faults if f.severity == "error"])


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _compare(folder: Path, changed: Mapping[str, list[list[str]]], tables: Mapping[str, Table]) -> dict[str, Changes]:
    """What changes in each table, its files taken together: a row may move to another quarter."""
    before: dict[str, list[Row]] = {}
    after: dict[str, list[Row]] = {}
    place = Folder(folder, lambda fault: None)  # a file that nobody could read is compared as an empty one
    for file, rows in changed.items():
        name = _table_of(file, tables) or file
        old = place.read_table(file) if place.exists(file) else None
        before.setdefault(name, []).extend(as_rows([old.header, *(cells for _, cells in old.rows)]) if old else ())
        after.setdefault(name, []).extend(as_rows([list(map(str.strip, row)) for row in rows]))
    changes = {}
    for name, new_rows in after.items():
        key = _key(tables[name])
        # Where the column of ids is lost, nothing can be compared; the check of the table says what is wrong.
        changes[name] = compare(before[name], new_rows, key) if any(key in row for row in new_rows) else Changes()
    return changes


def _key(table: Table) -> str:
    return next((f.name for f in table.fields if f.unique), table.fields[0].name)


def _table_of(file: str, tables: Mapping[str, Table]) -> str | None:
    if file.startswith("incidents/"):
        return "incidents"
    return next((name for name, table in tables.items() if table.path == file), None)


def _refuse_removals(changes: Mapping[str, Changes]) -> None:
    if gone := [_told(name, c.removed) for name, c in changes.items() if c.removed]:
        raise RemovalError("; ".join(gone))


def _told(name: str, ids: tuple[str, ...]) -> str:
    named = ", ".join(i[:60] for i in ids[:_MOST_NAMED]) + (", ..." if len(ids) > _MOST_NAMED else "")
    rows = "row" if len(ids) == 1 else "rows"
    return f"{len(ids):,} {rows} of {name} would be removed ({named})"


def to_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """A table as this project writes it by hand: commas, line feeds, UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _text(cell: Any) -> str:
    """What a CSV file would hold for a cell."""
    value = cell.value
    if cell.data_type == "f":
        raise ValueError("is a formula; paste its value, or put a ' before the = if it is meant as text")
    if cell.data_type == "e":
        raise ValueError(f"is an error of the spreadsheet ({value})")
    if isinstance(value, datetime) and value.time() != time():
        raise ValueError(f"is a moment ({value}); write the day alone")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return re.sub(r"_x005F(_x[0-9A-Fa-f]{4}_)", r"\1", as_text(value))

"""Reading a foreign table of any make: CSV whatever its separator, a sheet of a workbook, records in JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pandas as pd

from incident_report.data.cells import suggest
from incident_report.data.importers.cells import code

MOST_BYTES = 512 * 1024 * 1024
LINE = " line"  # name of the column that holds a row's line in the file; no column of a file begins with a space
_MOST_UNPACKED = 2 * 1024 * 1024 * 1024  # the whole of GTD as a workbook is half of that
_MOST_COLUMNS = 1_000
_MOST_CELL = 1_000_000
_MOST_DEEP = 4  # of a record in JSON
# Signs that nobody sees, by which one code would be two: controls, marks of direction, spaces of no width.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_TAG = re.compile(r"#[A-Za-z][\w+ -]*")
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG")  # zip, old Excel, PDF, gzip, PNG
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_Rows = list[tuple[int, list[str]]]


class ImportFault(ValueError):
    """The file cannot be imported; the message says why, in one line."""


@dataclass
class Table:
    """A foreign table as text.

    Attributes
    ----------
    frame : DataFrame
        All columns text without surrounding or inner line breaks, names in small letters; and `LINE` (int).
    names : list of str
        All columns of the file.
    found : list of str
        How the file is written, for the account of the import.
    notes : Counter of str
        What was passed over.
    """

    frame: pd.DataFrame
    names: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


def key(name: object) -> str:
    """What a column is called by: small letters, single spaces."""
    return " ".join(str(name).split()).casefold()


def read_table(
    path: Path, *, sheet: str | int = "", records: str = "", header: int = 1, wanted: Collection[str] | None = None
) -> Table:
    """Read a CSV, TSV, XLSX or JSON file as text.

    Parameters
    ----------
    sheet : str or int, optional
        Name or number (from 1) of a workbook's sheet; the first without it.
    records : str, optional
        Key of the list of records in a JSON file, dots between levels; found by itself where there is one list.
    header : int
        Which line or row that is not empty holds the names.
    wanted : collection of str, optional
        Columns that are of use; of others only the names are kept. All without it.

    Raises
    ------
    ImportFault
        If it is no table.
    """
    if not path.is_file():
        raise ImportFault(f"{path}: there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise ImportFault(f"{path}: larger than 512 MB; cut it to the country and years that you need first")
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        rows, found = _read_xlsx(path, sheet)
    elif path.suffix.lower() in (".json", ".geojson"):
        rows, found = _read_json(path, records)
    else:
        rows, found = _read_csv(path)
    if len(rows) < header:
        raise ImportFault(f"{path}: it is empty: there is no row with names of columns")
    table = Table(pd.DataFrame(), found=found)
    table.names = _names(path, rows[header - 1][1], table, wanted)
    rows = _even(path, table.names, rows[header:])
    tags = next((i for i, (_, cells) in enumerate(rows[:3]) if _are_tags(cells)), None)
    if tags is not None:
        del rows[tags]
        table.notes["HXL tag row skipped"] += 1
    table.frame = _frame(table.names, rows, wanted)
    return table


def _frame(names: Sequence[str], rows: _Rows, wanted: Collection[str] | None) -> pd.DataFrame:
    """The columns of use, clean, and the line of each row."""
    seen: dict[str, str] = {}  # most cells of a table stand in it more than once
    columns = zip(*(cells for _, cells in rows), strict=True) if rows else [()] * len(names)
    made = {
        name: [seen[c] if c in seen else seen.setdefault(c, _clean(c)) for c in column]
        for name, column in zip(names, columns, strict=True)
        if _is_of_use(name, wanted)
    }
    frame = pd.DataFrame(made, dtype=object, index=range(len(rows)))
    frame[LINE] = [line for line, _ in rows]
    return frame


def _is_of_use(name: str, wanted: Collection[str] | None) -> bool:
    return bool(name) and (wanted is None or name in wanted)


def rename(table: Table, also: Mapping[str, Sequence[str]]) -> None:
    """Give columns that go by other names the one that a map calls them by."""
    there = set(table.names)
    new = {}
    for name, others in also.items():
        named = [o for o in others if o in there]
        if name not in there and named:
            new[named[0]] = name
    table.frame = table.frame.rename(columns=new)
    table.names = [new.get(n, n) for n in table.names]


def _names(path: Path, header: Sequence[str], table: Table, wanted: Collection[str] | None) -> list[str]:
    names = [key(_clean(h)) for h in header]
    while names and not names[-1]:
        names.pop()
    if len(names) > _MOST_COLUMNS:
        raise ImportFault(f"{path}: it has {len(names):,} columns, which no table of events has")
    counts = Counter(n for n in names if _is_of_use(n, wanted))
    if doubled := sorted(counts - Counter(set(counts))):  # what is left when each is taken once
        raise ImportFault(f"{path}: column {', '.join(doubled[:6])} stands twice; rename or delete one")
    if unnamed := names.count(""):
        table.notes[f"columns without a name passed over: {unnamed}"] += 1
    return names


def _even(path: Path, names: Sequence[str], rows: _Rows) -> _Rows:
    """Rows with a cell for each column; a row of another length would put values under wrong names."""
    width = len(names)
    made = []
    for line, cells in rows:
        if len(cells) > width and not any(c.strip() for c in cells[width:]):
            cells = cells[:width]
        if len(cells) != width:
            here = f"the row has another number of cells ({len(cells)}) than the header ({width})"
            raise ImportFault(f"{path}:{line}: {here}; a cell with a separator in it needs double quotes")
        made.append((line, cells))
    return made


def _are_tags(cells: Sequence[str]) -> bool:
    """Whether a row holds HXL's tags, such as ``#date+occurred``."""
    some = [c.strip() for c in cells if c.strip()]
    tags = sum(bool(_TAG.fullmatch(c)) for c in some)
    return tags >= 2 and 2 * tags >= len(some)


def _clean(text: str) -> str:
    return " ".join(_UNSEEN.sub("", text).split())


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return content.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "Windows-1252"


def _read_csv(path: Path) -> tuple[_Rows, list[str]]:
    content = path.read_bytes()
    if content.startswith(_NO_TEXT):
        raise ImportFault(f"{path}: it is no text but a workbook, an archive or a picture; save it as CSV or .xlsx")
    text, encoding = _decoded(content)
    csv.field_size_limit(_MOST_CELL)
    start = text[:_MOST_CELL]

    def width(separator: str) -> int:
        rows = csv.reader(io.StringIO(start), delimiter=separator)
        try:
            return max(map(len, islice(rows, 5)), default=0)
        except csv.Error:
            return 0

    separator = max(_SEPARATORS, key=lambda s: (width(s), s == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, line = [], 1
    try:
        for cells in reader:
            if any(c.strip() for c in cells):
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise ImportFault(f"{path}:{reader.line_num}: not readable as CSV ({error})") from None
    return rows, [f"text in {encoding}, separated by {_SEPARATORS[separator]}"]


def _read_xlsx(path: Path, wanted: str | int) -> tuple[_Rows, list[str]]:
    from incident_report.data.sheets import LAST_ROW, SheetError, as_text, open_sheets

    try:
        with open_sheets(path, most_unpacked=_MOST_UNPACKED, look_into=False) as sheets:
            titles = [s.title for s in sheets]
            at = _sheet(path, titles, str(wanted))
            rows = sheets[at].rows(lambda cell, row, column: as_text(cell.value), LAST_ROW, _MOST_COLUMNS)
    except SheetError as error:
        raise ImportFault(str(error)) from None
    if not rows:
        raise ImportFault(f"{path}: the sheet {titles[at]!r} is empty")
    width = max(len(cells) for _, cells in rows)
    found = f"workbook, sheet {titles[at]!r}" + (f", number {at + 1} of {len(titles)}" if len(titles) > 1 else "")
    return [(i, (cells + [""] * width)[:width]) for i, cells in rows if any(cells)], [found]


def _sheet(path: Path, titles: Sequence[str], wanted: str) -> int:
    """Which sheet is meant by a name or, where none is called so, by a number; the first by nothing."""
    names, numbers = list(map(key, titles)), [str(i + 1) for i in range(len(titles))]
    for known, asked in ((names, key(wanted)), (numbers, code(wanted or "1"))):
        if asked in known:
            return known.index(asked)
    near = suggest(wanted, titles)
    raise ImportFault(f"{path}: there is no sheet {wanted!r}; there are {', '.join(titles)}{near}")


def _read_json(path: Path, records: str) -> tuple[_Rows, list[str]]:
    text, encoding = _decoded(path.read_bytes())
    try:
        listed, where = _listed(path, json.loads(text), records)
        flat = [dict(_flat(r)) for r in listed]
    except ImportFault:
        raise
    except (RecursionError, ValueError) as error:
        line = getattr(error, "lineno", 1)
        raise ImportFault(f"{path}:{line}: not valid JSON ({getattr(error, 'msg', 'nested too deeply')})") from None
    names = list(dict.fromkeys(chain.from_iterable(flat)))
    rows = [(i, [one.get(n, "") for n in names]) for i, one in enumerate(flat, 1)]
    found = f"records in JSON{f' under {where!r}' if where else ''}, {encoding}; lines are numbers of records"
    return [(0, names), *((i, cells) for i, cells in rows if any(cells))], [found]


def _listed(path: Path, whole: Any, records: str) -> tuple[list[Any], str]:
    """The list of records of a JSON file, and its key."""
    at = _under(path, whole, records)
    if isinstance(at, dict) and not records:
        lists = [name for name, value in at.items() if value and _are_records(value)]
        if len(lists) != 1:
            wanted = "say in the map which key holds the list of records (records: KEY)"
            raise ImportFault(f"{path}: {wanted}; there are {_some(at)}")
        at, records = at[lists[0]], lists[0]
    if not _are_records(at):
        raise ImportFault(f"{path}: {f'{records!r} is' if records else 'it is'} no list of records (mappings)")
    return at, records


def _under(path: Path, at: Any, records: str) -> Any:
    """What stands under a key, with dots between levels."""
    for step in filter(None, records.split(".")):
        names = list(at) if isinstance(at, dict) else []
        if step not in names:
            there = f"there are {_some(names)}" if names else "there is no mapping"
            raise ImportFault(f"{path}: records: there is no key {step!r}; {there}{suggest(step, map(str, names))}")
        at = at[step]
    return at


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _some(names: Iterable[Any]) -> str:
    return ", ".join(map(str, islice(names, 8)))


def _flat(record: Mapping[str, Any], before: str = "", deep: int = 0) -> list[tuple[str, str]]:
    """Cells of a record by column; a mapping inside becomes columns with a dot."""
    cells = []
    for name, value in record.items():
        column = f"{before}{name}"
        if isinstance(value, dict) and deep < _MOST_DEEP:
            cells += _flat(value, f"{column}.", deep + 1)
        else:
            cells.append((column, _text(value)))
    return cells


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    return str(value)

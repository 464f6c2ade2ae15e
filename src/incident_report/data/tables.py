"""From text to typed rows and frames, with every fault named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.data.cells import CellError, Hint, Hints, one_of, parse, suggest
from incident_report.data.csvtext import RawTable
from incident_report.data.lookalikes import oddities
from incident_report.data.model import TEXT, Fault
from incident_report.data.package import Field, Table

Report = Callable[[Fault], None]


@dataclass
class Row:
    """One row: where it stands, its cells as written and its values (absent where a cell is wrong)."""

    file: str
    line: int
    text: dict[str, str]
    values: dict[str, Any]
    corrected: set[str] = dataclasses.field(default_factory=set)  # columns that corrections.csv changed

    def fault(self, column: str, message: str, *, severity: str = "error") -> Fault:
        """A fault in one cell of this row."""
        return Fault(self.file, message, self.line, column, self.text.get(column), severity)


def check_header(raw: RawTable, table: Table, report: Report) -> dict[str, int]:
    """Position of each known column; unknown, missing and doubled ones are reported."""
    places: dict[str, int] = {}
    missing = [f.name for f in table.fields if f.default is None and f.name not in raw.header]
    for i, name in enumerate(raw.header):
        if name in places:
            report(Fault(raw.file, "this column is there twice", 1, name))
        elif name in table.by_name:
            places[name] = i
        elif not name:
            report(Fault(raw.file, f"column {i + 1} has no name; delete it or a comma too many", 1))
        else:
            free = [f.name for f in table.fields if f.name not in raw.header]
            report(Fault(raw.file, f"is not a column of this table{suggest(name, free)}", 1, name))
    for name in missing:
        report(Fault(raw.file, "this column is missing", 1, name))
    return places


def read_rows(raw: RawTable, table: Table, report: Report) -> list[Row]:
    """Typed rows; a row with a wrong cell is reported and kept without that value."""
    places = check_header(raw, table, report)
    memory: dict[tuple[str, str], tuple[Any, str | None, tuple[str, ...]]] = {}
    hints = {f.name: Hints() for f in table.fields}
    rows = []
    for line, cells in raw.rows:
        row = Row(raw.file, line, {}, {})
        for field in table.fields:
            place = places.get(field.name)
            if place is None and field.default is None:
                continue
            text = cells[place] if place is not None else ""
            row.text[field.name] = text or field.default or ""
            key = (field.name, text)
            if key not in memory:
                memory[key] = _try(field, text, hints[field.name])
            value, message, odd = memory[key]
            if message is None:
                row.values[field.name] = value
            else:
                report(row.fault(field.name, message))
            for warning in odd:
                report(row.fault(field.name, warning, severity="warning"))
        rows.append(row)
    return rows


def _try(field: Field, text: str, hint: Hint) -> tuple[Any, str | None, tuple[str, ...]]:
    """The value of a cell, or what is wrong with it; and what looks wrong."""
    try:
        value = parse(field, text, hint)
    except CellError as error:
        return None, str(error), ()
    return value, None, tuple(oddities(field, value)) if value else ()


def check_unique(rows: Iterable[Row], table: Table, report: Report) -> None:
    """Report a value that occurs twice in a unique column, naming where it stood first."""
    for field in table.fields:
        if not field.unique:
            continue
        seen: dict[str, Row] = {}
        for row in rows:
            value = row.values.get(field.name)
            if not value:
                continue
            if value in seen:
                first = seen[value]
                report(row.fault(field.name, f"is already in {first.file}:{first.line}; every row needs its own"))
            else:
                seen[value] = row


def check_references(rows: Iterable[Row], table: Table, known: dict[tuple[str, str], set[str]], report: Report) -> None:
    """Report values, or list items, that do not occur where the schema says they must.

    A target table that could not be read is left out of `known`: its own fault says enough.
    """
    for field in table.fields:
        allowed = known.get(field.reference) if field.reference else None
        if field.reference is None or allowed is None:
            continue
        where = f"{field.reference[1]} of {field.reference[0]}"
        hint = Hints()
        for row in rows:
            value = row.values.get(field.name)
            for item in value if isinstance(value, tuple) else [value] if value else []:
                if item not in allowed:
                    what = f"{item!r} " if isinstance(value, tuple) and len(value) > 1 else ""
                    report(row.fault(field.name, f"{what}is not a {where}; add it there{hint(item, allowed)}"))


def check_vocabulary(rows: Iterable[Row], table: Table, report: Report) -> None:
    """Warn, once a word, of list items that an open vocabulary does not know."""
    for field in table.fields:
        seen: set[str] = set()
        for row in rows if field.open_vocabulary else ():
            for item in row.values.get(field.name, ()):
                if item not in field.allowed and item not in seen:
                    seen.add(item)
                    known = one_of(c.value for c in field.categories)
                    message = f"{item!r} is a new word here (known: {known}); declare it in datapackage.json"
                    report(row.fault(field.name, message, severity="warning"))


_DTYPES: dict[str, Any] = {
    "string": TEXT,
    "integer": "Int64",
    "number": "Float64",
    "boolean": "bool",
    "date": "datetime64[us]",
}


def frame(rows: list[Row], table: Table) -> pd.DataFrame:
    """A frame with one column a field, in the schema's order and with its types."""
    columns = {}
    for field in table.fields:
        values = [row.values[field.name] for row in rows]
        if field.type == "list":
            column = pd.Series(pd.Series(values, dtype=object))
        elif field.type == "date":
            column = pd.Series(values, dtype="datetime64[us]")
        elif field.type == "string":
            column = pd.Series([v or pd.NA for v in values], dtype=TEXT)
        else:
            column = pd.Series(values, dtype=_DTYPES[field.type])
        columns[field.name] = column
    return pd.DataFrame(columns)

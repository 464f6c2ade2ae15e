"""From text to typed rows and frames, with every fault named."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.data.cells import CellError, Hint, Hints, one_of, parse, suggest
from incident_report.data.csvtext import RawTable
from incident_report.data.lookalikes import oddities
from incident_report.data.model import TEXT, Fault
from incident_report.data.package import Field, Table

Report = Callable[[Fault], None]
_Read = tuple[Any, str | None, tuple[str, ...]]  # a value, what is wrong with it, what is odd


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

    def correct(self, field: Field, text: str, value: Any) -> None:
        """Put another value in place of a cell's."""
        self.text[field.name] = field.filled(text)
        self.values[field.name] = value
        self.corrected.add(field.name)

    def items(self, column: str) -> tuple[Any, ...]:
        """The items of a list, or the one value of a cell; nothing where it is empty or wrong."""
        value = self.values.get(column)
        return value if isinstance(value, tuple) else (value,) if value else ()


def by_id(incidents: Iterable[Row]) -> dict[str, Row]:
    """Incident rows by id, as far as they have one."""
    return {r.values["incident_id"]: r for r in incidents if r.values.get("incident_id")}


def check_header(raw: RawTable, table: Table, report: Report) -> dict[str, int]:
    """Position of each known column; unknown, missing and doubled ones are reported."""
    places: dict[str, int] = {}
    absent = [f for f in table.fields if f.name not in raw.header]
    for i, name in enumerate(raw.header):
        if name in places:
            report(Fault(raw.file, "this column is there twice", 1, name))
        elif name in table.by_name:
            places[name] = i
        elif not name:
            report(Fault(raw.file, f"column {i + 1} has no name; delete it or a comma too many", 1))
        else:
            hint = suggest(name, [f.name for f in absent])
            report(Fault(raw.file, f"is not a column of this table{hint}", 1, name))
    for field in absent:
        if field.default is None:
            report(Fault(raw.file, "this column is missing", 1, field.name))
    return places


def read_rows(raw: RawTable, table: Table, report: Report) -> list[Row]:
    """Typed rows; a row with a wrong cell is reported and kept without that value.

    Whole columns come first, each distinct cell read once; row by row only those columns are looked at again in which
    some cell is wrong or odd.
    """
    places = check_header(raw, table, report)
    displaced = _displaced(table)
    there = [(f, places.get(f.name, -1)) for f in table.fields if f.name in places or f.default is not None]
    cells = dict(enumerate(zip(*(row for _, row in raw.rows), strict=True)))
    texts, values, faulty = {}, {}, []
    for field, place in there:
        column = cells.get(place, ("",) * len(raw.rows))
        texts[field.name], values[field.name], read = _column(field, column, displaced)
        if read:
            faulty.append((field.name, column, read))
    rows = _rows(raw, texts, values)
    for at, row in enumerate(rows):
        for name, column, read in faulty:
            _tell(row, name, *read[column[at]][1:], report)
    return rows


def _column(
    field: Field, column: Sequence[str], displaced: Mapping[str, str]
) -> tuple[list[str], list[Any], dict[str, _Read]]:
    """Texts and values of a column, each distinct cell read once; and all that was read, if any is wrong or odd."""
    hint = Hints()
    read = {text: _try(field, text, hint, displaced) for text in dict.fromkeys(column)}
    filled = {text: field.filled(text) for text in read}
    wrong = any(message is not None or odd for _, message, odd in read.values())
    return [filled[text] for text in column], [read[text][0] for text in column], read if wrong else {}


def _rows(raw: RawTable, texts: Mapping[str, list[str]], values: Mapping[str, list[Any]]) -> list[Row]:
    whole = zip(*texts.values(), strict=True), zip(*values.values(), strict=True)
    own, made = (list(part) or [()] * len(raw.rows) for part in whole)  # no column may be one that is known
    return [
        Row(raw.file, line, dict(zip(texts, text, strict=True)), dict(zip(values, value, strict=True)))
        for (line, _), text, value in zip(raw.rows, own, made, strict=True)
    ]


def _tell(row: Row, name: str, message: str | None, odd: Iterable[str], report: Report) -> None:
    """Report what is wrong or odd with a cell; a wrong one has no value."""
    if message is not None:
        del row.values[name]
        report(row.fault(name, message))
    for warning in odd:
        report(row.fault(name, warning, severity="warning"))


def _displaced(table: Table) -> dict[str, str]:
    """Values of list columns -> what to do where one stands in another column, such as `efp` as a method."""
    return {
        c.value: f"is one of {f.name}, not of this column: write "
        + (f"{c.method} here and {c.value} under {f.name}" if c.method else f"it under {f.name}")
        for f in table.fields
        for c in (f.categories if f.type == "list" else ())
    }


def _try(field: Field, text: str, hint: Hint, displaced: Mapping[str, str]) -> _Read:
    """The value of a cell, or what is wrong with it; and what looks wrong."""
    try:
        value = parse(field, text, hint)
    except CellError as error:
        known = displaced.get(field.filled(text).lower()) if field.categories and field.type == "string" else None
        return None, known or str(error), ()
    return value, None, tuple(oddities(field, value)) if value else ()


def check_unique(rows: Iterable[Row], table: Table, report: Report) -> None:
    """Report a value that occurs twice in a unique column, naming where it stood first."""
    for field in table.fields:
        seen: dict[str, Row] = {}
        for row in rows if field.unique else ():
            value = row.values.get(field.name)
            first = seen.setdefault(value, row) if value else row
            if first is not row:
                report(row.fault(field.name, f"is already in {first.file}:{first.line}; every row needs its own"))


def check_references(rows: Iterable[Row], table: Table, known: dict[tuple[str, str], set[str]], report: Report) -> None:
    """Report values, or list items, that do not occur where the schema says they must.

    A target table that could not be read is left out of `known`: its own fault says enough.
    """
    for field in table.fields:
        if field.reference not in known:
            continue
        allowed, hint = known[field.reference], Hints()
        where = f"{field.reference[1]} of {field.reference[0]}"
        for row in rows:
            items = row.items(field.name)
            for item in items:
                if item not in allowed:
                    what = f"{item!r} " if len(items) > 1 else ""
                    report(row.fault(field.name, f"{what}is not a {where}; add it there{hint(item, allowed)}"))


def check_vocabulary(rows: Iterable[Row], table: Table, report: Report) -> None:
    """Warn, once a word, of list items that an open vocabulary does not know."""
    for field in table.fields:
        seen = set(field.allowed)
        for row in rows if field.open_vocabulary else ():
            for item in row.items(field.name):
                if item not in seen:
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
    "list": object,
}


def frame(rows: list[Row], table: Table) -> pd.DataFrame:
    """A frame with one column a field, in the schema's order and with its types."""
    columns = {}
    for field in table.fields:
        values = [row.values[field.name] for row in rows]
        if field.type == "string":
            values = [v or pd.NA for v in values]
        columns[field.name] = pd.Series(values, dtype=_DTYPES[field.type])
    return pd.DataFrame(columns)

"""From text to typed rows and frames, with every fault named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from incident_report.data.cells import CellError, Hint, Hints, one_of, parse, suggest
from incident_report.data.columns import Columns, places
from incident_report.data.csvtext import RawTable
from incident_report.data.lookalikes import oddities
from incident_report.data.model import TEXT, Fault
from incident_report.data.package import Field, Table
from incident_report.data.rows import Report, Row, Rows, as_items, column, having

_Read = tuple[Any, str | None, tuple[str, ...]]  # a value, what is wrong with it, what is odd
_Told = tuple[str | None, tuple[str, ...]]


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


def read_rows(raw: RawTable, table: Table, report: Report) -> Rows:
    """Typed rows; a row with a wrong cell is reported and kept without that value.

    Whole columns come first, each distinct cell read once; row by row only those are looked at again in which some
    cell is wrong or odd.
    """
    at = check_header(raw, table, report)
    displaced = _displaced(table)
    there = [(f, at.get(f.name, -1)) for f in table.fields if f.name in at or f.default is not None]
    cells = dict(enumerate(zip(*(row for _, row in raw.rows), strict=True)))
    texts, values, faulty = {}, {}, []
    for field, place in there:
        own = cells.get(place, ("",) * len(raw.rows))
        texts[field.name], values[field.name], told = _column(field, own, displaced)
        if told:
            faulty.append((field.name, own, told))
    lines = [line for line, _ in raw.rows]
    rows = Rows([raw.file] * len(lines), lines, Columns(texts, len(lines)), Columns(values, len(lines)))
    _tell_faulty(rows, faulty, report)
    return rows


def _tell_faulty(rows: Rows, faulty: Sequence[tuple[str, Sequence[str], Mapping[str, _Told]]], report: Report) -> None:
    """Report what is wrong or odd, row by row, given the columns in which something is."""
    for place in sorted({place for _, own, told in faulty for place in places(told.__contains__, own)}):
        for name, own, told in faulty:
            if own[place] in told:
                _tell(rows[place], name, *told[own[place]], report)


def _column(
    field: Field, cells: Sequence[str], displaced: Mapping[str, str]
) -> tuple[list[str], list[Any], dict[str, _Told]]:
    """Texts and values of a column, each distinct cell read once; and what is wrong or odd with cells."""
    hint = Hints()
    read = {text: _try(field, text, hint, displaced) for text in dict.fromkeys(cells)}
    filled = {text: field.filled(text) for text in read}
    values = {text: value for text, (value, _, _) in read.items()}
    told = {text: (message, odd) for text, (_, message, odd) in read.items() if message is not None or odd}
    return [*map(filled.__getitem__, cells)], [*map(values.__getitem__, cells)], told


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


def check_unique(rows: Sequence[Row], table: Table, report: Report) -> None:
    """Report a value that occurs twice in a unique column, naming where it stood first."""
    for field in table.fields:
        values = [v for v in column(rows, field.name) if v] if field.unique else []
        if len({*values}) == len(values):
            continue
        twice = {value for value, number in Counter(values).items() if number > 1}
        first: dict[str, Row] = {}
        for row in having(rows, twice.__contains__, field.name):
            value = row.values[field.name]
            if value in first:
                there = f"{first[value].file}:{first[value].line}"
                report(row.fault(field.name, f"is already in {there}; every row needs its own"))
            first.setdefault(value, row)


def check_references(rows: Sequence[Row], table: Table, known: dict[tuple[str, str], set[str]], report: Report) -> None:
    """Report values, or list items, that do not occur where the schema says they must.

    A target table that could not be read is left out of `known`: its own fault says enough.
    """
    for field in table.fields:
        if field.reference not in known:
            continue
        allowed, hint = known[field.reference], Hints()
        where = f"{field.reference[1]} of {field.reference[0]}"
        for row in having(rows, lambda value, ok=allowed: not ok.issuperset(as_items(value)), field.name):
            items = row.items(field.name)
            for item in (i for i in items if i not in allowed):
                what = f"{item!r} " if len(items) > 1 else ""
                report(row.fault(field.name, f"{what}is not a {where}; add it there{hint(item, allowed)}"))


def check_vocabulary(rows: Sequence[Row], table: Table, report: Report) -> None:
    """Warn, once a word, of list items that an open vocabulary does not know."""
    for field in (f for f in table.fields if f.open_vocabulary):
        seen = set(field.allowed)
        known = one_of(c.value for c in field.categories)
        for row in having(rows, lambda value, ok=field.allowed: not ok.issuperset(as_items(value)), field.name):
            for item in row.items(field.name):
                if item not in seen:
                    seen.add(item)
                    message = f"{item!r} is a new word here (known: {known}); declare it in datapackage.json"
                    report(row.fault(field.name, message, severity="warning"))


_DTYPES: dict[str, Any] = {
    "integer": "Int64",
    "number": "Float64",
    "boolean": "bool",
    "list": object,
}


def frame(rows: Sequence[Row], table: Table) -> pd.DataFrame:
    """A frame with one column a field, in the schema's order and with its types."""
    return pd.DataFrame({field.name: _series(field, column(rows, field.name)) for field in table.fields})


def _series(field: Field, values: list[Any]) -> pd.Series:
    """A column with the type of its field; of dates and texts numpy makes an array first, which is much faster."""
    if field.type == "date":
        return pd.Series(np.array(values, dtype="datetime64[D]").astype("datetime64[us]"))
    if field.type == "string":
        return pd.Series([v or pd.NA for v in values], dtype=TEXT)
    return pd.Series(values, dtype=_DTYPES[field.type])

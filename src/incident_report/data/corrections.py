"""Corrections to published rows: applied at load, each guarded by the value it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from incident_report.data.cells import CellError, Hints, parse
from incident_report.data.lookalikes import oddities
from incident_report.data.package import Field, Table
from incident_report.data.rows import ById, Report, Row


def apply(
    corrections: Sequence[Row],
    incidents: Sequence[Row],
    table: Table,
    known: dict[tuple[str, str], set[str]],
    as_of: date | None,
    report: Report,
) -> list[Row]:
    """Change incident rows in place.

    Corrections are taken by date, then by their order in the file. Later ones than `as_of` are
    checked like the rest, and then not applied.

    Parameters
    ----------
    corrections, incidents : sequence of Row
    table : Table
        The incidents' schema.
    known : mapping of (table, column) to ids
        What a corrected value may refer to.
    as_of : date or None

    Returns
    -------
    list of Row
        The corrections that were applied.
    """
    rows = ById(incidents)
    stands: dict[tuple[str, str], str] = {}
    applied = []
    hint = Hints()
    for line in sorted(corrections, key=lambda r: (r.values.get("date") or date.max, r.line)):
        target = _target(line, rows, table, hint, report)
        if target is None:
            continue
        row, field = target
        at = row.values["incident_id"], field.name
        now, new = stands.get(at, row.text.get(field.name, "")), line.text.get("new", "")
        try:
            value = _value(line, field, now, known, hint)
        except CellError as error:
            report(line.fault("new" if line.text.get("old", "") == now else "old", str(error)))
            continue
        for odd in oddities(field, value):
            report(line.fault("new", f"{odd} (column {field.name})", severity="warning"))
        stands[at] = new
        day = line.values.get("date")
        if day and day <= (as_of or date.max):
            row.correct(field, new, value)
            applied.append(line)
    return applied


def _target(line: Row, rows: Mapping[str, Row], table: Table, hint: Hints, report: Report) -> tuple[Row, Field] | None:
    """The row and the column that a correction means; what is wrong with them is reported."""
    ident, name = line.values.get("incident_id"), line.values.get("field")
    if not ident or not name:
        return None  # its own faults are reported already
    row, field = rows.get(ident), table.by_name.get(name)
    if row is None:
        report(line.fault("incident_id", f"is not in any quarter file{hint(ident, rows)}"))
    if field is None:
        report(line.fault("field", f"is not a column of the incident files{hint(name, table.by_name)}"))
    elif name == "incident_id":
        report(line.fault("field", "an id never changes; correct other columns, or mark the row as disputed"))
    elif row is not None:
        return row, field
    return None


def _value(line: Row, field: Field, now: str, known: Mapping[tuple[str, str], set[str]], hint: Hints) -> Any:
    """The corrected value; CellError where it replaces something else, is none, or refers to nothing."""
    old, new = line.text.get("old", ""), line.text.get("new", "")
    if old != now:
        ident = line.values["incident_id"]
        raise CellError(f"is not what stands in {field.name} of {ident}: {now!r}; nothing was corrected")
    if new == old:
        raise CellError("is the same as the old value")
    try:
        value = parse(field, new, hint)
    except CellError as error:
        raise CellError(f"{error} (column {field.name})") from None
    allowed = known.get(field.reference) if field.reference else None
    for one in value if isinstance(value, tuple) else [value]:
        if field.reference and allowed is not None and one not in allowed:
            raise CellError(f"{one!r} is not a {field.reference[1]} of {field.reference[0]}")
    return value

"""Corrections to published rows: applied at load, each guarded by the value it replaces."""

from __future__ import annotations

from datetime import date

from incident_report.data.cells import CellError, Hints, parse
from incident_report.data.lookalikes import oddities
from incident_report.data.package import Table
from incident_report.data.tables import Report, Row


def apply(
    corrections: list[Row],
    incidents: list[Row],
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
    corrections, incidents : list of Row
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
    by_id = {row.values["incident_id"]: row for row in incidents if row.values.get("incident_id")}
    stands: dict[tuple[str, str], str] = {}
    applied = []
    hint = Hints()
    for line in sorted(corrections, key=lambda r: (r.values.get("date") or date.max, r.line)):
        ident, name = line.values.get("incident_id"), line.values.get("field")
        if not ident or not name:
            continue  # its own faults are reported already
        row, field = by_id.get(ident), table.by_name.get(name)
        if row is None:
            report(line.fault("incident_id", f"is not in any quarter file{hint(ident, by_id)}"))
        if field is None:
            report(line.fault("field", f"is not a column of the incident files{hint(name, table.by_name)}"))
        elif name == "incident_id":
            report(line.fault("field", "an id never changes; correct other columns, or mark the row as disputed"))
            continue
        if row is None or field is None:
            continue
        now = stands.get((ident, name), row.text.get(name, ""))
        old, new = line.text.get("old", ""), line.text.get("new", "")
        if old != now:
            report(line.fault("old", f"is not what stands in {name} of {ident}: {now!r}; nothing was corrected"))
            continue
        if new == old:
            report(line.fault("new", "is the same as the old value"))
            continue
        try:
            value = parse(field, new, hint)
        except CellError as error:
            report(line.fault("new", f"{error} (column {name})"))
            continue
        allowed = known.get(field.reference) if field.reference else None
        lost = [i for i in (value if isinstance(value, tuple) else [value]) if allowed is not None and i not in allowed]
        if lost:
            report(line.fault("new", f"{lost[0]!r} is not a {field.reference[1]} of {field.reference[0]}"))  # type: ignore[index]
            continue
        for odd in oddities(field, value) if new else ():
            report(line.fault("new", f"{odd} (column {name})", severity="warning"))
        stands[ident, name] = new
        day = line.values.get("date")
        if day and (as_of is None or day <= as_of):
            row.values[name] = value
            row.text[name] = new or field.default or ""
            row.corrected.add(name)
            applied.append(line)
    return applied

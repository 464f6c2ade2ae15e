"""The incident files, one a period: which there are, and what must hold between the cells of a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from incident_report.data.cells import Hints
from incident_report.data.csvtext import RawTable
from incident_report.data.files import Folder
from incident_report.data.model import Fault
from incident_report.data.package import Table
from incident_report.data.rows import Report, Row, Rows, as_items, having
from incident_report.data.tables import check_header, read_rows
from incident_report.periods import EXAMPLES, UNITS, Period

FOLDER = "incidents"


def find_quarters(folder: Folder, unit: str, report: Report) -> dict[Period, str]:
    """Incident files by the period that they are for; wrongly named ones are reported, never skipped in silence.

    Parameters
    ----------
    unit : str
        What the campaign reports by: there is one file a month, quarter or year.
    """
    base = folder.inside(FOLDER)
    if base is None:
        return {}
    if not base.is_dir():
        report(Fault(FOLDER, f"there is no such folder; it holds one file a {unit}, such as {EXAMPLES[unit]}.csv"))
        return {}
    claims: dict[Period, list[str]] = {}
    others, strange = [], []
    for name in folder.names(FOLDER):
        meant = Period.meant(name, unit)
        if not name.lower().endswith(".csv"):
            others.append((name, meant))
        elif of_another(name, unit):
            strange.append(name)
        else:
            if meant:
                claims.setdefault(meant, []).append(name)
            if better := better_name(name, ".csv", unit):
                report(Fault(f"{FOLDER}/{name}", f"is not the name of a {unit} file; call it {better}"))
    if strange:
        report(Fault(f"{FOLDER}/{strange[0]}", _mixed(strange, unit)))
    for name, meant in others:
        report(_no_csv(name, meant, claims))
    return _one_each(claims, unit, report, found=bool(strange))


def of_another(name: str, unit: str) -> str:
    """The unit by which a file is rightly named, where that is not the campaign's; empty where it is none."""
    try:
        found = Period.parse(Path(name).stem).unit
    except ValueError:
        return ""
    return "" if found == unit else found


def _mixed(names: list[str], unit: str) -> str:
    """What to do about files that are named for another unit, in one line."""
    kinds = " or a ".join(dict.fromkeys(of_another(n, unit) for n in names))
    many = f" (and {len(names) - 1} more)" if len(names) > 1 else ""
    instead = f", or say period: {kinds} in report.yml" if kinds in UNITS else ""
    rename = f"call it like {EXAMPLES[unit]}.csv"
    return f"is named after a {kinds}{many}, and the campaign reports by {unit}; {rename}{instead}"


def _one_each(claims: dict[Period, list[str]], unit: str, report: Report, *, found: bool) -> dict[Period, str]:
    """The rightly named file of each period; that several files are for one is reported."""
    if not claims and not found:
        report(Fault(FOLDER, f"there is no {unit} file; put one here, such as {EXAMPLES[unit]}.csv"))
    for meant, files in claims.items():
        if len(files) > 1:
            message = f"{' and '.join(files)} are files for one {unit}, {meant}; keep one"
            report(Fault(f"{FOLDER}/{files[-1]}", message))
    return {meant: f"{FOLDER}/{meant}.csv" for meant, files in claims.items() if f"{meant}.csv" in files}


def better_name(name: str, ending: str, unit: str) -> str:
    """What a file of one period ought to be called; nothing where it is."""
    meant = Period.meant(name, unit)
    if meant is None:
        return f"the {unit}, such as {EXAMPLES[unit]}{ending}"
    return "" if name == f"{meant}{ending}" else f"{meant}{ending}"


def read_quarter(raw: RawTable, quarter: Period, table: Table, report: Report) -> Rows:
    """Rows of one period's file; a date outside the period is a fault."""
    if not raw.rows:
        check_header(raw, table, report)
        message = f"has a header and no row: {quarter} counts as followed, with nothing documented"
        report(Fault(raw.file, message, severity="warning"))
        return Rows.none()
    rows = read_rows(raw, table, report)
    first, last = quarter.start, quarter.end
    for row in having(rows, lambda day: day and not first <= day <= last, "date"):
        message = f"lies outside the file's {quarter.unit}, {quarter.start} to {quarter.end}"
        there = quarter.around(row.values["date"])
        report(row.fault("date", f"{message}; it belongs in {FOLDER}/{there}.csv"))
    return rows


def _no_csv(name: str, wanted: Period | None, there: Collection[Period]) -> Fault:
    """What is said of a file that is no CSV: an error where the period it speaks of has no other."""
    if wanted is None or wanted in there:
        return Fault(f"{FOLDER}/{name}", "is not a CSV file and was not read; take it away", severity="warning")
    return Fault(f"{FOLDER}/{name}", f"was not read; save it as {wanted}.csv, or take it away")


def _half_a_point(values: Mapping[str, Any]) -> str:
    """The coordinate that is empty while the other is given."""
    empty = {c for c in ("latitude", "longitude") if values.get(c, "") is None}
    return empty.pop() if len(empty) == 1 and {"latitude", "longitude"} <= values.keys() else ""


def check_rows(rows: Rows, corrections: Iterable[Row], quarters: dict[Period, str], report: Report) -> None:
    """What must hold between cells, once corrections are in.

    Parameters
    ----------
    corrections : iterable of Row
        Those that were applied.
    """
    for row in having(rows, lambda one, other: (one is None) != (other is None), "latitude", "longitude"):
        if empty := _half_a_point(row.values):
            report(row.fault(empty, "is empty while the other coordinate is given; give both or neither"))
    one = next(iter(quarters), None)
    moved = {line.values["incident_id"] for line in corrections if line.values["field"] == "date"}
    for row in having(rows, moved.__contains__, "incident_id") if moved else ():
        day = row.values.get("date")
        if one and day and (to := one.around(day)) not in quarters:
            report(row.fault("date", f"a correction moves this row into {to}, which has no {to.unit} file"))


def check_units(tables: Mapping[str, Sequence[Row]], unit: str, report: Report) -> None:
    """Report periods of another length than the campaign reports by, in whatever table."""
    for rows in tables.values():
        for name in ("quarter", "quarters"):
            for row in having(rows, lambda value: any(_strange(value, unit)), name):
                for _ in _strange(row.values[name], unit):
                    report(row.fault(name, f"names no {unit}, by which the campaign reports, like {EXAMPLES[unit]}"))


def _strange(value: Any, unit: str) -> list[str]:
    """The names in a cell that are of periods of another length."""
    return [name for name in as_items(value) if of_another(str(name), unit)]


def spans(
    quarters: dict[Period, str], coverage: Sequence[Row], rows: Sequence[Row], report: Report
) -> dict[str, tuple[date, date]]:
    """Days that each period's file covers: all of it unless coverage.csv says otherwise."""
    result = {str(q): (q.start, q.end) for q in sorted(quarters)}
    hint = Hints()
    seen: set[str] = set()
    for line in coverage:
        said: list[Any] = [line.values.get(c) for c in ("quarter", "start", "end")]
        name, start, end = said
        if not all(said) or name in seen:
            continue
        seen.add(name)
        if name not in result:
            report(line.fault("quarter", f"has no file {FOLDER}/{name}.csv{hint(name, result)}"))
            continue
        if _are_days_of(Period.parse(name), line, start, end, report):
            result[name] = (start, end)
    for one in list(quarters)[:1]:
        _covered(rows, one, result, report)
    return result


def _are_days_of(quarter: Period, line: Row, start: date, end: date, report: Report) -> bool:
    """Whether a line of coverage.csv gives days of its period, the first one first; reported where not."""
    whole = quarter.window
    if end < start:
        report(line.fault("end", f"lies before the start, {start}"))
    elif start not in whole or end not in whole:
        column = "start" if start not in whole else "end"
        report(line.fault(column, f"lies outside {quarter}, {whole.start} to {whole.end}"))
    else:
        return True
    return False


def _covered(rows: Sequence[Row], one: Period, spans: dict[str, tuple[date, date]], report: Report) -> None:
    """Report attacks in a period on days that its file does not cover."""

    def outside(day: date | None) -> bool:
        if not day:
            return False
        start, end = spans.get(str(one.around(day)), (day, day))
        return not start <= day <= end

    for row in having(rows, outside, "date"):
        name = str(one.around(row.values["date"]))
        start, end = spans[name]
        message = f"lies outside the days that coverage.csv declares for {name}, {start} to {end}"
        report(row.fault("date", message))

"""The quarter files: which there are, and what must hold between the cells of a row."""

from __future__ import annotations

import re
from datetime import date

from incident_report.data.cells import Hints
from incident_report.data.csvtext import RawTable
from incident_report.data.files import Folder
from incident_report.data.model import Fault
from incident_report.data.package import Table
from incident_report.data.tables import Report, Row, check_header, read_rows
from incident_report.periods import Quarter

FOLDER = "incidents"
_LOOSE = re.compile(r"\s*([0-9]{4})[\s_-]*[qQ]([1-4])(?![0-9])")
_YEARS = range(1900, 2200)


def find_quarters(folder: Folder, report: Report) -> dict[Quarter, str]:
    """Quarter files by quarter; wrongly named ones are reported, never skipped in silence."""
    base = folder.inside(FOLDER)
    if base is None:
        return {}
    if not base.is_dir():
        report(Fault(FOLDER, "there is no such folder; it holds one file a quarter, such as 2020Q3.csv"))
        return {}
    claims: dict[Quarter, list[str]] = {}
    others = []
    for name in folder.names(FOLDER):
        meant = meant_quarter(name)
        if not name.lower().endswith(".csv"):
            others.append((name, meant))
            continue
        if meant:
            claims.setdefault(meant, []).append(name)
        if better := better_name(name, ".csv"):
            report(Fault(f"{FOLDER}/{name}", f"is not the name of a quarter file; call it {better}"))
    for name, meant in others:
        message, severity = "is not a CSV file and was not read; take it away", "warning"
        if meant and meant not in claims:
            message, severity = f"was not read; save it as {meant}.csv, or take it away", "error"
        report(Fault(f"{FOLDER}/{name}", message, severity=severity))
    return _one_each(claims, report)


def _one_each(claims: dict[Quarter, list[str]], report: Report) -> dict[Quarter, str]:
    """The rightly named file of each quarter; that several files are for one is reported."""
    if not claims:
        report(Fault(FOLDER, "there is no quarter file; put one here, such as 2020Q3.csv"))
    for meant, files in claims.items():
        if len(files) > 1:
            message = f"{' and '.join(files)} are files for one quarter, {meant}; keep one"
            report(Fault(f"{FOLDER}/{files[-1]}", message))
    return {meant: f"{FOLDER}/{meant}.csv" for meant, files in claims.items() if f"{meant}.csv" in files}


def better_name(name: str, ending: str) -> str:
    """What a file of one quarter ought to be called; nothing where it is."""
    meant = meant_quarter(name)
    if meant is None:
        return f"the quarter, such as 2020Q3{ending}"
    return "" if name == f"{meant}{ending}" else f"{meant}{ending}"


def meant_quarter(name: str) -> Quarter | None:
    """The quarter that a file's name speaks of, however it is written: ``2020-q3 (1).xlsx``."""
    loose = _LOOSE.match(name)
    return Quarter(int(loose[1]), int(loose[2])) if loose and int(loose[1]) in _YEARS else None


def read_quarter(raw: RawTable, quarter: Quarter, table: Table, report: Report) -> list[Row]:
    """Rows of one quarter file; a date outside the quarter is a fault."""
    if not raw.rows:
        check_header(raw, table, report)
        message = f"has a header and no row: {quarter} counts as followed, with nothing documented"
        report(Fault(raw.file, message, severity="warning"))
        return []
    rows = read_rows(raw, table, report)
    for row in rows:
        day = row.values.get("date")
        if day and day not in quarter.window:
            message = f"lies outside the file's quarter, {quarter.start} to {quarter.end}"
            report(row.fault("date", f"{message}; it belongs in {FOLDER}/{Quarter.of(day)}.csv"))
    return rows


def check_rows(rows: list[Row], quarters: dict[Quarter, str], report: Report) -> None:
    """What must hold between cells, once corrections are in."""
    for row in rows:
        values = row.values
        if "latitude" in values and "longitude" in values:
            empty = [c for c in ("latitude", "longitude") if values[c] is None]
            if len(empty) == 1:
                report(row.fault(empty[0], "is empty while the other coordinate is given; give both or neither"))
        day = values.get("date")
        if day and "date" in row.corrected and Quarter.of(day) not in quarters:
            message = f"a correction moves this row into {Quarter.of(day)}, which has no quarter file"
            report(row.fault("date", message))


def spans(
    quarters: dict[Quarter, str], coverage: list[Row], rows: list[Row], report: Report
) -> dict[str, tuple[date, date]]:
    """Days that each quarter's file covers: the whole quarter unless coverage.csv says otherwise."""
    result = {str(q): (q.start, q.end) for q in sorted(quarters)}
    hint = Hints()
    seen: set[str] = set()
    for line in coverage:
        name, start, end = (line.values.get(c) for c in ("quarter", "start", "end"))
        if not (name and start and end) or name in seen:
            continue
        seen.add(name)
        if name not in result:
            report(line.fault("quarter", f"has no file {FOLDER}/{name}.csv{hint(name, result)}"))
            continue
        if _are_days_of(Quarter.parse(name), line, start, end, report):
            result[name] = (start, end)
    _covered(rows, result, report)
    return result


def _are_days_of(quarter: Quarter, line: Row, start: date, end: date, report: Report) -> bool:
    """Whether a line of coverage.csv gives days of its quarter, the first one first; reported where not."""
    whole = quarter.window
    if end < start:
        report(line.fault("end", f"lies before the start, {start}"))
    elif start not in whole or end not in whole:
        column = "start" if start not in whole else "end"
        report(line.fault(column, f"lies outside {quarter}, {whole.start} to {whole.end}"))
    else:
        return True
    return False


def _covered(rows: list[Row], spans: dict[str, tuple[date, date]], report: Report) -> None:
    """Report attacks in a quarter on days that its file does not cover."""
    for row in rows:
        day = row.values.get("date")
        name = str(Quarter.of(day)) if day else ""
        start, end = spans.get(name, (day, day))
        if day and not start <= day <= end:
            message = f"lies outside the days that coverage.csv declares for {name}, {start} to {end}"
            report(row.fault("date", message))

"""Write an import as a campaign folder that the rest of the project can check and build."""

from __future__ import annotations

import csv
import io
import shutil
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml

from incident_report.data.csvtext import MOST_ROWS
from incident_report.data.importers.imported import Imported, Selection
from incident_report.data.importers.report_draft import report
from incident_report.data.importers.rows import span
from incident_report.data.importers.sources import dataset
from incident_report.data.importers.table import ImportFault
from incident_report.data.loader import check
from incident_report.data.model import DataError
from incident_report.data.package import default_package
from incident_report.periods import QUARTER, Period

ACCOUNT, LEFT_OUT, REVIEW, RANGES = "account.txt", "left_out.csv", "review.csv", "ranges.csv"
DATASET = (
    "dataset"  # begins the names of files with the rows as the dataset gives them: a newer export is compared with them
)
FOLDER = "import"
ESTIMATE = "of the dataset's estimates"  # ends the note of evidence that comes from a range


def write_campaign(result: Imported, out: Path, selection: Selection, account: Sequence[str]) -> None:
    """Write the folder, check it as any campaign is checked, and only then put it in place.

    Raises
    ------
    ImportFault
        If `out` exists already.
    DataError
        If what was imported does not pass the checks; nothing is written.
    """
    refuse_existing(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".import-") as temporary:
        folder = Path(temporary) / "campaign"
        _write_tables(folder, result, selection)
        (folder / FOLDER).mkdir()
        for name, content in dataset_files(columns(), stamped(result)).items():
            (folder / name).write_bytes(content)
        write_account(folder / FOLDER, result, account)
        text = yaml.safe_dump(report(result, selection.country), sort_keys=False, allow_unicode=True, width=100)
        (folder / "report.yml").write_text(text, "utf-8")
        data, faults = check(folder)
        if data is None:
            raise DataError([f for f in faults if f.severity == "error"])
        if out.exists():
            out.rmdir()
        shutil.move(str(folder), out)


def refuse_existing(out: Path) -> None:
    """Refuse a folder that holds anything."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ImportFault(f"{out} exists already; name a new folder, nothing was written")


def write_account(folder: Path, result: Imported, account: Sequence[str]) -> None:
    """What became of every row, and what people should look at: the account, `LEFT_OUT` and `REVIEW`."""
    (folder / REVIEW).unlink(missing_ok=True)  # of an import that was tried before
    for name, content in account_files(result, account).items():
        path = folder / Path(name).name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def account_files(result: Imported, account: Sequence[str]) -> dict[str, bytes]:
    """The same as files of a campaign, by name."""
    left = [{"line": str(x.line), "id": x.id, "reason": x.reason} for x in result.left_out]
    made = {LEFT_OUT: csv_bytes(["line", "id", "reason"], left)}
    if result.review:
        found = sorted(result.review, key=lambda r: (r.line, r.rule))
        names = ["line", "id", "rule", "field", "words", "value", "standing"]
        made[REVIEW] = csv_bytes(names, [{c: str(getattr(r, c)) for c in names} for r in found])
    made[ACCOUNT] = ("\n".join(account) + "\n").encode("utf-8")
    return {f"{FOLDER}/{name}": content for name, content in made.items()}


STAMP = "stamp"  # column of those files


def stamped(result: Imported) -> list[dict[str, str]]:
    """The dataset's rows, each with the time at which its makers last changed it, where that is on file."""
    return [{**row, STAMP: result.stamps.get(row["incident_id"], "")} for row in result.incidents]


def dataset_files(head: Sequence[str], rows: Iterable[Mapping[str, str]]) -> dict[str, bytes]:
    """What the dataset says, and when each row was last changed: a file a quarter, or one would grow too large."""
    parts: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in rows:
        parts[str(Period.of(date.fromisoformat(row["date"]), QUARTER))].append(row)
    return {f"{FOLDER}/{DATASET}-{q}.csv": csv_bytes([*head, STAMP], part) for q, part in sorted(parts.items())}


def csv_bytes(head: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A table as the campaign's files have it; what a row lacks is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([row.get(name, "") for name in head] for row in rows)
    return out.getvalue().encode("utf-8")


def _write_tables(folder: Path, result: Imported, selection: Selection) -> None:
    quarters = by_period(result)
    for quarter, rows in quarters.items():
        _write(folder / "incidents" / f"{quarter}.csv", columns(), rows)
    evidence = ranges(result)
    if len(evidence) > MOST_ROWS:
        names = ["incident_id", "field", "low", "best", "high"]
        _write(folder / FOLDER / RANGES, names, [{c: str(getattr(r, c)) for c in names} for r in result.ranges])
        evidence = []
    used = {e["source_id"] for e in evidence}.union(*(row["sources"].split(";") for row in result.incidents))
    _write(folder / "sources.csv", columns("sources"), [result.sources[key] for key in sorted(used)])
    _write(folder / "geo" / "governorates.csv", ["governorate", "latitude", "longitude"], places(result))
    for name, found in (("evidence", evidence), ("coverage", list(partial(quarters, result, selection)))):
        if found:
            _write(folder / f"{name}.csv", columns(name), found)


def by_period(result: Imported) -> dict[Period, list[dict[str, str]]]:
    """Rows of each month, quarter or year, as the campaign reports, by day and id."""
    quarters = defaultdict(list)
    for row in sorted(result.incidents, key=lambda r: (r["date"], r["incident_id"])):
        quarters[Period.of(date.fromisoformat(row["date"]), result.period)].append(row)
    return quarters


def partial(quarters: Iterable[Period], result: Imported, selection: Selection) -> Iterable[dict[str, str]]:
    """Periods that the user's days, the map's span or the end of the file cut."""
    begun, declared = span(result.doc)
    starts = [(begun, "the dataset begins then"), (selection.start, "rows from that day on were asked for")]
    ends = [(declared, "the dataset ends then"), (selection.end, "rows up to that day were asked for")]
    if declared is None:
        ends.append((result.last, "the last event of the file"))
    start, why_start = max(((d, why) for d, why in starts if d), default=(date.min, ""))
    end, why_end = min(((d, why) for d, why in ends if d), default=(date.max, ""))
    for quarter in sorted(quarters):
        first, last = max(quarter.start, start), min(quarter.end, end)
        why = [why_start] * (first > quarter.start) + [why_end] * (last < quarter.end)
        if why:
            yield {"quarter": str(quarter), "start": first.isoformat(), "end": last.isoformat(), "note": "; ".join(why)}


def columns(table: str = "incidents") -> list[str]:
    """Columns of one of our tables, in order."""
    return [f.name for f in default_package().tables[table].fields]


def ranges(result: Imported) -> list[dict[str, str]]:
    """A dataset's lowest and highest number as evidence on the cell, which makes it a range wherever it is told."""
    if not result.ranges:
        return []
    source = dataset(result)
    rows = []
    for one in result.ranges:
        numbers = {one.best: "as taken", one.low: "lowest", one.high: "highest"}
        for number, note in sorted(numbers.items()):
            rows.append({
                "incident_id": one.incident_id, "field": one.field, "value": str(number), "source_id": source,
                "status": "stated", "note": f"{note} {ESTIMATE}",
            })  # fmt: skip
    return rows


def _write(path: Path, head: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(csv_bytes(head, rows))


def places(result: Imported) -> list[dict[str, str]]:
    """A label point for each district: the median of its placed attacks (no district without one)."""
    points = defaultdict(list)
    for row in result.incidents:
        if row["governorate"] and row["latitude"]:
            points[row["governorate"]].append((float(row["latitude"]), float(row["longitude"])))
    return [
        {
            "governorate": name,
            "latitude": f"{statistics.median(p[0] for p in found):.2f}",
            "longitude": f"{statistics.median(p[1] for p in found):.2f}",
        }
        for name, found in sorted(points.items())
    ]

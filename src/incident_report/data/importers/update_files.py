"""The files that an update writes: quarters, corrections, sources, districts, coverage, the account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from incident_report.data.importers.imported import Imported, Selection
from incident_report.data.importers.update import GONE, Change, Text, Update, rows_of
from incident_report.data.importers.write import (
    ESTIMATE,
    by_period,
    csv_bytes,
    dataset_files,
    partial,
    places,
    ranges,
    stamped,
)
from incident_report.data.package import Package, Table, read_package

_BY = "dataset"


def files(folder: Path, update: Update, result: Imported, selection: Selection, today: date) -> dict[str, bytes]:
    """The files that the update writes, by name: quarters, corrections, sources, districts, coverage, the account.

    Parameters
    ----------
    today : date
        Of the corrections.
    """
    package = read_package(folder)
    decided = list(_decided(update, f"in the export of {result.name} read on {today.isoformat()}"))
    made = _quarters(folder, package, update, [c for c, _ in decided if update.is_open(c.quarter)])
    made |= _appended(
        folder, "corrections", package, [_line(c, r, today) for c, r in decided if not update.is_open(c.quarter)]
    )
    cited = set[str]().union(*(r["sources"].split(";") for r in result.incidents))
    new = sorted(cited - _column(folder / "sources.csv", "source_id"))
    made |= _appended(folder, "sources", package, [*map(result.sources.__getitem__, new)])
    named = _column(folder / "geo" / "governorates.csv", "governorate")
    made |= _appended(folder, "governorates", package, [p for p in places(result) if p["governorate"] not in named])
    made |= _evidence(folder, update, package, result)
    made |= _coverage(folder, update, package, result, selection)
    head = _head(package.tables["incidents"], ())
    said = dataset_files(head, _said(update, result))
    return made | {name: content for name, content in said.items() if not _stands(folder / name, content)}


def _column(path: Path, name: str) -> set[str]:
    return {row[name] for row in rows_of(path)}


def _stands(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _said(update: Update, result: Imported) -> list[Text]:
    """What the dataset has said by now: the export's rows, and those on file that are newer or beyond it."""
    fresh = {row["incident_id"]: row for row in stamped(result)}
    kept = {i: update.base[i] for i in (*update.older, *update.final)}
    gone = {g.incident_id: {**update.base[g.incident_id], "outcome": GONE} for g in update.gone}
    said = {**update.base, **fresh, **kept, **gone}
    return sorted(said.values(), key=lambda row: (row["date"], row["incident_id"]))


def _decided(update: Update, told: str) -> Iterator[tuple[Change, str]]:
    """The cells that are written, each with its reason."""
    yield from ((c, f"Changed {told}.") for c in update.changed if not c.held)
    for row in update.gone:
        why = f"Left out {told}: {row.why}." if row.why else f"No longer {told}."
        yield Change(row.incident_id, row.quarter, "outcome", row.outcome, GONE, row.outcome), why


def _line(change: Change, reason: str, today: date) -> Text:
    """A line of corrections.csv."""
    return {
        "incident_id": change.incident_id, "field": change.field, "old": change.old, "new": change.new,
        "reason": reason, "date": today.isoformat(), "by": _BY,
    }  # fmt: skip


def _quarters(folder: Path, package: Package, update: Update, changes: Sequence[Change]) -> dict[str, bytes]:
    """Files of the quarters in which cells change or rows are new."""
    edits: defaultdict[str, list[Change]] = defaultdict(list)
    for one in changes:
        edits[one.quarter].append(one)
    new: defaultdict[str, list[Text]] = defaultdict(list)
    for row in update.added:
        new[update.period_of(row)].append(row)
    return {
        f"incidents/{q}.csv": _quarter(folder / "incidents" / f"{q}.csv", package, edits[q], new[q])
        for q in sorted({*edits, *new})
    }


def _quarter(path: Path, package: Package, changes: Sequence[Change], new: Sequence[Text]) -> bytes:
    """A quarter's file with cells changed and rows added, by day and id."""
    rows = rows_of(path)
    of = {row["incident_id"]: row for row in rows}
    for one in changes:
        of[one.incident_id][one.field] = one.new
    head = _head(package.tables["incidents"], rows)
    filled = {c: None for row in [*of.values(), *new] for c, value in row.items() if value}
    head += [c for c in filled if c not in head]
    return csv_bytes(head, sorted([*rows, *new], key=lambda r: (r["date"], r["incident_id"])))


def _appended(folder: Path, name: str, package: Package, rows: Sequence[Text]) -> dict[str, bytes]:
    """A table with rows behind those that it has; nothing where there is none."""
    table = package.tables[name]
    there = rows_of(folder / table.path)
    return _changed(table, there, [*there, *rows])


def _evidence(folder: Path, update: Update, package: Package, result: Imported) -> dict[str, bytes]:
    """Ranges of the rows whose files may change, in place of those that the dataset gave before."""
    table = package.tables["evidence"]
    there = rows_of(folder / table.path)
    new = {r["incident_id"] for r in update.added}
    mine = new | {r["incident_id"] for r in result.incidents if update.is_open(update.period_of(r))}
    kept = [r for r in there if r["incident_id"] not in mine or not r["note"].endswith(ESTIMATE)]
    rows = [*kept, *(r for r in ranges(result) if r["incident_id"] in mine)]
    return _changed(table, there, rows)


def _coverage(
    folder: Path, update: Update, package: Package, result: Imported, selection: Selection
) -> dict[str, bytes]:
    """What the new export says of the open quarters, in place of what was said before."""
    table = package.tables["coverage"]
    there = rows_of(folder / table.path)
    fresh = [_wide(r, update) for r in partial(by_period(result), result, selection) if update.is_open(r["quarter"])]
    return _changed(table, there, [*(r for r in there if not update.is_open(r["quarter"])), *fresh])


def _changed(table: Table, there: Sequence[Text], rows: Sequence[Text]) -> dict[str, bytes]:
    """A table's file, where its rows are others than those there."""
    return {} if list(rows) == list(there) else {table.path: csv_bytes(_head(table, there), rows)}


def _head(table: Table, there: Sequence[Text]) -> list[str]:
    """Columns of a file as it stands, or, where it is new, of its table."""
    return list(there[0]) if there else [f.name for f in table.fields]


def _wide(line: Text, update: Update) -> Text:
    """A line of coverage that leaves out no day on which the campaign has a row."""
    days = update.days.get(line["quarter"], [])
    return {**line, "start": min([line["start"], *days]), "end": max([line["end"], *days])}

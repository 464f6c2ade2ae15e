"""A newer export of the same dataset, brought into a campaign: what is new, changed and gone, and what is written.

What the dataset said last time stands in ``import/dataset-<quarter>.csv``; so a change by its makers is told from one
by the campaign's own hand, and a cell that was edited by hand is never overwritten. Rows of the newest quarter change
in its file; in earlier quarters, which may be published, a change is a line of ``corrections.csv``. A row that is
gone is not deleted but disputed, with the reason, so that every id stays.

A provisional release (candidate, weekly) adds rows and changes provisional ones, on the days from its first row to
its last, and never touches a final row; a final one takes the mark off, or disputes what it does not have. A row that
its makers changed before what was read last time is older, and left.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from operator import itemgetter
from pathlib import Path

from incident_report.data.importers.imported import Imported, Selection
from incident_report.data.importers.table import ImportFault
from incident_report.data.importers.write import (
    DATASET,
    ESTIMATE,
    FOLDER,
    STAMP,
    by_period,
    csv_bytes,
    dataset_files,
    partial,
    places,
    ranges,
    stamped,
)
from incident_report.data.package import Package, Table, read_package
from incident_report.periods import Period

Text = dict[str, str]
PROVISIONAL = "provisional"  # the column of ours that marks a row of a provisional release
GONE = "disputed"  # the outcome of a row that the dataset no longer has
_BY = "dataset"


@dataclass(frozen=True)
class Change:
    """One cell that the dataset's makers changed.

    Attributes
    ----------
    ours : str
        What stands in the campaign; other than `old` where somebody edited it by hand.
    """

    incident_id: str
    quarter: str
    field: str
    old: str
    new: str
    ours: str

    @property
    def held(self) -> str:
        """Why it is left to a person, or nothing."""
        if self.ours != self.old:
            return f"was edited by hand to {self.ours!r}"
        period = Period.parse(self.quarter)
        moved = self.field == "date" and period.around(date.fromisoformat(self.new)) != period
        return f"would move it into another {period.unit}'s file" if moved else ""


@dataclass(frozen=True)
class Gone:
    """A row that the dataset no longer has, or that its rules now leave out.

    Attributes
    ----------
    outcome : str
        What the campaign says of it so far.
    why : str
        The reason for which the export's row is left out; empty where the export has none.
    """

    incident_id: str
    quarter: str
    outcome: str
    why: str = ""


@dataclass
class Update:
    """What a newer export changes.

    Attributes
    ----------
    added, changed, gone : lists of row, of Change, of Gone
    open : str
        The newest quarter of the campaign before; it and later ones change in their files.
    days : mapping of quarter -> days
        On which the campaign has rows.
    older, final : lists of id
        Rows of the export that were changed before what is on file, and that are final there while the export is not.
    base : mapping of id -> row
        What the dataset said last time.
    """

    added: list[Text] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)
    open: str = ""
    days: dict[str, list[str]] = field(default_factory=dict)
    older: list[str] = field(default_factory=list)
    final: list[str] = field(default_factory=list)
    base: dict[str, Text] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.gone)

    def period_of(self, row: Text) -> str:
        """The period in whose file a row stands."""
        return str(Period.parse(self.open).around(date.fromisoformat(row["date"])))

    def is_open(self, quarter: str) -> bool:
        """Whether a quarter's file may change."""
        return quarter >= self.open


def difference(folder: Path, ours: Mapping[str, Text], result: Imported, selection: Selection) -> Update:
    """Compare a newer export with what the dataset said last time.

    Parameters
    ----------
    ours : mapping of id -> row
        The campaign's rows as they stand, corrections applied, all text, with `quarter`.
    result : Imported
        The newer export.
    selection : Selection
        The days that it covers; where they are not said, the quarters in which it has rows.

    Raises
    ------
    ImportFault
        If the export has none of the campaign's rows: then it is no newer export of the same source.
    """
    fresh = {row["incident_id"]: row for row in result.incidents}
    base = last_time(folder) or dict(ours)
    if not set(base) & set(fresh) and not _same_source(ours, result, selection):
        raise ImportFault("none of the export's ids is in the campaign; it is not a newer export of the same source")
    made = Update(open=max(map(itemgetter("quarter"), ours.values())), base=base)
    for row in ours.values():
        made.days.setdefault(row["quarter"], []).append(row["date"])
    made.added = sorted((fresh[i] for i in fresh.keys() - ours), key=itemgetter("date", "incident_id"))
    both = base.keys() & ours  # what was taken out by hand stays out
    made.older, made.final = _beyond({i: base[i] for i in sorted(both & fresh.keys())}, result, selection)
    changing = sorted((both & fresh.keys()) - {*made.older, *made.final})
    made.changed = list(chain.from_iterable(_changes(ours[i], base[i], fresh[i]) for i in changing))
    made.gone = list(_gone([ours[i] for i in sorted(both - fresh.keys())], result, selection))
    return made


def _beyond(again: Mapping[str, Text], result: Imported, selection: Selection) -> tuple[list[str], list[str]]:
    """Ids of rows that are newer on file than in the export, and that are final there while the export is not."""
    older = [i for i, row in again.items() if _before(result.stamps.get(i, ""), row.get(STAMP, ""))]
    final = [i for i, row in again.items() if not row.get(PROVISIONAL)] if selection.provisional else []
    return older, final


def _same_source(ours: Mapping[str, Text], result: Imported, selection: Selection) -> bool:
    """Whether the export may be of the campaign's source though they share no row, as releases of a month do."""
    prefix = f"{result.doc['id'].get('prefix', '')}-"
    held = selection.provisional or any(row.get(PROVISIONAL) for row in ours.values())
    return held and any(i.startswith(prefix) for i in ours)


def _before(one: str, other: str) -> bool:
    """Whether a time stamp is earlier than another: numbers as such, days and times as ISO writes them."""
    if not one or not other:
        return False
    try:
        return float(one) < float(other)
    except ValueError:
        return one < other


def _gone(rows: Sequence[Text], result: Imported, selection: Selection) -> Iterator[Gone]:
    """Of rows that the export does not give, those that it covers and that count so far."""
    left_out = {x.id: x.reason for x in result.left_out}
    prefix = f"{result.doc['id'].get('prefix', '')}-"
    start, end = _covered(result, selection)
    for row in rows:
        held = bool(row.get(PROVISIONAL))
        if selection.provisional and not held:
            continue
        if start <= date.fromisoformat(row["date"]) <= end and row["outcome"] != GONE:
            ident = row["incident_id"]
            why = left_out.get(ident.removeprefix(prefix), "")
            if held and not selection.provisional:
                why = why or "it was provisional, and the final release does not have it"
            yield Gone(ident, row["quarter"], row["outcome"], why)


def last_time(folder: Path) -> dict[str, Text]:
    """What the dataset said when the campaign was last imported; empty where that is not on file."""
    files = (
        folder / FOLDER / f"{DATASET}.csv",
        *sorted((folder / FOLDER).glob(f"{DATASET}-*.csv")),
    )  # the first is of old
    return {row["incident_id"]: row for path in files for row in _rows(path)}


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
    return {row[name] for row in _rows(path)}


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


def _changes(ours: Text, before: Text, after: Text) -> Iterator[Change]:
    """Cells that the makers changed and that do not stand in the campaign already."""
    for name in after:
        old, new, now = before.get(name, ""), after[name], ours.get(name, "")
        if name != "incident_id" and not _same(old, new) and not _same(now, new):
            yield Change(ours["incident_id"], ours["quarter"], name, now if _same(now, old) else old, new, now)


def _same(one: str, other: str) -> bool:
    """Whether two cells say the same; 33.30 and 33.3 do."""
    try:
        return one == other or float(one) == float(other)
    except ValueError:
        return False


def _covered(result: Imported, selection: Selection) -> tuple[date, date]:
    days = [date.fromisoformat(r["date"]) for r in result.incidents]
    if selection.provisional:
        return selection.start or min(days), selection.end or max(days)
    first, last = (Period.of(d, result.period) for d in (min(days), max(days)))
    return selection.start or first.start, selection.end or last.end


def _quarter(path: Path, package: Package, changes: Sequence[Change], new: Sequence[Text]) -> bytes:
    """A quarter's file with cells changed and rows added, by day and id."""
    rows = _rows(path)
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
    there = _rows(folder / table.path)
    return _changed(table, there, [*there, *rows])


def _evidence(folder: Path, update: Update, package: Package, result: Imported) -> dict[str, bytes]:
    """Ranges of the rows whose files may change, in place of those that the dataset gave before."""
    table = package.tables["evidence"]
    there = _rows(folder / table.path)
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
    there = _rows(folder / table.path)
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


def _rows(path: Path) -> list[Text]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

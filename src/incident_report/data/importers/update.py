"""A newer export of the same dataset, brought into a campaign: what is new, changed and gone.

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
    FOLDER,
    STAMP,
)
from incident_report.periods import Period

Text = dict[str, str]
PROVISIONAL = "provisional"  # the column of ours that marks a row of a provisional release
GONE = "disputed"  # the outcome of a row that the dataset no longer has


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
    return {row["incident_id"]: row for path in files for row in rows_of(path)}


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


def rows_of(path: Path) -> list[Text]:
    """Rows of a CSV file; none where it is not there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))

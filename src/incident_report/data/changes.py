"""What a write changes in a table: rows added, changed and removed, and cells emptied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, str]  # filled cells by column


@dataclass(frozen=True)
class Changes:
    """What became of one table.

    Attributes
    ----------
    added, changed, removed : tuple of str
        What tells each row apart: its id, or its first cell where rows have none.
    emptied : int
        Cells which held something and hold nothing now, in rows that stay.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    emptied: int = 0

    def __str__(self) -> str:
        """``2 rows added, 1 changed, 0 removed, 3 cells emptied``."""
        rows = "row" if len(self.added) == 1 else "rows"
        cells = "cell" if self.emptied == 1 else "cells"
        return (
            f"{len(self.added):,} {rows} added, {len(self.changed):,} changed, {len(self.removed):,} removed, "
            f"{self.emptied:,} {cells} emptied"
        )


def as_rows(table: Sequence[Sequence[str]]) -> list[Row]:
    """The rows of a table whose first row is its header; empty cells and empty rows are left out."""
    rows = [{c: t for c, t in zip(table[0], cells, strict=False) if t} for cells in table[1:]]
    return [row for row in rows if row]


def compare(before: Iterable[Row], after: Iterable[Row], key: str) -> Changes:
    """Compare two states of a table, whatever the order of its rows and columns.

    Parameters
    ----------
    before, after : rows
        As from `as_rows`; of several files together, so that a row that moves from one to another stays.
    key : str
        The column that tells rows apart. Rows of one key are compared in their order.

    Examples
    --------
    >>> str(compare([{"id": "a", "n": "1"}, {"id": "b"}], [{"id": "a"}, {"id": "c"}], "id"))
    '1 row added, 1 changed, 1 removed, 1 cell emptied'
    """
    old, new = _by_key(before, key), _by_key(after, key)
    added: list[str] = []
    changed: list[str] = []
    removed: list[str] = []
    emptied = 0
    for name in {**old, **new}:
        was, now = _without_common(old.get(name, []), new.get(name, []))
        for one, other in zip(was, now, strict=False):
            changed.append(name)
            emptied += len(one.keys() - other.keys())
        added += [name] * (len(now) - len(was))
        removed += [name] * (len(was) - len(now))
    return Changes(tuple(added), tuple(changed), tuple(removed), emptied)


def _by_key(rows: Iterable[Row], key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.get(key, "")].append(row)
    return dict(found)


def _without_common(was: list[Row], now: list[Row]) -> tuple[list[Row], list[Row]]:
    """Rows of one key without those that both states have."""
    if was == now:
        return [], []
    return _minus(was, now), _minus(now, was)


def _minus(rows: list[Row], others: list[Row]) -> list[Row]:
    common = Counter(frozenset(row.items()) for row in others)
    left = []
    for row in rows:
        content = frozenset(row.items())
        if common[content]:
            common[content] -= 1
        else:
            left.append(row)
    return left

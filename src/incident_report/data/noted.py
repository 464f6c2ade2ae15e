"""A table that notes which of its cells are read, by column and period, so that a change elsewhere moves nothing.

What is not known to read a part alone reads all of it: a method that is not named here, an export, an iteration over
rows. Which rows there are is read with whatever is taken out of the table.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from pandas.core.indexing import _LocIndexer

from incident_report.reads import note_all

PERIOD = "quarter"  # the column that says which file a row stands in
_ASKED = "?"  # behind a column's name: whether it says anything
_QUIET = frozenset({"columns", "shape", "index", "empty", "ndim", "size", "keys", "attrs", "flags"})  # of its form
_OWN = frozenset(
    {"copy", "assign", "reset_index", "loc", "head", "sort_values", "dropna", "set_index", "_constructor",
     "__class__"}
)  # fmt: skip


@dataclass(frozen=True)
class _Marks:
    """What the cells of a table are called.

    Attributes
    ----------
    table : str
        The table that they come from.
    columns : frozenset
        Those that are as they were there.
    periods : tuple of str
        Of its rows; one without a name where it has none.
    at : ndarray of int or None, shape (labels of rows,)
        The period of each row by its label, a number from 0; None where the labels are no such numbers.
    """

    table: str
    columns: frozenset[Hashable]
    periods: tuple[str, ...]
    at: np.ndarray | None = None

    def of(self, columns: Iterable[Hashable], index: pd.Index, asked: str = "") -> Iterator[str]:
        """The names of the cells in some columns and rows, or of what is `asked` of them."""
        periods = self.periods
        if self.at is not None and len(index) < len(self.at):
            periods = tuple(periods[i] for i in np.unique(self.at[index.to_numpy()]))
        for column in columns:
            if column in self.columns:
                yield from (f"{self.table}/{column}{asked}{period}" for period in periods)


class NotedFrame(pd.DataFrame):
    """A table of a campaign; whoever takes one of its columns has read that column, and no other.

    Examples
    --------
    >>> from incident_report import reads
    >>> rows = noted(pd.DataFrame({"place": ["Taji", "Basra"], "killed": [0, 2], "note": ["", ""]}), "incidents")
    >>> with reads.within() as (seen, _):
    ...     deadly = rows[rows["killed"] > 0]
    ...     found = list(deadly["place"])
    >>> sorted(seen)
    ['incidents/killed', 'incidents/place']
    >>> with reads.within() as (seen, _):
    ...     found = deadly.to_dict("records")
    >>> sorted(seen)
    ['incidents/killed', 'incidents/note', 'incidents/place']
    """

    @property
    def _constructor(self) -> type[pd.DataFrame]:  # what pandas makes of it has read all of it
        return pd.DataFrame

    def __getattribute__(self, name: str) -> Any:
        if name in _QUIET:
            return getattr(_plain(self), name)
        if name not in _OWN:
            _read(self)
        return object.__getattribute__(self, name)

    def __len__(self) -> int:
        return len(_plain(self))

    def __contains__(self, key: Any) -> bool:  # type: ignore[misc]
        return key in _plain(self)

    def __iter__(self) -> Iterator[Any]:
        return iter(_plain(self))

    def __getitem__(self, key: Any) -> Any:
        return self.loc[key] if callable(key) else _taken(self, _plain(self)[key], key)

    def copy(self, deep: bool = True) -> NotedFrame:  # type: ignore[misc]
        """A copy, which notes what is read of it likewise."""
        return _of(_plain(self).copy(deep=deep), _marks(self))

    def assign(self, **columns: Any) -> Any:
        """With other columns; those that were put in are nobody's to note."""
        if any(map(callable, columns.values())):
            return super().assign(**columns)
        marks = _marks(self)
        return _of(_plain(self).assign(**columns), replace(marks, columns=marks.columns - columns.keys()))

    def head(self, n: int = 5) -> Any:  # type: ignore[misc]
        """Its first rows."""
        return _of(_plain(self).head(n), _marks(self))

    def reset_index(self, *args: Any, **kwargs: Any) -> Any:
        """With rows numbered anew; the numbers before are a column of their own unless they are dropped."""
        if args or kwargs != {"drop": True}:
            return super().reset_index(*args, **kwargs)
        marks, whole = _marks(self), _plain(self)
        at = marks.at if marks.at is None else marks.at[whole.index.to_numpy()]
        return _of(whole.reset_index(drop=True), replace(marks, at=at))

    def sort_values(self, by: Any, **options: Any) -> Any:
        """In the order of some columns, which are read."""
        return _by(self, "sort_values", by, by, **options)

    def dropna(self, **options: Any) -> Any:
        """Without rows that lack something in a subset of columns, which are read."""
        return _by(self, "dropna", options.get("subset"), **options)

    def set_index(self, keys: Any, **options: Any) -> Any:
        """By the values of some columns, which are read."""
        return _by(self, "set_index", keys, keys, **options)

    @property
    def loc(self) -> Any:
        """Rows and columns by their names."""
        return _Loc("loc", self)


class _Loc(_LocIndexer):
    def __getitem__(self, key: Any) -> Any:
        rows, columns = key if isinstance(key, tuple) and len(key) == 2 else (key, slice(None))
        whole = isinstance(columns, slice) and columns == slice(None)
        if self.axis is not None or callable(rows) or not (whole or isinstance(columns, (str, list))):
            return super().__getitem__(key)  # type: ignore[misc]
        return _taken(self.obj, _plain(self.obj).loc[key], columns)  # type: ignore[attr-defined]


def noted(table: pd.DataFrame, name: str) -> NotedFrame:
    """A table as one that notes what is read of it: under ``name/column``, or ``name/column@2020Q3`` with periods."""
    table = _plain(table) if isinstance(table, NotedFrame) else table
    periods: tuple[str, ...] = ("",)
    at = None
    if PERIOD in table and table.index.equals(pd.RangeIndex(len(table))):
        at, found = pd.factorize(table[PERIOD])
        periods = tuple(f"@{one}" for one in found)
    return _of(table, _Marks(name, frozenset(table.columns), periods, at))


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """A table that notes nothing: all that is in it counts as read."""
    if not isinstance(table, NotedFrame):
        return table
    _read(table)
    return _plain(table)


def told(table: pd.DataFrame, column: str) -> pd.Series:
    """In which rows a column says anything; that alone is read, not what it says.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> from incident_report import reads
    >>> rows = noted(pd.DataFrame({"killed": pd.array([0, None], "Int64"), "sources": [("a",), ()]}), "incidents")
    >>> with reads.within() as (seen, _):
    ...     found = told(rows, "killed").tolist(), told(rows, "sources").tolist()
    >>> found, sorted(seen)
    (([True, False], [True, False]), ['incidents/killed?', 'incidents/sources?'])
    """
    if not isinstance(table, NotedFrame):
        return _told(table[column])
    whole, marks = _plain(table), _marks(table)
    if f"{column}{_ASKED}" in whole:  # another column has the name
        note_all(marks.of([column], whole.index))
    else:
        note_all(marks.of([column], whole.index, _ASKED))
    return _told(whole[column])


def _told(values: pd.Series) -> pd.Series:
    return values.map(len) > 0 if values.dtype == object else values.notna()


def cells(table: pd.DataFrame, part: str) -> Any:
    """What was read of a table under a name: ``killed@2020Q3``, ``killed``, or nothing for which rows there are.

    ``killed?@2020Q3`` is in which rows it says anything.
    """
    column, _, period = part.partition("@")
    whole = _plain(table) if isinstance(table, NotedFrame) else table
    if column:
        asked = column.endswith(_ASKED) and column not in whole
        values = whole[column.removesuffix(_ASKED)] if asked else whole[column]
        values = _told(values) if asked else values
        return values[whole[PERIOD] == period] if period else values
    return [list(map(str, whole.columns)), len(whole), whole.get(PERIOD, ())]


def _of(table: pd.DataFrame, marks: _Marks) -> NotedFrame:
    made = NotedFrame._from_mgr(table._mgr, axes=table._mgr.axes)  # type: ignore[attr-defined]
    object.__setattr__(made, "_noted", marks)
    return made


def _marks(table: NotedFrame) -> _Marks:
    found: _Marks = object.__getattribute__(table, "_noted")
    return found


def _plain(table: NotedFrame) -> pd.DataFrame:
    manager = object.__getattribute__(table, "_mgr")
    return pd.DataFrame._from_mgr(manager, axes=manager.axes)  # type: ignore[attr-defined]


def _read(table: NotedFrame) -> None:
    own = object.__getattribute__(table, "__dict__")
    if "_cells" not in own:  # asked for again and again by whatever pandas does
        whole = _plain(table)
        object.__setattr__(table, "_cells", frozenset(_marks(table).of(whole.columns, whole.index)))
    note_all(own["_cells"])


def _by(table: NotedFrame, method: str, read: Any, *given: Any, **options: Any) -> Any:
    """What a method gives that reads some columns, and of the others only which rows they are in."""
    marks, whole = _marks(table), _plain(table)
    columns = [read] if isinstance(read, str) else read
    named = isinstance(columns, list) and all(isinstance(c, str) and c in whole for c in columns)
    if options.get("inplace") or options.get("axis") or not named:
        return getattr(pd.DataFrame, method)(table, *given, **options)
    note_all(marks.of(columns, whole.index))
    found = getattr(whole, method)(*given, **options)
    renumbered = method == "set_index" or options.get("ignore_index")
    return _of(found, replace(marks, at=None) if renumbered else marks)


def _taken(table: NotedFrame, found: Any, columns: Any) -> Any:
    """What was taken out of a table: a part of it that notes on, or values, which have been read."""
    marks = _marks(table)
    if isinstance(found, pd.DataFrame):
        return _of(found, marks)
    whole = _plain(table)
    index = found.index if isinstance(found, pd.Series) and isinstance(columns, str) else whole.index
    note_all(marks.of([columns] if isinstance(columns, str) else whole.columns, index))
    return found


__all__ = ["NotedFrame", "cells", "noted", "plain", "told"]

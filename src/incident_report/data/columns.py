"""Tables as whole columns, and one row of them as a mapping. Light: nothing here needs pandas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any


class Columns:
    """Columns of one length, of which single cells may be missing.

    Parameters
    ----------
    cells : dict of str -> list
        Each column whole; None stands where a cell is missing.
    length : int
        Of each column; there may be no column and yet rows.

    Attributes
    ----------
    missing : dict of str -> set of int
        By column, the places at which there is no cell.

    Examples
    --------
    >>> table = Columns({"place": ["Taji", "Balad"]}, 2)
    >>> table.row(1)["place"]
    'Balad'
    """

    __slots__ = ("cells", "length", "missing")

    def __init__(self, cells: dict[str, list[Any]], length: int) -> None:
        self.cells, self.length = cells, length
        self.missing: dict[str, set[int]] = {}

    def column(self, name: str) -> list[Any]:
        """A column; None where a cell, or all of it, is missing."""
        return self.cells.get(name) or [None] * self.length

    def row(self, at: int) -> Cells:
        """One row, which writes through."""
        return Cells(self, at)

    def put(self, name: str, cells: Mapping[int, Any]) -> None:
        """Put values into some places of a column, which may be new."""
        if name not in self.cells:
            self.cells[name] = [None] * self.length
            self.missing[name] = {*range(self.length)}
        column = self.cells[name]
        for at, value in cells.items():
            column[at] = value
        self.missing.get(name, set()).difference_update(cells)

    def take(self, places: Sequence[int]) -> Columns:
        """A copy with the rows at some places; of a table in which no cell is missing."""
        return Columns({name: [column[i] for i in places] for name, column in self.cells.items()}, len(places))

    def extend(self, other: Columns) -> None:
        """Put the rows of another table below; a column that one of the two has not is missing there."""
        for name in dict.fromkeys((*self.cells, *other.cells)):
            if name not in self.cells:
                self.missing[name] = {*range(self.length)}
            lost = other.missing.get(name, ()) if name in other.cells else range(other.length)
            if lost:
                self.missing.setdefault(name, set()).update(self.length + at for at in lost)
            self.cells.setdefault(name, [None] * self.length).extend(other.column(name))
        self.length += other.length


class Cells(MutableMapping[str, Any]):
    """One row of a table of columns, as a mapping of the cells that it has."""

    __slots__ = ("_table", "at")

    def __init__(self, table: Columns, at: int) -> None:
        self._table, self.at = table, at

    def __getitem__(self, name: str) -> Any:
        value = self._table.cells[name][self.at]
        if value is None and not self._has(name):
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        self._table.put(name, {self.at: value})

    def __delitem__(self, name: str) -> None:
        self[name]  # a cell that is missing cannot be taken away
        self._table.cells[name][self.at] = None
        self._table.missing.setdefault(name, set()).add(self.at)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._table.cells if self._has(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))

    def _has(self, name: str) -> bool:
        return self.at not in self._table.missing.get(name, ())


def places(test: Callable[..., Any], *columns: Sequence[Any]) -> list[int]:
    """Where the cells of a row pass a test, which looks once at each distinct cell, or set of cells.

    Examples
    --------
    >>> places(str.isdigit, ["a", "1", "b", "1"])
    [1, 3]
    >>> places(lambda one, other: one == other, [1, 2, 3], [1, 3, 3])
    [0, 2]
    """
    cells: Sequence[Any] = columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))
    distinct = {*cells}
    if len(distinct) == len(cells) and len(columns) == 1:
        return [at for at, cell in enumerate(cells) if test(cell)]
    found = {cell for cell in distinct if (test(cell) if len(columns) == 1 else test(*cell))}
    return [at for at, cell in enumerate(cells) if cell in found] if found else []

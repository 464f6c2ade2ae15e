"""Typed rows: kept as whole columns, and looked at one by one only where something is to be said of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from incident_report.data.columns import Columns, places
from incident_report.data.model import Fault
from incident_report.data.package import Field

Report = Callable[[Fault], None]


@dataclass
class Row:
    """One row: where it stands, its cells as written and its values (absent where a cell is wrong)."""

    file: str
    line: int
    text: MutableMapping[str, str]
    values: MutableMapping[str, Any]

    def fault(self, column: str, message: str, *, severity: str = "error", more: int = 0) -> Fault:
        """A fault in one cell of this row."""
        return Fault(self.file, message, self.line, column, self.text.get(column), severity, more)

    def correct(self, field: Field, text: str, value: Any) -> None:
        """Put another value in place of a cell's."""
        self.text[field.name] = field.filled(text)
        self.values[field.name] = value

    def items(self, column: str) -> tuple[Any, ...]:
        """The items of a list, or the one value of a cell; nothing where it is empty or wrong."""
        return as_items(self.values.get(column))


class Rows(Sequence[Row]):
    """Rows of one table, as columns; a row is made when it is asked for, and writes through.

    Parameters
    ----------
    files, lines : list
        Where each row stands.
    text, values : Columns
        Cells as written, and what they mean.
    """

    def __init__(self, files: list[str], lines: list[int], text: Columns, values: Columns) -> None:
        self.files, self.lines, self.text, self.values = files, lines, text, values

    @classmethod
    def none(cls) -> Rows:
        """No rows."""
        return cls([], [], Columns({}, 0), Columns({}, 0))

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        return Row(self.files[at], self.lines[at], self.text.row(at), self.values.row(at))

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))

    def extend(self, other: Rows) -> None:
        """Put the rows of another file below."""
        self.files += other.files
        self.lines += other.lines
        self.text.extend(other.text)
        self.values.extend(other.values)


def column(rows: Sequence[Row], name: str) -> list[Any]:
    """The values of a column; None where one is wrong or missing."""
    return rows.values.column(name) if isinstance(rows, Rows) else [r.values.get(name) for r in rows]


def having(rows: Sequence[Row], test: Callable[..., Any], *names: str) -> Iterator[Row]:
    """Rows whose values in some columns pass a test, which looks at each distinct value, or set of them, once."""
    return (rows[at] for at in places(test, *(column(rows, name) for name in names)))


def as_items(value: Any) -> tuple[Any, ...]:
    """The items of a list, or the one value of a cell; nothing for one that is empty or unknown."""
    return value if isinstance(value, tuple) else (value,) if value else ()


class ById(Mapping[str, Row]):
    """Incident rows by id, as far as they have one."""

    def __init__(self, incidents: Sequence[Row]) -> None:
        self._rows = incidents
        self._at = {ident: at for at, ident in enumerate(column(incidents, "incident_id")) if ident}

    def __getitem__(self, ident: str) -> Row:
        return self._rows[self._at[ident]]

    def __contains__(self, ident: object) -> bool:
        return ident in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)

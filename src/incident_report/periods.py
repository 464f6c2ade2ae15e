"""Quarters and windows of days: the only calendar arithmetic in the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_QUARTER = re.compile(r"([0-9]{4})Q([1-4])")
_ORDINAL = ("first", "second", "third", "fourth")


@dataclass(frozen=True, order=True)
class Window:
    """A closed range of days.

    Parameters
    ----------
    start, end : date
        First and last day, both included.

    Raises
    ------
    ValueError
        If `end` lies before `start`.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a window cannot end ({self.end}) before it starts ({self.start})")

    @property
    def days(self) -> int:
        """Number of days, first and last included."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def overlap(self, other: Window) -> Window | None:
        """The days that both windows share, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Window(start, end) if start <= end else None


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter, written ``2020Q3``.

    Parameters
    ----------
    year : int
        1 to 9999.
    number : int
        1 to 4.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9998 and 1 <= self.number <= 4):
            raise ValueError(f"no such quarter: {self.year}Q{self.number}")

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read ``YYYYQn``.

        Raises
        ------
        ValueError
            With one clear line, if `text` is anything else.
        """
        match = _QUARTER.fullmatch(text) if isinstance(text, str) else None
        if match is None or match[1] == "0000":
            raise ValueError(f"{text!r} is not a quarter; write a year and 1 to 4, like 2020Q3")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that holds a day."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> date:
        """Last day."""
        return self.shift(1).start - timedelta(days=1)

    @property
    def window(self) -> Window:
        """First to last day."""
        return Window(self.start, self.end)

    @property
    def days(self) -> int:
        """Number of days (90 to 92)."""
        return self.window.days

    @property
    def label(self) -> str:
        """For charts and tables: ``Q3 2020``."""
        return f"Q{self.number} {self.year}"

    @property
    def words(self) -> str:
        """For sentences: ``the third quarter of 2020``."""
        return f"the {_ORDINAL[self.number - 1]} quarter of {self.year}"

    def shift(self, quarters: int) -> Quarter:
        """The quarter that many quarters later (negative: earlier)."""
        index = self.year * 4 + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.number}"


def quarters_between(first: Quarter, last: Quarter) -> Iterator[Quarter]:
    """Every quarter from `first` to `last`, both included; nothing if `last` is earlier."""
    while first <= last:
        yield first
        first = first.shift(1)

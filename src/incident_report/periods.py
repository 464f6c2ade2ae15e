"""Periods of the calendar and windows of days: the only calendar arithmetic in the project.

A campaign reports by month, quarter or year (``period:`` in report.yml; a quarter where it says nothing).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

QUARTER = "quarter"
MONTHS = {"month": 1, QUARTER: 3, "year": 12}  # how many each unit holds
UNITS = tuple(MONTHS)
EXAMPLES = {"month": "2020-07", QUARTER: "2020Q3", "year": "2020"}
# As names of files, sheets and cells have them; the schemas hold the same.
PATTERN = r"[0-9]{4}(Q[1-4]|-(0[1-9]|1[0-2]))?"
_NAME = re.compile(r"([0-9]{4})(?:Q([1-4])|-(0[1-9]|1[0-2]))?")
_LOOSE = {  # however people write them: 2020-q3 (1), 2020_7
    "month": re.compile(r"\s*([0-9]{4})[\s_.-]*(0?[1-9]|1[0-2])(?![0-9])"),
    QUARTER: re.compile(r"\s*([0-9]{4})[\s_-]*[qQ]([1-4])(?![0-9])"),
    "year": re.compile(r"\s*([0-9]{4})()(?![0-9]|[\s_.-]*(?:[qQ][1-4]|[0-9]))"),
}
_LIKELY = range(1900, 2200)


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
class Period:
    """A calendar month, quarter or year, written ``2020-07``, ``2020Q3`` or ``2020``.

    Parameters
    ----------
    year : int
        1 to 9998.
    number : int
        Which one of the year: 1 to 12, 1 to 4, or 1.
    unit : str
        ``month``, ``quarter`` or ``year``.

    Examples
    --------
    >>> str(Period.parse("2020-07").shift(-7)), Period.parse("2020").label
    ('2019-12', '2020')
    >>> [str(part) for part in Period.parse("2020Q3").parts]
    ['2020-07', '2020-08', '2020-09']
    """

    year: int
    number: int
    unit: str = QUARTER

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9998 and 1 <= self.number <= self.a_year):
            raise ValueError(f"no such {self.unit}: {self.year}, number {self.number}")

    @classmethod
    def parse(cls, text: str | int, unit: str = "") -> Period:
        """Read ``2020-07``, ``2020Q3`` or ``2020``.

        Parameters
        ----------
        text : str or int
            A number is a year, as YAML and papermill read one.
        unit : str
            The only unit that is wanted; empty takes any.

        Raises
        ------
        ValueError
            With one clear line, if `text` is anything else.
        """
        match = _NAME.fullmatch(str(text))
        if match and match[1] not in ("0000", "9999"):
            found = QUARTER if match[2] else "month" if match[3] else "year"
            if unit in ("", found):
                return cls(int(match[1]), int(match[2] or match[3] or 1), found)
        if unit:
            raise ValueError(f"{text!r} is not a {unit}; write it like {EXAMPLES[unit]}")
        examples = ", ".join(f"a {u} like {EXAMPLES[u]}" for u in (QUARTER, "month")) + " or a year like 2020"
        raise ValueError(f"{text!r} is not a period; write {examples}")

    @classmethod
    def meant(cls, name: str, unit: str) -> Period | None:
        """The period of a unit that a file's name speaks of, however it is written: ``2020-q3 (1).xlsx``."""
        loose = _LOOSE[unit].match(name)
        return cls(int(loose[1]), int(loose[2] or 1), unit) if loose and int(loose[1]) in _LIKELY else None

    @classmethod
    def of(cls, day: date, unit: str) -> Period:
        """The period that holds a day."""
        return cls(day.year, (day.month - 1) // MONTHS[unit] + 1, unit)

    def around(self, day: date) -> Period:
        """The period of the same length that holds a day."""
        return Period.of(day, self.unit)

    @property
    def a_year(self) -> int:
        """How many there are in a year."""
        return 12 // MONTHS[self.unit]

    @property
    def start(self) -> date:
        """First day."""
        return date(self.year, MONTHS[self.unit] * (self.number - 1) + 1, 1)

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
        """Number of days."""
        return self.window.days

    @property
    def parts(self) -> tuple[Period, ...]:
        """What it is told by: the months of a quarter, the quarters of a year; a month has no parts."""
        unit = {QUARTER: "month", "year": QUARTER}.get(self.unit)
        return tuple(between(Period.of(self.start, unit), Period.of(self.end, unit))) if unit else ()

    @property
    def so_far(self) -> tuple[Period, ...]:
        """Those of the same year before it."""
        return tuple(Period(self.year, n, self.unit) for n in range(1, self.number))

    @property
    def year_before(self) -> tuple[Period, ...]:
        """The same one of the year before; empty in the first year."""
        return (self.shift(-self.a_year),) if self.year > 1 else ()

    @property
    def label(self) -> str:
        """For charts and tables: ``Jul 2020``, ``Q3 2020``, ``2020``."""
        named = {"month": f"{self.start:%b} {self.year}", QUARTER: f"Q{self.number} {self.year}"}
        return named.get(self.unit, str(self))

    def shift(self, by: int) -> Period:
        """The period that many later (negative: earlier)."""
        index = self.year * self.a_year + self.number - 1 + by
        return Period(index // self.a_year, index % self.a_year + 1, self.unit)

    def since(self, earlier: Period) -> int:
        """How many periods of its length lie between an earlier one and this."""
        return (self.year - earlier.year) * self.a_year + self.number - earlier.number

    def __str__(self) -> str:
        tail = {"month": f"-{self.number:02d}", QUARTER: f"Q{self.number}"}.get(self.unit, "")
        return f"{self.year:04d}{tail}"


def between(first: Period, last: Period) -> Iterator[Period]:
    """Every period from `first` to `last`, both included; nothing if `last` is earlier."""
    while first <= last:
        yield first
        first = first.shift(1)


def covered_days(spans: Iterable[Window], window: Window) -> int:
    """Days of a window that spans cover, none of which overlap.

    Examples
    --------
    >>> third, fourth = Period.parse("2020Q3").window, Period.parse("2020Q4").window
    >>> covered_days([third, fourth], Window(date(2020, 9, 30), date(2020, 10, 2)))
    3
    """
    shared = (span.overlap(window) for span in spans)
    return sum(part.days for part in shared if part)

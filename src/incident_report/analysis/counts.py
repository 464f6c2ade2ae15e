"""What there is to count of one series, as values: rows by day, days that files cover, counts by others.

An edition is entered once for it; counting, comparing and doubting work on what it gave.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from incident_report.analysis.names import known
from incident_report.analysis.rates import garwood
from incident_report.analysis.remember import kept_property, remembered
from incident_report.periods import Period, Window, covered_days

TALLY = "tally"
DOCUMENTED = "documented"
BASES = (TALLY, DOCUMENTED)
MONTH = 30  # days that a rate is quoted for


@dataclass(frozen=True)
class Count:
    """One count over one window, with exact limits.

    Attributes
    ----------
    series : str
    basis : str
        `TALLY` (somebody else's published count) or `DOCUMENTED` (our rows); never added together.
    period : str
        ``2020Q3``, ``2020-07`` for a month, ``2020`` for a year.
    label : str
        For charts and tables: ``Q3 2020``, ``Jul 2020``.
    count : int or None
        None is unknown, not zero.
    window : Window or None
        Days that were covered; None where nothing was.
    partial : bool
        Covers less than the whole period.
    bound : str
        ``exact``, ``at_least`` or ``about``, as published.
    rows : tuple of str
        Incident or tally ids behind the count.
    ends : tuple of date, or None
        First and last possible last day of a published count whose last day nobody stated; `window` ends on the
        best guess.
    beside : int
        Incidents documented over the days of a published count.
    """

    series: str
    basis: str
    period: str
    label: str
    count: int | None
    window: Window | None
    partial: bool = False
    bound: str = "exact"
    rows: tuple[str, ...] = field(default=(), repr=False)
    ends: tuple[date, date] | None = None
    beside: int = 0

    @property
    def days(self) -> int:
        """Days covered; 0 where nothing was."""
        return self.window.days if self.window else 0

    @property
    def quarter(self) -> Period:
        """The period counted."""
        return Period.parse(self.period)

    @property
    def limits(self) -> tuple[float, float]:
        """Garwood's 95% interval for the mean behind the count; NaN where it is unknown."""
        return (math.nan, math.nan) if self.count is None else garwood(self.count)

    @property
    def rate(self) -> float:
        """Attacks per 30 days covered; NaN where unknown."""
        return math.nan if self.count is None else self.count * MONTH / self.days

    @property
    def rate_limits(self) -> tuple[float, float]:
        """The interval per 30 days covered."""
        low, high = self.limits
        return (low, high) if self.count is None else (low * MONTH / self.days, high * MONTH / self.days)


@dataclass(frozen=True)
class Tally:
    """A count that somebody else published for a window.

    Attributes
    ----------
    window : Window
        Best guess where nobody stated its days.
    starts, ends : tuple of date
        Earliest and latest possible first and last day; both the window's own where they are stated.
    """

    tally_id: str
    tracker: str
    series: str
    count: int
    window: Window
    bound: str
    source: str
    partial: bool  # stops before the quarter does
    unit: str = "attacks"
    starts: tuple[date, date] = (date.min, date.min)
    ends: tuple[date, date] = (date.min, date.min)

    @property
    def days(self) -> int:
        """Days of coverage."""
        return self.window.days

    @property
    def unstated_end(self) -> tuple[date, date] | None:
        """First and last possible last day; None where it is stated."""
        return self.ends if self.ends[0] < self.ends[1] else None


@dataclass(frozen=True, eq=False)
class Rows:
    """Counted incidents of one series: a day (datetime64[D]) and an id each, in the file's order."""

    days: np.ndarray
    ids: np.ndarray

    @remembered
    def between(self, window: Window) -> tuple[str, ...]:
        """Ids of the incidents of a window; quick, as robustness asks for thousands."""
        inside = (self.days >= np.datetime64(window.start)) & (self.days <= np.datetime64(window.end))
        return tuple(self.ids[inside])


@dataclass(frozen=True)
class Stated:
    """A count that a tracker published, or that follows from two of its counts, over days that files cover.

    Attributes
    ----------
    ids : tuple of str
        Tallies behind it.
    derived : bool
        It is what is left between two counts.
    rows : tuple of str
        Incidents documented over the same days.
    """

    tracker: str
    window: Window
    count: int
    bound: str
    ids: tuple[str, ...]
    derived: bool
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Record:
    """One series of an edition.

    Attributes
    ----------
    rows : Rows
    covered : mapping
        Period to the days of it that an incidents file covers; one without a file is not in it.
    published : tuple of Tally
        Attacks of the series that anybody counted, over any window.
    stated : tuple of Stated
        What of that, up to the edition's last day, can be set beside the rows; remainders last.
    headline : str
        The tracker whose counts headlines rest on; empty where there is none.
    compared : tuple of Period
        The edition's quarter, and its baseline where it has one.
    parts : tuple of Record
        Of a series without a condition, all the others.
    whole : Record or None
        The record that this is a selection from: what was not chosen is not missing.
    """

    series: str
    rows: Rows
    covered: Mapping[Period, Window]
    published: tuple[Tally, ...]
    stated: tuple[Stated, ...]
    headline: str
    compared: tuple[Period, ...]
    parts: tuple[Record, ...] = ()
    whole: Record | None = None

    def covered_days(self, window: Window) -> int:
        """Days of a window that incident files cover, up to the edition's last day."""
        return covered_days(self.covered.values(), window)

    def tally(self, window: Window) -> Tally | None:
        """The headline tracker's longest count that starts with a window and ends within it, or None."""
        found = [t for t in self._headlined if t.window.start == window.start and t.window.end <= window.end]
        if not found:
            return None
        tally = max(found, key=lambda t: (t.window.end, t.tally_id))
        return replace(tally, partial=tally.window.end < window.end)

    @kept_property
    def _headlined(self) -> tuple[Tally, ...]:
        return tuple(t for t in self.published if t.tracker == self.headline)

    def count(self, quarter: Period, basis: str) -> Count:
        """One period's count on one basis.

        A period without an incidents file, or without a headline tally, is unknown; one with a
        file in which the series does not occur is zero.
        """
        return self.count_in(basis, quarter, self.covered.get(quarter))

    def count_in(self, basis: str, of: Period, covered: Window | None) -> Count:
        """The count of any month, quarter or year, of which files cover some days or none.

        Raises
        ------
        ValueError
            If there is no such basis, which would be counted as documented else.
        """
        if basis not in BASES:
            known("basis", basis, BASES)
        period, label, window = str(of), of.label, of.window
        if basis == TALLY and (tally := self.tally(window)) is not None:
            return Count(
                self.series, basis, period, label, tally.count, tally.window, tally.partial, tally.bound,
                (tally.tally_id,), tally.unstated_end, len(self.rows.between(tally.window)),
            )  # fmt: skip
        if basis == TALLY or covered is None:
            return Count(self.series, basis, period, label, None, None)
        rows = self.rows.between(window)
        return Count(self.series, basis, period, label, len(rows), covered, covered != window, "exact", rows)


@dataclass(frozen=True)
class Pair:
    """A count of one series, and earlier counts of it taken together; all known, on the same basis.

    Attributes
    ----------
    kind : str
        ``baseline``, ``year_so_far`` or ``year_before``; ``month`` for months.
    """

    record: Record
    kind: str
    now: Count
    before: tuple[Count, ...]

    @property
    def counted_now(self) -> tuple[int, int]:
        """Attacks and days now."""
        return self.now.count or 0, self.now.days

    @property
    def counted_before(self) -> tuple[int, int]:
        """Attacks and days before."""
        return sum(c.count or 0 for c in self.before), sum(c.days for c in self.before)

    @property
    def total(self) -> int:
        """Attacks in all."""
        return self.counted_now[0] + self.counted_before[0]

    @property
    def periods(self) -> tuple[Period | Window, ...]:
        """Periods of the record that are compared, whole; of their parts the days covered."""
        unit = self.record.compared[0].unit
        both = (self.now, *self.before)
        return tuple(c.quarter if c.quarter.unit == unit else c.window for c in both if c.window)

"""How many attacks, by quarter and month, for published tallies and documented incidents apart."""

from __future__ import annotations

import math
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition, remembered
from incident_report.analysis.rates import garwood
from incident_report.periods import Quarter, Window

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
        ``2020Q3``, or ``2020-07`` for a month.
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

    @property
    def days(self) -> int:
        """Days covered; 0 where nothing was."""
        return self.window.days if self.window else 0

    @property
    def quarter(self) -> Quarter:
        """The quarter that holds the period."""
        return Quarter.parse(self.period) if "Q" in self.period else Quarter.of(date.fromisoformat(f"{self.period}-01"))

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


def count(edition: Edition, quarter: Quarter, series: str, basis: str) -> Count:
    """One quarter's count of one series on one basis.

    A quarter without an incidents file, or without a headline tally, is unknown; a quarter with a
    file in which the series does not occur is zero.
    """
    blank = Count(series, basis, str(quarter), quarter.label, None, None)
    if basis == TALLY:
        tally = edition.tally(quarter, series)
        if tally is None:
            return blank
        return Count(
            series, basis, str(quarter), quarter.label, tally.count, tally.window, tally.partial, tally.bound,
            (tally.tally_id,), tally.unstated_end,
        )  # fmt: skip
    window = edition.coverage(quarter)
    if window is None:
        return blank
    rows = ids_in(edition, quarter.window, series)
    return Count(series, basis, str(quarter), quarter.label, len(rows), window, window != quarter.window, "exact", rows)


def quarterly(edition: Edition, basis: str, series: str | None = None) -> list[Count]:
    """Counts of every quarter up to the edition's, for one series or for all, in chart order."""
    wanted = [s.id for s in edition.series] if series is None else [series]
    return [count(edition, quarter, s, basis) for s in wanted for quarter in edition.quarters]


def month_windows(edition: Edition) -> list[tuple[str, str, Window, Window | None]]:
    """Every month from the first quarter to the edition's: id, label, days, days with incidents covered."""
    months = []
    for quarter in edition.quarters:
        covered = edition.coverage(quarter)
        for number in range(quarter.start.month, quarter.start.month + 3):
            first = date(quarter.year, number, 1)
            window = Window(first, first.replace(day=monthrange(quarter.year, number)[1]))
            label = f"{first:%b} {quarter.year}"
            months.append((f"{first:%Y-%m}", label, window, covered.overlap(window) if covered else None))
    return months


def monthly(edition: Edition, series: str, basis: str = DOCUMENTED) -> list[Count]:
    """Monthly counts of one series; on tallies, only months that the headline tracker counted alone."""
    counts = []
    for period, label, window, covered in month_windows(edition):
        if basis == DOCUMENTED:
            if covered is None:
                counts.append(Count(series, basis, period, label, None, None))
                continue
            ids = ids_in(edition, window, series)
            counts.append(Count(series, basis, period, label, len(ids), covered, covered != window, rows=ids))
            continue
        tracker = edition.campaign.headline_tracker or ""
        found = [
            t
            for t in edition.published
            if (t.tracker, t.series, t.unit) == (tracker, series, "attacks")
            and t.window.start == window.start
            and t.window.end <= window.end
        ]
        if not found:
            counts.append(Count(series, basis, period, label, None, None))
            continue
        tally = max(found, key=lambda t: (t.window.end, t.tally_id))
        partial = tally.window != window
        counts.append(
            Count(series, basis, period, label, tally.count, tally.window, partial, tally.bound, (tally.tally_id,))
        )
    return counts


@remembered
def _days_and_ids(edition: Edition) -> tuple[np.ndarray, np.ndarray]:
    rows = edition.counted
    return rows["date"].to_numpy("datetime64[D]"), rows["incident_id"].to_numpy(object)


@remembered
def belongs(edition: Edition, series: str) -> np.ndarray:
    """Which counted incidents belong to a series, in their order."""
    rows = edition.counted
    mask = np.ones(len(rows), bool)
    for column, allowed in edition.find_series(series).where.items():
        mask &= rows[column].isin(allowed).to_numpy(bool)
    return mask


@remembered
def ids_in(edition: Edition, window: Window, series: str = "all") -> tuple[str, ...]:
    """Ids of the incidents that `in_window` gives; quick, as robustness asks for thousands."""
    days, ids = _days_and_ids(edition)
    inside = (days >= np.datetime64(window.start)) & (days <= np.datetime64(window.end))
    return tuple(ids[inside & belongs(edition, series)])


def in_window(edition: Edition, window: Window, series: str = "all") -> pd.DataFrame:
    """Counted incidents of a series whose date lies in a window."""
    rows = edition.incidents(None, series)
    return rows[rows["date"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))]


def covered_days(edition: Edition, window: Window) -> int:
    """Days of a window that incident files cover, up to the edition's last day."""
    spans = [edition.coverage(q) for q in edition.quarters]
    shared = [span.overlap(window) for span in spans if span]
    return sum(part.days for part in shared if part)


def frame(counts: list[Count]) -> pd.DataFrame:
    """Counts as a table, for publishing: one row a count, limits and rates beside it."""
    records = []
    for c in counts:
        low, high = c.limits
        rate_low, rate_high = c.rate_limits
        records.append(
            {
                "series": c.series,
                "basis": c.basis,
                "period": c.period,
                "start": c.window.start.isoformat() if c.window else "",
                "end": c.window.end.isoformat() if c.window else "",
                "days": c.days,
                "count": c.count,
                "bound": c.bound if c.count is not None else "",
                "low": low,
                "high": high,
                "per_30_days": c.rate,
                "per_30_days_low": rate_low,
                "per_30_days_high": rate_high,
            }
        )
    table = pd.DataFrame.from_records(records)
    table["count"] = table["count"].astype("Int64") if len(table) else table.get("count")
    return table

"""Counts of an edition, quarter by quarter and month by month, for tallies and documented incidents apart."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import pandas as pd

from incident_report.analysis.counts import DOCUMENTED, Count, Pair
from incident_report.analysis.edition import Edition
from incident_report.periods import Quarter, Window


def quarterly(edition: Edition, basis: str, series: str | None = None) -> list[Count]:
    """Counts of every quarter up to the edition's, for one series or for all, in chart order."""
    wanted = [s.id for s in edition.series] if series is None else [series]
    return [edition.record(s).count(quarter, basis) for s in wanted for quarter in edition.quarters]


def compared(edition: Edition, basis: str) -> list[Pair]:
    """What the edition's quarter can be compared with, series by series, no set of quarters twice."""
    made: list[Pair] = []
    references = _references(edition)
    for record in (edition.record(s.id) for s in edition.series):
        now = record.count(edition.quarter, basis)
        seen: set[tuple[Count, ...]] = {()}
        for kind, quarters in references if now.count is not None else ():
            before = tuple(c for q in quarters if (c := record.count(q, basis)).count is not None)
            if before not in seen:
                seen.add(before)
                made.append(Pair(record, kind, now, before))
    return made


def _references(edition: Edition) -> list[tuple[str, tuple[Quarter, ...]]]:
    quarter = edition.quarter
    so_far = tuple(Quarter(quarter.year, n) for n in range(1, quarter.number))
    return [
        ("baseline", (edition.baseline,) if edition.baseline else ()),
        ("year_so_far", so_far),
        ("year_before", (quarter.shift(-4),) if quarter.year > 1 else ()),
    ]


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
    record = edition.record(series)
    return [record.count_in(basis, *month) for month in month_windows(edition)]


def in_window(edition: Edition, window: Window, series: str = "all") -> pd.DataFrame:
    """Counted incidents of a series whose date lies in a window."""
    rows = edition.incidents(None, series)
    return rows[rows["date"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))]


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

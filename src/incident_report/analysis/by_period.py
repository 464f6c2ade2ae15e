"""Counts of an edition, period by period and by their parts, for tallies and documented incidents apart."""

from __future__ import annotations

import pandas as pd

from incident_report.analysis.counts import DOCUMENTED, TALLY, Count, Pair
from incident_report.analysis.edition import Edition
from incident_report.periods import Period, Window, between


def quarterly(edition: Edition, basis: str, series: str | None = None) -> list[Count]:
    """Counts of every period up to the edition's, for one series or for all, in chart order."""
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


REFERENCES = ("baseline", "year_so_far", "year_before")  # kinds of comparison


def _references(edition: Edition) -> list[tuple[str, tuple[Period, ...]]]:
    quarter = edition.quarter
    baseline = (edition.baseline,) if edition.baseline else ()
    return list(zip(REFERENCES, (baseline, quarter.so_far, quarter.year_before), strict=True))


def covered_parts(edition: Edition) -> list[tuple[Period, Window | None]]:
    """Every part (a quarter's months, a year's quarters) up to the edition's end, with its days that files cover."""
    made: list[tuple[Period, Window | None]] = []
    for period in edition.quarters:
        covered = edition.coverage(period)
        made += [(part, covered.overlap(part.window) if covered else None) for part in period.parts]
    return made


def by_part(edition: Edition, series: str) -> list[Count]:
    """Documented counts of one series by the parts of the periods: months of quarters, quarters of years."""
    record = edition.record(series)
    return [record.count_in(DOCUMENTED, part, covered) for part, covered in covered_parts(edition)]


def tallied(edition: Edition, series: str, unit: str) -> list[Count]:
    """The headline tracker's counts of one series by month, quarter or year, where it counted one alone."""
    record = edition.record(series)
    return [record.count_in(TALLY, period, None) for period in calendar(edition, unit)]


def calendar(edition: Edition, unit: str) -> list[Period]:
    """Every month, quarter or year from the record's first day to the edition's last."""
    return list(between(Period.of(edition.quarters[0].start, unit), Period.of(edition.quarter.end, unit)))


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

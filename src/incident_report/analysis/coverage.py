"""How much of what was counted by others the documented incidents hold: the tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from incident_report.analysis.comparability import THIN, checks
from incident_report.analysis.counts import Tally
from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, result
from incident_report.periods import Period, Window

FULL = 0.8  # from here to its inverse the two counts are close


@dataclass(frozen=True)
class Coverage:
    """Documented incidents beside the headline tally, over exactly the tally's days.

    Attributes
    ----------
    documented : int or None
        None where no incidents file covers all those days: unknown.
    rows : tuple of str
        Incident ids, then the tally's.
    """

    series: str
    quarter: Period
    tally: Tally
    documented: int | None
    rows: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Documented / tallied; NaN where it means nothing."""
        if self.documented is None or self.tally.count == 0:
            return math.nan
        return self.documented / self.tally.count

    @property
    def level(self) -> str:
        """``unknown``, ``thin`` (below a third), ``partial``, ``close`` or ``above`` (over 1.25)."""
        if math.isnan(self.share):
            return "unknown"
        if self.share < THIN:
            return "thin"
        return "partial" if self.share < FULL else "close" if self.share <= 1 / FULL else "above"


def coverage(edition: Edition, quarter: Period, series: str) -> Coverage | None:
    """Coverage of one series in one quarter; None where there is no headline tally."""
    tally = edition.tally(quarter, series)
    if tally is None:
        return None
    if edition.record().covered_days(tally.window) < tally.days:
        return Coverage(series, quarter, tally, None, (tally.tally_id,))
    rows = edition.rows(series).between(tally.window)
    return Coverage(series, quarter, tally, len(rows), (*rows, tally.tally_id))


def coverages(edition: Edition) -> list[Coverage]:
    """Every series and quarter with a headline tally, in chart order."""
    pairs = [(s.id, q) for s in edition.series for q in edition.quarters]
    found = [coverage(edition, quarter, series) for series, quarter in pairs]
    return [c for c in found if c is not None]


@result
def coverage_checks(ed: Edition) -> Outcome:
    """Documented incidents against every tracker's counts, one row a series, quarter and tracker.

    Returns
    -------
    Result
        series, period, tracker, windows (text), days, tallied, bound, derived, documented, share (NaN against
        zero; an upper limit where bound is ``at_least``). `value` is a tuple of `Check`.
    """
    made = [(str(q), c) for s in ed.series for q in ed.quarters for c in checks(ed.record(s.id), q)]
    table = pd.DataFrame(
        [
            (
                c.series,
                period,
                c.tracker,
                _spans(c.windows),
                c.days,
                c.tallied,
                c.bound,
                c.derived,
                c.documented,
                c.share,
            )
            for period, c in made
        ],
        columns=[
            "series",
            "period",
            "tracker",
            "windows",
            "days",
            "tallied",
            "bound",
            "derived",
            "documented",
            "share",
        ],
    )
    return Outcome(table, [r for _, c in made for r in (*c.rows, *c.tallies)], value=tuple(c for _, c in made))


@result
def disjoint_sums(ed: Edition) -> Outcome:
    """Another tracker's disjoint counts, with our rows outside them, against the headline tally of the same days.

    Returns
    -------
    Result
        One row a headline tally and other tracker: series, period, headline, tracker, windows, days, tallied,
        outside (documented in the headline's days that the other did not count), together, above (whether that
        is more than the headline tally counts): two trackers that count by one rule cannot give it.
    """
    made, rows = [], []
    for one, quarter in ((s.id, q) for s in ed.series for q in ed.quarters):
        tally = ed.tally(quarter, one)
        if tally is None or ed.record().covered_days(tally.window) < tally.days:
            continue
        for c in checks(ed.record(one), tally.window):
            if c.tracker == tally.tracker or any(w.overlap(tally.window) != w for w in c.windows):
                continue
            outside = len(set(ed.rows(one).between(tally.window)) - set(c.rows))
            together = c.tallied + outside
            made.append((one, str(quarter), tally.count, c.tracker, _spans(c.windows), c.days, c.tallied, outside,
                         together, together > tally.count))  # fmt: skip
            rows += [tally.tally_id, *c.rows, *c.tallies]
    columns = ["series", "period", "headline", "tracker", "windows", "days", "tallied", "outside", "together", "above"]
    return Outcome(pd.DataFrame(made, columns=columns), rows)


def _spans(windows: Sequence[Window]) -> str:
    return " ".join(f"{w.start.isoformat()}/{w.end.isoformat()}" for w in windows)

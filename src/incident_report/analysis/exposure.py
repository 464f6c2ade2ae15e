"""Attacks per 1,000 personnel and per site, where the posture table knows them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from incident_report.analysis.by_period import quarterly
from incident_report.analysis.counts import Count
from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, result
from incident_report.periods import Period, Window

MEASURES = {"us_troops": 1000, "us_sites": 1}  # posture column -> units that a rate is quoted for
LEAST_KNOWN = 0.5  # of the days of a count; a level known for fewer is no level of all of them


@dataclass(frozen=True)
class Level:
    """Personnel or sites over some days: dated values stand until the next one, and are averaged day by day.

    Attributes
    ----------
    value : float
        Mean over the days known.
    known : int
        Days from the first dated value on.
    steps : tuple of (date, int)
        First day within the window and value of every step.
    """

    measure: str
    value: float
    known: int
    steps: tuple[tuple[date, int], ...]
    sources: tuple[str, ...]

    @property
    def lowest(self) -> int:
        """Of the steps."""
        return min(v for _, v in self.steps)

    @property
    def highest(self) -> int:
        """Of the steps."""
        return max(v for _, v in self.steps)


@dataclass(frozen=True)
class Exposed:
    """A count divided by a level of exposure."""

    count: Count
    level: Level

    def per(self, value: float) -> float:
        """`value` attacks per unit of exposure, per 30 days covered (NaN without exposure)."""
        if not self.level.value or not self.count.days:
            return math.nan
        return value * MEASURES[self.level.measure] / self.level.value * 30 / self.count.days

    @property
    def rate(self) -> float:
        """Attacks per 1,000 personnel, or per site, per 30 days."""
        return self.per(float(self.count.count or 0))

    @property
    def limits(self) -> tuple[float, float]:
        """Garwood's interval on the same scale; the level of exposure is taken as known."""
        low, high = self.count.limits
        return self.per(low), self.per(high)


def level(edition: Edition, window: Period | Window, measure: str) -> Level | None:
    """The mean level of exposure over a quarter or window; None unless a value is dated within its quarter.

    A value stands from its day until the next is dated. Days before the first one are not known and do not
    count; a value of an earlier quarter stands only where this quarter has one of its own, so that a level is
    never carried on for want of news.
    """
    span = window.window if isinstance(window, Period) else window
    quarter = edition.quarter.around(span.end)
    rows = edition.data.posture
    if measure not in rows:
        return None
    rows = rows[rows[measure].notna() & (rows["date"] <= pd.Timestamp(edition.quarter.end))].sort_values("date")
    if not any(d.date() in quarter.window for d in rows["date"]):
        return None
    days = pd.date_range(span.start, span.end)
    at = rows["date"].searchsorted(days, side="right") - 1  # the value that stands on each day
    days, at = days[at >= 0], at[at >= 0]
    if not len(days):
        return None
    stands, begins = np.unique(at, return_index=True)
    values = rows[measure].to_numpy(int)
    steps = tuple(zip(days[begins].date, values[stands].tolist(), strict=True))
    sources = sorted({*rows["source"].iloc[stands].astype(str)} - {""})
    return Level(measure, float(values[at].sum() / len(at)), len(days), steps, tuple(sources))


def exposed(edition: Edition, basis: str) -> list[Exposed]:
    """Every known count of a basis over the level of its days, where that is known for half of them or more.

    In order of series, quarter, measure.
    """
    found = []
    for count in quarterly(edition, basis):
        if count.count is None or count.window is None:
            continue
        for measure in MEASURES:
            at = level(edition, count.window, measure)
            if at is not None and at.value > 0 and at.known >= LEAST_KNOWN * count.days:
                found.append(Exposed(count, at))
    return found


@result
def exposure(ed: Edition, *, basis: str = "documented") -> Outcome:
    """Attacks per site and per 1,000 personnel, per 30 days covered.

    Returns
    -------
    Result
        series, period, measure, count, days, level (mean over the days known), known (days), lowest, highest,
        rate, low, high (Garwood). `value` is a tuple of `Exposed`.
    """
    made = tuple(exposed(ed, basis))
    table = pd.DataFrame(
        [
            (e.count.series, e.count.period, e.level.measure, e.count.count, e.count.days, e.level.value, e.level.known,
             e.level.lowest, e.level.highest, e.rate, *e.limits)
            for e in made
        ],
        columns=["series", "period", "measure", "count", "days", "level", "known", "lowest", "highest", "rate", "low",
                 "high"],
    )  # fmt: skip
    return Outcome(table, [r for e in made for r in e.count.rows], value=made)

"""Attacks per 1,000 personnel and per site, where the posture table knows them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from incident_report.analysis.counts import Count, quarterly
from incident_report.analysis.edition import Edition
from incident_report.periods import Quarter

MEASURES = {"us_troops": 1000, "us_sites": 1}  # posture column -> units that a rate is quoted for


@dataclass(frozen=True)
class Level:
    """Personnel or sites taken for a quarter: the value dated nearest to the quarter's middle."""

    measure: str
    value: int
    dated: date
    lowest: int  # of all values dated within the quarter
    highest: int
    sources: tuple[str, ...]


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


def level(edition: Edition, quarter: Quarter, measure: str) -> Level | None:
    """The level of exposure of a quarter, or None where no value is dated within it."""
    rows = edition.data.posture
    if measure not in rows:
        return None
    rows = rows[rows[measure].notna()]
    rows = rows[[Quarter.of(d.date()) == quarter for d in rows["date"]]]
    if rows.empty:
        return None
    middle = quarter.start + timedelta(days=quarter.days // 2)
    order = sorted(
        ((abs((d.date() - middle).days), d.date(), int(v)) for d, v in zip(rows["date"], rows[measure], strict=True))
    )
    values = [int(v) for v in rows[measure]]
    sources = tuple(sorted({str(s) for s in rows["source"] if s}))
    return Level(measure, order[0][2], order[0][1], min(values), max(values), sources)


def exposed(edition: Edition, basis: str) -> list[Exposed]:
    """Every known count of a basis over every known level: series, quarter, measure in order."""
    found = []
    for count in quarterly(edition, basis):
        if count.count is None:
            continue
        for measure in MEASURES:
            at = level(edition, Quarter.parse(count.period), measure)
            if at is not None and at.value > 0:
                found.append(Exposed(count, at))
    return found

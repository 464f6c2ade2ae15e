"""Direction at a glance: each series by part and for the period, deteriorated, unchanged, improved or cannot say.

A quarter has months as its parts, a year quarters, a month none. The rule: a month is set against the month before
it, by documented attacks per day covered; the quarter against its baseline, by the count that headlines rest on. A
clear rise is a deterioration, a clear fall an improvement; where chance alone could make the difference, the
direction is unchanged. Nothing is said where the two cannot be compared: where a period has no count, where nobody
else's count shows that the record kept pace, or where the attacks are too few.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import pandas as pd

from incident_report.analysis.by_period import by_part
from incident_report.analysis.change import Change, Verdict, judged
from incident_report.analysis.counts import DOCUMENTED, Count, Pair
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Outcome, result


class Direction(Enum):
    """Where things went."""

    DETERIORATED = "deteriorated"
    UNCHANGED = "unchanged"
    IMPROVED = "improved"
    CANNOT_SAY = "cannot_say"


_OF = {
    Verdict.RISE: Direction.DETERIORATED,
    Verdict.LEVEL: Direction.UNCHANGED,
    Verdict.FALL: Direction.IMPROVED,
    Verdict.TOO_FEW: Direction.CANNOT_SAY,
    Verdict.NOT_COMPARABLE: Direction.CANNOT_SAY,
}
COLUMNS = ["series", "period", "count", "before", "basis", "p_adjusted", "direction", "because"]


@dataclass(frozen=True)
class Step:
    """One series in one part, or in the period.

    Attributes
    ----------
    count, before : int or None
        The period's count and the one that it is set against; None is unknown.
    because : tuple of str
        Why nothing can be said, as for `Change`.
    """

    series: str
    period: str  # 2020-07, or 2020Q3
    basis: str
    count: int | None
    before: int | None
    p_adjusted: float | None
    direction: Direction
    because: tuple[str, ...]


@remembered
def _months(ed: Edition) -> tuple[Change | Count, ...]:
    """Every series' three months, each against the one before; a month without anything to compare as its count."""
    made: list[Pair | Count] = []
    for series in ed.campaign.series:
        counts = by_part(ed, series.id)
        pairs: list[tuple[Count, Count | None]] = [*zip(counts, [None, *counts], strict=False)]
        for now, before in pairs[len(pairs) - len(ed.quarter.parts) :]:
            if before is None or now.count is None or before.count is None:
                made.append(now)
                continue
            made.append(Pair(ed.record(series.id), "month", now, (before,)))
    compared = iter(judged([c for c in made if isinstance(c, Pair)]))
    return tuple(next(compared) if isinstance(c, Pair) else c for c in made)


def _steps(ed: Edition) -> Iterator[Step]:
    for one in _months(ed):
        if isinstance(one, Count):
            yield Step(one.series, one.period, DOCUMENTED, one.count, None, None, Direction.CANNOT_SAY, ("no_count",))
        else:
            yield _step(one, one.now.period)
    for series in ed.facts.edition.series:
        level = series.headline
        blank = Step(
            series.series.id, str(ed.quarter), level.basis, level.now, level.before, None, Direction.CANNOT_SAY,
            ("no_count",),
        )  # fmt: skip
        yield _step(level.change.made, str(ed.quarter)) if level.change else blank


def _step(change: Change, period: str) -> Step:
    """The direction of one comparison."""
    return Step(
        change.series, period, change.basis, change.count_now, change.count_before, change.p_adjusted,
        _OF[change.verdict], change.because,
    )  # fmt: skip


@result
def direction(ed: Edition) -> Outcome:
    """Every series in each month of the quarter and in the quarter, in chart order.

    Returns
    -------
    Result
        One row a series and period: series, period (``2020-07``, ``2020Q3``), count, before, basis, p_adjusted
        (Holm, over the months of all series; the quarter's own), direction (an id of `Direction`), because
        (why nothing can be said, spaced). `value` is a tuple of `Step`.
    """
    order = [s.id for s in ed.campaign.series]
    made = tuple(sorted(_steps(ed), key=lambda s: (order.index(s.series), s.period == str(ed.quarter), s.period)))
    rows = [
        (s.series, s.period, s.count, s.before, s.basis, s.p_adjusted, s.direction.value, " ".join(s.because))
        for s in made
    ]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"count": "Int64", "before": "Int64", "p_adjusted": "Float64"})
    ids = [r for c in _months(ed) for r in c.rows]
    return Outcome(table, ids, value=made)

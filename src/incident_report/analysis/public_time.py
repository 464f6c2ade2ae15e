"""Before and after a day, and the days between attacks, of any selection of incidents."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
from scipy import special

from incident_report.analysis.change import Verdict, compare
from incident_report.analysis.edition import Edition
from incident_report.analysis.names import day_of
from incident_report.analysis.public import values_of, with_limits
from incident_report.analysis.rates import LEVEL, RateRatio
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.selection import chosen, column_of, known_day, tidy
from incident_report.periods import Window

SPAN = {"week": 6, "month": 30}  # days by which a date may be off where it is known to the week or month
COARSEST = 365


@dataclass(frozen=True)
class Around:
    """The comparison of both sides of a day.

    Attributes
    ----------
    test : RateRatio
        Rate after over rate before.
    undated : tuple of str
        Ids of rows whose side cannot be told, because their day is not known; they are left out.
    """

    day: date
    test: RateRatio
    verdict: Verdict
    undated: tuple[str, ...]


@result
def around(ed: Edition, day: str, *, days: int = 0, rows: Result | pd.DataFrame | None = None) -> Outcome:
    """The rate of attacks before and after a day.

    Parameters
    ----------
    ed : Edition
    day : str
        Such as ``2020-05-07``; it belongs to the time after.
    days : int
        Days on either side; 0 takes all that the edition covers.
    rows : table of incidents, optional
        All counted ones if left out.

    Returns
    -------
    Result
        Two rows, ``before`` and ``after``: `period`, `start`, `end`, `days` covered, `count`, `low`, `high`
        (Garwood's exact 95 % limits), the same per 30 days; on the row ``after`` the `ratio` of the rates
        with its exact limits `ratio_low` and `ratio_high`, and `p`. The verdict is that of one comparison,
        unadjusted; ``.undated`` holds ids of rows that fit neither side for certain. Whether the record was
        kept alike on both sides it does not ask; `compare` does, for the report's own series.

    Raises
    ------
    ValueError
        For a day that is none, lies outside the edition, or has no covered day on one side.

    Examples
    --------
    >>> around(ed, "2020-05-07")["count"].tolist()  # doctest: +SKIP
    [36, 65]
    """
    middle, kept = day_of("day", day), chosen(ed, rows)
    first, last = _reach(ed, middle, days)
    one = timedelta(days=1)
    sides = (Window(first, middle - one), Window(middle, last))
    covered = [ed.record().covered_days(w) for w in sides]
    if not all(covered):
        raise ValueError(f"day is {middle}; no incidents file covers a day on one side of it")
    edges = [middle, *([first, last + one] if days else [])]
    undated = [i for i, at, known_to in _dates(kept) if any(_near(at, known_to, edge) for edge in edges)]
    sure = kept[~kept["incident_id"].isin(undated)]
    parts = [sure[sure["date"].between(pd.Timestamp(w.start), pd.Timestamp(w.end))] for w in sides]
    sizes = [*map(len, parts)]
    table = pd.DataFrame(
        {
            "period": pd.array(["before", "after"], dtype="string"),
            "start": pd.to_datetime([first, middle]),
            "end": pd.to_datetime([middle - one, last]),
            "days": covered,
            "count": sizes,
        }
    )
    test, verdict = compare((sizes[1], covered[1]), (sizes[0], covered[0]))
    table = with_limits(table).assign(
        ratio=[math.nan, test.ratio], ratio_low=[math.nan, test.low], ratio_high=[math.nan, test.high],
        p=[math.nan, test.p],
    )  # fmt: skip
    return Outcome(table, pd.concat(parts)["incident_id"], verdict, Around(middle, test, verdict, tuple(undated)))


def _reach(ed: Edition, middle: date, days: int) -> tuple[date, date]:
    """First and last day of both sides: so many days from the middle, or all that the edition covers."""
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        raise ValueError(f"days is {days!r}; give a whole number from 1, or 0 for all that is covered")
    first, last = ed.quarters[0].start, ed.quarter.end
    if not first < middle <= last:
        raise ValueError(f"day is {middle}; the edition knows {first} to {last}")
    if not days:
        return first, last
    return max(first, middle - timedelta(days=days)), min(last, middle + timedelta(days=days - 1))


@result
def gaps(ed: Edition, rows: Result | pd.DataFrame | None = None, by: str = "") -> Outcome:
    """Days from each attack to the next, in all or for each value of a column.

    Parameters
    ----------
    ed : Edition
    rows : table of incidents, optional
        All counted ones if left out.
    by : str
        Column such as ``attack_method``; empty takes all attacks together.

    Returns
    -------
    Result
        One row a value (unknown last, as NA): `attacks` with a known day, `gaps` between two of them that lie
        within covered time, `mean` days with `low` and `high`, and `median`, `shortest`, `longest`. The limits
        are exact at 95 % if attacks come at a steady rate. Two attacks on one day are 0 days apart; a gap
        across days that no file covers is unknown and left out. NA where there is no gap.

    Raises
    ------
    ValueError
        For a column that does not exist.

    Examples
    --------
    >>> gaps(ed, by="attack_method")[["attack_method", "mean"]]  # doctest: +SKIP
    """
    kept = known_day(chosen(ed, rows)).sort_values(["date", "incident_id"])
    records = []
    for value, part in values_of(kept, column_of(ed, "by", by)) if by else [("all", kept)]:
        dates = [d.date() for d in part["date"]]
        waits = [
            (b - a).days for a, b in pairwise(dates) if ed.record().covered_days(Window(a, b)) == Window(a, b).days
        ]  # fmt: skip
        low, high = _limits(sum(waits), len(waits))
        found = pd.Series(waits, dtype=float)
        records.append(
            {
                by or "attacks_of": value, "attacks": len(part), "gaps": len(waits), "mean": found.mean(), "low": low,
                "high": high, "median": found.median(), "shortest": found.min(), "longest": found.max(),
            }
        )  # fmt: skip
    return Outcome(tidy(pd.DataFrame(records)), kept["incident_id"])


def _limits(days: int, number: int) -> tuple[float, float]:
    """Exact interval of a mean waiting time: the sum of n of them is gamma of shape n at a steady rate."""
    if not number:
        return math.nan, math.nan
    tail = (1 - LEVEL) / 2
    return days / float(special.gammainccinv(number, tail)), days / float(special.gammaincinv(number, tail))


def _dates(rows: pd.DataFrame) -> list[tuple[str, date, str]]:
    return [
        (str(i), d.date(), str(p))
        for i, d, p in zip(rows["incident_id"], rows["date"], rows["date_precision"].fillna("day"), strict=True)
    ]


def _near(at: date, precision: str, edge: date) -> bool:
    """Whether a date known to the week or month only could lie on either side of an edge."""
    return precision != "day" and abs((at - edge).days) <= SPAN.get(precision, COARSEST)

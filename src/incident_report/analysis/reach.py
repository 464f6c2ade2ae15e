"""What share of the period's attacks each policy option's declared filter covers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition, Tally
from incident_report.analysis.rates import clopper_pearson
from incident_report.data.conditions import implied, matches
from incident_report.data.model import Series

LEVEL = 0.95
_MEMO = "_reaches"


@dataclass(frozen=True)
class Option:
    """One policy option: what code needs of it; `raw` holds all its statements."""

    id: str
    label: str
    phrase: str  # within a sentence: "closing the embassy"
    filter: str | Mapping[str, Any]
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class Share:
    """Documented attacks of one series that a filter covers.

    Attributes
    ----------
    n : int
        Counted documented attacks.
    covered, unknown : tuple of str
        Incident ids that the filter covers, and for which the fields do not tell.
    settled : bool or None
        True or False where the series' definition alone decides (no sampling noise), else None.
    low, high : float
        Clopper-Pearson interval of the covered share; 0 and 1 for no attack.
    """

    series: str
    n: int
    covered: tuple[str, ...]
    unknown: tuple[str, ...]
    settled: bool | None
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Covered part of all, None for no attack."""
        if self.settled is not None:
            return float(self.settled)
        return len(self.covered) / self.n if self.n else None

    @property
    def most(self) -> float | None:
        """Share if every attack for which the fields do not tell were covered."""
        if self.settled is not None:
            return float(self.settled)
        return (len(self.covered) + len(self.unknown)) / self.n if self.n else None


@dataclass(frozen=True)
class Weighted:
    """Covered share of the attacks in tallied series, in the proportions of the tallies.

    Attributes
    ----------
    share, most : float or None
        Weighted means of the series' documented shares; None if a tallied series has no documented attack.
    low, high : float
        Weighted sums of Clopper-Pearson limits, each at ``1 - 0.05 / number of series``: together they hold
        the weighted share at 95 % or more (Bonferroni).
    tallies : tuple of Tally
    weights : mapping of series -> weight
        Tallied attacks per day of coverage, scaled to sum to one.
    outside : int
        Counted documented attacks in none of the tallied series; they do not enter.
    """

    share: float | None
    most: float | None
    low: float
    high: float
    tallies: tuple[Tally, ...]
    weights: Mapping[str, float]
    outside: int

    @property
    def partial(self) -> bool:
        """Whether a tally stops before the quarter does."""
        return any(t.partial for t in self.tallies)


@dataclass(frozen=True)
class Reach:
    """One option's reach: all documented attacks, each series, and weighted to the headline tallies."""

    option: Option
    total: Share
    by_series: tuple[Share, ...]
    weighted: Weighted | None


def read_options(edition: Edition) -> tuple[Option, ...]:
    """The campaign's options in the file's order; empty without a file."""
    raw = (edition.data.options or {}).get("options", ())
    return tuple(Option(o["id"], o["label"], o["phrase"], o["filter"], o) for o in raw)


def reaches(edition: Edition) -> tuple[Reach, ...]:
    """Reach of every option over the edition's quarter, in the file's order."""
    # Kept with the edition, as its cached properties are: a chapter asks for it some twenty times.
    memo: dict[str, Any] = edition.__dict__
    if _MEMO not in memo:
        memo[_MEMO] = tuple(reach(edition, option) for option in read_options(edition))
    kept: tuple[Reach, ...] = memo[_MEMO]
    return kept


def reach(edition: Edition, option: Option) -> Reach:
    """Reach of one option over the counted documented attacks of the edition's quarter.

    Notes
    -----
    Interval of a proportion: Clopper and Pearson (1934), Biometrika 26, 404-413. Weighting to known
    totals is post-stratification (Holt and Smith 1979, JRSS A 142, 33-46) with the tallied series as
    strata. The intervals describe sampling noise only.
    """
    return Reach(
        option,
        share(edition, option, edition.campaign.all_series),
        tuple(share(edition, option, s) for s in edition.campaign.series),
        weighted(edition, option),
    )


def share(edition: Edition, option: Option, series: Series, level: float = LEVEL) -> Share:
    """Documented attacks of one series that the option's filter covers."""
    rows = edition.incidents(edition.quarter, series.id)
    answer = matches(rows, option.filter, edition.campaign.series)
    covered = tuple(rows.loc[answer.fillna(False), "incident_id"])
    unknown = tuple(rows.loc[answer.isna(), "incident_id"])
    settled = implied(option.filter, series.where)
    low, high = (float(settled),) * 2 if settled is not None else _interval(len(covered), len(rows), level)
    return Share(series.id, len(rows), covered, unknown, settled, low, high)


def weighted(edition: Edition, option: Option) -> Weighted | None:
    """Reach in the proportions of the headline tallies; None where the quarter has none of them."""
    tallied = [(s, t) for s in edition.campaign.series if (t := edition.tally(edition.quarter, s.id))]
    rates = {s.id: t.count / t.days for s, t in tallied}
    total = sum(rates.values())
    if not total:
        return None
    weights = {k: v / total for k, v in rates.items() if v > 0}
    level = 1 - (1 - LEVEL) / len(weights)
    parts = [(weights[s.id], share(edition, option, s, level)) for s, _ in tallied if s.id in weights]
    inside = set[str]().union(*(edition.incidents(edition.quarter, s.id)["incident_id"] for s, _ in tallied))
    return Weighted(
        share=_mean([(w, p.share) for w, p in parts]),
        most=_mean([(w, p.most) for w, p in parts]),
        low=min(1.0, sum(w * p.low for w, p in parts)),
        high=min(1.0, sum(w * p.high for w, p in parts)),
        tallies=tuple(t for _, t in tallied),
        weights=weights,
        outside=len(edition.incidents(edition.quarter)) - len(inside),
    )


def table(edition: Edition) -> pd.DataFrame:
    """Long table: one row an option and series (``weighted`` for the tally-weighted mix).

    Returns
    -------
    DataFrame with columns option, series, n, covered, unknown, share, low, high, most.
    """
    rows: list[tuple[Any, ...]] = []
    for r in reaches(edition):
        for s in (r.total, *r.by_series):
            rows.append((r.option.id, s.series, s.n, len(s.covered), len(s.unknown), s.share, s.low, s.high, s.most))
        if (w := r.weighted) is not None:
            rows.append((r.option.id, "weighted", None, None, None, w.share, w.low, w.high, w.most))
    names = ["option", "series", "n", "covered", "unknown", "share", "low", "high", "most"]
    return pd.DataFrame(rows, columns=names)


def _mean(parts: list[tuple[float, float | None]]) -> float | None:
    total = 0.0
    for weight, value in parts:
        if value is None:
            return None
        total += weight * value
    return min(1.0, total)


def _interval(part: int, whole: int, level: float) -> tuple[float, float]:
    return clopper_pearson(part, whole, level) if whole else (0.0, 1.0)

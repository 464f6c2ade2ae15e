"""When attacks came: daily counts, clustering, waiting times, windows around dated events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from incident_report.analysis.change import Verdict, compare
from incident_report.analysis.counts import in_window
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import RateRatio, holm
from incident_report.periods import Quarter, Window

DRAWS = 9_999
SEED = 20_200_928
_CHUNK = 500  # simulated periods held in memory at a time


def dated(edition: Edition, series: str = "all", window: Window | None = None) -> pd.DataFrame:
    """Counted incidents whose day is known: rows known to the week or month only are left out."""
    rows = edition.incidents(None, series) if window is None else in_window(edition, window, series)
    return rows[rows["date_precision"].isin(["day", ""])]


def daily(edition: Edition, series: str = "all", window: Window | None = None) -> pd.Series:
    """Documented attacks a day.

    Returns
    -------
    Series of int, index DatetimeIndex
        Every covered day up to the edition's last one, zeros included; days that no incidents file
        covers are missing from the index: unknown, not zero.
    """
    spans = [s for q in edition.quarters if (s := edition.coverage(q)) is not None]
    if window is not None:
        spans = [part for s in spans if (part := s.overlap(window)) is not None]
    days = [pd.date_range(s.start, s.end) for s in spans]
    index = pd.DatetimeIndex(np.concatenate(days) if days else [])
    counts = dated(edition, series)["date"].value_counts()
    return counts.reindex(index, fill_value=0).astype(int)


def weekly(counts: pd.Series) -> pd.Series:
    """Sums over seven days, counted back from the last day and labelled by their last day."""
    if counts.empty:
        return counts
    last = counts.index[-1]
    back = (last - pd.DatetimeIndex(counts.index)).days // 7
    return counts.groupby(last - pd.to_timedelta(7 * back, unit="D")).sum()


def last_run(counts: pd.Series) -> pd.Series:
    """The part of a daily series since its last gap."""
    if counts.empty:
        return counts
    gaps = np.flatnonzero(np.diff(counts.index.to_numpy()) > np.timedelta64(1, "D"))
    return counts.iloc[gaps[-1] + 1 :] if gaps.size else counts


@dataclass(frozen=True)
class Clustering:
    """Whether attacks bunch more than a steady Poisson process would let them.

    Attributes
    ----------
    n, days : int
        Attacks with a known day, days covered.
    dispersion : float
        Variance over mean of the daily counts; 1 is expected at a steady rate.
    dispersion_p : float
        Share of simulated steady processes at least as dispersed (one-sided).
    weekly, weekly_p : float
        The same for whole weeks.
    burstiness : float
        (sd - mean) / (sd + mean) of the waiting times (Goh and Barabási 2008).
    burstiness_range : tuple of float
        Middle 95% under a steady process with the same number of attacks and days.
    median_wait : float
        Days between one attack and the next.
    longest_quiet : int
        Longest run of days without an attack, within the window.
    """

    n: int
    days: int
    dispersion: float
    dispersion_p: float
    weekly: float
    weekly_p: float
    burstiness: float
    burstiness_range: tuple[float, float]
    median_wait: float
    longest_quiet: int


def burstiness(waits: np.ndarray) -> float:
    """Goh and Barabási's (2008) coefficient: -1 regular, about 0 at random, towards 1 in bursts."""
    if waits.size < 2:
        return math.nan
    mean, sd = float(waits.mean()), float(waits.std())
    return (sd - mean) / (sd + mean) if sd + mean else math.nan


def waiting_times(counts: pd.Series) -> np.ndarray:
    """Days from each attack to the next (0 on the same day), over a daily series without gaps."""
    return np.diff(np.repeat(np.arange(len(counts)), counts.to_numpy()))


def longest_quiet(counts: pd.Series) -> int:
    """Longest run of days without an attack."""
    hits = np.flatnonzero(counts.to_numpy())
    edges = np.concatenate([[-1], hits, [len(counts)]])
    return int(np.diff(edges).max() - 1)


def _dispersion(table: np.ndarray) -> np.ndarray:
    """Variance over mean of every row; 0 for a row without attacks."""
    mean = table.mean(axis=1)
    return np.divide(table.var(axis=1, ddof=1), mean, out=np.zeros(len(table)), where=mean > 0)


def clustering(counts: pd.Series, draws: int = DRAWS, seed: int = SEED) -> Clustering | None:
    """Test daily counts against a steady Poisson process, by simulation given their total.

    Given the total, a steady process spreads the attacks over the days like balls over boxes
    (Fisher 1950), so the p-value needs no large counts. None for fewer than five attacks or 14 days.

    Parameters
    ----------
    counts : Series of int
        One value a day, without gaps.
    draws, seed : int
        Size of the simulation and its seed.
    """
    n, days = int(counts.sum()), len(counts)
    if n < 5 or days < 14:
        return None
    weeks = days // 7
    cut = days - 7 * weeks  # whole weeks counted back from the last day, so that the newest days always take part
    rng = np.random.default_rng(seed)
    by_day, by_week, bursts = [], [], []
    for first in range(0, draws, _CHUNK):
        size = min(_CHUNK, draws - first)
        where = np.sort(rng.integers(0, days, size=(size, n)), axis=1)
        simulated = np.zeros((size, days), dtype=np.int32)
        np.add.at(simulated, (np.arange(size)[:, None], where), 1)
        by_day.append(_dispersion(simulated))
        by_week.append(_dispersion(simulated[:, cut:].reshape(size, weeks, 7).sum(axis=2)))
        waits = np.diff(where, axis=1)
        mean, sd = waits.mean(axis=1), waits.std(axis=1)
        bursts.append(np.divide(sd - mean, sd + mean, out=np.zeros(size), where=(sd + mean) > 0))
    values = counts.to_numpy()

    def test(observed: np.ndarray, spread: np.ndarray) -> tuple[float, float]:
        if observed.sum() == 0:
            return math.nan, math.nan
        value = float(_dispersion(observed[None, :])[0])
        return value, float((1 + (spread >= value - 1e-9).sum()) / (draws + 1))

    own = waiting_times(counts)
    low, high = np.quantile(np.concatenate(bursts), [0.025, 0.975])
    return Clustering(
        n,
        days,
        *test(values, np.concatenate(by_day)),
        *test(values[cut:].reshape(weeks, 7).sum(axis=1), np.concatenate(by_week)),
        burstiness(own),
        (float(low), float(high)),
        float(np.median(own)),
        longest_quiet(counts),
    )


@dataclass(frozen=True)
class Around:
    """Documented attacks in equal windows before and after a dated event (its own day left out)."""

    day: date
    label: str
    source: str
    before: int
    after: int
    days_before: int
    days_after: int
    test: RateRatio
    p_adjusted: float
    verdict: Verdict
    rows: tuple[str, ...]


def events(edition: Edition, window: Window | None = None) -> pd.DataFrame:
    """Context events marked for annotation, up to the edition's last day, by date and label."""
    rows = edition.data.context
    rows = rows[rows["annotate"].astype(bool) & (rows["date"] <= pd.Timestamp(edition.quarter.end))]
    first = min((q.start for q in edition.quarters), default=edition.quarter.start)
    start = window.start if window else first
    rows = rows[rows["date"] >= pd.Timestamp(start)]
    if window is not None:
        rows = rows[rows["date"] <= pd.Timestamp(window.end)]
    return rows.sort_values(["date", "label"], ignore_index=True)


def around(edition: Edition, series: str = "all", days: int = 14) -> list[Around]:
    """Windows before and after every annotated event, tested and Holm-adjusted together.

    An event is left out where incident files cover less than half of either window.
    """
    counts = daily(edition, series)
    rows = dated(edition, series)
    found = []
    for event in events(edition).to_dict("records"):
        day = event["date"]
        gap = timedelta(days=1)
        spans = (day - days * gap, day - gap), (day + gap, day + days * gap)
        parts = [counts[(counts.index >= a) & (counts.index <= b)] for a, b in spans]
        if min(len(p) for p in parts) < days / 2:
            continue
        inside = pd.concat([rows[rows["date"].between(a, b)] for a, b in spans])
        before, after = (int(p.sum()) for p in parts)
        found.append((event, before, after, len(parts[0]), len(parts[1]), tuple(inside["incident_id"])))
    tests = [compare((after, da), (before, db))[0] for _, before, after, db, da, _ in found]
    result = []
    for (event, before, after, db, da, ids), test, p in zip(found, tests, holm([t.p for t in tests]), strict=True):
        verdict = compare((after, da), (before, db), p)[1]
        result.append(
            Around(
                event["date"].date(),
                str(event["label"]),
                str(event["source"]),
                before,
                after,
                db,
                da,
                test,
                p,
                verdict,
                ids,
            )
        )
    return result


def quarter_window(edition: Edition, quarter: Quarter | None = None) -> Window | None:
    """Days of a quarter (the edition's if left out) that incident files cover."""
    return edition.coverage(quarter or edition.quarter)

"""When the daily rate changed: exact Bayesian change points of a Poisson process.

The model (Fearnhead 2006, with a gamma prior): the days fall into stretches; within one, daily
counts are Poisson with one rate; rates are gamma with shape 1 and the overall mean; every day is
as likely as any other to start a new stretch, and before seeing data there is at least an even
chance that nothing changed. Stretches last 14 days or more: a shorter one is a burst, not a level.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from scipy.special import gammaln, logsumexp

MINIMUM = 14  # days
SURE = 0.9  # posterior probability from which a change is reported
DRAWS = 2_000
SEED = 1


@dataclass(frozen=True)
class Shift:
    """A change in the daily rate.

    Attributes
    ----------
    day : date
        Most probable first day of the new level.
    earliest, latest : date
        Middle 95% of the posterior, given the number of changes.
    before, after : float
        Attacks per 30 days, posterior means.
    """

    day: date
    earliest: date
    latest: date
    before: float
    after: float


@dataclass(frozen=True)
class Segmentation:
    """Posterior over change points of a daily series.

    Attributes
    ----------
    p_change : float
        Probability of at least one change.
    prior_change : float
        The same before seeing the data.
    number : dict of int -> float
        Posterior of the number of changes.
    shifts : tuple of Shift
        Of the most probable number of changes, one or more; empty where `p_change` stays below `SURE`.
    rate, low, high : Series
        Attacks per 30 days by day: posterior mean and middle 95%.
    """

    n: int
    days: int
    p_change: float
    prior_change: float
    number: dict[int, float]
    shifts: tuple[Shift, ...]
    rate: pd.Series
    low: pd.Series
    high: pd.Series


class _Stretches:
    """Log marginal likelihood of stretches [t, end), up to terms that all share; -inf if too short.

    Computed when asked for: a table of all pairs would fill the memory on a record of many years.
    """

    def __init__(self, values: np.ndarray, shape: float, rate: float, flat: bool = False) -> None:
        self.size = len(values)
        self.total = np.concatenate([[0], np.cumsum(values)])
        self.prior = (shape, rate)
        self.flat = flat  # every stretch equally likely: for the prior probability of a change

    def __getitem__(self, pair: tuple[int, np.ndarray | int]) -> np.ndarray:
        t, end = pair[0], np.asarray(pair[1])
        span, (shape, rate) = end - t, self.prior
        if self.flat:
            log = np.zeros(span.shape)
        else:
            count = self.total[end] - self.total[t]
            log = shape * np.log(rate) - gammaln(shape) + gammaln(shape + count)
            log = log - (shape + count) * np.log(rate + span)
        return np.where(span < min(MINIMUM, self.size), -np.inf, log)


def _backward(log: _Stretches, hazard: float) -> np.ndarray:
    """Log evidence of the days from t on, given that a stretch starts at t (Fearnhead 2006, eq. 5)."""
    size = log.size
    stay, leave = np.log1p(-hazard), np.log(hazard)
    evidence = np.full(size + 1, -np.inf)
    for t in range(size - 1, -1, -1):
        ends = np.arange(t + 1, size)
        change = log[t, ends] + (ends - t - 1) * stay + leave + evidence[ends]
        whole = log[t, size] + (size - t - 1) * stay
        evidence[t] = logsumexp(np.append(change, whole))
    return evidence


def segment(counts: pd.Series, draws: int = DRAWS, seed: int = SEED) -> Segmentation | None:
    """Posterior of change points in a daily series without gaps.

    Parameters
    ----------
    counts : Series of int
        One value a day (DatetimeIndex).
    draws, seed : int
        Segmentations drawn from the exact posterior, for intervals.

    Returns
    -------
    Segmentation or None
        None for fewer than 10 attacks or 60 days: nothing could be told.
    """
    values = counts.to_numpy()
    n, size = int(values.sum()), len(values)
    if n < 10 or size < 60:
        return None
    hazard = np.log(2) / (size - 1)
    shape, rate = 1.0, size / n
    log = _Stretches(values, shape, rate)
    evidence = _backward(log, hazard)
    stay = np.log1p(-hazard)
    none = float(np.exp(log[0, size] + (size - 1) * stay - evidence[0]))
    flat = _Stretches(values, shape, rate, flat=True)
    prior_none = float(np.exp((size - 1) * stay - _backward(flat, hazard)[0]))
    paths, levels = _draw(log, evidence, hazard, values, (shape, rate), draws, np.random.default_rng(seed))
    counted = np.array([len(p) for p in paths])
    number = {int(k): float((counted == k).mean()) for k in sorted(set(counted.tolist()))}
    index = pd.DatetimeIndex(counts.index)
    low, high = np.quantile(levels, [0.025, 0.975], axis=0)
    sure = 1 - none >= SURE
    return Segmentation(
        n,
        size,
        1 - none,
        1 - prior_none,
        number,
        _shifts(paths, levels, counted, number, index) if sure else (),
        pd.Series(30 * levels.mean(axis=0), index=index),
        pd.Series(30 * low, index=index),
        pd.Series(30 * high, index=index),
    )


def _draw(
    log: _Stretches,
    evidence: np.ndarray,
    hazard: float,
    values: np.ndarray,
    prior: tuple[float, float],
    draws: int,
    rng: np.random.Generator,
) -> tuple[list[tuple[int, ...]], np.ndarray]:
    """Segmentations and daily rates, drawn exactly from the posterior."""
    size = len(values)
    stay, leave = np.log1p(-hazard), np.log(hazard)
    total = np.concatenate([[0], np.cumsum(values)])
    following: dict[int, np.ndarray] = {}

    def ends(t: int) -> np.ndarray:
        if t not in following:
            e = np.arange(t + 1, size)
            weight = np.append(
                log[t, e] + (e - t - 1) * stay + leave + evidence[e], log[t, size] + (size - t - 1) * stay
            )
            following[t] = np.cumsum(np.exp(weight - evidence[t]))
        return following[t]

    paths, levels = [], np.empty((draws, size))
    for k in range(draws):
        t, path = 0, []
        while t < size:
            table = ends(t)
            end = min(t + 1 + int(np.searchsorted(table, rng.random() * table[-1], side="right")), size)
            shape, rate = prior[0] + total[end] - total[t], prior[1] + end - t
            levels[k, t:end] = rng.gamma(shape, 1 / rate)
            if end < size:
                path.append(end)
            t = end
        paths.append(tuple(path))
    return paths, levels


def _shifts(
    paths: list[tuple[int, ...]],
    levels: np.ndarray,
    counted: np.ndarray,
    number: dict[int, float],
    index: pd.DatetimeIndex,
) -> tuple[Shift, ...]:
    """Dates and levels of the most probable number of changes (at least one)."""
    k = max((k for k in number if k), key=lambda k: (number[k], -k))
    chosen = np.flatnonzero(counted == k)
    where = np.array([paths[i] for i in chosen])
    found = []
    for j in range(k):
        days = where[:, j]
        mode = int(np.bincount(days).argmax())
        first, last = np.quantile(days, [0.025, 0.975], method="nearest")
        before = np.mean([levels[i, d - 1] for i, d in zip(chosen, days, strict=True)])
        after = np.mean([levels[i, d] for i, d in zip(chosen, days, strict=True)])
        found.append(
            Shift(
                index[mode].date(),
                index[int(first)].date(),
                index[int(last)].date(),
                30 * float(before),
                30 * float(after),
            )
        )
    return _merged(found)


def _merged(found: list[Shift]) -> tuple[Shift, ...]:
    """Changes whose most probable days lie closer than the shortest level are one change."""
    kept: list[Shift] = []
    for one in found:
        if kept and (one.day - kept[-1].day).days < MINIMUM:
            first = kept.pop()
            latest = max(first.latest, one.latest)
            one = Shift(first.day, min(first.earliest, one.earliest), latest, first.before, one.after)
        kept.append(one)
    return tuple(kept)

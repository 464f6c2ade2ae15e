"""Did a measured value move? Two quarters by permutation, many quarters by rank correlation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy
from scipy import special

from incident_report.analysis.change import Verdict, direction
from incident_report.analysis.exact import LARGEST, subset_p

Values = Sequence[float] | Sequence[int] | np.ndarray | pd.Series
FEWEST_EACH = 5  # known values on either side of a comparison, or in a quarter of a trend
FEWEST_QUARTERS = 3
RESAMPLES = 99_999  # where no grid fits: the third decimal of a small p holds whatever the seed
SEED = 20200930
VERY_MANY = 1_000  # values on either side: beyond, the difference of means is as good as normal
PLAIN = 0.075  # share of draws in the smaller tail
MANY = 400  # values: beyond, they are drawn by how many there are of each


@dataclass(frozen=True)
class Shift:
    """Mean of one quarter against the mean of another, attack by attack.

    Attributes
    ----------
    now, before, difference : float
        Means and their difference; NaN where a side has no known value.
    p : float
        Two-sided permutation test; NaN where too few.
    """

    now: float
    before: float
    difference: float
    p: float
    n_now: int
    n_before: int
    verdict: Verdict


@dataclass(frozen=True)
class Drift:
    """Direction of a value over quarters, attack by attack.

    Attributes
    ----------
    tau, p : float
        Kendall's tau-b between the quarter's place in time and the value; NaN where too few or all equal.
    n, quarters : int
        Known values, and quarters with at least five of them.
    """

    tau: float
    p: float
    n: int
    quarters: int
    verdict: Verdict


def shift(now: Values, before: Values) -> Shift:
    """Compare two samples' means by a permutation test (Fisher 1935), two-sided by doubling the smaller tail.

    Over all regroupings where the values lie on a grid, else by draws (Phipson and Smyth 2010).
    Too few to say with fewer than five known values on either side; clear rise or fall at p < 0.05.
    """
    a, b = np.asarray(now, dtype=float), np.asarray(before, dtype=float)
    first, second = (float(x.mean()) if x.size else math.nan for x in (a, b))
    difference = first - second
    if min(a.size, b.size) < FEWEST_EACH:
        return Shift(first, second, difference, math.nan, a.size, b.size, Verdict.TOO_FEW)
    if np.ptp(np.concatenate([a, b])) == 0:
        return Shift(first, second, 0.0, 1.0, a.size, b.size, Verdict.LEVEL)
    few = a.size * (a.size + b.size) <= LARGEST
    p = subset_p((*a.tolist(), *b.tolist()), tuple(range(a.size))) if few else None
    if p is None:
        p = _drawn(a, b)
    return Shift(first, second, difference, p, a.size, b.size, direction(difference, p))


def _drawn(a: np.ndarray, b: np.ndarray) -> float:
    if min(a.size, b.size) >= VERY_MANY:
        pooled = np.concatenate([a, b])
        spread = math.sqrt(pooled.var(ddof=1) * (1 / a.size + 1 / b.size))
        return float(2 * special.ndtr(-abs(a.mean() - b.mean()) / spread))
    if a.size + b.size > MANY:
        return _drawn_by_value(a, b)
    test = scipy.stats.permutation_test(
        (a, b),
        lambda x, y, axis: np.mean(x, axis=axis) - np.mean(y, axis=axis),
        n_resamples=RESAMPLES,
        vectorized=True,
        batch=500,
        rng=np.random.default_rng(SEED),
    )
    return float(test.pvalue)


def _drawn_by_value(a: np.ndarray, b: np.ndarray) -> float:
    """The same p, with draws of how many of each value fall to the first: the work grows with values, not attacks.

    Of more than `MANY` different values each is moved to the nearest of `MANY` equal steps over their range. A p that
    a tenth of the draws puts far above every threshold is not drawn further.
    """
    pooled = np.concatenate([a, b])
    if len(np.unique(pooled)) > MANY:
        low, step = pooled.min(), np.ptp(pooled) / MANY
        pooled = low + step * np.round((pooled - low) / step)
    values, at = np.unique(pooled, return_inverse=True)
    mine, every = np.bincount(at[: a.size], minlength=len(values)), np.bincount(at)
    chance, low_tail, high_tail, done = np.random.default_rng(SEED), 0, 0, 0
    while done < RESAMPLES:
        sizes = chance.multivariate_hypergeometric(every, a.size, size=min(5_000, RESAMPLES - done))
        sums, done = sizes @ values, done + len(sizes)
        near = 1e-9 * max(1.0, abs(float(mine @ values)))
        low_tail += int((sums <= mine @ values + near).sum())
        high_tail += int((sums >= mine @ values - near).sum())
        if done >= RESAMPLES / 10 and min(low_tail, high_tail) > PLAIN * done:
            break
    return min(1.0, 2 * (min(low_tail, high_tail) + 1) / (done + 1))


def kendall(times: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """Kendall's tau-b and its two-sided p by the normal approximation, with the variance for ties (Kendall 1945).

    Quarters hold many attacks each, so there are always ties and the exact distribution does not serve. Pairs are
    counted in the table of times by values: the work grows with its cells, not with pairs of attacks.

    Parameters
    ----------
    times, values : ndarray
        One pair an attack, three or more; neither is the same throughout.
    """
    n = len(times)
    rows, columns = (np.unique(x, return_inverse=True)[1] for x in (times, values))
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1)
    earlier = table.cumsum(axis=0) - table
    lower = earlier.cumsum(axis=1)
    score = float((table * (lower - earlier - (lower[:, -1:] - lower))).sum())
    tied = [table.sum(axis=1), table.sum(axis=0)]
    pairs, (a, b) = n * (n - 1), ((g * (g - 1)).sum() for g in tied)
    threes = math.prod((g * (g - 1) * (g - 2)).sum() for g in tied)
    spread = pairs * (2 * n + 5) - sum((g * (g - 1) * (2 * g + 5)).sum() for g in tied)
    variance = spread / 18 + a * b / (2 * pairs) + threes / (9 * pairs * (n - 2))
    tau = 2 * score / math.sqrt((pairs - a) * (pairs - b))
    return tau, float(2 * special.ndtr(-abs(score) / math.sqrt(variance)))


def drift(times: Values, values: Values) -> Drift:
    """Test for a monotone trend over quarters by Kendall's tau-b (Kendall 1945, corrected for ties).

    Too few to say unless at least three quarters have five known values each.
    """
    t, v = np.asarray(times), np.asarray(values, dtype=float)
    sizes = np.unique(t, return_counts=True)[1]
    quarters = int((sizes >= FEWEST_EACH).sum())
    if quarters < FEWEST_QUARTERS:
        return Drift(math.nan, math.nan, v.size, quarters, Verdict.TOO_FEW)
    if np.ptp(v) == 0:
        return Drift(math.nan, math.nan, v.size, quarters, Verdict.LEVEL)
    tau, p = kendall(t, v)
    return Drift(tau, p, v.size, quarters, direction(tau, p))

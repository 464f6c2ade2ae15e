"""Exact tests and intervals for counts, rates and shares, on plain numbers.

Everything here agrees with R 4.2 (`poisson.test`, `binom.test`, `prop.trend.test`, `p.adjust`) to 1e-6;
tests/analysis/r_values.json holds the recorded values. All of it does with `scipy.special`: `scipy.stats` costs
0.3 s to import. That is itself imported with the first number: many a process reads the data and computes nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95  # of every interval that the report prints
AS_LIKELY = 1e-7  # R's margin, relative, for an outcome that is no likelier than the one seen


@dataclass(frozen=True)
class RateRatio:
    """A ratio of two Poisson rates with its exact interval and test.

    Attributes
    ----------
    ratio : float
        First rate over second; infinite where only the second count is 0, NaN where both are.
    low, high : float
        Central interval; `high` may be infinite.
    p : float
        Two-sided, by minimum likelihood.
    least : float
        The smallest p that any split of as many could give: whether the test could tell at all.
    """

    ratio: float
    low: float
    high: float
    p: float
    least: float


def garwood(count: int, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval for a Poisson mean from one count (Garwood 1936).

    Parameters
    ----------
    count : int
        0 or more.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper limit, in the unit of the count.

    Raises
    ------
    ValueError
        For a negative count.
    """
    if count < 0:
        raise ValueError(f"a count cannot be negative: {count}")
    tail = (1 - level) / 2
    # Half the quantile of a chi-squared variable of 2k degrees is that of a gamma variable of shape k.
    low = scipy.special.gammaincinv(count, tail) if count else 0.0
    return float(low), float(scipy.special.gammainccinv(count + 1, tail))


def clopper_pearson(part: int, whole: int, level: float = LEVEL) -> tuple[float, float]:
    """Exact central interval for a share (Clopper and Pearson 1934).

    Raises
    ------
    ValueError
        Unless 0 <= part <= whole and whole >= 1.
    """
    if whole < 1 or not 0 <= part <= whole:
        raise ValueError(f"not a share: {part} of {whole}")
    tail = (1 - level) / 2
    low = scipy.special.betaincinv(part, whole - part + 1, tail) if part else 0.0
    high = scipy.special.betainccinv(part + 1, whole - part, tail) if part < whole else 1.0
    return float(low), float(high)


def log_binomial(count: ArrayLike, whole: ArrayLike, share: ArrayLike) -> NDArray[np.float64]:
    """Of `count` of `whole`, each with probability `share`; arrays broadcast."""
    k, n = np.asarray(count, dtype=float), np.asarray(whole, dtype=float)
    ways = scipy.special.gammaln(n + 1) - scipy.special.gammaln(k + 1) - scipy.special.gammaln(n - k + 1)
    return np.asarray(ways + scipy.special.xlogy(k, share) + scipy.special.xlog1py(n - k, -np.asarray(share)))


def binom_test(part: int, whole: int, p0: float = 0.5) -> float:
    """Two-sided exact p of a share against `p0`, by minimum likelihood (as R's `binom.test`)."""
    mean, own = whole * p0, log_binomial(part, whole, p0) + AS_LIKELY
    if part == mean:
        return 1.0

    def counts(k: int) -> bool:
        return bool(log_binomial(k, whole, p0) <= own)

    # Likelihood falls on both sides of the mean: in the other tail, look for the first outcome no likelier than this.
    if part < mean:
        other = range(math.ceil(mean), whole + 1)
        beyond = other.start + bisect_left(other, True, key=counts)
        p = scipy.special.bdtr(part, whole, p0) + scipy.special.bdtrc(beyond - 1, whole, p0)
    else:
        below = bisect_left(range(math.floor(mean) + 1), True, key=lambda k: not counts(k))
        p = scipy.special.bdtrc(part - 1, whole, p0) + (scipy.special.bdtr(below - 1, whole, p0) if below else 0.0)
    return float(min(1.0, p))


@lru_cache(maxsize=4096)  # robustness asks for the same few pairs over and over
def rate_ratio(count: int, days: float, base_count: int, base_days: float, level: float = LEVEL) -> RateRatio:
    """Conditional exact comparison of two Poisson rates (Przyborowski and Wilenski 1940).

    Given the total, the first count is binomial with share ``days / (days + base_days)`` if the
    rates are equal. The p-value is two-sided by minimum likelihood, the interval is Clopper and
    Pearson's turned into a ratio: the definition of R's `poisson.test`.

    Parameters
    ----------
    count, base_count : int
        0 or more.
    days, base_days : float
        Exposure, above 0, in one unit.

    Raises
    ------
    ValueError
        For a negative count or no exposure.
    """
    if min(count, base_count) < 0 or min(days, base_days) <= 0:
        raise ValueError(f"not two rates: {count} in {days}, {base_count} in {base_days}")
    total = count + base_count
    if total == 0:
        return RateRatio(math.nan, 0.0, math.inf, 1.0, 1.0)
    p = binom_test(count, total, days / (days + base_days))
    low, high = clopper_pearson(count, total, level)
    scale = base_days / days
    upper = math.inf if high >= 1 else scale * high / (1 - high)
    ratio = math.inf if base_count == 0 else scale * count / base_count
    return RateRatio(ratio, scale * low / (1 - low), upper, p, smallest_p(total, days, base_days))


def binom_tails(count: int, days: float, base_count: int, base_days: float) -> float:
    """Two-sided exact p of `rate_ratio`'s question by doubling the smaller tail: another convention."""
    total = count + base_count
    if total == 0:
        return 1.0
    share = days / (days + base_days)
    tails = scipy.special.bdtr(count, total, share), scipy.special.bdtrc(count - 1, total, share) if count else 1.0
    return float(min(1.0, 2 * min(tails)))


@lru_cache(maxsize=4096)
def smallest_p(total: int, days: float, base_days: float) -> float:
    """The smallest p that any split of `total` attacks could give: whether a test could tell at all."""
    if total == 0:
        return 1.0
    share = days / (days + base_days)
    return min(binom_test(0, total, share), binom_test(total, total, share))


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for the number of comparisons made (Holm 1979; R's ``p.adjust(, "holm")``)."""
    p = np.asarray(p_values, dtype=float)
    if not p.size:
        return []
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum(steps, 1.0)
    return [float(v) for v in adjusted]


@dataclass(frozen=True)
class Trend:
    """A test for a linear trend in shares; NaN where all shares are 0 or all are 1."""

    statistic: float
    p: float
    slope: float  # change of the share per unit of score


def prop_trend(parts: Sequence[int], wholes: Sequence[int], scores: Sequence[float] | None = None) -> Trend:
    """Chi-squared test for trend in shares (Cochran 1954; Armitage 1955; R's `prop.trend.test`).

    Parameters
    ----------
    parts, wholes : sequence of int
        One pair a group; every whole at least 1.
    scores : sequence of float, optional
        Position of the groups; 1, 2, 3 … if left out.

    Raises
    ------
    ValueError
        For unequal lengths, fewer than two groups or an impossible share.
    """
    x, n = np.asarray(parts, dtype=float), np.asarray(wholes, dtype=float)
    s = np.arange(1, x.size + 1, dtype=float) if scores is None else np.asarray(scores, dtype=float)
    if not x.size == n.size == s.size or x.size < 2 or (n < 1).any() or (x < 0).any() or (x > n).any():
        raise ValueError("a trend needs two or more groups, each with a part of a whole")
    share, centre = x.sum() / n.sum(), (n * s).sum() / n.sum()
    spread = (n * (s - centre) ** 2).sum()
    if share in (0.0, 1.0) or spread == 0:
        return Trend(math.nan, math.nan, 0.0)
    slope = (n * (s - centre) * (x / n - share)).sum() / spread
    statistic = float(slope**2 * spread / (share * (1 - share)))
    return Trend(statistic, float(scipy.special.chdtrc(1, statistic)), float(slope))

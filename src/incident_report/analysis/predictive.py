"""Predictive distributions of a quarter's count: two models with one common form.

Both say that attacks come at a daily rate that is not known exactly, and that given the rate the
count is Poisson. A rate known as a gamma distribution then predicts a negative binomial count
(Greenwood and Yule 1920); both models are mixtures of such gammas, so ranges need no simulation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from incident_report.analysis.remember import kept_property

LEVELS = (50, 80, 95)
GAMMA = ("shape", "days", "weight")  # arrays of a mixture, as provenance.json has them
PRIOR_SHAPE = 1.0  # the prior is worth one attack, at the long-run rate
POOL = 0.5  # added to attacks and days of the long-run rate, so that it exists where nothing happened yet
HALF_LIVES = (0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.0, 4.0, 8.0)  # quarters; memories that are averaged over
AVERAGED = 0.0  # as a half-life: average over HALF_LIVES
SPREAD_SCALE = 0.5  # prior scale of the spread between quarters, as a share of the mean
WIDEST = 4.5  # standard deviations of either prior that the grid reaches
SPREADS, CENTRES = 60, 121  # points of the grid; a finer one changes no printed number
CENTRE_SD = 1.0  # prior standard deviation of the log mean rate around the pooled rate


@dataclass(frozen=True)
class Past:
    """One past quarter: how many, in how many days covered, how many quarters before the one predicted."""

    count: int
    days: float
    ago: int


@dataclass(frozen=True, eq=False)
class Predictive:
    """A mixture of gamma distributions for the daily rate, and the counts that follow from it.

    Attributes
    ----------
    shape, days, weight : arrays of equal length
        Component i is Gamma(shape, rate=days), in attacks per day; weights add up to 1.
    """

    shape: NDArray[np.float64]
    days: NDArray[np.float64]
    weight: NDArray[np.float64]

    def cdf(self, count: float, exposure: float) -> float:
        """Probability of `count` attacks or fewer in `exposure` days."""
        if count < 0:
            return 0.0
        asked = (math.floor(count), exposure)
        if asked not in self._found:
            p = self.days / (self.days + exposure)
            # The negative binomial's distribution function is the regularised incomplete beta function.
            self._found[asked] = float(min(1.0, self.weight @ special.betainc(self.shape, asked[0] + 1.0, p)))
        return self._found[asked]

    @kept_property
    def _found(self) -> dict[tuple[int, float], float]:
        """Probabilities found so far: the searches for the ends of all ranges ask for the same ones."""
        return {}

    def above(self, count: float, exposure: float) -> float:
        """Probability of more than `count` attacks in `exposure` days."""
        return 1.0 - self.cdf(count, exposure)

    def mean(self, exposure: float) -> float:
        """Expected count in `exposure` days."""
        return float(self.weight @ (self.shape / self.days) * exposure)

    def quantile(self, p: float, exposure: float) -> int:
        """The smallest count with at least probability `p` at or below it.

        Raises
        ------
        ValueError
            Unless 0 < p < 1.
        """
        if not 0 < p < 1:
            raise ValueError(f"a quantile needs a probability between 0 and 1: {p}")
        high = max(1, math.ceil(self.mean(exposure)))
        while self.cdf(high, exposure) < p:
            high *= 2
        low = -1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.cdf(middle, exposure) >= p else (middle, high)
        return high

    def range(self, level: int, exposure: float) -> tuple[int, int]:
        """Central range that holds at least `level` percent: counts are whole, so mostly a little more."""
        return _range(self, level, exposure)

    def inside(self, count: int, level: int, exposure: float) -> bool:
        """Whether a count lies in `range`, without searching for its ends."""
        tail = (1 - level / 100) / 2
        return self.cdf(count, exposure) >= tail and self.cdf(count - 1, exposure) < 1 - tail

    def held(self, level: int, exposure: float) -> float:
        """Probability that the range really holds."""
        low, high = self.range(level, exposure)
        return self.cdf(high, exposure) - self.cdf(low - 1, exposure)


@lru_cache(maxsize=4096)  # figure, table, words and back-test ask for the same ranges
def _range(predictive: Predictive, level: int, exposure: float) -> tuple[int, int]:
    tail = (1 - level / 100) / 2
    return predictive.quantile(tail, exposure), predictive.quantile(1 - tail, exposure)


def gammas(shape: Sequence[float], days: Sequence[float], weight: Sequence[float]) -> Predictive:
    """A mixture from plain numbers; weights are made to add up to 1."""
    w = np.asarray(weight, dtype=float)
    return Predictive(np.asarray(shape, dtype=float), np.asarray(days, dtype=float), w / w.sum())


def pooled_rate(past: Sequence[Past]) -> float:
    """Long-run attacks per day, all past quarters together; above 0 even where none happened."""
    return (sum(q.count for q in past) + POOL) / (sum(q.days for q in past) + POOL)


def drifting(past: Sequence[Past], half_life: float = AVERAGED) -> Predictive:
    """Gamma-Poisson model with exponential forgetting: the recent rate, held more loosely with time.

    With ``w = 0.5 ** (ago / half_life)`` the rate is gamma with shape ``1 + sum(w * count)`` and
    ``1 / long-run rate + sum(w * days)`` days. The last quarter too is discounted, which allows for
    the drift until the next (the power steady model of Smith 1979 and of Harvey and Fernandes 1989;
    forgetting towards a fixed prior as in Kulhavý and Zarrop 1993).

    Parameters
    ----------
    half_life : float
        Quarters after which a quarter counts half. `AVERAGED` takes every one of `HALF_LIVES`, weighted
        by the probability that it gave to the quarters that came (Bayesian model averaging, with equal
        weights before any).

    Raises
    ------
    ValueError
        If nothing is past, a count is negative, a quarter has no days, or the half-life is negative.
    """
    _check(past)
    if half_life < 0:
        raise ValueError(f"a half-life cannot be negative: {half_life}")
    lives = (half_life,) if half_life > 0 else HALF_LIVES
    parts = [_discounted(past, life) for life in lives]
    if len(lives) == 1:
        return gammas([parts[0][0]], [parts[0][1]], [1.0])
    fit = memory_fit(past)
    return gammas([a for a, _ in parts], [b for _, b in parts], [math.exp(f - max(fit)) for f in fit])


def memory_fit(past: Sequence[Past]) -> list[float]:
    """Log probability that each of `HALF_LIVES` gave, one step ahead, to the quarters that came."""
    ordered = sorted(past, key=lambda q: -q.ago)
    fit = [0.0] * len(HALF_LIVES)
    for i in range(1, len(ordered)):
        now = ordered[i]
        earlier = [Past(q.count, q.days, q.ago - now.ago) for q in ordered[:i]]
        for j, life in enumerate(HALF_LIVES):
            shape, days = _discounted(earlier, life)
            fit[j] += _log_pmf(now.count, shape, days, now.days)
    return fit


def _discounted(past: Sequence[Past], half_life: float) -> tuple[float, float]:
    weights = [0.5 ** (q.ago / half_life) for q in past]
    shape = PRIOR_SHAPE + sum(w * q.count for w, q in zip(weights, past, strict=True))
    days = PRIOR_SHAPE / pooled_rate(past) + sum(w * q.days for w, q in zip(weights, past, strict=True))
    return shape, days


def _log_pmf(count: int, shape: float, days: float, exposure: float) -> float:
    return (
        math.lgamma(shape + count) - math.lgamma(shape) - math.lgamma(count + 1)
        + shape * math.log(days / (days + exposure)) + count * math.log(exposure / (days + exposure))
    )  # fmt: skip


def scattered(past: Sequence[Past]) -> Predictive:
    """Negative binomial alternative: no drift, but quarters scatter around one mean by more than Poisson.

    Each quarter's rate is the mean rate times a gamma factor of mean 1 and standard deviation v, so
    that counts are negative binomial (over-dispersed). Mean and v are not estimated as one number
    but averaged over: v has a half-normal prior of scale 0.5; the logarithm of the mean rate has a
    normal prior of standard deviation 1 around the pooled rate of the past quarters.
    """
    _check(past)
    counts = np.array([q.count for q in past], dtype=float)
    days = np.array([q.days for q in past], dtype=float)
    # Even steps over nearly all of each prior: points of equal probability leave out the wide spreads.
    spread = SPREAD_SCALE * (np.arange(SPREADS) + 0.5) * WIDEST / SPREADS
    steps = WIDEST * (2 * (np.arange(CENTRES) + 0.5) / CENTRES - 1)
    rate = pooled_rate(past) * np.exp(CENTRE_SD * steps)
    size, mean = (g.ravel() for g in np.meshgrid(1 / spread**2, rate, indexing="ij"))
    prior = np.add.outer(-((spread / SPREAD_SCALE) ** 2) / 2, -(steps**2) / 2).ravel()
    own = size / mean  # days of the gamma of one quarter's rate
    fit = prior.copy()
    for y, e in zip(counts, days, strict=True):
        fit += special.gammaln(size + y) - special.gammaln(size) - special.gammaln(y + 1)
        fit += size * np.log(own / (own + e)) + y * np.log(e / (own + e))
    weight = np.exp(fit - fit.max())
    keep = weight > 1e-9 * weight.max()
    return Predictive(size[keep], own[keep], weight[keep] / weight[keep].sum())


def _check(past: Sequence[Past]) -> None:
    if not past:
        raise ValueError("a prediction needs at least one past quarter")
    for q in past:
        if q.count < 0 or q.days <= 0 or q.ago < 1:
            raise ValueError(f"not a past quarter: {q}")

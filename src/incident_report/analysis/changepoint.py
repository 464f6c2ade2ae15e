"""When the daily rate changed: the exact Bayesian posterior of change points of a Poisson process, by period.

The model (Fearnhead 2006, with a gamma prior): the days fall into stretches; within one, daily
counts are Poisson with one rate; rates are gamma with a declared shape and mean; every day is as likely as
any other to start a new stretch, and before seeing data there is at least an even chance that nothing
changed. Stretches last 14 days or more: a shorter one is a burst, not a level.

The posterior often has several humps. It is therefore told as mass by period, with the rates on either side
of divisions that are meant, and never as one most probable day with averages over other divisions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import gammaln

from incident_report.analysis.comparability import Support, main_series, support
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.timing import daily, last_run
from incident_report.periods import UNITS, Period

MINIMUM = 14  # days
SURE = 0.9  # probability of a change from which one is reported, under every prior
MOST = 4  # changes told apart by number
FEWEST, SHORTEST = 10, 60  # attacks and days; with less nothing could be told
# Prior: gamma shape, and mean as a multiple of the whole record's. The first is the reported one.
PRIORS = {"reported": (1.0, 1.0), "shape 2": (2.0, 1.0), "mean halved": (1.0, 0.5), "mean doubled": (1.0, 2.0)}


class _Stretches:
    """Log marginal likelihood of stretches [t, end), up to terms that all share; -inf if too short.

    Computed when asked for: a table of all pairs would fill the memory on a record of many years.
    """

    def __init__(self, values: np.ndarray, shape: float, rate: float, flat: bool = False) -> None:
        self.size = len(values)
        self.total = np.concatenate([[0], np.cumsum(values)])
        self.prior = (shape, rate)
        self.flat = flat  # every stretch equally likely: for the prior probability of a change

    def __getitem__(self, pair: tuple[int | np.ndarray, np.ndarray | int]) -> np.ndarray:
        t, end = np.asarray(pair[0]), np.asarray(pair[1])
        span, (shape, rate) = end - t, self.prior
        if self.flat:
            log = np.zeros(span.shape)
        else:
            count = self.total[end] - self.total[t]
            log = shape * np.log(rate) - gammaln(shape) + gammaln(shape + count)
            log = log - (shape + count) * np.log(rate + span)
        return np.where(span < min(MINIMUM, self.size), -np.inf, log)


def _log_sum(log: np.ndarray) -> np.ndarray:
    """Log of the sum, along the last axis, of what is given as logs; SciPy's looks at its arguments for longer."""
    top = np.maximum(log.max(axis=-1), -1e300)  # of nothing but zeros, too
    with np.errstate(divide="ignore"):
        return top + np.log(np.exp(log - top[..., None]).sum(axis=-1))


def _backward(log: _Stretches, hazard: float, most: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Log evidence of the days from t on, given that a stretch starts at t (Fearnhead 2006, eq. 5).

    Returns
    -------
    ndarray, one a day and one more; ndarray of shape (most + 1, days + 1)
        With any number of changes; with exactly 0, 1 … `most` of them.
    """
    size = log.size
    stay, leave = np.log1p(-hazard), np.log(hazard)
    every = np.full(size + 1, -np.inf)
    by_number = np.full((most + 1, size + 1), -np.inf)
    for t in range(size - 1, -1, -1):
        ends = np.arange(t + 1, size)
        step = log[t, ends] + (ends - t - 1) * stay + leave
        by_number[0, t] = log[t, size] + (size - t - 1) * stay
        every[t] = _log_sum(np.append(step + every[ends], by_number[0, t]))
        if most and ends.size:
            by_number[1:, t] = _log_sum(step + by_number[:-1, ends])
    return every, by_number


def _forward(log: _Stretches, hazard: float) -> np.ndarray:
    """Log evidence of the days before t and of a stretch that starts at t."""
    size = log.size
    stay, leave = np.log1p(-hazard), np.log(hazard)
    evidence = np.full(size + 1, -np.inf)
    evidence[0] = 0.0
    for t in range(1, size):
        starts = np.arange(t)
        evidence[t] = _log_sum(evidence[starts] + log[starts, t] + (t - starts - 1) * stay) + leave
    return evidence


@dataclass(frozen=True)
class Posterior:
    """Posterior of change points under one prior.

    Attributes
    ----------
    p_change, prior_change : float
        Probability of at least one change, after and before seeing the data.
    number : tuple of float
        Probability of 0, 1 … `MOST` changes; the rest is more.
    starts : ndarray, one a day
        Probability that a new level starts on the day.
    given_one : ndarray, one a day
        The same, given exactly one change.
    """

    p_change: float
    prior_change: float
    number: tuple[float, ...]
    starts: np.ndarray
    given_one: np.ndarray


def posterior(counts: pd.Series, shape: float = 1.0, mean: float = 1.0) -> Posterior | None:
    """The posterior of a daily series without gaps; None for fewer than 10 attacks or 60 days.

    Parameters
    ----------
    counts : Series of int
        One value a day (DatetimeIndex).
    shape, mean : float
        Of the gamma prior of rates, the mean as a multiple of the series' own.
    """
    return _posterior(tuple(counts.tolist()), shape, mean)


@lru_cache(maxsize=256)  # variants that move no row ask for the same days again
def _posterior(given: tuple[int, ...], shape: float, mean: float) -> Posterior | None:
    made = _setup(given, shape, mean)
    if made is None:
        return None
    log, hazard = made
    size, stay = log.size, math.log1p(-hazard)
    back, by_number = _backward(log, hazard, MOST)
    flat, _ = _backward(_Stretches(np.array(given), 1.0, 1.0, flat=True), hazard)
    days = np.arange(1, size)
    one = np.concatenate([[-np.inf], log[0, days] + log[days, size]])
    starts = np.concatenate([[0.0], np.exp(_forward(log, hazard)[days] + back[days] - back[0])])
    return Posterior(
        float(-np.expm1(by_number[0, 0] - back[0])),
        float(-np.expm1((size - 1) * stay - flat[0])),
        tuple(float(v) for v in np.exp(by_number[:, 0] - back[0])),
        starts,
        np.exp(one - _log_sum(one)),
    )


@dataclass(frozen=True)
class Levels:
    """What change points say of a series, over the declared priors.

    Attributes
    ----------
    series : str
    known : bool
        Whether there was enough to tell anything.
    p_low, p_high : float
        Lowest and highest probability of a change over the priors.
    prior_change : float
        Before seeing data.
    sure : bool
        At least 0.9 under every prior.
    periods : tuple of str
        Those that hold most of the mass given one change, largest first, until half of it is told.
    because : tuple of str
        ``coverage_…`` where the record did not keep pace over the days tested: a change may be one of recording.
    """

    series: str
    known: bool
    p_low: float = math.nan
    p_high: float = math.nan
    prior_change: float = math.nan
    sure: bool = False
    periods: tuple[str, ...] = ()
    because: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether the mass lies in more than one period: no single date can be told."""
        return len(self.periods) > 1


@remembered
def _counts(edition: Edition, series: str) -> pd.Series:
    return last_run(daily(edition, series))


@remembered
def change_probability(edition: Edition, series: str, prior: str = "reported") -> float | None:
    """Probability of at least one change under one prior; None where there is too little."""
    return _chance(tuple(_counts(edition, series).tolist()), *PRIORS[prior])


@lru_cache(maxsize=256)
def _chance(given: tuple[int, ...], shape: float, mean: float) -> float | None:
    """`Posterior.p_change` alone, at a fifth of the cost."""
    made = _setup(given, shape, mean)
    if made is None:
        return None
    log, hazard = made
    every, by_number = _backward(log, hazard)
    return float(-np.expm1(by_number[0, 0] - every[0]))


def _setup(given: tuple[int, ...], shape: float, mean: float) -> tuple[_Stretches, float] | None:
    n, size = sum(given), len(given)
    if n < FEWEST or size < SHORTEST:
        return None
    return _Stretches(np.array(given), shape, shape * size / (n * mean)), math.log(2) / (size - 1)


COLUMNS = (
    "prior", "p_change", "p_one", "p_two", "period", "mass", "given_one", "day", "before", "after", "probability",
)  # fmt: skip


@result
def change_points(ed: Edition, *, series: str = "all", by: str = "") -> Outcome:
    """When the documented rate changed, as mass by period, under every declared prior.

    Parameters
    ----------
    by : str
        ``month``, ``quarter`` or ``year``; empty takes what the campaign reports by.

    Returns
    -------
    Result
        One row a prior and period: prior, p_change (at least one change), p_one, p_two, period, mass (expected
        number of changes that start in it), given_one (its share given exactly one change), day (its most
        probable division given one), before and after (attacks per 30 days on either side of exactly that
        division), probability (of that day, given one). Empty where there is too little. `value` is a `Levels`.

    Raises
    ------
    ValueError
        If `by` is none of them.
    """
    if by not in ("", *UNITS):
        raise ValueError(f"by is {by!r}; it must be month, quarter or year")
    by = by or ed.quarter.unit
    counts = _counts(ed, ed.find_series(series).id)
    index = pd.DatetimeIndex(counts.index)
    names = np.array([str(Period.of(d.date(), by)) for d in index], dtype=object)
    rows, found = [], {}
    for prior, parts in PRIORS.items():
        made = posterior(counts, *parts)
        if made is None:
            continue
        found[prior] = made
        for name in dict.fromkeys(names):
            inside = names == name
            at = int(np.flatnonzero(inside)[made.given_one[inside].argmax()])
            rows.append((
                prior, made.p_change, made.number[1], made.number[2], name, float(made.starts[inside].sum()),
                float(made.given_one[inside].sum()), index[at], *_sides(counts, at), float(made.given_one[at]),
            ))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    ids = ed.incidents(None, series)["incident_id"]
    return Outcome(table, ids, value=_levels(ed.find_series(series).id, table, found, _because(ed, series, index)))


@result
def change_periods(ed: Edition, *, series: str = "") -> Outcome:
    """The same by the campaign's period, one row each: the reported prior, and how far the others move it.

    Parameters
    ----------
    series : str
        Empty takes the series that the record follows best.

    Returns
    -------
    Result
        period, given_one, lowest and highest (over the priors), mass, day, before, after; empty where there is
        too little. `value` is a `Levels`.
    """
    found = change_points(ed, series=main_series(ed, series))
    by_prior = found.table.groupby("period", sort=False)["given_one"]
    own = found[found["prior"] == "reported"]
    own = own.assign(lowest=own["period"].map(by_prior.min()), highest=own["period"].map(by_prior.max()))
    names = ["period", "given_one", "lowest", "highest", "mass", "day", "before", "after"]
    return Outcome(own[names].reset_index(drop=True), found.rows, value=found.value)


def _sides(counts: pd.Series, at: int) -> tuple[float, float]:
    """Attacks per 30 days before a day and from it on."""
    if at == 0:
        return math.nan, math.nan
    values = counts.to_numpy()
    return 30 * float(values[:at].mean()), 30 * float(values[at:].mean())


def _levels(series: str, table: pd.DataFrame, found: dict[str, Posterior], because: tuple[str, ...]) -> Levels:
    if not found:
        return Levels(series, False)
    p = [made.p_change for made in found.values()]
    own = table[table["prior"] == "reported"].sort_values("given_one", ascending=False, kind="stable")
    told = own["given_one"].cumsum().shift(fill_value=0.0) < 0.5
    return Levels(
        series, True, min(p), max(p), found["reported"].prior_change, min(p) >= SURE,
        tuple(str(v) for v in own["period"][told]), because,
    )  # fmt: skip


def _because(ed: Edition, series: str, index: pd.DatetimeIndex) -> tuple[str, ...]:
    quarters = list(dict.fromkeys(ed.quarter.around(d.date()) for d in index))
    found = support(ed.record(series), *quarters) if len(quarters) > 1 else Support.STEADY
    return () if found is Support.STEADY else (f"coverage_{found.value}",)

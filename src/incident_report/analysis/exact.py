"""Exact permutation and bootstrap distributions on a grid, and what may be said of a share of draws.

A sum of whole numbers has few possible values, so its distribution over all regroupings can be added up
instead of drawn: nothing hangs on a seed.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from scipy import special

FINEST = 1000  # largest denominator of a grid
LARGEST = 30_000_000  # steps; beyond, draws are cheaper
LARGEST_SAMPLE = 2_000  # items counted in whole numbers; beyond, logarithms are exact to ten places
ERRORS = 3.0  # standard errors within which a share of draws is on neither side of a threshold


@lru_cache(maxsize=4096)
def grid(values: tuple[float, ...]) -> tuple[tuple[int, ...], float, float] | None:
    """Values as whole steps above the least one.

    Returns
    -------
    (steps, unit, least) or None
        ``values[i] == least + unit * steps[i]``; None where no grid of at most a thousandth part fits.

    Examples
    --------
    >>> grid((1.5, 2.0, 4.0))
    ((0, 1, 5), 0.5, 1.5)
    """
    if not values:
        return None
    parts = [Fraction(v).limit_denominator(FINEST) for v in values]
    if any(abs(float(f) - v) > 1e-9 for f, v in zip(parts, values, strict=True)):
        return None
    below = math.lcm(*(f.denominator for f in parts))
    if below > FINEST:
        return None
    whole = np.array([int(f * below) for f in parts], dtype=object)
    steps = whole - whole.min()
    step = math.gcd(*steps) or 1
    return tuple(steps // step), step / below, whole.min() / below


@lru_cache(maxsize=4096)
def subset_p(values: tuple[float, ...], chosen: tuple[int, ...]) -> float | None:
    """Two-sided exact p that a random subset of the same size has a sum as far out as the chosen one's.

    The distribution of the sum over all subsets is added up item by item (Pagano and Tritchler 1983);
    the smaller tail is doubled. This is the permutation test for two means and, with the groups' scores as
    values and the positives as chosen, the exact test for a trend in shares.

    Parameters
    ----------
    values : tuple of float
        All items, pooled.
    chosen : tuple of int
        Positions of the items in the group.

    Returns
    -------
    float or None
        None where the values lie on no grid or there are too many of them: draw instead.
    """
    steps = grid(values)
    n, k = len(values), len(chosen)
    if steps is None or not 0 < k < n:
        return None if steps is None else 1.0
    top = sum(sorted(steps[0])[-k:])
    if n * k * (top + 1) > LARGEST:
        return None
    table = np.zeros((k + 1, top + 1))
    table[0, 0] = 1.0
    share = k / n
    for step in steps[0]:  # each item is in or out; given that k are in, all subsets are as likely
        kept = table * (1 - share)
        kept[1:, step:] += share * table[:-1, : top + 1 - step]
        table = kept
    weights = table[k] / table[k].sum()
    observed = sum(steps[0][i] for i in chosen)
    return float(min(1.0, 2 * min(weights[: observed + 1].sum(), weights[observed:].sum())))


def passes(share: float, draws: int, threshold: float) -> bool | None:
    """Whether a share of draws is at least a threshold; None where more draws could turn the answer.

    Parameters
    ----------
    share : float
        As drawn.
    draws : int
        How many independent draws it rests on.

    Examples
    --------
    >>> passes(0.0495, 10_000, 0.05) is None, passes(0.06, 10_000, 0.05), passes(0.04, 10_000, 0.05)
    (True, True, False)
    """
    error = math.sqrt(threshold * (1 - threshold) / draws)
    if abs(share - threshold) <= ERRORS * error:
        return None
    return share > threshold


def settled(share: float, draws: int) -> int:
    """Decimals of a share of draws that no other seed would change by more than one in the last place."""
    error = ERRORS * math.sqrt(max(share * (1 - share), 1 / draws) / draws)
    return max(0, math.floor(-math.log10(error)))


class Rarefied(NamedTuple):
    """Expected number of kinds in a random part of a sample, and its standard deviation."""

    mean: float
    sd: float


def rarefied(counts: tuple[int, ...], n: int) -> Rarefied:
    """Kinds to be expected among `n` items drawn without replacement (Hurlbert 1971; variance Heck et al. 1975).

    Parameters
    ----------
    counts : tuple of int
        Items of each kind, none of them zero.
    n : int
        At most their sum.

    Raises
    ------
    ValueError
        If there are fewer than `n` items, or `n` is negative.

    Examples
    --------
    >>> round(rarefied((9, 3, 4, 2, 1, 1, 1, 1, 1), 13).mean, 3)  # Magurran 1988, p. 128 f.
    6.557
    """
    total = sum(counts)
    if not 0 <= n <= total:
        raise ValueError(f"n is {n}; it must lie between 0 and {total}, the number of items")
    if total > LARGEST_SAMPLE:
        return _rarefied_roughly(np.array(counts), n)
    every = math.comb(total, n)
    out = [Fraction(math.comb(total - c, n), every) for c in counts]  # that none of a kind is drawn
    both = (
        Fraction(math.comb(total - a - b, n), every) - p * q
        for (a, p), (b, q) in combinations(zip(counts, out, strict=True), 2)
    )
    variance = sum((p * (1 - p) for p in out), Fraction(0)) + 2 * sum(both, Fraction(0))
    return Rarefied(float(len(counts) - sum(out, Fraction(0))), math.sqrt(max(float(variance), 0.0)))


def _rarefied_roughly(counts: np.ndarray, n: int) -> Rarefied:
    """The same by logarithms of the gamma function, kinds with equal counts together."""
    total = int(counts.sum())
    sizes, often = np.unique(counts, return_counts=True)

    def missed(size: Any) -> Any:
        left = np.maximum(total - size, 0)
        chance = [special.gammaln(left + 1), -special.gammaln(np.maximum(left - n, 0) + 1)]
        chance += [special.gammaln(total - n + 1), -special.gammaln(total + 1)]
        return np.where(left >= n, np.exp(sum(chance)), 0.0)

    out = missed(sizes)
    both = missed(sizes[:, None] + sizes[None, :]) - out[:, None] * out[None, :]
    pairs = often[:, None] * often[None, :] - np.diag(often)  # of different kinds
    variance = float((often * out * (1 - out)).sum() + (pairs * both).sum())
    return Rarefied(float((often * (1 - out)).sum()), math.sqrt(max(variance, 0.0)))

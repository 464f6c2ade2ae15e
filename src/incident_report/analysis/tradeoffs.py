"""An exercise: how often would each option come first if the weights of the objectives were drawn by lot (SMAA)?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.options import read_options
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.scorecard import objectives, scores

DRAWS = 100_000
SEED = 1998
WIDE = 3.0  # standard errors on either side: a printed digit that the seed could move is printed as two
_BLOCK = 10_000


@dataclass(frozen=True)
class First:
    """How often an option comes first.

    Attributes
    ----------
    share : float
    low, high : float
        What another seed could give, `WIDE` standard errors either way.
    """

    share: float
    low: float
    high: float


def smaa(
    low: np.ndarray, high: np.ndarray, *, draws: int = DRAWS, seed: int = SEED, fixed: np.ndarray | None = None
) -> np.ndarray:
    """Share of draws in which each option has the highest weighted score.

    Parameters
    ----------
    low, high : arrays of shape (options, objectives)
        Scores lie uniformly between them.
    draws : int
        Weights are uniform over all that are non-negative and sum to one (Dirichlet(1, …, 1)).
    fixed : array of shape (objectives,), optional
        Weights to take instead of drawn ones; not negative.

    Returns
    -------
    array of shape (options,), summing to one; options that tie share the draw.

    Notes
    -----
    Lahdelma, Hokkanen and Salminen (1998), SMAA: stochastic multiobjective acceptability analysis,
    European Journal of Operational Research 106, 137-143.

    Examples
    --------
    >>> smaa(np.array([[5.0], [1.0]]), np.array([[5.0], [1.0]]), draws=10).tolist()
    [1.0, 0.0]
    """
    n, m = low.shape
    rng = np.random.default_rng(seed)
    total = np.zeros(n)
    for start in range(0, draws, _BLOCK):
        size = min(_BLOCK, draws - start)
        weights = rng.dirichlet(np.ones(m), size=size) if fixed is None else np.tile(fixed / fixed.sum(), (size, 1))
        drawn = low + (high - low) * rng.random((size, n, m))
        value = np.einsum("dnm,dm->dn", drawn, weights)
        top = value >= value.max(axis=1, keepdims=True) - 1e-9
        total += (top / top.sum(axis=1, keepdims=True)).sum(axis=0)
    return np.asarray(total / draws)


def first(share: float, draws: int = DRAWS) -> First:
    """A share with what another seed could give."""
    error = WIDE * float(np.sqrt(max(share * (1 - share), 1 / draws) / draws))
    return First(share, max(0.0, share - error), min(1.0, share + error))


def ranges(ed: Edition) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest score, options by objectives."""
    made, shape = scores(ed), (len(read_options(ed)), len(objectives(ed)))
    low, high = (np.array([getattr(s, k) for s in made], float).reshape(shape) for k in ("low", "high"))
    return low, high


@result
def acceptability(ed: Edition, *, draws: int = DRAWS) -> Outcome:
    """How often each option comes first over all weightings, and with each objective left out in turn.

    Returns
    -------
    Result
        One row an option and objective left out (``""`` for none): option, without, share, low, high (what
        another seed could give). `value` is a tuple of `First` in the same order.
    """
    low, high = ranges(ed)
    names = [o.id for o in objectives(ed)]
    options = [o.id for o in read_options(ed)]
    rows, made = [], []
    for without in ["", *names] if len(names) > 1 else [""]:
        kept = [i for i, n in enumerate(names) if n != without]
        shares = smaa(low[:, kept], high[:, kept], draws=draws) if options else np.zeros(0)
        found = [first(float(s), draws) for s in shares]
        made += found
        rows += [(o, without, f.share, f.low, f.high) for o, f in zip(options, found, strict=True)]
    table = pd.DataFrame(rows, columns=["option", "without", "share", "low", "high"])
    return Outcome(table, options, value=tuple(made))


@result
def correlations(ed: Edition) -> Outcome:
    """Correlation of the middles of the scores between objectives: where two say the same, weights are not neutral.

    Returns
    -------
    Result
        Columns objective, with, correlation (Pearson; NA where one does not vary); strongest first.
    """
    low, high = ranges(ed)
    names = [o.id for o in objectives(ed)]
    middle = pd.DataFrame((low + high) / 2, columns=names)
    rows = [(a, b, _correlation(middle[a], middle[b])) for i, a in enumerate(names) for b in names[i + 1 :]]
    table = pd.DataFrame(rows, columns=["objective", "with", "correlation"])
    order = table["correlation"].astype(float).abs().sort_values(ascending=False, kind="stable").index
    return Outcome(table.loc[order].reset_index(drop=True), names)


def _correlation(one: pd.Series, other: pd.Series) -> float:
    if one.std() == 0 or other.std() == 0 or len(one) < 3:
        return float("nan")
    return float(one.corr(other))

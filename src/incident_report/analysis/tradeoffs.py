"""Scores of policy options, dominance, and how a ranking depends on the weights (SMAA)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import clopper_pearson
from incident_report.analysis.reach import reaches

DRAWS = 10_000
SEED = 1998
DOUBT = 1.0  # points by which a judged score may be off


@dataclass(frozen=True)
class Criterion:
    """One criterion; `computed` ones are scored from data, all others by judgement."""

    id: str
    label: str
    short: str
    low: str  # what the lowest score means
    high: str
    computed: bool


@dataclass(frozen=True)
class Scores:
    """Scores of options on criteria, higher is better for the party that chooses.

    Attributes
    ----------
    options : tuple of str
        Option ids, in the file's order.
    criteria : tuple of Criterion
        Those in use; a computed one is dropped where the data give no share.
    values, low, high : arrays of shape (options, criteria)
        Score, and the range in which it may lie: a point either way within the scale for judged ones,
        the share's interval for computed ones.
    scale : (lowest, highest)
    dropped : tuple of Criterion
    """

    options: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    scale: tuple[int, int]
    dropped: tuple[Criterion, ...] = ()


@dataclass(frozen=True)
class Acceptability:
    """Result of a stochastic multicriteria acceptability analysis.

    Attributes
    ----------
    ranks : array of shape (options, ranks)
        Share of draws in which an option takes a rank; rows and columns sum to one.
    central : array of shape (options, criteria)
        Mean weights of the draws in which the option ranks first; NaN where it never does.
    confidence : array of shape (options,)
        Share of score draws in which the option ranks first at its central weights; NaN likewise.
    draws : int
    """

    ranks: np.ndarray
    central: np.ndarray
    confidence: np.ndarray
    draws: int

    @property
    def first(self) -> np.ndarray:
        """Share of draws in which each option ranks first."""
        return self.ranks[:, 0]

    @property
    def mean_rank(self) -> np.ndarray:
        """Mean rank of each option, from 1."""
        return self.ranks @ np.arange(1, self.ranks.shape[1] + 1)

    def rank_range(self, tail: float = 0.05) -> list[tuple[int, int]]:
        """Lowest and highest rank of each option once `tail` of the draws is cut at either end."""
        total = self.ranks.cumsum(axis=1)
        best = (total > tail + 1e-12).argmax(axis=1) + 1
        worst = (total >= 1 - tail - 1e-12).argmax(axis=1) + 1
        return [(int(a), int(b)) for a, b in zip(best, worst, strict=True)]


def scores(edition: Edition) -> Scores | None:
    """Scores of the campaign's options, None without options.

    Notes
    -----
    The computed criterion maps a share linearly onto the scale. Where fields leave it open whether an
    option covers an attack, the score stands at the middle of what is possible, and its range runs from
    the lower limit for those covered to the upper limit for those that may be.
    """
    doc = edition.data.options
    if not doc:
        return None
    low, high = doc["scale"]["low"], doc["scale"]["high"]
    declared = [
        Criterion(c["id"], c["label"], c["short"], c["low"], c["high"], "computed" in c) for c in doc["criteria"]
    ]
    found = reaches(edition)
    known = all(r.total.share is not None and r.total.n for r in found)
    used = tuple(c for c in declared if known or not c.computed)
    cells = np.zeros((3, len(found), len(used)))
    for i, r in enumerate(found):
        for j, criterion in enumerate(used):
            if criterion.computed:
                part, open_, n = len(r.total.covered), len(r.total.unknown), r.total.n
                shares = (
                    ((part + open_ / 2) / n, clopper_pearson(part, n)[0], clopper_pearson(part + open_, n)[1])
                    if r.total.settled is None
                    else (float(r.total.settled),) * 3
                )
                cells[:, i, j] = [low + (high - low) * s for s in shares]
            else:
                given = r.option.raw["scores"][criterion.id]["score"]
                cells[:, i, j] = (given, max(low, given - DOUBT), min(high, given + DOUBT))
    return Scores(
        tuple(r.option.id for r in found),
        used,
        cells[0],
        cells[1],
        cells[2],
        (low, high),
        tuple(c for c in declared if c not in used),
    )


def parse_weights(text: str, criteria: Sequence[str]) -> dict[str, float]:
    """Weights from ``criterion=weight`` pairs, comma separated, scaled to sum to one.

    Criteria that are not named weigh 1; an empty text weighs all alike.

    Raises
    ------
    ValueError
        In one line, for an unknown criterion, a repeated one, a weight that is no number of 0 or more,
        or weights that are all 0.
    """
    given: dict[str, float] = {}
    for pair in [p.strip() for p in text.split(",") if p.strip()]:
        name, mark, number = (part.strip() for part in pair.partition("="))
        if not mark:
            raise ValueError(f"weights: {pair!r} is not a pair; write criterion=weight, such as {criteria[0]}=2")
        if name not in criteria:
            raise ValueError(f"weights: there is no criterion {name!r}; there are {', '.join(criteria)}")
        if name in given:
            raise ValueError(f"weights: the criterion {name!r} stands twice")
        try:
            value = float(number)
        except ValueError:
            value = float("nan")
        if not 0 <= value < float("inf"):
            raise ValueError(f"weights: {number!r} for {name} is not a number of 0 or more")
        given[name] = value
    weights = {c: given.get(c, 1.0) for c in criteria}
    total = sum(weights.values())
    if not total > 0:
        raise ValueError("weights: at least one criterion needs a weight above 0")
    return {c: w / total for c, w in weights.items()}


def at_weights(table: Scores, weights: Mapping[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Weighted scores and ranks (1 is highest; equal scores share the better rank).

    Returns
    -------
    two arrays of shape (options,)
    """
    total = table.values @ np.array([weights[c.id] for c in table.criteria])
    ranks = 1 + (total[None, :] > total[:, None] + 1e-9).sum(axis=1)
    return total, ranks


def dominated(table: Scores) -> list[tuple[str, str]]:
    """Pairs (dominated, by): the other scores at least as high on every criterion and higher on one."""
    pairs = []
    for i, one in enumerate(table.options):
        for k, other in enumerate(table.options):
            gap = table.values[k] - table.values[i]
            if (gap >= -1e-9).all() and (gap > 1e-9).any():
                pairs.append((one, other))
    return pairs


def smaa(table: Scores, *, doubt: bool, draws: int = DRAWS, seed: int = SEED) -> Acceptability:
    """Rank acceptability under all weightings.

    Parameters
    ----------
    doubt : bool
        Whether scores vary as well, each uniformly within its range; otherwise only weights do.
    draws : int
        Weight vectors, uniform over all that are non-negative and sum to one (Dirichlet(1, …, 1)).

    Notes
    -----
    Lahdelma, Hokkanen and Salminen (1998), SMAA: stochastic multiobjective acceptability analysis,
    European Journal of Operational Research 106, 137-143; ranks as in Lahdelma and Salminen (2001),
    SMAA-2, Operations Research 49, 444-454. Options with equal scores share the ranks they take up.
    """
    n, m = table.values.shape
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(m), size=draws)
    sample = np.broadcast_to(table.values, (draws, n, m))
    if doubt:
        sample = table.low + (table.high - table.low) * rng.random((draws, n, m))
    total = np.einsum("dnm,dm->dn", sample, weights)
    taken = _shared_ranks(total)
    first = taken[:, :, 0]
    mass = first.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        central = np.where(mass[:, None] > 0, first.T @ weights / mass[:, None], np.nan)
    confidence = np.full(n, np.nan)
    for i in np.flatnonzero(mass > 0):
        confidence[i] = _shared_ranks(sample @ central[i])[:, i, 0].mean()
    return Acceptability(taken.mean(axis=0), central, confidence, draws)


def _shared_ranks(total: np.ndarray) -> np.ndarray:
    """Shape (draws, options, ranks): 1 at the rank taken, split evenly among options that tie."""
    gap = total[:, None, :] - total[:, :, None]  # draws, option, other
    above = (gap > 1e-9).sum(axis=2)
    level = (np.abs(gap) <= 1e-9).sum(axis=2)
    rank = np.arange(total.shape[1])
    inside = (rank >= above[:, :, None]) & (rank < (above + level)[:, :, None])
    return inside / level[:, :, None]

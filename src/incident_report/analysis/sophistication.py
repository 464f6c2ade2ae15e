"""Attacks at each level of the rubric, and how far the trend of a composite depends on its weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import clopper_pearson
from incident_report.analysis.rubric import Rubric, rubric, scored
from incident_report.analysis.shifts import SEED
from incident_report.periods import Quarter

WEIGHTINGS = 1000
CLEAR = 1.96  # standard errors


def filed(edition: Edition) -> tuple[Quarter, ...]:
    """Quarters up to the edition's that have an incidents file; the others are unknown."""
    return tuple(q for q in edition.quarters if edition.has_incidents_file(q))


def components(edition: Edition, series: str) -> pd.DataFrame:
    """Documented attacks at each level of each dimension, per quarter.

    Returns
    -------
    DataFrame
        One row a quarter, dimension and level, plus one whose level and label are NA (unknown): quarter,
        dimension, level Int64, label, count, known (attacks with any level), attacks, share (of the known),
        low, high (Clopper and Pearson, 95%), rows (incident ids). Empty without a rubric.
    """
    rules = rubric(edition)
    columns = ["quarter", "dimension", "level", "label", "count", "known", "attacks", "share", "low", "high", "rows"]
    if rules is None:
        return pd.DataFrame(columns=columns)
    table, made = scored(edition, series), []
    for quarter in filed(edition):
        rows = table[table["quarter"] == str(quarter)]
        for dimension in rules.dimensions:
            values = rows[dimension.id]
            known = int(values.notna().sum())
            steps = [(level.number, level.label) for level in dimension.levels]
            for number, label in [*steps, (None, pd.NA)]:
                hit = values.isna() if number is None else (values == number).fillna(False)
                count = int(hit.sum())
                usable = number is not None and known > 0
                low, high = clopper_pearson(count, known) if usable else (math.nan, math.nan)
                share = count / known if usable else math.nan
                ids = tuple(rows.loc[hit, "incident_id"])
                row = (str(quarter), dimension.id, number, label, count, known, len(rows), share, low, high, ids)
                made.append(row)
    frame = pd.DataFrame(made, columns=columns)
    frame["level"] = frame["level"].astype("Int64")
    return frame


def scaled(table: pd.DataFrame, rules: Rubric) -> np.ndarray:
    """Levels of the composite's dimensions from 0 (lowest) to 1 (highest); NaN unknown. Shape (attacks, dimensions)."""
    columns = [table[d].astype("Float64").to_numpy(float, na_value=np.nan) / rules.find(d).top for d in rules.composite]
    return np.column_stack(columns) if len(table) else np.empty((0, len(rules.composite)))


def composite_values(values: np.ndarray, weights: np.ndarray, minimum_known: int) -> np.ndarray:
    """Weighted mean of the known dimensions.

    Parameters
    ----------
    values : ndarray, shape (attacks, dimensions)
        0 to 1, NaN unknown.
    weights : ndarray, shape (dimensions, weightings)
        Positive; what an unknown dimension would have weighed is shared out over the known ones.
    minimum_known : int
        Attacks with fewer known dimensions stay NaN.

    Returns
    -------
    ndarray, shape (attacks, weightings)
    """
    known = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (np.nan_to_num(values) @ weights) / (known.astype(float) @ weights)
    means[known.sum(axis=1) < minimum_known] = np.nan
    return means


@dataclass(frozen=True)
class Weightings:
    """The trend's sign under random weights.

    Attributes
    ----------
    differences : ndarray, shape (weightings,)
        Edition's mean less the baseline's; empty without a baseline that has known values.
    slopes : ndarray, shape (weightings,)
        Least-squares change per quarter, attack by attack; empty with fewer than three quarters.
    clear_differences, clear_slopes : int
        How many lie more than 1.96 standard errors from zero.
    dimensions : tuple of str
        Those with any known level: the ones that a weight can act on.
    n_now, n_before, n, quarters : int
        Attacks with a composite in the edition, the baseline and in all, and quarters that have one.
    """

    differences: np.ndarray
    slopes: np.ndarray
    clear_differences: int
    clear_slopes: int
    dimensions: tuple[str, ...]
    n_now: int
    n_before: int
    n: int
    quarters: int


def weightings(
    edition: Edition, series: str, quarters: Sequence[Quarter] = (), runs: int = WEIGHTINGS
) -> Weightings | None:
    """Recompute the trend under weights drawn evenly over all possible ones (flat Dirichlet).

    Over `quarters`, or all that have a file.

    Standard errors are Welch's for the difference and the usual least-squares one for the slope; they
    say how many weightings give a sign that the scatter between attacks would not easily produce.
    None without a rubric.
    """
    rules = rubric(edition)
    if rules is None:
        return None
    table = scored(edition, series)
    if quarters:
        table = table[table["quarter"].isin([str(q) for q in quarters])]
    values = scaled(table, rules)
    weights = np.random.default_rng(SEED).dirichlet(np.ones(len(rules.composite)), runs).T
    score = composite_values(values, weights, rules.minimum_known)
    known = ~np.isnan(score[:, 0]) if len(score) else np.zeros(0, bool)
    score, names = score[known], table["quarter"].to_numpy(str)[known]
    place = {str(q): i for i, q in enumerate(filed(edition))}
    times = np.array([place[q] for q in names], dtype=float)
    now, before = score[names == str(edition.quarter)], score[names == str(edition.baseline)]
    differences, clear_differences = np.empty(0), 0
    if len(now) >= 2 and len(before) >= 2:
        differences = now.mean(axis=0) - before.mean(axis=0)
        error = np.sqrt(now.var(axis=0, ddof=1) / len(now) + before.var(axis=0, ddof=1) / len(before))
        clear_differences = int((np.abs(differences) > CLEAR * error + 1e-12).sum())
    slopes, clear_slopes, spans = np.empty(0), 0, np.unique(times).size
    if spans >= 3:
        centred = times - times.mean()
        slopes = centred @ score / (centred @ centred)
        rest = score - score.mean(axis=0) - np.outer(centred, slopes)
        error = np.sqrt((rest**2).sum(axis=0) / max(len(score) - 2, 1) / (centred @ centred))
        clear_slopes = int((np.abs(slopes) > CLEAR * error + 1e-12).sum())
    used = tuple(d for d, column in zip(rules.composite, values.T, strict=True) if not np.isnan(column).all())
    return Weightings(
        _snap(differences), _snap(slopes), clear_differences, clear_slopes, used,
        len(now), len(before), len(score), spans,
    )  # fmt: skip


def _snap(values: np.ndarray) -> np.ndarray:
    """Rounding noise is no sign: values within 1e-9 of zero become zero."""
    return np.where(np.abs(values) < 1e-9, 0.0, values)

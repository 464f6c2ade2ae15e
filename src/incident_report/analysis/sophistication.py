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
from incident_report.analysis.shifts import FEWEST_QUARTERS, SEED
from incident_report.periods import Period

WEIGHTINGS = 1000
CLEAR = 1.96  # standard errors


def filed(edition: Edition) -> tuple[Period, ...]:
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
class Signs:
    """Under how many sets of weights the composite rises, falls, and does so by more than scatter."""

    rising: int
    falling: int
    clear: int
    runs: int


def signs(edition: Edition, series: str, quarters: Sequence[Period], runs: int = WEIGHTINGS) -> Signs | None:
    """Recompute the composite's trend under weights drawn evenly over all possible ones (flat Dirichlet).

    The trend is the least-squares change a quarter, attack by attack; clear where it lies more than 1.96
    standard errors from zero. None without a rubric, or with a composite in fewer than three quarters.
    """
    rules = rubric(edition)
    if rules is None:
        return None
    place = {str(q): i for i, q in enumerate(quarters)}
    table = scored(edition, series)
    table = table[table["quarter"].isin(list(place))]
    weights = np.random.default_rng(SEED).dirichlet(np.ones(len(rules.composite)), runs).T
    score = composite_values(scaled(table, rules), weights, rules.minimum_known)
    known = ~np.isnan(score[:, 0]) if len(score) else np.zeros(0, bool)
    score, times = score[known], table["quarter"].map(place).to_numpy(float)[known]
    if np.unique(times).size < FEWEST_QUARTERS:
        return None
    centred = times - times.mean()
    slopes = centred @ score / (centred @ centred)
    rest = score - score.mean(axis=0) - np.outer(centred, slopes)
    error = np.sqrt((rest**2).sum(axis=0) / (len(score) - 2) / (centred @ centred))
    apart = np.abs(slopes) > 1e-9  # rounding noise is no sign
    clear = apart & (np.abs(slopes) > CLEAR * error)
    return Signs(int((apart & (slopes > 0)).sum()), int((apart & (slopes < 0)).sum()), int(clear.sum()), runs)

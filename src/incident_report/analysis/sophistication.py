"""Components of sophistication first, then a composite, then how far its trend depends on the weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.change import Verdict, direction
from incident_report.analysis.comparability import Support, support
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import clopper_pearson, holm
from incident_report.analysis.rubric import Dimension, Rubric, rubric, scored
from incident_report.analysis.shifts import SEED, Drift, Shift, drift, mean_interval, shift
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
        One row a quarter, dimension and level, plus one of level NA (unknown): quarter, dimension,
        level Int64, label, count, known (attacks with any level), attacks, share (of the known),
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
            for number, label in [*steps, (None, "Unknown")]:
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


@dataclass(frozen=True)
class ComponentTrend:
    """How one dimension moved: edition against baseline, and over all quarters with a file."""

    dimension: Dimension
    shift: Shift | None  # None without a baseline that has a file
    drift: Drift
    known: int  # in the edition's quarter
    attacks: int


def component_trends(edition: Edition, series: str) -> list[ComponentTrend]:
    """One entry a dimension, in the rubric's order; tests are on levels, attack by attack.

    P-values are adjusted over the dimensions (Holm), for the two kinds of comparison apart.
    """
    rules = rubric(edition)
    if rules is None:
        return []
    table = scored(edition, series)
    quarters = filed(edition)
    place = {str(q): i for i, q in enumerate(quarters)}
    found = []
    for dimension in rules.dimensions:
        known = table[table[dimension.id].notna()]
        values = known[dimension.id].astype(float)
        now = values[known["quarter"] == str(edition.quarter)]
        before = edition.baseline if edition.baseline in quarters else None
        move = shift(now, values[known["quarter"] == str(before)]) if before else None
        trend = drift(known["quarter"].map(place).tolist(), values.tolist())
        attacks = int((table["quarter"] == str(edition.quarter)).sum())
        found.append(ComponentTrend(dimension, move, trend, len(now), attacks))
    shifts = _adjusted([t.shift for t in found])
    drifts = _adjusted([t.drift for t in found])
    return [replace(t, shift=s, drift=d) for t, s, d in zip(found, shifts, drifts, strict=True)]


def _adjusted(tests: Sequence[Any]) -> list[Any]:
    """The same tests with p-values and verdicts adjusted together (Holm); untestable ones stay as they are."""
    at = [i for i, t in enumerate(tests) if t is not None and t.verdict is not Verdict.TOO_FEW and not math.isnan(t.p)]
    done = list(tests)
    for i, p in zip(at, holm([tests[i].p for i in at]), strict=True):
        moved = tests[i].difference if isinstance(tests[i], Shift) else tests[i].tau
        done[i] = replace(tests[i], p=p, verdict=direction(moved, p))
    return done


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


def composite(edition: Edition, series: str) -> pd.DataFrame:
    """Mean composite per quarter with its bootstrap interval.

    Returns
    -------
    DataFrame
        quarter, mean, low, high (NaN where fewer than five are known or all are equal), known, attacks.
    """
    rules = rubric(edition)
    made = []
    if rules is not None:
        table = scored(edition, series)
        score = composite_values(scaled(table, rules), np.ones((len(rules.composite), 1)), rules.minimum_known)[:, 0]
        for quarter in filed(edition):
            inside = (table["quarter"] == str(quarter)).to_numpy(bool)
            values = score[inside & ~np.isnan(score)]
            low, high = mean_interval(values)
            mean = float(values.mean()) if values.size else math.nan
            made.append((str(quarter), mean, low, high, values.size, int(inside.sum())))
    return pd.DataFrame(made, columns=["quarter", "mean", "low", "high", "known", "attacks"])


@dataclass(frozen=True)
class CompositeTrend:
    """How the equally weighted composite moved, and whether collection allows the comparison.

    `complete_drift` is the trend over attacks with every dimension known: if it says otherwise than
    `drift`, silence made the trend.
    """

    shift: Shift | None
    drift: Drift
    complete_drift: Drift
    coverage_pair: Support
    coverage_all: Support


def composite_trend(edition: Edition, series: str) -> CompositeTrend | None:
    """Edition against baseline and trend over quarters; None without a rubric."""
    rules = rubric(edition)
    if rules is None:
        return None
    table, quarters = scored(edition, series), filed(edition)
    values = scaled(table, rules)
    score = composite_values(values, np.ones((len(rules.composite), 1)), rules.minimum_known)[:, 0]
    known, whole = ~np.isnan(score), ~np.isnan(values).any(axis=1)
    names = table["quarter"].to_numpy(str)
    place = {str(q): i for i, q in enumerate(quarters)}
    before = edition.baseline if edition.baseline in quarters else None
    move = None
    if before is not None:
        move = shift(score[known & (names == str(edition.quarter))], score[known & (names == str(before))])
    trend, complete = (drift([place[q] for q in names[k]], score[k].tolist()) for k in (known, whole))
    pair = [q for q in (before, edition.quarter) if q is not None]
    return CompositeTrend(move, trend, complete, support(edition, series, *pair), support(edition, series, *quarters))


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


def weightings(edition: Edition, series: str, runs: int = WEIGHTINGS) -> Weightings | None:
    """Recompute the trend under weights drawn evenly over all possible ones (flat Dirichlet).

    Standard errors are Welch's for the difference and the usual least-squares one for the slope; they
    say how many weightings give a sign that the scatter between attacks would not easily produce.
    None without a rubric.
    """
    rules = rubric(edition)
    if rules is None:
        return None
    table = scored(edition, series)
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

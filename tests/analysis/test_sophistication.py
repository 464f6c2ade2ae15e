"""Levels, composite, weights, shifts and drifts against values worked out elsewhere."""

from __future__ import annotations

import math

import numpy as np
import pytest
from editions import founding

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import main_series
from incident_report.analysis.shifts import drift, shift
from incident_report.analysis.sophistication import components, composite_values, signs

# R 4.2.2: cor.test(t, v, method = "kendall", exact = FALSE)
TIMES = [0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2]
VALUES = [3, 1, 2, 3, 1, 2, 1, 0, 2, 0, 1, 0, 1, 0, 1]
R_TAU, R_TAU_P = -0.6238502939, 0.0074398080


@pytest.fixture(scope="module")
def edition():
    return founding()


def test_drift_agrees_with_r() -> None:
    found = drift([*TIMES, 0, 0], [*VALUES, 3, 3])  # five in every quarter, for the rule
    assert found.verdict is Verdict.FALL
    from scipy import stats

    plain = stats.kendalltau(TIMES, VALUES)
    assert plain.statistic == pytest.approx(R_TAU, abs=1e-6)
    assert plain.pvalue == pytest.approx(R_TAU_P, abs=1e-3)  # R and scipy differ in the variance of ties


def test_drift_needs_three_quarters_of_five() -> None:
    assert drift([0] * 9 + [1] * 9, list(range(18))).verdict is Verdict.TOO_FEW
    assert drift([0] * 5 + [1] * 5 + [2] * 5, [1] * 15).verdict is Verdict.LEVEL


def test_shift_knows_too_few_equal_and_different() -> None:
    assert shift([1, 2, 3, 4], [9] * 9).verdict is Verdict.TOO_FEW
    assert shift([2] * 6, [2] * 6).verdict is Verdict.LEVEL
    assert shift([5, 6, 7, 8, 9, 9], [1, 1, 2, 2, 3, 3]).verdict is Verdict.RISE
    assert shift([1, 1, 2, 2, 3, 3], [5, 6, 7, 8, 9, 9]).verdict is Verdict.FALL
    assert math.isnan(shift([], [1] * 5).now)


def test_shift_rarely_invents_a_change() -> None:
    rng = np.random.default_rng(7)
    wrong = sum(shift(*rng.poisson(2, (2, 12))).verdict is not Verdict.LEVEL for _ in range(60))
    assert wrong <= 8  # nominal 5% of 60 is 3; more than 8 has probability below 0.01


def test_composite_shares_out_the_weight_of_what_is_not_known() -> None:
    values = np.array([[0.0, 1.0, 0.5], [0.0, np.nan, 1.0], [1.0, np.nan, np.nan]])
    equal = composite_values(values, np.ones((3, 1)), 2)[:, 0]
    assert equal[:2] == pytest.approx([0.5, 0.5]) and math.isnan(equal[2])
    heavy = composite_values(values, np.array([[2.0], [1.0], [1.0]]), 1)[:, 0]
    assert heavy == pytest.approx([0.375, 1 / 3, 1.0])


def test_founding_edition_components(edition) -> None:
    table = components(edition, "rocket_drone")
    scale = table[(table["quarter"] == "2020Q3") & (table["dimension"] == "scale")]
    assert scale["count"].tolist() == [10, 14, 1, 0, 1]  # counted by hand in 2020Q3.csv
    assert set(scale["known"]) == {25} and set(scale["attacks"]) == {26}
    trigger = table[table["dimension"] == "trigger"]
    assert (trigger["known"] == 0).all() and trigger["share"].isna().all()
    every = table.groupby(["quarter", "dimension"])["count"].sum()
    assert (every == table.groupby(["quarter", "dimension"])["attacks"].first()).all()


def test_signs_are_a_thousand_and_repeatable(edition) -> None:
    one, two = (signs(edition, "rocket_drone", edition.quarters) for _ in range(2))
    assert one is not None and one == two and one.runs == 1000
    assert one.rising + one.falling <= 1000 and one.falling > 950 and one.clear <= one.falling + one.rising
    assert signs(edition, "rocket_drone", edition.quarters[-2:]) is None  # two quarters have no slope


def test_the_series_followed_is_the_best_documented(edition) -> None:
    assert main_series(edition) == "rocket_drone"
    with pytest.raises(ValueError, match="'tanks', which does not exist"):
        main_series(edition, "tanks")

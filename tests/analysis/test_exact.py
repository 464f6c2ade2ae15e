"""Exact distributions against every regrouping, and what may be said of a share of draws."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from incident_report.analysis.exact import grid, passes, rarefied, settled, subset_p

STEPS = st.lists(st.integers(0, 6), min_size=2, max_size=9)


@settings(max_examples=60, deadline=None)
@given(STEPS, st.data(), st.sampled_from([1.0, 0.25, 1 / 3]))
def test_a_subset_s_p_is_that_of_all_subsets(steps: list[int], data: st.DataObject, unit: float) -> None:
    values = tuple(unit * s for s in steps)
    size = data.draw(st.integers(1, len(values) - 1))
    sums = np.array([sum(steps[i] for i in c) for c in combinations(range(len(steps)), size)])
    own = sum(steps[:size])
    assert subset_p(values, tuple(range(size))) == pytest.approx(
        min(1.0, 2 * min((sums <= own).mean(), (sums >= own).mean()))
    )


def test_it_is_scipy_s_permutation_test_without_draws() -> None:
    a, b = [1, 2, 2, 5, 9], [1, 1, 2, 3, 1, 2]
    test = stats.permutation_test((a, b), lambda x, y: np.mean(x) - np.mean(y), n_resamples=np.inf)
    assert subset_p((*map(float, a), *map(float, b)), tuple(range(len(a)))) == pytest.approx(test.pvalue)


@given(st.lists(st.fractions(0, 5, max_denominator=12).map(float), min_size=1, max_size=8))
def test_a_grid_gives_the_values_back(values: list[float]) -> None:
    found = grid(tuple(values))
    if found is not None:
        steps, unit, least = found
        assert [least + unit * s for s in steps] == pytest.approx(values)


def test_what_lies_on_no_grid_is_left_to_draws() -> None:
    assert grid((0.1234567, 2**0.5)) is None and subset_p((2**0.5, 1.0, 3.0), (0,)) is None


def test_no_threshold_is_applied_within_the_error_of_draws() -> None:
    assert passes(0.0495, 10_000, 0.05) is None and passes(0.0502, 10_000, 0.05) is None
    assert passes(0.0502, 2_000_000, 0.05) is None
    assert passes(0.06, 10_000, 0.05) is True and passes(0.04, 10_000, 0.05) is False
    assert settled(0.05, 10_000) == 2 and settled(0.05, 2_000_000) == 3


# Worked example of Magurran (1988), p. 128 f.; the curve from the R package tabula 3.
TRAP = (9, 3, 4, 2, 1, 1, 1, 1, 1)


def test_rarefaction_gives_published_values() -> None:
    assert round(rarefied(TRAP, 13).mean, 2) == 6.56
    curve = {1: 1.0, 2: 1.818182, 3: 2.5048, 5: 3.616393, 10: 5.622502, 12: 6.260802}
    assert {n: rarefied(TRAP, n).mean for n in curve} == pytest.approx(curve, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_rarefaction_is_the_mean_over_all_samples(counts: list[int], data: st.DataObject) -> None:
    items = [kind for kind, n in enumerate(counts) for _ in range(n)]
    n = data.draw(st.integers(0, len(items)))
    seen = [len({items[i] for i in drawn}) for drawn in combinations(range(len(items)), n)]
    found = rarefied(tuple(counts), n)
    assert found.mean == pytest.approx(np.mean(seen)) and found.sd == pytest.approx(np.std(seen), abs=1e-7)


@pytest.mark.parametrize("n", [-1, sum(TRAP) + 1])
def test_rarefaction_needs_enough_items(n: int) -> None:
    with pytest.raises(ValueError, match=f"between 0 and {sum(TRAP)}"):
        rarefied(TRAP, n)

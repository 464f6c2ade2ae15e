"""What is counted without `scipy.stats` has its values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from incident_report.analysis.masses import log_multinomial, log_negative_binomial, log_poisson
from incident_report.analysis.rates import binom_test, log_binomial
from incident_report.analysis.shifts import kendall

SHARES = st.floats(0.001, 0.999)


@given(st.integers(0, 400), st.floats(0, 300))
def test_poisson(count: int, mean: float) -> None:
    assert log_poisson(count, mean) == pytest.approx(stats.poisson.logpmf(count, mean), rel=1e-9, abs=1e-9)


@given(st.integers(0, 400), st.integers(0, 400), SHARES)
def test_binomial(part: int, rest: int, share: float) -> None:
    whole = part + rest
    assert log_binomial(part, whole, share) == pytest.approx(stats.binom.logpmf(part, whole, share), abs=1e-8)


@given(st.integers(0, 400), st.floats(0.01, 500), SHARES)
def test_negative_binomial(count: int, shape: float, p: float) -> None:
    assert log_negative_binomial(count, shape, p) == pytest.approx(stats.nbinom.logpmf(count, shape, p), abs=1e-8)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 92)), min_size=2, max_size=4))
def test_multinomial(cells: list[tuple[int, int]]) -> None:
    parts, days = np.array(cells).T
    share = days / days.sum()
    assert log_multinomial(parts, share) == pytest.approx(stats.multinomial.logpmf(parts, parts.sum(), share), abs=1e-8)


@given(st.integers(0, 300), st.integers(0, 300), SHARES | st.sampled_from((0.5, 0.25, 91 / 183)))
def test_the_exact_test_of_a_share(part: int, rest: int, share: float) -> None:
    assume(part + rest)
    assert binom_test(part, part + rest, share) == pytest.approx(
        stats.binomtest(part, part + rest, share).pvalue, rel=1e-9, abs=1e-280
    )


def test_a_share_of_a_million_is_tested_at_once() -> None:
    assert binom_test(500_900, 1_000_000) == pytest.approx(stats.binomtest(500_900, 1_000_000).pvalue, rel=1e-6)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-3, 9)), min_size=7, max_size=60))
def test_kendall_s_tau_with_ties(pairs: list[tuple[int, int]]) -> None:
    times, values = np.array(pairs).T
    assume(np.ptp(times) and np.ptp(values))
    expected = stats.kendalltau(times, values, method="asymptotic")
    assert kendall(times, values.astype(float)) == pytest.approx((expected.statistic, expected.pvalue), abs=1e-10)

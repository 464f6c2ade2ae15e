"""Simulated rates: intervals cover, tests rarely cry wolf, change points are found and seldom invented."""

import numpy as np
import pandas as pd
import pytest

from incident_report.analysis import changepoint, rates, timing

DRAWS = 10_000


@pytest.mark.parametrize("mean", [0.5, 3, 11, 27, 60])
def test_garwood_covers(mean: float) -> None:
    # Garwood's interval covers in at least 95% of cases by construction; recorded in docs/method.md.
    drawn = np.random.default_rng(1).poisson(mean, DRAWS)
    limits = {int(n): rates.garwood(int(n)) for n in np.unique(drawn)}
    hits = np.mean([limits[int(n)][0] <= mean <= limits[int(n)][1] for n in drawn])
    assert 0.95 <= hits <= 0.995


@pytest.mark.parametrize(("mean", "ratio"), [(11, 1.0), (11, 2.5), (27, 1.0), (3, 1.0)])
def test_rate_ratio_covers_and_rarely_rejects(mean: float, ratio: float) -> None:
    rng = np.random.default_rng(2)
    pairs = np.column_stack([rng.poisson(mean * ratio * 87 / 91, DRAWS), rng.poisson(mean, DRAWS)])
    kinds, inverse = np.unique(pairs, axis=0, return_inverse=True)
    tests = [rates.rate_ratio(int(a), 87, int(b), 91) for a, b in kinds]
    cover = np.array([t.low <= ratio <= t.high for t in tests])[inverse].mean()
    reject = np.array([t.p < 0.05 for t in tests])[inverse].mean()
    assert cover >= 0.948
    if ratio == 1.0:
        assert reject <= 0.052


def series(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=pd.date_range("2020-01-01", periods=len(values)))


def test_change_points_are_seldom_invented() -> None:
    rng = np.random.default_rng(3)
    found = [changepoint.posterior(series(rng.poisson(rate, 182))) for rate in (0.1, 0.3) for _ in range(30)]
    alarms = np.mean([f.p_change >= changepoint.SURE for f in found if f is not None])
    assert alarms <= 0.07


def test_a_planted_change_is_found_in_its_quarter() -> None:
    rng = np.random.default_rng(4)
    hits, mass = [], []
    for _ in range(20):
        values = np.concatenate([rng.poisson(0.12, 182), rng.poisson(0.40, 92)])
        found = changepoint.posterior(series(values))
        assert found is not None
        hits.append(found.p_change >= changepoint.SURE)
        mass.append(found.given_one[182 - 30 : 182 + 30].sum())
    assert np.mean(hits) >= 0.75  # measured: 0.87 for a rate that rises from 3.6 to 12 per 30 days
    assert np.mean(mass) >= 0.7


def test_dispersion_holds_its_level_and_finds_bursts() -> None:
    rng = np.random.default_rng(5)
    steady = [timing.clustering(series(rng.poisson(0.3, 92))) for _ in range(200)]
    assert np.mean([c.dispersion_p < 0.05 for c in steady if c]) <= 0.09
    days = rng.integers(0, 92, size=(40, 7))
    bursts = [timing.clustering(series(np.bincount(np.repeat(d, 4), minlength=92))) for d in days]
    assert np.mean([c.dispersion_p < 0.05 for c in bursts if c]) >= 0.9


@pytest.mark.parametrize("cell", [1, 7])
def test_the_exact_dispersion_is_what_simulation_draws(cell: int) -> None:
    rng = np.random.default_rng(6)
    values = np.bincount(rng.integers(0, 60, 20), minlength=60)
    values[3] += 3
    value, p = timing.dispersion_test(values, cell)
    boxes = 60 // cell
    drawn = np.array([np.bincount(rng.integers(0, 60, values.sum()), minlength=60) for _ in range(4000)])
    sums = drawn[:, 60 - boxes * cell :].reshape(4000, boxes, cell).sum(axis=2)
    share = np.mean(sums.var(axis=1, ddof=1) / sums.mean(axis=1) >= value - 1e-9)
    assert share == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / 4000) + 1e-3)


def test_evidence_agrees_with_counting_by_hand() -> None:
    """The recursion equals the sum over every division of a short series (Fearnhead 2006, eq. 5)."""
    values = np.array([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 2, 0, 4, 1, 2, 3, 0, 1, 2, 4, 1, 0, 2, 3, 1])
    size, hazard, shape, rate = len(values), 0.02, 1.0, 1.2
    log = changepoint._Stretches(values, shape, rate)
    total = 0.0
    for cut in [None, *range(1, size)]:  # with stretches of 14 days or more, at most one change fits in 30 days
        parts = [(0, size)] if cut is None else [(0, cut), (cut, size)]
        changes = len(parts) - 1
        total += np.exp(sum(log[a, b] for a, b in parts)) * hazard**changes * (1 - hazard) ** (size - 1 - changes)
    every, by_number = changepoint._backward(log, hazard, 1)
    assert np.exp(every[0]) == pytest.approx(total, rel=1e-10)
    assert np.exp(by_number[:, 0]).sum() == pytest.approx(total, rel=1e-10)
    forward = changepoint._forward(log, hazard)
    days = np.arange(1, size)
    starts = np.exp(forward[days] + every[days] - every[0]).sum()  # at most one change fits, so this is its chance
    assert starts == pytest.approx(np.exp(by_number[1, 0] - every[0]), rel=1e-10)


def test_a_stretch_has_the_gamma_poisson_likelihood() -> None:
    """Against the product of negative-binomial predictive probabilities (Gelman et al. 2013, 2.6)."""
    from scipy import stats

    values = np.array([0, 2, 1, 0, 3, 0, 0, 1, 2, 0, 1, 1, 0, 4, 0])
    shape, rate = 1.0, 0.8
    direct, a, b = 0.0, shape, rate
    for v in values:
        direct += stats.nbinom.logpmf(v, a, b / (b + 1))
        a, b = a + v, b + 1
    from scipy.special import gammaln

    ours = changepoint._Stretches(values, shape, rate)[0, len(values)] - gammaln(values + 1).sum()
    assert ours == pytest.approx(direct, rel=1e-10)

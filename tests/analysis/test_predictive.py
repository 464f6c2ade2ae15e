"""The outlook's distributions: against R, against closed forms, and by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from incident_report.analysis import predictive as predictive_module
from incident_report.analysis.predictive import (
    HALF_LIVES,
    LEVELS,
    Past,
    _discounted,
    drifting,
    gammas,
    memory_fit,
    pooled_rate,
    scattered,
)

PS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
# R 4.2.2: qnbinom(p, a, b / (b + e)) for p in PS and pnbinom(c(0, 3, 20), a, b / (b + e)).
R = [
    [0.5, 0.5, 87, [0, 1, 9, 39, 115, 236, 438], [0.0755928946018, 0.164417781047, 0.374230627752]],
    [31.8, 0.5, 87, [3775, 4315, 4842, 5475, 6161, 6826, 7621], [0.0, 0.0, 0.0]],
    [1, 18.3, 87, [0, 0, 1, 3, 7, 12, 19], [0.173789173789, 0.534024024982, 0.981848667594]],
    [31.8, 18.3, 87, [99, 115, 130, 149, 170, 190, 214], [0.0, 0.0, 1.95902232536e-12]],
    [240, 18.3, 87, [987, 1038, 1085, 1139, 1195, 1246, 1305], [0.0, 0.0, 0.0]],
    [3.7, 162.3, 87, [0, 0, 1, 2, 3, 4, 6], [0.204317747888, 0.827948802424, 0.999999906159]],
    [240, 162.3, 87, [102, 111, 119, 128, 138, 147, 157], [0.0, 0.0, 0.0]],
    [1, 0.5, 92, [4, 19, 53, 127, 255, 424, 680], [0.00540540540541, 0.0214469420717, 0.107582687658]],
    [1, 18.3, 92, [0, 0, 1, 3, 7, 12, 20], [0.165911151405, 0.515995655875, 0.97784567038]],
    [3.7, 162.3, 92, [0, 0, 1, 2, 3, 5, 7], [0.189844050203, 0.8085186619, 0.999999809759]],
    [240, 162.3, 92, [108, 118, 126, 136, 146, 155, 166], [0.0, 0.0, 0.0]],
]


@pytest.mark.parametrize(("a", "b", "e", "quantiles", "tails"), R)
def test_one_gamma_is_rs_negative_binomial(
    a: float, b: float, e: int, quantiles: list[int], tails: list[float]
) -> None:
    one = gammas([a], [b], [1])
    assert [one.quantile(p, e) for p in PS] == quantiles
    assert [one.cdf(c, e) for c in (0, 3, 20)] == pytest.approx(tails, abs=1e-6)
    assert one.mean(e) == pytest.approx(a / b * e)
    assert one.above(3, e) == pytest.approx(1 - tails[1], abs=1e-6)


def test_a_mixture_is_the_weighted_sum() -> None:
    mixed = gammas([2, 30], [50, 100], [1, 3])
    for count in (0, 5, 40):
        parts = [stats.nbinom.cdf(count, a, b / (b + 90)) for a, b in ((2, 50), (30, 100))]
        assert mixed.cdf(count, 90) == pytest.approx(0.25 * parts[0] + 0.75 * parts[1], abs=1e-12)
    assert mixed.cdf(-1, 90) == 0.0


def test_forgetting_by_hand() -> None:
    # Half-life of one quarter: the last counts half, the one before a quarter.
    past = [Past(8, 90, 2), Past(20, 80, 1)]
    one = drifting(past, 1.0)
    assert one.shape[0] == pytest.approx(1 + 8 / 4 + 20 / 2)
    assert one.days[0] == pytest.approx(170.5 / 28.5 + 90 / 4 + 80 / 2)


def test_memories_are_weighted_by_what_they_predicted() -> None:
    past = [Past(8, 90, 3), Past(20, 80, 2), Past(5, 92, 1)]
    fit = memory_fit(past)
    for life, value in zip(HALF_LIVES, fit, strict=True):
        a1, b1 = _discounted([Past(8, 90, 1)], life)
        a2, b2 = _discounted([Past(8, 90, 2), Past(20, 80, 1)], life)
        by_hand = stats.nbinom.logpmf(20, a1, b1 / (b1 + 80)) + stats.nbinom.logpmf(5, a2, b2 / (b2 + 92))
        assert value == pytest.approx(by_hand, abs=1e-9)
    weights = np.exp(np.array(fit) - max(fit))
    assert drifting(past).weight == pytest.approx(weights / weights.sum())


def test_a_steady_record_makes_memory_long_and_ranges_narrow() -> None:
    steady = [Past(20, 91, 12 - i) for i in range(12)]
    wild = [Past(5 if i % 2 else 35, 91, 12 - i) for i in range(12)]
    narrow, wide = (drifting(p).range(95, 91) for p in (steady, wild))
    assert narrow[1] - narrow[0] < wide[1] - wide[0]
    assert scattered(steady).range(95, 91)[1] < scattered(wild).range(95, 91)[1]


@pytest.mark.parametrize("model", [drifting, scattered])
@pytest.mark.parametrize("counts", [[0], [0, 0, 0], [1], [7, 22, 9, 26], [0, 2, 1, 29], [5000, 1], [0, 9000]])
def test_ranges_are_nested_hold_their_level_and_agree_with_inside(model: Callable, counts: list[int]) -> None:
    predictive = model([Past(c, 91, len(counts) - i) for i, c in enumerate(counts)])
    before = None
    for level in LEVELS:
        low, high = predictive.range(level, 92)
        assert 0 <= low <= high
        assert predictive.held(level, 92) >= level / 100 - 1e-9
        if before:
            assert low <= before[0] and before[1] <= high
        before = (low, high)
        for count in {max(0, low - 1), low, (low + high) // 2, high, high + 1}:
            assert predictive.inside(count, level, 92) is (low <= count <= high)
    assert math.isclose(float(predictive.weight.sum()), 1.0)


def test_a_partial_quarter_is_a_rate_per_day() -> None:
    # The same rate over half the days gives the same expectation, held more loosely.
    whole, half = drifting([Past(20, 90, 1)], 1.0), drifting([Past(10, 45, 1)], 1.0)
    assert whole.mean(90) == pytest.approx(half.mean(90), rel=0.01)
    assert half.range(95, 90)[1] > whole.range(95, 90)[1]


def test_a_missing_quarter_ages_what_came_before() -> None:
    assert drifting([Past(20, 90, 1)], 1.0).shape[0] > drifting([Past(20, 90, 2)], 1.0).shape[0]


@pytest.mark.parametrize("past", [[], [Past(-1, 90, 1)], [Past(1, 0, 1)], [Past(1, 90, 0)]])
def test_nonsense_is_refused(past: list[Past]) -> None:
    for model in (drifting, scattered):
        with pytest.raises(ValueError, match="past quarter"):
            model(past)


def test_other_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="half-life"):
        drifting([Past(1, 90, 1)], -1)
    with pytest.raises(ValueError, match="quantile"):
        gammas([1], [1], [1]).quantile(1.0, 90)


def _hits(model: Callable, draw: Callable, quarters: int, runs: int) -> dict[int, float]:
    """Share of simulated next counts inside each range."""
    random = np.random.default_rng(2020)
    hits = dict.fromkeys(LEVELS, 0)
    for _ in range(runs):
        counts = draw(random, quarters + 1)
        predictive = model([Past(int(c), 91, quarters - i) for i, c in enumerate(counts[:-1])])
        for level in LEVELS:
            hits[level] += predictive.inside(int(counts[-1]), level, 91)
    return {level: hits[level] / runs for level in LEVELS}


def _own(random: np.random.Generator, quarters: int) -> list[int]:
    """Counts drawn from the model itself: a memory, then each quarter from what it predicts."""
    life = HALF_LIVES[random.integers(len(HALF_LIVES))]
    counts = [int(random.poisson(random.gamma(2, 10)))]
    for i in range(1, quarters):
        shape, days = _discounted([Past(c, 91, i - j) for j, c in enumerate(counts)], life)
        counts.append(int(random.poisson(random.gamma(shape, 1 / days) * 91)))
    return counts


def test_ranges_hit_at_their_nominal_rate_where_the_model_holds() -> None:
    found = _hits(drifting, _own, 3, 300)
    for level in LEVELS:  # three standard errors below; whole numbers make ranges hold a little more
        error = math.sqrt(level * (100 - level) / 300) / 100
        assert level / 100 - 3 * error <= found[level] <= min(1.0, level / 100 + 0.12)


def test_ranges_hold_for_a_steady_rate_and_for_a_moderate_drift() -> None:
    def walk(random: np.random.Generator, quarters: int) -> np.ndarray:
        return random.poisson(20 * np.exp(np.cumsum(random.normal(0, 0.3, quarters))))

    steady = _hits(drifting, lambda r, k: r.poisson(20, k), 3, 150)
    assert all(steady[level] >= level / 100 for level in LEVELS)
    drift = _hits(drifting, walk, 3, 250)
    assert all(abs(drift[level] - level / 100) < 0.09 for level in LEVELS)


def test_the_alternative_holds_for_overdispersed_counts() -> None:
    def scatter(random: np.random.Generator, quarters: int) -> np.ndarray:
        return random.poisson(20 * random.gamma(4, 0.25, quarters))

    found = _hits(scattered, scatter, 8, 150)
    assert all(abs(found[level] - level / 100) < 0.13 for level in LEVELS)


def test_pooled_rate_exists_without_attacks() -> None:
    assert 0 < pooled_rate([Past(0, 91, 1)]) < 0.01


def test_the_grid_is_fine_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finer and wider grid changes no printed number; documented convoys of the founding data."""
    past = [Past(0, 92, 4), Past(2, 91, 3), Past(1, 91, 2), Past(29, 92, 1)]

    def printed() -> tuple:
        made = scattered(past)
        return (made.quantile(0.5, 92), made.range(50, 92), made.range(95, 92), round(made.above(29, 92), 3))

    assert printed() == (5, (1, 12), (0, 49), 0.072)
    for name, value in (("SPREADS", 400), ("CENTRES", 801), ("WIDEST", 6.0)):
        monkeypatch.setattr(predictive_module, name, value)
    assert printed() == (5, (1, 12), (0, 49), 0.072)

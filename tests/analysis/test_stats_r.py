"""Exact tests and intervals agree with R: values recorded by R 4.2.2 in r_values.json."""

import json
import math
from pathlib import Path

import pytest

from incident_report.analysis import rates

VALUES = json.loads((Path(__file__).parent / "r_values.json").read_text("utf-8"))


def close(ours: float, theirs: float | str | None) -> bool:
    if theirs is None:
        return math.isnan(ours)
    if theirs == "Inf":
        return ours == math.inf
    return ours == pytest.approx(theirs, rel=1e-6, abs=1e-12)


def test_values_come_from_r() -> None:
    assert VALUES["r_version"].startswith("R version 4")


@pytest.mark.parametrize("case", VALUES["poisson_test"], ids=lambda c: f"{c['x']}-{c['t']}")
def test_rate_ratio(case: dict) -> None:
    test = rates.rate_ratio(case["x"][0], case["t"][0], case["x"][1], case["t"][1])
    for ours, theirs in ((test.p, "p"), (test.low, "low"), (test.high, "high"), (test.ratio, "ratio")):
        assert close(ours, case[theirs]), theirs


@pytest.mark.parametrize("case", VALUES["garwood"], ids=lambda c: f"{c['x']}-{c['level']}")
def test_garwood(case: dict) -> None:
    low, high = rates.garwood(case["x"], case["level"])
    assert close(low, case["low"]) and close(high, case["high"])


@pytest.mark.parametrize("case", VALUES["binom_test"], ids=lambda c: f"{c['x']}-{c['n']}-{c['p0']}")
def test_binomial(case: dict) -> None:
    low, high = rates.clopper_pearson(case["x"], case["n"])
    assert close(low, case["low"]) and close(high, case["high"])
    assert close(rates.binom_test(case["x"], case["n"], case["p0"]), case["p"])


@pytest.mark.parametrize("case", VALUES["prop_trend_test"], ids=lambda c: f"{c['x']}-{c['score'][-1]}")
def test_trend(case: dict) -> None:
    trend = rates.prop_trend(case["x"], case["n"], case["score"])
    assert close(trend.statistic, case["statistic"]) and close(trend.p, case["p"])


@pytest.mark.parametrize("case", VALUES["holm"], ids=lambda c: str(c["p"]))
def test_holm(case: dict) -> None:
    assert rates.holm(case["p"]) == pytest.approx(case["holm"], abs=1e-12)


def test_holm_of_nothing() -> None:
    assert rates.holm([]) == []


@pytest.mark.parametrize("call", [lambda: rates.garwood(-1), lambda: rates.clopper_pearson(1, 0),
                                  lambda: rates.clopper_pearson(3, 2), lambda: rates.rate_ratio(1, 0, 1, 9),
                                  lambda: rates.rate_ratio(-1, 9, 1, 9), lambda: rates.prop_trend([1], [2]),
                                  lambda: rates.prop_trend([3, 1], [2, 2])])  # fmt: skip
def test_nonsense_is_refused(call) -> None:
    with pytest.raises(ValueError):
        call()

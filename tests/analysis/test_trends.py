"""Trends of what attacks are like: one family, one rule, and none over quarters that cannot be compared."""

from __future__ import annotations

import pytest
from made import FOUNDING, Q2, Q3, edition, spread, tally

from incident_report.analysis.change import ALPHA, Verdict
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import holm
from incident_report.analysis.robustness import robustness
from incident_report.analysis.trends import Trend, comparable, trend_tests, trends
from incident_report.periods import Period

KEPT = [tally("rocket_drone", Q2, 12), tally("rocket_drone", Q3, 12)]


def salvos(before: list[int], now: list[int]) -> list[dict]:
    rows = [*spread(len(before), Q2), *spread(len(now))]
    return [{**r, "munition_count": n} for r, n in zip(rows, [*before, *now], strict=True)]


def named(ed: Edition, series: str, name: str) -> Trend:
    """One test out of its family."""
    return next(t for t in trends(ed, series) if t.name == name)


def test_every_clear_trend_is_clear_among_all_of_its_family() -> None:
    made = [t for t in trends(FOUNDING, "rocket_drone") if t.p == t.p]
    assert [t.p_adjusted for t in made] == pytest.approx(holm([t.p for t in made]))
    assert {t.method for t in made} == {"permutation", "kendall", "cochran_armitage"}
    for t in made:
        assert t.p_adjusted < ALPHA or t.verdict not in (Verdict.RISE, Verdict.FALL)


def test_a_trend_runs_over_the_quarters_whose_record_kept_pace() -> None:
    assert comparable(FOUNDING, "rocket_drone") == tuple(Period(2020, n) for n in (1, 2, 3))
    assert named(FOUNDING, "rocket_drone", "casualties.trend").quarters == comparable(FOUNDING, "rocket_drone")
    for name in ("munitions.baseline", "casualties.trend"):
        found = named(FOUNDING, "logistics_convoy", name)
        assert found.verdict is Verdict.NOT_COMPARABLE and "coverage_thin" in found.because


def test_a_clear_difference_of_a_record_that_did_not_keep_pace_is_not_one() -> None:
    rows = salvos([1] * 12, [9] * 12)
    assert named(edition(rows, KEPT), "rocket_drone", "munitions.baseline").verdict is Verdict.RISE
    thin = [tally("rocket_drone", Q2, 60), tally("rocket_drone", Q3, 12)]
    assert named(edition(rows, thin), "rocket_drone", "munitions.baseline").verdict is Verdict.NOT_COMPARABLE
    assert named(edition(rows, []), "rocket_drone", "munitions.baseline").because == ("coverage_unknown",)


def test_one_row_decides_a_trend_and_is_found_out() -> None:
    """Munitions are a clear rise with the one odd salvo left out, and not with it."""
    steady = robustness(edition(salvos([1] * 12, [9] * 12), KEPT), finding="munitions.baseline")
    assert steady.verdict is Verdict.RISE and "single_row" in steady.survives
    for odd in range(10, 400, 10):
        ed = edition(salvos([2] * 11 + [odd], [4] * 12), KEPT)
        found = robustness(ed, finding="munitions.baseline")
        if found.verdict is Verdict.LEVEL:
            break
    assert found.fragile and found.flips["single_row"]["verdict"] == "rise"


def test_the_family_is_a_table() -> None:
    found = trend_tests(FOUNDING, series="rocket_drone")
    assert list(found["name"])[:3] == ["munitions.baseline", "munitions.first", "munitions.trend"]
    assert len(found) == len(trends(FOUNDING, "rocket_drone"))

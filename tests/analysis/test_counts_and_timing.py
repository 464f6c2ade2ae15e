"""Small parts of the frequency analysis against values worked out by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from editions import founding
from made import edition, spread, tally

from incident_report.analysis import coverage, exposure, places, timing, triangulation
from incident_report.analysis.by_period import by_part
from incident_report.analysis.change import Verdict, compare
from incident_report.analysis.comparisons import changes
from incident_report.analysis.counts import DOCUMENTED, TALLY
from incident_report.analysis.edition import Edition
from incident_report.periods import Period, Window

ED = founding()
Q1, Q2, Q3 = (Period(2020, n) for n in (1, 2, 3))


def days(*values: int) -> pd.Series:
    return pd.Series(list(values), index=pd.date_range("2020-01-01", periods=len(values)))


def test_counts_of_the_founding_data() -> None:
    tallied = [[ED.record(s).count(q, TALLY).count for q in (Q1, Q2, Q3)] for s in ("logistics_convoy", "rocket_drone")]
    documented = [
        [ED.record(s).count(q, DOCUMENTED).count for q in (Q1, Q2, Q3)] for s in ("logistics_convoy", "rocket_drone")
    ]
    assert tallied == [[14, 27, 25], [19, 11, 27]]
    assert documented == [[2, 1, 29], [21, 9, 26]]  # 7 March is listed as doubtful
    now = ED.record("rocket_drone").count(Q3, TALLY)
    assert now.days == 86  # best guess of an end that nobody states: 24 September
    assert now.rate == pytest.approx(27 * 30 / 86)


def test_months_add_up_to_quarters() -> None:
    for series in ED.series:
        total = sum(c.count for c in by_part(ED, series.id) if c.count is not None)
        assert total == len(ED.incidents(None, series.id))


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        ((27, 87), (11, 91), Verdict.RISE),
        ((11, 91), (27, 87), Verdict.FALL),
        ((25, 87), (27, 91), Verdict.LEVEL),
        ((5, 92), (0, 91), Verdict.TOO_FEW),
        ((6, 92), (0, 91), Verdict.RISE),
        ((0, 92), (0, 91), Verdict.TOO_FEW),
        ((6, 1), (0, 10_000), Verdict.RISE),
        ((0, 10), (6, 1_000), Verdict.LEVEL),
    ],
)
def test_verdicts(now, before, verdict) -> None:
    assert compare(now, before)[1] is verdict


def test_a_lower_bound_cannot_support_what_it_hides() -> None:
    table = ED.data.tallies.assign(bound="at_least")
    edition = Edition(replace(ED.data, tallies=table), ED.quarter, ED.baseline)
    rocket = next(c for c in changes(edition, TALLY) if c.series == "rocket_drone" and c.kind == "baseline")
    assert rocket.p_adjusted < 0.05 and rocket.verdict is Verdict.NOT_COMPARABLE


def test_waiting_times_and_quiet() -> None:
    series = days(0, 2, 0, 0, 1, 0, 0, 0, 1, 0)
    assert timing.waiting_times(series).tolist() == [0, 3, 4]
    assert timing.longest_quiet(series) == 3
    assert timing.longest_quiet(days(0, 0, 0)) == 3


def test_burstiness_of_known_sequences() -> None:
    assert timing.burstiness(np.array([3, 3, 3])) == pytest.approx(-1)
    assert timing.burstiness(np.array([0, 0, 0, 0, 0, 0, 0, 0, 100])) == pytest.approx(
        (31.427 - 11.111) / 42.538, abs=1e-3
    )
    assert np.isnan(timing.burstiness(np.array([1])))


def test_days_without_a_file_are_missing_not_zero() -> None:
    kept = {q: w for q, w in ED.data.coverage.items() if q != "2020Q2"}
    data = replace(ED.data, coverage=kept, quarters=tuple(kept))
    series = timing.daily(Edition(data, Q3, Q1))
    assert pd.Timestamp("2020-05-01") not in series.index
    assert timing.last_run(series).index[0] == pd.Timestamp("2020-07-01")


def test_weeks_count_back_from_the_last_day() -> None:
    assert timing.weekly(days(*[1] * 10)).tolist() == [3, 7]


def test_coverage_over_the_tally_s_own_days() -> None:
    found = {(c.series, str(c.quarter)): (c.documented, c.tally.count, c.level) for c in coverage.coverages(ED)}
    assert found["logistics_convoy", "2020Q2"] == (1, 27, "thin")
    assert found["rocket_drone", "2020Q3"] == (24, 27, "close")


def test_shared_windows() -> None:
    assert triangulation.share_days(
        Window(date(2020, 1, 1), date(2020, 1, 10)), Window(date(2020, 1, 6), date(2020, 3, 1))
    )
    assert not triangulation.share_days(
        Window(date(2020, 1, 1), date(2020, 1, 10)), Window(date(2020, 1, 7), date(2020, 3, 1))
    )
    groups = triangulation.shared_windows(ED)
    assert all(s.unit == "attacks" and s.window.end <= ED.quarter.end for g in groups.values() for s in g)
    assert all(len({s.tracker for s in g}) > 1 for g in groups.values())


def test_contradictions_need_a_part_above_the_whole() -> None:
    group = triangulation.shared_windows(ED)["rocket_drone"]
    assert triangulation.contradictions(group) == []
    small = next(s for s in group if s.tracker == "isw")
    assert triangulation.contradictions([*group, replace(small, count=99)])


def test_a_lower_bound_above_another_trackers_count_of_the_same_days_is_a_contradiction() -> None:
    counts = [tally("rocket_drone", Q3, 9), tally("rocket_drone", Q3, 14, "isw", bound="at_least")]
    [found] = edition(spread(5), counts).facts.coverage.contradicted
    assert (found.count, found.bound, found.other_count) == (14, "at_least", 9)
    assert edition(spread(5), [counts[0], {**counts[1], "count": 8}]).facts.coverage.contradicted == ()
    assert ED.facts.coverage.contradicted == ()


def test_sites_are_dated_steps_not_the_end_state() -> None:
    level = exposure.level(ED, Q3, "us_sites")  # 8 to 24 July, 7 to 22 August, 6 after
    assert level is not None and (level.lowest, level.highest) == (6, 8)
    assert level.value == pytest.approx((24 * 8 + 29 * 7 + 39 * 6) / 92)


def test_every_incident_is_placed_or_said_to_be_missing() -> None:
    points, unlocated = places.located(ED)
    assert int(points["count"].sum()) + len(unlocated) == len(ED.incidents(Q3))
    assert {i for r in points["rows"] for i in r} | set(unlocated) == set(ED.incidents(Q3)["incident_id"])


def test_covered_days() -> None:
    assert ED.record().covered_days(Window(date(2019, 9, 1), date(2019, 10, 10))) == 10

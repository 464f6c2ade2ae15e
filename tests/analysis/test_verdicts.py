"""One comparison, one verdict: what coverage, bounds and numbers allow."""

from __future__ import annotations

from datetime import date

import pytest
from made import CONVOY, FOUNDING, Q2, Q3, ROCKET, edition, spread, tally

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import Support, checks, support
from incident_report.analysis.comparisons import changes, find_change
from incident_report.analysis.counts import DOCUMENTED, TALLY
from incident_report.analysis.coverage import coverage_checks, coverages, disjoint_sums
from incident_report.periods import Period, Window

JULY, AUGUST = Window(date(2020, 7, 1), date(2020, 7, 31)), Window(date(2020, 8, 1), date(2020, 8, 31))


def verdict(ed, basis: str = DOCUMENTED, series: str = "rocket_drone"):
    change = find_change(ed, series, basis)
    assert change is not None
    return change.verdict, change.because


@pytest.mark.parametrize(
    ("tallies", "expected"),
    [
        ([tally("rocket_drone", Q2, 10), tally("rocket_drone", Q3, 40)], (Verdict.RISE, ())),
        ([tally("rocket_drone", Q2, 40), tally("rocket_drone", Q3, 40)], "coverage_thin"),
        ([tally("rocket_drone", Q2, 20), tally("rocket_drone", Q3, 40)], "coverage_uneven"),
        ([tally("rocket_drone", Q3, 40)], "coverage_unknown"),
        ([], "coverage_unknown"),
        # Any tracker speaks, even where the headline tracker is silent.
        ([tally("rocket_drone", q, n, "isw") for q, n in ((Q2, 10), (Q3, 40))], (Verdict.RISE, ())),
        ([tally("rocket_drone", q, n, "isw") for q, n in ((Q2, 20), (Q3, 40))], "coverage_uneven"),
        # A lower bound cannot show that the record kept pace, only that it did not.
        ([tally("rocket_drone", q, 10, bound="at_least") for q in (Q2, Q3)], "coverage_unknown"),
        ([tally("rocket_drone", q, 90, bound="at_least") for q in (Q2, Q3)], "coverage_thin"),
    ],
)
def test_a_documented_change_needs_steady_coverage(tallies, expected) -> None:
    ed = edition([*spread(10, Q2), *spread(40, Q3)], tallies)
    wanted = expected if isinstance(expected, tuple) else (Verdict.NOT_COMPARABLE, (expected,))
    assert verdict(ed) == wanted


def test_one_tracker_s_own_shares_are_compared_before_two_trackers() -> None:
    both = [tally("rocket_drone", Q2, 10), tally("rocket_drone", Q3, 40)]
    ed = edition([*spread(10, Q2), *spread(40, Q3)], [*both, tally("rocket_drone", Q3, 90, "isw")])
    assert support(ed.record("rocket_drone")) is Support.STEADY
    ed = edition(
        [*spread(10, Q2), *spread(40, Q3)],
        [*both, tally("rocket_drone", Q3, 90, "isw"), tally("rocket_drone", Q2, 9, "isw")],
    )
    assert support(ed.record("rocket_drone")) is Support.UNEVEN


def test_none_tallied_and_none_documented_agree() -> None:
    ed = edition(spread(8), [tally("rocket_drone", Q2, 0), tally("rocket_drone", Q3, 8)])
    assert support(ed.record("rocket_drone")) is Support.STEADY
    ed = edition([*spread(2, Q2), *spread(8)], [tally("rocket_drone", Q2, 0), tally("rocket_drone", Q3, 8)])
    assert support(ed.record("rocket_drone")) is Support.UNEVEN


def test_a_whole_is_no_better_documented_than_its_parts() -> None:
    rows = [*spread(10, Q2), *spread(10), *spread(2, Q2, **CONVOY), *spread(10, **CONVOY)]
    tallies = [tally(s, q, 10) for s in ("rocket_drone", "logistics_convoy") for q in (Q2, Q3)]
    assert support(edition(rows, tallies).record("all")) is Support.THIN


def test_what_two_counts_leave_between_them_speaks_for_its_days() -> None:
    whole = tally("logistics_convoy", Q2, 30, start=Q2.start, end=JULY.end)
    ed = edition(
        spread(3, **CONVOY),
        [
            whole,
            tally("logistics_convoy", Q2, 20),
            tally("logistics_convoy", Q3, 12, "talos", start=AUGUST.start, end=AUGUST.end),
        ],
    )
    (july,) = checks(ed.record("logistics_convoy"), JULY)
    assert (july.tallied, july.derived, july.windows) == (10, True, (JULY,))
    assert support(ed.record("logistics_convoy"), JULY, AUGUST) is Support.THIN


def test_a_lower_bound_hides_the_direction_it_could_reverse() -> None:
    tallies = [tally("rocket_drone", Q2, 10, bound="at_least"), tally("rocket_drone", Q3, 40)]
    assert verdict(edition([], tallies), TALLY) == (Verdict.NOT_COMPARABLE, ("bound",))
    tallies = [tally("rocket_drone", Q2, 10), tally("rocket_drone", Q3, 40, bound="at_least")]
    assert verdict(edition([], tallies), TALLY) == (Verdict.RISE, ())


def test_the_founding_edition() -> None:
    said = {(c.series, c.kind): (c.verdict, c.because) for c in changes(FOUNDING, DOCUMENTED)}
    assert said["rocket_drone", "baseline"] == (Verdict.RISE, ())
    assert said["logistics_convoy", "baseline"] == (Verdict.NOT_COMPARABLE, ("coverage_thin",))
    assert said["all", "baseline"][0] is Verdict.NOT_COMPARABLE
    assert said["foreign_security_detail", "baseline"][1] == ("coverage_unknown", "few")
    found = {(c.series, str(c.quarter)): (c.documented, c.tally.count, c.level) for c in coverages(FOUNDING)}
    assert found["logistics_convoy", "2020Q2"] == (1, 27, "thin")
    # July: two tallies leave ten convoy attacks where the record holds two.
    (july,) = checks(FOUNDING.record("logistics_convoy"), JULY)
    assert july.tallied == 10 and july.documented == 2
    assert support(FOUNDING.record("logistics_convoy"), JULY, AUGUST) is Support.THIN
    # The fourth quarter of 2019 has no headline tally, but another tracker's.
    (fourth,) = checks(FOUNDING.record("rocket_drone"), Period(2019, 4))
    assert (fourth.tracker, fourth.tallied) == ("cjtf_oir", 13)


def test_disjoint_counts_of_another_tracker_add_up_past_the_headline() -> None:
    table = disjoint_sums(FOUNDING).table
    row = table[(table["tracker"] == "talos") & (table["period"] == "2020Q3")].iloc[0]
    assert (row["tallied"], row["days"], row["headline"], row["above"]) == (22, 43, 25, True)
    assert row["together"] == row["tallied"] + row["outside"] > 25
    assert len(coverage_checks(FOUNDING)) >= len(coverages(FOUNDING))


def test_rows_of_no_series_touch_no_series() -> None:
    ed = edition(spread(9, **{**ROCKET, "attack_method": "sniper"}), [])
    assert find_change(ed, "rocket_drone", DOCUMENTED).count_now == 0


@pytest.mark.parametrize(("documented", "expected"), [(5, (Verdict.FALL, ())), (45, "rows_deny")])
def test_a_tally_does_not_fall_where_as_many_attacks_are_documented_as_it_counted_before(documented, expected):
    counts = [tally("rocket_drone", Q2, 30), tally("rocket_drone", Q3, 6)]
    wanted = expected if isinstance(expected, tuple) else (Verdict.NOT_COMPARABLE, (expected,))
    assert verdict(edition(spread(documented), counts), TALLY) == wanted

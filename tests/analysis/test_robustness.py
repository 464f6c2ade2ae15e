"""A verdict that one row, day, tracker, window or unknown decides is fragile; one that nothing decides is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made import CONVOY, FOUNDING, Q2, Q3, ROCKET, edition, spread, tally

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparisons import changes
from incident_report.analysis.counts import DOCUMENTED, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import holds
from incident_report.analysis.result import replay
from incident_report.analysis.robustness import PLAUSIBLE, STRESS, examine, findings, robustness
from incident_report.analysis.variants import doubts

DOC, TAL = "rockets.documented.baseline", "rockets.tally.baseline"


def kept_pace(rows, before: int, now: int, **fields) -> Edition:
    """Rows with the tallies that say the record holds them all."""
    return edition(rows, [tally("rocket_drone", Q2, before), tally("rocket_drone", Q3, now)], **fields)


def flips(ed: Edition, name: str = DOC) -> set[str]:
    return {k for k in robustness(ed, finding=name).flips if k in PLAUSIBLE}


def least_rise(before: int) -> int:
    """The smallest count that is a clear rise over `before`."""
    for now in range(before, 200):
        if changes(kept_pace([*spread(before, Q2), *spread(now)], before, now), DOCUMENTED)[0].verdict is Verdict.RISE:
            return now
    raise AssertionError("no count is a rise")


def test_where_nothing_decides_nothing_is_fragile() -> None:
    ed = kept_pace([*spread(10, Q2), *spread(60)], 10, 60)
    found = robustness(ed, finding=DOC)
    assert found.verdict is Verdict.RISE and not found.fragile and not found.flips
    assert "single_row" in found.survives
    assert holds("rockets is rise and not (rockets is fragile)", ed.facts)


def test_one_row_decides() -> None:
    now = least_rise(10)
    ed = kept_pace([*spread(10, Q2), *spread(now)], 10, now)
    assert robustness(ed, finding=DOC).verdict is Verdict.RISE
    assert flips(ed) == {"single_row"}
    assert robustness(ed, finding=DOC).flips["single_row"]["verdict"] == "level"
    # One attack more, and no single one decides.
    assert flips(kept_pace([*spread(10, Q2), *spread(now + 1)], 10, now + 1)) == set()


def test_one_day_decides() -> None:
    now = least_rise(10) + 3
    rows = [*spread(10, Q2), *spread(now - 6), *({"date": date(2020, 9, 9), **ROCKET} for _ in range(6))]
    assert flips(kept_pace(rows, 10, now)) == {"single_day"}


def test_one_tracker_decides() -> None:
    counts = [tally("rocket_drone", Q2, 10), tally("rocket_drone", Q3, 60)]
    other = [tally("rocket_drone", q, 30, "isw") for q in (Q2, Q3)]
    assert flips(edition([], counts), TAL) == set()
    assert flips(edition([], counts + other), TAL) == {"single_tracker"}
    agreeing = [tally("rocket_drone", q, n, "isw") for q, n in ((Q2, 12), (Q3, 70))]
    assert flips(edition([], counts + agreeing), TAL) == set()


def test_weak_rows_decide_and_the_floor_with_them() -> None:
    low = [{**r, "confidence": "low"} for r in spread(40)]
    ed = kept_pace([*spread(10, Q2), *spread(15), *low], 10, 55)
    assert {"weak_rows", "floor"} <= flips(ed)


def test_possible_doubles_decide() -> None:
    now = least_rise(10) + 2
    rows = [*spread(10, Q2), *spread(now)]
    assert "doubles" not in flips(kept_pace(rows, 10, now))
    for i in range(12, 16):
        rows[i]["possible_double_of"] = "R10"
    ed = kept_pace(rows, 10, now)
    assert "doubles" in flips(ed) and "single_row" not in flips(ed)


def test_unknown_methods_decide() -> None:
    rows = [*spread(10, Q2), *spread(11), *spread(60, attack_method="unknown")]
    ed = kept_pace(rows, 10, 11)
    found = robustness(ed, finding=DOC)
    assert found.verdict is Verdict.LEVEL and "unknowns" in found.flips


def test_an_unstated_last_day_decides() -> None:
    def counted(first: date, last: date, best: date) -> Edition:
        doubted = tally("rocket_drone", Q3, 24, end=best, end_earliest=first, end_latest=last)
        return edition([], [tally("rocket_drone", Q2, 13), doubted])

    ed = counted(date(2020, 8, 1), date(2020, 9, 29), date(2020, 8, 20))
    found = robustness(ed, finding=TAL)
    assert found.fragile and set(found.flips) >= {"window"}
    assert max(found.holds_for) < min(found.fails_for)
    assert date(2020, 8, 20) in found.holds_for and date(2020, 9, 29) in found.fails_for
    sure = counted(date(2020, 7, 20), date(2020, 7, 31), date(2020, 7, 25))
    assert "window" in robustness(sure, finding=TAL).survives


def test_the_article_s_last_day() -> None:
    """Against the second quarter for every end to the 27th, against the year so far to the 24th only."""
    own = [d for d in doubts(FOUNDING) if "knights-rocket_drone-2020-09-25-a" in d.ids]
    assert [len(d.ids) for d in own] == [2]  # both counts of one text move together
    ends = tuple(date(2020, 9, 20) + timedelta(days=i) for i in range(8))
    before = robustness(FOUNDING, finding=TAL)
    assert before.verdict is Verdict.RISE and before.holds_for == ends and not before.fragile
    assert set(before.flips) == {"whole_period"}
    so_far = robustness(FOUNDING, finding="rockets.tally.year_so_far")
    assert so_far.verdict is Verdict.RISE and so_far.fragile and "whole_period" in so_far.flips
    assert so_far.holds_for == ends[:5] and so_far.fails_for == ends[5:]
    best = so_far[so_far["kind"] == "as_reported"]
    assert best["p_adjusted"].iloc[0] == pytest.approx(0.048, abs=5e-4)


def test_a_kind_holds_only_if_every_value_in_it_holds() -> None:
    found = robustness(FOUNDING, finding="rockets.documented.baseline")
    held = found.table.groupby("kind")["holds"].all()
    assert all(held[kind] for kind in found.survives)
    assert not any(held[kind] or row["holds"] for kind, row in found.flips.items())
    assert {*found.survives, *found.flips, *found.untouched} == {*PLAUSIBLE, *STRESS}


def test_a_technique_that_one_report_names_is_fragile() -> None:
    found = robustness(FOUNDING, finding="first.drone")
    assert found.verdict == "first" and "single_row" in found.flips


def test_robustness_is_a_result_that_can_be_made_again() -> None:
    found = robustness(FOUNDING, finding=TAL)
    assert replay(found.trace(), FOUNDING).digest() == found.digest()
    assert examine(FOUNDING, "nothing") is None
    with pytest.raises(ValueError, match="no finding 'nothing'"):
        robustness(FOUNDING, finding="nothing")


@settings(max_examples=examples(8, 25), deadline=None)
@given(st.integers(0, 14), st.integers(0, 40), st.integers(0, 5))
def test_rows_that_stand_for_one_another_stand_for_each(before: int, now: int, convoys: int) -> None:
    """The quick way, one row of each kind, finds what leaving out every row finds."""
    rows = [*spread(before, Q2), *spread(now), *spread(convoys, **CONVOY)]
    ed = kept_pace(rows, before, now)
    if DOC not in findings(ed):
        return
    reported = findings(ed)[DOC].say(ed)
    slow = set()
    for one in ed.counted["incident_id"]:
        kept = ed.data.incidents[ed.data.incidents["incident_id"] != one].reset_index(drop=True)
        said = findings(ed)[DOC].say(Edition(replace(ed.data, incidents=kept), Q3, Q2))
        slow.add(said.verdict == reported.verdict)
    assert ("single_row" in robustness(ed, finding=DOC).flips) == (False in slow)


def test_tallies_are_never_touched_by_rows() -> None:
    found = robustness(FOUNDING, finding=TAL)
    assert {"weak_rows", "doubles", "single_row", "single_day", "floor"} <= set(found.untouched)
    assert changes(FOUNDING, TALLY)[0].basis == TALLY


# ---- options -----------------------------------------------------------------------------------------------


def test_the_gap_of_the_options_is_fragile_where_one_row_decides_it_and_not_where_none_does() -> None:
    detail = {"attack_method": "ied_roadside", "target_category": "foreign_security_detail"}
    close = edition([*spread(5, **CONVOY), *spread(5, **detail), *spread(4)], [])
    found = robustness(close, finding="options.gap")
    assert found.verdict == "convoys" and "single_row" in found.flips and close.facts.options.fragile
    clear = edition([*spread(9, **CONVOY), *spread(5, **detail), *spread(4)], [])
    assert not robustness(clear, finding="options.gap").flips and not clear.facts.options.fragile


def test_a_lead_that_another_way_to_rank_changes_says_so() -> None:
    found = robustness(FOUNDING, finding="options.lead.militias")
    assert set(found.flips) == {"other_test"} and not found.fragile
    assert not robustness(FOUNDING, finding="options.lead.war").flips


def test_without_options_there_is_no_finding_on_them() -> None:
    none = replace(FOUNDING, data=replace(FOUNDING.data, options=None))
    assert not [name for name in findings(none) if name.startswith("options")]

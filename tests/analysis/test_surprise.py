"""Findings ranked by surprise, direction by month, the front's numbers and dates, on editions made for the purpose."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from editions import founding
from made import CONVOY, FOUNDING, Q2, Q3, edition, spread, tally

from incident_report.analysis.change import Verdict
from incident_report.analysis.direction import Direction, direction
from incident_report.analysis.edition import Edition
from incident_report.analysis.front import ATTACKS, MOST, chronicle, numbers
from incident_report.analysis.open import edition_of
from incident_report.analysis.surprise import CHANGE, KINDS, surprise


def tallied(before: int, now: int, **more):
    return edition([], [tally("rocket_drone", Q2, before), tally("rocket_drone", Q3, now)], **more)


def test_the_larger_the_change_the_more_it_surprises():
    bits = [tallied(12, now).facts.findings.about("rockets.tally.baseline").bits for now in (12, 20, 30, 40)]
    assert bits == sorted(bits) and bits[0] == 0


def test_a_change_is_news_only_where_it_is_clear_and_on_the_headlines_count():
    assert not tallied(12, 14).facts.findings.news
    [first, *_] = tallied(10, 40).facts.findings.news
    assert first.name == "rockets.tally.baseline" and first.verdict is Verdict.RISE
    rows = [*spread(4, Q2), *spread(40, Q3)]
    ed = edition(rows, [tally("rocket_drone", Q2, 30), tally("rocket_drone", Q3, 31)])
    assert not [c for c in ed.facts.findings.news if c.kind == CHANGE and c.series == "rocket_drone"]


def test_what_cannot_be_compared_surprises_nobody():
    ed = edition([*spread(2, Q2), *spread(40, Q3)], [])
    found = ed.facts.findings.about("rockets.documented.baseline")
    assert found.verdict is Verdict.NOT_COMPARABLE and found.bits == 0 and not found.news


def test_silence_at_the_end_is_found_and_its_chance_is_that_of_days_falling_alike():
    rows = [r | {"date": Q3.start + timedelta(days=i)} for i, r in enumerate(spread(12, Q3))]
    [found] = edition(rows, []).facts.findings.of("silence")
    quiet = Q3.days - 12
    assert (found.now, found.verdict, found.news) == (quiet, "silent", True)
    assert found.chance == pytest.approx((1 - quiet / Q3.days) ** 12)
    [steady] = edition(spread(12, Q3), []).facts.findings.of("silence")
    assert steady.verdict == "not_silent" and not steady.news


@pytest.mark.parametrize(
    ("killed", "verdict"), [([1, 2, 9], "largest"), ([9, 2, 1], "not_largest"), ([9, 2, 9], "not_largest")]
)
def test_the_deadliest_on_file_stands_alone_or_not_at_all(killed, verdict):
    rows = [*spread(1, Q2, killed=killed[0]), *spread(1, Q3, killed=killed[1])]
    rows += [r | {"killed": killed[2], "date": Q3.end} for r in spread(1, Q3)]
    found = next(c for c in edition(rows, []).facts.findings.of("largest") if c.what == "killed")
    assert found.verdict == verdict and found.now == max(killed[1:])


def test_a_method_of_which_sources_disagree_is_no_news():
    assert FOUNDING.facts.findings.about("first.drone") is None  # one was found before launch, and is listed
    rows = FOUNDING.data.incidents
    launched = replace(FOUNDING.data, incidents=rows[rows["incident_id"] != "IQ-20200722-1"])
    found = Edition(launched, Q3, Q2).facts.findings.about("first.drone")
    assert found.disputed and not found.news and found.fragile


@pytest.mark.parametrize(("attacks", "told"), [(3, 3), (ATTACKS, ATTACKS), (30, 0)])
def test_a_quarter_of_few_attacks_is_told_whole_with_or_without_a_place(attacks, told):
    rows = spread(1, Q2) + [r | {"place": None, "target_name": None} for r in spread(attacks, Q3)]
    made = chronicle(edition(rows, []))
    assert int((made["kind"] == "attack").sum()) == told


@pytest.mark.parametrize("rows", [0, 1, 30])
def test_the_ranking_is_total_and_by_bits(rows):
    made = surprise(edition(spread(rows, Q3), []))
    bits = made["bits"].tolist()
    assert bits == sorted(bits, reverse=True) and not any(math.isnan(b) for b in bits)
    assert set(made["kind"]) <= set(KINDS) and made["name"].is_unique


# ---- direction -----------------------------------------------------------------------------------------


def way(ed, series: str) -> dict[str, Direction]:
    return {s.period: s.direction for s in direction(ed).value if s.series == series}


def test_direction_follows_the_headlines_verdict_and_says_nothing_of_months_that_nobody_counted():
    rise, fall, level = (way(tallied(*pair), "rocket_drone") for pair in ((10, 40), (40, 10), (20, 20)))
    assert [x["2020Q3"] for x in (rise, fall, level)] == [
        Direction.DETERIORATED,
        Direction.IMPROVED,
        Direction.UNCHANGED,
    ]
    ed = edition(spread(30, Q3), [])
    assert set(way(ed, "rocket_drone").values()) == {Direction.CANNOT_SAY}


def test_a_month_speaks_where_others_counted_both():
    days = [(date(2020, 8, 1), date(2020, 8, 31), 6), (date(2020, 9, 1), date(2020, 9, 30), 40)]
    rows = [r | {"date": start + timedelta(days=i % 28)} for start, _, n in days for i, r in enumerate(spread(n, Q3))]
    counted = [tally("rocket_drone", Q3, n, tracker="isw", start=start, end=end) for start, end, n in days]
    found = way(edition(rows, counted), "rocket_drone")
    assert found["2020-09"] is Direction.DETERIORATED and found["2020-07"] is Direction.CANNOT_SAY


# ---- numbers and dates ---------------------------------------------------------------------------------


DETAIL = {"attack_method": "ied_roadside", "target_category": "foreign_security_detail"}


def test_four_numbers_the_largest_series_first_in_chart_order():
    made = numbers(FOUNDING)
    assert made["key"].tolist() == ["rocket_drone", "logistics_convoy", "killed", "us_killed"]
    assert made.table.loc[2, ["low", "high"]].tolist() == [7, 9]


def test_people_of_whom_no_row_ever_tells_are_no_number():
    made = numbers(edition(spread(3, Q3, **CONVOY), []))
    assert not {"killed", "us_killed", "wounded"} & set(made["key"])
    assert made["key"].iloc[-1] == FOUNDING.campaign.all_series.id


def test_a_quarter_in_which_nobody_reports_deaths_says_unknown():
    made = numbers(edition([*spread(3, Q2, **CONVOY, killed=1), *spread(3, Q3, **CONVOY)], []))
    assert made.table.set_index("key").loc["killed", ["low", "high"]].isna().all()


def test_a_series_whose_tally_the_rows_deny_ranks_by_what_is_documented():
    rows = [*spread(20, Q2), *spread(60, Q3), *spread(6, Q3, **CONVOY), *spread(9, Q3, **DETAIL)]
    counted = [tally("rocket_drone", Q2, 20), tally("rocket_drone", Q3, 4)]
    ed = edition(rows, counted)
    assert ed.facts.rockets.denied and not ed.facts.convoys.denied
    assert numbers(ed)["key"].tolist()[:2] == ["rocket_drone", "foreign_security_detail"]


def test_dates_are_filled_with_the_largest_attacks_where_dated_events_leave_room():
    ed = edition([r | {"munition_count": i} for i, r in enumerate(spread(30, Q3))], [])
    bare = replace(ed, data=replace(ed.data, context=ed.data.context.iloc[:0]))
    made = chronicle(bare)
    assert len(made) == MOST and set(made["kind"]) == {"attack"}
    assert set(made["ids"]) == {"R0", *(f"R{i}" for i in range(21, 30))}  # R0 is the first on file


def test_a_tracker_called_by_a_family_name_has_its_first_name_too():
    whole = FOUNDING.facts.edition.tracker_in_full
    assert whole.endswith(f" {FOUNDING.facts.edition.tracker}")
    assert edition([], []).facts.edition.tracker_in_full == FOUNDING.facts.edition.tracker  # no tally, so no author


def test_dates_are_at_most_ten_by_date_and_tell_of_attacks_and_events():
    made = chronicle(FOUNDING)
    assert 0 < len(made) <= MOST and made["date"].is_monotonic_increasing
    assert 0 < (made["kind"] == "attack").sum() <= ATTACKS
    assert {"IQ-20200928-1", "IQ-20200903-1"} <= set(made.rows)
    assert not {"not_counted", "correction"} & set(made["kind"])


def test_a_quarter_without_attacks_has_dated_events_only_and_so_many_as_asked():
    made = chronicle(edition([], []), most=4)
    assert len(made) == 4 and "attack" not in set(made["kind"]) and not made.rows


@pytest.mark.parametrize("floor", ["medium", "high"])
@pytest.mark.parametrize("quarter", ["2020Q1", "2020Q3"])
def test_dates_tell_of_counted_attacks_alone_though_a_first_on_file_may_be_listed_only(quarter, floor):
    ed = edition_of(founding().data, quarter, confidence_floor=floor)
    told = {i for ids in chronicle(ed).table["ids"] for i in str(ids).split() if i}
    assert told and told <= {*ed.counted["incident_id"]}

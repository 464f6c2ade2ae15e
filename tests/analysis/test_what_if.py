"""One setting changed: base and changed side by side, by the report's own functions, and where a verdict flips."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from editions import founding
from made import CONVOY, Q2, Q3, ROCKET, edition, spread, tally

from incident_report.analysis.counts import DOCUMENTED
from incident_report.analysis.edition import Edition
from incident_report.analysis.finding import findings
from incident_report.analysis.result import Result, replay, verdict_id
from incident_report.analysis.robustness import robustness
from incident_report.analysis.selection import where
from incident_report.analysis.what_if import COLUMNS, what_if

DOC = "rockets.documented.baseline"
SETTINGS = (
    {"floor": "high"}, {"without_sources": "partisan"}, {"boundary": 7}, {"merge_doubles": True},
    {"tally_end": "2020-08-31"}, {"rubric_weights": {"weapon": 5}}, {"option_weights": {"mission": 5}},
)  # fmt: skip


@pytest.fixture(scope="module")
def ed() -> Edition:
    return founding()


def line(found: Result, name: str, of: str = "finding") -> pd.Series:
    return found.table.set_index(["of", "name"]).loc[(of, name)]


def kept_pace(rows, before: int, now: int) -> Edition:
    return edition(rows, [tally("rocket_drone", Q2, before), tally("rocket_drone", Q3, now)])


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: next(iter(s)))
def test_every_setting_shows_base_beside_changed(ed: Edition, setting: dict) -> None:
    found = what_if(ed, **setting)
    assert list(found.table) == [*COLUMNS] and found.setting == next(iter(setting))
    said = found.table[found["of"] == "finding"]
    every = {name: verdict_id(f.say(ed).verdict) for name, f in findings(ed).items()}
    assert {n: every[n] for n in said["name"]} == dict(zip(said["name"], said["before"], strict=True))
    known = found.table.dropna(subset=["before", "after"])
    assert (known["flips"] == (known["before"] != known["after"])).all()
    assert set(found.flips) == set(known.loc[known["flips"], "name"])
    assert replay(found.trace(), ed).digest() == found.digest()


def test_a_higher_floor_is_the_edition_at_that_floor(ed: Edition) -> None:
    found, other = what_if(ed, floor="high"), founding(confidence_floor="high")
    for series in ed.series:
        row = line(found, f"{series.fact}.documented", "count")
        assert (row["base"], row["changed"]) == tuple(
            e.record(series.id).count(e.quarter, DOCUMENTED).count for e in (ed, other)
        )
    assert set(found.out) == set(ed.counted["incident_id"]) - set(other.counted["incident_id"]) and not found.into
    for row in robustness(ed, finding=DOC).table.query("kind == 'floor' and variant == 'high'").to_dict("records"):
        assert line(found, DOC)["after"] == row["verdict"] and line(found, DOC)["changed"] == row["estimate"]


def test_a_source_takes_with_it_what_rests_on_it_alone(ed: Edition) -> None:
    kinds = ed.data.sources.set_index("source_id")["kind"]
    alone = [all(kinds[s] == "partisan" for s in cited) for cited in ed.counted["sources"]]
    assert set(what_if(ed, without_sources="partisan").out) == set(ed.counted.loc[alone, "incident_id"]) != set()
    article = ed.tally("2020Q3", "rocket_drone").source
    gone = what_if(ed, without_sources=[article])
    assert pd.isna(line(gone, "rockets.tally", "count")["changed"]) and line(gone, "rockets.tally", "count")["base"]
    assert "rockets.tally.baseline" in gone.unsaid
    assert pd.isna(line(gone, "rockets.tally.baseline")["flips"])  # nothing said is not a flip


def test_a_boundary_takes_rows_across_and_days_with_them() -> None:
    early = [{"date": date(2020, 7, 1), **ROCKET}] * 6
    ed = kept_pace([*spread(10, Q2), *early, *spread(30, Q3)], 10, 36)
    row = line(what_if(ed, boundary=3), "rockets.documented", "count")
    assert (row["base"], row["changed"]) == (36, 36 - 6 - 1)
    ratio = line(what_if(ed, boundary=3), DOC)["changed"]
    before = len([r for r in spread(10, Q2) if r["date"] >= date(2020, 4, 4)])
    assert ratio == pytest.approx(29 / (92 - 3) / ((before + 7) / 91))


def test_a_boundary_says_nothing_of_what_others_counted_or_wrote(ed: Edition) -> None:
    names = what_if(ed, boundary=-7)["name"]
    assert not names.str.contains(r"\.tally|^claim\.").any() and len(names)


def test_doubles_count_once() -> None:
    rows = [*spread(10, Q2), *spread(20), {"date": date(2020, 9, 30), **ROCKET, "possible_double_of": "R10"}]
    found = what_if(kept_pace(rows, 10, 21), merge_doubles=True)
    assert (line(found, "rockets.documented", "count")["base"], len(found.out)) == (21, 1)


def test_a_tally_that_runs_longer_is_a_lower_rate(ed: Edition) -> None:
    longer, shorter = (line(what_if(ed, tally_end=d), "rockets.tally.baseline") for d in ("2020-09-30", "2020-09-01"))
    assert longer["changed"] < longer["base"] < shorter["changed"] and longer["before"] == "rise"


def test_weights_of_the_rubric_change_the_composite_alone(ed: Edition) -> None:
    found = what_if(ed, rubric_weights={"weapon": 9, "scale": 0}).table
    moved = found[(found["base"] != found["changed"]) & found["base"].notna()]["name"]
    assert set(moved) == {"composite.baseline", "composite.trend"}
    alike = what_if(ed, rubric_weights={"weapon": 1}).table
    pd.testing.assert_series_equal(alike["base"], alike["changed"], check_names=False)


def test_weights_of_objectives_decide_which_option_comes_first(ed: Edition) -> None:
    found = what_if(ed, option_weights={"mission": 1000})
    assert found["base"].sum() == pytest.approx(1) == found["changed"].sum()
    leaders = findings(ed)["options.lead.mission"].say(ed).verdict.split()
    assert set(found.table.loc[found["after"] == "first", "name"]) <= set(leaders)
    assert found.flips


def test_a_selection_is_judged_by_the_record_that_it_was_taken_from(ed: Edition) -> None:
    baghdad = where(ed, governorate="Baghdad")
    found = what_if(ed, baghdad)
    inside = baghdad.table[baghdad["quarter"] == "2020Q3"]
    assert line(found, "all.documented", "count")["changed"] == len(inside)
    assert set(found.out) == set(ed.counted["incident_id"]) - set(baghdad.rows)
    was = findings(ed)[DOC].say(ed)
    assert was.because == () and line(found, DOC)["after"] != "not_comparable"
    whole = what_if(ed, where(ed))
    assert not whole.flips and not whole.out
    pd.testing.assert_series_equal(whole["base"], whole["changed"], check_names=False)


def test_an_empty_selection_counts_nothing(ed: Edition) -> None:
    found = what_if(ed, where(ed).table.iloc[:0])
    assert (found.table[found["of"] == "count"]["changed"] == 0).all() and len(found.out) == len(ed.counted)


def odd(name: str) -> Edition:
    if name == "no incidents":
        return edition([], [tally("rocket_drone", q, 9) for q in (Q2, Q3)])
    if name == "no tallies":
        return edition([*spread(10, Q2), *spread(30), *spread(9, **CONVOY)], [])
    ed = edition(spread(12), [])
    data = replace(ed.data, quarters=(str(Q3),), coverage={str(Q3): (Q3.start, Q3.end)})
    return Edition(data, Q3, None)


@pytest.mark.parametrize("name", ["no incidents", "no tallies", "one quarter"])
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda s: next(iter(s)))
def test_odd_editions_have_an_answer(name: str, setting: dict) -> None:
    ed = odd(name)
    if "tally_end" in setting and name != "no incidents":
        with pytest.raises(ValueError, match="tally_end: the headline tracker has no count of 2020Q3"):
            what_if(ed, **setting)
    else:
        assert set(what_if(ed, **setting).table["of"]) <= {"count", "finding", "option"}


def test_a_boundary_does_not_close_a_gap_in_the_record() -> None:
    ed = kept_pace(spread(12), 10, 12)
    data = replace(ed.data, coverage={**ed.data.coverage, str(Q2): (Q2.start, date(2020, 6, 20))})
    with pytest.raises(ValueError, match="boundary is -20; days without incident files would lie within 2020Q3"):
        what_if(replace(ed, data=data), boundary=-20)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "there are rows, floor"), ({"floor": "high", "boundary": 1}, "floor and boundary"),
        ({"floor": "hi"}, "floor is 'hi'.*low, medium, high"), ({"boundary": 90}, "boundary is 90"),
        ({"boundary": True}, "boundary is True"), ({"without_sources": "partizan"}, "did you mean 'partisan'"),
        ({"tally_end": "soon"}, "tally_end is 'soon'"), ({"tally_end": "2021-01-01"}, "2020-07-01 to 2020-09-30"),
        ({"rubric_weights": {"weight": 1}}, "rubric_weights is 'weight'.*weapon, coordination, scale"),
        ({"rubric_weights": {"weapon": 0, "coordination": 0, "scale": 0}}, "all 0"), ({"rubric_weights": {}}, "weapon"),
        ({"option_weights": {"mission": -1}}, "option_weights: mission is -1"),
        ({"option_weights": {"mission": "2"}}, "mission is '2'"), ({"rows": 3}, "rows must be a table"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(ed: Edition, asked: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said) as told:
        what_if(ed, **asked)
    assert "\n" not in str(told.value)

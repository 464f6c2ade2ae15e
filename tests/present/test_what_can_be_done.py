"""The scorecard's table and the chart of reach: what they hold, whatever the campaign."""

from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from editions import founding

from incident_report.analysis.reach import reach
from incident_report.analysis.tradeoffs import acceptability
from incident_report.present import charts, claims_list, spread
from incident_report.present.words import phrasebook, words_of


@pytest.fixture(scope="module")
def ed():
    return founding()


def test_every_option_stands_once_below_its_groups_name(ed):
    table = spread.spread(ed)
    shown = [o.id for o in table["option"] if o is not None]
    assert shown == [o.id for o in ed.facts.options.every]
    assert list(table["heading"][table["heading"] != ""]) == [g["label"] for g in ed.data.options["groups"]]
    assert set(spread.columns(ed)) - {"time", "weakest"} <= set(table)
    assert list(table["gap"]) == [False] * (len(table) - 1) + [True]
    assert sum(c.width for c in spread.columns(ed).values()) == pytest.approx(1)


def test_marks_differ_in_black_and_white():
    from incident_report.analysis.scorecard import Mark

    signs = [phrasebook().phrase("mark", m.value) for m in Mark]
    assert len(set(signs)) == len(signs)


def test_a_citation_stands_before_the_full_stop():
    said = [
        phrasebook().text("{{ sourced(t, s) }}", {"t": t, "s": s}) for t, s in (("It fell.", ["a"]), ("It fell.", []))
    ]
    assert said == [r"It fell [@a].", r"It fell\."]


def test_every_case_told_at_length_says_why_and_no_baseline_does(ed):
    options, write = ed.facts.options, words_of(ed).text
    why = {o.id: write("{{ case_because(o, options) }}", {"o": o, "options": options}) for o in options.every}
    assert all(why[o.id] for o in options.cases)
    assert not any(why[o.id] for o in options.every if o.baseline)


def test_claims_in_doubt_stand_below_their_verdicts_the_failing_first(ed):
    table, fact = claims_list.doubtful(ed), ed.facts.claims
    heads = [v for v, claim in zip(table["verdict"], table["claim"], strict=True) if claim is None]
    assert heads == ["not_supported", "alone", "untested"]
    shown = [c.id for c in table["claim"] if c is not None]
    assert shown == [c.id for c in fact.doubtful] and len(set(shown)) == len(shown)
    assert all(c.parts for c in table["claim"] if c is not None)
    assert fact.about.authors == ("Michael Knights",) and fact.about.day is not None


def test_the_body_names_each_claim_in_doubt_once_below_the_count_of_its_verdict(ed):
    table, fact = claims_list.by_verdict(ed), ed.facts.claims
    assert list(table["verdict"]) == ["not_supported", "alone", "untested"]
    assert [c.id for row in table["claims"] for c in row] == [c.id for c in fact.doubtful]
    assert list(table["count"]) == [len(fact.having(v)) for v in table["verdict"]]


def test_two_numbers_stand_only_where_the_seed_could_give_either(ed):
    made = acceptability(ed, draws=2_000)
    table = spread.first_places(made)
    assert list(table["option"]) == [o.id for o in ed.facts.options.every]
    assert set(spread.without(ed)) == set(table)


def test_nought_is_written_and_bounds_are_hatched(ed):
    rows = reach(ed).table
    rows = rows[rows["series"] == "logistics_convoy"]
    ax = charts.bounds(rows, label="option", groups={})
    said = [t.get_text() for t in ax.texts]
    assert len(said) == len(rows) and said.count("0") == (rows["high"] == 0).sum()
    hatched = [p for p in ax.patches if p.get_hatch()]
    assert len(hatched) == (rows["high"] > rows["low"]).sum()


def test_long_names_and_many_rows_stay_inside_the_figure():
    names = [f"{i} " + "a rather long name of an option " * 2 for i in range(25)]
    rows = pd.DataFrame({"name": names, "low": range(25), "high": range(1, 26), "group": ["a", "b"] * 12 + ["b"]})
    height = charts.bounds_height(rows.sort_values("group"), label="name")
    [ax] = charts.canvas(height=height)
    charts.bounds(rows.sort_values("group", kind="stable"), ax, label="name")
    ax.figure.canvas.draw()
    boxes = sorted((t.label1.get_window_extent() for t in ax.yaxis.get_major_ticks()), key=lambda b: b.y0)
    assert all(a.y1 <= b.y0 + 1 for a, b in pairwise(boxes))
    assert min(b.x0 for b in boxes) >= 0


def test_without_attacks_or_options_nothing_is_drawn(ed):
    none = replace(ed, data=replace(ed.data, options=None))
    assert len(reach(none)) == 0 and spread.spread(none).empty

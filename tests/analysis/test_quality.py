"""The ledger adds up and documentation honours a tally's days."""

import math
from dataclasses import replace

import pytest
from editions import founding

from incident_report.analysis import quality
from incident_report.analysis.how_we_know import corrections, sourcing_facts


@pytest.fixture(scope="module")
def edition():
    return founding()


@pytest.mark.parametrize("floor", ["low", "medium", "high"])
def test_every_listed_row_is_counted_or_has_a_reason(floor):
    ed = founding(confidence_floor=floor)
    table = quality.ledger(ed)
    left_out = table[["found_before_launch", "disputed", "doubtful", "out_of_scope", "below_floor"]].sum(axis=1)
    assert (table["listed"] == table["counted"] + left_out).all()
    assert (table[["high", "medium", "low"]].sum(axis=1) == table["counted"]).all()
    assert len(quality.not_counted(ed)) == left_out.iloc[-1]


def test_the_drone_found_on_a_roof_is_listed_but_not_counted(edition):
    rows = quality.not_counted(edition).set_index("incident_id")["outcome"]
    assert rows["IQ-20200722-1"] == "found_before_launch"
    assert "IQ-20200722-1" not in set(edition.incidents()["incident_id"])


def test_an_empty_list_an_empty_text_and_a_missing_number_are_unknown_but_zero_is_known(edition):
    known = {k.field: k for k in quality.completeness(edition, edition.quarter)}
    rows = edition.incidents(edition.quarter)
    assert known["killed"].known == rows["killed"].notna().sum()
    assert (rows["killed"] == 0).sum() > 0
    assert known["techniques"].known == sum(bool(t) for t in rows["techniques"]) < len(rows)


def test_a_file_that_falls_silent_early_is_noticed_and_one_that_does_not_is_not(edition):
    assert quality.silence(edition, edition.quarter).days == 0
    data = edition.data
    early = data.incidents[data.incidents["date"] < "2020-08-15"]
    cut = replace(edition, data=replace(data, incidents=early))
    found = quality.silence(cut, cut.quarter)
    rows = cut.incidents(cut.quarter)
    assert found.days == 47
    assert found.chance == pytest.approx(math.exp(-len(rows) / 45 * 47))
    assert not sourcing_facts(edition).silent_end
    assert sourcing_facts(cut).silent_end


def test_few_attacks_make_no_silence(edition):
    few = edition.data.incidents[edition.data.incidents["quarter"] == "2020Q3"].head(4)
    cut = replace(edition, data=replace(edition.data, incidents=few))
    assert quality.silence(cut, cut.quarter) is None


@pytest.mark.parametrize("quarter", ["2019Q4", "2020Q2", "2020Q3"])
def test_an_edition_tells_the_corrections_of_its_own_rows_alone(quarter):
    ed = founding(quarter)
    made = corrections(ed)
    assert set(made.rows) <= set(ed.listed["incident_id"])
    assert len(made) == ed.data.corrections["incident_id"].isin(ed.listed["incident_id"]).sum()

"""The ledger adds up and documentation honours a tally's days."""

import pytest

from incident_report.analysis import quality
from incident_report.analysis.open import open_edition


@pytest.fixture(scope="module")
def edition():
    return open_edition(edition="2020Q3")


@pytest.mark.parametrize("floor", ["low", "medium", "high"])
def test_every_listed_row_is_counted_or_has_a_reason(floor):
    ed = open_edition(edition="2020Q3", confidence_floor=floor)
    table = quality.ledger(ed)
    left_out = table[["found_before_launch", "disputed", "below_floor"]].sum(axis=1)
    assert (table["listed"] == table["counted"] + left_out).all()
    assert (table[["high", "medium", "low"]].sum(axis=1) == table["counted"]).all()
    assert len(quality.not_counted(ed)) == left_out.iloc[-1]


def test_the_drone_found_on_a_roof_is_listed_but_not_counted(edition):
    rows = quality.not_counted(edition).set_index("incident_id")["reason"]
    assert rows["IQ-20200722-1"] == "found before launch"
    assert "IQ-20200722-1" not in set(edition.incidents()["incident_id"])


def test_an_empty_list_an_empty_text_and_a_missing_number_are_unknown_but_zero_is_known(edition):
    known = {k.field: k for k in quality.completeness(edition, edition.quarter)}
    rows = edition.incidents(edition.quarter)
    assert known["killed"].known == rows["killed"].notna().sum()
    assert (rows["killed"] == 0).sum() > 0
    assert known["techniques"].known == sum(bool(t) for t in rows["techniques"]) < len(rows)

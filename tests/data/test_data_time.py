"""Corrections and as_of: what stood when."""

import sys
from datetime import date
from pathlib import Path

import pytest

from incident_report.data import DataError, check, load
from incident_report.paths import DATA

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import Q3, files, make

HEAD = "incident_id,field,old,new,reason,date,by\n"


def corrected(tmp_path, *lines, as_of=None):
    folder = make(tmp_path / "c", {"corrections.csv": HEAD + "".join(f"{x}\n" for x in lines)})
    return check(folder, as_of=as_of)


def cell(data, incident, column):
    return data.incidents.set_index("incident_id").loc[incident, column]


def test_a_correction_is_applied_and_the_file_stays(tmp_path):
    data, _ = corrected(tmp_path, "IQ-20200705-1,wounded,1,4,later report,2020-10-05,editor")
    assert cell(data, "IQ-20200705-1", "wounded") == 4
    assert data.corrections["new"].tolist() == ["4"]
    assert (tmp_path / "c" / Q3).read_text() == files()[Q3]


def test_corrections_of_one_cell_follow_each_other_by_date(tmp_path):
    data, faults = corrected(
        tmp_path,
        "IQ-20200705-1,munition_count,4,,withdrawn,2020-11-05,editor",
        "IQ-20200705-1,munition_count,1,4,later report,2020-10-05,editor",
    )
    assert data is not None, faults
    import pandas as pd

    assert pd.isna(cell(data, "IQ-20200705-1", "munition_count"))


def test_a_correction_can_stop_a_row_from_counting(tmp_path):
    data, _ = corrected(tmp_path, "IQ-20200705-1,outcome,carried_out,disputed,denied,2020-10-05,editor")
    assert not cell(data, "IQ-20200705-1", "counted")


def test_a_correction_can_move_a_row_to_another_quarter_with_a_file(tmp_path):
    folder = make(
        tmp_path / "c",
        {
            "coverage.csv": None,
            "corrections.csv": HEAD + "IQ-20200705-1,date,2020-07-05,2020-06-30,x,2020-10-05,editor\n",
        },
    )
    data = load(folder)
    assert cell(data, "IQ-20200705-1", "quarter") == "2020Q2"


def test_a_corrected_source_must_exist(tmp_path):
    data, faults = corrected(
        tmp_path, "IQ-20200705-1,sources,thehill-2020-07-05;rt-nd,thehill-2020-07-05;nobody,x,2020-10-05,editor"
    )
    assert data is None
    assert any("nobody" in f.message and f.column == "new" for f in faults)


def test_a_later_correction_is_not_applied_but_checked(tmp_path):
    line = "IQ-20200705-1,wounded,1,4,later report,2020-10-05,editor"
    data, _ = corrected(tmp_path, line, as_of=date(2020, 10, 4))
    assert cell(data, "IQ-20200705-1", "wounded") == 1 and data.corrections.empty
    data, _ = corrected(tmp_path, line.replace(",1,4,", ",2,4,"), as_of=date(2020, 10, 4))
    assert data is None


def test_as_of_hides_later_rows():
    day = date(2020, 7, 31)
    data, whole = load(DATA, as_of=day), load(DATA)
    assert data.as_of == day and data.quarters == ("2019Q4", "2020Q1", "2020Q2", "2020Q3")
    assert data.coverage["2020Q3"] == (date(2020, 7, 1), day)
    assert data.coverage["2020Q2"] == (date(2020, 4, 1), date(2020, 6, 30))
    assert data.incidents["date"].max().date() <= day
    assert data.tallies["end"].max().date() <= day
    assert data.context["date"].max().date() <= day
    assert 0 < len(data.incidents) < len(whole.incidents)
    # The article appeared on 28 September: its tallies were not known in July, whatever days they count.
    assert "knights-rocket_drone-2020-03-31-a" not in set(data.tallies["tally_id"])
    assert "knights-rocket_drone-2020-03-31-a" in set(load(DATA, as_of=date(2020, 9, 28)).tallies["tally_id"])


def test_as_of_hides_an_attack_that_was_published_later():
    """28 July 2020 is known from a list of 17 August only."""
    assert "IQ-20200728-1" not in set(load(DATA, as_of=date(2020, 8, 16)).incidents["incident_id"])
    assert "IQ-20200728-1" in set(load(DATA, as_of=date(2020, 8, 17)).incidents["incident_id"])


def test_as_of_far_ahead_hides_nothing():
    assert len(load(DATA, as_of=date(2100, 1, 1)).incidents) == len(load(DATA).incidents)


def test_as_of_grows_with_the_day():
    sizes = [len(load(DATA, as_of=date(2020, m, 1)).incidents) for m in range(1, 13)]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(2019, 9, 30), date(2019, 10, 29)])
def test_as_of_before_all_data(day):
    with pytest.raises(DataError) as caught:
        load(DATA, as_of=day)
    assert [f.message for f in caught.value.faults if f.severity == "error"] == [
        f"as_of {day} lies before all data; the first is of 2019-10-30"
    ]

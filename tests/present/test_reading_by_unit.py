"""Chapters of a monthly and a yearly campaign say what is so of each series, each period and each day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import chapters
import pandas as pd
import pytest
from periods import made_up, monthly, yearly

from incident_report.analysis.casualties import PeriodToll
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import edition_of
from incident_report.data import check
from incident_report.periods import EXAMPLES, UNITS, Period
from incident_report.present import charts
from incident_report.present.records import Record
from incident_report.present.words import phrasebook


def opened(folder: Path) -> Edition:
    data, faults = check(folder)
    assert data is not None, faults
    return edition_of(data)


def front(folder: Path) -> dict[str, Record]:
    with pytest.MonkeyPatch.context() as patch:
        chapters.coarse(patch)
        return chapters.chapter("00_key_findings", opened(folder))


def test_a_range_names_the_tracker_only_where_the_tracker_counts_the_series(tmp_path: Path) -> None:
    text = front(monthly(tmp_path))["next-quarter"].content["paragraphs"][0]
    of_fire, of_bombs = text.index("rocket attacks"), text.index("roadside bombs")
    assert text.count("Ostland Watch") == 1
    assert of_fire < text.index("Ostland Watch") < of_bombs


def test_the_alternative_text_of_the_trend_tells_the_periods_that_are_drawn(tmp_path: Path) -> None:
    alt = front(yearly(tmp_path))["fig-trend"].content["alt"]
    assert [y for y in range(2009, 2021) if str(y) in alt] == [2017, 2018, 2019, 2020]


def test_an_earlier_number_says_of_how_few_days_it_is(tmp_path: Path) -> None:
    counts = {"2020-01": 7, "2020-02": 9}
    cut = made_up(tmp_path / "cut", "month", counts, cut={"2020-01": date(2020, 1, 18)})
    whole = made_up(tmp_path / "whole", "month", counts)
    notes = [[i["parts"]["note"] for i in front(f)["numbers"].content["items"]] for f in (cut, whole)]
    assert all("18" in note for note in notes[0])
    assert not any("18" in note for note in notes[1])


def test_the_span_of_the_whole_record_is_told_once_and_its_empty_years_are_named(tmp_path: Path) -> None:
    ed = opened(made_up(tmp_path, "year", {str(y): 0 if y == 2013 else 12 for y in range(2009, 2019)}))
    [said, _] = chapters.chapter("01_what_happened", ed)["txt-long-run"].content["paragraphs"][0].split("\n")
    assert said.count("2009") == 1
    assert said.count("2013") == len([s for s in ed.series if s.id != "all"])


def test_tables_of_a_long_campaign_by_month_stay_printable_and_the_data_hold_all(tmp_path: Path) -> None:
    months = {f"{y}-{m:02d}": 3 for y in (2018, 2019, 2020) for m in range(1, 13)}
    ed = opened(made_up(tmp_path, "month", months))
    counts = chapters.chapter("01_what_happened", ed)["tab-counts"]
    deaths = chapters.chapter("02_how_dangerous", ed, rows_printed=5)["tab-deaths"]
    assert len(counts.content["rows"]) == 3 * 24 < len(counts.data)
    assert len(deaths.content["rows"]) == 5 < len(deaths.data)
    assert deaths.content["rows"][-1][0] == deaths.data["incident_id"].iloc[-1]


@pytest.mark.parametrize("unit", UNITS)
def test_a_sentence_names_a_month_in_full_and_other_periods_as_a_chart_does(unit: str) -> None:
    words, period = phrasebook("en", unit), Period.parse(EXAMPLES[unit])
    full = words.phrase("period_name" if unit == "month" else "quarter_label", period)
    assert words.phrase("period_told", period) == words.phrase("period_told", str(period)) == full


def test_a_chart_of_single_attacks_has_a_mark_at_one_and_plain_days() -> None:
    rows = pd.DataFrame({"date": pd.to_datetime(["2021-05-08", "2021-05-31"]), "series": ["a", "a"]})
    ax = charts.stack(rows, colours={"a": "#000000"}, labels={"a": "A"}, step=1, start="2021-05-01", end="2021-05-31")
    ax.get_figure(root=True).draw_without_rendering()
    assert list(ax.get_yticks()) == [0, 1]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["May", "8", "15", "22", "29", "Jun"]


@pytest.mark.parametrize(("told", "attacks"), [(1, 1), (1, 9), (2, 9)])
def test_the_note_of_a_toll_agrees_with_its_numbers(told: int, attacks: int) -> None:
    note = phrasebook("en").phrase("toll_note", PeriodToll("2020Q3", attacks, told, 0, 2, 2, 2))
    assert ("attacks" in note) == (attacks != 1)
    assert ("tells" in note) == (told == 1)


@pytest.mark.parametrize("many", [12, 120])
def test_the_dots_of_a_long_run_leave_its_line_to_be_seen(many: int) -> None:
    names = [f"{2011 + i // 12}-{i % 12 + 1:02d}" for i in range(many)]
    rows = pd.DataFrame({"period": names, "count": range(many), "low": 0.0, "high": 200.0})
    ax = charts.long_run(rows, labels={n: n for n in names})
    dots = [line.get_markersize() for line in ax.lines if line.get_marker() == "o"]
    assert len(dots) == many
    assert sum(dots) < 72 * ax.get_window_extent().width / ax.figure.dpi

"""Editions by month and by year: what they are compared with, what they are told by, what lies ahead."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from periods import MONTHLY, YEARLY, monthly, yearly

from incident_report.analysis.by_period import compared
from incident_report.analysis.counts import DOCUMENTED, TALLY, Count
from incident_report.analysis.direction import direction
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import edition_of
from incident_report.analysis.outlook import outlook
from incident_report.analysis.public import count
from incident_report.analysis.series_facts import counts
from incident_report.analysis.within import equal_rates, within_quarter
from incident_report.data import check
from incident_report.paths import ROOT
from incident_report.present.charts import long_run
from incident_report.present.glance import directions, periods
from incident_report.present.words import phrasebook
from incident_report.publish.places import campaign_name, edition_name


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return _edition(monthly(tmp_path_factory.mktemp("months")))


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return _edition(yearly(tmp_path_factory.mktemp("years")))


def _edition(folder: Path) -> Edition:
    data, faults = check(folder)
    assert data is not None, faults
    return edition_of(data)


def test_the_newest_month_and_year_are_compared_with_those_before(month: Edition, year: Edition) -> None:
    assert (str(month.quarter), str(month.baseline)) == ("2020-09", "2020-08")
    assert (str(year.quarter), str(year.baseline)) == ("2020", "2019")
    against = {p.kind: [c.period for c in p.before] for p in compared(month, DOCUMENTED) if p.now.series == "all"}
    assert against == {"baseline": ["2020-08"], "year_so_far": [m for m in MONTHLY if m < "2020-09"]}
    assert {p.kind for p in compared(year, DOCUMENTED)} == {"baseline"}  # the year before is the baseline


def test_a_later_edition_finds_the_same_month_a_year_before(month: Edition, tmp_path: Path) -> None:
    folder = monthly(tmp_path)
    (folder / "incidents/2020-09.csv").rename(folder / "incidents/2019-12.csv")
    text = (folder / "incidents/2020-08.csv").read_text("utf-8")
    rows = (folder / "incidents/2019-12.csv").read_text("utf-8")
    (folder / "incidents/2019-12.csv").write_text(rows.replace("2020-09", "2019-12"), "utf-8")
    (folder / "incidents/2020-12.csv").write_text(text.replace("2020-08", "2020-12"), "utf-8")
    (folder / "tallies.csv").unlink()
    made = {p.kind: [c.period for c in p.before] for p in compared(_edition(folder), DOCUMENTED)}
    assert made["year_before"] == ["2019-12"]
    assert "baseline" not in made  # November has no file


def test_a_gap_is_unknown_and_a_cut_month_is_partial(month: Edition, year: Edition) -> None:
    known = {c.period: c.count for c in counts(month, series="all", basis=DOCUMENTED)}
    assert known == {**MONTHLY, "2020-04": None}
    assert [c.period for c in counts(month, series="all", basis=DOCUMENTED) if c.partial] == ["2020-07"]
    assert {c.period: c.count for c in counts(year, series="all", basis=DOCUMENTED)} == {**YEARLY, "2014": None}
    assert {c.period for c in counts(month, series="fire", basis=TALLY) if c.count is not None} == {
        "2020-02", "2020-08", "2020-09"
    }  # fmt: skip


def test_a_year_is_told_by_its_quarters_and_a_month_by_no_parts(month: Edition, year: Edition) -> None:
    told = year.facts.months
    assert [str(m.period) for m in told.of_quarter] == ["2020Q1", "2020Q2", "2020Q3", "2020Q4"]
    assert told.total == YEARLY["2020"]
    assert not month.facts.months.known
    assert month.facts.months.of_quarter == ()
    assert "months" not in set(within_quarter(month).table["test"])
    assert "months" in set(within_quarter(year).table["test"])


def test_the_glance_has_a_column_for_each_part_and_one_for_the_whole(month: Edition, year: Edition) -> None:
    by_month, by_year = (directions(direction(ed)) for ed in (month, year))
    assert list(by_month.columns) == ["series", "quarter"] == list(periods(by_month))
    assert list(by_year.columns) == ["series", "m1", "m2", "m3", "m4", "quarter"] == list(periods(by_year))


def test_the_outlook_is_for_the_next_month_or_year_and_a_gap_ages_what_came_before(
    month: Edition, year: Edition
) -> None:
    ahead = outlook(month, "all", DOCUMENTED)
    assert ahead is not None
    assert (str(ahead.quarter), ahead.days) == ("2020-10", 31)
    later = outlook(year, "all", DOCUMENTED)
    assert later is not None
    assert (str(later.quarter), later.days, len(later.past)) == ("2021", 365, len(YEARLY))
    assert later.quarter.since(later.past[0].quarter) == 12  # not 11: the year that is missing counts


def test_questions_of_ones_own_may_take_any_unit(month: Edition, year: Edition) -> None:
    quarters = count(month, by="quarter").table
    assert list(quarters["period"]) == ["2020Q1", "2020Q2", "2020Q3"]
    assert list(quarters["days"]) == [91, 61, 81]  # April has no file, July stops on the 20th
    assert count(year, by="year").table["count"].sum() == sum(YEARLY.values())
    assert count(year, by="month").table["count"].sum() == sum(YEARLY.values())


@pytest.mark.parametrize(("parts", "unequal"), [((20, 21, 19, 20), False), ((5, 6, 40, 5), True)])
def test_four_quarters_are_tested_for_equal_rates(parts: tuple[int, ...], unequal: bool) -> None:
    assert (equal_rates(parts, (91, 91, 92, 92)) < 0.05) == unequal


def test_a_long_run_draws_no_line_over_a_gap(year: Edition) -> None:
    table = counts(year, series="all", basis=DOCUMENTED).table
    ax = long_run(table, labels={p: p for p in table["period"]}, partial={"2020"})
    [line] = [x for x in ax.lines if len(x.get_xdata()) == len(table)]
    assert [i for i, y in enumerate(line.get_ydata()) if y != y] == [list(table["period"]).index("2014")]
    assert len(ax.patches) == 1  # the grey of 2014
    assert [x.get_markerfacecolor() for x in ax.lines if x.get_marker() == "o"].count("white") == 1


def test_an_edition_by_month_or_year_has_a_place_of_its_own() -> None:
    assert edition_name("2020-07", [("baseline-", "2020-05")]) == "2020-07+baseline-2020-05"
    assert campaign_name(ROOT / "campaigns/unrest-2020") == "unrest-2020"
    for taken in ("2020", "2020-07", "2020q3"):  # what an edition of the project's own campaign could be called
        assert campaign_name(ROOT / "campaigns" / taken) != taken


def test_after_a_gap_no_text_says_that_the_record_begins() -> None:
    words = phrasebook("en", "month")
    for counts_so_far, begins in (([3, None, 5], False), ([None, None, 5], True)):
        made = [Count("all", DOCUMENTED, f"2020-0{i}", "", n, None) for i, n in enumerate(counts_so_far, 1)]
        series = SimpleNamespace(headline=SimpleNamespace(counts=made))
        assert (words.phrase("no_count_before", series) == words.phrase("no_earlier_count")) is begins

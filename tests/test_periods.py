"""Periods and windows: parsing, arithmetic and edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.periods import UNITS, Period, Window, between

days = st.dates(date(2, 1, 1), date(9997, 12, 31))
units = st.sampled_from(UNITS)
periods = st.builds(Period.of, days, units)


@given(periods)
def test_a_period_reads_back_what_it_writes(period):
    assert Period.parse(str(period)) == Period.parse(str(period), period.unit) == period


@given(days, units)
def test_every_day_lies_in_its_period_and_in_no_other(day, unit):
    period = Period.of(day, unit)
    assert day in period.window
    assert day not in period.shift(1).window
    assert day not in period.shift(-1).window


@given(st.builds(Period.of, st.dates(date(1000, 1, 1), date(3000, 1, 1)), units), st.integers(-400, 400))
def test_shifting_there_and_back_is_no_shift(period, by):
    there = period.shift(by)
    assert there.shift(-by) == period
    assert (there > period) == (by > 0)
    assert there.since(period) == by


@given(periods)
def test_the_parts_of_a_period_are_its_days(period):
    parts = period.parts
    assert bool(parts) == (period.unit != "month")
    assert sum(part.days for part in parts) in (0, period.days)


@pytest.mark.parametrize(
    "text",
    ["2020Q5", "2020Q0", "2020q3", "20Q3", "../../etc", "", " 2020Q3", "2020Q3\n", "0000Q1", "２０２０Q3", "2020-13",
     "2020-00", "2020-7", "2020-07-01", "020", True, None],
)  # fmt: skip
def test_anything_else_is_refused_with_examples(text):
    with pytest.raises(ValueError, match="like 2020Q3"):
        Period.parse(text)


def test_another_unit_than_the_one_that_is_wanted_is_refused_with_an_example():
    with pytest.raises(ValueError, match=r"2020Q3.*like 2020-07"):
        Period.parse("2020Q3", "month")
    assert Period.parse(2020, "year") == Period.parse("2020")  # as YAML and papermill read a year


@pytest.mark.parametrize(
    ("name", "unit", "meant"),
    [("2020-q3 (1).xlsx", "quarter", "2020Q3"), ("2020_7.csv", "month", "2020-07"), ("2020-07.csv", "month", "2020-07"),
     ("2020 final.csv", "year", "2020"), ("2020-07.csv", "year", None), ("2020Q3.csv", "year", None),
     ("2020Q3.csv", "month", None), ("2020-07.csv", "quarter", None), ("9020.csv", "year", None)],
)  # fmt: skip
def test_a_loose_name_is_understood_within_the_unit(name, unit, meant):
    found = Period.meant(name, unit)
    assert (str(found) if found else None) == meant


def test_a_leap_year_has_its_days():
    assert Period.parse("2020Q1").days == 91
    assert Period.parse("2019Q1").days == 90
    assert Period.parse("2020-02").days == 29
    assert Period.parse("2020").days == 366
    assert Period.parse("2020Q3").window == Window(date(2020, 7, 1), date(2020, 9, 30))


def test_between_includes_both_ends_and_may_be_empty():
    first, last = Period.parse("2019Q4"), Period.parse("2020Q3")
    assert [str(q) for q in between(first, last)] == ["2019Q4", "2020Q1", "2020Q2", "2020Q3"]
    assert list(between(last, first)) == []
    assert [str(m) for m in Period.parse("2020-03").so_far] == ["2020-01", "2020-02"]
    assert Period.parse("2020").so_far == ()


def test_labels_for_charts():
    assert [Period.parse(p).label for p in ("2020-07", "2020Q3", "2020")] == ["Jul 2020", "Q3 2020", "2020"]


@given(days, st.integers(0, 500), days, st.integers(0, 500))
def test_an_overlap_holds_exactly_the_shared_days(a, n, b, m):
    one, two = Window(a, a + timedelta(n)), Window(b, b + timedelta(m))
    shared = one.overlap(two)
    assert shared == two.overlap(one)
    assert (shared.days if shared else 0) == len(
        {a + timedelta(i) for i in range(n + 1)} & {b + timedelta(i) for i in range(m + 1)}
    )


def test_a_window_cannot_end_before_it_starts():
    with pytest.raises(ValueError, match="cannot end"):
        Window(date(2020, 7, 2), date(2020, 7, 1))

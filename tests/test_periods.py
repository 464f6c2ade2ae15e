"""Quarters and windows: parsing, arithmetic and edges."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.periods import Quarter, Window, quarters_between

quarters = st.builds(Quarter, st.integers(1, 9998), st.integers(1, 4))
days = st.dates(date(2, 1, 1), date(9997, 12, 31))


@given(quarters)
def test_a_quarter_reads_back_what_it_writes(quarter):
    assert Quarter.parse(str(quarter)) == quarter


@given(days)
def test_every_day_lies_in_its_quarter_and_in_no_other(day):
    quarter = Quarter.of(day)
    assert day in quarter.window
    assert day not in quarter.shift(1).window
    assert day not in quarter.shift(-1).window


@given(st.builds(Quarter, st.integers(1000, 3000), st.integers(1, 4)), st.integers(-400, 400))
def test_shifting_there_and_back_is_no_shift(quarter, by):
    assert quarter.shift(by).shift(-by) == quarter
    assert (quarter.shift(by) > quarter) == (by > 0)


@pytest.mark.parametrize(
    "text", ["2020Q5", "2020Q0", "2020q3", "20Q3", "../../etc", "", " 2020Q3", "2020Q3\n", "0000Q1", "２０２０Q3"]
)
def test_anything_else_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="like 2020Q3"):
        Quarter.parse(text)


def test_a_leap_quarter_has_its_days():
    assert Quarter.parse("2020Q1").days == 91
    assert Quarter.parse("2019Q1").days == 90
    assert Quarter.parse("2020Q3").window == Window(date(2020, 7, 1), date(2020, 9, 30))


def test_quarters_between_includes_both_ends_and_may_be_empty():
    first, last = Quarter.parse("2019Q4"), Quarter.parse("2020Q3")
    assert [str(q) for q in quarters_between(first, last)] == ["2019Q4", "2020Q1", "2020Q2", "2020Q3"]
    assert list(quarters_between(last, first)) == []


def test_labels_for_charts_and_sentences():
    quarter = Quarter.parse("2020Q3")
    assert quarter.label == "Q3 2020"
    assert quarter.words == "the third quarter of 2020"


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

"""Parsers of foreign cells: codes, numbers, points, days, whole words; properties over whatever may be written."""

import math
from datetime import date

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_report.data.importers import cells, days
from incident_report.data.importers.words import find_words

quick = settings(max_examples=examples(60, 400), deadline=None)
ANYTHING = st.text(max_size=40)
LETTERS = st.text("abcABC", min_size=1, max_size=4)


# ---- codes and numbers --------------------------------------------------------------------------------------


@quick
@given(st.integers(-999_999, 999_999), st.integers(0, 5))
def test_a_number_is_one_code_however_it_is_written(value, zeros):
    assert cells.code(f"{value}.{'0' * (zeros + 1)}") == cells.code(f" {value} ") == cells.code(str(value))
    assert cells.codes([value]) == cells.codes([float(value)]) == cells.codes([str(value)])


@quick
@given(LETTERS, LETTERS)
def test_codes_that_differ_in_more_than_capitals_stay_apart(one, other):
    assert (cells.code(one) == cells.code(other)) == (one.casefold() == other.casefold())


def test_what_yaml_takes_for_a_truth_value_is_still_the_word():
    assert cells.codes([True]) >= {"yes", "true"} and cells.codes([False]) >= {"no", "false"}


@quick
@given(st.floats(-1e9, 1e9), st.sampled_from([".", ","]))
def test_numbers_come_back_with_either_decimal_sign_and_grouped(value, decimal):
    plain = f"{value:.4f}"
    signs = {".": decimal, ",": "." if decimal == "," else ","}
    grouped = "".join(signs.get(c, c) for c in f"{value:,.4f}")
    assert cells.number(plain.replace(".", decimal), decimal) == pytest.approx(float(plain))
    assert cells.number(grouped, decimal) == pytest.approx(float(plain))


@quick
@given(ANYTHING, st.sampled_from([".", ","]))
def test_no_text_makes_a_number_that_is_none(text, decimal):
    value = cells.number(text, decimal)
    assert value is None or math.isfinite(value)
    found = cells.people(text, decimal)
    assert found is None or 0 <= found[0] <= found[1] <= cells.MOST_PEOPLE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", (5, 5)),
        ("5-7", (5, 7)),
        ("5 – 7", (5, 7)),
        ("7-5", None),
        ("1,234", (1234, 1234)),
        ("0.5", None),
        ("-9", None),
    ],
)
def test_numbers_of_people(text, found):
    assert cells.people(text) == found


# ---- points -------------------------------------------------------------------------------------------------


@quick
@given(st.integers(0, 89), st.integers(0, 59), st.integers(0, 59), st.sampled_from("NSEW"), st.sampled_from(range(5)))
def test_degrees_minutes_and_seconds_in_many_hands(degrees, minutes, seconds, letter, form):
    text = [
        f"{degrees}° {minutes}' {seconds}\" {letter}",
        f"{degrees}°{minutes:02}′{seconds:02}″{letter}",
        f"{letter} {degrees} {minutes} {seconds}",
        f"{degrees}:{minutes}:{seconds}{letter.lower()}",
        f"{degrees}º {minutes}’ {seconds}” {letter}",
    ][form]
    value = (degrees + minutes / 60 + seconds / 3600) * (-1 if letter in "SW" else 1)
    assert cells.angle(text) == pytest.approx(value)


@quick
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_point_comes_back_from_two_cells_and_from_one(latitude, longitude):
    y, x = f"{latitude:.6f}", f"{longitude:.6f}"
    swapped = cells.pair(f"{x}; {y}", swapped=True)
    for found in (cells.point(y, x), cells.pair(f"{y}, {x}"), cells.pair(f"({y} {x})"), swapped):
        assert found is not None
        assert (float(found[0]), float(found[1])) == pytest.approx((float(y), float(x)), abs=1e-5)
    comma = cells.point(y.replace(".", ","), x.replace(".", ","), ",")
    assert comma is not None and float(comma[0]) == pytest.approx(float(y), abs=1e-5)


@quick
@given(ANYTHING, ANYTHING)
def test_no_text_makes_a_point_off_the_earth(one, other):
    for found in (cells.point(one, other), cells.pair(one)):
        assert found is None or (abs(float(found[0])) <= 90 and abs(float(found[1])) <= 180)


@pytest.mark.parametrize(
    "text", ["", "16 70 0 N", "16° 30' 61\" N", "-16° S", "N", "12 13", "x 16° N", "16.5° 30' N", "nan"]
)
def test_what_is_no_angle_is_none(text):
    assert cells.angle(text) is None or text == "12 13"  # two bare numbers are degrees and minutes


# ---- days ---------------------------------------------------------------------------------------------------

WRITTEN = {
    "yyyy-mm-dd": "{d:%Y-%m-%d}",
    "d/m/yyyy": "{d.day}/{d.month}/{d.year}",
    "m/d/yyyy": "{d.month}/{d.day}/{d.year}",
    "d.m.yyyy": "{d:%d.%m.%Y}",
    "d month yyyy": "{d:%d %B %Y}",
    "month d, yyyy": "{d:%b} {d.day}, {d.year}",
    "d-month-yyyy": "{d:%d-%b-%Y}",
    "d/m/yy": "{d:%d/%m/%y}",
}
DAYS = st.dates(date(1970, 1, 1), date(2069, 12, 31))


@quick
@given(
    DAYS, st.sampled_from(list(WRITTEN)), st.sampled_from(["", "T00:00:00", " 13:45", " 01:02:03.000", "T23:59:59Z"])
)
def test_a_day_comes_back_from_every_declared_form_with_or_without_a_time(day, form, time):
    text = WRITTEN[form].format(d=day) + time
    assert days.read_days([text], [form])[text] == (days.Day(day, "day"), form)


@quick
@given(DAYS, st.sampled_from(list(WRITTEN)))
def test_a_day_in_a_form_that_was_not_declared_is_no_day(day, form):
    text = WRITTEN[form].format(d=day)
    for other in WRITTEN:
        if "yyyy-mm-dd" not in (other, form) and sorted(days.format_of(other).text) != sorted(
            days.format_of(form).text
        ):
            made, _ = days.read_days([text], [other])[text]
            assert isinstance(made, str) or form.startswith(("d month", "d-month"))


@quick
@given(ANYTHING, st.lists(st.sampled_from([*WRITTEN, "excel", "month yyyy"]), min_size=1, max_size=3))
def test_no_text_makes_a_day_outside_the_calendar(text, forms):
    made, _ = days.read_days([text], forms)[text]
    assert isinstance(made, str) or days.FIRST_YEAR <= made.day.year <= days.LAST_YEAR


@quick
@given(ANYTHING)
def test_any_format_is_read_or_refused_in_words(text):
    try:
        days.format_of(text)
    except ValueError as error:
        assert str(error).startswith(("is made of", "must name"))


def test_a_real_date_of_a_workbook_is_read_whatever_it_looks_like_on_the_screen():
    day = (days.Day(date(2019, 1, 3), "day"), "yyyy-mm-dd")
    assert days.read_days(["2019-01-03 00:00:00"], ["d/m/yyyy"])["2019-01-03 00:00:00"] == day


def test_month_alone_is_a_month_and_a_running_number_is_a_day():
    assert days.read_days(["May 2025"], ["month yyyy"])["May 2025"][0] == days.Day(date(2025, 5, 1), "month")
    assert days.read_days(["44927"], ["excel"])["44927"][0] == days.Day(date(2023, 1, 1), "day")


def test_two_formats_that_contradict_each_other_are_named():
    assert days.contradiction(["d/m/yyyy", "m/d/yyyy"])
    assert days.contradiction(["d/m/yy", "yy/m/d"])
    assert not days.contradiction(["d/m/yyyy", "yyyy-mm-dd", "d month yyyy"])


# ---- whole words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("Bus carrying recruits", "US", False),
        ("the troops told us", "US", False),
        ("US-led convoy", "US", True),
        ("a convoy.", "convoy", True),
        ("CONVOY", "convoy", True),
        ("convoys", "convoy", False),
        ("a car-bomb went off", "car bomb", True),
        ("scar bomb", "car bomb", False),
        ("посольство США", "США", True),
        ("посольства", "посольство", False),
        ("قرب السفارة الأمريكية", "السفارة", True),
        ("السفارةُ", "السفارة", False),  # a mark makes it another word
        ("दूतावास के पास", "दूतावास", True),
        ("दूतावासों के पास", "दूतावास", False),
        ("在大使馆附近", "大使馆", True),  # no spaces between words
        ("", "convoy", False),
    ],
)
def test_words_are_whole_words_in_any_script(text, word, found):
    assert bool(find_words(text, [word])) == found


@quick
@given(ANYTHING, st.text("abcdefgh", min_size=1, max_size=8))
def test_a_word_between_spaces_is_found_and_inside_letters_is_not(around, word):
    assert find_words(f"{around} {word} {around}", [word]) == [word]
    assert find_words(f"x{word}x", [word]) == []

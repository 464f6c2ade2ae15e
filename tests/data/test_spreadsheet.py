"""Formulas in CSV cells: made harmless, and back again."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incident_report.data.spreadsheet import csv_bytes, neutralise, neutralise_csv, restore, restore_csv

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Texts in which the signs that matter are frequent.
signs = st.sampled_from(
    ["=", "+", "-", "@", "\t", "\r", "\n", "'", '"', " ", ",", "1", ".", "e", "\ufeff", "\u200b", "x"]
)
cells = st.one_of(st.text(), st.lists(signs, max_size=8).map("".join))


@given(cells)
@example("'=1")
@example("''-5")
@example("'-5")
def test_every_cell_comes_back(cell):
    assert restore(neutralise(cell)) == cell


@given(cells)
def test_no_cell_begins_with_a_trigger_even_when_trimmed(cell):
    out = neutralise(cell)
    if out != cell:
        assert out == "'" + cell
        return
    bare = out.lstrip(" '\"\u200b\ufeff\xa0")
    assert not bare.startswith(TRIGGERS) or float(out) <= 0


@pytest.mark.parametrize("cell", ["-33.3", "-1", "-1.5e-3", "-.5", "44.4", "a=b", "", "IQ-20200701-1", "2020-07-01"])
def test_numbers_and_words_stay(cell):
    assert neutralise(cell) == cell


@pytest.mark.parametrize("cell", ["=1+1", "-1+1", "+1", "@SUM(A1)", " =1", '"=1"', "\t=1", "\r1", "'=1", "-", "-2-3"])
def test_formulas_do_not(cell):
    assert neutralise(cell) == "'" + cell


@given(st.one_of(st.text(), st.lists(signs, max_size=30).map("".join)))
def test_every_file_comes_back_character_for_character(text):
    assert restore_csv(neutralise_csv(text)) == text


rows_of_cells = st.lists(
    st.lists(cells.filter(lambda c: "\0" not in c), min_size=2, max_size=3), min_size=1, max_size=4
)


def read(text):
    return list(csv.reader(io.StringIO(text, newline="")))


@given(rows_of_cells, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_a_file_is_changed_cell_by_cell(rows, quoting):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator="\r\n").writerows(rows)
    if text.getvalue().startswith("\ufeff"):
        return  # a mark at the head of the file belongs to the file
    assert read(neutralise_csv(text.getvalue())) == [[neutralise(c) for c in row] for row in rows]


@given(rows_of_cells)
@example([["a\r=1+1", ""]])
def test_a_written_file_holds_the_cells_and_no_formula(rows):
    text = csv_bytes(rows).decode()
    assert [[restore(c) for c in row] for row in read(text)] == rows
    assert all(neutralise(c) == c or c.startswith("'") for row in read(text) for c in row)

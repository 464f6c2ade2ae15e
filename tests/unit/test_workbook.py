"""The workbook: there and back without a byte changed, and faults instead of guesses."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from incident_report.data.model import DataError
from incident_report.data.sheets import open_sheets
from incident_report.data.workbook import _put, write_workbook
from incident_report.data.workbook_back import import_workbook, rows_of
from incident_report.paths import DATA


@pytest.fixture
def campaign(tmp_path):
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.csv"))}


def test_there_and_back_is_byte_identical_for_the_founding_data(campaign, tmp_path):
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    before = contents(campaign)
    assert import_workbook(book, campaign).files == ()
    for path in campaign.rglob("*.csv"):
        path.unlink()
    import_workbook(book, campaign)
    assert contents(campaign) == before


@pytest.mark.parametrize(
    "text",
    [
        "=cmd",
        "=1+1",
        "2020-1-2",
        "43831",
        "1E5",
        "007",
        "+1",
        "-1",
        "@x",
        "'x",
        " x ",
        "_x0041_",
        "a\nb",
        "TRUE",
        "1.50",
        "ألف",
    ],
)
def test_hostile_cells_come_back_as_they_went(campaign, tmp_path, text):
    path = campaign / "context.csv"
    lines = path.read_text("utf-8")
    quoted = '"' + text.replace('"', '""') + '"'
    path.write_text(lines + f"2020-09-30,{quoted},other,no,x,thestar-nd\n", "utf-8")
    before = contents(campaign)
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    assert import_workbook(book, campaign).files == ()
    path.unlink()
    import_workbook(book, campaign)
    assert import_workbook(book, campaign).files == ()
    assert contents(campaign).keys() == before.keys()
    sheet = load_workbook(book)["context"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_any_text_survives_a_cell(tmp_path_factory, text):
    from openpyxl import Workbook

    path = tmp_path_factory.mktemp("book") / "b.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    _put(sheet.cell(1, 1), "header")
    _put(sheet.cell(2, 1), text)
    book.save(path)
    with open_sheets(path) as sheets:
        rows = rows_of("b", sheets[0], [])
    assert rows[1:] == ([[text]] if text else [])


def edit(book, sheet, cell, value):
    opened = load_workbook(book)
    opened[sheet][cell] = value
    opened.save(book)


def test_what_excel_typed_becomes_the_text_of_the_csv(campaign, tmp_path):
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    edit(book, "2020Q3", "B2", datetime(2020, 7, 6))
    assert import_workbook(book, campaign).files == ("incidents/2020Q3.csv",)
    assert ",2020-07-06,day," in (campaign / "incidents" / "2020Q3.csv").read_text("utf-8")


def test_a_formula_and_a_moment_are_faults_and_nothing_is_written(campaign, tmp_path):
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    edit(book, "2020Q3", "B2", "=TODAY()")
    edit(book, "2020Q3", "B3", datetime(2020, 7, 6, 12, 30))
    before = contents(campaign)
    with pytest.raises(DataError) as error:
        import_workbook(book, campaign)
    assert [f.column for f in error.value.faults] == ["B", "B"]
    assert contents(campaign) == before


def test_the_same_checks_hold_as_for_csv(campaign, tmp_path):
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    edit(book, "2020Q3", "B2", 43831)
    before = contents(campaign)
    with pytest.raises(DataError) as error:
        import_workbook(book, campaign)
    assert any("43831" in (f.value or "") for f in error.value.faults)
    assert contents(campaign) == before


def test_columns_with_allowed_values_have_a_drop_down(campaign, tmp_path):
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    sheet = load_workbook(book)["2020Q3"]
    named = {str(v.sqref).split("2:")[0] for v in sheet.data_validations.dataValidation}
    headers = {cell.column_letter: cell.value for cell in sheet[1]}
    assert {"target_category", "attack_method", "confidence", "outcome"} <= {headers[c] for c in named}
    assert sheet["A1"].comment is not None


@pytest.mark.parametrize("name", ["book.csv", "no.xlsx"])
def test_what_is_no_workbook_is_named(campaign, tmp_path, name):
    path = tmp_path / name
    if name == "book.csv":
        path.write_text("x")
    with pytest.raises(ValueError, match=name):
        import_workbook(path, campaign)

"""The workbook: there and back without a byte changed, and faults instead of guesses."""

import csv
import shutil
import sys
import time
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from incident_report.cli import main
from incident_report.data import check
from incident_report.data.model import DataError
from incident_report.data.sheets import open_sheets
from incident_report.data.workbook import put, write_workbook
from incident_report.data.workbook_back import import_workbook, rows_of
from incident_report.paths import DATA

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import make


@pytest.fixture
def campaign(tmp_path):
    return make(tmp_path / "data")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The campaign's workbook, written once: openpyxl takes longer than all that is tested of it."""
    folder = tmp_path_factory.mktemp("written")
    write_workbook(make(folder / "data"), folder / "book.xlsx")
    return folder / "book.xlsx"


@pytest.fixture
def book(written, tmp_path):
    return Path(shutil.copy(written, tmp_path))


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.csv"))}


def test_there_and_back_is_byte_identical_for_the_founding_data(tmp_path):
    campaign = Path(shutil.copytree(DATA, tmp_path / "data"))
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    before = contents(campaign)
    assert import_workbook(book, campaign).files == ()
    for path in campaign.rglob("*.csv"):
        path.unlink()
    import_workbook(book, campaign)
    assert contents(campaign) == before


HOSTILE = (
    "=cmd", "=1+1", "2020-1-2", "43831", "1E5", "007", "+1", "-1", "@x", "'x", " x ", "_x0041_", "a\nb", "TRUE", "1.50",
    "ألف",
)  # fmt: skip
SOURCE = "iraq-businessnews-2020-09-28"


def test_hostile_cells_come_back_as_they_went(campaign, tmp_path):
    path = campaign / "context.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        for text in HOSTILE:
            csv.writer(file, lineterminator="\n").writerow(["2020-09-30", text, "other", "no", "x", SOURCE, ""])
    before = contents(campaign)
    book = tmp_path / "book.xlsx"
    write_workbook(campaign, book)
    assert import_workbook(book, campaign).files == ()
    path.unlink()
    import_workbook(book, campaign)
    assert import_workbook(book, campaign).files == ()
    assert contents(campaign).keys() == before.keys()
    with path.open(encoding="utf-8", newline="") as file:
        assert [row[1] for row in csv.reader(file)][-len(HOSTILE) :] == list(HOSTILE)
    sheet = load_workbook(book)["context"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_any_text_survives_a_cell(tmp_path_factory, text):
    from openpyxl import Workbook

    path = tmp_path_factory.mktemp("book") / "b.xlsx"
    book = Workbook()
    sheet = book.worksheets[0]
    put(sheet.cell(1, 1), "header")
    put(sheet.cell(2, 1), text)
    book.save(path)
    with open_sheets(path) as sheets:
        rows = rows_of("b", sheets[0], [])
    assert rows[1:] == ([[text]] if text else [])


def edit(book, sheet, cell, value):
    opened = load_workbook(book)
    opened[sheet][cell] = value
    opened.save(book)


def test_what_excel_typed_becomes_the_text_of_the_csv(campaign, book):
    edit(book, "2020Q3", "B2", datetime(2020, 7, 6))
    assert import_workbook(book, campaign).files == ("incidents/2020Q3.csv",)
    assert ",2020-07-06,day," in (campaign / "incidents" / "2020Q3.csv").read_text("utf-8")


def test_a_formula_and_a_moment_are_faults_and_nothing_is_written(campaign, book):
    edit(book, "2020Q3", "B2", "=TODAY()")
    edit(book, "2020Q3", "B3", datetime(2020, 7, 6, 12, 30))
    before = contents(campaign)
    with pytest.raises(DataError) as error:
        import_workbook(book, campaign)
    assert [f.column for f in error.value.faults] == ["B", "B"]
    assert contents(campaign) == before


def test_the_same_checks_hold_as_for_csv(campaign, book):
    edit(book, "2020Q3", "B2", 43831)
    before = contents(campaign)
    with pytest.raises(DataError) as error:
        import_workbook(book, campaign)
    assert any("43831" in (f.value or "") for f in error.value.faults)
    assert contents(campaign) == before


def test_columns_with_allowed_values_have_a_drop_down(campaign, book):
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


# ---- what a round trip changes ----------------------------------------------------------------------------


def rework(book, change):
    opened = load_workbook(book)
    change(opened)
    opened.save(book)


def brought(capsys, book, campaign, *options):
    code = main(["import", str(book), "--out", str(campaign), *options])
    return code, capsys.readouterr()


@pytest.fixture
def few(tmp_path, written):
    """A small campaign, to which no other file refers row by row, and its workbook."""
    return make(tmp_path / "few"), Path(shutil.copy(written, tmp_path / "few.xlsx"))


def column(sheet, name):
    return next(cell.column for cell in sheet[1] if cell.value == name)


def end(sheet):
    """The first row without an id."""
    return next(i for i in range(1, 9999) if sheet.cell(i, 1).value is None)


def test_an_import_says_what_it_changed_and_keeps_the_old(few, capsys):
    folder, book = few
    before = contents(folder)

    def change(opened):
        sheet = opened["2020Q3"]
        last = end(sheet)
        for cell in sheet[last - 1]:
            sheet.cell(last, cell.column).value = cell.value
        sheet.cell(last, 1).value = "IQ-NEW-1"
        sheet.cell(2, column(sheet, "summary")).value = None
        sheet.cell(3, column(sheet, "place")).value = "Elsewhere"

    rework(book, change)
    code, told = brought(capsys, book, folder)
    assert code == 0, told.err
    assert "incidents: 1 row added, 2 changed, 0 removed, 1 cell emptied" in told.out
    kept = folder / ".replaced" / "incidents" / "2020Q3.csv"
    assert kept.read_bytes() == before["incidents/2020Q3.csv"] and str(folder / ".replaced") in told.out
    assert check(folder)[0] is not None and contents(folder)["incidents/2020Q3.csv"] != kept.read_bytes()


@pytest.mark.parametrize(
    ("sheet", "rows", "table"), [("2020Q3", 2, "incidents"), ("2020Q3", 1, "incidents"), ("context", 2, "context")]
)
def test_rows_are_dropped_only_where_that_is_allowed(few, capsys, sheet, rows, table):
    folder, book = few
    before = contents(folder)
    first = load_workbook(book)[sheet].cell(3, 1).value
    rework(book, lambda opened: opened[sheet].delete_rows(3, rows))
    code, told = brought(capsys, book, folder)
    assert code == 1 and contents(folder) == before and not (folder / ".replaced").exists()
    assert told.err.count("\n") == 1 and f"{rows} row" in told.err and first in told.err
    assert "--allow-removals" in told.err
    code, told = brought(capsys, book, folder, "--allow-removals")
    assert code == 0, told.err
    assert f"{table}: 0 rows added, 0 changed, {rows} removed" in told.out


def test_lost_rows_are_told_before_what_refers_to_them(campaign, book, capsys):
    rework(book, lambda opened: opened["2020Q3"].delete_rows(2, 3))
    code, told = brought(capsys, book, campaign)
    assert code == 1 and told.err.count("\n") == 1 and "3 rows" in told.err


def test_a_lost_column_of_ids_is_not_taken_for_lost_rows(few, capsys):
    folder, book = few
    rework(book, lambda opened: opened["2020Q3"].__setitem__("A1", "id"))
    code, told = brought(capsys, book, folder)
    assert code == 1 and "incident_id" in told.err and "removals" not in told.err


def test_a_row_may_move_to_another_quarter(few, capsys):
    folder, book = few

    def change(opened):
        old, new = opened["2020Q3"], opened["2020Q2"]
        first, last = end(new), end(old) - 1
        for cell in old[last]:
            new.cell(first, column(new, old.cell(1, cell.column).value)).value = cell.value
        new.cell(first, column(new, "date")).value = "2020-06-30"
        old.delete_rows(last)

    rework(book, change)
    code, told = brought(capsys, book, folder)
    assert code == 0, told.err
    assert "0 rows added, 1 changed, 0 removed" in told.out


def test_a_sheet_that_is_gone_leaves_its_table(campaign, book, capsys):
    before = contents(campaign)
    rework(book, lambda opened: opened.remove(opened["tallies"]))
    code, told = brought(capsys, book, campaign)
    assert code == 0 and "tallies.csv" in told.out and contents(campaign) == before


@pytest.mark.parametrize("cells", ["B3:B7", "A1:Y1", "AA1:AB2", "C3:D3"])
def test_merged_cells_are_faults(campaign, book, capsys, cells):
    before = contents(campaign)
    rework(book, lambda opened: opened["2020Q3"].merge_cells(cells))
    code, told = brought(capsys, book, campaign)
    assert code == 1 and cells in told.err and "merged" in told.err and contents(campaign) == before


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD1", "A60000", "SZ9"])
def test_a_far_cell_is_named(campaign, book, capsys, cell):
    before = contents(campaign)
    rework(book, lambda opened: opened["2020Q3"].__setitem__(cell, "x"))
    start = time.process_time()
    code, told = brought(capsys, book, campaign)
    assert time.process_time() - start < 6
    assert code == 1 and told.err.count("\n") == 1 and contents(campaign) == before


def replaced(book, part, old, new):
    """The workbook with some bytes of a part replaced."""
    with zipfile.ZipFile(book) as archive:
        parts = {i.filename: archive.read(i) for i in archive.infolist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new, 1)
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


SHEET, END = "xl/worksheets/sheet1.xml", b"</sheetData>"
BOMBS = {
    "zip bomb": (SHEET, b"<sheetData>", b"<sheetData>" + b" " * 100_000_000),
    "row of a million cells": (SHEET, END, b'<row r="900">' + b"<c/>" * 10**6 + b"</row>" + END),
    "a million empty rows": (SHEET, END, b"<row/>" * 10**6 + END),
    "row past the last": (SHEET, END, b'<row r="99999999999"><c><v>1</v></c></row>' + END),
    "columns past the last": (SHEET, END, b'<row r="900"><c r="ZZZ900"><v>1</v></c></row>' + END),
    "declarations": (SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet'),
    "formulas": (SHEET, END, b'<row r="900"><c><f>1</f></c></row>' * 9000 + END),
    "styles": ("xl/styles.xml", b"<cellXfs", b"<x/>" * 200_000 + b"<cellXfs"),
    "long number": (SHEET, END, b'<row r="900"><c r="A900"><v>' + b"9" * 900_000 + b"</v></c></row>" + END),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_would_never_end_is_refused(campaign, book, capsys, name):
    before = contents(campaign)
    replaced(book, *BOMBS[name])
    start = time.process_time()
    code, told = brought(capsys, book, campaign)
    assert time.process_time() - start < 6
    assert code == 1 and told.err.count("\n") == 1 and "book.xlsx" in told.err and contents(campaign) == before


@pytest.mark.parametrize(
    "spoil", [lambda p: p.write_bytes(b"PK\x03\x04"), lambda p: p.write_bytes(b""), lambda p: p.mkdir()]
)
def test_what_is_no_workbook_is_one_line(campaign, tmp_path, capsys, spoil):
    spoil(tmp_path / "x.xlsx")
    code, told = brought(capsys, tmp_path / "x.xlsx", campaign)
    assert code == 1 and told.err.count("\n") == 1 and "x.xlsx" in told.err


def test_the_workbook_that_stood_there_is_kept(campaign, book, capsys):
    book.write_bytes(b"work of a day")
    assert main(["workbook", "--data", str(campaign), "--out", str(book)]) == 0
    kept = book.parent / ".replaced" / book.name
    assert kept.read_bytes() == b"work of a day" and str(kept) in capsys.readouterr().out
    assert import_workbook(book, campaign).files == ()


@pytest.mark.parametrize("out", ["none/book.xlsx", "folder.xlsx"])
def test_a_workbook_that_cannot_be_written_is_one_line(campaign, tmp_path, capsys, out):
    (tmp_path / "folder.xlsx").mkdir()
    assert main(["workbook", "--data", str(campaign), "--out", str(tmp_path / out)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".draft")]

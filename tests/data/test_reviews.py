"""A review goes out, comes back with comments and answers, and no sign of them is lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import small
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.comments import Comment

from incident_report.cli import main
from incident_report.data import check, load
from incident_report.data.files import Folder
from incident_report.data.model import DataError
from incident_report.data.reviews import Line, Review, fits, keep_review, read_reviews, sent_again, taken_back
from incident_report.data.reviewsheet import HEADER, read_review, write_review

HEADS = {**dict.fromkeys(HEADER, "Head"), "how": "Write."}
LINES = tuple(
    Line(f"story/part/{n}", "Key finding", f"Statement {n} says 27 = 27.", condition="a is rise") for n in range(4)
)
ODD = ["=see line 3", "a | b\n\n| c |", "نعم، لكن كم؟", "+1", "@all", "-", "'quoted", "_x0041_", "1", "007",
       "2020-09-28", "TRUE", "a\tb", "  blanks  ", "“curly” – dash", "\n", "=1+1", "💬", "a\u2028b"]  # fmt: skip
# What XML can hold and a person can type; the line end of other systems comes back as a line feed.
TYPED = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\n\t"), max_size=40
).filter(lambda t: "\ufffe" not in t and "\uffff" not in t)


def commented(path, comments: dict[int, str], answers: dict[int, str]) -> None:
    """What a reviewer with a spreadsheet program does: types text into cells and saves."""
    book = load_workbook(path)
    sheet = book["review"]
    for column, given_ in (("comment", comments), ("answer", answers)):
        for row, text in given_.items():
            cell = sheet.cell(row + 3, HEADER.index(column) + 1)
            cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)  # as every spreadsheet program writes it
    book.save(path)


@settings(max_examples=40, deadline=None)
@given(st.lists(TYPED, min_size=4, max_size=4), st.lists(TYPED, min_size=4, max_size=4))
def test_whatever_is_typed_comes_back(tmp_path_factory, comments, answers):
    path = tmp_path_factory.mktemp("review") / "sheet.xlsx"
    write_review("2020Q3", LINES, HEADS, path)
    commented(path, dict(enumerate(comments)), dict(enumerate(answers)))
    quarter, back = read_review(path)
    assert quarter == "2020Q3"
    assert [one.comment for one in back] == comments and [one.answer for one in back] == answers
    assert [replace(one, comment="", answer="") for one in back] == list(LINES)


def test_odd_comments_come_through_sheet_and_file(tmp_path):
    lines = tuple(Line(f"x/{n}", "Claim", "It is so.") for n in range(len(ODD)))
    path = tmp_path / "sheet.xlsx"
    write_review("2020Q3", lines, HEADS, path)
    commented(path, dict(enumerate(ODD)), {})
    review = taken_back(Review("2020Q3", lines), read_review(path)[1])
    keep_review(tmp_path, review)
    again = read_reviews(Folder(tmp_path, pytest.fail), "quarter")["2020Q3"]
    assert [one.comment for one in again.lines] == ODD
    assert again.back and again.comments == sum(bool(c.strip()) for c in ODD) and again.answered == 0


def test_a_comment_typed_as_text_keeps_its_equals_sign(tmp_path):
    write_review("2020Q3", (replace(LINES[0], comment="=see 3"),), HEADS, tmp_path / "sheet.xlsx")
    assert read_review(tmp_path / "sheet.xlsx")[1][0].comment == "=see 3"
    sheet = load_workbook(tmp_path / "sheet.xlsx")["review"]
    assert sheet.cell(3, HEADER.index("comment") + 1).data_type == "s"


def test_a_sheet_that_lost_something_is_refused():
    sent = Review("2020Q3", (replace(LINES[0], comment="Why?"), *LINES[1:]))
    whole = (replace(LINES[0], comment="Why?", answer="So."), *LINES[1:])
    assert fits(sent, whole) == []
    assert "missing" in fits(sent, whole[:-1])[0]
    assert "2 rows" in fits(sent, (*whole, whole[1]))[0]
    assert "lost the comment" in fits(sent, LINES)[0]
    for name in ("kind", "statement", "evidence", "robustness", "condition"):
        (told,) = fits(sent, (*whole[:3], replace(whole[3], **{name: "Other."})))
        assert told.startswith(whole[3].id) and name in told
    assert fits(sent, (*whole[:3], replace(whole[3], answer="To what?")))
    assert fits(sent, (*whole, Line("new/1", "Claim", "New.")))


def test_a_sheet_sent_again_has_todays_statements_and_all_that_was_said():
    before = Review("2020Q3", tuple(replace(one, comment=f"c{n}") for n, one in enumerate(LINES)), back=True)
    now = (replace(LINES[0], statement="Other words."), *LINES[2:])
    again = sent_again(now, before)
    assert [one.comment for one in again] == ["c0", "c2", "c3", "c1"] and again[0].statement == "Other words."


def test_out_and_back_at_the_command_line(tmp_path, capsys):
    folder, sheet = small.make(tmp_path / "campaign"), tmp_path / "sheet.xlsx"
    assert main(["review", "2020Q3", "--data", str(folder), "--out", str(sheet)]) == 0
    assert load(folder).reviews["2020Q3"].back is False
    commented(sheet, {0: "=Why?\nReally | so?", 1: "نعم"}, {0: "Because."})
    assert main(["review", "--data", str(folder), "--back", str(sheet)]) == 0
    kept = load(folder).reviews["2020Q3"]
    assert (kept.comments, kept.answered, kept.lines[0].comment) == (2, 1, "=Why?\nReally | so?")
    assert kept.unanswered[0].id in capsys.readouterr().out
    commented(sheet, {0: ""}, {})
    assert main(["review", "--data", str(folder), "--back", str(sheet)]) == 1
    assert load(folder).reviews["2020Q3"].comments == 2


def test_sheets_may_have_other_names_rows_another_order_and_columns_another_place(tmp_path):
    sheet = tmp_path / "sheet.xlsx"
    write_review("2020Q3", LINES, HEADS, sheet)
    book = load_workbook(sheet)
    book["review"].title, book["about"].title = "Sheet1", "Sheet2"
    table = book["Sheet1"]
    rows = [[cell.value for cell in row] for row in table.iter_rows(min_row=3)]
    for n, row in enumerate(reversed(rows), 3):
        for j, value in enumerate(row, 1):
            table.cell(n, j).value = f" {value} " if j == 1 else value
    table.insert_cols(2)
    book.save(sheet)
    quarter, back = read_review(sheet)
    assert quarter == "2020Q3" and fits(Review("2020Q3", LINES), back) == []
    assert [one.id for one in back] == [one.id for one in reversed(LINES)]


def test_a_sheet_without_its_first_row_is_one_line(tmp_path):
    sheet = tmp_path / "sheet.xlsx"
    write_review("2020Q3", LINES, HEADS, sheet)
    book = load_workbook(sheet)
    book["review"].delete_rows(1)
    book.save(sheet)
    with pytest.raises(DataError) as caught:
        read_review(sheet)
    assert [f.column for f in caught.value.faults] == [None]


@pytest.mark.parametrize("content", ["{}", "[]", '{"quarter": "2020Q2", "lines": []}', "{"])
def test_a_review_that_is_none_is_a_fault(tmp_path, content):
    found, faults = check(small.make(tmp_path / "c", {"review/2020Q3.json": content}))
    assert found is None and {f.file for f in faults if f.severity == "error"} == {"review/2020Q3.json"}


def test_what_no_sheet_is_is_said_in_one_line(tmp_path, capsys):
    folder = small.make(tmp_path / "campaign")
    (tmp_path / "sheet.xlsx").write_text("no workbook")
    assert main(["review", "--data", str(folder), "--back", str(tmp_path / "sheet.xlsx")]) == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "write",
    [
        lambda book: book["review"].cell(4, len(HEADER) + 1, "Hm"),
        lambda book: book["review"].cell(9, HEADER.index("comment") + 1, "Hm"),
        lambda book: book.create_sheet("mine").cell(1, 1, "Hm"),
        lambda book: setattr(book["review"].cell(4, 3), "comment", Comment("Hm", "Somebody")),
    ],
    ids=["beside the table", "a row of its own", "another sheet", "a note at a cell"],
)
def test_a_remark_where_nobody_would_read_it_is_refused_in_one_line(tmp_path, capsys, write):
    folder, sheet = small.make(tmp_path / "campaign"), tmp_path / "sheet.xlsx"
    write_review("2020Q3", LINES, HEADS, sheet)
    book = load_workbook(sheet)
    write(book)
    book.save(sheet)
    assert main(["review", "--data", str(folder), "--back", str(sheet)]) == 1
    told = capsys.readouterr().err.strip()
    assert len(told.splitlines()) == 1 and told.startswith(f"incident-report: {sheet}")
    assert not (folder / "review").exists()

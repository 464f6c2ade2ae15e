"""Each incident has one line that it is at home in, with what belongs to it, and every mention leads there."""

from __future__ import annotations

import csv
import io

import pytest
from editions import founding

from incident_report.publish.bundle import RowFiles
from incident_report.publish.row_links import linked_rows, list_of_rows
from nbtypst import ast

IDS = [f"A-{i}" for i in range(4)]


def table(*firsts: str) -> ast.Node:
    rows = [[ast.words(first), ast.words("x")] for first in firsts]
    return ast.table([ast.words("id"), ast.words("x")], rows, ["left"] * 2, [None] * 2, [])


def homes(blocks: list[ast.Node]) -> list[list[str]]:
    """Ids on the lines of each table."""
    tables = [n for n in ast.nodes(linked_rows(blocks, IDS)) if n["t"] == "Table"]
    return [[row[0][0] for body in t["c"][4] for row in body[3] if row[0][0]] for t in tables]


@pytest.mark.parametrize(
    ("tables", "at"),
    [
        ([("A-1",), ("A-0", "A-1")], [[], ["A-0", "A-1"]]),  # the longest
        ([("A-0", "A-0", "A-1", "A-2"), ("A-0", "A-1")], [["A-2"], ["A-0", "A-1"]]),  # in which each stands once
        ([("A-0", "A-1"), ("A-1", "A-0")], [["A-0", "A-1"], []]),  # the first of two alike
        ([("A-0 *", "A-1")], [["A-0", "A-1"]]),  # a sign behind the id
        ([("B-0", "")], [[]]),
    ],
)
def test_where_a_row_is_at_home(tables: list[tuple[str, ...]], at: list[list[str]]) -> None:
    assert homes([table(*firsts) for firsts in tables]) == at


def test_the_list_of_rows_is_not_the_table_in_which_some_stand_twice() -> None:
    lists = {"tab-two": table("A-0", "A-0", "A-1", "A-2"), "tab-none": table("B"), "tab-all": table("A-0", "A-1")}
    blocks = [ast.div([made], id=id, classes=["table-record"]) for id, made in lists.items()]
    assert list_of_rows(blocks, IDS) == "tab-all"
    assert list_of_rows(blocks[:2], IDS) == "tab-two" and list_of_rows(blocks[1:2], IDS) == ""


def test_a_mention_with_a_sign_behind_it_is_a_link() -> None:
    found = linked_rows([table("A-0\u00a0*", "A-1")], IDS)
    assert [n["c"][2][0] for n in ast.nodes(found) if n["t"] == "Link"] == ["#A-0", "#A-1"]


def test_what_belongs_to_a_row_stands_once_below_its_id() -> None:
    found = linked_rows([table("A-0", "A-0")], IDS, lambda id: [ast.raw(f"<i>{id}</i>", "html")])
    cells = [row[1][0][4] for body in found[0]["c"][4] for row in body[3]]
    assert [[n["t"] for n in cell] for cell in cells] == [["Plain", "RawBlock"], ["Plain"]]


def test_a_rows_own_data_are_its_filled_cells() -> None:
    listed = founding().listed.set_index("incident_id")
    rows = RowFiles(founding())
    assert list(rows) == listed.index.tolist()
    for id, data in rows.items():
        head, values = csv.reader(io.StringIO(data.decode(), newline=""))
        found = dict(zip(head, values, strict=True))
        assert all(values) and (found["incident_id"], found["summary"]) == (id, listed.loc[id, "summary"])

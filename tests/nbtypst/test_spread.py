"""A table on the laid-out page: what of it stays together where it breaks, and how a spread breaks."""

from __future__ import annotations

import pytest
from boxes import Word, words
from exports import export
from nbformat import v4

from nbtypst.records import MIME


def spread(groups: int, options: int) -> dict[str, object]:
    """A record with so many groups of so many options each."""
    rows = [
        row
        for g in range(groups)
        for row in (
            [f"G{g}", "", ""],
            *(
                [f"O{g}-{o}", "[+]{.sign .sign-better}", f"[RED]{{.rating .rating-red}} H{g}-{o}"]
                for o in range(options)
            ),
        )
    ]
    columns = [
        {"label": name, "width": w, "markdown": i > 0}
        for i, (name, w) in enumerate((("a", 0.4), ("b", 0.2), ("c", 0.4)))
    ]
    return {"kind": "table", "id": "tab-spread", "title": "T", "columns": columns, "rows": rows, "look": "spread"}


def table(rows: int, notes: int) -> dict[str, object]:
    """A record with so many rows, and notes of so many words."""
    return {
        "kind": "table",
        "id": "tab-long",
        "title": "Titled",
        "columns": [{"label": "Head"}, {"label": "b"}],
        "rows": [[f"R{i}", "cell"] for i in range(rows)],
        "caption": " ".join(["Noted", *["words"] * notes]),
    }


def set_after(lines: int, record: dict[str, object]) -> list[Word]:
    """The words of a PDF in which the record follows so many lines."""
    output = v4.new_output("display_data", {MIME: record, "text/plain": ""})
    before = v4.new_markdown_cell("\n\n".join(["line"] * lines))
    return words(export(v4.new_notebook(cells=[before, v4.new_code_cell("x", outputs=[output])])).content)


def page_of(found: list[Word], text: str) -> int:
    return next(w.page for w in found if w.text == text)


@pytest.mark.parametrize("lines", [*range(13, 19), *range(34, 44)])
def test_a_table_begins_with_three_rows_and_ends_with_two_and_its_notes(lines: int) -> None:
    found = set_after(lines, table(40, 60))
    assert page_of(found, "Titled") == page_of(found, "R0") == page_of(found, "R2")
    assert page_of(found, "R38") == page_of(found, "R39") == page_of(found, "Noted")
    assert len({w.page for w in found if w.text == "Head"}) == len({w.page for w in found if w.text.startswith("R")})


def test_notes_stand_below_the_table_and_make_no_column_wider() -> None:
    short, long = (set_after(0, table(40, notes)) for notes in (1, 200))
    assert {w.left for w in short if w.text == "cell"} == {w.left for w in long if w.text == "cell"}
    for found in (short, long):
        assert min(w.top for w in found if w.text == "words") > max(w.bottom for w in found if w.text == "cell")


def test_what_fits_on_a_page_stands_on_one() -> None:
    assert len({w.page for w in set_after(0, spread(3, 4)) if w.text.startswith(("O", "H"))}) == 1


@pytest.mark.parametrize("lines", [0, 7, 14, 21, 28])
def test_a_spread_goes_on_over_the_page_with_its_head_and_no_row_or_name_is_torn_off(lines: int) -> None:
    found = set_after(lines, spread(4, 12))
    for g in range(4):
        assert page_of(found, f"G{g}") == page_of(found, f"O{g}-0")
        assert all(page_of(found, f"O{g}-{o}") == page_of(found, f"H{g}-{o}") for o in range(12))
    assert {w.page for w in found if w.text == "a"} == {w.page for w in found if w.text.startswith("O")}
    assert page_of(found, "O3-10") == page_of(found, "O3-11")


def test_a_spread_fills_the_page_that_it_begins_on() -> None:
    found = set_after(16, spread(4, 6))
    first = page_of(found, "G0")
    assert first == page_of(found, "line")
    assert max(w.bottom for w in found if w.page == first and w.text.startswith("H")) > 0.85 * found[0].height

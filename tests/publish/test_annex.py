"""Tagged sections move to the end; everything else stays where it is."""

from __future__ import annotations

from nbformat import v4

from incident_report.publish.annex import split, with_annex


def md(text: str, *tags: str):
    return v4.new_markdown_cell(text, metadata={"tags": list(tags)} if tags else {})


def test_a_tagged_section_ends_at_the_next_heading_of_its_level() -> None:
    code = v4.new_code_cell("1")
    cells = [md("# A"), md("## One", "annex"), code, md("### Part"), code, md("## Two"), code]
    body, annex = split(cells)
    assert [c["source"] for c in body] == ["# A", "## Two", "1"]
    assert [c["source"] for c in annex] == ["## One", "1", "### Part", "1"]


def test_two_tagged_sections_in_a_row_and_one_at_the_end() -> None:
    _, annex = split([md("# A"), md("## One", "annex"), md("## Two", "annex"), md("text")])
    assert [c["source"] for c in annex] == ["## One", "## Two", "text"]


def test_a_tag_on_a_cell_without_heading_moves_nothing() -> None:
    body, annex = split([md("# A"), md("plain", "annex"), v4.new_code_cell("1")])
    assert len(body) == 3 and not annex


def test_chapters_keep_their_order_and_none_tagged_makes_no_annex() -> None:
    one, two = v4.new_notebook(cells=[md("# A")]), v4.new_notebook(cells=[md("# B"), md("## T", "annex")])
    assert [n for n, _ in with_annex([("a", one)], "Annex")] == ["a"]
    assert [n for n, _ in with_annex([("b", two), ("a", one)], "Annex")] == ["b", "a", "annex", "b-annex"]

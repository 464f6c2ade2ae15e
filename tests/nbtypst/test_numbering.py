"""Numbers, cross-references and citations."""

from __future__ import annotations

import json

import pytest
from traits import book, cell, md, png, shown

from nbtypst import ast, numbering, pandoc
from nbtypst.numbering import NumberingError, cite, number
from nbtypst.records import MIME
from nbtypst.tree import NotebookError, Options, read_notebooks

SOURCES = [
    {
        "id": "a-1",
        "type": "webpage",
        "title": "A <b>title</b>",
        "author": [{"family": "Doe"}],
        "issued": {"date-parts": [[2020]]},
    }
]


def figure(id="fig-a", **more):
    return {
        "kind": "figure",
        "id": id,
        "title": "Rises",
        "alt": "A line rises.",
        "png": png(),
        "caption": "See @tab-a.",
        **more,
    }


def table(id="tab-a", **more):
    return {
        "kind": "table",
        "id": id,
        "title": "Counts",
        "columns": [{"label": "Name", "align": "left"}, {"label": "Rate", "align": "decimal"}],
        "rows": [["#panic()", "1.5"], ["$x$ @a", "22"]],
        "notes": ["A *note*."],
        **more,
    }


def prose(*paragraphs, id="txt-a", role=""):
    return {"kind": "prose", "id": id, "role": role, "paragraphs": list(paragraphs)}


def tree(*cells, **options):
    return read_notebooks([("ch", book(*cells))], Options(code="hide", **options))


def record(content):
    return cell(shown({MIME: content}))


def text(blocks):
    return " ".join(pandoc.write(ast.document(blocks), "plain", "--wrap=none").decode().split())


def test_references_become_links_with_numbers():
    made = number(
        tree(
            md("# One\n\n## Inner part\n\nSee @fig-a and [@fig-a; @tab-a] in @sec-inner-part. @Sec-one says."),
            record(figure()),
            record(table()),
        )
    )
    shown_text = text(made.blocks)
    assert "See Figure 1 and (Figure 1; Table 1) in section 1.1. Section 1 says." in shown_text
    page = pandoc.write(ast.document(made.blocks), "html", "--wrap=none").decode()
    assert 'See <a href="#tab-a" class="xref">Table\u00a01</a>.' in page
    assert [e.number for e in made.sections] == ["1", "1.1"]
    assert made.figures[0].title == "Rises"


def test_reference_and_citation_side_by_side():
    made = number(tree(md("As @fig-a [@a-1] shows."), record(figure()), record(table())), known={"a-1"})
    out = text(cite(made.blocks, SOURCES, note=lambda id: "Reliability B."))
    assert "As Figure 1 (Doe 2020) shows." in out
    assert "<b>" in out and "Reliability B." in out


NOTES = """<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
<info><title>Notes</title><id>notes</id></info><citation><layout><choose><if position="subsequent">
<text variable="first-reference-note-number" prefix="n. "/></if><else><text variable="title"/></else></choose></layout>
</citation><bibliography><layout><text variable="title"/></layout></bibliography></style>"""


@pytest.mark.parametrize("csl", [None, NOTES])
@pytest.mark.parametrize(
    "end", ["", "# Sources", "::: {#refs}\n:::\n\nThe end.", "::: {#refs}\n@a-1\n:::", "Term @a-1\n\n:   said"]
)
def test_what_cites_is_formatted_as_in_the_whole_document(csl, end, monkeypatch):
    told = "# One\n\nNo source.[^a]\n\nSaid [@a-1], said @a-1.[^b]\n\n> - | so [see @a-1, p. 3].\n\n"
    table = "| a |\n|---|\n| [@a-1] |"
    made = pandoc.run(["-f", "markdown", "-t", "json"], f"{told}{table}\n\n[^a]: A note.\n\n[^b]: By @a-1.\n\n{end}")
    blocks = json.loads(made)["blocks"]
    own = cite(ast.copied(blocks), SOURCES, csl=csl, note=lambda id: "Reliability B.")
    monkeypatch.setattr(numbering, "_citing", lambda blocks: blocks)
    assert own == cite(blocks, SOURCES, csl=csl, note=lambda id: "Reliability B.")
    assert "Reliability B." in text(own)


@pytest.mark.parametrize("reference", ["@fig-none", "[@tab-none]", "@sec-none", "[@source]", "@source"])
def test_unknown_is_an_error_with_place(reference):
    with pytest.raises(NumberingError) as caught:
        number(tree(md("# Top"), record(prose(f"See {reference}.", id="txt-place"))))
    assert len(caught.value.faults) == 1
    assert "ch, txt-place: unknown" in caught.value.faults[0]


def test_repeated_id_is_an_error():
    with pytest.raises(NumberingError, match="already used"):
        number(tree(record(table()), record(table())))


def test_ambiguous_heading_is_an_error_only_when_referred_to():
    cells = [md("# A\n\n## Limits\n\n# B\n\n## Limits")]
    number(tree(*cells))
    with pytest.raises(NumberingError, match="several sections"):
        number(tree(*cells, md("See @sec-limits.")))


def test_unnumbered_headings_take_their_children_along():
    made = number(tree(md("# Front {.unnumbered}\n\n## Sub\n\n# One\n\n## Two")))
    assert [e.number for e in made.sections] == ["", "", "1", "1.1"]


def test_numbering_leaves_the_tree_alone():
    read = tree(md("# A"), record(figure(caption="")))
    assert number(read).blocks == number(read).blocks


def test_record_cells_are_literal_unless_markdown():
    rows = {"rows": [["*not*", "1"], ["[@a]", "2"]]}
    assert "*not*" in text(tree(record(table(**rows))).blocks)


@pytest.mark.parametrize(
    "broken",
    [
        {"kind": "chart", "id": "x"},
        {"kind": "figure", "id": "fig-a", "title": "t", "alt": " ", "png": ""},
        {"kind": "figure", "id": "fig-a", "title": "t", "alt": "x", "png": "AAAA"},
        {"kind": "figure", "id": "bad id", "title": "t", "alt": "x", "png": ""},
        {"kind": "table", "id": "tab-a", "title": "t", "columns": []},
        {"kind": "table", "id": "tab-a", "title": "t", "columns": [{"label": "a"}], "rows": [["1", "2"]]},
        {"kind": "table", "id": "tab-a", "title": "t", "columns": [{"label": "a", "align": "up"}], "rows": []},
    ],
)
def test_malformed_record_names_notebook_and_cell(broken):
    with pytest.raises(NotebookError, match="ch, cell 1"):
        tree(record(broken))


def test_findings_stand_in_one_box():
    cells = [record(prose(f"Finding {i}.", id=f"txt-{i}", role="finding")) for i in range(3)]
    boxes = [n for n in ast.nodes(tree(*cells).blocks) if "key-findings" in ast.classes_of(n)]
    assert len(boxes) == 1
    assert len(boxes[0]["c"][1]) == 3

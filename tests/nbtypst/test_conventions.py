"""What other tools write into notebooks: options, tags, front matter."""

from __future__ import annotations

import pikepdf
import pytest
from exports import export
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_raw_cell
from traitlets.config import Config
from traits import FRAME, book, cell, md, png, shown, stream

from nbtypst import ast, cell_options, front_matter
from nbtypst.tree import read_notebooks


def texts(nb):
    return ast.text_of(read_notebooks([("book", nb)]).blocks)


@pytest.mark.parametrize(
    ("source", "metadata", "seen", "unseen"),
    [
        ("#| echo: false\nCODE", {}, ["OUT", "ERR"], ["CODE", "echo"]),
        ("#|echo: false\nCODE", {}, ["OUT"], ["CODE"]),
        ("#| output: false\nCODE", {}, ["CODE"], ["OUT", "ERR", "output"]),
        ("#| results: hide\nCODE", {}, ["CODE"], ["OUT", "ERR"]),
        ("#| include: false\nCODE", {}, [], ["CODE", "OUT"]),
        ("#| warning: false\n#| label: x\nCODE", {}, ["CODE", "OUT"], ["ERR", "label"]),
        ("%%time\n#| echo: true\nCODE", {}, ["CODE", "OUT", "%%time"], ["echo"]),
        ("//| echo: false\nCODE", {}, ["OUT"], ["CODE"]),
        ("# | include: false\nCODE", {}, [], ["CODE", "OUT", "include"]),
        ("#| fig-cap: it: is\n#| echo: false\nCODE", {}, ["OUT"], ["CODE"]),
        ("#|   echo: FALSE\n#| tbl-cap: >\n#|   A long\n#|   one\nCODE", {}, ["OUT", "A long one"], ["CODE", "echo"]),
        ("#| tags: [remove-input]\nCODE", {}, ["OUT"], ["CODE", "tags"]),
        ("#| tags: remove_cell\nCODE", {}, [], ["CODE", "OUT", "tags"]),
        ("CODE\n#| echo: false", {}, ["CODE", "echo: false"], []),
        ("CODE", {"jupyter": {"source_hidden": True}}, ["OUT"], ["CODE"]),
        ("CODE", {"tags": ["remove-stderr"]}, ["CODE", "OUT"], ["ERR"]),
        ("CODE", {"mystnb": {"remove_code_source": True, "output_stderr": "remove"}}, ["OUT"], ["CODE", "ERR"]),
        ("CODE", {"mystnb": {"remove_code_outputs": True}}, ["CODE"], ["OUT", "ERR"]),
        ("CODE", {"transient": {"remove_source": True}}, ["OUT"], ["CODE"]),
        ("CODE", {"tags": ["remove_stdout"]}, ["CODE", "ERR"], ["OUT"]),
        ("CODE", {"tags": ["hide-input"]}, ["OUT"], ["CODE"]),
        ("CODE", {"tags": ["remove-output"]}, ["CODE"], ["OUT", "ERR"]),
        ("CODE", {"tags": ["remove-cell"]}, [], ["CODE", "OUT"]),
    ],
)  # fmt: skip
def test_options_and_tags_of_a_cell(source, metadata, seen, unseen):
    made = new_code_cell(source, outputs=[stream("OUT\n"), stream("ERR\n", "stderr")], metadata=metadata)
    found = texts(book(made))
    assert all(text in found for text in seen), found
    assert not [text for text in unseen if text in found], found


@given(st.text())
def test_any_source_keeps_what_is_no_option(source):
    options, rest = cell_options.split(source)
    assert options or rest == source or "|" in source


def test_captions_of_tables_and_of_text():
    framed = cell(shown({"text/html": FRAME}), source="#| tbl-cap: Where *it* is\n#| label: tbl-x\nx")
    printed = cell(stream("P\n"), source='#| fig-cap: "Said below"\nx')
    blocks = read_notebooks([("book", book(md("See @tbl-x."), framed, printed))]).blocks
    [table] = [n for n in ast.nodes(blocks) if n["t"] == "Table"]
    assert ast.text_of(table["c"][1][1]) == "Where it is"
    assert table["c"][0][0] == "tab-x"
    assert "Said below" in ast.text_of(blocks)
    assert "Table 1" in export(book(md("See @tbl-x."), framed)).text


@pytest.mark.parametrize("kind", [new_raw_cell, md])
@pytest.mark.parametrize("end", ["---", "..."])
def test_front_matter_becomes_metadata(kind, end):
    front = (
        f'---\ntitle: "Rivers in flood"\nauthor: [A. Writer, {{name: B. Other}}]\ndate: 3 March 2031\nlang: fr\n{end}\n'
    )
    made = export(book(kind(front), md("First words.")))
    assert "Rivers in flood A. Writer, B. Other 2031-03-03 First words." in made.text
    assert "author" not in made.text
    with made.open() as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert "20310303" in str(pdf.docinfo["/CreationDate"])
    assert not made.warnings


def test_front_matter_before_text_leaves_the_text():
    found = front_matter.applied(book(md("---\ntitle: A\n---\n\n# Head\n")), print)
    assert found["cells"][0]["source"].strip() == "# Head"
    assert found["metadata"]["title"] == "A"


def test_the_notebooks_own_metadata_win():
    assert front_matter.applied(book(md("---\ntitle: A\n---"), title="Own"), print)["metadata"]["title"] == "Own"


@pytest.mark.parametrize(
    "source", ["---\n\nOnly a rule above.\n\n---", "---\n- a\n---", "Text\n\n---\ntitle: A\n---", "---\n---"]
)
def test_rules_of_markdown_are_no_front_matter(source):
    nb = book(md(source))
    assert front_matter.applied(nb, print) is nb


def test_broken_front_matter_is_not_printed_and_an_odd_date_warned_about():
    warnings: list[str] = []
    nb = book(new_raw_cell("---\ntitle: A: broken: yaml\ndate: soon\n---"), md("Words."))
    found = front_matter.applied(nb, warnings.append)
    assert found["metadata"]["title"] == "A: broken: yaml"
    assert len(warnings) == 1
    assert texts(found) == "Words."


@given(st.text(alphabet="-.:[]{}&*!|>'\"%@#, \nabc"))
def test_any_front_matter_is_read_without_an_exception(text):
    front_matter.applied(book(new_raw_cell(f"---\n{text}\n---")), lambda _: None)


def test_quartos_document_options_are_settings():
    front = "---\ntitle: T\nexecute:\n  echo: false\npapersize: a5\ntoc: true\n---\n"
    made = export(book(new_raw_cell(front), md("# One"), cell(stream("OUT\n"), source="CODE")))
    assert "OUT" in made.text
    assert "CODE" not in made.text
    with made.open() as pdf:
        assert [round(float(x)) for x in pdf.pages[0].MediaBox[2:]] == [420, 595]


@pytest.mark.parametrize(
    ("front", "sides"),
    [
        ("margin: {x: 2cm, y: 3cm}", ["3cm", "2cm", "3cm", "2cm"]),
        ("margin-left: 1in", ["24mm", "25mm", "24mm", "1in"]),
        ("geometry: margin=1in", ["1in"] * 4),
        ("geometry: [top=30mm, 'left=20mm,right=10mm']", ["30mm", "10mm", "24mm", "20mm"]),
        ("format: {typst: {margin: {rest: 1cm, top: 2cm}}}", ["2cm", "1cm", "1cm", "1cm"]),
    ],
)
def test_margins_of_front_matter_are_margins(front, sides):
    nb = front_matter.applied(book(new_raw_cell(f"---\n{front}\n---")), pytest.fail)
    assert nb["metadata"]["nbtypst"]["margins"] == sides


@pytest.mark.parametrize(
    "front", ["geometry: [a4paper, heightrounded]", "margin: {z: 1cm, 7: 2cm}", "margin-note: 1cm"]
)
def test_margins_that_are_not_known_are_one_warning(front):
    warnings: list[str] = []
    nb = front_matter.applied(book(new_raw_cell(f"---\n{front}\n---")), warnings.append)
    assert len(warnings) == 1
    assert "nbtypst" not in nb["metadata"]


def test_a_date_that_is_none_is_warned_about():
    assert [w for w in export(book(md("x"), date="yesterday")).warnings if "2031-03-03" in w]


@pytest.mark.parametrize(
    ("front", "source", "metadata", "seen", "unseen"),
    [
        ("execute: {echo: false}", "CODE", {}, ["OUT", "ERR"], ["CODE"]),
        ("execute: {echo: false}", "#| echo: true\nCODE", {}, ["CODE", "OUT"], []),
        ("execute: {output: false}", "CODE", {}, ["CODE"], ["OUT", "ERR"]),
        ("execute: {warning: false}", "CODE", {}, ["CODE", "OUT"], ["ERR"]),
        ("execute: {include: false}", "CODE", {}, [], ["CODE", "OUT"]),
        ("execute: {include: false}", "#| include: true\nCODE", {}, ["CODE", "OUT"], []),
        ("format: {pdf: {echo: false}, html: {output: false}}", "CODE", {}, ["OUT"], ["CODE"]),
        ("execute: nonsense", "CODE", {}, ["CODE", "OUT"], []),
        ("title: T", "#| code-fold: true\n#| eval: false\nCODE", {}, ["CODE", "OUT"], ["fold", "eval"]),
        ("title: T", "CODE", {"jupyter": {"outputs_hidden": True}}, ["CODE"], ["OUT"]),
        ("title: T", "CODE", {"tags": ["hide-cell"]}, [], ["CODE", "OUT"]),
        ("title: T", "CODE", {"tags": ["injected-parameters", "parameters"]}, ["CODE", "OUT"], []),
    ],
)
def test_options_of_the_document_hold_unless_a_cell_has_its_own(front, source, metadata, seen, unseen):
    made = new_code_cell(source, outputs=[stream("OUT\n"), stream("ERR\n", "stderr")], metadata=metadata)
    found = texts(front_matter.applied(book(new_raw_cell(f"---\n{front}\n---"), made), print))
    assert all(text in found for text in seen), found
    assert not [text for text in unseen if text in found], found


def test_output_as_it_is_is_markdown():
    [para] = read_notebooks(
        [("b", book(cell(stream("A *b* $c$"), source="#| output: asis\n#| echo: false\nx")))]
    ).blocks
    assert [n["t"] for n in ast.nodes(para) if n["t"] in ("Emph", "Math")] == ["Emph", "Math"]


@pytest.mark.parametrize("kind", [new_raw_cell, md])
def test_an_abstract_stands_before_the_text_and_macros_hold_in_it(kind):
    front = "---\ntitle: T\nlang: de\nabstract: |\n  Short *words*.\nmath:\n  '\\R': '\\mathbb{R}'\n---\n"
    found = front_matter.applied(book(kind(front), md("Text $\\R$")), print)
    assert texts(found) == "Zusammenfassung Short words. Text \\mathbb{R}"


@pytest.mark.parametrize(
    ("switch", "unseen"),
    [("exclude_output", "OUT"), ("exclude_markdown", "WORDS"), ("exclude_code_cell", "CODE"), ("exclude_raw", "RAW")],
)
@pytest.mark.parametrize("exporter", ["TemplateExporter", "TypstPDFExporter"])
def test_nbconverts_other_switches_leave_out_what_they_name(switch, unseen, exporter):
    nb = book(md("WORDS"), cell(stream("OUT"), source="CODE"), new_raw_cell("RAW"))
    made = export(nb, config=Config({exporter: {switch: True}}))
    assert unseen not in made.text
    assert made.text.count("OUT") + made.text.count("WORDS") + made.text.count("CODE") + made.text.count("RAW") >= 2


def test_pictures_of_one_cell_are_one_figure_with_captions_of_its_parts():
    options = "#| label: fig-x\n#| fig-cap: Whole\n#| fig-subcap:\n#|   - one\n#|   - other\nx"
    pictures = [shown({"image/png": png(shade=shade)}, alt="x") for shade in (10, 90)]
    made = export(book(cell(*pictures, source=options), md("See @fig-x.")))
    assert "Figure 1. Whole (a) one (b) other" in made.text and "See Figure 1." in made.text
    assert "Figure 2" not in made.text and not made.warnings
    with made.open() as pdf:
        assert len(pdf.pages[0].get_images()) == 2


def test_pictures_and_tables_of_one_cell_have_captions_of_their_own():
    options = "#| label: fig-x\n#| fig-cap:\n#|   - One\n#|   - Other\n#| fig-alt: [A, B]\nx"
    pictures = [shown({"image/png": png(shade=shade)}) for shade in (10, 90)]
    tables = [shown({"text/html": FRAME}) for _ in range(3)]
    framed = cell(*tables, source="#| label: tbl-x\n#| tbl-cap: [Left, Right]\nx")
    made = export(book(cell(*pictures, source=options), framed, md("See @fig-x-2 and @tbl-x-2.")))
    assert "Figure 1. One" in made.text and "Figure 2. Other" in made.text and not made.warnings
    assert "Table 1. Left" in made.text and "Table 2. Right" in made.text and "See Figure 2 and Table 2." in made.text
    with made.open() as pdf:
        assert [str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o] == ["A", "B"]


def test_what_cannot_be_shown_keeps_its_caption_and_its_number():
    refused = shown({"image/svg+xml": "<svg", "text/plain": "PLAIN"})
    made = export(book(md("See @fig-x."), cell(refused, source="#| label: fig-x\n#| fig-cap: The *map*\nx")))
    assert "See Figure 1." in made.text and "Figure 1. The map [A picture" in made.text and "PLAIN" in made.text
    assert made.text.count("map") == 1


def test_a_listing_has_a_caption_and_a_number():
    made = export(book(md("See @lst-x."), cell(source="#| lst-label: lst-x\n#| lst-cap: The *code*\nCODE")))
    assert "See Listing 1. Listing 1. The code CODE" in made.text and not made.warnings
    hidden = cell(source="#| lst-label: lst-x\n#| lst-cap: Cap\n#| echo: false\nCODE")
    assert "Cap" not in texts(book(hidden))


@pytest.mark.parametrize("metadata", [{"collapsed": True}, {"jupyter": {"outputs_hidden": True}}])
def test_outputs_that_jupyterlab_hides_are_left_out_with_a_warning(metadata):
    tree = read_notebooks(
        [("book", book(cell(stream("OUT"), source="CODE", **metadata), cell(source="x", **metadata)))]
    )
    assert ast.text_of(tree.blocks) == "CODEx" and len(tree.warnings) == 1 and "cell 1" in tree.warnings[0]


@pytest.mark.parametrize("output", [stream("word " * 9000), stream("x" * 3000), shown({"text/plain": "word " * 9000})])
def test_what_is_cut_is_warned_about(output):
    tree = read_notebooks([("book", book(cell(output)))])
    [warning] = tree.warnings
    assert "cell 1" in warning and warning.split(": ")[1].rstrip(".") in ast.text_of(tree.blocks)


def test_nbconverts_tags_hide_code_whoever_keeps_the_mark():
    nb = book(cell(stream("OUT"), source="CODE", tags=["quiet"]), cell(source="OTHER"))
    made = export(nb, config=Config({"TagRemovePreprocessor": {"enabled": True, "remove_input_tags": {"quiet"}}}))
    assert "OUT" in made.text and "OTHER" in made.text and "CODE" not in made.text


def test_front_matter_with_other_line_ends():
    made = export(book(new_raw_cell("---\r\ntitle: Rivers\r\n---\r\n"), md("Text.")))
    assert "Rivers" in made.text and "title:" not in made.text


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        ({"application/json": {"a": ["ب", 1]}, "text/plain": "<IPython.core.display.JSON object>"}, '"ب"'),
        ({"application/json": []}, "[]"),
        ({"application/javascript": "alert(1)", "text/plain": "<IPython.core.display.Javascript object>"}, "browser"),
        ({"application/javascript": "alert(1)", "text/plain": "three bars"}, "three bars"),
        (
            {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, "text/plain": "IntSlider(value=3)"},
            "value=3",
        ),
        ({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, "live notebook"),
        ({"application/geo+json": {"type": "Point"}, "text/plain": "a point"}, "a point"),
        ({"application/vnd.vega.v5+json": {"title": "T"}, "text/plain": "said"}, "said"),
        ({"application/x-odd": "1"}, "live notebook"),
    ],
)
def test_data_that_is_no_picture_is_a_note_with_text_and_a_warning(data, seen):
    tree = read_notebooks([("b", book(md("x"), cell(shown(data))))])
    assert seen in ast.text_of(tree.blocks)
    assert len(tree.warnings) == 1
    assert "cell 2" in tree.warnings[0]

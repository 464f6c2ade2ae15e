"""The same notebook gives the same bytes; the command line works; nothing of this package knows the report."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from exports import FONTS, export
from nbconvert.exporters import get_exporter
from test_numbering import figure, record, table
from traits import book, md

import nbtypst
from nbtypst import ast, typst_compile, typst_tables, typst_writer


def test_same_bytes():
    nb = book(md("# A\n\nText $x^2$, see @fig-a."), record(figure()), record(table()))
    assert export(nb).content == export(nb).content


def test_entry_points(tmp_path):
    path = tmp_path / "a.ipynb"
    nbformat.write(book(md("# A\n\nText."), record(figure(caption="")), record(table())), path)
    source, resources = get_exporter("typst")().from_filename(str(path))
    assert resources["output_extension"] == ".typ"
    assert "figures/fig-a.png" in resources["outputs"]
    assert "\\#panic" not in source.split("#nb-table")[1] and '"#panic()"' in source
    content, resources = get_exporter("typst_pdf")().from_filename(str(path))
    assert content.startswith(b"%PDF") and resources["output_extension"] == ".pdf"


def test_missing_glyph_is_a_warning():
    made = export(book(md("漢字 here")))
    assert any("U+6F22" in w for w in made.warnings)


def test_internal_failure_of_typst_is_ours():
    try:
        typst_compile.pdf("#nothing-such", {}, font_paths=[FONTS])
    except typst_compile.TypstFailure as error:
        assert "unknown variable" in str(error)


def test_what_is_laid_out_after_something_else_is_the_same_bytes():
    head = '#set document(title: "x", date: auto)\n#set text(lang: "en")\n'
    sources = [f"{head}= {n}\n" + "Some words. " * 50 for n in ("One", "Two", "One")]
    with typst_compile.press({}) as laid_out:
        together = [laid_out.pdf(source)[0] for source in sources]
    assert together == [typst_compile.pdf(source, {}) for source in sources]
    assert together[0] == together[2] != together[1]


def test_decimals_split_at_the_point():
    assert typst_tables.split_decimal("12.50") == ("12", ".50")
    assert typst_tables.split_decimal("1,200") == ("1,200", "")
    assert typst_tables.split_decimal("unknown") is None


def test_stands_alone():
    for path in Path(nbtypst.__file__).parent.glob("*.py"):
        assert not re.search(r"(from|import) (incident_report|helpers)", path.read_text(encoding="utf-8")), path


def test_a_long_document_is_the_same_source_in_one_part(monkeypatch):
    blocks = []
    for n in range(40):
        blocks.append({"t": "Header", "c": [1 + n % 3, ast.attr(f"h{n}"), ast.words(f"Heading {n}")]})
        blocks += [ast.para(ast.words("Some words.")), ast.plain(ast.words("More.")), ast.code_block("x = 1")]
        blocks.append({"t": "BulletList", "c": [[ast.plain(ast.words("- an item"))]]})
    parted = typst_writer.typst_source(blocks, {"title": "T"}, contents=True, lists=True)
    assert len(typst_writer._parts(blocks)) > 2
    monkeypatch.setattr(typst_writer, "_parts", lambda blocks: [blocks])
    assert typst_writer.typst_source(blocks, {"title": "T"}, contents=True, lists=True) == parted

"""The same notebook gives the same bytes; the command line works; nothing of this package knows the report."""

from __future__ import annotations

import re
import time
from datetime import date
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


_ABOUT = {"title": "T", "date": date(2020, 9, 30)}


def _heading(level, id, text):
    return {"t": "Header", "c": [level, ast.attr(id), ast.words(text)]}


def test_each_section_stands_in_a_file_of_its_own_and_the_pdf_is_that_of_one_file():
    blocks = [
        _heading(1, "one", "One"),
        ast.para(ast.words("Some words.")),
        ast.div([_heading(2, "", "Within")], classes=["x"]),
        _heading(2, "two", "Two"),
        ast.para(ast.words("See the first.")),
    ]
    source = typst_writer.typst_source(blocks, _ABOUT)
    other = typst_writer.typst_source([*blocks[:-1], ast.para(ast.words("Other words."))], _ABOUT)
    files, others = typst_compile._files(source), typst_compile._files(other)
    assert len(files) == 4 and [name for name in files if files[name] != others[name]] == [[*files][-1]]
    whole = source.replace(f"\n{typst_compile.FILE}\n", "\n\n")
    assert [*typst_compile._files(whole)] == ["main.typ"]
    assert typst_compile.pdf(source, {}, font_paths=[FONTS]) == typst_compile.pdf(whole, {}, font_paths=[FONTS])


def test_what_a_raw_block_defines_all_below_it_may_use():
    blocks = [
        ast.raw("#let mine = [Mine]"), _heading(1, "one", "One"), ast.raw("#mine"),
        _heading(1, "two", "Two"),
    ]  # fmt: skip
    source = typst_writer.typst_source(blocks, _ABOUT)
    assert [*typst_compile._files(source)] == ["main.typ"]
    assert typst_compile.pdf(source, {}, font_paths=[FONTS]).startswith(b"%PDF")


def test_text_that_looks_like_the_line_between_files_parts_nothing():
    blocks = [ast.code_block(f"a\n{typst_compile.FILE}\nb"), _heading(1, "one", "One")]
    source = typst_writer.typst_source(blocks, _ABOUT)
    assert [*typst_compile._files(source)] == ["main.typ"]


def test_what_was_laid_out_is_forgotten_and_laid_out_again_the_same():
    source = '#set document(title: "x", date: auto)\n#set text(lang: "en")\n= One\n' + "Some words. " * 50_000

    def laid_out():
        start = time.perf_counter()
        return typst_compile.pdf(source, {}), time.perf_counter() - start

    (first, long), (again, short) = laid_out(), laid_out()
    typst_compile.forget()
    after, anew = laid_out()
    assert first == again == after
    assert short < 0.6 * long and short < 0.6 * anew


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
    parted = typst_writer.typst_source(blocks, _ABOUT, contents=True, lists=True)
    assert len(typst_writer._parts(blocks)) > 2
    monkeypatch.setattr(typst_writer, "_parts", lambda blocks: [blocks])
    assert typst_writer.typst_source(blocks, _ABOUT, contents=True, lists=True) == parted

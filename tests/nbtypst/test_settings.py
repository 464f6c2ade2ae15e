"""Settings as traitlets, as notebook metadata and as nbconvert's own switches; what is wrong is said in one line."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pikepdf
import pytest
from boxes import MARGIN, outside, overlaps, words
from exports import export
from nbconvert.nbconvertapp import NbConvertApp
from traits import book, cell, md, png, shown, stream

from nbtypst.application import ExportError
from nbtypst.exporters import TypstExporter, TypstPDFExporter
from nbtypst.settings import PAPERS, SettingError, look

MM = 72 / 25.4


@dataclass
class Done:
    """How nbconvert ended and what it said."""

    returncode: int
    stderr: str


def nbconvert(folder: Path, nb: object, *options: str, to: str = "typst_pdf") -> Done:
    """What nbconvert's command line does with a notebook of that folder, in this process."""
    if nb is not None:
        nbformat.write(nb, folder / "a.ipynb")
    said, code = io.StringIO(), 0
    with contextlib.chdir(folder), contextlib.redirect_stderr(said):
        app = NbConvertApp.instance()
        try:
            app.initialize(["--to", to, *options, "a.ipynb"])
            app.start()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        finally:
            app.close_handlers()
            NbConvertApp.clear_instance()
    return Done(code, said.getvalue())


def at_a_terminal(folder: Path, nb: object, *options: str) -> Done:
    """The same in a process of its own."""
    if nb is not None:
        nbformat.write(nb, folder / "a.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "typst_pdf", *options, "a.ipynb"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=clean)
    return Done(done.returncode, done.stderr)


def text_of(path: Path) -> str:
    return " ".join(w.text for w in words(path.read_bytes()))


@pytest.fixture
def answer():
    return book(md("Before."), cell(shown({"text/plain": "42"}), source="answer = 6 * 7\nanswer"))


@pytest.mark.parametrize(
    "switches", [["--no-input"], ["--TypstPDFExporter.exclude_input=True"], ["--no-prompt", "--no-input"]]
)
def test_no_input(tmp_path, answer, switches):
    done = nbconvert(tmp_path, answer, *switches)
    assert done.returncode == 0, done.stderr
    text = text_of(tmp_path / "a.pdf")
    assert "42" in text and "answer" not in text


def test_no_prompt(tmp_path, answer):
    assert at_a_terminal(tmp_path, answer, "--no-prompt").returncode == 0
    text = text_of(tmp_path / "a.pdf")
    assert "answer" in text and "In [" not in text


def test_template(tmp_path, answer):
    from nbtypst.typst_writer import HERE

    own = (HERE / "default.typ").read_text("utf-8").replace("  body\n  for", "  [Set by a template.]\n  body\n  for")
    (tmp_path / "mine.typ").write_text(own)
    for option in ("--template=mine.typ", "--template=mine", "--template-file=mine.typ"):
        assert nbconvert(tmp_path, answer, option).returncode == 0
        assert "Set by a template." in text_of(tmp_path / "a.pdf")


@pytest.mark.parametrize(
    "option",
    [
        "--template=none-such", "--TypstPDFExporter.bibliography=no.json", "--TypstPDFExporter.paper=a44",
        "--TypstPDFExporter.margins=wide", "--TypstPDFExporter.logo=no.png", "--TypstPDFExporter.lang=python",
        "--TypstPDFExporter.csl=no.csl", "--TypstPDFExporter.picture_root=nowhere", "--TypstPDFExporter.csl=a.ipynb",
        "--TypstPDFExporter.margins=140mm 20mm", "--TypstPDFExporter.size=0pt", "--TypstPDFExporter.font_paths=nowhere",
        "--TypstPDFExporter.code=perhaps", "--TypstPDFExporter.numbering=perhaps", "--TypstPDFExporter.characters=-1",
        "--stdout",
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_one_line_and_no_file(tmp_path, answer, option):
    done = (at_a_terminal if option == "--template=none-such" else nbconvert)(tmp_path, answer, option)
    assert option.split("=")[0].split(".")[-1].strip("-") in one_line(done)
    assert not (tmp_path / "a.pdf").exists()


def one_line(done: Done) -> str:
    (line,) = [line for line in done.stderr.splitlines() if "Converting notebook" not in line]
    assert done.returncode == 1 and "Traceback" not in done.stderr
    return line


@pytest.mark.parametrize("text", ["{", "[]", "{}", "", '{"nbformat": 9}', "\ud8ff", None])
def test_what_is_no_notebook_is_one_line(tmp_path, text):
    if text is None:
        (tmp_path / "a.ipynb").mkdir()
    else:
        (tmp_path / "a.ipynb").write_bytes(text.encode("utf-16", "surrogatepass") if text > "z" else text.encode())
    assert "a.ipynb" in one_line(nbconvert(tmp_path, None))
    assert not (tmp_path / "a.pdf").exists()


def test_a_pattern_that_cannot_be_read_is_one_line(tmp_path, answer):
    options = ("--RegexRemovePreprocessor.enabled=True", "--RegexRemovePreprocessor.patterns=[")
    assert "pattern" in one_line(nbconvert(tmp_path, answer, *options))


def test_a_notebook_against_the_format_is_one_line(tmp_path):
    nb = {"cells": [dict(cell(), outputs=[{"output_type": "odd"}])], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "a.ipynb").write_text(json.dumps(nb))
    done = at_a_terminal(tmp_path, None)
    assert done.returncode == 1 and "Traceback" not in done.stderr and "not valid" in done.stderr.splitlines()[-1]


def test_a_notebook_of_version_3_is_shown(tmp_path):
    old = {"cells": [{"cell_type": "markdown", "source": ["# Old"], "metadata": {}}], "metadata": {}}
    (tmp_path / "a.ipynb").write_text(
        json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "a"}, "worksheets": [old]})
    )
    assert nbconvert(tmp_path, None).returncode == 0
    assert "Old" in text_of(tmp_path / "a.pdf")


def test_a_result_that_cannot_be_written_is_one_line(tmp_path, answer):
    assert "nowhere" in one_line(nbconvert(tmp_path, answer, f"--output={tmp_path / 'nowhere' / 'b'}"))
    (tmp_path / "a.pdf").mkdir()
    assert "a.pdf" in one_line(nbconvert(tmp_path, answer))


def test_the_same_is_an_exception_of_ours_to_a_library(tmp_path):
    with pytest.raises(ExportError, match="bibliography"):
        TypstExporter(bibliography=str(tmp_path / "no.json")).from_notebook_node(book(md("x")))


@pytest.mark.parametrize("paper", sorted(PAPERS))
def test_paper(paper):
    with export(book(md("Text.")), paper=paper).open() as pdf:
        size = [float(x) for x in pdf.pages[0].mediabox][2:]
    assert size == pytest.approx([side * MM for side in PAPERS[paper]], abs=0.5)


@pytest.mark.parametrize(
    ("paper", "sides"),
    [("100mm x 200mm", (100, 200)), ("8.5in x 11in", (215.9, 279.4)), ("20×15cm", (200, 150)), ("A5", (148, 210))],
)
def test_paper_of_any_size(paper, sides):
    wide = "|" + "column_name|" * 30 + "\n" + "|---" * 30 + "|\n" + "|value" * 30 + "|"
    made = export(book(md(f"Text.\n\n{wide}")), paper=paper)
    with made.open() as pdf:
        assert [float(x) for x in pdf.pages[0].mediabox][2:] == pytest.approx([side * MM for side in sides], abs=0.5)
    assert [w for w in words(made.content) if w.left < 0 or w.right > w.width] == []


@pytest.mark.parametrize(
    "paper", ["1mm x 2mm", "9000mm x 200mm", "100 x 200", "1.2.3mm x 100mm", "60mm x 60mm", "ax b"]
)
def test_paper_of_no_sound_size_is_one_line(paper):
    with pytest.raises(ExportError, match=r"^paper: [^\n]*$"):
        export(book(md("Text.")), paper=paper)
    made = export(book(md("Text."), nbtypst={"paper": paper}))
    assert "Text." in made.text and len(made.warnings) == 1


@pytest.mark.parametrize(
    ("margins", "left", "right"),
    [("40mm", 40, 40), ("20mm 30mm", 30, 30), ("1in 2in 1in 10mm", 10, 50.8), ("5mm 6mm 7mm", 6, 6)],
)
def test_margins(margins, left, right):
    found = words(export(book(md("many words " * 100)), margins=margins).content)
    assert min(w.left for w in found) == pytest.approx(left * MM, abs=1.5)
    page = found[0].width
    body = [w for w in found if w.text in ("many", "words")]
    assert max(w.right for w in body) == pytest.approx(page - right * MM, abs=3)


@pytest.mark.parametrize(
    ("margins", "header", "shown"),
    [("0mm", "Above", False), ("7mm", "Above", True), ("7mm", "Above " * 50, False), ("24mm", "Above " * 50, True)],
)
def test_a_header_stands_on_the_page_or_is_left_away_with_a_warning(margins, header, shown):
    made = export(book(md("Text.")), margins=margins, header=header)
    found = words(made.content)
    assert any(w.text == "Above" for w in found) == shown
    assert [w for w in found if w.text == "Above" and (w.top < 0 or w.left < 0)] == []
    assert any("header" in w for w in made.warnings) != shown


def test_page_numbers_stand_on_the_page_or_are_left_away_with_a_warning():
    made = export(book(md("Text.")), margins="20mm 20mm 0mm")
    assert "1" not in {w.text for w in words(made.content)}
    assert len(made.warnings) == 1


def test_metadata_says_the_same_as_settings_and_settings_win():
    own = {"paper": "a5", "header": "Of the notebook", "size": "14pt", "code": "hide", "numbering": True}
    nb = book(md("# One\n\nText."), cell(source="hidden = 1"), nbtypst=own)
    made = export(nb)
    with made.open() as pdf:
        assert float(pdf.pages[0].mediabox[2]) == pytest.approx(148 * MM, abs=0.5)
    assert "Of the notebook" in made.text and "hidden" not in made.text and "1 One" in made.text
    made = export(nb, paper="a6", header="Of the setting")
    with made.open() as pdf:
        assert float(pdf.pages[0].mediabox[2]) == pytest.approx(105 * MM, abs=0.5)
    assert "Of the setting" in made.text and "Of the notebook" not in made.text
    assert "hidden" in export(nb, code="show").text
    assert "Contents" in export(book(md("# One"), nbtypst={"contents": True, "lang": "en"})).text
    assert "Contents" not in export(book(md("# One"), nbtypst={"contents": True}), contents=False).text


@pytest.mark.parametrize(
    "own",
    [
        {"paper": "a44"}, {"margins": "200mm"}, {"size": 3}, {"font": "x\"; #panic()"}, {"header": ["a"]},
        {"logo": "../../etc/passwd"}, {"bibliography": "/etc/passwd"}, {"picture_root": "/"}, {"numbering": "perhaps"},
        {"code": "perhaps"}, {"contents": "perhaps"}, {"lang": "python"}, {"bibliography": [7]}, {"papers": "a5"},
        {"margins": "140mm 20mm"},
    ],
)  # fmt: skip
def test_what_is_wrong_in_metadata_is_only_warned_about(own):
    made = export(book(md("Text."), nbtypst=own))
    assert "Text." in made.text and [w for w in made.warnings if next(iter(own)) in w]


def test_metadata_of_another_kind_is_passed_over():
    assert "Text." in export(book(md("Text."), nbtypst=["a5"])).text


def test_faces():
    with export(book(md("Text.")), font="Noto Serif, Noto Sans").open() as pdf:
        names = {str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontName" in o}
    assert any("NotoSerif" in name for name in names)


def test_a_face_that_is_not_here_is_warned_about():
    made = export(book(md("Text.")), font="Noto Serif, No Such Face")
    assert [w for w in made.warnings if "No Such Face" in w] and not [w for w in made.warnings if "Noto" in w]


def test_look_reads_margins_as_css_does():
    def sides(margins):
        return [round(x / MM) for x in look({"margins": margins}, {}, print).margins]

    assert sides("10mm") == [10, 10, 10, 10]
    assert sides("10mm 20mm") == [10, 20, 10, 20]
    assert sides("10mm 20mm 30mm") == [10, 20, 30, 20]
    assert sides("10mm 20mm 30mm 40mm") == [10, 20, 30, 40]
    with pytest.raises(SettingError):
        sides("10mm " * 5)


def in_folder(folder: Path, text: str, **settings):
    nbformat.write(book(md(text)), folder / "a.ipynb")
    exporter = TypstPDFExporter(**settings)
    return exporter.from_filename(str(folder / "a.ipynb"))[0]


def shows_a_picture(content: bytes) -> bool:
    return not [w for w in words(content) if w.text == "shown:"]


def test_picture_root(tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "sub").mkdir()
    (tmp_path / "pictures" / "box.png").write_bytes(base64.b64decode(png()))
    for target in ("../pictures/box.png", "/pictures/box.png"):
        text = f"![A box]({target})"
        assert not shows_a_picture(in_folder(tmp_path / "sub", text))
        assert shows_a_picture(in_folder(tmp_path / "sub", text, picture_root=str(tmp_path)))
        assert not shows_a_picture(in_folder(tmp_path / "sub", text, picture_root=str(tmp_path / "sub")))
        assert not shows_a_picture(in_folder(tmp_path / "sub", text, picture_root=str(tmp_path), local_images=False))
    for query in ("?raw=true", "#x", "?v=3#x"):
        assert shows_a_picture(in_folder(tmp_path / "pictures", f"![A box](box.png{query})"))
    (tmp_path / "pictures" / "odd?name.png").write_bytes(base64.b64decode(png()))
    assert shows_a_picture(in_folder(tmp_path / "pictures", "![A box](odd?name.png)"))
    (tmp_path / "sub" / "link.png").symlink_to("/etc/hostname")
    assert not shows_a_picture(in_folder(tmp_path / "sub", "![x](link.png)", picture_root=str(tmp_path)))


def test_a_notebook_in_the_folder_where_nbconvert_is_started_shows_its_files(tmp_path):
    (tmp_path / "box.png").write_bytes(base64.b64decode(png()))
    (tmp_path / "a.bib").write_text(BIBTEX)
    nb = book(md("![A box](box.png) As [@ada] says."), nbtypst={"bibliography": "a.bib"})
    done = nbconvert(tmp_path, nb)
    assert "WARNING" not in done.stderr
    assert "Counting" in text_of(tmp_path / "a.pdf")


BIBTEX = "@book{ada, author={Ada Example}, title={On {Counting}}, year={1999}, publisher={Nowhere}}"
CSL = [
    {"id": "ada", "type": "book", "title": "On Counting", "author": [{"family": "Example"}], "issued": {"raw": "1999"}}
]


@pytest.mark.parametrize(("name", "content"), [("a.bib", BIBTEX), ("a.json", json.dumps(CSL))])
def test_bibliography(tmp_path, name, content):
    (tmp_path / name).write_text(content)
    text = " ".join(w.text for w in words(in_folder(tmp_path, "As [@ada] says.", bibliography=str(tmp_path / name))))
    assert "Example" in text and "Counting" in text


STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>T</title><id>t</id>
<updated>2020-01-01T00:00:00Z</updated></info><citation><layout><text value="CITED"/></layout></citation></style>"""


@pytest.mark.parametrize(("style", "cited"), [(STYLE, True), ("<style/>", False), ("no", False), (None, False)])
def test_a_citation_style_of_the_notebook(tmp_path, style, cited):
    (tmp_path / "a.json").write_text(json.dumps(CSL))
    if style:
        (tmp_path / "a.csl").write_text(style)
    found = in_folder(tmp_path, "---\nbibliography: a.json\ncsl: a.csl\n---\n\nAs [@ada] says.")
    assert ("CITED" in {w.text for w in words(found)}) == cited


def test_several_bibliographies(tmp_path):
    (tmp_path / "a.bib").write_text(BIBTEX)
    (tmp_path / "b.json").write_text(json.dumps([{**CSL[0], "id": "bob", "title": "On Waiting"}]))
    found = in_folder(tmp_path, "---\nbibliography: [a.bib, b.json]\n---\n\nAs [@ada; @bob] say.")
    assert {"Counting.", "Waiting."} <= {w.text for w in words(found)}


def test_a_broken_bibliography_is_one_line(tmp_path):
    for name, content in (("a.bib", "@book{ada, title={"), ("a.json", "{"), ("b.json", "{}")):
        (tmp_path / name).write_text(content)
        with pytest.raises(ExportError, match="bibliography"):
            in_folder(tmp_path, "As [@ada] says.", bibliography=str(tmp_path / name))


def test_logo(tmp_path):
    (tmp_path / "logo.png").write_bytes(base64.b64decode(png()))

    (tmp_path / "x").mkdir()
    content = in_folder(tmp_path / "x", "Text.", logo=str(tmp_path / "logo.png"), logo_alt="Of us")
    (tmp_path / "out.pdf").write_bytes(content)
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        alts = [str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o]
    assert alts == ["Of us"]


@pytest.mark.parametrize(("paper", "size"), [("a4", "10.5pt"), ("a5", "20pt"), ("a6", "10.5pt")])
def test_long_lines_of_code_stay_inside_the_margins_of_any_paper_and_list(paper, size):
    nested = f"`{'x_' * 60}` {'Q' * 90}\n\n- - ```\n    {'v' * 150}\n    ```\n\n:::{{note}}\n```\n{'u' * 150}\n```\n:::"
    printed = stream(f"{'z' * 300}\n{'word ' * 60}\n    last\n"), stream(f"\x1b[31m{'r' * 300}\x1b[0m\n", "stderr")
    made = export(book(md(nested), cell(*printed, source=f"x = '{'y' * 300}'")), paper=paper, size=size)
    found = words(made.content)
    assert not outside(found, MARGIN - 4.5) and not made.warnings
    assert [sum(w.text.count(c) for w in found) for c in "zyvQ"] == [300, 300, 150, 90]


def test_tables_and_code_grow_with_the_text():
    columns = "|".join(f"median_income_{i}" for i in range(8))
    text = f"|{columns}|\n|{'---|' * 8}\n|{'4.25|' * 8}\n\n`inline`"
    heights = {}
    for size in ("8pt", "10.5pt", "21pt"):
        made = export(book(md(text), cell(stream("printed\n"), source="code")), size=size)
        found = words(made.content)
        assert not overlaps(found) and not outside(found, MARGIN - 4.5)
        heights[size] = [
            next(w.bottom - w.top for w in found if w.text == word) for word in ("4.25", "code", "printed")
        ]
    assert heights["21pt"] == pytest.approx([2 * h for h in heights["10.5pt"]], rel=0.35)
    assert heights["8pt"] == heights["10.5pt"]  # which are small already


@pytest.mark.parametrize(("paper", "size"), [("a4", "10.5pt"), ("us-letter", "21pt"), ("a6", "10.5pt")])
def test_long_headings_do_not_lie_over_each_other_in_the_contents(paper, size):
    headings = "\n\n".join(f"# Heading {i} {'of many words ' * 9}" for i in range(12))
    found = words(export(book(md(headings)), contents=True, paper=paper, size=size).content)
    assert not overlaps(found) and not outside(found, MARGIN - 4.5)
    assert all(len([w for w in found if w.text == str(i)]) >= 2 for i in range(12))

"""What Typst refuses becomes a note with its text; everything beside it stays, and the warning says which it was."""

from __future__ import annotations

import re
from datetime import date

import page
import pytest
from exports import FONTS, export
from traits import FRAME, book, cell, md, shown, stream

from nbtypst import ast, parts, typst_compile
from nbtypst.parts import Parts
from nbtypst.typst_repair import Repair
from nbtypst.typst_writer import typst_source

_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|<[^<>\s]+>')  # strings and labels, of which Typst reads nothing
BAD, FORMULA = "refusable", r"\varkappa + 1"
_REFUSED = re.compile(f"{BAD}|[ϰ𝜘]")


@pytest.fixture
def compiled(monkeypatch):
    """Typst that also refuses one word and one letter of formulas; the sources it was given."""
    sources: list[str] = []

    def repair(source, pictures, run, *more):
        def odd(text):
            sources.append(_ASIDE.sub("", text))
            if _REFUSED.search(sources[-1]):
                raise RuntimeError("refused")
            return run(text)

        return Repair(source, pictures, odd, *more)

    monkeypatch.setattr(typst_compile, "Repair", repair)
    return sources


def isolated(*cells):
    """The export, standards kept, and what its warnings say Typst cannot set."""
    made = export(book(*cells))
    assert page.is_pdf_compliant_bytes(made.content, profile=page.ValidationProfile.PDF_UA_1)
    return made, [(m[1], m[2]) for w in made.warnings if (m := re.search(r", (cell .+): Typst cannot set ([^;]+);", w))]


def test_a_sound_document_is_compiled_once(compiled):
    export(book(md("# Head\n\nText $x$."), cell(stream("out"), shown({"text/html": FRAME}))))
    assert len(compiled) == 1


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("# A ${f}$ head\n\n## Next $y$", "formula 1"),
        ("So $x$ and ${f}$ and $y$.", "formula 2"),
        ("$$x$$\n\n$${f}$$", "formula 2"),
        ("| a | b |\n|---|---|\n| $x$ | see ${f}$ |\n| 1 | 2 |", "formula 2"),
        ("- item\n- see ${f}$ here\n  - $x$", "formula 1"),
        ("word[^1] and $x$\n\n[^1]: A note, ${f}$.", "formula 1"),
        ("> quoted ${f}$\n\n> [!NOTE]\n> boxed $x$", "formula 1"),
    ],
)
def test_a_formula_alone_becomes_its_source(compiled, text, which):
    made, refused = isolated(md("# First"), md(text.replace("{f}", FORMULA)), md("Last."))
    assert refused == [("cell 2", which)]
    assert r"\varkappa" in made.text and r"\(" not in made.text and "Last." in made.text
    assert len(compiled) < 12


def test_a_reference_to_an_equation_that_is_shown_as_its_source_holds(compiled):
    text = f"\\begin{{equation}}{FORMULA}\\label{{eq:k}}\\end{{equation}}\n\nSee \\eqref{{eq:k}} and $$y$$"
    made, refused = isolated(md(text))
    assert refused == [("cell 1", "formula 1")] and "See (1)" in made.text


def test_one_output_of_several(compiled):
    outputs = (stream("first\n"), shown({"text/html": f"<p>{BAD} <b>second</b></p>"}), shown({"text/html": FRAME}))
    made, [(place, _)] = isolated(cell(*outputs, shown({"text/plain": "fourth"}), source="code = 1"))
    assert place == "cell 1, output 2"
    assert all(word in made.text for word in ("code = 1", "first", f"{BAD} second", "Basra", "fourth"))


@pytest.mark.parametrize(
    ("text", "which"),
    [
        (f"# Top\n\n# {BAD} head\n\n## Below\n\nText.", "heading 2"),
        (f"# {BAD}\n\n## Below [a link](#{BAD})\n\n### Deeper", "heading 1"),
        (f"One.\n\nTwo {BAD} *words*.\n\nThree.", "paragraph 2"),
        (f"- one\n- two {BAD}\n- three", "paragraph 2"),
        (f"> one\n>\n> two {BAD}\n\nthree", "paragraph 2"),
        (f"word[^1] after\n\n[^1]: A {BAD} note.", "paragraph 2"),
    ],
)
def test_one_block_of_several(compiled, text, which):
    made, refused = isolated(md("# First"), md(text), md("Last."))
    assert refused == [("cell 2", which)]
    assert BAD in made.text and "First" in made.text and "Last." in made.text


def test_headings_below_a_refused_one_stay_headings(compiled):
    made, _ = isolated(md(f"# Top\n\n## A {BAD} one\n\n### Deeper\n\nText."))
    with made.open() as pdf:
        tags = [str(o["/S"]) for o in pdf.objects if hasattr(o, "get") and str(o.get("/S", "")).startswith("/H")]
    assert sorted(tags) == ["/H1", "/H2", "/H3"]


def test_several_in_one_notebook(compiled):
    cells = [
        md(f"# Head {i}\n\nText {i} {BAD if i % 9 == 4 else 'fine'} and ${FORMULA if i % 7 == 3 else 'x'}$.")
        for i in range(30)
    ]
    made, refused = isolated(*cells)
    assert sorted(refused) == sorted(
        [(f"cell {i + 1}", "paragraph 1") for i in range(30) if i % 9 == 4]
        + [(f"cell {i + 1}", "formula 1") for i in range(30) if i % 7 == 3]
    )
    assert len(compiled) < 60 and "Text 29 fine" in made.text


def test_very_many_are_not_looked_for_one_by_one(compiled, monkeypatch):
    monkeypatch.setattr(parts, "_MOST", 4)
    made, refused = isolated(*(md(f"Text {i} {BAD}.") for i in range(40)))
    assert len(refused) == 40 and len(compiled) < 40
    assert "Text 39" in made.text


def test_what_stands_before_a_part_may_be_what_makes_it_wrong():
    """A name that is given twice, by the compiler that is used."""
    twice = ast.raw('#metadata(1) #label("same")', inline=True)
    where = [ast.div([], classes=["cell-place"], place=f"cell {i}") for i in (1, 2)]
    blocks = [where[0], ast.para([twice, *ast.words("One, see"), ast.raw("#link(<same>)[it]", inline=True)]),
              where[1], ast.para([twice, *ast.words(" its own words")]), ast.para(ast.words("Last."))]  # fmt: skip

    def write(blocks):
        return typst_source(blocks, {"title": "T", "date": date(2020, 1, 1)})

    said: list[str] = []
    content = typst_compile.pdf(write(blocks), {}, font_paths=[FONTS], warn=said.append, parts=Parts(blocks, write))
    assert (
        content.startswith(b"%PDF") and len(said) == 1 and said[0].startswith("cell 2") and "its own words" in said[0]
    )


def test_what_no_part_is_to_blame_for_is_typsts_own_message():
    blocks = [ast.para(ast.words("Text."))]
    source = "#nothing-such\n"
    with pytest.raises(typst_compile.TypstFailure, match="unknown variable"):
        typst_compile.pdf(source, {}, parts=Parts(blocks, lambda _: source))

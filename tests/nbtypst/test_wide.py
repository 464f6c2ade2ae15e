"""Formulas wider than their line or cell: nothing leaves the margins or stands over its neighbour."""

from __future__ import annotations

import pytest
from boxes import MARGIN, Word, outside, overlaps, words
from exports import export
from test_formulas import alternatives
from traits import book, cell, md, png, shown

from nbtypst import formulas, tex_width
from nbtypst.tex_tree import parse

SUM = "+".join(f"a_{{{i}}}" for i in range(30))
FRACTION = rf"\frac{{{SUM}}}{{c}}"
BRACE = rf"\underbrace{{{SUM}}}_{{\text{{terms}}}}"
ROW = rf"\begin{{pmatrix}} {' & '.join(f'a_{{{i}}}' for i in range(30))} \end{{pmatrix}}"
PRODUCT = "".join(f"a_{{{i}}}b^{{{i}}}" for i in range(30))
LISTED = ", ".join(f"x_{{{i}}}" for i in range(60))
SAID = rf"\text{{{'words ' * 40}}}"
PICTURE = f'<img src="data:image/png;base64,{png()}" alt="Grey">'

PLACES = {
    "paragraph": "Text before ${}$ text after, $x = {} + y$ and (${}$).",
    "list": "- a\n  - b\n    - c ${}$ d",
    "numbered list": "1. a\n   1. b ${}$ c",
    "quote": "> Said: ${}$ once\n>\n> > and ${}$",
    "admonition": "> [!NOTE]\n> Mind ${}$ here",
    "footnote": "Text.[^n]\n\n[^n]: In ${}$ it.",
    "heading": "## On ${}$ again",
    "caption": f"<figure>{PICTURE}<figcaption>Of ${{}}$ it</figcaption></figure>",
    "table's caption": "| a | b |\n|---|---|\n| 1 | 2 |\n\n: Of ${}$ it",
    "2 columns": "| A | B |\n|---|---|\n| words here | ${}$ |\n| more of them | $q$ |",
    "2 wide columns": "| A | B |\n|---|---|\n| words here | ${}$ |\n| ${}$ | short |",
    "5 columns": f"{'| A ' * 5}|\n{'|---' * 5}|\n| words ${{}}$ | here | ${{}}$ | $q$ | 12.5 |",
    "12 columns": f"{'| Column ' * 12}|\n{'|---' * 12}|\n{'| value ' * 6}| ${{}}$ {'| $x^2$ ' * 5}|",
    "spans": '<table><tr><th colspan="2">On ${}$</th><th>C</th></tr><tr><td>a</td><td>${}$</td><td>c</td></tr>'
    '<tr><td colspan="3">${}$</td></tr></table>',
    "Hebrew": "הסכום הוא ${}$ ולא יותר מזה.",
}


def _faults(found: list[Word]) -> list[object]:
    return [*outside(found), *overlaps(found)]


@pytest.mark.parametrize("place", PLACES)
def test_a_fraction_of_thirty_terms_stays_in_its_place(place):
    source = PLACES[place]
    made = export(book(md(f"# Report\n\nWords.\n\n{source.replace('{}', FRACTION)}\n\nWords.")))
    assert not _faults(words(made.content))
    assert made.text.count("29") == source.count("{}")
    with made.open() as pdf:
        said = [one for one in alternatives(pdf) if "a sub 29" in one]
    assert len(said) == source.count("{}")


@pytest.mark.parametrize("place", ["paragraph", "list", "5 columns", "2 wide columns"])
@pytest.mark.parametrize("tex", [BRACE, ROW, PRODUCT, LISTED, SAID])
def test_what_cannot_be_broken_stays_in_its_place(place, tex):
    made = export(book(md(f"# Report\n\n{PLACES[place].replace('{}', tex)}")))
    assert not _faults(words(made.content))


def test_narrow_paper_and_large_type():
    cells = [md(PLACES[place].replace("{}", tex)) for place in PLACES for tex in (FRACTION, ROW)]
    made = export(book(*cells), paper="a5", size="14pt")
    assert not _faults(words(made.content))


def test_display_formulas_beside_one_with_a_number():
    long = " + ".join([FRACTION] * 6)
    made = export(book(md(f"$$ {long} \\tag{{7}} $$\n\n$$ {FRACTION} \\tag{{8}} $$\n\n$$ {'+'.join([SUM] * 6)} $$")))
    found = words(made.content)
    assert not _faults(found)
    assert [w.text for w in found if w.text in ("(7)", "(8)") and w.right > w.width - MARGIN - 3] == ["(7)", "(8)"]


@pytest.mark.parametrize("number", ["", "*"])
def test_an_equation_too_wide_for_any_type_breaks_and_keeps_its_number(number):
    long = " + ".join([FRACTION] * 6)
    made = export(book(md(f"\\begin{{equation{number}}} y = {long} \\end{{equation{number}}}")))
    found = words(made.content)
    assert not _faults(found)
    assert "begin" not in made.text
    assert ("(1)" in made.text) == (not number)


def test_type_that_cannot_be_read_is_not_set_and_the_cell_is_named():
    huge = rf"\underbrace{{{'+'.join([SUM] * 10)}}}_{{x}}"
    fraction = rf"\frac{{{'+'.join([SUM] * 10)}}}{{c}}"
    wide = FRACTION.replace("+", "bc+")
    made = export(book(md("# A"), md(f"Text ${huge}$ here."), md(f"and ${fraction}$"), md(f"and ${wide}$")))
    assert not _faults(words(made.content))
    [source, small] = made.warnings
    assert "cell 2" in source and "underbrace" in source and "\\underbrace" in made.text.replace(" ", "")
    assert "cell 4" in small and "frac" in small
    found = words(made.content)
    assert min(w.bottom - w.top for w in found if w.text == "𝑎") > 5.5 * 0.7 * 0.99


def test_short_formulas_are_written_as_ever():
    for tex in (r"\frac{a}{b}", "a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p+q+r+s+t", r"\sum_{i=1}^n x_i^2", SUM):
        assert "nb-fit" not in formulas.written(tex, False)
        assert "source:" not in formulas.written(tex, False)
    assert "source:" not in formulas.written(r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} x = 0", True)


@pytest.mark.parametrize("sign", sorted(tex_width._BREAKING))
def test_lines_end_behind_operators(sign):
    assert max(tex_width.runs(parse(f"a {sign} b"))) < tex_width.width(parse(f"a {sign} b"))


def test_lines_do_end_behind_each_operator():
    cells = [md(f"${f' {sign} '.join(['ab'] * 60)}$") for sign in sorted(tex_width._BREAKING)]
    made = export(book(*cells))
    assert not made.warnings
    assert not outside(words(made.content))


@pytest.mark.parametrize(
    "tex", [FRACTION, BRACE, ROW, r"\sqrt{x^2+y^2} \le \sin\alpha + \hat{\beta}", "+".join(SUM.split("+")[:9])]
)
def test_lengths_are_guessed_well(tex):
    """Of what stands alone on its line, against what is printed."""
    made = export(book(md(f"$${tex}$$")), paper="a3")
    found = [w for w in words(made.content) if w.bottom < w.height - 99]
    assert not made.warnings
    printed = (max(w.right for w in found) - min(w.left for w in found)) / 10.5
    assert tex_width.width(parse(tex), tex_width.DISPLAY) == pytest.approx(printed, rel=0.15)


def test_columns_have_room_for_their_formulas():
    """A column of text gives way before the formula beside it is set smaller."""
    text = "some words of text that may as well break into lines " * 3
    made = export(book(md(f"| A | B |\n|---|---|\n| {text} | ${FRACTION}$ |")))
    assert not made.warnings
    found = words(made.content)
    assert not _faults(found)
    assert min(w.bottom - w.top for w in found if w.text.endswith("𝑎")) > 7.6 * 0.7 * 0.85


def test_outputs_in_latex_stay_in_their_place():
    made = export(book(cell(shown({"text/latex": f"$\\displaystyle {' + '.join([FRACTION] * 5)}$"}))))
    assert not _faults(words(made.content))


def test_the_check_sees_a_formula_over_a_neighbour_and_behind_the_margin():
    """Boxes of the kind that a fraction left in a cell before it was fitted."""
    page = {"page": 0, "width": 595.3, "height": 841.9}
    neighbour = Word("short", top=100, bottom=108, left=210, right=228, **page)
    formula = Word("+𝑎", top=101, bottom=108, left=215, right=225, **page)
    index = Word("13", top=103, bottom=109, left=222, right=226, **page)
    behind = Word("𝑏", top=101, bottom=108, left=540, right=560, **page)
    assert len(overlaps([neighbour, formula])) == len(overlaps([neighbour, index])) == 1
    assert outside([neighbour, formula, behind]) == ["𝑏"]
    letter = Word("𝐶", top=100, bottom=110, left=100, right=107.5, **page)
    tucked = Word("0", top=104, bottom=111, left=106, right=109, **page)
    assert not overlaps([letter, tucked])


def test_what_stands_beside_a_wide_formula_is_kept():
    made = export(book(md(f"Words ${FRACTION}$ and $$ x = 12345 \\tag{{4}} $$ and **bold ${ROW}$** end.")))
    assert not _faults(words(made.content))
    assert all(said in made.text for said in ("12345", "(4)", "bold", "end."))

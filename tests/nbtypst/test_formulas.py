"""Formulas that MathJax knows: set, heard, and as their source where they are not understood."""

from __future__ import annotations

import pikepdf
import pytest
from boxes import outside, words
from exports import export
from hypothesis import example, given
from hypothesis import strategies as st
from traits import book, cell, md, shown

from nbtypst import formulas
from nbtypst.tex import Macros, TexError
from nbtypst.tex_speech import say
from nbtypst.tex_tree import parse
from nbtypst.tex_typst import formula


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        (r"\frac{a}{b}", "a over b"),
        (r"\sum_{i=1}^n x_i^2", "sum from i equals 1 to n of x sub i squared"),
        (r"\lim_{x\to0}\frac1x", "limit as x to 0 of 1 over x"),
        (r"\sqrt{x}", "the square root of x"),
        (r"\hat\beta \le \Gamma", "beta hat is at most capital gamma"),
        (r"e^{-x}", "e to the power of minus x, end power"),
        (r"x \in \mathbb{R}", "x in the real numbers"),
        (r"\begin{pmatrix} a & b \end{pmatrix}", "matrix of 1 by 2, row 1: a, b; end matrix"),
        (r"k = 3 \tag{7}", "k equals 3, equation 7"),
        (r"\left|x\right|", "the absolute value of x, end"),
    ],
)
def test_words_for_formulas(tex, said):
    assert say(parse(tex)) == said


@pytest.mark.parametrize("tex", [r"\frac{a}", r"a}", r"\begin{matrix} a", r"\unknown", r"\left( a", "x_1_2", "a & b"])
def test_what_is_not_understood_is_an_error(tex):
    with pytest.raises(TexError):
        parse(tex)


_PIECES = ["\\frac", "{", "}", "x", "^", "_", "\\left", "(", "\\right", ")", "&", "\\\\", "\\begin{matrix}", "'", " "]
_PIECES += [
    "\\end{matrix}",
    "\\sqrt",
    "[",
    "]",
    "\\text",
    "#",
    "$",
    '"',
    "\\over",
    "\\color",
    "1",
    ".",
    "\\tag",
    "\\big",
]


_WRITTEN = ("#nb-math(", "#nb-numbered(", "#nb-lines(", "#nb-centred(((")


@given(st.lists(st.sampled_from(_PIECES), max_size=14))
@example(["\\\\", "\\tag", "\\frac"])
def test_any_formula_is_written_or_shown_as_its_source(pieces):
    warnings: list[str] = []
    made = formulas.shown("".join(pieces), True, warnings.append)
    assert made == "" or made.startswith((*_WRITTEN, "#nb-inline-code("))
    assert bool(warnings) == made.startswith("#nb-inline-code(")


@given(st.text(alphabet='#$"\\{}()[]panic/*_^@<>;:,. \n', max_size=30))
def test_nothing_in_a_formula_is_code(text):
    try:
        made = formula(parse(text))
    except (TexError, IndexError, ValueError):
        return
    assert "panic(" not in made.replace('"', "")


def test_macros_with_arguments_and_defaults():
    macros = Macros()
    rest = macros.define(r"\newcommand{\n}[2][p]{\|#2\|_{#1}}\def\half#1{\frac{#1}{2}}\let\to\rightarrow x")
    assert rest.strip() == "x"
    assert macros.expand(r"\n{y}\n[2]{z}\half3") == r"\|y\|_{p}\|z\|_{2}\frac{3}{2}"


def alternatives(pdf):
    return [str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and str(o.get("/S", "")) == "/Formula"]


def test_formulas_in_a_pdf_have_numbers_spoken_words_and_a_warning_where_they_fail():
    made = export(
        book(
            md("By $\\eqref{eq:k}$ and $$k = \\frac{m}{n} \\tag{7}\\label{eq:k}$$"),
            md("$\\begin{vmatrix} 1 & 2 \\\\ 3 & 4 \\end{vmatrix}$ and $\\unknown{a} + \\alpha$, \\eqref{eq:k}"),
            cell(shown({"text/latex": "$\\displaystyle {a \\over b}$"})),
        )
    )
    assert made.text.count("(7)") == 3
    assert "\\unknown{a} + \\alpha" in made.text
    assert len([w for w in made.warnings if "cell 2" in w and "\\unknown" in w]) == 1
    with made.open() as pdf:
        said = alternatives(pdf)
    assert "k equals m over n, equation 7" in said
    assert "a over b" in said
    assert not [one for one in said if "\\" in one]


@pytest.mark.parametrize("columns", [30, 60])
def test_a_wide_formula_stays_within_the_margins(columns):
    row = " & ".join(f"x_{{town,{i}}}" for i in range(columns))
    found = words(
        export(
            book(md(f"$$\\begin{{bmatrix}} {row} \\end{{bmatrix}}$$\n\n- a\n\n  $$ {row.replace('&', '+')} $$"))
        ).content
    )
    assert found
    assert not outside(found)


def test_lines_without_an_environment_are_lines():
    made = export(book(md("$$ a = 1 \\\\ b = 2 $$\n\nand $\\min_{\\\\{ x \\\\} } f$.")))
    assert not [w for w in made.warnings if "source" in w]
    a, b = (next(w for w in words(made.content) if w.text.endswith(f"={n}")) for n in "12")
    assert b.top > a.bottom - 4


def test_a_tag_of_signs_and_one_without_brackets():
    made = export(book(md("$$x = 1 \\tag{$\\ast$}\\label{eq:x}$$\n\n$$y = 2 \\tag*{star}$$\n\nBy \\eqref{eq:x}.")))
    assert made.text.count("(∗)") == 2
    assert "star" in made.text
    assert "(star)" not in made.text


NUMBERED = [
    (r"\begin{numcases}{f(x)=} 1 & if $x>0$ \label{one} \\ 0 & else \label{two} \end{numcases}", ["(1)", "(2)"]),
    (
        r"\begin{subnumcases}{f} 1 & a \label{one} \\ 0 & b \label{two} \\ 2 & c \nonumber \end{subnumcases}",
        ["(1a)", "(1b)"],
    ),
    (
        r"\begin{empheq}[left=\empheqlbrace,box=\fbox]{align} x &= 1 \label{one} \\ y &= 2 \label{two} \end{empheq}",
        ["(1)", "(2)"],
    ),
    (
        r"\begin{empheq}[right={\empheqrbrace g}]{gather} x \tag{A}\label{one} \\ y \label{two} \end{empheq}",
        ["(A)", "(1)"],
    ),
    (r"\begin{align} x &= 1 \label{one} \\ y &= 2 \label{two} \end{align}", ["(1)", "(2)"]),
]


@pytest.mark.parametrize(("tex", "numbers"), NUMBERED)
def test_each_line_has_its_number_at_the_margin(tex, numbers):
    made = export(book(md(f"By \\eqref{{one}} and \\eqref{{two}}.\n\n{tex}")))
    assert not made.warnings
    found = words(made.content)
    for number in numbers:
        said, shown_ = [w for w in found if w.text.strip(".") == number]
        assert shown_.left > 450 > said.left
    assert not outside(found)
    tops = [[w for w in found if w.text.strip(".") == number][1].top for number in numbers]
    assert tops[0] < tops[1] - 5


def test_a_starred_environment_in_braces_has_no_numbers():
    made = export(book(md("$$\\begin{empheq}[left=\\empheqlbrace]{align*} x &= 1 \\\\ y &= 2 \\end{empheq}$$")))
    assert "(1)" not in made.text and not made.warnings


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{prooftree} \AxiomC{$a$} \BinaryInfC{$b$} \end{prooftree}",
        r"\begin{prooftree} \AxiomC{$a$} \AxiomC{$b$} \end{prooftree}",
        r"\begin{prooftree} \odd{a} \end{prooftree}",
        r"\begin{prooftree} \AxiomC{$a$",
        r"\begin{CD} A @>f> B \end{CD}",
        r"\begin{CD} A @x B \end{CD}",
        r"\begin{CD} A & B \end{CD}",
        r"\begin{empheq}[left=\empheqlbrace]{nothing} a \end{empheq}",
        r"\begin{numcases}{f} a_1_2 & b \end{numcases}",
        r"\begin{numcases}{f} \end{numcases}",
    ],
)
def test_a_packages_environment_that_is_not_understood_is_shown_as_its_source(tex):
    warnings: list[str] = []
    assert formulas.shown(tex, True, warnings.append).startswith("#nb-inline-code(")
    assert len(warnings) == 1


_PACKAGED = ["\\AxiomC", "\\UnaryInfC", "\\BinaryInfC", "\\RightLabel", "{a}", "$x$", "\\noLine", "@>", ">", "@V", "V",
             "@.", "@=", "&", "\\\\", "\\tag{1}", "[left=\\empheqlbrace]", "{align}", "{", "}", " ", "b"]  # fmt: skip


@given(
    st.sampled_from(["prooftree", "CD", "empheq", "numcases", "subnumcases"]),
    st.lists(st.sampled_from(_PACKAGED), max_size=12),
)
def test_any_packages_environment_is_written_or_shown_as_its_source(name, pieces):
    warnings: list[str] = []
    made = formulas.shown(f"\\begin{{{name}}}{''.join(pieces)}\\end{{{name}}}", True, warnings.append)
    assert made == "" or made.startswith(("#nb-math(", "#nb-numbered(", "#nb-inline-code(", "#nb-lines("))
    assert bool(warnings) == made.startswith("#nb-inline-code(")


def test_proofs_and_diagrams_stand_in_text_and_in_outputs():
    proof = r"\begin{prooftree} \AxiomC{$P$} \RightLabel{rule} \UnaryInfC{$Q$} \end{prooftree}"
    diagram = r"\begin{CD} A @>>f> B \end{CD}"
    made = export(
        book(
            md(f"{proof}\n\n$${proof}$$\n\nand $${diagram}$$"),
            cell(shown({"text/latex": proof})),
            cell(shown({"text/latex": diagram})),
        )
    )
    assert not made.warnings
    found = words(made.content)
    assert made.text.count("rule") == 3
    above, below = ([w for w in found if w.text == name] for name in ("𝑃", "𝑄"))
    assert len(above) == 3 and all(p.bottom <= q.top + 1 for p, q in zip(above, below, strict=True))


def test_equations_of_outputs_have_numbers_and_the_notebooks_macros():
    made = export(
        book(
            md("$\\newcommand{\\RR}{\\mathbb R}$ By \\eqref{eq:out}."),
            cell(shown({"text/latex": "\\begin{equation}\\label{eq:out} x = 1 \\end{equation}"})),
            cell(shown({"text/latex": "$\\displaystyle x \\in \\RR$"})),
        )
    )
    assert "By (1)." in made.text and "ℝ" in made.text and not made.warnings


def test_macros_and_numbers_hold_in_outputs():
    labelled = "\\begin{equation}\n\\E = 1\n\n\\label{out}\n\\end{equation}"
    made = export(
        book(
            md("$\\newcommand{\\E}{\\mathbb{E}}$ By \\eqref{out} and \\eqref{in}.\n\n$$x = 2 \\label{in}\\tag{9}$$"),
            cell(shown({"text/latex": labelled}), shown({"text/latex": "$\\displaystyle \\E + 1$"})),
            cell(shown({"text/latex": "$$ \\frac{ $$"})),
        )
    )
    assert [w for w in made.warnings if "cell 3" in w] == made.warnings
    assert made.text.count("(1)") == made.text.count("(9)") == 2
    assert made.text.count("𝔼") == 2

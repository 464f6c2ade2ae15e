"""Formulas in outputs of HTML: set where they are clearly LaTeX, and prices, patterns and code as they are written."""

from __future__ import annotations

import nbformat.v4 as v4
import pikepdf
import pytest
from boxes import words
from exports import Exported, export

from nbtypst import html_formulas


def shown(html: str, *markdown: str) -> Exported:
    output = v4.new_output("display_data", {"text/html": html, "text/plain": "plain"})
    cells = [*map(v4.new_markdown_cell, markdown), v4.new_code_cell("x", outputs=[output])]
    return export(v4.new_notebook(cells=cells, metadata={"title": "T"}))


def spoken(made: Exported) -> list[str]:
    """Alternative texts of the document's formulas."""
    with made.open() as pdf:
        return [str(o["/Alt"]) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == "/Formula"]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"$\alpha$ and $ x^2 $", [r"\alpha", " x^2 "]),
        ("$x$, $n$th, $a+b$, $f(x) = 2x$", ["x", "n", "a+b", "f(x) = 2x"]),
        (r"$$\sum_{i} x_i$$ \(x_1\) \[ a = b \]", [r"\sum_{i} x_i", "x_1", " a = b "]),
        (r"\begin{equation}a = b\end{equation}", [r"\begin{equation}a = b\end{equation}"]),
        ("$5 of $x^2$", ["x^2"]),
        ("$a &lt; b$", ["a < b"]),
    ],
)
def test_what_is_clearly_latex_is_a_formula(text, formulas):
    assert [f.tex for f in html_formulas.lift(f"<p>{text}</p>")[1]] == formulas


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $6", "$5-$10", "$1.2B/$1.5B", "US$ 3 of $4", "$5$", "$1,000$", "$$ - $$$",
        "$HOME/bin:$PATH", "$A and $B", "$USER_ID, $ORDER_ID", "$A_B:$C_D", "${A}/${B}",
        "cost ($) and ($)", r"\$x\$", "$", "$ $", "(a\\)",
        "<pre>$x^2$</pre>", "<code>$x^2$</code>", '<b class="a tex2jax_ignore">$x^2$ <i>$y$</i> $z$</b>',
        "<script>a = '$x^2$'</script>",
    ],
)  # fmt: skip
def test_amounts_variables_and_code_are_none(text):
    assert html_formulas.lift(f"<p>{text}</p>")[1] == []


def test_a_frame_has_formulas_that_are_said_and_prices_that_are_not():
    rows = [r"<td>$\alpha_1$</td><td>$5 and $6</td>", r"<td>\(\frac{a}{b}\)</td><td>$7</td>"]
    made = shown(
        f'<table class="dataframe"><tr><th>$x^2$</th><th>price</th></tr><tr>{rows[0]}</tr><tr>{rows[1]}</tr></table>'
    )
    assert spoken(made) == ["x squared", "alpha sub 1", "a over b"]
    assert "$5 and $6" in made.text
    assert "alpha" not in made.text
    assert made.warnings == []


def test_pandas_may_ask_for_none_and_colours_change_nothing():
    cell = '<td class="tex2jax_ignore" style="background-color: #ffff00">$y^2$</td><td>$z^2$</td>'
    made = shown(
        f'<table><tr>{cell}</tr></table><table class="dataframe tex2jax_ignore"><tr><td>$x^2$</td></tr></table>'
    )
    assert spoken(made) == ["z squared"]
    assert "$y^2$" in made.text
    assert "$x^2$" in made.text


def test_what_cannot_be_set_stays_as_it_is_written():
    made = shown(r"<p>\(\nosuch+\) and $\R^n$</p>", r"$\newcommand{\R}{\mathbb{R}}$")
    assert r"\(\nosuch+\)" in made.text
    assert len(spoken(made)) == 1


def test_columns_are_as_wide_as_their_formulas():
    sums = "+".join(f"x_{{{i}}}" for i in range(9))
    made = shown(f"<table><tr><td>$\\int {sums}$</td><td>{'word ' * 60}</td></tr></table>")
    assert made.warnings == []
    assert len(spoken(made)) == 1


def test_rows_are_as_tall_as_their_formulas():
    def gap(text: str) -> float:
        made = shown(f"<table><tr><td>{text}</td><td>above</td></tr><tr><td>a</td><td>below</td></tr></table>")
        tops = {word.text: word.top for word in words(made.content)}
        return tops["below"] - tops["above"]

    assert gap(r"$\frac{a^2}{b^2}$") > 1.5 * gap("a")

"""Jupyter's Markdown: what a reader of the notebook sees, across its cells."""

from __future__ import annotations

import pytest
from boxes import the, words
from exports import export
from hypothesis import given
from hypothesis import strategies as st
from traits import book, md, png

from nbtypst import ast, autolinks, html_tree, lifted, markdown
from nbtypst.jupyter import Jupyter
from nbtypst.tree import Options, read_notebooks


def read(*sources, **options):
    """Blocks of each source, and the warnings."""
    tree = read_notebooks([("book", book(*map(md, sources)))], Options(**options))
    return tree.blocks, tree.warnings


def kinds(blocks, *wanted):
    return [n for n in ast.nodes(blocks) if n["t"] in wanted]


@pytest.mark.parametrize(
    "text",
    [
        "10^4^ and 2^8-2^9 bytes", "--dry-run and -- ... \"done\" it's 'so'", "a_b_c snake_case_name", "one (c) (r) +-",
        "x@y 5 * 3 * 2", "H~2~O? ~5~", "@user says", "costs $5 and $10", "https", "::: text",
    ],
)  # fmt: skip
def test_text_without_markup_stays_as_it_was_written(text):
    blocks, warnings = read(text)
    assert ast.text_of(blocks) == text
    assert not warnings


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp"]), max_size=60)
)
def test_any_text_is_read_without_an_exception(text):
    text_of_notebook = Jupyter([text])
    [blocks] = text_of_notebook.finish([text_of_notebook.read(text, lambda _: None)], lambda *_: None)
    assert not kinds(blocks, "Wait")


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        ("$ n $ and $p$", [" n ", "p"]),
        ("$$a\n\nb$$", ["a\n\nb"]),
        ("`$x$` and ``a ` $y$``", []),
        ("```\n$x$\n```\n$y$", ["y"]),
        ("> ~~~\n> $x$\n> ~~~\n\n$y$", ["y"]),
        ("\\$5 and \\$6 $z$", ["z"]),
        ("\\\\(a\\\\) \\\\[b\\\\]", ["a", "b"]),
        ("\\begin{a}\\begin{a}x\\end{a}\\end{a}", ["\\begin{a}\\begin{a}x\\end{a}\\end{a}"]),
        ("$5 or $10; $x$", ["x"]),
        ("$a {$} b$", ["a {$} b"]),
        ("a $ b\n\nc $ d", []),
        ("$$ \\text{if $x$} $$", [" \\text{if $x$} "]),
        ("> $$\n> a\n> $$", ["\na\n"]),
    ],
)  # fmt: skip
def test_formulas_are_found_as_mathjax_finds_them(text, formulas):
    assert [f.tex for f in lifted.lift(text)[1]] == formulas


@given(
    st.lists(st.sampled_from(["$", "$$", "`", "```", "\n", "\\", "a", "{", "}", "\\begin{x}", "\\end{x}", " ", ">"]))
)
def test_lifting_loses_nothing(parts):
    text = "".join(parts)
    assert lifted.restored(*lifted.lift(text)) == text


def test_formulas_stand_in_html_and_in_cells_of_tables():
    blocks, _ = read("<center>$x$</center>\n\n| a |\n|---|\n| $|y|$ |\n\n<td>`$no$`</td>")
    assert [n["c"][1] for n in kinds(blocks, "Math")] == ["x", "|y|"]


def test_macros_hold_in_all_cells_whichever_comes_first():
    blocks, _ = read("$\\R$", "$\\newcommand{\\R}{\\mathbb{R}}$\n\nText", "$\\def\\half#1{\\frac{#1}{2}} \\half x$")
    assert [n["c"][1].strip() for n in kinds(blocks, "Math")] == ["\\mathbb{R}", "\\frac{x}{2}"]


def test_macros_that_call_themselves_stop():
    blocks, warnings = read("$\\def\\a{\\a\\a} \\a$")
    assert warnings
    assert kinds(blocks, "Math")


def test_footnotes_are_found_in_other_cells_and_the_cells_own_first():
    blocks, warnings = read(
        "One[^a] two[^b].", "[^a]: First *note*.\n\n    More.\n\n[^b]: Theirs.", "Three[^b].\n\n[^b]: Own."
    )
    assert [ast.text_of(n["c"]) for n in kinds(blocks, "Note")] == ["First note. More.", "Theirs.", "Own."]
    assert not warnings


def test_a_footnote_that_nothing_refers_to_is_printed_and_warned_about():
    blocks, warnings = read("Text.\n\n[^x]: Lost otherwise.")
    assert "Lost otherwise." in ast.text_of(blocks)
    assert len(warnings) == 1
    assert "cell 1" in warnings[0]


def test_a_footnotes_second_text_is_printed_and_warned_about():
    made = export(book(md("First[^1].\n\n[^1]: One note.\n\nThen[^1].\n\n[^1]: Another, with $x$."), md("Last[^1].")))
    assert made.text.count("One note") == 3
    assert made.text.count("Another, with") == 1
    assert [w for w in made.warnings if "cell 1" in w and "[^1]" in w]
    assert len(made.warnings) == 1


def test_a_mark_without_a_footnote_stays_text():
    assert ast.text_of(read("See [^none].")[0]) == "See [^none]."


def test_footnotes_that_refer_to_each_other_end():
    blocks, _ = read("a[^a]\n\n[^a]: see[^b]\n\n[^b]: see[^a]")
    assert len(kinds(blocks, "Note")) == 1


def test_equations_are_numbered_and_referred_to_from_any_cell():
    blocks, warnings = read(
        "By $\\eqref{eq:k}$ and \\ref{eq:m}.",
        "$$k = 3 \\tag{7}\\label{eq:k}$$",
        "\\begin{align}\\label{eq:m} m &= 4 \\\\ n &= 5 \\nonumber \\\\ o &= 6\\end{align}\n\n$$q$$ {#eq-q}\n\n@eq-q",
    )
    assert [ast.text_of(n["c"][1]) for n in kinds(blocks, "Link")] == ["(7)", "1", "(3)"]
    maths = [n["c"][1] for n in kinds(blocks, "Math")]
    assert [m.count("\\tag") for m in maths] == [1, 2, 1]
    assert not [m for m in maths if "label" in m]
    assert not warnings


def test_an_unknown_equation_is_warned_about_and_stays_as_written():
    blocks, warnings = read("By \\eqref{nowhere}.")
    assert "\\eqref{nowhere}" in ast.text_of(blocks)
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("> [!NOTE]\n> Body", "Note"),
        ("> [!WARNING]\n>\n> Body", "Warning"),
        (":::{tip} Own *title*\n:class: x\nBody\n:::", "Own title"),
        ("```{note}\nBody\n```", "Note"),
        ("::: {.callout-important title=\"Own\"}\nBody\n:::", "Own"),
        ("::: {.callout-tip}\n## Heading\n\nBody\n:::", "Heading"),
        ("::::{important}\n:::{note}\nBody\n:::\n::::", "Important"),
        ('<div class="admonition note"><p class="admonition-title">T</p>Body</div>', "T"),
    ],
)  # fmt: skip
def test_admonitions_have_their_title_and_make_no_heading(source, title):
    blocks, _ = read(source)
    box = kinds(blocks, "Div")[0]
    assert "callout" in box["c"][0][1]
    assert ast.text_of(box["c"][1][0]) == title
    assert ast.text_of(blocks).endswith("Body")
    assert not kinds(blocks, "Header")


def test_html_shows_what_a_browser_shows():
    source = (
        "a<sub>2</sub> <b>b<i>c</i></b> <kbd>K</kbd><br>d <!-- no --><script>no()</script><style>no</style>"
        '<font color="red">e</font> <span style="display:none">no</span> <ul><li>f<li>g</ul><details>'
        "<summary>h</summary>i</details><dl><dt>j<dd>k</dl><p>l<p>m<h3>n</h3>"
        "<iframe src='x'>no</iframe><ol start=3><li>o</ol>"
    )
    blocks = html_tree.blocks(source)
    assert ast.text_of(blocks).replace(" ", "") == "a2bcKdefghijklmno"
    assert {
        "Subscript",
        "Strong",
        "Emph",
        "Code",
        "LineBreak",
        "BulletList",
        "Header",
        "OrderedList",
        "DefinitionList",
    } <= {n["t"] for n in ast.nodes(blocks)}


@given(
    st.lists(
        st.sampled_from(["<", ">", "</", "b", "table", "td", "p", " ", "x", "!--", "-->", "script", '"', "=", "li"])
    )
)
def test_any_html_is_read_without_an_exception(parts):
    html_tree.blocks("".join(parts))


@pytest.mark.parametrize(
    "name", ["made", "literal", "linked", "text", "within", "target", "block", "items", "flat", "plain", "inline"]
)
def test_an_element_that_is_called_as_our_own_code_leaves_its_content(name):
    assert ast.text_of(html_tree.blocks(f"<{name}><p>x</p></{name}>")) == "x"


def test_spans_of_a_table_are_kept_and_rows_filled():
    [table] = html_tree.blocks(
        "<table><tr><th rowspan=2>a<th colspan=2>b<tr><th>c<th>d<tr><th>e<td>1<td>2<tr><th>f<td>3</table>"
    )
    head, [body] = table["c"][3], table["c"][4]
    assert [[c[2:4] for c in row[1]] for row in head[1]] == [[[2, 1], [1, 2]], [[1, 1], [1, 1]]]
    assert body[1] == 1
    assert [len(row[1]) for row in body[3]] == [3, 3]


def test_pictures_of_html_are_found_among_attachments():
    cell = md('<img src="attachment:a.png" alt="seen" width="50%">', attachments={"a.png": {"image/png": png()}})
    tree = read_notebooks([("book", book(cell))])
    [picture] = kinds(tree.blocks, "Image")
    assert ast.text_of(picture["c"][1]) == "seen"
    assert dict(picture["c"][0][2]) == {"width": "50%"}
    assert len(tree.resources) == 1


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("www.example.org.", "http://www.example.org"), ("(https://a.example/b(c))", "https://a.example/b(c)"),
        ("a.b@example.org!", "mailto:a.b@example.org"), ("xwww.example.org", ""), ("https://localhost", ""),
        ("a@b", ""), ("mailto:x@example.org", "mailto:x@example.org"),
    ],
)  # fmt: skip
def test_addresses_in_text(text, target):
    assert [t for _, t in autolinks.split(text) if t] == ([target] if target else [])
    assert "".join(p for p, _ in autolinks.split(text)) == text


def test_no_link_stands_inside_a_link():
    blocks, _ = read("[see https://a.example and @fig-x](https://b.example)")
    assert len(kinds(blocks, "Link")) == 1
    assert not kinds(blocks, "Cite")


def test_what_nests_too_deeply_is_shown_as_it_stands():
    blocks, warnings = read(">" * 300 + " x")
    assert kinds(blocks, "CodeBlock")
    assert warnings


def test_attributes_of_headings_and_pictures():
    assert markdown.attributes('{#sec-x .a title="b c"}') == {"id": "sec-x", "class": "a", "title": "b c"}
    assert markdown.attributes("{x}") == {}
    blocks, _ = read("# Title {#sec-own .unnumbered}\n\n# Set {1, 2}")
    assert [n["c"][1][0] for n in kinds(blocks, "Header")] == ["sec-own", "sec-set-1-2"]


def test_pdf_of_what_jupyter_shows():
    made = export(
        book(
            md("Water is H<sub>2</sub>O, <b>always</b>.<br>Press <kbd>Enter</kbd>. <!-- note to self -->"),
            md('Run `tool` with --dry-run and -- to stop... then "done"; 10^4^, 2^8-2^9.'),
            md("| Town | Note |\n|---|---|\n| Ardo | first<br>second |\n| `a \\| b` | x |"),
        )
    )
    for text in ("Water is H2O, always. Press Enter.", 'with --dry-run and -- to stop... then "done"; 10^4^, 2^8-2^9.'):
        assert text in made.text
    assert "first second a | b x" in made.text
    assert "note to self" not in made.text


def test_amounts_around_code_with_dollars_keep_their_signs():
    source = "It costs $5 or $10, `$ code $`, US$ 3 million; a lone $ sign"
    assert not lifted.lift(source)[1]


def test_an_amount_before_code_with_dollars_is_no_formula():
    text = export(book(md("Pay $10 for `$x$` now, and $y$."))).text
    assert "Pay $10 for $x$ now" in text


@pytest.mark.parametrize("target", ["file:///etc/x.png", "javascript:alert(1)", "vbscript:x"])
def test_a_target_that_is_not_kept_is_no_text(target):
    blocks, warnings = read(f"![A box]({target}) and [words]({target})")
    assert ast.text_of(blocks) == "[image not shown: A box] and words"
    assert len([w for w in warnings if target in w]) == 2


@pytest.mark.parametrize(
    ("element", "size"),
    [
        ('<img src="{}" style="height: 50px !important">', {"height": "50px"}),
        ('<img src="{}" style="max-width: 9px; width:2em">', {"width": "32px"}),
        ('<img src="{}" height=10>', {"height": "10"}),
        ("![]({}){{width=50%}}", {"width": "50%"}),
    ],
)
def test_pictures_are_as_large_as_they_ask(element, size):
    [picture] = kinds(read(element.format(f"data:image/png;base64,{png()}"))[0], "Image")
    assert dict(picture["c"][0][2]) == size


def test_a_picture_among_words_stays_in_their_line():
    found = words(export(book(md(f"before ![x](data:image/png;base64,{png()}) behind"))).content)
    assert the(found, "before").bottom == the(found, "behind").bottom


def test_a_drawing_in_an_address_is_shown():
    assert kinds(read(f'<img src="data: image/png; base64,{png()}">')[0], "Image")
    drawing = "data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"
    assert kinds(read(f'<img src="{drawing}">')[0], "Image")


@pytest.mark.parametrize("tag", ["ol", "ul"])
def test_vectors_of_r_stand_in_a_line(tag):
    blocks, _ = read(f"<{tag} class=list-inline>\n\t<li>12</li>\n\t<li>'b'</li>\n</{tag}>")
    assert ast.text_of(blocks) == "12 · 'b'" and not kinds(blocks, "BulletList", "OrderedList")

"""What MyST, Quarto and MkDocs write into Markdown: directives, roles, labels, captions, references."""

from __future__ import annotations

import pytest
from exports import export
from hypothesis import given
from hypothesis import strategies as st
from traits import book, md, png

from nbtypst import ast, lifted, myst
from nbtypst.numbering import number
from nbtypst.tree import Options, read_notebooks

PICTURE = f"data:image/png;base64,{png()}"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |\n"


def resolved(*sources):
    """Text of a notebook with its references, and all warnings."""
    tree = read_notebooks([("book", book(*map(md, sources)))], Options(places=True))
    numbered = number(tree, strict=False)
    return ast.text_of(numbered.blocks), [*tree.warnings, *numbered.warnings]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (TABLE + "\n: Cap {#tbl-x}\n\nSee @tbl-x.", "See Table 1."),
        (TABLE + ": Cap {#tbl-x .striped}\n\nSee @tbl-x.", "See Table 1."),
        ("Table: Cap {#tbl-x}\n\n" + TABLE + "\nSee @tbl-x.", "See Table 1."),
        ("::: {#tbl-x}\n\n" + TABLE + "\nCap\n:::\n\nSee @tbl-x.", "See Table 1."),
        ("- item\n\n  " + TABLE.replace("\n", "\n  ") + "\n  : Cap {#tbl-x}\n\nSee @tbl-x.", "See Table 1."),
        ("> " + TABLE.replace("\n", "\n> ") + "\n> : Cap {#tbl-x}\n\nSee @tbl-x.", "See Table 1."),
        ("```{table} Cap\n:name: big\n" + TABLE + "```\n\nSee {numref}`big`.", "See Table 1."),
        ("(big)=\n" + TABLE + "\n: Cap\n\nSee {ref}`big`.", "See Table 1."),
        (f"```{{figure}} {PICTURE}\n:label: pic\nCap\n```\nSee {{numref}}`Pic %s <pic>`.", "See Pic 1."),
        (f"(pic)=\n![Cap]({PICTURE})\n\nSee [](#pic).", "See Figure 1."),
        (f"::: {{#fig-two}}\n![A]({PICTURE})\n\n![B]({PICTURE})\n\nBoth\n:::\n\nSee @fig-two.", "See Figure 1."),
        ("(my-sec)=\n## Head\n\nSee {ref}`my-sec`.", "See Head."),
        ("(my-sec)=\n## Head\n\nSee {ref}`there <my-sec>`.", "See there."),
        ("(my-sec)=\n## Head\n\nIn {numref}`my-sec`.", "In section 1."),
        ("(عنوان)=\n## عنوان\n\n{ref}`عنوان`.", "عنوان."),
        (TABLE + "\n: شرح الجدول {#tbl-x}\n\n@tbl-x.", "Table 1."),
        ("```{math}\n:label: e\na\n```\nBy {eq}`e`.", "By (1)."),
        (":::{math}\n:label: e\na\n:::\n\nBy {eq}`e`.", "By (1)."),
        ("$$\na\n$$ (e)\n\nBy {eq}`e`.", "By (1)."),
        ("$$a$$ {#eq-e}\n\nBy @eq-e.", "By (1)."),
        ("(p)=\nSome words.\n\nAs {ref}`said <p>`.", "As said."),
        ("```{csv-table} Cap\n:header: a, b\n:label: t\n1, 2\n```\n{ref}`t`.", "Table 1."),
    ],
)
def test_what_has_a_label_can_be_pointed_at(source, said):
    text, warnings = resolved(source)
    assert text.endswith(said), text
    assert warnings == []


@pytest.mark.parametrize(
    "source", ["{ref}`gone`", "{numref}`gone`", "{eq}`gone`", "@fig-gone", "@tbl-gone", "@eq-gone"]
)
def test_an_unknown_label_is_text_and_warned_about_with_its_cell(source):
    text, warnings = resolved("First.", source)
    assert "gone" in text
    assert "{" not in text
    assert len(warnings) == 1
    assert "cell 2" in warnings[0]


def test_the_same_label_twice_is_warned_about():
    _, warnings = resolved(TABLE + "\n: One {#tbl-x}", TABLE + "\n: Two {#tbl-x}\n\n@tbl-x")
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("source", "shown", "warned"),
    [
        ("{sub}`2`{kbd}`Ctrl` {abbr}`WHO (World Health)`", "2Ctrl WHO (World Health)", 0),
        ("{doc}`the page <other/nb>` {term}`glass` {math}`x`", "the page glass x", 0),
        ("{odd}`Text`", "Text", 1),
        ("```{odd} Head\n:key: v\nBody *here*\n```", "Head Body here", 1),
        (":::{odd}\nBody *here*\n:::", "Body here", 1),
        ("```{tip} Head\n:class: x\nBody $x$\n```", "Head Body x", 0),
        ("````{note}\n```{tip}\ndeep\n```\nend\n````", "Note Tip deep end", 0),
        ("::::{tab-set}\n:::{tab-item} One\nA\n:::\n::::", "One A", 0),
        ("```{code-block} python\n:caption: Cap\n:linenos:\nx = '$5 $6'\n```", "Cap x = '$5 $6'", 0),
        ("```{list-table} Cap\n:header-rows: 1\n* - A\n  - B\n* - 1\n  - $y$\n    more\n```", "Cap A B 1 y more", 0),
        ("```{csv-table}\n:file: /etc/passwd\n```", "", 1),
        ("```{csv-table} Cap\n:header-rows: ²\n1,2\n```", "Cap 1 2", 0),
        ('!!! note "A title"\n    Body *here*\n\n    More', "A title Body here More", 0),
        ("??? warning\n    Body", "Warning Body", 0),
        ("!!! wow", "!!! wow", 0),
        ("\\{ref}`x`, `{ref}`, {x}", "{ref}x, {ref}, {x}", 0),
        ("f(x)= 3 and (x)= 4", "f(x)= 3 and (x)= 4", 0),
        ("$$a$$ (so)", "a (so)", 0),
        ("```{note}\nunclosed {kbd}`x`", "Note unclosed x", 0),
        ("| a |\n|---|\n| {kbd}`x` |", "a x", 0),
    ],
)  # fmt: skip
def test_directives_and_roles_show_their_text(source, shown, warned):
    text, warnings = resolved(source)
    assert text.removeprefix("Table 1. ") == shown
    assert len(warnings) == warned


@given(st.text(alphabet="`:{}()=!? -*|#[]\n$\\notemahrf", max_size=60))
def test_any_markup_is_read(text):
    resolved(text)


@given(st.text(alphabet="`:{}~ \nmathnote$x", max_size=60))
def test_lifting_loses_nothing(text):
    marked, formulas = lifted.lift(text)
    assert lifted.restored(marked, formulas) == text


@given(st.text(alphabet=':-ab"\n ', max_size=40))
def test_options_of_a_directive_are_its_first_lines(text):
    options, rest = myst.split(text)
    assert options or rest == text


def test_a_page_with_all_of_it_keeps_the_standards():
    made = export(
        book(
            md("(s)=\n# Head\n\n{numref}`s`, {ref}`s`, @tbl-x, {numref}`f`"),
            md(TABLE + "\n: Cap {#tbl-x}\n\n(p)=\nWords\n\n{ref}`p`"),
            md(f"```{{figure}} {PICTURE}\n:name: f\n:alt: Grey\nCap\n\nLegend\n```"),
        )
    )
    assert made.warnings == []
    assert "section 1, Head, Table 1, Figure 1" in made.text.replace("Section", "section").replace("\u00a0", " ")


def test_theorems_are_numbered_each_kind_by_itself_and_pointed_at():
    kinds = ("prf:theorem", "prf:lemma", "prf:theorem", "prf:proof")
    text = "".join(f"```{{{kind}}} Name {i}\n:label: p-{i}\nText.\n```\n\n" for i, kind in enumerate(kinds))
    text += "A {prf:ref}`p-0`, {prf:ref}`p-1`, {prf:ref}`p-2`, {prf:ref}`number {number} <p-2>`, {prf:ref}`p-9`."
    made = export(book(md(text)))
    assert "A Theorem 1, Lemma 1, Theorem 2, number 2, p-9." in made.text
    assert "Lemma 1 (Name 1)" in made.text and "Proof: Name 3" in made.text
    assert [w for w in made.warnings if "p-9" in w] and not [w for w in made.warnings if "p-2" in w]


@pytest.mark.parametrize("mark", ["+++", "++++", '+++ {"part": "abstract"}'])
def test_breaks_between_blocks_are_not_printed(mark):
    assert resolved(f"{mark}\n\nOne.\n\n{mark}\nTwo.")[0] == "One. Two."
    assert "+" in resolved("Sum:\n+++ is no break here")[0]


COMMENTED = "Before\n% one comment\nbehind.\n\n% two comment\n\n```\n% of code\n```\n\n50\\% of all, 20 % of some."


def test_comments_are_not_printed_where_markdown_is_mysts():
    made = export(book(md(COMMENTED), md("(here)=\n# Head")))
    assert "comment" not in made.text and made.warnings == []
    for said in ("Before", "behind.", "% of code", "50% of all, 20 % of some."):
        assert said in made.text


def test_elsewhere_a_line_with_a_per_cent_sign_is_text():
    assert "% one comment" in export(book(md(COMMENTED))).text

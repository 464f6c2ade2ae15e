"""Tables as nobody should write them: each word in its place or hidden, none over another, none off the page."""

from __future__ import annotations

import pytest
from boxes import outside, overlaps, the, words
from exports import export
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from traits import book, cell, md, shown

SPANS = st.sampled_from(["", "", "", "", 'colspan="0"', 'colspan="2"', 'rowspan="2"', 'rowspan="0"', 'colspan="1000"'])
WRAPS = st.sampled_from(["{}", "{}", "<b>{}</b>", "<ul><li>{}</li><li>x</li></ul>", "<pre>{}\nx</pre>"])
WRAPS |= st.sampled_from(["<table><tr><td>{}</td><td>x</td></tr></table>", "<br>".join(["{}", *"x" * 30])])
CELLS = st.lists(st.tuples(st.sampled_from(["td", "td", "th"]), SPANS, WRAPS), min_size=1, max_size=6)
PARTS = st.lists(st.tuples(st.sampled_from(["thead", "tbody", "tfoot"]), st.lists(CELLS, max_size=5)), max_size=4)


def of(html: str):
    return export(book(cell(shown({"text/html": html, "text/plain": "plain"}))))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(PARTS)
def test_every_cell_of_any_table_is_printed_once_and_alone(parts):
    html, names = "", []
    for part, rows in parts:
        html += f"<{part}>"
        for row in rows:
            html += "<tr>"
            for tag, span, wrap in row:
                names.append(f"w{len(names)}w")
                html += f"<{tag} {span}>{wrap.format(names[-1])}</{tag}>"
            html += "</tr>"
        html += f"</{part}>"
    made = of(f"<p>Begin</p><table>{html}</table>")
    found = words(made.content)
    assert set(names) <= {w.text for w in found}
    assert not overlaps(found) and not outside(found)
    assert all(w.bottom < w.height - 40 or w.text.isdigit() for w in found)
    assert not [w for w in made.warnings if "lost" in w or "Typst" in w]


@pytest.mark.parametrize(
    ("html", "over"),
    [
        # a cell that spans into one that stands there already: what follows keeps its column
        (
            "<tr><td>aa<td rowspan=2>bb<td>cc<td>top</tr><tr><td colspan=3>dd<td>below</tr>",
            ("top", "below"),
        ),
        ("<tr><td>aa<td>top<td>cc</tr><tr><td rowspan=9>bb<td>below</tr>", ("top", "below")),
        ("<tr><td colspan=700>aa<td>top</tr><tr><td colspan=700>bb<td>below</tr>", ("top", "below")),
        (
            "<thead><tr><th>aa<th style='display: none'>gone<th>top</tr></thead><tr><td>bb<td hidden>gone<td>below</tr>"
            "<tr style='display:none'><td>gone</tr>",
            ("top", "below"),
        ),
    ],
)
def test_what_follows_an_odd_cell_keeps_its_column(html, over):
    found = words(of(f"<table>{html}</table>").content)
    top, below = (the(found, text) for text in over)
    assert abs(top.left - below.left) < 1 and below.top > top.top
    assert "gone" not in {w.text for w in found}


def test_a_second_head_stands_where_it_was_written():
    rows = "<thead><tr><th>one</thead><tr><td>first</tr><thead><tr><th>two</thead><tr><td>second</tr>"
    found = words(of(f"<table>{rows}</table>").content)
    assert [w.text for w in sorted(found, key=lambda w: w.top) if w.text in ("one", "two", "first", "second")] == [
        "one", "first", "two", "second",
    ]  # fmt: skip


def test_text_that_stands_between_cells_is_printed_before_the_table():
    assert "stray" in of("<table><tr><td>aa</td>stray</tr></table>").text


def test_a_label_that_spans_narrow_columns_is_not_printed_over_its_neighbour():
    head = "<tr><th>a<th colspan=2>averyveryverylonglabel<th>b</tr>"
    found = words(of(f"<table><thead>{head}</thead>{'<tr><td>1<td>2<td>3<td>4</tr>' * 3}</table>" * 2).content)
    assert not overlaps(found)


def test_a_link_in_a_repeated_head_costs_nothing():
    rows = "".join(f"<tr><td>{i}</tr>" for i in range(120))
    made = of(f"<table><thead><tr><th><a href='https://example.org'>linked</a></tr></thead>{rows}</table>")
    assert "linked" in made.text and not made.warnings


def test_a_heading_without_words_leaves_the_first_level_to_the_next():
    made = export(book(md("# <br>\n\n## Second *words*\n\n### $x$\n\nText.")))
    assert not [w for w in made.warnings if "Typst" in w]


def test_cells_that_markdown_leaves_out_are_warned_about():
    made = export(book(md("Text."), md("> | a | b |\n> |---|---|\n> | c | d | extra |\n> | e |")))
    [warning] = made.warnings
    assert "cell 2" in warning and "extra" in warning


def test_cells_that_markdown_does_leave_in_are_not_warned_about():
    assert not export(book(md("| a | b |\n|---|---|\n| c `x \\| y` | d |\n| e |\n| f | g | |"))).warnings


@pytest.mark.parametrize("kind", ["ul", "ol"])
def test_the_mark_of_an_item_has_its_room(kind):
    item = f"<{kind}><li>{'w' * 24}<li>x</{kind}>"
    found = words(of(f"<table><tr>{f'<td>{item}</td>' * 9}</tr></table>").content)
    assert not overlaps(found) and not outside(found)

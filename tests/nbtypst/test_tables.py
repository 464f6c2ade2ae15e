"""Tables that cannot lie: each cell under its label, none over another, none outside the margins."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pikepdf
import pytest
from boxes import outside, overlaps, rows_of, the, words
from exports import export
from traits import book, cell, md, shown

from nbtypst.typst_layout import Column, Room, choose
from nbtypst.typst_tables import placed
from nbtypst.typst_values import pieces


def html(text: str):
    return export(book(cell(shown({"text/html": text, "text/plain": "x"}))))


def frame(f: pd.DataFrame, **how):
    return html(f.to_html(**how))


def sound(made) -> list:
    """The words of a PDF in which no word lies over another or outside the margins."""
    found = words(made.content)
    assert not overlaps(found)
    assert not outside(found)
    assert not [w for w in made.warnings if w.startswith("written without")]
    return found


def under(value, *labels) -> bool:
    """Whether a value stands below its labels, within what they span."""
    return all(
        label.bottom <= value.top + 3 and label.page == value.page and abs(label.middle - value.middle) < 60
        for label in labels
    )


def unique(rows: int, columns: int) -> np.ndarray:
    """Numbers of which none is like another."""
    return 10_000 + np.arange(rows * columns).reshape(rows, columns)


def test_spanning_labels_stand_over_what_they_span():
    head = "<thead><tr><th>year</th><th colspan='2'>2031</th><th colspan='2'>2032</th></tr><tr><th>town</th>"
    head += "<th>na</th><th>sa</th><th>nb</th><th>sb</th></tr></thead>"
    body = "<tr><th>Ardo</th><td>11</td><td>12</td><td>13</td><td>14</td></tr>"
    found = sound(html(f"<table class='dataframe'>{head}<tbody>{body}</tbody></table>"))
    w = {t: the(found, t) for t in ("year", "town", "2031", "2032", "na", "sa", "nb", "sb", "Ardo")}
    w |= {t: the(found, t) for t in ("11", "12", "13", "14")}
    for label, left, right in (("2031", "na", "sa"), ("2032", "nb", "sb")):
        assert w[left].left < w[label].middle < w[right].right
        assert w[label].bottom < w[left].bottom
    for value, label in (("11", "na"), ("12", "sa"), ("13", "nb"), ("14", "sb"), ("Ardo", "town")):
        assert abs(w[value].right - w[label].right) < 2 or abs(w[value].left - w[label].left) < 2


@pytest.mark.parametrize("levels", [2, 3])
def test_a_multiindex_on_both_sides(levels):
    names = [[f"A{i}x" for i in range(2)], [f"B{i}x" for i in range(2)], [f"C{i}x" for i in range(2)]][:levels]
    index = pd.MultiIndex.from_product(names, names=[f"row{i}" for i in range(levels)])
    columns = pd.MultiIndex.from_product([[n.lower() for n in level] for level in names])
    values = unique(len(index), len(columns))
    found = sound(frame(pd.DataFrame(values, index=index, columns=columns)))
    lowest = sorted((w for w in found if re.fullmatch("[abc]1x|[abc]0x", w.text)), key=lambda w: w.bottom)
    labels = sorted(lowest[-len(columns) :], key=lambda w: w.left)
    for row in values:
        for value, label in zip(row, labels, strict=True):
            assert abs(the(found, str(value)).right - label.right) < 2


def test_a_label_that_spans_rows_keeps_the_rows_in_their_columns():
    rows = "<tr><th rowspan='2'>left</th><td>11</td><td>12</td></tr><tr><td>13</td><td rowspan='2'>14</td></tr>"
    rows += "<tr><th>next</th><td>15</td></tr>"
    head = "<thead><tr><th rowspan='2'>what</th><th>one</th><th>two</th></tr><tr><th>uno</th><th>due</th></tr></thead>"
    found = sound(html(f"<table>{head}{rows}</table>"))
    w = {t: the(found, t) for t in ["what", "one", "two", "uno", "due", "left", "next", "11", "12", "13", "14", "15"]}
    for label, values in (("uno", ("11", "13", "15")), ("due", ("12", "14")), ("what", ("left", "next"))):
        assert all(under(w[v], w[label]) and abs(w[v].middle - w[label].middle) < 12 for v in values)


def test_eight_ordinary_names_break_at_their_borders():
    names = [f"median_income_{year}" for year in range(2011, 2019)]
    found = sound(frame(pd.DataFrame(unique(1, 8), columns=names)))
    page = the(found, "10000")
    assert page.width < page.height
    for i, year in enumerate(range(2011, 2019)):
        (label,) = [w for w in found if w.text.endswith(str(year))]
        assert under(the(found, str(10_000 + i)), label)


@pytest.mark.parametrize("style", ["snake_case_name", "CamelCaseColumn", "dotted.column.name", "withoutanyborderatall"])
@pytest.mark.parametrize("columns", [5, 12, 25, 60])
def test_any_number_of_columns(columns, style):
    names = [f"{style}{i}" for i in range(columns)]
    values = unique(5, columns)
    made = frame(pd.DataFrame(values, columns=names, index=[f"row{i}" for i in range(5)]))
    found = sound(made)
    for i, number in enumerate(values[0]):
        value = the(found, str(number))
        above = [
            w
            for w in found
            if w.page == value.page and w.bottom < value.top + 3 and abs(w.right - value.right) < 2 and w.text != "0"
        ]
        label = max(above, key=lambda w: w.bottom)
        assert re.search(rf"{i}\Z", label.text), (value, label)
        assert any(w.text == "row0" and abs(w.bottom - value.bottom) < 1 for w in found if w.page == value.page)
    if columns == 60:
        assert [w for w in made.warnings if "cell 1" in w and "groups" in w]


def test_a_multiindex_that_is_parted_keeps_its_labels_over_each_group():
    columns = pd.MultiIndex.from_product([[f"town{i}" for i in range(6)], [f"indicator_{i}" for i in range(8)]])
    values = unique(4, 48)
    found = sound(frame(pd.DataFrame(values, columns=columns, index=[f"key{i}" for i in range(4)])))
    first_row = [the(found, str(number)) for number in values[0]]
    labels = [w for w in found if w.text.startswith("town")]
    for line in rows_of(labels):
        for label in line:
            below = [
                v
                for at, v in enumerate(first_row)
                if v.page == label.page and f"town{at // 8}" == label.text and 0 < v.top - label.bottom < 60
            ]
            assert below and min(v.left for v in below) - 40 < label.middle < max(v.right for v in below)
    covered = [v for v in first_row if any(0 < v.top - w.bottom < 60 and w.page == v.page for w in labels)]
    assert len(covered) == len(first_row)


@pytest.mark.parametrize("rows", [5, 400, 2000])
def test_long_tables_repeat_their_head_and_lose_no_row(rows):
    made = frame(pd.DataFrame({"first_label": unique(rows, 1)[:, 0], "second": ["x"] * rows}))
    found = sound(made)
    values = {w.text for w in found}
    assert {str(n) for n in unique(rows, 1)[:, 0]} <= values
    pages = {w.page for w in found if re.fullmatch(r"1\d{4}", w.text)}
    assert pages == {w.page for w in found if w.text == "second"}


def test_long_text_beside_many_numbers():
    f = pd.DataFrame(unique(3, 14), columns=[f"value_of_{i}" for i in range(14)])
    f.insert(0, "remarks", ["some words of a remark that goes on " * 12] * 3)
    sound(frame(f))


def test_a_wide_table_in_a_list_or_a_quotation_stands_within_the_margins():
    wide = "|" + "|".join(f" column_name_{i} " for i in range(14)) + "|\n|" + "---|" * 14 + "\n|" + " 12345 |" * 14
    for before in ("> ", "  "):
        text = "\n".join(before + line for line in wide.split("\n"))
        sound(export(book(md(("- item\n\n" if before == "  " else "") + text))))


def test_wide_faces_are_measured_not_guessed():
    names = [f"WWWWWWWW{i}" for i in range(9)]
    sound(frame(pd.DataFrame(unique(2, 9), columns=names)))


def test_colours_and_bars_of_a_styler_are_kept():
    css = "#T_a_row0_col0 { background-color: #ff0000; color: #f1f1f1; }\n#T_a_row0_col1 { width: 10em;"
    css += " background: linear-gradient(90deg, #d65f5f 40.0%, transparent 40.0%); }"
    rows = "<tr><th>r</th><td id='T_a_row0_col0' class='data'>17</td><td id='T_a_row0_col1'>18</td></tr>"
    made = html(
        f"<style>{css}</style><table id='T_a'><thead><tr><th></th><th>u</th><th>v</th></tr></thead>{rows}</table>"
    )
    sound(made)
    with made.open() as pdf:
        drawn = b"".join(page.Contents.read_bytes() for page in pdf.pages)
        shadings = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/ShadingType" in o]
    assert b"1 0 0 scn" in drawn  # red, and text on it that can be read
    assert shadings


def test_pieces_of_names():
    assert pieces("median_income_2011", 12) == ["median_", "income_", "2011"]
    assert pieces("GrossDomesticProduct", 12) == ["Gross", "Domestic", "Product"]
    assert pieces("pandas.core.frame", 12) == ["pandas.", "core.", "frame"]
    assert pieces("1234567.8901234567", 12) == ["1234567.8901234567"]
    assert max(map(len, pieces("a" * 100, 12))) <= 12
    assert "".join(pieces("a_b.cD" * 20, 12)) == "a_b.cD" * 20


def test_cells_that_span_push_those_after_them():
    def cell_of(down, across):
        return [["", [], []], {"t": "AlignDefault"}, down, across, []]

    rows = [[["", [], []], [cell_of(2, 1), cell_of(1, 2)]], [["", [], []], [cell_of(1, 1), cell_of(9, 9)]]]
    found = placed(rows, 3)
    assert [[(c.column, c.columns, c.rows) for c in row] for row in found] == [
        [(0, 1, 2), (1, 2, 1)],
        [(1, 1, 1), (2, 1, 1)],
    ]


def test_columns_that_fit_nowhere_come_in_groups_with_the_labels():
    columns = [Column(["key"], ["k"])] + [Column([f"name_{i}"], ["1234567890"]) for i in range(40)]
    layout = choose(columns, [], Room(), labels=1)
    assert len(layout.parts) > 1 and all(p.columns[0] == 0 for p in layout.parts)
    assert [i for p in layout.parts for i in p.columns[1:]] == list(range(1, 41))


def test_labels_are_headers_to_a_screen_reader():
    head = "<thead><tr><th rowspan='2'>town</th><th colspan='2'>2031</th></tr><tr><th>n</th><th>share</th></tr></thead>"
    made = html(f"<table>{head}<tbody><tr><th>Ardo</th><td>11</td><td>12</td></tr></tbody></table>")
    with made.open() as pdf:
        cells = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and str(o.get("/S", "")) == "/TH"]
        said = [a for c in cells for a in (c.A if isinstance(c.A, pikepdf.Array) else [c.A])]
        spans = sorted(int(a.ColSpan) for a in said if "/ColSpan" in a)
        scopes = {str(a.Scope) for a in said if "/Scope" in a}
    assert len(cells) == 4 and 2 in spans and scopes == {"/Column"}


def test_a_table_as_great_tables_writes_it():
    head = "<thead><tr class='gt_heading'><td colspan='5' class='gt_title'>Harvests</td></tr>"
    head += "<tr class='gt_col_headings'><th rowspan='2' class='gt_col_heading'>crop</th>"
    head += "<th colspan='2' scope='colgroup'><span class='gt_column_spanner'>north</span></th>"
    head += "<th colspan='2' scope='colgroup'><span class='gt_column_spanner'>south</span></th></tr>"
    head += "<tr><th>na</th><th>nb</th><th>sa</th><th>sb</th></tr></thead>"
    rows = "<tr class='gt_group_heading_row'><th colspan='5'>grain</th></tr>"
    rows += "<tr><th class='gt_stub'>wheat</th><td>11</td><td>12</td><td>13</td><td>14</td></tr>"
    rows += "<tr><th class='gt_stub'>rye</th><td>21</td><td>22</td><td>23</td><td>24</td></tr>"
    foot = "<tfoot><tr><td colspan='5'>Made up.</td></tr></tfoot>"
    found = sound(html(f"<style>.gt_title {{color: red}}</style><table>{head}<tbody>{rows}</tbody>{foot}</table>"))
    w = {t: the(found, t) for t in ("Harvests", "north", "south", "na", "nb", "sa", "sb", "grain", "wheat", "rye")}
    for first, last, label in (("na", "nb", "north"), ("sa", "sb", "south")):
        assert w[first].left - 2 < w[label].middle < w[last].right + 2
    for row in "12":
        for i, label in enumerate(("na", "nb", "sa", "sb"), 1):
            assert abs(the(found, f"{row}{i}").right - w[label].right) < 2
    assert the(found, "Made").top > the(found, "21").bottom - 1


def test_code_and_strong_names_in_cells_break_too():
    def row(form):
        return "|" + "|".join(form.format(i) for i in range(9)) + "|\n"

    table = row("`some_long_identifier_{}`") + "|" + "---|" * 9 + "\n"
    table += row("`value_number_{}.method()`") + row("**another_long_name_{}**")
    sound(export(book(md(table))))


def test_bold_row_labels_stand_within_the_margin():
    f = pd.DataFrame(unique(1001, 2), columns=["a_b", "c_d"])
    sound(frame(f.set_index(pd.Index(range(1000, 2001)))))


def test_all_levels_of_row_labels_stand_in_each_group_of_columns():
    index = pd.MultiIndex.from_product([["ardo", "belm"], ["men", "women", "both"]])
    frame = pd.DataFrame(1, index=index, columns=[f"indicator_number_{i}" for i in range(30)])
    made = export(book(cell(shown({"text/html": frame.to_html()}))))
    groups = made.text.count("Columns ")
    assert groups > 1
    assert [made.text.split().count(w) for w in ("ardo", "women", "both")] == [groups, 2 * groups, 2 * groups]

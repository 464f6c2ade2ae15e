"""Records in JupyterLab look as they do in the report."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from chapters import founding_records
from editions import founding
from raw import raw_marks, text_of

from incident_report.paths import SEAL
from incident_report.present import charts
from incident_report.present.lab import html, scoped
from incident_report.present.records import Column, Record, bibliography, show_prose, show_table
from incident_report.present.theme import show_figure
from nbtypst import pandoc


@pytest.fixture(scope="module")
def ed():
    return founding()


def table(**given: str) -> Record:
    data = pd.DataFrame({"what": ["a **b**", "c"], "n": [1, 20]})
    columns = {"what": Column("What"), "n": Column("Number", "right")}
    return show_table(data, id="tab-made", title="A title", columns=columns, **given)


def test_markdown_of_a_record_is_read(ed) -> None:
    shown = html(
        show_prose("txt-a", "### Head\n\n**bold** and *slanted*\\, a list:\n\n- one\n- two", role="judgement"), ed=ed
    )
    assert raw_marks(text_of(shown)) == []
    assert "<strong>bold</strong>" in shown and "<em>slanted</em>" in shown and shown.count("<li>") == 2
    assert "judgement" in shown


def test_cells_are_literal_unless_they_are_markdown(ed) -> None:
    assert "a **b**" in text_of(html(table(), ed=ed))
    assert "<strong>b</strong>" in html(table(markdown=["what"]), ed=ed)


def test_numbers_stand_right_and_words_left(ed) -> None:
    shown = html(table(), ed=ed)
    assert re.search(r'<td class="num">20</td>', shown)
    assert re.search(r'<th class="code-like" scope="row">c</th>', shown)


def test_citations_name_outlet_and_day(ed) -> None:
    source = ed.data.sources[ed.data.sources["published"].str.len() == 10].iloc[0]
    shown = html(show_prose("txt-b", f"So it is [@{source['source_id']}] or @{source['source_id']} says."), ed=ed)
    assert text_of(shown).count(source["publisher"]) == 2
    assert source["published"][:4] in text_of(shown) and source["source_id"] not in text_of(shown)
    assert raw_marks(text_of(html(show_prose("txt-c", "[@nobody-knows] and @fig-nowhere.")))) == []


def test_references_name_what_they_mean(ed) -> None:
    html(table(), ed=ed)
    shown = text_of(html(show_prose("txt-d", "See @tab-made and @sec-bibliography (@fig-never-shown)."), ed=ed))
    assert "“A title”" in shown and "“never shown”" in shown and "@" not in shown


def test_the_bibliography_is_full(ed) -> None:
    shown = html(bibliography(), ed=ed)
    assert shown.count('csl-entry"') == len(ed.data.sources)


def test_a_chart_is_a_vector_picture_with_its_description(ed) -> None:
    counts = pd.DataFrame({"period": ["a", "b"], "count": [3, 4], "low": [1, 2], "high": [5, 6]})
    ax = charts.intervals(counts)
    shown = html(show_figure(ax.figure, id="fig-x", title="T", alt="What is <seen>.", data=counts), ed=ed)
    assert 'src="data:image/svg+xml;base64,' in shown and "What is &lt;seen&gt;." in shown
    assert "image/png" not in shown


def test_what_was_read_once_is_shown_alike(ed, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [show_prose("txt-f", f"A *word* {n} and [a link](https://example.org)") for n in (1, 1, 2)]
    first, again, other = (html(one, ed=ed) for one in records)
    assert first == again and other == first.replace("word</em> 1", "word</em> 2")
    monkeypatch.setattr(pandoc, "read_fragments", lambda items: pytest.fail(f"read again: {items}"))
    assert html(records[0], ed=ed) == first


def test_text_from_data_stays_text(ed) -> None:
    data = pd.DataFrame({"what": ["<script>alert(1)</script>"]})
    shown = html(show_table(data, id="tab-y", title="<b>x", columns={"what": Column("<i>")}), ed=ed)
    assert "<script" not in shown and "<b>x" not in shown and "<i>" not in shown


def test_styles_reach_only_the_record() -> None:
    css = (
        ":root { --a: 1 } body, p { margin: 0 } @media print { p { color: red } } @font-face { x: y }"
        "@media screen and (prefers-color-scheme: dark) { :root { --a: 2 } }"
        "@media (max-width: 9em) { td { b: c } }"
    )
    out = scoped(css, ".r")
    assert "red" not in out and "font-face" not in out
    assert '[data-jp-theme-light="false"] .r{--a: 2}' in out and "@media (max-width: 9em){.r td{b: c}}" in out
    assert ".r{--a: 1}" in out and ".r,.r p{margin: 0}" in out


def test_a_record_is_one_line_and_a_build_does_without_html(monkeypatch: pytest.MonkeyPatch) -> None:
    record = show_prose("txt-e", "Word " * 500)
    assert len(repr(record)) < 130
    assert "text/html" in record._repr_mimebundle_()
    monkeypatch.setenv(SEAL, "anything")
    assert "text/html" not in record._repr_mimebundle_()


@pytest.mark.xdist_group("founding")
def test_no_record_of_any_chapter_shows_raw_markup(ed) -> None:
    """The quick form of the test in a browser: every record of every chapter, as Lab gets it."""
    found = founding_records()
    assert len(found) > 30
    assert raw_marks(text_of(html(*found.values(), ed=ed))) == []

"""What is not translated in an Arabic report: English, from left to right, in page and PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from babel import Locale

from incident_report.present.words import Words
from incident_report.publish.direction import turned
from nbtypst import ast
from nbtypst.ast import Node

ENGLISH, ARABIC = "Knights counts 27.", "يحصي نايتس 27 هجوماً."
ARABS = Locale("ar")


def said(text: str) -> Node:
    return ast.para(ast.words(text))


def ways(blocks: list[Node]) -> list[tuple[str, str]]:
    """Text and direction of every division that has one."""
    pairs = [(ast.text_of(n), dict((ast.attr_of(n) or ["", [], []])[2]).get("dir", "")) for n in ast.nodes(blocks)]
    return [(text, way) for text, way in pairs if way]


@pytest.mark.parametrize(("text", "ltr"), [(ENGLISH, True), (ARABIC, False), ("27", False), ("نايتس (AFP)", False)])
def test_a_passage_in_english_runs_from_the_left(text: str, ltr: bool) -> None:
    assert ways(turned([said(text)], ARABS)) == ([(text, "ltr")] if ltr else [])
    assert turned([said(text)], Locale("de")) == [said(text)]


def test_the_names_of_cited_sources_turn_no_sentence() -> None:
    cited = ast.link(ast.words("The Washington Institute for Near East Policy"), "#ref-a")
    assert not ways(turned([ast.para([*ast.words(ARABIC), {"t": "Space"}, cited])], ARABS))
    assert ways(turned([ast.para([*ast.words(ENGLISH), {"t": "Space"}, cited]), ast.para([cited])], ARABS))


def test_each_of_two_passages_runs_its_own_way() -> None:
    assert ways(turned([ast.div([said(ARABIC * 3), said(ENGLISH)])], ARABS)) == [(ENGLISH, "ltr")]


def test_a_division_with_headings_is_marked_part_by_part() -> None:
    heading = {"t": "Header", "c": [1, ast.attr("a"), ast.words("What happened?")]}
    made = turned([ast.div([heading, said(ENGLISH)])], ARABS)
    assert {text for text, _ in ways(made)} == {"What happened?", ENGLISH}
    assert made[0]["c"][1][0]["t"] == "Header"


def test_what_a_language_lacks_is_english_throughout(tmp_path: Path) -> None:
    for language in ("en", "ar"):
        (tmp_path / language).mkdir()
        (tmp_path / language / "phrases.md").write_text("", "utf-8")
    fields = {"caption": "Counted on {{ d }}", "n": "{{ d }}", "source": "Here: {{ d }}"}
    text = "## tab-a\n\n" + "".join(f"### {name}\n{source}\n\n" for name, source in fields.items())
    (tmp_path / "en" / "a.md").write_text(text, "utf-8")
    (tmp_path / "ar" / "a.md").write_text("## tab-a\n\n### source\nهنا: {{ d }}", "utf-8")
    made = Words("ar", folder=tmp_path).record("tab-a", {"d": date(2020, 7, 1)})
    assert made["caption"] == "Counted on 1 July 2020"
    assert "July" not in made["n"] + made["source"]

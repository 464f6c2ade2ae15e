"""The page's body is written section by section, and comes out as if it had been written at once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_report.present.lean import markup
from incident_report.publish import html_parts
from nbtypst import ast, pandoc
from nbtypst.ast import Node


def heading(level: int, n: int) -> Node:
    return {"t": "Header", "c": [level, ast.attr(f"s{n}"), ast.words(f"Heading {n}")]}


def paragraph(n: int) -> Node:
    return ast.para(ast.words(f"Text {n} <b> &"))


def at_once(blocks: list[Node]) -> str:
    text = pandoc.write(
        ast.document(blocks), "html5", "--mathml", "--section-divs", "--wrap=none", "--email-obfuscation=none"
    )
    return markup(text.decode()).strip("\n")


levels = st.lists(st.sampled_from([0, 0, 0, 2, 3, 3, 4]), max_size=14)  # 0: a paragraph


@settings(max_examples=30, deadline=None)
@given(levels)
def test_the_body_is_what_one_run_of_pandoc_makes_of_it(order: list[int]) -> None:
    blocks = [heading(level, n) if level else paragraph(n) for n, level in enumerate(order)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_parts, "_FEW", 2)
        contents, body = html_parts.written(ast.document([]), [paragraph(0)], blocks)
    assert body == at_once(blocks)
    assert contents == "<p>Text 0 &lt;b&gt; &amp;</p>"


def test_a_changed_section_of_a_long_chapter_is_written_again_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def sections(word: str) -> list[Node]:
        return [heading(2, 0), *(node for n in range(1, 4) for node in (heading(3, n), ast.para(ast.words(word * n))))]

    written: list[Any] = []
    monkeypatch.setattr(html_parts, "_FEW", 2)
    with pandoc.kept_by(lambda arguments, text, make: (written.append(text), make())[1]):
        html_parts.written(ast.document([]), [], [*sections("a"), heading(2, 9)])
        first = set(written)
        written.clear()
        blocks = [*sections("a"), heading(2, 9)]
        blocks[4] = ast.para(ast.words("other"))
        html_parts.written(ast.document([]), [], blocks)
    assert len(first) == 6 and len(set(written) - first) == 1


def test_where_there_are_notes_which_are_numbered_through_all_is_one() -> None:
    noted = ast.para([*ast.words("See"), {"t": "Note", "c": [paragraph(1)]}])
    blocks = [heading(2, 0), noted, heading(2, 1), noted]
    assert [len(piece) for _, piece in html_parts._pieces(blocks)] == [4]
    assert html_parts.written(ast.document([]), [], blocks)[-1] == at_once(blocks)

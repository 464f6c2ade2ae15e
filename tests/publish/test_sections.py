"""Sections that may need each other are never taken apart; those of our own chapters can be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from incident_report.paths import NOTEBOOKS
from incident_report.publish.sections import sections

OPEN = "from helpers import charts, counts, open_edition, show\ned = open_edition()\nlook = charts.look(ed)"
CHAPTERS = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def notebook(*parts: str, opener: str = OPEN) -> Any:
    """A chapter of one section for each text, whose cells blank lines part."""
    cells = [v4.new_code_cell('quarter = ""', id="p"), v4.new_code_cell(opener, id="open")]
    for n, part in enumerate(parts):
        cells.append(v4.new_markdown_cell(f"## Part {n}"))
        cells += [v4.new_code_cell(text, id=f"c{n}-{i}") for i, text in enumerate(part.split("\n\n"))]
    return v4.new_notebook(cells=cells)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_section_of_a_chapter_uses_only_names_of_the_opener_and_its_own(path: Path) -> None:
    node = nbformat.read(path, as_version=4)
    found = sections(node)
    assert found is not None
    code = [c.id for c in node.cells if c.cell_type == "code"]
    assert sorted([*found.opener, *(i for part in found.parts for i in part)]) == sorted(code)


@pytest.mark.parametrize(
    "part",
    [
        "found = counts(ed)\n\nshow(found)", "ax = charts.bars(found := counts(ed))\nax.set_title(quarter)",
        "charts.bars(counts(ed))", "%%prose txt-a\n{{ found }}", "show([f for f in counts(ed)])",
        "from helpers import days\nshow(days(ed))", "x = {}\nx['a'] = 1", "def own(a):\n    return a",
    ],
)  # fmt: skip
def test_sections_that_keep_to_themselves_are_apart(part: str) -> None:
    found = sections(notebook("show(counts(ed))", part))
    assert found is not None
    assert [len(one) for one in found.parts] == [1, part.count("\n\n") + 1]


@pytest.mark.parametrize(
    "part",
    [
        "show(first)", "%%prose txt-a\n{{ first }}", "import numpy as np", "ed.note = 1", "look['a'] = 1",
        "look.update(a=1)", "ed = None", "open('a.txt')", "exec('a = 1')", "del look", "%matplotlib inline", "!ls",
        "from os import environ", "global_name", "eval('1')", "setattr(ed, 'a', 1)", "__import__('os')",
        "[show for first in counts(ed)]\nshow(first)", "vars()['a'] = 1",
    ],
)  # fmt: skip
def test_a_section_that_needs_or_changes_what_others_see_keeps_the_chapter_whole(part: str) -> None:
    assert sections(notebook("first = counts(ed)", part)) is None


def test_so_does_a_language_whose_words_need_a_name_of_another_section() -> None:
    node = notebook("first = counts(ed)", "%%prose txt-a\nNothing.")
    assert sections(node) is not None
    assert sections(node, lambda id: "{{ first }}" if id == "c1-0" else "") is None


@pytest.mark.parametrize("opener", ["x = 1", f"import numpy\n{OPEN}", f"from matplotlib import pyplot\n{OPEN}"])
def test_an_opener_that_brings_more_than_the_face_does_too(opener: str) -> None:
    assert sections(notebook("show(counts(quarter))", opener=opener)) is None


def test_and_cells_that_no_name_tells_apart() -> None:
    node = notebook("show(counts(ed))")
    node.cells[-1].id = "open"
    assert sections(node) is None

"""Words that would be lost are warned about, with their cell; nothing else is."""

from __future__ import annotations

import pytest
from exports import export
from traits import FRAME, book, cell, md, shown, stream

from nbtypst import ast, lost


@pytest.mark.parametrize(
    "made",
    [
        md("Before <button>Pressed here</button> after."),
        md("<select><option>Pressed here</option></select>"),
        cell(shown({"text/html": "<p>Text</p><textarea>Pressed here</textarea>"})),
    ],
)
def test_text_that_paper_cannot_show_is_warned_about_with_its_cell(made):
    [warning] = [w for w in export(book(md("First."), made)).warnings if "lost" in w]
    assert "cell 2" in warning
    assert "pressed" in warning


def test_nothing_is_said_where_nothing_is_lost():
    text = (
        "# Head {#sec-x}\n\nA *b* H<sub>2</sub>O `code_word` and ``Frame``s re<b>bold</b>ed\n"
        "[link](https://example.org/x) word[^n]\n"
        "$x_{index}$ --- end...\n\n"
        "[^n]: Note text.\n\n| left | right |\n|---|---|\n| cell_of_table | 3.14159 |\n\n"
        "- [ ] task\n\n> [!NOTE]\n> boxed\n\n"
        "<!-- comment --><style>styled</style><details><summary>summed</summary>inner</details>\n\n" + "verylong" * 30
    )
    nb = book(md(text), cell(stream("out_put\n"), shown({"text/html": FRAME}), source="def f():\n    return 'a\\n3'"))
    nb.cells.append(cell(stream("\x1b[32m" + "word_of_many_letters, " * 20 + "\x1b[0m\n")))
    assert not [w for w in export(nb).warnings if "lost" in w]


def test_words_that_are_not_in_the_documents_source():
    blocks = [ast.div([], classes=["cell-place"], place="cell 3"), ast.para(ast.words("Here is something_broken off"))]
    assert list(lost.unwritten(blocks, 'Here is "something_\u200bbroken" \\\noff')) == []
    assert list(lost.unwritten(blocks, "Here is off")) == [("cell 3", ["something_broken"])]

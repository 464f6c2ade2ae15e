"""Words that would be lost are warned about, with their cell; nothing else is."""

from __future__ import annotations

import logging
from html import escape

import pytest
from exports import export
from traits import FRAME, book, cell, md, shown, stream

from nbtypst import TypstExporter, ast, html_tree, lost, pandoc
from nbtypst.jupyter import Jupyter


@pytest.mark.parametrize(
    "made",
    [
        md("Before <canvas>Pressed here</canvas> after."),
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
    assert list(lost.unwritten(blocks, '// nbtypst: cell 3\nHere is "something_\u200bbroken" \\\noff')) == []
    missing = [("cell 3", ["something_broken"])]
    assert list(lost.unwritten(blocks, "something_broken\n// nbtypst: cell 3\nHere is off")) == missing


# Each has words whose letters, signs over letters or joiners are written in a way of their own.
SCRIPTS = {
    "arabic": "اللغة العربية جميلة، وَهَذِهِ كَلِمَاتٌ مُشَكَّلَةٌ.",
    "persian": "می\u200cخواهم کتاب\u200cها را بخوانم",
    "hebrew": "בְּרֵאשִׁית בָּרָא אֱלֹהִים את השמים",
    "chinese": "今天天气很好。我们去公园散步，然后吃饭。",
    "japanese": "日本語のテキスト、カタカナとひらがな。",
    "korean": "한국어 문장입니다.",
    "thai": "ภาษาไทยเป็นภาษาที่สวยงามมาก ที่นี่ก็ดี",
    "hindi": "हिन्दी में एक वाक्य है",
    "ligatures": "eﬃcient ﬁnal oﬀice ﬂow ﬄ",
    "soft hyphens": "hyphen\u00adation Donau\u00addampf\u00adschiff",
    "combining marks": "cafe\u0301 nai\u0308ve x\u0302 Ve\u0323\u0302t",
    "emoji": "party 🎉 family 👨\u200d👩\u200d👧 flag 🇫🇷 thumbs 👍🏽 heart ❤\ufe0f word",
    "cases": "Straße İstanbul ǆ ŉ ½ x² №5 ™ ㎏ ａｂｃ Ⅷ",
    "blanks": "a\u00a0b 10\u202f000 thin\u2009space zero\u200bwidth bom\ufeffx",
    "typst": r"snake_case \_b $5 and $6 @at #x ~tilde http://ex.org/a_b-c?d=e {brace} \\back -- ...",
    "quotes": "it's “quoted” 'single' it’s rock'n'roll – — …",
    "numbers": "1,234.5678 12345678901234567890 1e-10 -5 3.14159 7",
    "long": "pneumonoultramicroscopicsilicovolcanoconiosis" * 5,
}


def written(nb):
    """What the export as Typst's source warns of."""
    exporter = TypstExporter()
    exporter.log = logging.Logger("nbtypst-test")
    said: list[str] = []
    exporter.log.addHandler(handler := logging.Handler())
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    exporter.from_notebook_node(nb)
    return [message for message in said if "lost" in message]


def spanning(text):
    """A table with spans in both directions, and blocks below it."""
    said = escape(text)
    return (
        f"<table><thead><tr><th colspan=2>{said}</th><th rowspan=2>{said}</th></tr>"
        f"<tr><th>a</th><th>b</th></tr></thead><tbody>"
        f"<tr><td rowspan=2>{said}</td><td>{said}</td><td>x</td></tr><tr><td colspan=2>{said}</td></tr></tbody>"
        f"</table><p>{said}</p><pre>{said}</pre>"
    )


def prose(text):
    return (
        f"# {text}\n\n{text} **{text}** word[^1]\n\n- {text}\n\n| aa | bb |\n|---|---|\n| {text} | x |\n\n[^1]: {text}"
    )


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_no_script_is_called_lost(text):
    code = f's = """{text * 12}"""'
    printed = stream(f"{text} " * 12 + f"\n\x1b[32m{text * 4}\x1b[0m {text}\n")
    outputs = (printed, shown({"text/html": spanning(text)}), shown({"text/plain": text * 5}))
    assert written(book(md(prose(text)), cell(*outputs, source=code))) == []


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_whatever_is_not_read_is_told(text, monkeypatch):
    """Each word in turn is taken away from what the reader of HTML gives."""
    real, said = html_tree.blocks, []
    count = sum(1 for _ in letters(real(spanning(text))))
    for gone in range(count):
        monkeypatch.setattr(html_tree, "blocks", lambda *given, gone=gone: without(real(*given), gone))
        Jupyter([]).html(spanning(text), said.append)
    assert len(said) == count and all("lost" in message for message in said)


@pytest.mark.parametrize(
    "text", ["arabic", "hebrew", "chinese", "thai", "ligatures", "soft hyphens", "combining marks"]
)
@pytest.mark.parametrize("made", [prose, spanning])
def test_whatever_is_not_written_is_told(text, made, monkeypatch):
    """A word is taken away from what the writer is given."""
    real = pandoc.write
    shapes = {prose: lambda text: md(prose(text)), spanning: lambda text: cell(shown({"text/html": spanning(text)}))}
    nb = book(md("# Title"), shapes[made](SCRIPTS[text]))

    def write(document, to, *more):
        words = list(letters(document["blocks"]))
        return real({**document, "blocks": without(document["blocks"], len(words) - 1)}, to, *more)

    monkeypatch.setattr(pandoc, "write", write)
    assert [m for m in written(nb) if "cell 2" in m]


def letters(tree):
    return (n for n in ast.nodes(tree) if n["t"] == "Str" and lost.words(n["c"]))


def without(tree, number):
    list(letters(tree))[number]["c"] = ""
    return tree

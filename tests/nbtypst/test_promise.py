"""Nothing odd stops a document or costs it its standards: a note, its text, and a warning that names the cell."""

from __future__ import annotations

import base64
import io
import re

import page
import pytest
from boxes import outside, overlaps, words
from exports import export
from PIL import Image
from traits import FRAME, book, cell, md, png, shown, stream

from nbtypst import charts
from nbtypst.application import ExportError
from nbtypst.html_styles import classes

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{}</svg>'


def bomb(levels: int, each: int) -> str:
    """A drawing of few words and very many nodes."""
    groups = '<g id="k0"><rect width="2" height="2"/></g>'
    for i in range(1, levels):
        groups += f'<g id="k{i}">' + f'<use href="#k{i - 1}"/>' * each + "</g>"
    return SVG.format(f'<defs>{groups}</defs><use href="#k{levels - 1}"/>')


def cmyk() -> str:
    out = io.BytesIO()
    Image.new("CMYK", (20, 20), (20, 40, 60, 10)).save(out, "JPEG")
    return base64.b64encode(out.getvalue()).decode()


def odd(*cells, warned: str | None = "cell 2", **settings):
    """A notebook with something odd between two paragraphs; standards kept, both there, and a warning of the cell."""
    made = export(book(md("Everything before it."), *cells, md("Everything after it.")), **settings)
    assert "Everything before it." in made.text and "Everything after it." in made.text
    assert page.is_pdf_compliant_bytes(made.content, profile=page.ValidationProfile.PDF_UA_1)
    failed = str(page.validate_pdf_bytes(made.content, profile=page.ValidationProfile.PDF_A_2A))
    assert set(re.findall(r"\[(PDFA[\w-]+)\]", failed)) <= {"PDFA2A-STREAM-LENGTH-001"}, failed
    if warned:
        assert [w for w in made.warnings if warned in w], made.warnings
    return made


@pytest.mark.parametrize("drawing", [bomb(8, 10), bomb(20, 2), SVG.format('<image href="#x" width="x"/>' * 2)[:-6]])
def test_a_drawing_that_cannot_be_set_leaves_its_text(drawing):
    made = odd(cell(shown({"image/svg+xml": drawing, "text/plain": "the drawing's text"})))
    assert "the drawing's text" in made.text


def test_a_refused_drawing_gives_way_to_the_picture_beside_it():
    made = odd(cell(shown({"image/svg+xml": bomb(8, 10), "image/png": png(), "text/plain": "words"}), alt="Grey."))
    assert "words" not in made.text
    with made.open() as pdf:
        assert [o for o in pdf.objects if getattr(o, "get", None) and str(o.get("/Subtype", "")) == "/Image"]


def test_one_refused_picture_leaves_the_others():
    made = odd(
        cell(shown({"image/svg+xml": bomb(8, 10), "text/plain": "lost one"})),
        cell(shown({"image/svg+xml": SVG.format("<circle r='9'/>"), "text/plain": "kept"}), alt="A disc."),
    )
    assert "lost one" in made.text and "kept" not in made.text


def test_a_picture_in_printers_colours_is_shown():
    made = odd(cell(shown({"image/jpeg": cmyk(), "text/plain": "words"}), alt="Brown."), warned=None)
    assert "words" not in made.text


@pytest.mark.parametrize("heading", ["##", "## <!-- nothing -->", "## \u200b", "##   \n\n###"])
def test_a_heading_without_words(heading):
    odd(md(f"# Report\n\n{heading}\n\nText."), warned=None)


def test_an_empty_heading_is_warned_about():
    odd(md("# Report\n\n##\n\nText."))


@pytest.mark.parametrize("heading", ["# 河川", "# Κ 漢字 and words", "# عنوان 🎉"])
def test_a_heading_without_a_glyph(heading):
    made = odd(md(f"{heading}\n\nText. [A link](#{heading[2:].replace(' ', '-')})"))
    assert "□" in made.text


def test_two_headings_without_glyphs_keep_their_own_places():
    odd(md("# 河川\n\n# 山川\n\n## 河\n\n## 河"))


def test_a_title_without_a_glyph_is_still_the_documents_name():
    made = export(book(md("Text."), title="河川"))
    with made.open() as pdf:
        assert "河川" in str(pdf.open_metadata().get("dc:title"))


@pytest.mark.parametrize("text", ["x\u20d7 and v\u20d7", "b\u20e4", "e\u200d\u20e3"])
def test_a_sign_over_a_letter(text):
    made = odd(md(f"# {text}\n\n{text}"), cell(stream(text), source=f"# {text}"))
    assert "□" in made.text


def test_text_without_a_glyph_in_a_drawing():
    drawing = SVG.format('<text x="3" y="20">河 abc</text>')
    odd(cell(shown({"image/svg+xml": drawing, "text/plain": "x"}), alt="Words."), warned="U+6CB3")


def test_a_formula_that_typst_refuses_names_its_cell():
    made = odd(md("$x$"), md("so $\\mathrel{\\overset{a}{$ and"), warned=None)
    assert "and" in made.text


def test_standards_that_cannot_be_kept_are_an_error(tmp_path):
    template = tmp_path / "no-language.typ"
    template.write_text(
        "#let nb-style = (serif: (), sans: (), mono: (), small: 8pt, caption: 9pt, code: 8pt, ink: black, muted: black,"
        " rule: black, panel: white, accent: black, link: black, warning: black)\n// nbtypst: base\n"
        "#let nb-opening(meta) = none\n#let nb-document(meta, body) = { image(bytes(\"<svg xmlns='http://www.w3.org/2000/svg'"
        " width='9' height='9'/>\")); body }\n"
    )
    with pytest.raises(ExportError, match="PDF/UA-1"):
        export(book(md("Text.")), template_file=str(template))
    assert export(book(md("Text.")), template_file=str(template), pdf_standards=[]).content.startswith(b"%PDF")


VEGA = {"title": "Harvest", "mark": "bar", "data": {"values": [{"x": 1, "y": 2}]}, "encoding": {}}
PLOTLY = {"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": {"title": {"text": "Rain"}}}


@pytest.mark.parametrize(
    ("mime", "value", "name"),
    [
        ("application/vnd.vegalite.v5+json", VEGA, "“Harvest” (Vega-Lite, bar)"),
        ("application/vnd.vegalite.v4+json", {"layer": [{"mark": {"type": "line"}}, {"mark": "point"}]}, "line, point"),
        ("application/vnd.plotly.v1+json", PLOTLY, "“Rain” (Plotly, bar)"),
        ("application/vnd.bokehjs_exec.v0+json", "", "Bokeh"),
        ("application/vnd.vegalite.v5+json", "no mapping", "Vega-Lite"),
    ],
)
def test_a_chart_that_needs_scripts_is_named(mime, value, name, monkeypatch):
    monkeypatch.setattr(charts, "installed", lambda _: False)
    made = odd(cell(shown({mime: value, "text/plain": "alt.Chart(...)"})))
    assert name in made.text and "alt.Chart" not in made.text


def test_a_chart_is_drawn_where_a_renderer_is(monkeypatch):
    drawing = SVG.format("<text x='1' y='9'>drawn</text>")
    monkeypatch.setattr(charts, "drawn", lambda *_: drawing)
    made = odd(cell(shown({"application/vnd.vegalite.v5+json": VEGA, "text/plain": "x"})), warned=None)
    assert "drawn" in made.text and "live notebook" not in made.text


def test_a_charts_picture_stands_for_it():
    made = odd(cell(shown({"application/vnd.plotly.v1+json": PLOTLY, "image/png": png()}), alt="Rain."), warned=None)
    assert "live notebook" not in made.text


@pytest.mark.parametrize(
    "html", ["<div id='a'></div><script>draw()</script>", "<video src='a.mp4'></video>", "<canvas/>"]
)
def test_html_that_needs_a_browser_is_noted(html):
    made = odd(cell(shown({"text/html": html, "text/plain": "<IPython.core.display.HTML object>"})))
    assert "needs a browser" in made.text


def test_a_recording_is_noted_and_not_printed():
    sound = "QUJD" * 20_000
    html = f'<audio controls><source src="data:audio/wav;base64,{sound}" type="audio/wav" /></audio>'
    made = odd(cell(shown({"text/html": html, "text/plain": "<IPython.lib.display.Audio object>"})))
    assert "needs a browser" in made.text and "QUJDQUJD" not in made.text.replace(" ", "")


def test_a_drawing_inside_html_is_shown():
    html = (
        "<p>Before</p><svg width='20' height='20'><title>A disc</title><circle r='9' cx='9' cy='9'/></svg><p>Behind</p>"
    )
    made = odd(cell(shown({"text/html": html, "text/plain": "x"})), warned=None)
    assert "Before" in made.text and "Behind" in made.text and "not shown" not in made.text


def test_colours_of_cells():
    assert classes("background-color: #FFF; color: #eee") == ["nb-fill-ffffff", "nb-ink-000000"]
    assert classes("background: linear-gradient(90deg, transparent 20%, red 20%, red 60%, transparent 60%)") == [
        "nb-bar-ff0000-20-60"
    ]
    assert classes("background-color: #9370b4") == ["nb-fill-9370b4", "nb-ink-000000"]  # white on it is under 4.5 to 1
    assert classes("width: 10em; background-image: url(x)") == []


def test_an_emoji_in_two_parts_in_a_drawing():
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><text x="1" y="20">{} text</text></svg>'
    for emoji in ("\u2714\ufe0f\U0001f3f4", "\U0001f3f3\ufe0f\u200d\U0001f308"):
        made = export(book(md(f"Seen {emoji}."), cell(shown({"image/svg+xml": drawing.format(emoji)}, alt="x"))))
        assert "text" in made.text and not [w for w in made.warnings if "no font" not in w]


def test_a_drawing_in_an_address_of_an_output_is_a_picture():
    drawing = "data:image/svg+xml;utf8,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect/></svg>"
    made = export(book(cell(shown({"text/html": f'<p>one <img src="{drawing}" alt="Ring"> two</p>'}))))
    assert "one two" in made.text and not made.warnings


def test_a_drawing_says_what_a_browser_shows_of_it():
    html = '<div xmlns="http://www.w3.org/1999/xhtml">Two words<br/>and more</div>'
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="90"><switch><foreignObject width="9" height="9">'
        f'{html}</foreignObject><text x="40" y="40">[Not supported by viewer]</text></switch><switch>'
        '<g requiredFeatures="x#Extensibility"/><text x="9" y="80">Viewer does not support SVG</text></switch></svg>'
    )
    made = export(book(cell(shown({"image/svg+xml": drawing}, alt="x"))))
    assert "Two words and more" in made.text and "upport" not in made.text


@pytest.mark.parametrize("field", ["title", "subtitle", "authors", "description", "keywords"])
def test_metadata_longer_than_a_pdf_takes_are_cut_and_warned_about(field):
    long = "word " * 8000
    made = export(book(md("Text."), **{field: long if field in ("title", "subtitle", "description") else [long]}))
    assert "Text." in made.text and [w for w in made.warnings if field in w]


def test_a_heading_longer_than_a_pdf_takes_is_text():
    made = export(book(md("# " + "word " * 8000), md("## Next\n\nText.")))
    assert "Next Text." in made.text and [w for w in made.warnings if "cell 1" in w and "heading" in w]


@pytest.mark.parametrize(
    "odd",
    [
        {"title": 5}, {"title": ["a", "b"]}, {"authors": "A. One"}, {"authors": {"name": "A. One"}}, {"kernelspec": {}},
        {"kernelspec": 3}, {"language_info": {}}, {"language": ["R"]}, {"language_info": [], "title": None},
    ],
)  # fmt: skip
def test_odd_metadata_stop_nothing(odd):
    nb = book(md("Text."))
    nb.metadata.update(odd)
    assert "Text." in export(nb).text


def test_a_sentence_without_blanks_and_without_glyphs_stays_inside_the_margins():
    found = words(
        export(
            book(md("一个没有空格的句子" * 30), md("| a | b |\n|---|---|\n| 一_个 | DISPLAY_LAST_COMMA_FIRST |"))
        ).content
    )
    assert not outside(found) and "".join(w.text for w in found).count("□") == 9 * 30 + 2


@pytest.mark.parametrize("data", [{"image/png": png()}, {"text/html": FRAME}])
def test_a_caption_longer_than_a_page_breaks_over_pages(data):
    found = words(export(book(cell(shown(data), source=f"#| fig-cap: {'word ' * 1500}\nx", alt="A box"))).content)
    assert len([w for w in found if w.text == "word"]) == 1500
    assert not overlaps(found) and max(w.bottom for w in found if w.text == "word") < found[0].height - 60


def test_code_among_words_gets_no_hyphens():
    text = " ".join(f"{'word ' * (i % 9)} `ExponentialSmoothing.simulations`" for i in range(40))
    found = words(export(book(md(text))).content)
    assert not [w for w in found if w.text.endswith(("-", "\u00ad", "\u2010"))]

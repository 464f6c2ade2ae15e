"""Arabic and Hebrew: paragraphs, headings and lists run from the right, names in an English sentence do not turn it."""

import sys
import unicodedata
from datetime import date

import pytest
from boxes import MARGIN, the, words
from exports import FONTS, export
from traits import book, md, png

from nbtypst import ast
from nbtypst.clean import _LEFTWARDS, Cleaner
from nbtypst.fragments import as_inlines
from nbtypst.tree import read_notebooks
from nbtypst.typst_compile import pdf
from nbtypst.typst_writer import typst_source


def test_every_letter_that_runs_from_the_right_is_among_those_that_are_looked_for():
    signs = map(chr, range(sys.maxunicode + 1))
    assert [c for c in signs if unicodedata.bidirectional(c) in ("R", "AL") and not _LEFTWARDS.match(c)] == []


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("هجمات صاروخية cannot be set against earlier ones.", False),
        ("هجمات صاروخية were recorded in three districts: صلاح الدين 6, المثنى 4 and ذي قار 4.", False),
        ("السجل يعتمد على الصحافة المحلية.", True),
        ("السجل يعتمد على الصحافة المحلية ووكالة AFP وحدها.", True),
        ("12 May", False),
    ],
)
def test_names_do_not_turn_a_sentence(text, turned):
    node = Cleaner().clean([ast.para(ast.words(text))])
    assert (node[0]["t"] == "Div") == turned


def test_a_cell_from_right_to_left_keeps_its_marks():
    mark = ast.span([ast.string("كالآن")], classes=["dot", "dot-same"])
    blocks = Cleaner().clean([ast.para([mark])])
    assert blocks[0]["t"] == "Div" and as_inlines(blocks) == [mark]


@pytest.mark.parametrize(
    ("heading", "said"),
    [
        ('# <p style="direction: rtl">ירושה</p>', "ירושה"),
        ('## <div align="center">A <b>b</b></div> tail', "A b tail"),
        ("<h2><p>one</p><p>two</p></h2>", "one two"),
    ],
)
def test_a_paragraph_in_a_heading_is_the_headings_text(heading, said):
    assert [ast.text_of(n["c"][2]) for n in read_notebooks([("book", book(md(heading)))]).blocks] == [said]


@pytest.mark.parametrize(
    "source", ["# ירושה", "- בשבוע\n- שעבר", "<p>קצר</p>", '<ul style="direction: rtl"><li>x</li></ul>']
)
def test_what_is_written_from_the_right_stands_at_the_right(source):
    found = [w for w in words(export(book(md(source))).content) if w.text != "1" or w.bottom < 700]
    assert found and max(w.right for w in found) > found[0].width - MARGIN - 40


def test_a_figures_description_does_not_turn_its_picture():
    figure = (
        f'<figure><img src="data:image/png;base64,{png()}" alt="חץ בין תיבות"><figcaption>Cap</figcaption></figure>'
    )
    made = export(book(md("# A"), md("## B"), md(figure)))
    assert not made.warnings and "Cap" in made.text
    with made.open() as pdf:
        assert len(pdf.pages[0].get_images()) == 1


def test_divisions_say_their_direction_and_language():
    [text] = read_notebooks([("book", book(md('<div dir="rtl" lang="fa">abc</div>')))]).blocks
    assert dict(text["c"][0][2]) == {"dir": "rtl", "lang": "fa"}


def test_a_figure_without_its_picture_says_what_it_shows():
    made = export(
        book(md('<figure><img src="none.png" alt="חץ בין תיבות"><figcaption>כותרת <i>אחת</i></figcaption></figure>'))
    )
    assert len(made.warnings) == 1 and "image not kept" in made.warnings[0]
    said = made.text + made.text[::-1]
    assert "תיבות" in said and "כותרת" in said


@pytest.mark.parametrize("lang", ["he", "en"])
def test_numbers_of_equations_stand_where_lines_end(lang):
    """At the left in what is read from the right."""
    formulas = (
        "\\begin{equation} E \\end{equation}\n\n$$ a \\tag{Z} $$\n\n\\begin{align} x &= y \\\\ y &= z \\end{align}"
    )
    found = [w for w in words(export(book(md(formulas), lang=lang)).content) if ")" in w.text]
    assert len(found) == 4
    for word in found:
        end = word.left if lang == "he" else word.width - word.right
        assert MARGIN - 1 < end < MARGIN + 10


CAPTIONS = [  # text, and its first and last words
    ("כותרת אחת of the chart שתיים", "כותרת", "שתיים"),
    ("A chart of שלום עולם and אחד here", "A", "here"),
    ("هجمات صاروخية were recorded in three districts", "هجمات", "districts"),
    ("שלום A עולם ערב", "שלום", "ערב"),
    ("One שלום and two", "One", "two"),
]


@pytest.mark.parametrize("lang", ["he", "en"])
@pytest.mark.parametrize("kind", ["figure", "table"])
@pytest.mark.parametrize(("text", "first", "last"), CAPTIONS)
def test_a_caption_runs_as_its_first_letter_does(lang, kind, text, first, last):
    """In a document of either direction; a name in front turns no sentence."""
    picture = f'<figure><img src="data:image/png;base64,{png()}" alt="x"><figcaption>{text}</figcaption></figure>'
    source = picture if kind == "figure" else f"| a | b |\n|---|---|\n| 1 | 2 |\n\n: {text}"
    found = words(export(book(md(source), lang=lang)).content)
    a, b = (next(w for w in found if w.text in (word, word[::-1])) for word in (first, last))
    runs_left = b.left < a.left
    assert runs_left == (text[0] > "z" and not text.endswith("districts"))


def test_a_formula_does_not_turn_a_sentence():
    found = words(export(book(md("הסכום $a + \\beta + \\mathrm{count}$ הוא $\\frac{first}{second}$."))).content)
    assert max(w.right for w in found) > found[0].width - MARGIN - 40


def test_columns_that_run_from_the_right_do_not_touch():
    for lang in ("ar", "he", "en"):
        found = words(export(book(md("| aa | bb |\n|---|---|\n| 11 | 22 |\n| 33 | 44 |"), lang=lang)).content)
        one, two = sorted((w for w in found if w.text in ("33", "44")), key=lambda w: w.left)
        assert two.left - one.right > 5 and (one.text == "44") == (lang != "en")


def test_a_passage_from_the_left_in_an_arabic_document_begins_at_the_left_and_ends_at_the_right():
    way = {"lang": "en", "dir": "ltr"}
    heading = {"t": "Header", "c": [1, ast.attr("a", **way), [ast.span(ast.words("Happened ?"), **way)]]}
    passage = ast.div([ast.para(ast.words("Knights counts 27 !"))], **way)
    source = typst_source([heading, passage], {"title": "T", "lang": "ar", "date": date(2020, 9, 30)})
    found = words(pdf(source, {}, font_paths=[FONTS]))
    assert the(found, "Knights").left < MARGIN + 1
    assert the(found, "!").left > the(found, "27").right > the(found, "counts").right
    assert the(found, "?").left > the(found, "Happened").right


def test_contents_of_an_arabic_document_have_pages_at_the_left_of_english_titles():
    way = {"lang": "en", "dir": "ltr"}
    heading = {"t": "Header", "c": [1, ast.attr("a", **way), [ast.span(ast.words("Happened"), **way)]]}
    meta = {"title": "T", "lang": "ar", "date": date(2020, 9, 30)}
    found = words(pdf(typst_source([heading], meta, contents=True), {}, font_paths=[FONTS]))
    listed = next(w for w in found if w.text.startswith("Happened"))
    number = next(w for w in found if w.text == "1" and abs(w.top - listed.top) < 1)
    assert number.right < listed.left

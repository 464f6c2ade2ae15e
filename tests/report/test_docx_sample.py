"""The Word file of a small tree, unzipped."""

from __future__ import annotations

import io
import re
import struct
import time
import zipfile
from datetime import date
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sample
from fontTools.ttLib import TTFont

from incident_report.colours import contrast
from incident_report.data.model import House
from incident_report.errors import BuildError
from incident_report.paths import FONTS, TEMPLATES
from incident_report.present.theme import WIDTH
from incident_report.publish import reference_docx
from incident_report.publish.docx import TONES, write_docx
from incident_report.publish.docx_front import parted, signed
from incident_report.publish.docx_tables import TEXT_WIDTH, fitted, on_pages
from incident_report.publish.rasters import png
from nbtypst import ast
from nbtypst.ast import div, para, span, string, table, text_of
from nbtypst.ast import words as said

META = {**sample.META, "date": date(2020, 9, 30)}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("docx") / "report.docx"
    write_docx(sample.document(), path, meta=META, resources=sample.pictures())
    return path


@pytest.fixture(scope="module")
def xml(file: Path) -> str:
    return zipfile.ZipFile(file).read("word/document.xml").decode()


def words(xml: str) -> str:
    return "".join(re.findall(r"<w:t\b[^>]*>([^<]*)</w:t>", xml))


def test_every_part_is_xml(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))


def test_picture_keeps_its_description(file: Path, xml: str) -> None:
    shown = re.findall(r"<wp:docPr\b[^>]*>", xml)
    assert len(shown) == xml.count("<pic:pic") == 1
    assert re.findall(r'descr="([^"]*)"', xml) == [escape(sample.ALT)] * 2  # of the drawing, and of the picture in it
    with zipfile.ZipFile(file) as archive:
        (name,) = [n for n in archive.namelist() if n.startswith("word/media/")]
        shown = archive.read(name)
    assert shown == png(sample.pictures()["figures/fig-one.svg"])
    width, height = struct.unpack(">II", shown[16:24])
    assert (width, height) == (round(200 * WIDTH), round(200 * 2.6))


def test_every_picture_has_its_own_description(tmp_path: Path) -> None:
    pictures = [para([ast.image(alt, "figures/fig-one.svg")]) for alt in ("One & all", "", "Two")]
    path = tmp_path / "three.docx"
    write_docx({**sample.document(), "blocks": pictures}, path, meta=META, resources=sample.pictures())
    told = re.findall(r'descr="([^"]*)"', zipfile.ZipFile(path).read("word/document.xml").decode())
    assert told == ["One &amp; all"] * 2 + [""] * 2 + ["Two"] * 2


def test_numbers_captions_tables_and_references(xml: str) -> None:
    said = words(xml)
    for expected in (
        "2.1 How often",
        "Figure\xa01. Convoy attacks",
        "Table\xa01. Counts",
        "Source: data",
        "Knights, M. 2020",
    ):
        assert expected in said, expected
    assert xml.count("<w:tbl>") == 2
    assert xml.count("<w:tblHeader") == 2
    assert "quarterly_figure" not in said  # code stays out


def test_links_lead_somewhere(xml: str) -> None:
    anchors = set(re.findall(r'w:anchor="([^"]*)"', xml))
    marks = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]*)"', xml)
    assert anchors <= set(marks)
    assert {"fig-one", "tab-one", "txt-o"} <= set(marks)


def test_numbers_of_captions_and_references_are_fields(xml: str) -> None:
    counted = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="(_Ref\d+)"\s*/>(.*?)<w:bookmarkEnd', xml, re.DOTALL)
    assert [(re.findall(r"SEQ \w+", text), words(text)) for _, text in counted] == [
        (["SEQ Figure"], "Figure\xa01"),
        (["SEQ Table"], "Table\xa01"),
        (["SEQ Table"], "Table\xa02"),
    ]
    referred = re.findall(r" REF (\w+) .*?separate.*?<w:t [^>]*>([^<]*)", xml, re.DOTALL)
    named = {mark: words(text) for mark, text in counted}
    assert [(named[mark], said) for mark, said in referred] == [("Figure\xa01", "Figure 1"), ("Table\xa01", "Table 1")]


def test_ids_of_paragraphs_outlive_what_is_added_elsewhere(xml: str, tmp_path: Path) -> None:
    def ids(xml: str) -> dict[str, str]:
        found = re.findall(r'<w:p w14:paraId="(\w+)">(.*?)</w:p>', xml, re.DOTALL)
        assert len({id for id, _ in found}) == len(found) > 20
        assert all(0 < int(id, 16) < 0x80000000 for id, _ in found)
        return {words(text): id for id, text in found if len(words(text)) > 30}

    longer = sample.document()
    longer["blocks"].insert(
        1, {"t": "Para", "c": [{"t": "Str", "c": "A paragraph that was not there before, on page one."}]}
    )
    write_docx(longer, tmp_path / "x.docx", meta=META, resources=sample.pictures())
    again = ids(zipfile.ZipFile(tmp_path / "x.docx").read("word/document.xml").decode())
    before = ids(xml)
    assert {text: id for text, id in again.items() if text in before} == before


def test_every_page_says_that_it_is_not_released_and_not_for_everybody(tmp_path: Path) -> None:
    write_docx(
        sample.document(), tmp_path / "x.docx", meta={**META, "state": "S", "mark": "M"}, resources=sample.pictures()
    )
    with zipfile.ZipFile(tmp_path / "x.docx") as parts:
        assert "S. M" in parts.read("word/header1.xml").decode()
        sections = re.findall("(?s)<w:sectPr.*?</w:sectPr>", parts.read("word/document.xml").decode())
    assert sections and all(one.count("<w:headerReference") == 1 and "w:titlePg" not in one for one in sections)


def test_the_fonts_are_in_the_file(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        table = archive.read("word/fontTable.xml").decode()
        targets = dict(
            re.findall(r'Id="(\w+)"[^>]*Target="([^"]*)"', archive.read("word/_rels/fontTable.xml.rels").decode())
        )
        for relation, key in re.findall(r'<w:embed\w+ r:id="(\w+)" w:fontKey="\{([^}]*)\}"', table):
            code = bytes.fromhex(key.replace("-", ""))[::-1]
            data = archive.read(f"word/{targets[relation]}")
            assert bytes(byte ^ code[at % 16] for at, byte in enumerate(data[:4])) == b"\0\1\0\0"
    assert len(targets) == 7


def test_no_style_names_a_font_that_is_not_in_the_file(tmp_path: Path) -> None:
    coded = ast.document([ast.para([ast.code("provenance.json")])])
    write_docx(coded, tmp_path / "x.docx", meta=META, resources={})
    with zipfile.ZipFile(tmp_path / "x.docx") as archive:
        named = set(re.findall(r'w:(?:ascii|hAnsi)="([^"]*)"', archive.read("word/styles.xml").decode()))
        table = archive.read("word/fontTable.xml").decode()
    embedded = {name for name, rest in re.findall(r'<w:font w:name="([^"]*)">(.*?)</w:font>', table) if "embed" in rest}
    assert named == embedded


def test_no_column_is_narrower_than_its_longest_word() -> None:
    texts = [
        ["Supported", "no"],
        ["x" * 24],
        ["a few plain words that may be broken over several lines"] * 3,
        ["medium"],
    ]
    style, shares = fitted(texts, [0.0, 0.0, 0.9, 0.05], small=False)
    assert style == "Record Cell"
    assert sum(shares) == pytest.approx(1)
    for cells, share in zip(texts, shares, strict=True):
        assert share * TEXT_WIDTH * 72 >= 8.5 * 0.55 * max(len(w) for c in cells for w in c.split())
    assert fitted([["w" * 12]] * 9, [0.0] * 9, small=False)[0] == "Record Cell Tiny"


def test_a_bold_head_of_wide_letters_is_not_broken() -> None:
    heads = ["Series", "Documented", "Counted", "medium", "K/W"]
    texts = [[h, "1"] for h in heads] + [["a sentence of many words that takes what is left of the line " * 3]]
    style, shares = fitted(texts, [0.0] * 5 + [0.9], small=True)
    points = {"Record Cell Small": 7.5, "Record Cell Tiny": 6.5}[style]
    for head, share in zip(heads, shares, strict=False):
        assert share * TEXT_WIDTH * 72 - 6 >= points * bold(head), head  # 40 and 80 twips stand beside the text


def bold(text: str) -> float:
    """Width in ems, by the font's own table."""
    with TTFont(FONTS / "NotoSans-Bold.ttf") as font:
        code = font.getBestCmap()
        return sum(font["hmtx"][code[ord(c)]][0] for c in text) / font["head"].unitsPerEm


def test_a_groups_name_stands_across_the_table_and_every_paragraph_has_an_id(tmp_path: Path) -> None:
    cells = [["Protect", "", ""], ["Close", "yes", ""], ["Leave", "no", "yes"]]
    rows = [[said(c) for c in row] for row in cells]
    grouped = table([said(h) for h in "ABC"], rows, ["left"] * 3, [None] * 3, [], ["record"])
    tree = {**sample.document(), "blocks": [div([grouped], "tab-g", ["record", "table-record"])]}
    write_docx(tree, tmp_path / "x.docx", meta=META, resources={})
    xml = zipfile.ZipFile(tmp_path / "x.docx").read("word/document.xml").decode()
    spanning = [c for c in re.findall(r"<w:tc>.*?</w:tc>", xml, re.DOTALL) if '<w:gridSpan w:val="3"' in c]
    assert [words(c) for c in spanning] == ["Protect"]
    assert "<w:b />" in spanning[0]
    assert not re.findall(r"<w:p ?/?>", xml)


def test_the_front_reads_without_its_looks(tmp_path: Path) -> None:
    def item(**parts: str) -> dict[str, Any]:
        spans = [span(said(text), classes=[name]) for name, text in parts.items()]
        return div([para([n for s in spans for n in ({"t": "Space"}, s)][1:])], classes=["item"])

    front = div(
        [
            div([para(said("Iraq, summer"))], classes=["prose", "strap"]),
            {"t": "Header", "c": [1, ["sec-front", ["unnumbered"], []], said("The headline")]},
            div([item(value="27", label="attacks", note="11 before")], "lst-n", ["list-record", "numbers"]),
            div([item(day="6 Jul", what="Shots.")], "lst-t", ["list-record", "timeline"]),
            div([para(said("How sure")), para(said("Quite."))], "txt-h", ["prose", "inference", "headed"]),
            div([para([span(said("open"), classes=["dot", "dot-half"]), *said(" Bare.")])], "txt-i", ["prose"]),
            div([para([span(said("up"), classes=["dot", "dot-up", "said"]), *said(", level")])], "txt-k", ["prose"]),
            div([para([string("Last.")])], "txt-l", ["prose", "inference"]),
        ],
        classes=["front-page"],
    )
    write_docx({**sample.document(), "blocks": [front]}, tmp_path / "x.docx", meta=META, resources={})
    xml = zipfile.ZipFile(tmp_path / "x.docx").read("word/document.xml").decode()
    lines = [words(p) for p in re.findall(r"<w:p [^>]*>.*?</w:p>", xml, re.DOTALL)]
    assert lines.count("The headline") == 2  # in the contents too
    assert lines[lines.index("Iraq, summer") - 1 : -1] == [
        "The headline",
        "Iraq, summer",
        *("27", "attacks", "11 before"),  # a cell's lines, the number above its label
        *("6 Jul", "Shots."),  # two cells of a row
        "How sure. Quite.",
        "◐\xa0open: Bare.",
        "▲\xa0up, level",
        "Inference. Last.",
    ]


def test_a_mark_alone_in_a_cell_is_its_sign_and_no_row_stands_alone_on_a_page(tmp_path: Path) -> None:
    marks = [span(said("none"), classes=["dot", "dot-full"]), span(said("odd"), classes=["dot", "dot-odd"])]
    assert [text_of(parted(para([signed(m)])) or para([signed(m)])) for m in marks] == ["●", "odd"]
    row = '<w:tr>{}<w:tc><w:p><w:pPr><w:pStyle w:val="X" /></w:pPr></w:p></w:tc></w:tr>'
    table = "<w:tbl>" + row.format("<w:trPr><w:tblHeader /></w:trPr>") + row.format("") * 4 + "</w:tbl>"
    made = on_pages(table.encode()).decode()
    assert ["keepNext" in r for r in made.split("</w:tr>")[:-1]] == [True, True, False, True, False]
    assert made.count("<w:cantSplit />") == 5


def test_the_contents_ask_word_for_pages(xml: str) -> None:
    entries = re.findall(r'<w:hyperlink w:anchor="([^"]*)">(?:(?!</w:p>).)*PAGEREF ([\w.-]+) \\h', xml, re.DOTALL)
    assert entries and all(anchor == page for anchor, page in entries)


def test_the_house_has_its_paper_and_colours(tmp_path: Path) -> None:
    meta = {**META, "house": House(paper="Letter", colours={"accent": "#123456"})}
    write_docx(sample.document(), tmp_path / "x.docx", meta=meta, resources=sample.pictures())
    with zipfile.ZipFile(tmp_path / "x.docx") as archive:
        assert 'w:w="12240"' in archive.read("word/document.xml").decode()
        styles = archive.read("word/styles.xml").decode()
    assert "123456" in styles
    assert "8C2D04" not in styles


def test_every_style_is_known(file: Path, xml: str) -> None:
    known = re.findall(r'w:styleId="([^"]*)"', zipfile.ZipFile(file).read("word/styles.xml").decode())
    assert set(re.findall(r'w:[prt]\w*Style w:val="([^"]*)"', xml)) <= set(known)


def test_same_bytes_at_another_time(tmp_path: Path, file: Path) -> None:
    time.sleep(2.1)  # a zip file's clock ticks every two seconds
    again = tmp_path / "elsewhere.docx"
    write_docx(sample.document(), again, meta=META, resources=sample.pictures())
    assert again.read_bytes() == file.read_bytes()
    assert b"2020-09-30T00:00:00Z" in zipfile.ZipFile(file).read("docProps/core.xml")


def test_a_picture_that_is_not_there_stops(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="PNG"):
        write_docx(sample.document(), tmp_path / "x.docx", meta=META, resources={})


def test_coloured_words_can_be_read_on_paper() -> None:
    assert min(contrast(f"#{colour}", "#ffffff") for _, colour in TONES.values()) >= 4.5


def test_reference_has_the_styles_of_its_generator() -> None:
    committed = zipfile.ZipFile(TEMPLATES / "reference.docx").read("word/styles.xml").decode()
    fresh = zipfile.ZipFile(io.BytesIO(reference_docx.build())).read("word/styles.xml").decode()
    names = re.compile(r'<w:name w:val="([^"]*)"')
    assert set(names.findall(fresh)) <= set(names.findall(committed))

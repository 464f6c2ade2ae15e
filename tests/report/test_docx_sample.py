"""The Word file of a small tree, unzipped."""

from __future__ import annotations

import io
import re
import time
import zipfile
from datetime import date
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import pytest
import sample

from incident_report.errors import BuildError
from incident_report.paths import TEMPLATES
from incident_report.publish import reference_docx
from incident_report.publish.docx import write_docx

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
    assert f'descr="{escape(sample.ALT)}"' in shown[0]
    with zipfile.ZipFile(file) as archive:
        (name,) = [n for n in archive.namelist() if n.startswith("word/media/")]
        assert archive.read(name) == sample.pictures()["figures/fig-one.png"]


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
    assert {"fig-one", "tab-one"} <= anchors
    assert anchors <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]*)"', xml))


def test_every_style_is_known(file: Path, xml: str) -> None:
    known = re.findall(r'w:styleId="([^"]*)"', zipfile.ZipFile(file).read("word/styles.xml").decode())
    assert set(re.findall(r'w:[prt]\w*Style w:val="([^"]*)"', xml)) <= set(known)


def test_same_bytes_at_another_time(tmp_path: Path, file: Path) -> None:
    time.sleep(2.1)  # a zip file's clock ticks every two seconds
    again = tmp_path / "elsewhere.docx"
    write_docx(sample.document(), again, meta=META, resources=sample.pictures())
    assert again.read_bytes() == file.read_bytes()
    assert b"2020-09-30T00:00:00Z" in zipfile.ZipFile(file).read("docProps/core.xml")


def test_picture_without_png_stops(tmp_path: Path) -> None:
    only = {k: v for k, v in sample.pictures().items() if k.endswith(".svg")}
    with pytest.raises(BuildError, match="PNG"):
        write_docx(sample.document(), tmp_path / "x.docx", meta=META, resources=only)


def test_reference_has_the_styles_of_its_generator() -> None:
    committed = zipfile.ZipFile(TEMPLATES / "reference.docx").read("word/styles.xml").decode()
    fresh = zipfile.ZipFile(io.BytesIO(reference_docx.build())).read("word/styles.xml").decode()
    names = re.compile(r'<w:name w:val="([^"]*)"')
    assert set(names.findall(fresh)) <= set(names.findall(committed))

"""The house style in PDF, page and Word file, with texts that try to be more than text."""

from __future__ import annotations

import base64
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import sample
import typst

from incident_report.data.model import House
from incident_report.publish.docx import write_docx
from incident_report.publish.html import write_html
from incident_report.publish.pdf import in_house, write_pdf
from incident_report.publish.rasters import png as png_of_chart
from nbtypst import ast

LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path fill="#123456" d="M0 0h40v20H0z"/></svg>'
ALT = 'A box") #panic("x'
HOUSE = House(logo="logo.svg", logo_alt=ALT, paper="Letter", colours={"accent": "#123456"})
META = {**sample.META, "date": date(2020, 9, 30), "house": HOUSE, "logo": LOGO}


_INCLUDED = re.compile(r'^#include "(.+)"$', re.MULTILINE)


def test_a_formula_that_typst_refuses_is_shown_as_its_source_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One odd formula in a chapter costs neither the report nor its standards."""
    real = typst.Compiler

    class Refusing:
        def __init__(self, path: Path, **given: Any) -> None:
            self._path, self._own = path, real(path, **given)

        def _refuse(self) -> None:
            main = self._path.read_text(encoding="utf-8")
            texts = [main, *((self._path.parent / name).read_text("utf-8") for name in _INCLUDED.findall(main))]
            if re.search(r"\$ ?ϰ ?\$", "".join(texts)):
                raise RuntimeError("refused")

        def compile(self, **settings: Any) -> Any:
            self._refuse()
            return self._own.compile(**settings)

        def eval(self, expression: str) -> Any:
            self._refuse()
            return self._own.eval(expression)

        def query(self, *asked: Any, **settings: Any) -> Any:
            return self._own.query(*asked, **settings)

    monkeypatch.setattr(typst, "Compiler", Refusing)
    document = sample.document()
    odd = ast.para([ast.string("Before"), {"t": "Math", "c": [{"t": "InlineMath"}, "\\varkappa"]}, ast.string("after")])
    at = next(i for i, block in enumerate(document["blocks"]) if block["t"] == "Para")
    document["blocks"].insert(at, odd)
    write_pdf(document, tmp_path / "r.pdf", meta=META, resources=sample.pictures())
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
    said = capsys.readouterr().err
    assert said.count("r.pdf:") == 1 and "varkappa" in said


def test_no_value_is_parsed_as_typst() -> None:
    source = in_house("#let house = (x: 1)\n#let a = house", HOUSE)
    assert source.splitlines()[1:] == ["#let a = house"]
    assert r'"A box\") #panic(\"x"' in source


def test_pdf_has_its_paper_and_is_accessible(tmp_path: Path) -> None:
    write_pdf(sample.document(), tmp_path / "r.pdf", meta=META, resources=sample.pictures())
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        assert [float(v) for v in pdf.pages[0].mediabox] == pytest.approx([0, 0, 612, 792])
        assert pdf.Root.MarkInfo.Marked


def test_page_has_its_logo_paper_and_colours(tmp_path: Path) -> None:
    write_html(sample.document(), tmp_path / "r.html", meta=META, resources=sample.pictures())
    text = (tmp_path / "r.html").read_text("utf-8")
    assert re.search(
        r'<img class="logo" src="data:image/svg\+xml;base64,[^"]*" alt="A box&#34;\) #panic\(&#34;x">', text
    )
    assert "--accent:#123456" in text
    assert "@page{size:Letter}" in text


def test_word_shows_an_svg_logo_as_a_picture(tmp_path: Path) -> None:
    for name in ("a.docx", "b.docx"):
        write_docx(sample.document(), tmp_path / name, meta=META, resources=sample.pictures())
    with zipfile.ZipFile(tmp_path / "a.docx") as file:
        assert 'descr="A box&quot;) #panic(&quot;x"' in file.read("word/document.xml").decode()
        media = [file.read(n) for n in file.namelist() if n.startswith("word/media/")]
    assert sum(m.startswith(b"\x89PNG") for m in media) == 2  # the chart's and the logo's
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()


def test_a_logo_that_is_alive_is_inert_on_the_page(tmp_path: Path) -> None:
    live = LOGO.replace(b"<path", b'<script>alert(1)</script><path onclick="alert(2)"')
    write_html(sample.document(), tmp_path / "r.html", meta={**META, "logo": live}, resources=sample.pictures())
    shown = re.search(
        r'class="logo" src="data:image/svg\+xml;base64,([^"]*)"', (tmp_path / "r.html").read_text("utf-8")
    )
    assert shown
    picture = base64.b64decode(shown[1])
    assert b"path" in picture
    assert b"alert" not in picture


def test_word_has_a_logo_that_it_can_show(tmp_path: Path) -> None:
    png = png_of_chart(sample.pictures()["figures/fig-one.svg"])
    meta = {**META, "house": House(logo="logo.png", logo_alt=ALT), "logo": png}
    write_docx(sample.document(), tmp_path / "r.docx", meta=meta, resources=sample.pictures())
    xml = zipfile.ZipFile(tmp_path / "r.docx").read("word/document.xml").decode()
    assert 'descr="A box&quot;) #panic(&quot;x"' in xml

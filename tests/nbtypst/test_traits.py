"""Every notebook becomes an accessible PDF that says what it should and nothing that it should not."""

from __future__ import annotations

import re

import page
import pikepdf
import pytest
from traits import TRAITS


@pytest.mark.parametrize("name", sorted(TRAITS))
def test_trait(name, exported, tmp_path):
    _, present, absent = TRAITS[name]
    made = exported(name)
    for text in present:
        assert text in made.text, made.text[:500]
    for text in absent:
        assert text not in made.text
    assert len(made.content) < 3_000_000
    with made.open() as pdf:
        assert len(pdf.pages) <= 40
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang)
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert "/Title" in pdf.docinfo or "Title" in str(pdf.open_metadata())
        figures, headers, tables = 0, 0, 0
        for node in structure(pdf):
            kind = str(node.get("/S", ""))
            if kind in ("/Figure", "/Formula"):
                assert str(node.get("/Alt", "")).strip(), f"{kind} without Alt"
                figures += 1
            headers += kind == "/TH"
            tables += kind == "/Table"
        if tables and "spans" not in name and name not in ("long_html", "latex_table"):
            assert headers
        for font in fonts(pdf):
            assert any(k in font for k in ("/FontFile", "/FontFile2", "/FontFile3"))
    assert not [w for w in made.warnings if w.startswith("written without")], made.warnings
    assert page.is_pdf_compliant_bytes(made.content, profile=page.ValidationProfile.PDF_UA_1)
    # The checker cuts a line end off compressed streams and then finds their length wrong (0.11.0).
    failed = str(page.validate_pdf_bytes(made.content, profile=page.ValidationProfile.PDF_A_2A))
    assert set(re.findall(r"\[(PDFA[\w-]+)\]", failed)) <= {"PDFA2A-STREAM-LENGTH-001"}, failed


def structure(pdf):
    stack, seen = [pdf.Root.StructTreeRoot], set()
    while stack:
        node = stack.pop()
        if isinstance(node, pikepdf.Array):
            stack.extend(node)
        elif isinstance(node, pikepdf.Dictionary):
            if node.objgen != (0, 0):
                if node.objgen in seen:
                    continue
                seen.add(node.objgen)
            yield node
            if "/K" in node:
                stack.append(node.K)


def fonts(pdf):
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) == "/FontDescriptor":
            yield thing


def test_enough_traits():
    assert len(TRAITS) >= 25

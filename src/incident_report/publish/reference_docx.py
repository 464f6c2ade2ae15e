"""Write templates/reference.docx, the Word look of the report: ``python -m incident_report.publish.reference_docx``.

An editor may also open that file in Word and change its styles; this script is how it began.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

from incident_report.paths import TEMPLATES
from incident_report.publish.docx import ACCENT, LINK, TONES, normalised
from nbtypst import pandoc

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
INK, MUTED, BOX = "1F2933", "52606D", "F7F4EF"
SERIF, SANS, MONO = "Noto Serif", "Noto Sans", "DejaVu Sans Mono"
# Faces that Word puts in place of ours where they are not installed.
ALTERNATIVES = {SERIF: "Cambria", SANS: "Calibri", MONO: "Consolas"}

# name: (font, points, colour, bold, space before, space after, line, further paragraph properties)
_PAGE_AT_EDGE = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9072"/></w:tabs>'  # of the text, 6.3 inches wide
PARAGRAPHS: dict[str, tuple[str, float, str, bool, int, int, float, str]] = {
    "Normal": (SERIF, 10.5, INK, False, 0, 6, 1.25, ""),
    "Body Text": (SERIF, 10.5, INK, False, 0, 7, 1.25, ""),
    "First Paragraph": (SERIF, 10.5, INK, False, 0, 7, 1.25, ""),
    "Compact": (SERIF, 10.5, INK, False, 2, 2, 1.2, ""),
    "Title": (SANS, 26, INK, True, 120, 6, 1.05, "<w:keepNext/>"),
    "Subtitle": (SERIF, 14, MUTED, False, 0, 18, 1.2, "<w:keepNext/>"),
    "Author": (SANS, 10, INK, False, 0, 4, 1.2, ""),
    "heading 1": (SANS, 18, INK, True, 24, 8, 1.15, "<w:keepNext/><w:keepLines/><w:pageBreakBefore/>"),
    "heading 2": (SANS, 13.5, INK, True, 18, 6, 1.15, "<w:keepNext/><w:keepLines/>"),
    "heading 3": (SANS, 11.5, INK, True, 14, 4, 1.15, "<w:keepNext/><w:keepLines/>"),
    "heading 4": (SANS, 10.5, INK, True, 10, 3, 1.15, "<w:keepNext/><w:keepLines/>"),
    "TOC Heading": (SANS, 14, INK, True, 18, 8, 1.15, "<w:keepNext/>"),
    "toc 1": (SANS, 10, INK, True, 6, 1, 1.15, _PAGE_AT_EDGE),
    "toc 2": (SANS, 9.5, INK, False, 0, 1, 1.15, _PAGE_AT_EDGE + '<w:ind w:left="360"/>'),
    "Bibliography": (SERIF, 9.5, INK, False, 0, 4, 1.2, '<w:ind w:left="360" w:hanging="360"/>'),
    "Footnote Text": (SERIF, 8.5, INK, False, 0, 2, 1.15, ""),
    "Block Text": (SERIF, 10, MUTED, False, 4, 6, 1.2, '<w:ind w:left="360" w:right="360"/>'),
    "Record Title": (SANS, 10, INK, True, 14, 2, 1.15, "<w:keepNext/><w:keepLines/>"),
    "Record Caption": (SANS, 9, MUTED, False, 0, 4, 1.15, "<w:keepNext/><w:keepLines/>"),
    "Record Picture": (SANS, 9, INK, False, 2, 2, 1.0, "<w:keepNext/>"),
    "Record Last Picture": (SANS, 9, INK, False, 2, 2, 1.0, ""),  # with no line below that goes with it
    "Record Note": (SANS, 8, MUTED, False, 2, 2, 1.15, ""),
    "Record Cell": (SANS, 8.5, INK, False, 2, 2, 1.1, ""),
    "Record Cell Small": (SANS, 7.5, INK, False, 2, 2, 1.05, ""),
    "Record Cell Tiny": (SANS, 6.5, INK, False, 2, 2, 1.05, ""),
    "Front Number": (SANS, 22, INK, True, 2, 0, 1.0, "<w:keepNext/>"),
    "Cover Fact": (SANS, 10, INK, False, 0, 3, 1.2, ""),
    "Key Finding": (
        SERIF, 10.5, INK, False, 0, 6, 1.2,
        f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{ACCENT}"/></w:pBdr>'
        f'<w:shd w:val="clear" w:color="auto" w:fill="{BOX}"/><w:ind w:left="240" w:right="120"/>',
    ),
    "Marked": (
        SERIF, 10.5, INK, False, 4, 6, 1.25,
        f'<w:pBdr><w:left w:val="single" w:sz="12" w:space="8" w:color="{MUTED}"/></w:pBdr>'
        '<w:ind w:left="240"/>',
    ),
}  # fmt: skip


def build() -> bytes:
    """The reference document: Pandoc's own with our styles, A4 and a page number."""
    plain = pandoc.run(["--print-default-data-file", "reference.docx"], "")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "word/styles.xml":
                data = styles(data.decode()).encode()
            elif name == "word/document.xml":
                data = _paged(data.decode()).encode()
            elif name == "word/_rels/document.xml.rels":
                data = data.replace(b"</Relationships>", _FOOTER_LINK.encode() + b"</Relationships>")
            elif name == "[Content_Types].xml":
                data = data.replace(b"</Types>", _FOOTER_TYPE.encode() + b"</Types>")
            elif name == "word/fontTable.xml":
                data = _fonts().encode()
            target.writestr(name, data)
        target.writestr("word/footer1.xml", _FOOTER)
    return normalised(out.getvalue())


def styles(xml: str) -> str:
    """Pandoc's styles with ours in their place."""
    ElementTree.register_namespace("w", W)
    root = ElementTree.fromstring(xml)  # noqa: S314 - Pandoc's own file
    known = {s.find(_w("name")).get(_w("val")): s for s in root.findall(_w("style"))}  # type: ignore[union-attr]
    for fonts in root.iter(_w("rFonts")):
        fonts.attrib = {k: v for k, v in fonts.attrib.items() if "Theme" not in k}
    for name, look in PARAGRAPHS.items():
        style = known[name] if name in known else _new(root, name)
        outline = style.find(f"{_w('pPr')}/{_w('outlineLvl')}")
        _replace(style, ("pPr", "rPr"), _paragraph(look, outline), _run(look))
    colour = '<w:rPr><w:color w:val="{}"/></w:rPr>'
    mono = f'<w:rPr><w:rFonts w:ascii="{MONO}" w:hAnsi="{MONO}"/><w:sz w:val="18"/></w:rPr>'
    own = {"Hyperlink": colour.format(LINK), "Section Number": colour.format(MUTED), "Verbatim Char": mono}
    for name in filter(known.__contains__, own):
        _replace(known[name], ("rPr",), _parsed(own[name]))
    for name, colour in TONES.values():
        values = {f"{{{W}}}type": "character", f"{{{W}}}customStyle": "1", f"{{{W}}}styleId": name.replace(" ", "")}
        style = ElementTree.SubElement(root, f"{{{W}}}style", values)
        ElementTree.SubElement(style, f"{{{W}}}name", {f"{{{W}}}val": name})
        style.append(_parsed(f'<w:rPr><w:b/><w:color w:val="{colour}"/></w:rPr>'))
    if "Table" in known:
        _replace(known["Table"], ("tblPr", "tblStylePr"), _parsed(_TABLE), _parsed(_TABLE_HEAD))
    language = next(root.iter(f"{{{W}}}lang"))
    language.set(f"{{{W}}}val", "en-GB")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode")


def _w(tag: str) -> str:
    """A name of Word's own, in full."""
    return f"{{{W}}}{tag}"


def _new(root: ElementTree.Element, name: str) -> ElementTree.Element:
    """A paragraph style that Pandoc has not; those of the contents are Word's own."""
    bare, builtin = name.replace(" ", ""), name.startswith("toc ")
    values = {_w("type"): "paragraph", _w("styleId"): bare.upper() if builtin else bare}
    style = ElementTree.SubElement(root, _w("style"), values if builtin else values | {_w("customStyle"): "1"})
    for tag, value in (("name", name), ("basedOn", "Normal")):
        ElementTree.SubElement(style, _w(tag), {_w("val"): value})
    ElementTree.SubElement(style, _w("qFormat"))
    return style


def _replace(style: ElementTree.Element, tags: Iterable[str], *made: ElementTree.Element) -> None:
    for old in [one for tag in tags for one in style.findall(_w(tag))]:
        style.remove(old)
    style.extend(made)


_LINE = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="{2}"/>'
_TABLE = (
    '<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>'
    + _LINE.format("top", 12, INK) + _LINE.format("bottom", 6, INK) + _LINE.format("insideH", 4, "D9DEE3")
    + '</w:tblBorders><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr>"
)  # fmt: skip
_TABLE_HEAD = (
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
    + _LINE.format("bottom", 6, INK)
    + '</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr></w:tblStylePr>'
)
_FOOTER_ID = "rIdReportFooter"
_FOOTER_LINK = (
    f'<Relationship Id="{_FOOTER_ID}" Target="footer1.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"/>'
)
_FOOTER_TYPE = (
    '<Override PartName="/word/footer1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>'
)
_FOOTER = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:jc w:val="right"/></w:pPr>'
    '<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
    '<w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)
_SECTION = (
    '<w:sectPr><w:footerReference w:type="default" r:id="' + _FOOTER_ID + '"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1304" w:right="1417" w:bottom="1304" w:left="1417" w:header="680" w:footer="680" w:gutter="0"/>'
    "</w:sectPr>"
)


def _paged(xml: str) -> str:
    xml = re.sub(r"<w:sectPr\b[^>]*/>|<w:sectPr\b.*?</w:sectPr>", "", xml, flags=re.DOTALL)
    return xml.replace("</w:body>", _SECTION + "</w:body>")


def _fonts() -> str:
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in ALTERNATIVES.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<w:fonts xmlns:w="{W}">{entries}</w:fonts>'


def _paragraph(
    look: tuple[str, float, str, bool, int, int, float, str], outline: ElementTree.Element | None
) -> ElementTree.Element:
    *_, before, after, line, more = look
    keep = "".join(re.findall(r"<w:(?:keepNext|keepLines|pageBreakBefore)/>", more))
    border = "".join(re.findall(r"<w:pBdr>.*?</w:pBdr>|<w:shd [^>]*/>|<w:tabs>.*?</w:tabs>", more))
    indent = "".join(re.findall(r"<w:ind [^>]*/>", more))
    space = (
        f'<w:spacing w:before="{before * 20}" w:after="{after * 20}" w:line="{round(line * 240)}" w:lineRule="auto"/>'
    )
    element = _parsed(f"<w:pPr>{keep}{border}{space}{indent}</w:pPr>")  # the order that the schema wants
    if outline is not None:
        element.append(outline)
    return element


def _run(look: tuple[str, float, str, bool, int, int, float, str]) -> ElementTree.Element:
    font, size, colour, bold, *_ = look
    half = round(size * 2)
    return _parsed(
        f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:cs="{font}" w:eastAsia="{font}"/>'
        f'{"<w:b/>" if bold else ""}<w:color w:val="{colour}"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    )


def _parsed(xml: str) -> ElementTree.Element:
    return ElementTree.fromstring(re.sub(r"^<(w:\w+)", rf'<\1 xmlns:w="{W}"', xml))  # noqa: S314 - our own text


if __name__ == "__main__":
    Path(TEMPLATES / "reference.docx").write_bytes(build())

"""What Word keeps up to date by itself: numbers of captions (SEQ), references to them (REF), ids of paragraphs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from html import escape

from incident_report.publish.wording import record_id
from nbtypst.ast import Node, classes_of, nodes, raw, text_of, transform

_LABEL = re.compile(r"(Figure|Table)\s(\d+)")
_FIRST = 900_000_001  # of the bookmarks; Pandoc counts its own from 1
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_ENTRY = re.compile(
    rb'(<w:pStyle w:val="TOC\d" /></w:pPr><w:hyperlink w:anchor="([\w.-]+)">.*?</w:hyperlink>)', re.DOTALL
)
_SECTION = re.compile(rb"<w:sectPr(?: [^>]*)?(?<!/)>")
_PARAGRAPH = re.compile(rb"<w:p( ?/)?>|<w:bookmarkStart [^>]*w:name=\"([^\"]*)\"")


def with_fields(blocks: list[Node]) -> list[Node]:
    """The tree with the number of each caption as a field, and each reference to one as another.

    Both hold the text that they have now, so that the file reads right before Word has updated it.
    """
    labels = dict(_labels(blocks))
    marks = {id: _FIRST + at for at, id in enumerate(labels)}

    def change(node: Node) -> Node | None:
        if node["t"] == "Link":
            id = node["c"][2][0].removeprefix("#")
            if id in labels and text_of(node["c"][1]) == labels[id]:
                return raw(_reference(marks[id], labels[id]), "openxml", inline=True)
        if node["t"] in ("Figure", "Div") and (id := node["c"][0][0]) in labels:
            return {**node, "c": transform(node["c"], lambda n: _caption(n, marks[id]))}
        return None

    changed: list[Node] = transform(blocks, change)
    return changed


def _labels(blocks: list[Node]) -> Iterator[tuple[str, str]]:
    """Id and label (``Figure 3``) of every figure and table that has a plain number."""
    for node in nodes(blocks):
        if id := record_id(node):
            said = next((text_of(n) for n in nodes(node["c"]) if "record-label" in classes_of(n)), "")
            if found := _LABEL.fullmatch(said.rstrip(".")):
                yield id, found[0]


def _caption(node: Node, mark: int) -> Node | None:
    found = _LABEL.fullmatch(text_of(node).rstrip(".")) if "record-label" in classes_of(node) else None
    if found is None:
        return None
    word, number = found.groups()
    counted = _field(rf"SEQ {word} \* ARABIC", number)
    text = (
        f'<w:bookmarkStart w:id="{mark}" w:name="_Ref{mark}"/>{_run(word + chr(0xA0))}{counted}'
        f'<w:bookmarkEnd w:id="{mark}"/>{_run(".")}'
    )
    return raw(text, "openxml", inline=True)


def _reference(mark: int, text: str) -> str:
    return _field(rf"REF _Ref{mark} \h", text, '<w:rPr><w:rStyle w:val="Hyperlink"/></w:rPr>')


def _field(code: str, text: str, look: str = "") -> str:
    def sign(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    return f"{sign('begin')}{instruction}{sign('separate')}{_run(text, look)}{sign('end')}"


def _run(text: str, look: str = "") -> str:
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def with_descriptions(xml: bytes) -> bytes:
    """Each picture's alternative text in both places that Word has for it: Pandoc writes its address into one."""
    return re.sub(rb'(<wp:docPr descr="([^"]*)"[^>]*>.*?<pic:cNvPr descr=")[^"]*', rb"\1\2", xml, flags=re.DOTALL)


def with_page_numbers(xml: bytes) -> bytes:
    """word/document.xml with the page of each heading behind its entry in the contents, for Word to fill in."""

    def numbered(entry: re.Match[bytes]) -> bytes:
        page = _field(rf"PAGEREF {entry[2].decode()} \h", "").replace('"begin"/>', '"begin" w:dirty="true"/>')
        return entry[0] + f"<w:r><w:tab/></w:r>{page}".encode()

    return _ENTRY.sub(numbered, xml)


def with_paragraph_ids(xml: bytes) -> bytes:
    """word/document.xml with an id on each paragraph that outlives a new build.

    It is made of the record or section in which the paragraph stands and of its place there, so that
    what is added elsewhere in the report does not change it.
    """
    place, count, used = "", 0, set()

    def mark(found: re.Match[bytes]) -> bytes:
        nonlocal place, count
        if found[2] is not None:
            name = found[2].decode()
            if not name.startswith("_Ref"):
                place, count = name, 0
            return found[0]
        count += 1
        key, salt = f"{place}/{count}", 0
        while (id := _id(f"{key}/{salt}" if salt else key)) in used:
            salt += 1
        used.add(id)
        return f'<w:p w14:paraId="{id}"{(found[1] or b"").decode()}>'.encode()

    body = _PARAGRAPH.sub(mark, xml)
    return body.replace(
        b"<w:document ", f'<w:document xmlns:w14="{_W14}" xmlns:mc="{_MC}" mc:Ignorable="w14" '.encode(), 1
    )


def _id(key: str) -> str:
    """Eight hexadecimal digits between 1 and 0x7FFFFFFF, as Word wants them."""
    return f"{int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) % 0x7FFFFFFE + 1:08X}"


_HEAD = "word/header1.xml"
_HEAD_ID = "rIdReportHeader"
_OFFICE = "http://schemas.openxmlformats.org"


def with_state(parts: Mapping[str, bytes], text: str) -> dict[str, bytes]:
    """Parts of a Word file with a line at the head of every page, in white on red."""
    fill = '<w:shd w:val="clear" w:color="auto" w:fill="A11D1D"/>'
    look = f'<w:rPr><w:b/><w:color w:val="FFFFFF"/><w:sz w:val="16"/>{fill}</w:rPr>'
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<w:hdr xmlns:w="{_OFFICE}/wordprocessingml/2006/main">'
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{_run(f" {text} ", look)}</w:p></w:hdr>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    added = {
        "[Content_Types].xml": ("</Types>", f'<Override PartName="/{_HEAD}" ContentType="{kind}"/>'),
        "word/_rels/document.xml.rels": (
            "</Relationships>",
            f'<Relationship Id="{_HEAD_ID}" Target="header1.xml" '
            f'Type="{_OFFICE}/officeDocument/2006/relationships/header"/>',
        ),
    }
    made = {**parts, _HEAD: head.encode()}
    for name, (end, more) in added.items():
        made[name] = parts[name].replace(end.encode(), f"{more}{end}".encode(), 1)
    reference = f'<w:headerReference w:type="default" r:id="{_HEAD_ID}"/>'.encode()
    made["word/document.xml"] = _SECTION.sub(lambda m: m[0] + reference, parts["word/document.xml"])
    return made

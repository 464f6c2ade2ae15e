"""The report as a Word file that editors can comment in."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from itertools import chain
from pathlib import Path
from typing import Any

from incident_report.data.model import House
from incident_report.errors import BuildError
from incident_report.paths import TEMPLATES
from incident_report.publish import rasters
from incident_report.publish.docx_fields import (
    with_descriptions,
    with_fields,
    with_page_numbers,
    with_paragraph_ids,
    with_state,
)
from incident_report.publish.docx_fonts import with_fonts
from incident_report.publish.docx_front import list_table, parted, signed
from incident_report.publish.docx_tables import TEXT_WIDTH, on_pages, set_cells
from incident_report.publish.page import house_of, logo_of
from nbtypst import pandoc
from nbtypst.ast import (
    Node,
    classes_of,
    div,
    image,
    link,
    meta_value,
    nodes,
    para,
    printable,
    raw,
    span,
    string,
    strong,
    text_of,
    transform,
    words,
)
from nbtypst.html_records import ROLES
from nbtypst.printed import printed
from nbtypst.typst_compile import TypstFailure, png_of

ACCENT, LINK = "8C2D04", "0A5A94"  # of the reference document
# Class of a coloured sign or word: its style and colour.
TONES = {
    "sign-better": ("Better", "0B6B4F"), "sign-worse": ("Worse", "A33A00"), "sign-open": ("Open", "7A5300"),
    "rating-red": ("Rating Red", "A11D1D"), "rating-amber": ("Rating Amber", "7A5300"),
    "rating-green": ("Rating Green", "1B6E35"), "rating": ("Rating", "52606D"),
}  # fmt: skip
_EPOCH = (1980, 1, 1, 0, 0, 0)
_STYLES = {
    "record-title": "Record Title",
    "record-caption": "Record Caption",
    "record-n": "Record Note",
    "record-source": "Record Note",
}


def write_docx(
    document: Mapping[str, Any], out_path: Path, *, meta: Mapping[str, Any], resources: Mapping[str, bytes]
) -> None:
    """Write the numbered tree as a Word file with numbering, pictures, tables and bibliography.

    Code is left out: a Word file is for reading and commenting.

    Parameters
    ----------
    document, meta, resources
        As for `write_html`; pictures are taken as PNG, since Word for the web shows no SVG.

    Raises
    ------
    BuildError
        If a picture has no PNG or JPEG among the resources.
    """
    blocks = with_fields(printed(list(document["blocks"])))
    page = {
        **document,
        "blocks": [*_cover(meta), *_contents(blocks), *_body(blocks, resources), *_colophon(meta)],
        "meta": _meta(meta),
    }
    written = pandoc.write(page, "docx", "--reference-doc", str(TEMPLATES / "reference.docx"), "--output=-")
    made = normalised(written, meta.get("date"), house_of(meta), ". ".join(_marks(meta)))
    out_path.write_bytes(made)


def normalised(archive: bytes, day: date | None = None, house: House | None = None, state: str = "") -> bytes:
    """The file with every trace of the clock replaced: entries in order, times fixed.

    Parameters
    ----------
    day : date, optional
        Put as the day of creation and last change; without it 1 January 1980.
    house : House, optional
        Its paper and colours; with it the file also gets ids of paragraphs, and its fonts.
    state : str
        Stands at the head of every page.
    """
    stamp = datetime.combine(day or date(1980, 1, 1), time(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["docProps/core.xml"] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp.encode(), parts["docProps/core.xml"])
    parts["word/document.xml"] = with_descriptions(with_page_numbers(on_pages(parts["word/document.xml"])))
    if house is not None:
        parts["word/document.xml"] = with_paragraph_ids(_on_paper(parts["word/document.xml"], house))
        parts["word/styles.xml"] = _in_colours(parts["word/styles.xml"], house)
        parts = with_fonts(parts)
    if state:
        parts = with_state(parts, printable(state))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        # Word wants the list of content types first.
        for name in sorted(parts, key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, parts[name])
    return out.getvalue()


def _on_paper(xml: bytes, house: House) -> bytes:
    """The text as wide as it was, on the house's paper."""
    if house.paper == "A4":
        return xml
    xml = re.sub(rb"<w:pgSz [^>]*>", b'<w:pgSz w:w="12240" w:h="15840"/>', xml)
    return re.sub(rb'(w:(?:left|right)=")1417"', rb'\g<1>1584"', xml)


def _in_colours(xml: bytes, house: House) -> bytes:
    for name, own in (("accent", ACCENT), ("link", LINK)):
        if name in house.colours:
            xml = xml.replace(f'"{own}"'.encode(), f'"{house.colours[name].removeprefix("#").upper()}"'.encode())
    return xml


def _body(blocks: list[Node], resources: Mapping[str, bytes]) -> list[Node]:
    def change(node: Node) -> Node | list[Node] | None:
        kind, classes = node["t"], classes_of(node)
        if kind == "Image":
            return _image(node, resources)
        if kind == "Span" and (tone := next((c for c in reversed(classes) if c in TONES), "")):
            return span(node["c"][1], custom_style=TONES[tone][0])
        if kind == "Span" and "dot" in classes:
            return signed(node)
        if kind in ("Para", "Plain"):
            return parted(node)
        if kind == "Header":
            return _heading(node)
        if kind == "Figure":
            return _figure(node)
        if kind == "Div" and "code-fold" in classes:
            return []
        if kind == "Div" and "table-record" in classes:
            return _table(node)
        if kind == "Div" and "list-record" in classes:
            return list_table(node)
        if kind == "Div" and "prose" in classes:
            return _prose(node)
        return None

    return list(transform(_headed(blocks), change))


def _headed(blocks: list[Node]) -> list[Node]:
    """The strap below its headline: a heading begins a page, and what stands above it stays on the one before."""

    def change(node: Node) -> Node | None:
        content = node["c"][1] if node["t"] == "Div" else []
        at = next((i for i, b in enumerate(content) if b["t"] == "Header"), 0)
        if not any("strap" in classes_of(b) for b in content[:at]):
            return None
        return {**node, "c": [node["c"][0], [content[at], *content[:at], *content[at + 1 :]]]}

    moved: list[Node] = transform(blocks, change)
    return moved


def _image(node: Node, resources: Mapping[str, bytes]) -> Node:
    """The PNG of the picture, inside the tree, so that Pandoc's sandbox need not open a file."""
    (id, classes, values), alt, (target, _) = node["c"]
    path = str(Path(target).with_suffix(".png")) if target.endswith(".svg") else target
    if path in resources and Path(path).suffix in (".png", ".jpg", ".jpeg"):
        data = resources[path]
    elif target in resources and target.endswith(".svg"):
        data = rasters.png(resources[target])
    else:
        raise BuildError(f"{target}: a Word file needs the picture as SVG, PNG or JPEG")
    media = "png" if path.endswith(".png") else "jpeg"
    kept = [[k, v] for k, v in values if k == "width"] or [["width", f"{TEXT_WIDTH}in"]]
    address = f"data:image/{media};base64,{base64.b64encode(data).decode()}"
    return {"t": "Image", "c": [[id, classes, kept], alt, [address, ""]]}


def _heading(node: Node) -> Node:
    level, (id, classes, values), inlines = node["c"]
    number = next((value for key, value in values if key == "number"), "")
    if number:
        inlines = [span([string(number)], **{"custom_style": "Section Number"}), {"t": "Space"}, *inlines]
    return {"t": "Header", "c": [level, [id, classes, []], inlines]}


def _caption(caption: list[Node], keep: tuple[str, ...]) -> list[Node]:
    """The lines of a caption that have one of these classes, each in its style."""
    out = []
    for line in caption:
        found = next((c for inline in line["c"] for c in classes_of(inline) if c in _STYLES), "record-title")
        if found in keep:
            out.append(div([para(line["c"])], custom_style=_STYLES[found]))
    return out


_ABOVE, _BELOW = ("record-title", "record-caption"), ("record-n", "record-source")


def _figure(node: Node) -> list[Node]:
    (id, _, _), (_, caption), content = node["c"]
    pictures = [para(b["c"]) if b["t"] == "Plain" else b for b in content]
    below = _caption(caption, _BELOW)
    picture = div(pictures, custom_style="Record Picture" if below else "Record Last Picture")
    return [div([*_caption(caption, _ABOVE), picture, *below], id)]


def _table(node: Node) -> list[Node]:
    (id, classes, _), content = node["c"]
    tables = [b for b in content if b["t"] == "Table"]
    noted = chain.from_iterable(d["c"][1] for d in content if d["t"] == "Div")
    caption = list(chain.from_iterable(t["c"][1][1] for t in tables))
    small = "wide" in classes or max((len(t["c"][2]) for t in tables), default=0) > 6
    for one in tables:
        one["c"][1] = [None, []]
        set_cells(one, small)
    below = [div([para(b["c"])], custom_style="Record Note") for b in noted if b["t"] in ("Para", "Plain")]
    return [div([*_caption(caption, _ABOVE), *tables, *below, *_caption(caption, _BELOW)], id)]


def _prose(node: Node) -> list[Node] | None:
    (id, classes, _), content = node["c"]
    if "finding" in classes:
        return [div(content, id, custom_style="Key Finding")]
    role = next(filter(None, map(ROLES.get, classes)), "")
    if not content or content[0]["t"] not in ("Para", "Plain") or not (role or "headed" in classes):
        return None
    label, rest = [string(f"{role}.")], content
    if "headed" in classes and len(content) > 1 and content[1]["t"] in ("Para", "Plain"):
        label, rest = [*content[0]["c"], string(".")], content[1:]
    first = para([strong(label), {"t": "Space"}, *rest[0]["c"]])
    return [div([first, *rest[1:]], id, custom_style="Marked")]


def _cover(meta: Mapping[str, Any]) -> list[Node]:
    logo = []
    if data := logo_of(meta):
        if house_of(meta).logo.endswith(".svg"):  # Word for the web shows none
            try:
                data = png_of(data)
            except TypstFailure as error:
                raise BuildError(f"{house_of(meta).logo}: {error}") from error
        target = f"data:image/png;base64,{base64.b64encode(data).decode()}"
        shown = image(printable(house_of(meta).logo_alt), target, height="0.55in")
        logo = [para([shown])]
    lines = [
        para([strong(words(printable(f"{label}:"))), {"t": "Space"}, *words(printable(str(value)))])
        for label, value in meta.get("facts", ())
    ]
    return [*logo, *([div(lines, custom_style="Cover Fact")] if lines else [])]


def _colophon(meta: Mapping[str, Any]) -> list[Node]:
    return [div([para(words(printable(str(p))))], custom_style="Record Note") for p in meta.get("colophon", ())]


_FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve">'
    ' TOC \\o "1-1" \\h \\z \\u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r></w:p>'
)
_FIELD_END = '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


def _contents(blocks: list[Node]) -> list[Node]:
    """The chapters as Word's own field, filled with links and pages that it counts when it opens the file."""
    lines = []
    for node in nodes(blocks):
        if node["t"] == "Header" and node["c"][0] == 1 and node["c"][1][0] and "unlisted" not in node["c"][1][1]:
            _, (id, _, values), inlines = node["c"]
            number = next((value for key, value in values if key == "number"), "")
            entry = link(words(f"{number} {text_of(inlines)}".strip()), f"#{id}")
            lines.append(div([para([entry])], custom_style="toc 1"))
    head = div([para([string("Contents")])], custom_style="TOC Heading")
    return [head, raw(_FIELD, "openxml"), *lines, raw(_FIELD_END, "openxml")] if lines else []


def _marks(meta: Mapping[str, Any]) -> list[str]:
    """What every page says of the report: that it is not released, not for everybody, not signed in its language."""
    return [str(meta[name]) for name in ("state", "mark") if meta.get(name)]


def _meta(meta: Mapping[str, Any]) -> dict[str, Node]:
    values = {
        "lang": meta.get("lang", "en-GB"),
        "title": printable(str(meta["title"])),
        "subtitle": printable(
            ". ".join([*_marks(meta), *(str(meta[k]) for k in ("subtitle", "kicker") if meta.get(k))])
        ),
        "author": [printable(str(a)) for a in meta.get("authors", ())],
        "description": printable(str(meta.get("description", ""))),
    }
    return {key: meta_value(value) for key, value in values.items() if value}

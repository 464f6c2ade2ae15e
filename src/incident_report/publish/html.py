"""The report as one HTML file: no request, nothing beside it, no script but the explorer's, by its hash."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from babel import Locale
from markupsafe import Markup

from incident_report.errors import BuildError
from incident_report.present.explorer import styles
from incident_report.publish.around import Around
from incident_report.publish.charts import Drawings
from incident_report.publish.explorer import policy, with_section
from incident_report.publish.front import front_pages
from incident_report.publish.html_parts import written
from incident_report.publish.page import logo, page, share, styles_of
from incident_report.publish.row_links import linked_rows
from nbtypst.ast import (
    Node,
    classes_of,
    link,
    nodes,
    para,
    plain,
    printable,
    raw,
    span,
    string,
    text_of,
    transform,
    words,
)
from nbtypst.html_records import code_after, record_writer

_MEDIA = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_LABEL = re.compile(r"^((?:Figure|Table)\s[\w.]*\w)[.:]?\s*(.*)", re.DOTALL)
_PAGE = 6.3  # inches: the width of the printed text, hence of a full chart


def write_html(
    document: Mapping[str, Any],
    out_path: Path,
    *,
    meta: Mapping[str, Any],
    resources: Mapping[str, bytes],
    around: Around | None = None,
) -> None:
    """Write the numbered tree as a web page.

    Parameters
    ----------
    document : mapping
        Pandoc's tree, cleaned, numbered and with its bibliography.
    meta : mapping
        ``title``; optional ``subtitle``, ``kicker``, ``state``, ``lang`` (en-GB), ``authors`` (list), ``description``,
        ``facts`` (list of label and value, printed on the cover), ``colophon`` (list of paragraphs), ``house``.
    resources : mapping
        Target of an image in the tree -> its bytes.
    around : Around, optional
        What lies beside the page, and the data behind its records.

    Raises
    ------
    BuildError
        If the tree shows a picture that is not among the resources, or one with a script.
    """
    around = around or Around()
    pictures = _Pictures(resources)

    def own(id: str) -> list[Node]:
        return [pictures.keep(html, inline=False)] if (html := around.row(id)) else []

    blocks = linked_rows(list(document["blocks"]), around.rows, own)
    labels, titles = dict(_labels(blocks)), _titles(blocks)
    names = titles | {id: name for id, (name, _) in labels.items()}
    same = around.same({id: name for id, (name, _) in labels.items()} | names)  # one with a number is led to first

    def tools(id: str) -> list[Node]:
        said = labels.get(id, ("", titles.get(id, "")))
        return [pictures.keep(around.tools(id, *said, same), inline=False)]

    record = record_writer(names, tools, folding=True)

    def change(node: Node) -> Node | list[Node] | None:
        if node["t"] in ("Str", "Space"):
            return None  # as most are
        if node["t"] == "Image":
            return pictures.image(node)
        if node["t"] == "CodeBlock" and node["c"][1].startswith("%%"):  # a cell magic: its text is no Python
            return {**node, "c": [["", [], []], node["c"][1]]}
        return _heading(node, around.said["link_to"]) if node["t"] == "Header" else record(node)

    one = around.explored
    if one:
        blocks = with_section(blocks, one, around.rows, names, pictures.keep)
    body = transform(code_after(blocks), change)
    front = front_pages(body)
    rest = [b for b in body if b not in front] if front else body
    parts = written(document, contents(blocks), _lists(labels), _colophon(meta), front, rest)
    values = _values(meta) | dict(zip(("contents", "lists", "colophon", "front", "body"), parts, strict=True))
    values |= {"downloads": around.downloads, "said": around.said, "share": share(meta, around), "logo": logo(meta)}
    values |= {"policy": Markup(policy()) if one else "", "explorer": one.tags if one else ""}  # noqa: S704 - our own
    rules = styles_of(meta, pictures.drawings) + (styles() if one else "")
    text = page("report.html", values, rules, "".join([*pictures.found, one.text if one else ""]))
    # A sign that begins a tag stands in no text and in no attribute, so these are our own.
    text = re.sub(r"<!-- kept (\d+) -->", lambda m: pictures.found[int(m[1])], text)
    out_path.write_text(text, encoding="utf-8", newline="\n")


@dataclass
class _Pictures:
    """Turns images into placeholders, and knows the element for each; Pandoc need not carry the megabytes."""

    resources: Mapping[str, bytes]
    drawings: Drawings = field(default_factory=Drawings)
    found: list[str] = field(default_factory=list)

    def image(self, node: Node) -> Node:
        """A placeholder: for an SVG its wide and, where there is one, its narrow form."""
        (_, _, values), alt, (target, _) = node["c"]
        suffix, said = Path(target).suffix.lower(), printable(text_of(alt))
        if target not in self.resources or suffix not in _MEDIA:
            raise BuildError(f"the report shows a picture that the build did not make: {target}")
        width = re.fullmatch(r"([\d.]+)in", dict(values).get("width", ""))
        share = f"--w:{min(1.0, float(width[1]) / _PAGE):.3f}" if width else ""
        if suffix == ".svg":
            return self.keep(self._drawn(target, said, share))
        data = base64.b64encode(self.resources[target]).decode()
        return self.keep(f'<img src="data:{_MEDIA[suffix]};base64,{data}" alt="{escape(said)}" style="{share}">')

    def keep(self, html: str, inline: bool = True) -> Node:
        """A placeholder for HTML of our own."""
        self.found.append(html)
        return raw(f"<!-- kept {len(self.found) - 1} -->", "html", inline=inline)

    def _drawn(self, target: str, alt: str, share: str) -> str:
        id = f"c{len(self.found)}"
        narrow = self.resources.get(f"{target.removesuffix('.svg')}.narrow.svg")
        try:
            wide = self.drawings.inline(self.resources[target], id, alt, "wide-chart" if narrow else "")
            other = self.drawings.inline(narrow, f"{id}n", alt, "narrow-chart") if narrow else ""
        except ValueError as fault:
            raise BuildError(f"{target}: {fault}") from None
        return f'<span class="drawn" style="{share}">{wide}{other}</span>'


def _labels(blocks: list[Node]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Id, name (``Figure 3``) and title of every figure and table, in order."""
    for node in nodes(blocks, "Table"):
        caption: list[Node] = []
        if node["t"] == "Figure":
            caption = node["c"][1][1]
        elif node["t"] == "Div" and "table-record" in classes_of(node):
            caption = next((t["c"][1][1] for t in nodes(node["c"][1], "Table") if t["t"] == "Table"), [])
        if caption and (id := node["c"][0][0]):
            match = _LABEL.match(text_of(caption[0]))
            if match:
                yield id, (match[1], match[2])


def _titles(blocks: list[Node]) -> dict[str, str]:
    """Title of each record by its id: what one without a number is called."""
    records = (node["c"][0] for node in nodes(blocks, "Table") if node["t"] in ("Figure", "Div"))
    return {id: title for id, _, values in records if id and (title := dict(values).get("title", ""))}


def _heading(node: Node, link_to: str) -> Node:
    """One level down, since the report's title is the page's only h1; the number in front, a link to it behind."""
    level, (id, classes, values), inlines = node["c"]
    shown = _numbered(values, inlines)
    if id:
        said = escape(f"{link_to} {text_of(inlines)}")
        shown = [*shown, raw(f' <a class="permalink" href="#{escape(id)}" aria-label="{said}">#</a>', "html", True)]
    way = [[key, value] for key, value in values if key in ("lang", "dir")]
    return {"t": "Header", "c": [min(6, level + 1), [id, classes, way], shown]}


def _numbered(values: Sequence[Sequence[str]], inlines: list[Node]) -> list[Node]:
    number = next((value for key, value in values if key == "number"), "")
    if not number:
        return inlines
    return [span([string(number)], classes=["header-section-number"]), {"t": "Space"}, *inlines]


def _quiet(node: Node) -> list[Node] | None:
    """A heading's inlines as the contents have them: without notes and citations, and links as their text."""
    if node["t"] == "Link":
        return list(node["c"][1])
    return [] if node["t"] in ("Note", "Cite") else None


def contents(blocks: list[Node], deepest: int = 2) -> list[Node]:
    """The contents as nested lists of links."""
    entries = [n["c"] for n in nodes(blocks, "Table") if n["t"] == "Header" and n["c"][0] <= deepest]
    top: list[list[Node]] = []
    for level, (id, classes, values), inlines in entries:
        if not id or "unlisted" in classes:
            continue
        item = plain([link(_numbered(values, transform(inlines, _quiet)), f"#{id}")])
        if level == 1 or not top:
            top.append([item])
        elif top[-1][-1]["t"] == "BulletList":
            top[-1][-1]["c"].append([item])
        else:
            top[-1].append({"t": "BulletList", "c": [[item]]})
    return [{"t": "BulletList", "c": top}] if top else []


def _lists(labels: Mapping[str, tuple[str, str]]) -> list[Node]:
    """The list of figures and the list of tables, folded."""
    out: list[Node] = []
    for kind, title in (("Figure", "List of figures"), ("Table", "List of tables")):
        items = [
            [plain([link(words(f"{name}. {text}"), f"#{id}")])]
            for id, (name, text) in labels.items()
            if name.startswith(kind)
        ]
        if items:
            out += [
                raw(f"<details><summary>{title}</summary>", "html"),
                {"t": "BulletList", "c": items},
                raw("</details>", "html"),
            ]
    return out


def _colophon(meta: Mapping[str, Any]) -> list[Node]:
    return [para(words(printable(p))) for p in meta.get("colophon", ())]


def _values(meta: Mapping[str, Any]) -> dict[str, Any]:
    """What the template shows beside the parts that Pandoc wrote; plain text, all of it."""
    return {
        "lang": meta.get("lang", "en-GB"),
        "rtl": Locale.parse(meta.get("lang", "en-GB"), sep="-").text_direction == "rtl",
        "pagetitle": ", ".join(str(meta[k]) for k in ("title", "kicker") if meta.get(k)),
        "authors": list(meta.get("authors", ())),
        "facts": list(meta.get("facts", ())),
        **{k: str(meta.get(k) or "") for k in ("title", "subtitle", "kicker", "description", "mark", "state")},
    }

"""The report as one HTML file: no script, no request, nothing beside it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from incident_report.errors import BuildError
from incident_report.paths import FONTS, TEMPLATES
from incident_report.publish.charts import responsive
from nbtypst import pandoc
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
_FACES = (  # family, file, weight, style
    ("Report Serif", "NotoSerif-Regular", 400, "normal"),
    ("Report Serif", "NotoSerif-Italic", 400, "italic"),
    ("Report Serif", "NotoSerif-Bold", 700, "normal"),
    ("Report Serif", "NotoSerif-BoldItalic", 700, "italic"),
    ("Report Sans", "NotoSans-Regular", 400, "normal"),
    ("Report Sans", "NotoSans-Italic", 400, "italic"),
    ("Report Sans", "NotoSans-Bold", 700, "normal"),
)
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f]")


def write_html(
    document: Mapping[str, Any], out_path: Path, *, meta: Mapping[str, Any], resources: Mapping[str, bytes]
) -> None:
    """Write the numbered tree as a web page.

    Parameters
    ----------
    document : mapping
        Pandoc's tree, cleaned, numbered and with its bibliography.
    meta : mapping
        ``title``; optional ``subtitle``, ``kicker``, ``lang`` (en-GB), ``authors`` (list), ``description``,
        ``facts`` (list of label and value, printed on the cover), ``colophon`` (list of paragraphs).
    resources : mapping
        Target of an image in the tree -> its bytes.

    Raises
    ------
    BuildError
        If the tree shows a picture that is not among the resources, or one with a script.
    """
    blocks = list(document["blocks"])
    labels = dict(_labels(blocks))
    names = {id: name for id, (name, _) in labels.items()}
    pictures, record = _Pictures(resources), record_writer(names)

    def change(node: Node) -> Node | list[Node] | None:
        if node["t"] == "Image":
            return pictures.image(node)
        return _heading(node) if node["t"] == "Header" else record(node)

    body = transform(code_after(blocks), change)
    parts = _written(document, contents(blocks), _lists(labels), _colophon(meta), body)
    values = _values(meta) | dict(zip(("contents", "lists", "colophon", "body"), parts, strict=True))
    text = _page(values)
    # A sign that begins a tag stands in no text and in no attribute, so these are our own images.
    text = re.sub(r'<img src="picture-(\d+)"', lambda m: f'<img src="{pictures.found[int(m[1])]}"', text)
    out_path.write_text(text, encoding="utf-8", newline="\n")


_PART = "<!-- next part -->"


def _written(document: Mapping[str, Any], *parts: Sequence[Node]) -> list[Markup]:
    """Each part of the page as HTML, in one run of Pandoc, which escapes every text and attribute in them."""
    blocks = [node for part in parts for node in (*part, raw(_PART, "html"))]
    text = pandoc.write(
        {**document, "blocks": blocks[:-1], "meta": {}},
        "html5",
        "--mathml", "--section-divs", "--wrap=none", "--email-obfuscation=none",
    ).decode()  # fmt: skip
    return [Markup(part.strip("\n")) for part in _LINE_ANCHOR.sub("", text).split(_PART)]  # noqa: S704


def _page(values: Mapping[str, Any]) -> str:
    """The template filled: whatever is not HTML of our own making is escaped, in text and attribute alike."""
    environment = SandboxedEnvironment(
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markup) else printable(str(value)),
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    template = environment.from_string((TEMPLATES / "report.html").read_text(encoding="utf-8"))
    shown = "".join(map(str, values.values()))
    styles = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    fonts = "\n".join(font_faces(shown))
    return template.render(**values, styles=Markup(styles), fonts=Markup(fonts))  # noqa: S704


# Pandoc gives every line of code an empty link to itself; nobody needs those.
_LINE_ANCHOR = re.compile(r'<a href="#cb[\d-]+" aria-hidden="true" tabindex="-1"></a>')


def font_faces(text: str) -> Iterator[str]:
    """Rules for the faces that a page needs, with the fonts in them."""
    faces = list(_FACES)
    if _ARABIC.search(text):
        faces += [(family, "NotoNaskhArabic-Regular", 400, "normal") for family in ("Report Serif", "Report Sans")]
    for family, name, weight, style in faces:
        data = base64.b64encode((FONTS / f"{name}.woff2").read_bytes()).decode()
        reach = "unicode-range:U+600-6FF,U+750-77F;" if "Arabic" in name else ""
        yield (
            f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};font-display:swap;'
            f"{reach}src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        )


@dataclass
class _Pictures:
    """Turns images into placeholders, and knows the data address of each."""

    resources: Mapping[str, bytes]
    found: list[str] = field(default_factory=list)

    def image(self, node: Node) -> Node:
        """The image with a placeholder for its address; Pandoc need not carry the megabytes."""
        (id, classes, values), alt, (target, _) = node["c"]
        suffix = Path(target).suffix.lower()
        if target not in self.resources or suffix not in _MEDIA:
            raise BuildError(f"the report shows a picture that the build did not make: {target}")
        data = self.resources[target]
        if suffix == ".svg":
            try:
                data = responsive(data)
            except ValueError as fault:
                raise BuildError(f"{target}: {fault}") from None
        self.found.append(f"data:{_MEDIA[suffix]};base64,{base64.b64encode(data).decode()}")
        kept = []
        if match := re.fullmatch(r"([\d.]+)in", dict(values).get("width", "")):
            kept = [["style", f"--w:{min(1.0, float(match[1]) / _PAGE):.3f}"]]
        return {"t": "Image", "c": [[id, classes, kept], alt, [f"picture-{len(self.found) - 1}", ""]]}


def _labels(blocks: list[Node]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Id, name (``Figure 3``) and title of every figure and table, in order."""
    for node in nodes(blocks):
        caption: list[Node] = []
        if node["t"] == "Figure":
            caption = node["c"][1][1]
        elif node["t"] == "Div" and "table-record" in classes_of(node):
            caption = next((t["c"][1][1] for t in nodes(node["c"][1]) if t["t"] == "Table"), [])
        if caption and (id := node["c"][0][0]):
            match = _LABEL.match(text_of(caption[0]))
            if match:
                yield id, (match[1], match[2])


def _heading(node: Node) -> Node:
    """One level down, since the report's title is the page's only h1; the number in front."""
    level, (id, classes, values), inlines = node["c"]
    return {"t": "Header", "c": [min(6, level + 1), [id, classes, []], _numbered(values, inlines)]}


def _numbered(values: Sequence[Sequence[str]], inlines: list[Node]) -> list[Node]:
    number = next((value for key, value in values if key == "number"), "")
    if not number:
        return inlines
    return [span([string(number)], classes=["header-section-number"]), {"t": "Space"}, *inlines]


def contents(blocks: list[Node], deepest: int = 2) -> list[Node]:
    """The contents as nested lists of links."""
    entries = [n["c"] for n in nodes(blocks) if n["t"] == "Header" and n["c"][0] <= deepest]
    top: list[list[Node]] = []
    for level, (id, classes, values), inlines in entries:
        if not id or "unlisted" in classes:
            continue
        quiet = transform(
            inlines, lambda n: [] if n["t"] in ("Note", "Cite") else n["c"][1] if n["t"] == "Link" else None
        )
        item = plain([link(_numbered(values, quiet), f"#{id}")])
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
        "pagetitle": ", ".join(str(meta[k]) for k in ("title", "kicker") if meta.get(k)),
        "authors": list(meta.get("authors", ())),
        "facts": list(meta.get("facts", ())),
        **{k: str(meta.get(k) or "") for k in ("title", "subtitle", "kicker", "description", "mark")},
    }

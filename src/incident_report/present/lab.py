"""Records in JupyterLab as they stand in the report: the same reader, the same HTML writer, the same styles.

What only the whole report knows is told as well as one record can: a citation names the source's outlet and
day, a reference the title of what it means.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.paths import NOTEBOOKS, TEMPLATES
from incident_report.present.records import Record
from incident_report.present.sources import source_names
from incident_report.present.typefaces import carrying
from nbtypst import ast, pandoc, records
from nbtypst.ast import Node
from nbtypst.clean import Cleaner
from nbtypst.fragments import Fragments
from nbtypst.html_records import record_writer
from nbtypst.images import Store

SCOPE = ".report-record"
_REFERENCE = re.compile(r"(?i:fig|tab|tbl|sec)-")
_HEADING = re.compile(r"(?m)^#{1,6} +(.+?)(?: *\{#([\w-]+)[^}]*\})? *$")
_MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_titles: dict[str, str] = {}  # of the records shown so far in this kernel
_fragments: dict[tuple[str, str], list[Node] | None] = {}  # of markup that they hold


def html(*shown: Record, ed: Edition | None = None) -> str:
    """Records as HTML for JupyterLab.

    Parameters
    ----------
    shown : Record
        One, as a rule: what a cell puts out; several are read and written together.
    ed : Edition, optional
        Its sources and language, for citations; without it a citation shows its id in words.

    Returns
    -------
    str
        One element of class ``report-record`` with the report's styles, scoped to it, in front.
    """
    contents = [{"kind": record.kind, **record.content} for record in shown]
    _titles.update({str(c["id"]): str(c["title"]) for c in contents if c.get("title")})
    fragments, store = Fragments(reading=_read), Store()
    read = [block for content in contents for block in records.blocks(content, fragments, Cleaner(), store)]
    blocks = fragments.fill(read)
    blocks = ast.transform(ast.transform(blocks, lambda node: _resolved(node, ed)), record_writer({}))
    pictures: list[str] = []
    blocks = ast.transform(blocks, lambda node: _picture(node, store, pictures))
    text = pandoc.write(ast.document(blocks), "html5", "--mathml", "--wrap=none", "--email-obfuscation=none").decode()
    text = re.sub(r'<img src="picture-(\d+)"', lambda m: f'<img src="{pictures[int(m[1])]}"', text)
    return f'<div class="{SCOPE[1:]}"><style>{styles()}</style>\n{text}</div>'


def _read(items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
    """Fragments of markup; those of few, none twice: a chart that is drawn again says much what it said before."""
    if len(items) > pandoc.FEW:
        return pandoc.read_fragments(items)
    if new := [item for item in items if item not in _fragments]:
        _fragments.update(zip(new, pandoc.read_fragments(new), strict=True))
    return [_fragments[item] for item in items]


@cache
def styles() -> str:
    """The report's styles, for a record in a page of somebody else's."""
    # Twice the class: JupyterLab's own rules for tables are two selectors deep.
    rules = scoped((TEMPLATES / "report.css").read_text("utf-8"), SCOPE + SCOPE)
    own = (
        f"{SCOPE}{SCOPE}{{background:var(--paper);padding:.25rem .75rem;max-width:56rem}}"
        f"{SCOPE}{SCOPE} tr{{background:none!important}}{SCOPE}{SCOPE} figure{{margin:.5rem 0}}"
        f"{SCOPE}{SCOPE} table{{table-layout:auto;margin:0}}{SCOPE}{SCOPE} :is(td,th){{max-width:none}}"
    )
    return rules + own


def scoped(css: str, scope: str) -> str:
    """Rules that reach only what stands inside `scope`.

    Rules for print, pages and fonts are left out; the dark scheme follows JupyterLab's theme.

    Examples
    --------
    >>> scoped(":root { --a: 1 } p, h2 { margin: 0 } @media print { p { color: red } }", ".x")
    '.x{--a: 1}.x p,.x h2{margin: 0}'
    """
    return "".join(_scoped(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL), scope))


def _scoped(css: str, scope: str) -> Iterator[str]:
    for selector, body in _RULE.findall(css):
        selector = " ".join(selector.split())
        if selector.startswith("@"):
            if "prefers-color-scheme: dark" in selector:
                yield from _scoped(body, f'[data-jp-theme-light="false"] {scope}')
            elif selector.startswith("@media") and "print" not in selector:
                yield f"{selector}{{{''.join(_scoped(body, scope))}}}"
            continue
        yield f"{','.join(_within(one.strip(), scope) for one in selector.split(','))}{{{body.strip()}}}"


def _within(selector: str, scope: str) -> str:
    return scope if selector in (":root", "html", "body") else f"{scope} {selector}"


def _picture(node: Node, store: Store, found: list[str]) -> Node | None:
    """An image with a placeholder for its address: Pandoc need not carry the megabytes."""
    if node["t"] != "Image" or node["c"][2][0] not in store.files:
        return None
    target = node["c"][2][0]
    content = store.files[target]
    if target.endswith(".svg"):  # as a picture it sees none of the page's fonts
        content = carrying(content.decode(), ready=True).encode()
    data = base64.b64encode(content).decode()
    found.append(f"data:{_MEDIA.get(target.rpartition('.')[2], 'image/png')};base64,{data}")
    return ast.image(ast.text_of(node["c"][1]), f"picture-{len(found) - 1}")


def _resolved(node: Node, ed: Edition | None) -> Node | list[Node] | None:
    """References and citations as text that can be read; the bibliography as the list of sources."""
    if node["t"] == "Div" and node["c"][0][0] == "refs":
        return ast.div(list(_bibliography(ed)), classes=["references"])
    if node["t"] != "Cite":
        return None
    out: list[Node] = []
    for place, citation in enumerate(node["c"][0]):
        out += [ast.string(";"), {"t": "Space"}] if place else []
        before, after = citation["citationPrefix"], citation["citationSuffix"]
        out += [*before, *([{"t": "Space"}] if before else []), *_told(citation, ed), *after]
    bracket = node["c"][0][0]["citationMode"]["t"] == "NormalCitation"
    return [ast.string("("), *out, ast.string(")")] if bracket else out


def _told(citation: Mapping[str, Any], ed: Edition | None) -> list[Node]:
    id = str(citation["citationId"])
    if _REFERENCE.match(id):
        key = id[:1].lower() + id[1:]
        title = _titles.get(key) or _sections().get(key) or key.partition("-")[2].replace("-", " ")
        return [ast.string("“"), *ast.words(title), ast.string("”")]
    outlet, day, url = (source_names(ed) if ed else {}).get(id, (id.replace("-", " "), "", ""))
    bracket = citation["citationMode"]["t"] == "NormalCitation"
    text = f"{outlet}, {day}" if bracket and day else f"{outlet} ({day})" if day else outlet
    return [ast.link(ast.words(text), url)] if url else ast.words(text)


def _bibliography(ed: Edition | None) -> Iterator[Node]:
    for outlet, day, url in sorted(source_names(ed).values() if ed else ()):
        text = ast.words(f"{outlet}, {day}. " if day else f"{outlet}. ")
        yield ast.div([ast.para([*text, *([ast.link(ast.words(url), url)] if url else [])])], classes=["csl-entry"])


@cache
def _sections() -> dict[str, str]:
    """Titles of the chapters' sections by id."""
    found: dict[str, str] = {}
    for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                found |= {id or f"sec-{ast.slug(title)}": title for title, id in _headings(cell["source"])}
    return found


def _headings(source: str | Iterable[str]) -> list[tuple[str, str]]:
    return _HEADING.findall(source if isinstance(source, str) else "".join(source))

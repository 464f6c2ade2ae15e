"""Records (``application/vnd.nbtypst+json``) as blocks: figures, tables and marked paragraphs.

A record is a JSON object with ``kind``:

- ``figure``: id, title, alt, svg (text) or png (base64); optional caption, n, source (Markdown),
  width and height (inches), svg_narrow (the same chart for a narrow screen);
- ``table``: id, title, columns ``[{label, align, width, markdown}]``, rows of strings; optional
  caption, n, source, notes (Markdown), wide;
- both: web_only (left out of PDF and Word, numbered W1, W2 …; see `nbtypst.printed`);
- ``prose``: id, role, paragraphs (Markdown); optional label, a word or two before the first paragraph;
- ``list``: id, look (``numbers``, ``timeline``), items ``[{colour, parts: {name: Markdown}}]``;
- ``table`` and ``list``: look, a class for whoever sets them;
- in Markdown, ``[word]{.dot .dot-full}`` is a mark that is heard as its word (``full``, ``half``, ``empty``, ``none``,
  ``up``, ``level``, ``down``), with ``.said`` one that stands before it; ``[+]{.sign .sign-better}`` is a sign in a
  colour (``better``, ``worse``, ``open``, ``same``), ``[RED]{.rating .rating-red}`` a word in a box (``red``,
  ``amber``, ``green``; any other is grey).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from nbtypst import ast, pandoc
from nbtypst.ast import Node
from nbtypst.clean import Cleaner
from nbtypst.fragments import Fragments
from nbtypst.images import Store, decode, kind_of, safe_svg

MIME = "application/vnd.nbtypst+json"
_ID = re.compile(r"[A-Za-z][\w.-]{0,99}\Z")
_COLOUR = re.compile(r"#[0-9a-f]{6}\Z")
_ALIGNS = ("left", "center", "right", "decimal")


class RecordError(ValueError):
    """A record that cannot be shown; the message says what is wrong with it."""


def blocks(record: dict[str, Any], fragments: Fragments, cleaner: Cleaner, store: Store) -> list[Node]:
    """Blocks of one record, Markdown still in slots.

    Raises
    ------
    RecordError
        When a field is missing or of the wrong kind.
    """
    kind = record.get("kind")
    makers = {"figure": _figure, "table": _table, "prose": _prose, "list": _list}
    if kind not in makers:
        raise RecordError(f"unknown kind of record: {kind!r}")
    id = str(record.get("id", ""))
    if not _ID.match(id):
        raise RecordError(f"a {kind} needs an id of letters, digits and hyphens, not {id!r}")
    try:
        return makers[kind](id, record, fragments, cleaner, store)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise RecordError(f"{id}: field missing or of the wrong kind: {error}") from error


def _caption(record: dict[str, Any], fragments: Fragments, cleaner: Cleaner) -> list[Node]:
    """Title, then how to read it, base and source: one paragraph each, in a Span that names it."""
    title = [ast.strong(ast.words(str(record["title"])))]
    lines = [ast.para([ast.span(title, classes=["record-title"])])]
    for key, label in (("caption", ""), ("n", ""), ("source", "Source: ")):
        text = str(record.get(key) or "").strip()
        if not text:
            continue
        if text.lower().startswith(("source:", "sources:")):
            label = ""
        inlines = [*ast.words(label), fragments.inlines(text, cleaner)]
        lines.append(ast.para([ast.span(inlines, classes=[f"record-{key}"])]))
    return lines


def _figure(id: str, record: dict[str, Any], fragments: Fragments, cleaner: Cleaner, store: Store) -> list[Node]:
    alt = " ".join(str(record["alt"]).split())
    if not alt:
        raise RecordError(f"{id}: a figure needs an alt text")
    svg = safe_svg(str(record["svg"]).encode()) if record.get("svg") else None
    png = decode(str(record["png"])) if record.get("png") else None
    if png is not None and kind_of(png) != "png":
        png = None
    if svg is None and png is None:
        raise RecordError(f"{id}: neither its svg nor its png can be read")
    shown = f"figures/{id}.{'svg' if svg else 'png'}"
    for suffix, content in (("svg", svg), ("png", png)):
        if content is not None:
            store.files[f"figures/{id}.{suffix}"] = content
    if narrow := safe_svg(str(record["svg_narrow"]).encode()) if record.get("svg_narrow") else None:
        store.files[f"figures/{id}.narrow.svg"] = narrow
    size = {}
    if record.get("width"):
        size["width"] = f"{min(float(record['width']), 11.0):g}in"
    return [
        ast.figure(
            [ast.plain([ast.image(alt, shown, **size)])],
            _caption(record, fragments, cleaner),
            id,
            ["record", *_web_only(record)],
            title=str(record["title"]),
            n=str(record.get("n") or ""),
        )
    ]


def _table(id: str, record: dict[str, Any], fragments: Fragments, cleaner: Cleaner, store: Store) -> list[Node]:
    columns = record["columns"]
    aligns = [c.get("align") or "left" for c in columns]
    _check_table(id, record["rows"], aligns)

    def cell(value: str, markdown: bool) -> list[Node]:
        return [fragments.inlines(value, cleaner)] if markdown and value.strip() else ast.words(ast.printable(value))

    rows = [
        [cell(str(v), bool(c.get("markdown"))) for v, c in zip(row, columns, strict=True)] for row in record["rows"]
    ]
    header = [ast.words(ast.printable(str(c["label"]))) for c in columns]
    widths = [float(c["width"]) if c.get("width") else None for c in columns]
    caption = _caption(record, fragments, cleaner)
    wide = ["wide"] if record.get("wide") else []
    table = ast.table(header, rows, aligns, widths, caption, ["record", *wide, *_look(record)])
    out = [table]
    notes = [n for n in (str(note).strip() for note in record.get("notes") or []) if n]
    if notes:
        lines = [ast.para([fragments.inlines(note, cleaner)]) for note in notes]
        out.append(ast.div(lines, classes=["table-notes"]))
    title = str(record["title"])
    classes = ["record", "table-record", *wide, *_web_only(record), *_look(record)]
    return [ast.div(out, id, classes, title=title, n=str(record.get("n") or ""))]


def _check_table(id: str, rows: Sequence[Sequence[Any]], aligns: Sequence[str]) -> None:
    if not aligns:
        raise RecordError(f"{id}: a table needs columns")
    if unknown := [a for a in aligns if a not in _ALIGNS]:
        raise RecordError(f"{id}: unknown alignment {unknown[0]!r}; use one of {', '.join(_ALIGNS)}")
    odd = next((row for row in rows if len(row) != len(aligns)), None)
    if odd is not None:
        raise RecordError(f"{id}: a row has {len(odd)} cells, the table {len(aligns)} columns")


def _web_only(record: dict[str, Any]) -> list[str]:
    return ["web-only"] if record.get("web_only") else []


def _prose(id: str, record: dict[str, Any], fragments: Fragments, cleaner: Cleaner, store: Store) -> list[Node]:
    texts = [t for t in (str(p).strip() for p in record["paragraphs"]) if t]
    if not texts:
        return []
    role = str(record.get("role") or "")
    classes = ["prose", *([role] if _ID.match(role) else [])]
    label = " ".join(str(record.get("label") or "").split())
    head = [ast.para([ast.span(ast.words(ast.printable(label)), classes=["label"])])] if label else []
    return [
        ast.div(
            [*head, *(fragments.blocks(t, cleaner, pandoc.MARKDOWN) for t in texts)],
            id,
            classes + ["headed"] * bool(head),
        )
    ]


def _list(id: str, record: dict[str, Any], fragments: Fragments, cleaner: Cleaner, store: Store) -> list[Node]:
    """One paragraph an item; its parts are Spans of a class each."""
    items = []
    for item in record["items"]:
        parts = [(name, str(text).strip()) for name, text in item["parts"].items()]
        inlines: list[Node] = []
        for name, text in parts:
            if text and _ID.match(name):
                gap: list[Node] = [{"t": "Space"}] if inlines else []
                inlines += [*gap, ast.span([fragments.inlines(text, cleaner)], classes=[name])]
        colour = str(item.get("colour") or "")
        keys = {"colour": colour} if _COLOUR.match(colour) else {}
        items.append(ast.div([ast.para(inlines)], classes=["item"], **keys))
    return [ast.div(items, id, ["list-record", *_look(record)])] if items else []


def _look(record: dict[str, Any]) -> list[str]:
    look = str(record.get("look") or "")
    return [look] if _ID.match(look) else []

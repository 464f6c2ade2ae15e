"""The tree as Typst source.

Pandoc writes (and escapes) all prose. This module turns what Pandoc's writer does not know
(records, descriptions of pictures and formulas, terminal output) into calls of the functions in
``base.typ``, with every text either a string literal or content that Pandoc escapes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from nbtypst import ast, pandoc, typst_tables
from nbtypst.ast import Node
from nbtypst.typst_values import breakable, literal

HERE = Path(__file__).parent
COLUMNS = 92  # characters in a line of terminal output
FRONT = ("strap", "standfirst", "foot")
ROLES = ("observation", "inference", "judgement", "caveat")
_BASE = "// nbtypst: base"
_MARKER = re.compile(r"(?:=+|[-+/]|\d+[.)])\Z")
_HYPHEN = re.compile(r"-(?=[-?\d])")


def typst_source(
    blocks: list[Node],
    meta: Mapping[str, Any],
    *,
    template: str | None = None,
    fold: str = "drop",
    contents: bool = False,
    lists: bool = False,
) -> str:
    """A whole Typst document.

    Parameters
    ----------
    blocks : list
        The numbered tree.
    meta : mapping
        ``title``, ``subtitle``, ``kicker``, ``edition``, ``authors`` (list), ``date`` (a date), ``lang``
        (``en-GB``), ``description``, ``keywords`` (list), ``facts`` (list of label and value),
        ``colophon`` (list of paragraphs); all optional but the title.
    template : str, optional
        Typst source that defines ``nb-style`` and ``nb-document``, with a line ``// nbtypst: base``.
    fold : str
        ``drop`` or ``show`` code that a web page would fold.
    contents, lists : bool
        Print contents before the first numbered chapter, lists of figures and tables at the end.
    """
    shaped = shape(blocks, fold=fold)
    front = any("front-page" in ast.classes_of(b) for b in blocks)
    if contents:
        opening = [ast.raw(f"#nb-opening({literal(_meta(meta))})")] if front else []
        at = _front(blocks, shaped)
        shaped[at:at] = [*opening, ast.raw("#nb-contents(contents: true)")]
    if lists:
        shaped.append(ast.raw("#nb-contents(lists: true)"))
    body = pandoc.write(ast.document(shaped), "typst-smart", "--wrap=none", "--syntax-highlighting=idiomatic").decode()
    look = template if template is not None else (HERE / "default.typ").read_text(encoding="utf-8")
    base = (HERE / "base.typ").read_text(encoding="utf-8")
    settings = literal(_meta(meta) | {"front": front})
    return f"{look.replace(_BASE, base, 1)}\n#show: nb-document.with({settings})\n\n{body}"


def _front(blocks: list[Node], shaped: list[Node]) -> int:
    """Where contents stand: before the first numbered chapter."""
    for i, block in enumerate(shaped):
        if block["t"] == "Header" and block["c"][0] == 1 and "unnumbered" not in block["c"][1][1]:
            return i
    return 0


def _meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    day = meta.get("date")
    lang, _, region = str(meta.get("lang") or "en").partition("-")
    return {
        "title": str(meta.get("title") or "Untitled"),
        "subtitle": str(meta.get("subtitle") or ""),
        "kicker": str(meta.get("kicker") or ""),
        "mark": str(meta.get("mark") or ""),
        "edition": str(meta.get("edition") or meta.get("kicker") or ""),
        "authors": [str(a) for a in meta.get("authors") or []],
        "description": str(meta.get("description") or ""),
        "keywords": [str(k) for k in meta.get("keywords") or []],
        "date": [day.year, day.month, day.day] if isinstance(day, date) else None,
        "lang": lang or "en",
        "region": region.lower() or None,
        "facts": [[str(a), str(b)] for a, b in meta.get("facts") or []],
        "colophon": [str(p) for p in meta.get("colophon") or []],
        "titled": bool(meta.get("titled", True)),
        "numbered": bool(meta.get("numbered", False)),
    }


def shape(blocks: list[Node], *, fold: str = "drop") -> list[Node]:
    """The tree with everything that Pandoc's Typst writer would lose as calls of our functions.

    Blocks first, while their text is still text; then what is left inside them.
    """
    structured = ast.transform(blocks, _Blocks(fold).node)
    return ast.transform(structured, _inline)


def _uncited(node: Node) -> Node | None:
    """A paragraph without its citations, nor the blank before each."""
    if node["t"] not in ("Para", "Plain"):
        return None
    kept: list[Node] = []
    for inline in node["c"]:
        if inline["t"] != "Cite":
            kept.append(inline)
        elif kept and kept[-1]["t"] in ("Space", "SoftBreak"):
            kept.pop()
    return {**node, "c": kept}


def _raw(text: str) -> Node:
    return ast.raw(text, inline=True)


class _Blocks:
    """Changes one block at a time, innermost first."""

    def __init__(self, fold: str):
        self._fold = fold

    def node(self, node: Node) -> Node | list[Node] | None:
        """What stands for `node`."""
        method = getattr(self, f"_{node['t'].lower()}", None)
        return method(node) if method else None

    def _para(self, node: Node) -> Node | None:
        if len(node["c"]) == 1 and node["c"][0]["t"] == "Image":
            return ast.plain([_raw("#nb-block-image["), node["c"][0], _raw("]")])
        return None

    def _figure(self, node: Node) -> Node:
        triple, (_, caption), body = node["c"]
        inner = [n for block in body if block["t"] in ("Para", "Plain") for n in block["c"]]
        head = _caption("nb-figure", triple[0], caption)
        return ast.plain([*head, _raw(f"id: {_id(triple[0])})["), *inner, _raw("]")])

    def _table(self, node: Node) -> Node:
        """A table of Markdown or HTML; one in a record waits for the Div around it."""
        triple = node["c"][0]
        return node if "record" in triple[1] else _set_table(node, triple[0], [])

    def _div(self, node: Node) -> list[Node] | Node | None:
        (id, classes, pairs), blocks = node["c"]
        keys = dict(pairs)
        if "table-record" in classes:
            table = next((b for b in blocks if b["t"] == "Table"), None)
            notes = [n for b in blocks if b["t"] == "Div" for n in b["c"][1]]
            function = "nb-glance" if "glance" in classes else "nb-table"
            return _set_table(table, id, notes, function) if table else None
        if "table-notes" in classes:
            return node
        if "code-fold" in classes:
            return [] if self._fold == "drop" else blocks
        if "output" in classes and "html" not in classes:
            kind = next((c for c in classes if c in ("stderr", "error")), "stdout")
            return [_terminal(b, kind) for b in blocks]
        if "key-findings" in classes:
            return _between("#nb-findings[", blocks, "]")
        if "prose" in classes and (look := next((c for c in classes if c in FRONT), "")):
            if look == "strap":
                inner = [b for i, one in enumerate(blocks) for b in ([ast.raw("], [")] if i else []) + [one]]
                return _between(f"#nb-strap(id: {_id(id)}, [", inner, "])")
            return _between(f"#nb-{look}(id: {_id(id)})[", blocks, "]")
        if "prose" in classes and "headed" in classes:
            head, *rest = blocks
            return _between(f"#nb-labelled({literal(ast.text_of(head))}, id: {_id(id)})[", rest, "]")
        if "prose" in classes:
            role = next((c for c in classes if c in ROLES), "")
            if role:
                mark = _raw(f"#nb-role({literal(role)});")
                if blocks and blocks[0]["t"] in ("Para", "Plain"):
                    blocks[0]["c"] = [mark, {"t": "Space"}, *blocks[0]["c"]]
                else:
                    blocks = [ast.para([mark]), *blocks]
            return _between(f"#nb-prose({literal(role)}, id: {_id(id)})[", blocks, "]")
        if "item" in classes:  # of a list or a row, which asks for them
            return node
        if "list-record" in classes:
            return _set_list(node)
        if "stretch" in classes:
            return [ast.raw("#v(1fr)" if "wide" in classes else "#v(0.4fr)")]
        if "front-page" in classes:
            # It stands alone, without the list of what is cited.
            uncited = ast.transform(blocks, _uncited)
            return _between("#nb-front-page[", [_headline(b) for b in uncited], "]")
        if "beside" in classes:
            parts = [b["c"][1] for b in blocks]
            inner = [b for i, part in enumerate(parts) for b in ([ast.raw("], [")] if i else []) + part]
            at = "bottom" if "figures" in classes else "top"
            return _between(f"#nb-beside(at: {at}, [", inner, "])")
        if "output-note" in classes:
            return _between("#nb-note[", blocks, "]")
        if id == "refs":
            return _between("#nb-references[", blocks, "]")
        if keys.get("dir") == "rtl":
            return _between(f"#nb-rtl({literal(keys.get('lang', 'ar'))})[", blocks, "]")
        return None if id else blocks


def _between(before: str, blocks: list[Node], after: str) -> list[Node]:
    return [ast.raw(before), *blocks, ast.raw(after)]


def _id(id: str) -> str:
    return literal(id or None)


def _set_table(table: Node, id: str, notes: list[Node], function: str = "nb-table") -> Node:
    cells, layout = typst_tables.source(table, fixed=function != "nb-table")
    head = _caption(function, id, [*table["c"][1][1], *notes])
    settings = f"id: {_id(id)}, landscape: {literal(layout.landscape)}, lines: {int(layout.lines)}, "
    settings += f"whole: {literal(layout.whole)}, "
    return ast.plain([*head, _raw(settings), *cells, _raw(")")])


def _headline(node: Node) -> Node:
    """A front's heading as its headline."""
    if node["t"] != "Header" or node["c"][0] > 1:
        return node
    _, (id, _, _), inlines = node["c"]
    return ast.plain([_raw(f"#nb-headline(id: {_id(id)})["), *_guarded(inlines), _raw("]")])


def _set_list(node: Node) -> Node:
    """A list's items, each its colour and its parts by name."""
    (id, classes, _), items = node["c"]
    look = next((c for c in classes if c != "list-record"), "")
    out = [_raw(f"#nb-list({literal(look)}, id: {_id(id)}, (")]
    for item in items:
        colour = dict(item["c"][0][2]).get("colour", "") if item["t"] == "Div" else ""
        out.append(_raw(f"({literal(colour or None)}, ("))
        for part in (n for b in item["c"][1] for n in b["c"] if n["t"] == "Span"):
            out += [_raw(f"{literal(part['c'][0][1][0])}: ["), *_guarded(part["c"][1]), _raw("], ")]
        out.append(_raw(")), "))
    return ast.plain([*out, _raw("))")])


def _caption(function: str, id: str, caption: list[Node]) -> list[Node]:
    """A call's beginning: number, title and notes."""
    number, title = "", []
    notes: list[list[Node]] = []
    running = False  # how to read it, base and source run on in one paragraph
    for i, line in enumerate(caption):
        named = ast.classes_of(line["c"][0]) if line["t"] == "Para" and len(line["c"]) == 1 else []
        inlines = line["c"] if line["t"] in ("Para", "Plain") else ast.words(ast.text_of(line))
        found, rest = _without_label(inlines)
        number = number or found
        if i == 0:
            title = rest
        elif rest and running:
            notes[-1] = [*notes[-1], {"t": "Space"}, *rest]
        elif rest:
            notes.append(rest)
        running = bool(rest) and i > 0 and any(c.startswith("record-") for c in named)
    out = [_raw(f"#{function}(number: {literal(number)}, title: ["), *_guarded(title), _raw("], notes: (")]
    for note in notes:
        out += [_raw("["), *_guarded(note), _raw("], ")]
    return [*out, _raw("), ")]


def _terminal(block: Node, kind: str) -> Node:
    if block["t"] == "LineBlock":
        lines = [
            [[piece, run["c"][0][1]] for run in line if run["t"] == "Code" for piece in [run["c"][1]]]
            for line in block["c"]
        ]
        return ast.raw(f"#nb-ansi({literal(kind)}, {literal(_wrap_runs(lines))})")
    if block["t"] == "CodeBlock":
        text = "\n".join(wrap(line, COLUMNS) for line in block["c"][1].expandtabs(8).split("\n"))
        return ast.raw(f"#nb-output({literal(kind)}, {literal(text)})")
    return block


def _wrap_runs(lines: list[list[list[Any]]]) -> list[list[list[Any]]]:
    out = []
    for line in lines:
        row: list[list[Any]] = []
        used = 0
        for text, classes in line:
            while used + len(text) > COLUMNS:
                row.append([text[: COLUMNS - used], classes])
                text = text[COLUMNS - used :]
                out.append(row)
                row, used = [], 0
            if text:
                row.append([text, classes])
                used += len(text)
        out.append(row)
    return out


def _inline(node: Node) -> Node | list[Node] | None:
    """What stands for an inline, or for a block that is still as Pandoc made it."""
    kind, content = node["t"], node.get("c")
    if kind == "Cite":  # formatted already; Typst's own citations are not wanted
        return node["c"][1]
    if kind == "Str":
        return _str(node["c"])
    if kind == "Code":
        return _raw(f"#nb-inline-code({literal(breakable(node['c'][1], 30))});")
    if kind == "Math":
        formula = " ".join(node["c"][1].split())
        return [_raw(f"#nb-math({literal('Formula: ' + formula)}, ["), node, _raw("]);")]
    if kind == "Image":
        triple, inlines, (target, _title) = node["c"]
        width = _length(dict(triple[2]).get("width"))
        return _raw(f"#nb-image({literal(target)}, {literal(ast.text_of(inlines))}, width: {width});")
    if kind == "CodeBlock":
        (_, classes, _), text = node["c"]
        language = next((c for c in classes if c not in ("output-text", "raw")), None)
        lines = "\n".join(wrap(line, COLUMNS - 4) for line in text.expandtabs(4).split("\n"))
        return ast.raw(f"#nb-code({literal(lines)}, {literal(language)})")
    if kind in ("Strong", "Emph", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"):
        _guard(node["c"])
    elif kind == "Span" and "dot" in node["c"][0][1]:
        return _mark(node["c"][0][1], ast.text_of(node["c"][1]))
    elif kind in ("Link", "Span"):
        _guard(node["c"][1])
    elif kind == "Header":
        _guard(node["c"][2])
    elif kind == "Note":
        _guard_blocks(node["c"])
    elif kind == "BulletList":
        for item in node["c"]:
            _guard_blocks(item)
    elif kind == "OrderedList":
        for item in node["c"][1]:
            _guard_blocks(item)
    elif kind == "DefinitionList":
        for term, definitions in content or []:
            _guard(term)
            for item in definitions:
                _guard_blocks(item)
    return None


def _mark(classes: list[str], words: str) -> Node:
    """A drawn mark, which is heard as its words and beside them where they are to be said."""
    kind = next((c.removeprefix("dot-") for c in classes if c.startswith("dot-")), "none")
    return _raw(f"#nb-mark({literal(kind)}, {literal(words)}, said: {literal('said' in classes)});")


def _str(text: str) -> list[Node] | None:
    """Break long words, and escape hyphens that Typst would turn into other signs."""
    broken = breakable(text, 40)
    if not _HYPHEN.search(broken):
        return None if text == broken else [ast.string(broken)]
    out: list[Node] = []
    for i, piece in enumerate(_HYPHEN.split(broken)):
        if i:
            out.append(_raw("\\-"))
        if piece:
            out.append(ast.string(piece))
    return out


def wrap(line: str, columns: int) -> str:
    """A long line in several; at a space if there is one in the last third."""
    if len(line) <= columns:
        return line
    out = []
    while len(line) > columns:
        at = line.rfind(" ", columns * 2 // 3, columns + 1)
        at = at if at > 0 else columns
        out.append(line[:at])
        line = line[at:].lstrip(" ") if line[at : at + 1] == " " else line[at:]
    return "\n".join([*out, line])


def _length(width: str | None) -> str:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(%|px|in|cm|mm|pt)?", width or "")
    if not match:
        return "none"
    value, unit = float(match.group(1)), match.group(2) or "px"
    return f"{value * 0.75:g}pt" if unit == "px" else f"{min(value, 100) if unit == '%' else value:g}{unit}"


def _without_label(inlines: list[Node]) -> tuple[str, list[Node]]:
    """The number in a Span ``record-label`` and the inlines without it (and without their Strong)."""
    number = ""

    def drop(node: Node) -> list[Node] | None:
        nonlocal number
        if node["t"] == "Span" and "record-label" in node["c"][0][1]:
            number = "".join(re.findall(r"[\d.]*\d", ast.text_of(node["c"][1])))
            return []
        if node["t"] == "Span" and "record-title" in node["c"][0][1]:
            return node["c"][1]
        return None

    out = ast.transform(inlines, drop)
    if out and out[0]["t"] == "Strong":
        out = [*out[0]["c"], *out[1:]]  # the template decides what is bold
    while out and out[0]["t"] == "Space":
        out = out[1:]
    return number, out


def _guarded(inlines: list[Node]) -> list[Node]:
    copy = list(inlines)
    _guard(copy)
    return copy


def _guard_blocks(blocks: list[Node]) -> None:
    for block in blocks[:1]:
        if block["t"] in ("Para", "Plain"):
            _guard(block["c"])


def _guard(inlines: list[Node]) -> None:
    """Keep a first word such as ``=`` or ``1.`` from starting a heading or a list."""
    if inlines and inlines[0]["t"] == "Str" and _MARKER.match(inlines[0]["c"]):
        inlines.insert(0, _raw("#none;"))

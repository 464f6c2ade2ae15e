"""The tree as Typst source.

Pandoc writes (and escapes) all prose. This module turns what Pandoc's writer does not know
(records, descriptions of pictures and formulas, terminal output) into calls of the functions in
``base.typ``, with every text either a string literal or content that Pandoc escapes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nbtypst import ast, pandoc, typst_tables
from nbtypst.ast import Node
from nbtypst.typst_values import breakable, literal

HERE = Path(__file__).parent
COLUMNS = 92  # characters in a line of terminal output
FRONT = ("strap", "standfirst", "foot")
LOOKS = ("glance", "spread")  # of tables, each with a function of its own
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
    texts = {name: str(meta.get(name) or "") for name in ("subtitle", "kicker", "mark", "edition", "description")}
    lists = {name: [str(v) for v in meta.get(name) or []] for name in ("authors", "keywords", "colophon")}
    return {
        **texts,
        **lists,
        "title": str(meta.get("title") or "Untitled"),
        "edition": texts["edition"] or texts["kicker"],
        "date": [day.year, day.month, day.day] if isinstance(day, date) else None,
        "lang": lang or "en",
        "region": region.lower() or None,
        "facts": [[str(a), str(b)] for a, b in meta.get("facts") or []],
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
        div = _Div(node, id, classes, blocks, self._fold)
        for name, made in _DIVS.items():
            if name in classes and not (name == "output" and "html" in classes):
                return made(div)
        if id == "refs":
            return _between("#nb-references[", blocks, "]")
        keys = dict(pairs)
        if keys.get("dir") == "rtl":
            # One block: whoever sets blocks side by side must not set its brackets apart.
            return ast.div(_between(f"#nb-rtl({literal(keys.get('lang', 'ar'))})[", blocks, "]"))
        return None if id else blocks


@dataclass(frozen=True)
class _Div:
    """A division: the node, its id, classes and blocks, and what becomes of folded code."""

    node: Node
    id: str
    classes: list[str]
    blocks: list[Node]
    fold: str


def _record_table(div: _Div) -> Node | None:
    table = next((b for b in div.blocks if b["t"] == "Table"), None)
    notes = [n for b in div.blocks if b["t"] == "Div" for n in b["c"][1]]
    look = next((look for look in LOOKS if look in div.classes), "table")
    return _set_table(table, div.id, notes, f"nb-{look}") if table else None


def _printed(div: _Div) -> list[Node]:
    kind = next((c for c in div.classes if c in ("stderr", "error")), "stdout")
    return [_terminal(b, kind) for b in div.blocks]


def _prose(div: _Div) -> list[Node]:
    look = next((c for c in div.classes if c in FRONT), "")
    if look == "strap":
        return _between(f"#nb-strap(id: {_id(div.id)}, [", _side_by_side([[b] for b in div.blocks]), "])")
    if look:
        return _between(f"#nb-{look}(id: {_id(div.id)})[", div.blocks, "]")
    if "headed" in div.classes:
        head, *rest = div.blocks
        return _between(f"#nb-labelled({literal(ast.text_of(head))}, id: {_id(div.id)})[", rest, "]")
    role = next((c for c in div.classes if c in ROLES), "")
    blocks = _marked(role, div.blocks) if role else div.blocks
    return _between(f"#nb-prose({literal(role)}, id: {_id(div.id)})[", blocks, "]")


def _marked(role: str, blocks: list[Node]) -> list[Node]:
    """The role's mark before the first words."""
    mark = _raw(f"#nb-role({literal(role)});")
    if not blocks or blocks[0]["t"] not in ("Para", "Plain"):
        return [ast.para([mark]), *blocks]
    blocks[0]["c"] = [mark, {"t": "Space"}, *blocks[0]["c"]]
    return blocks


# Room between the parts of a front page: some at least, and a share of what the page has left.
_STRETCH = {"wide": "#v(0.6em)#v(1fr)", "rest": "#v(4fr)"}


def _front_page(div: _Div) -> list[Node]:
    # It stands alone, without the list of what is cited.
    uncited = ast.transform(div.blocks, _uncited)
    return _between("#nb-front-page[", [_headline(b) for b in uncited], "]")


def _beside(div: _Div) -> list[Node]:
    at = "bottom" if "figures" in div.classes else "top"
    return _between(f"#nb-beside(at: {at}, [", _side_by_side([b["c"][1] for b in div.blocks]), "])")


def _side_by_side(parts: list[list[Node]]) -> list[Node]:
    """Arguments of a call: parts with a comma between."""
    return [b for i, part in enumerate(parts) for b in ([ast.raw("], [")] if i else []) + part]


def _as_it_is(div: _Div) -> Node:
    """Notes of a table, items of a list or a row: what holds them asks for them."""
    return div.node


# In this order: the first class that a division has decides.
_DIVS: dict[str, Callable[[_Div], list[Node] | Node | None]] = {
    "table-record": _record_table,
    "table-notes": _as_it_is,
    "code-fold": lambda div: [] if div.fold == "drop" else div.blocks,
    "output": _printed,
    "key-findings": lambda div: _between("#nb-findings[", div.blocks, "]"),
    "prose": _prose,
    "item": _as_it_is,
    "list-record": lambda div: _set_list(div.node),
    "stretch": lambda div: [ast.raw(next((w for c, w in _STRETCH.items() if c in div.classes), "#v(0.4fr)"))],
    "front-page": _front_page,
    "beside": _beside,
    "output-note": lambda div: _between("#nb-note[", div.blocks, "]"),
}


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
    made = _INLINES.get(node["t"])
    return made(node["c"]) if made else None


def _math(content: Any) -> list[Node]:
    formula = " ".join(content[1].split())
    return [_raw(f"#nb-math({literal('Formula: ' + formula)}, ["), {"t": "Math", "c": content}, _raw("]);")]


def _image(content: Any) -> Node:
    triple, inlines, (target, _title) = content
    width = _length(dict(triple[2]).get("width"))
    return _raw(f"#nb-image({literal(target)}, {literal(ast.text_of(inlines))}, width: {width});")


def _code_block(content: Any) -> Node:
    (_, classes, _), text = content
    language = next((c for c in classes if c not in ("output-text", "raw")), None)
    lines = "\n".join(wrap(line, COLUMNS - 4) for line in text.expandtabs(4).split("\n"))
    return ast.raw(f"#nb-code({literal(lines)}, {literal(language)})")


def _span(content: Any) -> Node | None:
    if "dot" in content[0][1]:
        return _mark(content[0][1], ast.text_of(content[1]))
    for kind in ("sign", "rating"):
        if kind in content[0][1]:
            return _raw(f"#nb-{kind}({literal(_tone(content[0][1], kind))}, {literal(ast.text_of(content[1]))});")
    _guard(content[1])
    return None


def _items(items: list[list[Node]]) -> None:
    for item in items:
        _guard_blocks(item)


def _definitions(content: Any) -> None:
    for term, definitions in content:
        _guard(term)
        _items(definitions)


_INLINES: dict[str, Callable[[Any], Node | list[Node] | None]] = {
    "Cite": lambda c: c[1],  # formatted already; Typst's own citations are not wanted
    "Str": lambda c: _str(c),
    "Code": lambda c: _raw(f"#nb-inline-code({literal(breakable(c[1], 30))});"),
    "Math": _math,
    "Image": _image,
    "CodeBlock": _code_block,
    "Span": _span,
    "Link": lambda c: _guard(c[1]),
    "Header": lambda c: _guard(c[2]),
    "Note": lambda c: _guard_blocks(c),
    "BulletList": _items,
    "OrderedList": lambda c: _items(c[1]),
    "DefinitionList": _definitions,
    **dict.fromkeys(
        ("Strong", "Emph", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"), lambda c: _guard(c)
    ),
}


def _mark(classes: list[str], words: str) -> Node:
    """A drawn mark, which is heard as its words and beside them where they are to be said."""
    kind = _tone(classes, "dot") or "none"
    return _raw(f"#nb-mark({literal(kind)}, {literal(words)}, said: {literal('said' in classes)});")


def _tone(classes: list[str], kind: str) -> str:
    return next((c.removeprefix(f"{kind}-") for c in classes if c.startswith(f"{kind}-")), "")


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

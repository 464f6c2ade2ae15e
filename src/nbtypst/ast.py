"""Pandoc's document tree as plain JSON values: constructors, a walk, and text extraction.

Blocks and inlines are the dicts of Pandoc's JSON format (``{"t": "Para", "c": [...]}``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Node = dict[str, Any]
API_VERSION = [1, 23, 1]
LEAVES = ("Str", "Space")  # most of all nodes


def attr(id: str = "", classes: Iterable[str] = (), **kv: str) -> list[Any]:
    """Pandoc's attribute triple; underscores in key names become hyphens."""
    return [id, list(classes), [[k.replace("_", "-"), str(v)] for k, v in kv.items()]]


def string(text: str) -> Node:
    """A literal piece of text."""
    return {"t": "Str", "c": text}


def words(text: str) -> list[Node]:
    """Literal text as Str and Space nodes, so that writers may break lines; newlines become LineBreak."""
    nodes: list[Node] = []
    for i, line in enumerate(text.split("\n")):
        if i:
            nodes.append({"t": "LineBreak"})
        for piece in re.split(r"( +)", line.replace("\t", " ").replace("\r", "")):
            if piece.isspace():
                nodes.append({"t": "Space"})
            elif piece:
                nodes.append(string(piece))
    return nodes


def para(inlines: list[Node]) -> Node:
    """A paragraph."""
    return {"t": "Para", "c": inlines}


def plain(inlines: list[Node]) -> Node:
    """Inlines without a paragraph."""
    return {"t": "Plain", "c": inlines}


def div(blocks: list[Node], id: str = "", classes: Iterable[str] = (), **kv: str) -> Node:
    """A Div."""
    return {"t": "Div", "c": [attr(id, classes, **kv), blocks]}


def span(inlines: list[Node], id: str = "", classes: Iterable[str] = (), **kv: str) -> Node:
    """A Span."""
    return {"t": "Span", "c": [attr(id, classes, **kv), inlines]}


def strong(inlines: list[Node]) -> Node:
    """Strong emphasis."""
    return {"t": "Strong", "c": inlines}


def link(inlines: list[Node], target: str, classes: Iterable[str] = ()) -> Node:
    """A link."""
    return {"t": "Link", "c": [attr("", classes), inlines, [target, ""]]}


def image(alt: str, target: str, **kv: str) -> Node:
    """An image whose description is literal text."""
    return {"t": "Image", "c": [attr(**kv), words(alt), [target, ""]]}


def code_block(text: str, classes: Iterable[str] = (), id: str = "") -> Node:
    """A code block."""
    return {"t": "CodeBlock", "c": [attr(id, classes), text]}


def code(text: str, classes: Iterable[str] = ()) -> Node:
    """Inline code."""
    return {"t": "Code", "c": [attr("", classes), text]}


def figure(body: list[Node], caption: list[Node], id: str = "", classes: Iterable[str] = (), **kv: str) -> Node:
    """A Figure with caption paragraphs."""
    return {"t": "Figure", "c": [attr(id, classes, **kv), [None, caption], body]}


def raw(text: str, fmt: str = "typst", inline: bool = False) -> Node:
    """Raw output; only for text that this package wrote itself."""
    return {"t": "RawInline" if inline else "RawBlock", "c": [fmt, text]}


def table(
    header: list[list[Node]],
    rows: list[list[list[Node]]],
    aligns: list[str],
    widths: list[float | None],
    caption: list[Node],
    classes: Iterable[str] = (),
) -> Node:
    """A Table; `header` and `rows` hold cells as lists of inlines; no width at all means automatic.

    `aligns` are ``left``, ``center``, ``right`` or ``decimal`` (right, to Pandoc); they stay
    readable in the key ``aligns``.
    """
    names = {"left": "AlignLeft", "center": "AlignCenter", "right": "AlignRight", "decimal": "AlignRight"}
    specs = [
        [{"t": names[a]}, {"t": "ColWidth", "c": w} if w else {"t": "ColWidthDefault"}]
        for a, w in zip(aligns, widths, strict=True)
    ]

    def row(cells: list[list[Node]]) -> list[Any]:
        return [attr(), [[attr(), {"t": "AlignDefault"}, 1, 1, [plain(c)] if c else []] for c in cells]]

    head = [attr(), [row(header)]]
    body = [attr(), 0, [], [row(r) for r in rows]]
    return {
        "t": "Table",
        "c": [attr("", classes, aligns=" ".join(aligns)), [None, caption], specs, head, [body], [attr(), []]],
    }


def document(blocks: list[Node], meta: dict[str, Any] | None = None) -> dict[str, Any]:
    """A Pandoc document; `meta` holds plain values (str, bool, list, dict)."""
    return {
        "pandoc-api-version": API_VERSION,
        "meta": {k: meta_value(v) for k, v in (meta or {}).items()},
        "blocks": blocks,
    }


def meta_value(value: Any) -> Node:
    """A plain value as Pandoc metadata; strings are literal."""
    if isinstance(value, bool):
        return {"t": "MetaBool", "c": value}
    if isinstance(value, dict):
        return {"t": "MetaMap", "c": {str(k): meta_value(v) for k, v in value.items()}}
    if isinstance(value, list | tuple):
        return {"t": "MetaList", "c": [meta_value(v) for v in value]}
    return {"t": "MetaString", "c": str(value)}


def attr_of(node: Node) -> list[Any] | None:
    """The attribute triple of a node that has one (the list itself, so it may be changed)."""
    kind, content = node["t"], node.get("c")
    if kind in ("Div", "Span", "CodeBlock", "Code", "Link", "Image", "Figure", "Table"):
        return content[0]  # type: ignore[index]
    return content[1] if kind == "Header" else None  # type: ignore[index]


def classes_of(node: Node) -> list[str]:
    """Classes of a node; empty where it has none."""
    found = attr_of(node)
    return list(found[1]) if found else []


def nodes(tree: Any, *closed: str) -> Iterator[Node]:
    """Every node below `tree`, itself included, in document order; none inside a node of the kinds `closed`."""
    stack: list[Iterator[Any]] = [iter((tree,))]
    while stack:  # a stack, not recursion: hostile input nests deeply
        for value in stack[-1]:
            below = value
            if isinstance(value, dict):
                kind = value.get("t")
                if kind in LEAVES:
                    yield value
                    continue
                if kind is None:
                    below = list(value.values())
                else:
                    yield value
                    below = None if kind in closed else value.get("c")
                    if isinstance(below, dict):
                        below = [below]
            if isinstance(below, list) and below:  # most nodes are a word or a space, and hold none
                stack.append(iter(below))
                break
        else:
            stack.pop()


def depth(tree: Any) -> int:
    """How deeply the values of `tree` are nested."""
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(v for v in value.values() if isinstance(v, dict | list))
            else:
                below.extend(v for v in value if isinstance(v, dict | list))
        level = below
    return deepest


Change = Callable[[Node], Node | list[Node] | None]


def transform(tree: Any, change: Change, *, leaves: bool = True) -> Any:
    """Rebuild `tree` from the leaves up; `change` returns None to keep, a node, or a list to splice.

    Without `leaves`, words and blanks are no matter of `change`, and are shared with what is made.
    """
    if isinstance(tree, list):
        return _items(tree, change, leaves)
    return _node(tree, change, leaves) if isinstance(tree, dict) else tree


def _node(tree: Node, change: Change, leaves: bool) -> Any:
    """A mapping, a node or what one holds; apart from lists, since a report asks a million times."""
    made: Node = {}
    for name, value in tree.items():
        if isinstance(value, list):
            made[name] = _items(value, change, leaves) if value else []
        else:
            made[name] = _node(value, change, leaves) if isinstance(value, dict) else value
    changed = change(made) if "t" in made else None
    return made if changed is None else changed


def _items(tree: list[Any], change: Change, leaves: bool) -> list[Any]:
    out: list[Any] = []
    for item in tree:
        if isinstance(item, dict):
            made: Any
            if item.get("t") in LEAVES:
                made = item
                if leaves:
                    made = item.copy()
                    changed = change(made)
                    made = made if changed is None else changed
            else:
                made = _node(item, change, leaves)
            if isinstance(made, list):
                out += made
            else:
                out.append(made)
        elif isinstance(item, list):
            out.append(_items(item, change, leaves) if item else [])
        else:
            out.append(item)
    return out


def copied(tree: Any) -> Any:
    """A copy of which nothing is shared with `tree`."""
    return transform(tree, lambda _: None)


def text_of(tree: Any, *, glued: bool = False) -> str:
    """The text of inlines or blocks without markup, notes left out; no-break spaces only where `glued` keeps them."""
    parts: list[str] = []
    stack = [tree]
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            kind = value.get("t")
            if kind == "Str":
                parts.append(value["c"])
            elif kind in ("Space", "SoftBreak", "LineBreak"):
                parts.append(" ")
            elif kind in ("Code", "Math", "CodeBlock"):
                parts.append(value["c"][1])
            elif kind == "Quoted":
                single = value["c"][0]["t"] == "SingleQuote"
                parts.append("‘" if single else "“")
                stack.extend(["’" if single else "”", value["c"][1]])
            elif kind in ("Para", "Plain", "Header"):
                stack.extend([" ", value["c"]])
            elif kind not in ("Note", "RawInline", "RawBlock"):
                stack.append(value.get("c"))
        elif isinstance(value, str) and value in (" ", "’", "”"):
            parts.append(value)
    return re.sub(r"[^\S\u00a0\u202f]+" if glued else r"\s+", " ", "".join(parts)).strip()


def says_something(inlines: list[Node]) -> bool:
    """Whether a heading has words; a picture's description is none."""
    return bool(text_of(transform(inlines, lambda n: [] if n["t"] == "Image" else None)))


def names_group(row: list[Any]) -> bool:
    """Whether a table's row says something in the first of its cells alone: the name of a group of rows.

    In a table of two columns, where the other cell may be blank for want of a value, the name is set strong.
    """
    first, *others = row[1] or [None]
    if not others or not text_of(first[4]) or any(text_of(cell[4]) for cell in others):
        return False
    inlines = first[4][0]["c"] if first[4][0]["t"] in ("Plain", "Para") else []
    return len(others) > 1 or [n["t"] for n in inlines] == ["Strong"]


def spread(row: list[Any], columns: int) -> list[Any]:
    """The row of a group's name, which stands across all columns."""
    attributes, align, down, _, content = row[1][0]
    return [row[0], [[attributes, align, down, columns, content]]]


def slug(text: str) -> str:
    """``Harm and precision`` as ``harm-and-precision``; letters of any script are kept."""
    folded = unicodedata.normalize("NFC", text).lower().replace("’", "").replace("'", "")
    return re.sub(r"[^\w]+", "-", folded).strip("-_") or "section"


def target(kind: str, label: str) -> str:
    """The id of what has a label: ``fig-harvest`` of ``harvest``, ``tab-x`` of ``tbl-x``.

    Examples
    --------
    >>> target("fig", "Fig:Harvest"), target("tab", "tbl-x"), target("sec", "sec-x")
    ('fig-harvest', 'tab-x', 'sec-x')
    """
    name = slug(label)
    name = f"tab-{name[4:]}" if name.startswith("tbl-") else name
    return name if name.startswith(f"{kind}-") else f"{kind}-{name}"


_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff0-\uffff"
    "\ud800-\udfff\ue000-\uf8ff\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)


def printable(text: str) -> str:
    """Text without control, bidirectional-override, private-use and surrogate characters."""
    return _UNPRINTABLE.sub("", text)

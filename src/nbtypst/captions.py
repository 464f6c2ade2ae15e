"""Captions and labels in their places: those that a cell asks for (``#| tbl-cap``), and those written beside things.

``: A caption {#tbl-x}`` below a table, ``(label)=`` before anything, ``::: {#fig-x}`` around pictures or tables.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from nbtypst import ast, html_source, markdown
from nbtypst.ast import Node
from nbtypst.callouts import NUMBERED
from nbtypst.cell_options import items

_CLASS = "captioned"


def waiting(shown: list[Node], texts: Mapping[str, str], inlines: Callable[[str], Node]) -> list[Node]:
    """Outputs with the captions that are meant for one of them.

    Parameters
    ----------
    shown : list of Node
        Outputs of a cell, with slots for what is to be read.
    texts : mapping
        ``table``, ``caption`` and ``id``, as in `cell_options.Wishes`.
    inlines : callable
        Markdown -> a slot for its inlines.
    """
    shown = _together(shown) if len(items(texts.get("caption", ""))) == 1 else shown
    used = any(n["t"] == "Figure" for n in ast.nodes(shown))
    wanted = texts.get("table") or ("" if used else texts.get("caption", ""))
    if not shown or not wanted:
        return shown
    id = texts.get("id", "")
    id = ast.target("tab", id) if id.startswith("tbl-") else id
    lines = [ast.para([inlines(line)]) for line in items(wanted)]
    return [ast.div([ast.div(lines), *shown], classes=[_CLASS], record=id)]


def _together(shown: list[Node]) -> list[Node]:
    """Pictures of one cell, whose one caption is meant for all, as one figure."""
    figures = [block for block in shown if block["t"] == "Figure"]
    if len(figures) < 2 or any(figure["c"][0] != figures[0]["c"][0] for figure in figures):
        return shown
    parts = list(itertools.chain.from_iterable(figure["c"][2] for figure in figures))
    whole = {"t": "Figure", "c": [*figures[0]["c"][:2], parts]}
    place = shown.index(figures[0])
    others = [block for block in shown if block["t"] != "Figure"]
    return [*others[:place], whole, *others[place:]]


def placed(node: Node) -> list[Node] | None:
    """Tables that have no caption get those that wait, else a note on what cannot be shown; else it stands below."""
    if node["t"] != "Div" or _CLASS not in node["c"][0][1]:
        return None
    waits, *shown = node["c"][1]
    lines = list(waits["c"][1])
    id = dict(node["c"][0][2]).get("record", "")
    several = len(lines) > 1
    tables = [n for n in ast.nodes(shown) if n["t"] == "Table" and not n["c"][1][1]]
    for number, (table, line) in enumerate(zip(tables, lines, strict=False), start=1):
        table["c"][1] = [None, [line]]
        table["c"][0][0] = table["c"][0][0] or (f"{id}-{number}" if id and several else id)
    notes = [block for block in shown if "output-note" in ast.classes_of(block)]
    if not tables and notes and id.startswith("fig-"):
        held = ast.figure([ast.plain(notes[0]["c"][1][0]["c"])], lines, id, ["record"])
        return [held if block is notes[0] else block for block in shown]
    return [*shown, *lines[len(tables) :]]


def listing(texts: Mapping[str, str], inlines: Callable[[str], Node]) -> list[Node]:
    """The numbered caption of a cell's code, where the cell has one (``#| lst-cap``)."""
    if not texts.get("listing"):
        return []
    line = [ast.string("Listing"), ast.string("."), {"t": "Space"}, inlines(texts["listing"])]
    return [ast.div([ast.para(line)], texts.get("listing-id", ""), [f"{NUMBERED}listing"])]


def arranged(tree: Any) -> Any:
    """`tree` with each caption in its table and each label at what it names."""
    if isinstance(tree, dict):
        node = {key: arranged(value) for key, value in tree.items()}
        return _division(node) if node.get("t") == "Div" else node
    if not isinstance(tree, list):
        return tree
    items = [arranged(item) for item in tree]
    return _sequence(items) if all(isinstance(item, dict) and "t" in item for item in items) else items


def _sequence(blocks: list[Node]) -> list[Node]:
    out: list[Node] = []
    labels: list[str] = []
    for block, following in itertools.zip_longest(blocks, blocks[1:]):
        if "target" in ast.classes_of(block):
            labels.append(dict(block["c"][0][2]).get("label", ""))
            continue
        table = next((b for b in (*out[-1:], following) if b and _open_table(b)), None)
        if table and (line := _caption(block)):
            _give(table, line)
            continue
        if row := _captioning_row(block):
            _give(block, row)
        for label in labels:
            block = _labelled(block, label)
        labels = []
        out.append(block)
    return out


def _open_table(block: Node) -> bool:
    table = block["c"][1][0] if block["t"] == "Div" and len(block["c"][1]) == 1 else block
    return bool(table["t"] == "Table" and not table["c"][1][1])


def _caption(block: Node) -> list[Node]:
    """A caption's inlines: a paragraph that begins with ``:`` or ``Table:``; nothing where it is none."""
    line = block["c"] if block["t"] in ("Para", "Plain") else []
    if len(line) > 2 and line[0] in ({"t": "Str", "c": ":"}, {"t": "Str", "c": "Table:"}) and line[1]["t"] == "Space":
        return list(line[2:])
    return []


def _captioning_row(table: Node) -> list[Node]:
    """The caption that stands directly below a table, as its last row; that row is taken away."""
    bodies = table["c"][4] if table["t"] == "Table" else []
    rows = bodies[-1][3] if bodies else []
    if not rows or table["c"][1][1]:
        return []
    first, *others = (cell[4] for cell in rows[-1][1])
    line = _caption(first[0]) if len(first) == 1 else []
    if not line or any(ast.text_of(cell) for cell in others):
        return []
    rows.pop()
    return line


def _give(block: Node, line: list[Node]) -> None:
    """The caption as the table's own, an id at its end as the table's id."""
    table = block["c"][1][0] if block["t"] == "Div" else block
    place = max((i for i, n in enumerate(line) if n["t"] == "Str" and n["c"].startswith("{")), default=len(line))
    own = markdown.attributes(ast.text_of(line[place:]))
    if own.get("id"):
        table["c"][0][0] = ast.target("tab", own["id"])
    table["c"][1] = [None, [ast.para(html_source.tidy(line[:place] if own else line))]]


def _labelled(block: Node, label: str) -> Node:
    """`block` with the label that stands before it."""
    picture = block["c"][0] if block["t"] in ("Para", "Plain") and len(block["c"]) == 1 else None
    if picture and picture["t"] == "Image":
        return ast.figure(
            [ast.plain([picture])], [ast.para(list(picture["c"][1]))], ast.target("fig", label), ["record"]
        )
    kind = {"Header": "sec", "Figure": "fig", "Table": "tab"}.get(block["t"])
    if kind is None:
        return ast.div([block], ast.target("to", label))
    block["c"][1 if kind == "sec" else 0][0] = ast.target(kind, label)
    return block


def _division(node: Node) -> Node:
    """``::: {#tbl-x}`` or ``{#fig-x}``: its last paragraph is the caption."""
    id, inner = node["c"][0][0], node["c"][1]
    captioned = len(inner) > 1 and inner[-1]["t"] == "Para"
    body, last = (inner[:-1], inner[-1:]) if captioned else (inner, [])
    if id.startswith("fig-"):
        return _figure(id, body, last) or node
    if not id.startswith(("tbl-", "tab-")) or not (tables := list(filter(_open_table, body))):
        return node
    tables[0]["c"][0][0] = ast.target("tab", id)
    for line in last:
        _give(tables[0], line["c"])
    return ast.div(body)


def _figure(id: str, body: list[Node], caption: list[Node]) -> Node | None:
    """Pictures under one caption; nothing where there is more than pictures."""
    pictures = [ast.plain([{"t": "Image", "c": n["c"]}]) for n in ast.nodes(body) if n["t"] == "Image"]
    alone = all(block["t"] in ("Para", "Plain", "Figure") for block in body)
    return ast.figure(pictures, caption, id, ["record"]) if pictures and alone else None

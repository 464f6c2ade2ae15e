"""One bracket where a reference and a citation stand side by side: (Figure 1; Reuters, 16 August 2020)."""

from __future__ import annotations

from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

_BLANKS = ("Space", "SoftBreak")


def joined(blocks: list[Node]) -> list[Node]:
    """Blocks in which a reference in brackets and formatted sources in brackets beside it share one pair.

    Parameters
    ----------
    blocks : list of Node
        Numbered, with formatted citations: a reference is a Link of class ``xref`` between brackets.
    """
    return ast.transform(blocks, lambda n: _joined(n) if n["t"] in ("Para", "Plain") else None)


def _joined(node: Node) -> Node:
    inlines = [_open(n) for n in node["c"]]
    for i in range(len(inlines) - 2):
        before, blank, after = inlines[i : i + 3]
        if blank["t"] not in _BLANKS or not _reference(inlines, i, before, after):
            continue
        ends, begins = _edge(before, -1), _edge(after, 0)
        if ends and begins and ends["c"].endswith(")") and begins["c"].startswith("("):
            ends["c"], begins["c"] = f"{ends['c'][:-1]};", begins["c"][1:]
    return {**node, "c": inlines}


def _reference(inlines: list[Node], i: int, before: Node, after: Node) -> bool:
    """Whether a bracketed reference stands on one side of a blank, and formatted sources on the other."""
    if after["t"] == "Cite":
        return before["t"] == "Str" and i > 0 and _is_link(inlines[i - 1])
    return before["t"] == "Cite" and after["t"] == "Str" and i + 3 < len(inlines) and _is_link(inlines[i + 3])


def _is_link(node: Node) -> bool:
    return node["t"] == "Link" and "xref" in node["c"][0][1]


def _edge(node: Node, place: int) -> Node | None:
    """The first or last Str of a Str or of a formatted citation, to change in place."""
    if node["t"] == "Cite":
        return node["c"][1][place] if node["c"][1] and node["c"][1][place]["t"] == "Str" else None
    return node


def _open(node: Node) -> Node:
    """A Str or citation of which the parts may be changed."""
    if node["t"] == "Str":
        return dict(node)
    if node["t"] == "Cite":
        parts: list[Any] = [dict(n) for n in node["c"][1]]
        return {**node, "c": [node["c"][0], parts]}
    return node

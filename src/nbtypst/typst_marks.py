"""What nodes must know of where they stand, before they become Typst one by one."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

NESTED, IN_CELL, AROUND = "nested", "in-cell", "around"
_HOLDERS = ("BlockQuote", "BulletList", "OrderedList", "DefinitionList", "Figure", "Note", "Table")
_GLUED = 12  # characters, at most, of a word that stands at a formula


def mark(blocks: list[Node], containers: Collection[str]) -> None:
    """Mark nodes in place.

    A table that stands inside something else, such as a Div of one of the classes `containers`, has no page of its own
    to be turned. A formula in a table has short lines; one in a line may have words right before and behind it.
    """
    holders = {*containers}
    found: list[tuple[Any, bool, bool]] = [(blocks, False, False)]
    while found:  # what is still to be read, and whether it stands inside something else, and in a table
        value, nested, celled = found.pop()
        if isinstance(value, dict) and "t" in value:
            classes = ast.classes_of(value)
            _mark(value, classes, nested, celled)
            nested = nested or _holds(value, classes, holders)
            celled |= value["t"] == "Table"
        for below in value.values() if isinstance(value, dict) else value:
            if isinstance(below, list) or (isinstance(below, dict) and below.get("t") not in ast.LEAVES):
                found.append((below, nested, celled))


def _holds(node: Node, classes: list[str], holders: set[str]) -> bool:
    """Whether what is in a node has no page of its own."""
    return node["t"] in _HOLDERS or not holders.isdisjoint(classes)


def _mark(node: Node, classes: Collection[str], nested: bool, celled: bool) -> None:
    kind = node["t"]
    if kind == "Table" and nested and NESTED not in classes:
        node["c"][0][1].append(NESTED)
    elif kind == "Span" and celled and "formula" in classes and IN_CELL not in classes:
        node["c"][0][1].append(IN_CELL)
    elif kind in ("Para", "Plain", "Header"):
        _count(node["c"][2] if kind == "Header" else node["c"])


def _count(inlines: list[Node]) -> None:
    """How many characters stand at each formula without a blank."""
    if not any(node["t"] == "Span" for node in inlines):
        return
    blank: Node = {"t": "Space"}
    for (before, node), (_, behind) in pairwise(pairwise([blank, *inlines, blank])):
        glued = sum(min(len(n["c"]), _GLUED) for n in (before, behind) if n["t"] == "Str")
        if glued and node["t"] == "Span" and "formula" in ast.classes_of(node):
            node["c"][0][2].append([AROUND, str(glued)])

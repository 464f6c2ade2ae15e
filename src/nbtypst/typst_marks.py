"""What nodes must know of where they stand, before they become Typst one by one."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

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
    for node in ast.nodes(blocks):
        if node["t"] in _HOLDERS or {*ast.classes_of(node)} & {*containers}:
            _classify(node["c"], "Table", "", NESTED)
        if node["t"] == "Table":
            _classify(node["c"], "Span", "formula", IN_CELL)
        if node["t"] in ("Para", "Plain", "Header"):
            _count(node["c"][2] if node["t"] == "Header" else node["c"])


def _classify(content: list[Node], kind: str, having: str, name: str) -> None:
    for node in ast.nodes(content):
        if node["t"] == kind and (not having or having in ast.classes_of(node)) and name not in ast.classes_of(node):
            node["c"][0][1].append(name)


def _count(inlines: list[Node]) -> None:
    """How many characters stand at each formula without a blank."""
    blank: Node = {"t": "Space"}
    for (before, node), (_, behind) in pairwise(pairwise([blank, *inlines, blank])):
        glued = sum(min(len(n["c"]), _GLUED) for n in (before, behind) if n["t"] == "Str")
        if glued and node["t"] == "Span" and "formula" in ast.classes_of(node):
            node["c"][0][2].append([AROUND, str(glued)])

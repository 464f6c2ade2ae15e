"""Captions that a cell asks for (``#| tbl-cap``, ``#| fig-cap``): they wait until its outputs are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

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
    used = any(n["t"] == "Figure" for n in ast.nodes(shown))
    wanted = texts.get("table") or ("" if used else texts.get("caption", ""))
    if not shown or not wanted:
        return shown
    id = texts.get("id", "")
    id = "tab-" + id[4:] if id.startswith("tbl-") else id
    return [ast.div([ast.para([inlines(wanted)]), *shown], classes=[_CLASS], record=id)]


def placed(node: Node) -> list[Node] | None:
    """The first table that has no caption gets the one that waits; without a table it stands below the outputs."""
    if node["t"] != "Div" or _CLASS not in node["c"][0][1]:
        return None
    caption, *shown = node["c"][1]
    pairs: dict[str, Any] = dict(node["c"][0][2])
    for table in ast.nodes(shown):
        if table["t"] == "Table" and not table["c"][1][1]:
            table["c"][1] = [None, [caption]]
            table["c"][0][0] = table["c"][0][0] or pairs.get("record", "")
            return list(shown)
    return [*shown, caption]

"""The printed edition of a document: without the records that only the web page shows.

A record of class ``web-only`` (a table that repeats a chart's numbers, say) is numbered W1, W2 … and
left out of PDF and Word; references to it stay, as text.
"""

from __future__ import annotations

from nbtypst import ast
from nbtypst.ast import Node


def printed(blocks: list[Node]) -> list[Node]:
    """Blocks without web-only records, and without links to them."""
    gone = {
        triple[0]
        for node in ast.nodes(blocks)
        if (triple := ast.attr_of(node)) is not None and "web-only" in triple[1] and triple[0]
    }

    def keep(node: Node) -> Node | list[Node] | None:
        triple = ast.attr_of(node)
        if triple is not None and "web-only" in triple[1]:
            return []
        if node["t"] == "Link" and node["c"][2][0].removeprefix("#") in gone:
            return list(node["c"][1])
        return None

    return ast.transform(blocks, keep)

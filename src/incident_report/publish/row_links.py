"""Links to the rows of a report: each incident's line has an address, each mention of it leads there."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from nbtypst.ast import Node, classes_of, link, nodes, string, text_of, transform

_MENTION = re.compile(r"([\[(]*)([A-Za-z][\w-]*\w)([\])]*[.,;:]?[\])]*(?:\s\*)?)")


def linked_rows(
    blocks: list[Node], ids: Collection[str], own: Callable[[str], list[Node]] = lambda _: []
) -> list[Node]:
    """The tree with an id on the line of each row, and a link to it wherever its id stands.

    Parameters
    ----------
    ids : collection of str
        Of incidents. A line is a table row that begins with one; of several tables the longest counts in which
        each has one line, then those in which some have more.
    own : function id -> blocks
        What stands below the id in its line.
    """
    homes = _homes(blocks, frozenset(ids))
    if not homes:
        return blocks
    at = -1

    def change(node: Node) -> Node | list[Node] | None:
        nonlocal at
        if node["t"] == "Space":
            return None
        if node["t"] == "Table":
            at += 1
            return _anchored(node, {id for id, home in homes.items() if home == at}, own)
        if node["t"] == "Code" and node["c"][1] in homes:
            return link([node], f"#{node['c'][1]}")
        if node["t"] == "Str" and (found := _MENTION.fullmatch(node["c"])) and found[2] in homes:
            before, id, after = found.groups()
            return [string(before), link([string(id)], f"#{id}"), string(after)]
        if node["t"] in ("Link", "Header"):  # no link stands in a link, nor in a heading
            return {**node, "c": transform(node["c"], lambda n: list(n["c"][1]) if n["t"] == "Link" else None)}
        return None

    changed: list[Node] = transform(blocks, change)
    return changed


def list_of_rows(blocks: list[Node], ids: Collection[str]) -> str:
    """Id of the record whose table is the list of the rows; empty where none lists any."""
    found = [
        (own, str(node["c"][0][0]))
        for node in nodes(blocks, "Table")
        if node["t"] == "Div" and "table-record" in classes_of(node)
        for table in nodes(node["c"][1], "Table")
        if table["t"] == "Table" and (own := _listed(table, ids))
    ]
    return min(found, key=lambda one: _rank(one[0]), default=([], ""))[1]


def _homes(blocks: list[Node], ids: frozenset[str]) -> dict[str, int]:
    """Row id -> number of the table in which it has its line."""
    tables = [n for n in nodes(blocks, "Table") if n["t"] == "Table"] if ids else []
    lists = [(at, _listed(node, ids)) for at, node in enumerate(tables)]
    found: dict[str, int] = {}
    for at, own in sorted(lists, key=lambda one: _rank(one[1])):
        for id in own:
            found.setdefault(id, at)
    return found


def _listed(table: Node, ids: Collection[str]) -> list[str]:
    return [id for body in table["c"][4] for row in body[3] if (id := _first(row)) in ids]


def _rank(listed: list[str]) -> tuple[bool, int]:
    """A list in which each stands once comes before one in which some have more lines, then the longer one."""
    return len(listed) > len(set(listed)), -len(listed)


def _first(row: Any) -> str:
    """The first word of a row: an id may have a sign behind it."""
    return (text_of(row[1][0][4]).split() or [""])[0] if row[1] else ""


def _anchored(table: Node, ids: set[str], own: Callable[[str], list[Node]]) -> Node:
    left = set(ids)

    def line(row: Any) -> Any:
        id = _first(row)
        if id not in left:
            return row
        left.discard(id)
        first, *others = row[1]
        return [[id, *row[0][1:]], [[*first[:4], [*first[4], *own(id)]], *others]]

    bodies = [[*body[:3], [line(row) for row in body[3]]] for body in table["c"][4]]
    return {**table, "c": [*table["c"][:4], bodies, *table["c"][5:]]}

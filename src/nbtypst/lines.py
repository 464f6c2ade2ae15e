"""Blocks as lines, for what holds no blocks: a table's cell, a caption."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node


def as_inlines(blocks: list[Node]) -> list[Node]:
    """Blocks as inlines: a line each paragraph, item, line of code and row of a table."""
    out: list[Node] = []
    for line in _lines(blocks):
        out += [{"t": "LineBreak"}] if out else []
        out += line
    return out


def untabled(node: Node) -> list[Node] | None:
    """A table within a table's cell as lines; None for anything else."""
    return [ast.plain(line) for line in _lines([node])] if node["t"] == "Table" else None


def _lines(blocks: list[Node]) -> Iterator[list[Node]]:
    for block in blocks:
        read = _LINES.get(block["t"])
        yield from read(block["c"]) if read else [ast.words(ast.text_of(block))]


def _items(items: Iterable[list[Node]], marks: Iterator[str]) -> Iterator[list[Node]]:
    for item, mark in zip(items, marks, strict=False):
        first, *rest = list(_lines(item)) or [[]]
        yield from ([ast.string(f"{mark}\u00a0"), *first], *rest)


def _defined(entries: list[Any]) -> Iterator[list[Node]]:
    for term, meanings in entries:
        yield [ast.strong(term)]
        for blocks in meanings:
            yield from _lines(blocks)


def _rows(table: list[Any]) -> Iterator[list[Any]]:
    _, _, _, head, bodies, foot = table
    for part in (head[1], *(part for body in bodies for part in body[2:]), foot[1]):
        yield from (row[1] for row in part)


def _row(cells: list[Any]) -> list[Node]:
    """Cells of a table within a cell, with a stroke between."""
    out: list[Node] = []
    for i, cell in enumerate(cells):
        out += [{"t": "Space"}, ast.string("|"), {"t": "Space"}] if i else []
        out += as_inlines(cell[4])
    return out


_LINES: dict[str, Callable[[Any], Iterable[list[Node]]]] = {
    "Para": lambda c: [c],
    "Plain": lambda c: [c],
    "Header": lambda c: [c[2]],
    "Div": lambda c: _lines(c[1]),
    "BlockQuote": lambda c: _lines(c),
    "LineBlock": lambda c: c,
    "CodeBlock": lambda c: [[ast.code(line)] for line in c[1].split("\n")],
    "Figure": lambda c: _lines([*c[2], *c[1][1]]),
    "BulletList": lambda c: _items(c, itertools.repeat("•")),
    "OrderedList": lambda c: _items(c[1], (f"{n}." for n in itertools.count(c[0][0]))),
    "DefinitionList": lambda c: _defined(c),
    "Table": lambda c: [*_lines(c[1][1]), *map(_row, _rows(c))],
}

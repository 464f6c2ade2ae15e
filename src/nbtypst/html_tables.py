"""Tables of HTML as tables of the tree, spans and header cells kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

_ALIGN = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
_STYLE = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)\b")
_OWN = ("thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup", "col", "style", "script", "template")
_WIDEST = 1_000  # columns


def table(element: Any, content: Callable[[Any], list[Node]]) -> list[Node]:
    """A ``<table>`` as a Table; nothing where it has no cells.

    Parameters
    ----------
    element : lxml element
        The table.
    content : callable
        Blocks of a cell.
    """
    head, body, foot = _rows(element)
    if not head:
        while body and all(cell.tag == "th" for cell in _cells(body[0])) and len(body) > 1:
            head.append(body.pop(0))
    grids = [_grid(rows, content) for rows in (head, body, foot)]
    columns = max((len(taken) for _, taken in grids), default=0)
    if not columns:
        return []
    made = [_filled(rows, taken, columns) for rows, taken in grids]
    specs = [[{"t": _column_align(made[1] or made[0], i)}, {"t": "ColWidthDefault"}] for i in range(columns)]
    labels = _labels(body)
    caption = next((content(c) for c in element.findall("caption")), [])
    caption = [ast.para(b["c"]) if b["t"] == "Plain" else b for b in caption]
    node = [
        ast.attr(element.get("id") or ""), [None, caption], specs, [ast.attr(), made[0]],
        [[ast.attr(), min(labels, columns), [], made[1]]], [ast.attr(), made[2]],
    ]  # fmt: skip
    return [{"t": "Table", "c": node}]


def strays(element: Any) -> list[Any]:
    """Elements that a table may not hold; a browser shows them before it."""
    parts = [element, *(part for part in element if part.tag in ("thead", "tbody", "tfoot"))]
    rows = [row for part in parts for row in part if row.tag == "tr"]
    return [child for part in (*parts, *rows) for child in part if child.tag not in _OWN and isinstance(child.tag, str)]


def _rows(element: Any) -> tuple[list[Any], list[Any], list[Any]]:
    parts: dict[str, list[Any]] = {"thead": [], "tbody": [], "tfoot": []}
    for child in element:
        if child.tag == "tr":
            parts["tbody"].append(child)
        elif child.tag in parts:
            parts[child.tag] += child.findall("tr")
    seen = [[row for row in rows if _cells(row)] for rows in parts.values()]
    return seen[0], seen[1], seen[2]


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _labels(rows: list[Any]) -> int:
    """Columns at the left that name every row: a label may span several rows."""
    until: list[int] = []  # by column: the row before which a label ends
    fewest = _WIDEST
    for number, row in enumerate(rows):
        at = 0
        for cell in [*_cells(row), None]:
            while at < len(until) and until[at] > number:
                at += 1
            if cell is None or cell.tag != "th":
                break
            across = min(_number(cell.get("colspan")), max(1, _WIDEST - at))
            until += [0] * (at + across - len(until))
            until[at : at + across] = [number + _number(cell.get("rowspan"), len(rows) - number)] * across
            at += across
        fewest = min(fewest, at)
    return fewest if rows else 0


def _grid(rows: list[Any], content: Callable[[Any], list[Node]]) -> tuple[list[list[Any]], list[int]]:
    """Rows of Pandoc's cells, and for each column how far down it is taken."""
    out: list[list[Any]] = []
    taken: list[int] = []
    for number, row in enumerate(rows):
        cells: list[Any] = []
        at = 0
        for cell in _cells(row):
            while at < len(taken) and taken[at] > number:
                at += 1
            across = min(_number(cell.get("colspan")), max(1, _WIDEST - at))
            down = _number(cell.get("rowspan"), len(rows) - number)
            down = max(1, min(down, len(rows) - number))
            while at + across > len(taken):
                taken.append(0)
            taken[at : at + across] = [number + down] * across
            own = [c for c in (cell.get("class") or "").split() if c.startswith("nb-")]  # colours: see html_styles
            cells.append([ast.attr("", own), {"t": _align(cell)}, down, across, content(cell)])
            at += across
        out.append([ast.attr(), cells])
    return out, taken


def _filled(rows: list[list[Any]], _taken: list[int], columns: int) -> list[list[Any]]:
    """Rows that all reach the last column."""
    until = [0] * columns
    for number, row in enumerate(rows):
        at = 0
        for cell in row[1]:
            while at < columns and until[at] > number:
                at += 1
            until[at : at + cell[3]] = [number + cell[2]] * min(cell[3], columns - at)
            at += cell[3]
        row[1] += [_blank() for i in range(at, columns) if until[i] <= number]
    return rows


def _blank() -> list[Any]:
    return [ast.attr(), {"t": "AlignDefault"}, 1, 1, []]


def _align(cell: Any) -> str:
    said = _STYLE.search(cell.get("style") or "")
    return _ALIGN.get(said[1] if said else (cell.get("align") or "").lower(), "AlignDefault")


def _column_align(rows: list[list[Any]], column: int) -> str:
    """The alignment that all cells of a column share."""
    found = {row[1][column][1]["t"] for row in rows if column < len(row[1]) and row[1][column][4]}
    return found.pop() if len(found) == 1 else "AlignDefault"


def _number(text: str | None, zero: int = 1) -> int:
    value = int(text) if text and re.fullmatch(r"\d{1,4}", text) else 1
    return value or max(1, zero)

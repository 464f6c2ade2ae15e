"""Tables of HTML as tables of the tree: each cell where a browser puts it, spans and header cells kept."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.html_source import unseen
from nbtypst.lines import untabled

HEADER = "nb-th"  # class of a body's header cell
_ALIGN = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
_STYLE = re.compile(r"(?:^|;)\s*text-align\s*:\s*(left|right|center)\b")
_PARTS = ("thead", "tbody", "tfoot")
_OWN = (*_PARTS, "tr", "td", "th", "caption", "colgroup", "col", "style", "script", "template")
_WIDEST = 1_000  # columns, as browsers have it
Content = Callable[[Any], list[Node]]


@dataclass(frozen=True)
class _Spot:
    """A cell of HTML at its place: first row and column of its part, rows and columns that it asks for."""

    cell: Any
    row: int
    column: int
    down: int
    across: int


@dataclass(frozen=True)
class _Part:
    """Head, body or foot: how many rows, and what stands in them."""

    height: int
    spots: list[_Spot]


def table(element: Any, content: Content) -> list[Node]:
    """A ``<table>`` as a Table; nothing where it has no cells.

    Parameters
    ----------
    element : lxml element
        The table.
    content : callable
        Blocks of a cell.
    """
    parts = [_Part(len(rows), _spots(rows)) for rows in _headed(*_rows(element))]
    spots = [spot for part in parts for spot in part.spots]
    if not spots:
        return []
    if _layout(spots):
        return [block for spot in spots for block in content(spot.cell)]
    begins = sorted({spot.column for spot in spots})  # a column where nothing begins is none
    return [_of_parts(element, [_squeezed(part, begins) for part in parts], len(begins), content)]


def _of_parts(element: Any, parts: Sequence[_Part], columns: int, content: Content) -> Node:
    """A Table of head, body and foot; in each of its columns a cell begins."""
    head, body, _ = parts
    above, rows, below = (list(_grid(part, columns, content)) for part in parts)
    aligns = [_column_align(body.spots or head.spots, i) for i in range(columns)]
    node = [
        ast.attr(element.get("id") or ""), [None, _caption(element, content)],
        [[{"t": a}, {"t": "ColWidthDefault"}] for a in aligns], [ast.attr(), above],
        [[ast.attr(), _labels(body, columns), [], rows]], [ast.attr(), below],
    ]  # fmt: skip
    return {"t": "Table", "c": node}


def _headed(head: list[Any], body: list[Any], foot: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
    """The same rows; where no row is a head's, the first ones are that are header cells only."""
    if head:
        return head, body, foot
    first = next((i for i, row in enumerate(body[:-1]) if any(c.tag != "th" for c in _cells(row))), len(body) - 1)
    return body[: max(0, first)], body[max(0, first) :], foot


def _layout(spots: Sequence[_Spot]) -> bool:
    """Whether a table only sets tables side by side: nothing in it is a label."""
    return not any(s.cell.tag == "th" for s in spots) and any(s.cell.find(".//table") is not None for s in spots)


def _caption(element: Any, content: Content) -> list[Node]:
    shown = [block for c in element.findall("caption") if not unseen(c) for block in content(c)]
    return [ast.para(b["c"]) if b["t"] == "Plain" else b for b in shown]


def strays(element: Any) -> list[Any]:
    """Elements and texts that a table may not hold; a browser shows them before it."""
    parts = [element, *(part for part in element if part.tag in _PARTS)]
    rows = [row for part in parts for row in part if row.tag == "tr"]
    return [found for part in (*parts, *rows) for found in _loose(part)]


def _loose(part: Any) -> Iterator[Any]:
    texts = (part.text, *(child.tail for child in part))
    yield from (child for child in part if child.tag not in _OWN and isinstance(child.tag, str))
    yield from (text for text in texts if text and text.strip())


def _rows(element: Any) -> tuple[list[Any], list[Any], list[Any]]:
    """Rows of head, body and foot; a second head or foot stands where it was written."""
    head: list[Any] = []
    body: list[Any] = []
    foot: list[Any] = []
    for child in element:
        if child.tag == "tr":
            body.append(child)
        elif child.tag in _PARTS and not unseen(child):
            first = child is element.find(child.tag)
            where = {"thead": head, "tfoot": foot}.get(child.tag, body) if first else body
            where += child.findall("tr")
    seen = [[row for row in rows if not unseen(row) and _cells(row)] for rows in (head, body, foot)]
    return seen[0], seen[1], seen[2]


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row if cell.tag in ("td", "th") and not unseen(cell)]


def _spots(rows: Sequence[Any]) -> list[_Spot]:
    """Cells where a browser puts them: each behind the one before it, past what cells above still cover."""
    out: list[_Spot] = []
    until = [0]  # by column: the row before which it is free again
    for number, row in enumerate(rows):
        at = 0
        for cell in _cells(row):
            while at < len(until) and until[at] > number:
                at += 1
            across = min(_number(cell.get("colspan")), max(1, _WIDEST - at))
            down = min(_number(cell.get("rowspan"), len(rows)), len(rows) - number)
            out.append(_Spot(cell, number, at, down, across))
            until += [0] * (at + across - len(until))
            until[at : at + across] = [max(until[i], number + down) for i in range(at, at + across)]
            at += across
    return out


def _squeezed(part: _Part, begins: Sequence[int]) -> _Part:
    """The part without the columns in which no cell of the table begins."""
    spots = []
    for spot in part.spots:
        first, last = (bisect_left(begins, i) for i in (spot.column, spot.column + spot.across))
        spots.append(_Spot(spot.cell, spot.row, first, spot.down, last - first))
    return _Part(part.height, spots)


def _grid(part: _Part, columns: int, content: Content) -> Iterable[list[Any]]:
    """Pandoc's rows: every place is one cell's, and where two ask for it the first one's."""
    places = {(spot.row, spot.column): spot for spot in part.spots}
    until = [0] * columns
    for y in range(part.height):
        line = []
        for x in range(columns):
            if until[x] > y:
                continue
            spot = places.get((y, x)) or _Spot(None, y, x, 1, 1)
            across = next((i for i in range(1, spot.across) if until[x + i] > y), spot.across)
            until[x : x + across] = [y + spot.down] * across
            line.append(_made(spot, across, content))
        yield [ast.attr(), line]


def _made(spot: _Spot, across: int, content: Content) -> list[Any]:
    if spot.cell is None:
        return [ast.attr(), {"t": "AlignDefault"}, 1, 1, []]
    own = [c for c in (spot.cell.get("class") or "").split() if c.startswith("nb-")]  # colours: see html_styles
    own += [HEADER] if spot.cell.tag == "th" else []
    return [ast.attr("", own), {"t": _align(spot.cell)}, spot.down, across, ast.transform(content(spot.cell), untabled)]


def _labels(part: _Part, columns: int) -> int:
    """Columns at the left that name every row: a label may span several rows."""
    until = [0] * columns  # by column: the row before which a label ends
    fewest = columns if part.height else 0
    places: dict[int, list[_Spot]] = {}
    for spot in part.spots:
        places.setdefault(spot.row, []).append(spot)
    for y in range(part.height):
        for spot in places.get(y, []):
            if spot.cell.tag == "th":
                until[spot.column : spot.column + spot.across] = [y + spot.down] * spot.across
        fewest = next((x for x in range(fewest) if until[x] <= y), fewest)
    return fewest


def _align(cell: Any) -> str:
    said = _STYLE.search(cell.get("style") or "")
    return _ALIGN.get(said[1] if said else (cell.get("align") or "").lower(), "AlignDefault")


def _column_align(spots: Iterable[_Spot], column: int) -> str:
    """The alignment that all cells of a column share, empty ones aside."""
    own = (s.cell for s in spots if s.column == column and s.across == 1)
    found = {_align(cell) for cell in own if cell.text_content().strip()}
    return found.pop() if len(found) == 1 else "AlignDefault"


def _number(text: str | None, zero: int = 1) -> int:
    """A span, as browsers read it."""
    found = re.match(r"\s*\+?(\d{1,9})", text or "")
    return (int(found[1]) or max(1, zero)) if found else 1

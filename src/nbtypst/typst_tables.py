"""Tables for Typst: which cell stands where, what it says and where decimals meet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nbtypst import ast, typst_layout
from nbtypst.ast import Node
from nbtypst.html_tables import HEADER
from nbtypst.lines import as_inlines
from nbtypst.typst_layout import Column, Layout, Part, Room
from nbtypst.typst_values import in_pieces, literal

_DECIMAL = re.compile(r"([-+−–<>≥≤~]?\s?\d[\d,\u202f ]*)(\.\d.*|%|\s.*)?\Z", re.S)
_FILL = re.compile(r"nb-(fill|ink)-([0-9a-f]{6})\Z")
_BAR = re.compile(r"nb-bar-([0-9a-f]{6})-(\d{1,3})-(\d{1,3})\Z")
_MEASURED = 3  # words of a column that Typst measures: the longest by characters
_MOST = 1_000  # rows of one table; readers and checkers bound theirs
_OVER_PAGES = 8  # rows; a cell that spans more may break over pages


@dataclass(frozen=True)
class Cell:
    """A cell at its place: first column, columns and rows it spans, what it says, its classes."""

    column: int
    columns: int
    rows: int
    inlines: list[Node]
    classes: Sequence[str] = ()
    label: bool = False

    @property
    def text(self) -> str:
        """What it says."""
        return ast.text_of(self.inlines, glued=True)

    @property
    def simple(self) -> bool:
        """Whether it is nothing but text."""
        return all(n["t"] in ("Str", "Space", "SoftBreak") for n in self.inlines)

    @property
    def filled(self) -> bool:
        """Whether it has a colour or a bar behind its text."""
        return any(_FILL.match(c) or _BAR.match(c) for c in self.classes)


Rows = list[list[Cell]]


def placed(part: Sequence[Any], count: int, labels: int | None = None) -> Rows:
    """Rows of a head or body, each cell at the column that spanning cells before and above it leave.

    Spans end with the part and with the table; a row that is too short is filled up. A body (of which `labels` columns
    at the left name the rows) says which cells are labels.
    """
    taken = [0] * count  # rows below that a cell above still covers, by column
    out: Rows = []
    for y, (_, cells) in enumerate(part):
        row: list[Cell] = []
        x = 0
        for (_, classes, _), _, down, across, content in [*cells, *[_empty() for _ in range(count)]]:
            while x < count and taken[x]:
                x += 1
            if x >= count:
                break
            free = next((i for i in range(x, count) if taken[i]), count)
            columns, rows = max(1, min(across, free - x)), max(1, min(down, len(part) - y))
            label = labels is not None and (x < labels or HEADER in classes)
            row.append(Cell(x, columns, rows, as_inlines(content), classes, label))
            for i in range(x, x + columns):
                taken[i] = rows
            x += columns
        taken = [max(0, t - 1) for t in taken]
        out.append(row)
    return out


def _empty() -> list[Any]:
    return [ast.attr(), {"t": "AlignDefault"}, 1, 1, []]


def source(
    table: Node,
    *,
    fixed: bool = False,
    room: Room | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> tuple[list[Node], Layout]:
    """Inlines (raw Typst around cells) that make the arguments of ``nb-table``, and its layout.

    With `fixed`, columns are as wide as was asked, whatever they hold, and stand as arguments of their own.
    """
    _, _caption, specs, head, bodies, foot = table["c"]
    count = len(specs)
    labels = min((b[1] for b in bodies), default=0)
    header = placed(head[1], count)
    body = [r for b in bodies for part in (b[2], b[3]) for r in placed(part, count, labels)]
    body += placed(foot[1], count, 0)
    keys = dict(ast.attr_of(table)[2])  # type: ignore[index]
    aligns = keys.get("aligns", "").split()
    if len(aligns) != count:
        names = {"AlignRight": "right", "AlignCenter": "center"}
        aligns = [names.get(s[0]["t"], "") or guess_align(body, i) for i, s in enumerate(specs)]
    coded = {c.column for row in (*header, *body) for c in row if any(n["t"] == "Code" for n in ast.nodes(c.inlines))}
    bold = {c.column for row in body for c in row if c.label and c.columns == 1}
    columns = [
        Column(_texts(header, i), _texts(body, i), s[1].get("c"), i in bold, i in coded) for i, s in enumerate(specs)
    ]
    rows = [[cell.text for cell in row] for row in body if len(row) == count]
    room = room or Room()
    wide = "wide" in ast.classes_of(table)
    layout = typst_layout.choose(columns, rows, room, wide=wide, fixed=fixed, labels=labels)
    out: list[Node] = []
    if fixed:
        wanted = [c.wanted for c in columns]
        part = Part(range(count), wanted if all(wanted) else [None] * count)
        out.append(ast.raw(f"size: {layout.size}pt, ", inline=True))
        _part(out, part, header, body, aligns, layout.longest)
        return out, layout
    _say(layout, warn, wide)
    out.append(ast.raw(f"size: {layout.size}pt, columns: {count}, parts: (", inline=True))
    chunks = _chunks(body)
    # A head that is repeated is an artifact, and an artifact may hold no link.
    once = any(n["t"] in ("Link", "Note", "Cite") for row in header for c in row for n in ast.nodes(c.inlines))
    for part in layout.parts:
        own = zip(part.columns, part.widths, strict=True)
        words = [_measured(columns[i], layout.longest, width is None, aligns[i]) for i, width in own]
        for first, rows_here in chunks:
            which = (first + 1, first + len(rows_here), len(body)) if len(chunks) > 1 else None
            filled = any(c.filled for row in rows_here for c in row)
            places = f"numbers: {literal(list(part.columns))}, lines: {literal(which)}, filled: {literal(filled)}, "
            places += f"repeat: {literal(not once)}, "
            places += f"words: {literal(words)}, "
            out.append(ast.raw(f"({places}", inline=True))
            _part(out, part, header, rows_here, aligns, layout.longest)
            out.append(ast.raw("), ", inline=True))
    out.append(ast.raw(")", inline=True))
    return out, layout


def _chunks(body: Rows) -> list[tuple[int, Rows]]:
    """The body in tables of no more rows than one may have, cut where no cell spans the cut; with their first rows."""
    out: list[tuple[int, Rows]] = []
    start = covered = 0
    for i, row in enumerate(body):
        if i - start >= _MOST and covered <= i:
            out.append((start, body[start:i]))
            start = i
        covered = max([covered, *(i + cell.rows for cell in row)])
    return [*out, (start, body[start:])]


def _say(layout: Layout, warn: Callable[[str], None], wide: bool) -> None:
    if len(layout.parts) > 1:
        warn(f"a table is wider than the page: its columns are set in {len(layout.parts)} groups, one below the other")
    elif layout.landscape and not wide:
        warn("a table is wider than the page: it stands on a page that is turned")


def _texts(rows: Rows, column: int) -> list[str]:
    return [c.text for row in rows for c in row if c.column == column and c.columns == 1]


def _part(out: list[Node], part: Part, header: Rows, body: Rows, aligns: Sequence[str], longest: int) -> None:
    """The arguments for columns that stand side by side."""
    own = [aligns[i] for i in part.columns]
    tails = [_tails(body, i) if aligns[i] == "decimal" else [] for i in part.columns]
    widths = "".join("auto, " if w is None else f"{w:.3f}fr, " for w in part.widths)
    out.append(ast.raw(f"widths: ({widths}), aligns: {literal(own)}, tails: {literal(tails)}, header: (", inline=True))
    for name, rows in (("head", header), ("body", body)):
        if name == "body":
            out.append(ast.raw("), rows: (", inline=True))
        for row in rows:
            out.append(ast.raw("(", inline=True))
            for cell in row:
                if here := _within(cell, part.columns):
                    align = aligns[cell.column] if name == "body" and cell.columns == 1 else "left"
                    _cell(out, here, align, longest)
            out.append(ast.raw("),", inline=True))
    out.append(ast.raw(")", inline=True))


def _within(cell: Cell, columns: Sequence[int]) -> Cell | None:
    """The cell as far as it stands in these columns."""
    shared = [at for at, i in enumerate(columns) if cell.column <= i < cell.column + cell.columns]
    if not shared:
        return None
    return Cell(shared[0], len(shared), cell.rows, cell.inlines, cell.classes, cell.label)


def _measured(column: Column, longest_word: int, whole: bool, align: str) -> list[list[str]]:
    """What Typst measures: longest words of head and body (its cells, if they are to stay whole), and the head."""
    heads, texts = column.words(longest_word)
    if whole:
        texts = texts | set(column.texts)
    longest = [sorted(found, key=lambda w: (-len(w), w))[:_MEASURED] for found in (heads, texts)]
    if column.bold:
        longest[0] += longest[1]
    if column.code:  # a face in which all letters are as wide as this one
        longest[0].append("n" * max(map(len, heads | texts), default=0))
    if align == "decimal" and (split := [p for p in map(split_decimal, column.texts) if p]):
        longest[1].append(max((p[0] for p in split), key=len) + max((p[1] for p in split), key=len))
    return [*longest, [max(column.heads, key=len, default="")]]


def guess_align(body: Rows, index: int) -> str:
    """Right for a column of numbers, else left."""
    values = [v for v in _texts(body, index) if v]
    return "right" if values and all(re.fullmatch(r"[-+−]?[\d.,eE+%-]+|nan|NaN", v) for v in values) else "left"


def split_decimal(text: str) -> tuple[str, str] | None:
    """``12.50`` as ``("12", ".50")``; None for what is no number."""
    match = _DECIMAL.match(text)
    return (match.group(1).strip(), match.group(2) or "") if match else None


def _tails(body: Rows, index: int) -> list[str]:
    """What follows the decimal point in a column, each once."""
    return sorted({parts[1] for text in _texts(body, index) if (parts := split_decimal(text))})


def _cell(out: list[Node], cell: Cell, align: str, longest: int) -> None:
    simple = cell.simple
    parts = split_decimal(ast.text_of(cell.inlines, glued=True)) if align == "decimal" and simple else None
    if parts:
        out.append(ast.raw(f"{literal([*parts, cell.column])}, ", inline=True))
        return
    how = _traits(cell)
    ink = next((m.group(2) for c in cell.classes if (m := _FILL.match(c)) and m.group(1) == "ink"), "")
    open_, close = ("", "") if simple else ("[", "]")
    if ink:
        open_, close = f'text(fill: rgb("#{ink}"), {open_}', f"{close})"
    if cell.label:
        open_, close = f"strong({open_}", f"{close})"
    if how:
        open_, close = f"table.cell({how}{open_}", f"{close})"
    close += ", "
    if simple:
        out.append(ast.raw(open_ + literal(in_pieces(cell.text, longest)) + close, inline=True))
    else:
        broken = ast.transform(cell.inlines, lambda node: _in_pieces(node, longest))
        out.extend([ast.raw(open_, inline=True), *broken, ast.raw(close, inline=True)])


def _in_pieces(node: Node, longest: int) -> Node | None:
    """Text or code of which the long words may break."""
    if node["t"] == "Str":
        return ast.string(in_pieces(node["c"], longest))
    return {"t": "Code", "c": [node["c"][0], in_pieces(node["c"][1], longest)]} if node["t"] == "Code" else None


def _traits(cell: Cell) -> str:
    """Arguments of ``table.cell``: spans, colour, bar; empty for a cell like any other."""
    how = f"colspan: {cell.columns}, " if cell.columns > 1 else ""
    if cell.rows > 1:
        how += f"rowspan: {cell.rows}, " + ("breakable: true, " if cell.rows > _OVER_PAGES else "")
    fill = next((f'rgb("#{m.group(2)}")' for c in cell.classes if (m := _FILL.match(c)) and m.group(1) == "fill"), "")
    bar = next((m for c in cell.classes if (m := _BAR.match(c))), None)
    if bar:
        return how + f'fill: nb-bar(rgb("#{bar.group(1)}"), {bar.group(2)}%, {bar.group(3)}%, {fill or "white"}), '
    return how + (f"fill: {fill}, " if fill else "")

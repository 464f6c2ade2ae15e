"""Tables for Typst: which cell stands where, what it says and where decimals meet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nbtypst import ast, typst_layout
from nbtypst.ast import Node
from nbtypst.typst_cells import BAR, FILL, FORMULA, Cell, Rows, ems, height, placed, tallest, texts, uncounted, within
from nbtypst.typst_layout import Column, Layout, Part, Room
from nbtypst.typst_values import in_pieces, literal

_DECIMAL = re.compile(r"([-+−–<>≥≤~]?\s?\d[\d,\u202f ]*)(\.\d.*|%|\s.*)?\Z", re.S)
_MEASURED = 3  # words of a column that Typst measures: the longest by characters
_MOST = 1_000  # rows of one table; readers and checkers bound theirs
HALF_A_PAGE = 40  # lines
_OVER_PAGES = 8  # rows; a cell that spans more may break over pages


@dataclass(frozen=True)
class _Read:
    """A table's rows, its columns and how each is aligned; `labels` columns at the left name the rows."""

    header: Rows
    body: Rows
    columns: Sequence[Column]
    aligns: Sequence[str]
    labels: int


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
    read = _read(table)
    count = len(read.columns)
    rows = [[cell.text for cell in row] for row in read.body if len(row) == count]
    wide = "wide" in ast.classes_of(table)
    layout = typst_layout.choose(read.columns, rows, room or Room(), wide=wide, fixed=fixed, labels=read.labels)
    out: list[Node] = []
    if fixed:
        wanted = [c.wanted for c in read.columns]
        part = Part(range(count), wanted if all(wanted) else [None] * count)
        out.append(ast.raw(f"size: {layout.size}pt, ", inline=True))
        _part(out, part, read.header, read.body, read.aligns, layout.longest)
        return out, layout
    read = _natural(read, layout)
    whole = layout.whole and tallest(read.body) <= typst_layout.WHOLE
    more = uncounted([*read.header, *read.body], count)
    layout = replace(layout, whole=whole, lines=layout.lines + more)
    _say(layout, warn, wide)
    out.append(ast.raw(f"size: {layout.size}pt, columns: {count}, parts: (", inline=True))
    for part in layout.parts:
        _chunked(out, part, read, layout)
    out.append(ast.raw(")", inline=True))
    return out, layout


def _read(table: Node) -> _Read:
    _, _caption, specs, head, bodies, foot = table["c"]
    count = len(specs)
    labels = min((b[1] for b in bodies), default=0)
    header = placed(head[1], count)
    body = [r for b in bodies for part in (b[2], b[3]) for r in placed(part, count, labels)]
    body += placed(foot[1], count, 0)
    if height(header) > HALF_A_PAGE:  # a head does not break over pages
        header, body = [], [[replace(c, label=True) for c in row] for row in header] + body
    aligns = _aligns(table, body)
    coded = {c.column for row in (*header, *body) for c in row if _holds(c, "Code")}
    bold = {c.column for row in body for c in row if c.label and c.columns == 1}
    columns = [
        Column(texts(header, i), texts(body, i), s[1].get("c"), i in bold, i in coded, ems(_own(header + body, i)))
        for i, s in enumerate(specs)
    ]
    return _Read(header, body, columns, aligns, labels)


def _natural(read: _Read, layout: Layout) -> _Read:
    """A table of which no formula shrinks, where there is room."""
    if not layout.roomy:
        return read

    def change(cell: Cell) -> Cell:
        return replace(cell, inlines=ast.transform(cell.inlines, _plain)) if cell.formulas else cell

    header, body = ([[*map(change, row)] for row in rows] for rows in (read.header, read.body))
    return replace(read, header=header, body=body)


def _plain(node: Node) -> Node | None:
    return ast.raw(dict(node["c"][0][2])["plain"], inline=True) if FORMULA in ast.classes_of(node) else None


def _own(rows: Rows, column: int) -> list[Cell]:
    return [c for row in rows for c in row if c.column == column and c.columns == 1]


def _aligns(table: Node, body: Rows) -> list[str]:
    specs = table["c"][2]
    said = dict(table["c"][0][2]).get("aligns", "").split()
    names = {"AlignRight": "right", "AlignCenter": "center"}
    return (
        said if len(said) == len(specs) else [names.get(s[0]["t"]) or guess_align(body, i) for i, s in enumerate(specs)]
    )


def _holds(cell: Cell, *kinds: str) -> bool:
    return any(n["t"] in kinds for n in ast.nodes(cell.inlines))


def _chunked(out: list[Node], part: Part, read: _Read, layout: Layout) -> None:
    """The arguments for columns that stand side by side, in chunks of rows."""
    own = zip(part.columns, part.widths, strict=True)
    words = [_measured(read.columns[i], layout.longest, width is None, read.aligns[i]) for i, width in own]
    # A head that is repeated is an artifact, and an artifact may hold no link.
    once = any(_holds(c, "Link", "Note", "Cite") for row in read.header for c in row)
    once = once or height(read.header) > typst_layout.WHOLE
    chunks = _chunks(read.body)
    for first, rows in chunks:
        values = {
            "numbers": list(part.columns),
            "lines": (first + 1, first + len(rows), len(read.body)) if len(chunks) > 1 else None,
            "filled": any(c.filled for row in rows for c in row),
            "repeat": not once,
            "words": words,
            "spans": _spans(part.columns, [*read.header, *rows], layout.longest),
        }
        said = "".join(f"{name}: {literal(value)}, " for name, value in values.items())
        out.append(ast.raw(f"({said}", inline=True))
        _part(out, part, read.header, rows, read.aligns, layout.longest)
        out.append(ast.raw("), ", inline=True))


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


def _part(out: list[Node], part: Part, header: Rows, body: Rows, aligns: Sequence[str], longest: int) -> None:
    """The arguments for columns that stand side by side."""
    own = [aligns[i] for i in part.columns]
    tails = [_tails(body, i) if aligns[i] == "decimal" else [] for i in part.columns]
    widths = "".join("auto, " if w is None else f"{w:.3f}fr, " for w in part.widths)
    out.append(ast.raw(f"widths: ({widths}), aligns: {literal(own)}, tails: {literal(tails)}, header: (", inline=True))
    _rows(out, header, part.columns, ["left"] * len(aligns), longest)
    out.append(ast.raw("), rows: (", inline=True))
    _rows(out, body, part.columns, aligns, longest)
    out.append(ast.raw(")", inline=True))


def _rows(out: list[Node], rows: Rows, columns: Sequence[int], aligns: Sequence[str], longest: int) -> None:
    """Rows as far as they stand in these columns; `aligns` is of all columns of the table."""
    for row in rows:
        out.append(ast.raw("(", inline=True))
        for cell in row:
            if here := within(cell, columns):
                _cell(out, here, aligns[cell.column] if cell.columns == 1 else "left", longest)
        out.append(ast.raw("),", inline=True))


def _spans(columns: Sequence[int], rows: Rows, longest: int) -> list[list[Any]]:
    """Cells that span columns: the first one and their number, here, and the longest words of those that do so."""
    found: dict[tuple[int, int], set[str]] = {}
    for cell in (here for row in rows for c in row if c.columns > 1 and (here := within(c, columns))):
        words = Column([cell.text], []).words(longest)[0]
        found[cell.column, cell.columns] = found.get((cell.column, cell.columns), set()) | words
    return [[*at, _foremost(words)] for at, words in found.items()]


def _foremost(words: set[str]) -> list[str]:
    """Those of the words that Typst measures."""
    return sorted(words, key=lambda w: (-len(w), w))[:_MEASURED]


def _measured(column: Column, longest_word: int, whole: bool, align: str) -> list[list[Any]]:
    """What Typst measures: longest words of head and body (or cells, where these are to stay whole), head, formulas."""
    heads, texts = column.words(longest_word)
    if whole:
        texts = texts | set(column.texts)
    longest = [_foremost(heads), _foremost(texts)]
    if column.bold:
        longest[0] += longest[1]
    if column.code:  # a face in which all letters are as wide as this one
        longest[0].append("n" * max(map(len, heads | texts), default=0))
    if align == "decimal":
        longest[1] += _widest_decimal(column.texts)
    return [*longest, [max(column.heads, key=len, default="")], list(column.formulas)]


def _widest_decimal(column: Iterable[str]) -> list[str]:
    """The longest part before a decimal point and the longest behind one, as one number; none without numbers."""
    split = [parts for parts in map(split_decimal, column) if parts]
    return ["".join(max(side, key=len) for side in zip(*split, strict=True))] if split else []


def guess_align(body: Rows, index: int) -> str:
    """Right for a column of numbers, else left."""
    values = [v for v in texts(body, index) if v]
    return "right" if values and all(re.fullmatch(r"[-+−]?[\d.,eE+%-]+|nan|NaN", v) for v in values) else "left"


def split_decimal(text: str) -> tuple[str, str] | None:
    """``12.50`` as ``("12", ".50")``; None for what is no number."""
    match = _DECIMAL.match(text)
    return (match.group(1).strip(), match.group(2) or "") if match else None


def _tails(body: Rows, index: int) -> list[str]:
    """What follows the decimal point in a column, each once."""
    return sorted({parts[1] for text in texts(body, index) if (parts := split_decimal(text))})


def _cell(out: list[Node], cell: Cell, align: str, longest: int) -> None:
    simple = cell.simple
    parts = split_decimal(cell.text) if align == "decimal" and simple else None
    if parts:
        out.append(ast.raw(f"{literal([*parts, cell.column])}, ", inline=True))
        return
    calls = _calls(cell)
    open_, close = "".join(calls), ")" * len(calls) + ", "
    if simple:
        out.append(ast.raw(open_ + literal(in_pieces(cell.text, longest)) + close, inline=True))
    else:
        broken = ast.transform(cell.inlines, lambda node: _in_pieces(node, longest))
        out.extend([ast.raw(f"{open_}[", inline=True), *broken, ast.raw(f"]{close}", inline=True)])


def _calls(cell: Cell) -> list[str]:
    """The beginnings of the calls around what a cell says, the outermost first."""
    how, ink = _traits(cell), _colour(cell, "ink")
    calls = (f"table.cell({how}" if how else "", "strong(" if cell.label else "", f"text(fill: {ink}, " if ink else "")
    return [call for call in calls if call]


def _in_pieces(node: Node, longest: int) -> Node | None:
    """Text or code of which the long words may break."""
    if node["t"] == "Str":
        return ast.string(in_pieces(node["c"], longest))
    return {"t": "Code", "c": [node["c"][0], in_pieces(node["c"][1], longest)]} if node["t"] == "Code" else None


def _traits(cell: Cell) -> str:
    """Arguments of ``table.cell``: spans, colour, bar; empty for a cell like any other."""
    fill = _colour(cell, "fill")
    if bar := next(filter(None, map(BAR.match, cell.classes)), None):
        fill = f'nb-bar(rgb("#{bar[1]}"), {bar[2]}%, {bar[3]}%, {fill or "white"})'
    traits = {
        f"colspan: {cell.columns}, ": cell.columns > 1,
        f"rowspan: {cell.rows}, ": cell.rows > 1,
        "breakable: true, ": cell.rows > _OVER_PAGES,
        f"fill: {fill}, ": fill,
    }
    return "".join(trait for trait, holds in traits.items() if holds)


def _colour(cell: Cell, of: str) -> str:
    """The colour of a cell's ``fill`` or ``ink``; empty where it has none of its own."""
    found = filter(None, map(FILL.match, cell.classes))
    return next((f'rgb("#{match[2]}")' for match in found if match[1] == of), "")

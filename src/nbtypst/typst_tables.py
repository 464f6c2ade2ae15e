"""Tables for Typst: what a cell says, how wide a column should be, where decimals meet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.fragments import as_inlines
from nbtypst.typst_values import breakable, literal

PORTRAIT = 453.0  # points: the width of the text
LANDSCAPE = 700.0
GAP = 9.0  # points between columns
_SIZES = (7.6, 7.5)
_WHOLE = 20  # lines; a taller row may break over pages
_LIGATURE = 0.53  # mean width of a character, in em
_DECIMAL = re.compile(r"([-+−–<>≥≤~]?\s?\d[\d,\u202f ]*)(\.\d.*|%|\s.*)?\Z", re.S)

# Where a line may end: at a blank that is no no-break space, after / and, before no digit, after a hyphen.
_BREAK = re.compile(r"[^\S\u00a0\u202f]|/")
_BREAK_OR_HYPHEN = re.compile(r"[^\S\u00a0\u202f]|/|-(?!\d)")


@dataclass(frozen=True)
class Layout:
    """How a table is set: type size in points, column widths (None: automatic), and the page."""

    size: float
    widths: list[float | None]
    landscape: bool
    lines: float  # estimated lines of all rows
    whole: bool = True  # no row so tall that it must be let break over pages


def rows_of(part: list[Any]) -> list[list[tuple[int, int, list[Node]]]]:
    """Rows of cells (column span, row span, inlines) of a head, body or foot."""
    return [[(c[3], c[2], as_inlines(c[4])) for c in row[1]] for row in part]


def source(table: Node, fixed: bool = False) -> tuple[list[Node], Layout]:
    """Inlines (raw Typst around cells) that make the arguments of ``nb-table``, and its layout.

    With `fixed`, columns are as wide as was asked, whatever they hold.
    """
    _, _caption, specs, head, bodies, foot = table["c"]
    header = rows_of(head[1])
    body = [r for b in bodies for part in (b[2], b[3]) for r in rows_of(part)] + rows_of(foot[1])
    keys = dict(ast.attr_of(table)[2])  # type: ignore[index]
    aligns = keys.get("aligns", "").split()
    if len(aligns) != len(specs):
        names = {"AlignRight": "right", "AlignCenter": "center"}
        aligns = [names.get(s[0]["t"], "") or guess_align(body, i, specs) for i, s in enumerate(specs)]
    wanted = [s[1].get("c") for s in specs]
    layout = choose(header, body, aligns, wanted, "wide" in ast.classes_of(table))
    if fixed:
        layout = replace(layout, widths=wanted if all(wanted) else [None] * len(wanted))
    tails = [_tails(body, i) if a == "decimal" else [] for i, a in enumerate(aligns)]
    out: list[Node] = []

    def put(text: str) -> None:
        out.append(ast.raw(text, inline=True))

    put(
        f"size: {layout.size}pt, widths: ({''.join('auto, ' if w is None else f'{w:.3f}fr, ' for w in layout.widths)}),"
        f" aligns: {literal(aligns)}, tails: {literal(tails)}, header: ("
    )
    for row in header:
        put("(")
        for cell in row:
            _cell(out, cell, "left")
        put("),")
    put("), rows: (")
    for row in body:
        put("(")
        plain = len(row) == len(aligns)
        for i, cell in enumerate(row):
            _cell(out, cell, aligns[i] if plain else "left")
        put("),")
    put(")")
    return out, layout


def guess_align(body: list[Any], index: int, specs: list[Any]) -> str:
    """Right for a column of numbers, else left."""
    values = [ast.text_of(r[index][2]) for r in body if len(r) == len(specs)]
    values = [v for v in values if v]
    return "right" if values and all(re.fullmatch(r"[-+−]?[\d.,eE+%-]+|nan|NaN", v) for v in values) else "left"


def split_decimal(text: str) -> tuple[str, str] | None:
    """``12.50`` as ``("12", ".50")``; None for what is no number."""
    match = _DECIMAL.match(text)
    return (match.group(1).strip(), match.group(2) or "") if match else None


def _tails(body: list[Any], index: int) -> list[str]:
    """What follows the decimal point in a column, each once."""
    found = set()
    for row in body:
        if index < len(row) and (parts := split_decimal(ast.text_of(row[index][2]))):
            found.add(parts[1])
    return sorted(found)


def _cell(out: list[Node], cell: tuple[int, int, list[Node]], align: str) -> None:
    columns, rows, inlines = cell
    simple = all(n["t"] in ("Str", "Space", "SoftBreak") for n in inlines)
    text = ast.text_of(inlines, glued=True)
    parts = split_decimal(text) if align == "decimal" and simple else None
    open_, close = "", ", "
    if columns > 1 or rows > 1:
        open_, close = f"table.cell(colspan: {int(columns)}, rowspan: {int(rows)}, ", "), "
        open_ += "" if simple else "["
        close = close if simple else "]" + close
    elif not simple:
        open_, close = "[", "], "
    if parts:
        out.append(ast.raw(f"{literal(list(parts))}, ", inline=True))
    elif simple:
        out.append(ast.raw(open_ + literal(breakable(text, 18)) + close, inline=True))
    else:
        out.extend([ast.raw(open_, inline=True), *inlines, ast.raw(close, inline=True)])


def choose(header: list[Any], body: list[Any], aligns: list[str], wanted: list[float | None], wide: bool) -> Layout:
    """The largest type at which a table reads well, upright if it can be, else on its side."""
    count = len(aligns)
    heads, texts = (
        [[ast.text_of(r[i][2], glued=True) for r in part if len(r) == count] for i in range(count)]
        for part in (header, body)
    )
    # A header is bold; a word of more than 16 characters may break (18 in _cell, and at / or -).
    word = [
        max([min(len(w), 16) * 1.1 for t in h for w in _BREAK.split(t)]
            + [min(len(w), 16) for t in b for w in _BREAK_OR_HYPHEN.split(t)] + [2])
        for h, b in zip(heads, texts, strict=True)
    ]  # fmt: skip
    longest = [max([len(t) for t in b] + [max(w, 2.0)]) for b, w in zip(texts, word, strict=True)]
    longest = [max(full, *(min(len(t) * 1.1, 24) for t in h), 2) for full, h in zip(longest, heads, strict=True)]
    last: Layout | None = None
    for landscape in (False, True) if wide else (False,):
        room = LANDSCAPE if landscape else PORTRAIT
        for size in _SIZES:
            em = size * _LIGATURE
            usable = room - GAP * count
            narrow = [em * w + 2 for w in word]
            full = [em * w * 1.05 + 3 for w in longest]
            if sum(full) <= usable and not any(wanted):
                return Layout(size, [None] * count, landscape, len(body))
            if sum(narrow) > usable:
                narrow = [w * usable / sum(narrow) for w in narrow]
                fits = False
            else:
                fits = True
            widths = _share(narrow, full, usable, wanted)
            rows = [r for r in body if len(r) == count]
            lines = [max(_lines(ast.text_of(c[2]), widths[i], em) for i, c in enumerate(r)) for r in rows]
            tall = sorted(lines)[len(lines) * 3 // 4] if lines else 1
            shares = _with_gaps(widths)
            last = Layout(size, shares, landscape, sum(lines), max(lines, default=1) <= _WHOLE)
            if fits and (tall <= 7 or landscape or (not wide and size == _SIZES[0] and tall <= 9)):
                return last
    return last or Layout(_SIZES[-1], [None] * count, False, 0)


def _with_gaps(widths: list[float]) -> list[float | None]:
    """Shares of the whole for columns whose cells hold their part of the gaps too."""
    ends = (0, len(widths) - 1)
    padded = [w + GAP - GAP / 2 * ends.count(i) for i, w in enumerate(widths)]
    return [w / sum(padded) for w in padded]


def _lines(text: str, width: float, em: float) -> float:
    return max(1.0, -(-len(text) * em * 1.08 // max(width, 1.0)))


def _share(narrow: list[float], full: list[float], usable: float, wanted: list[float | None]) -> list[float]:
    """Widths between the longest word and the longest cell; short text first, long text gets more, but not all."""
    if all(wanted):
        total = sum(w or 0 for w in wanted)
        asked = [usable * (w or 0) / total for w in wanted]
        short = sum(max(0.0, n - a) for n, a in zip(narrow, asked, strict=True))
        spare = sum(max(0.0, a - n) for n, a in zip(narrow, asked, strict=True))
        keep = 1 - short / spare if spare > short else 0.0  # no word is cut to please a wish
        return [max(n, n + (a - n) * keep) for n, a in zip(narrow, asked, strict=True)]
    rest = usable - sum(narrow)
    appetite = [max(0.0, f - n) ** 0.6 for f, n in zip(full, narrow, strict=True)]
    widths = list(narrow)
    least = sorted(range(len(widths)), key=lambda i: full[i] - narrow[i])
    for left, i in enumerate(least):  # a column that asks for less than its part gets it: a date stays on one line
        if full[i] - widths[i] > rest / (len(least) - left):
            break
        rest -= max(0.0, full[i] - widths[i])
        widths[i] = max(widths[i], full[i])
    for _ in range(4):  # what a column cannot use goes to the others
        hungry = [i for i in range(len(widths)) if widths[i] < full[i] - 0.1]
        total = sum(appetite[i] for i in hungry)
        if not hungry or rest < 0.5 or total <= 0:
            break
        given = [min(rest * appetite[i] / total, full[i] - widths[i]) for i in hungry]
        for i, more in zip(hungry, given, strict=True):
            widths[i] += more
        rest = usable - sum(widths)
    return [w + max(0.0, rest) / len(widths) for w in widths]

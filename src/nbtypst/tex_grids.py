"""What stands in rows in a formula, as Typst: matrices, lines, diagrams, proofs.

`Write` is what makes Typst of the parts in a cell. Where rows have numbers of their own, a call of a function ``tag``
stands at the end of each: `nbtypst.formulas` says what it makes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nbtypst import tex_symbols as names
from nbtypst.tex_reader import Part
from nbtypst.tex_signs import bracket, sign
from nbtypst.typst_values import quoted

_EMPTY = '""'  # before a sign of equality, for the room that it has behind something
Write = Callable[[list[Part]], str]
Row = list[list[Part]]


def only_lines(parts: list[Part]) -> Part | None:
    """The environment of several lines that a formula is, if it is nothing else."""
    only = [p for p in parts if p.kind not in ("space", "tag")]
    return only[0] if len(only) == 1 and only[0].kind == "lines" and not (only[0].sub or only[0].sup) else None


def lines_of(parts: list[Part]) -> Part | None:
    """The one environment of two lines and more that a formula is, if its lines have numbers."""
    found = only_lines(parts)
    return found if found and len(found.rows) > 1 and any(map(_number, found.rows)) else None


def has_numbers(parts: list[Part]) -> bool:
    """Whether rows inside a formula have numbers, as `numbers` sets them."""
    return any(
        any(map(_number, part.rows)) if part.kind == "numbers" else any(map(has_numbers, part.args)) for part in parts
    )


def numbers(part: Part, write: Write) -> str:
    """The numbers of rows, each as high as its row, behind all that stands around these."""
    if not any(map(_number, part.rows)):
        return ""
    rows = []
    for row in part.rows:
        inner = " ".join(write(cell) for cell in row)
        inner = inner if part.name == "numcases" else f"display({inner})"
        rows.append([f"#nb-vphantom(${inner}$.body) display(#tag({quoted(_number(row))}))"])
    return _grid(rows)


def _number(row: Row) -> str:
    return next((p.name for cell in row for p in cell if p.kind == "tag"), "")


def lines(part: Part, write: Write) -> str:
    """Lines with their places of alignment."""
    return " \\ ".join(" & ".join(_cells(row, part.name, write)) for row in part.rows)


def numbered(part: Part, write: Write) -> str:
    """Lines with their places of alignment, each with a call for its number at its end, where all have one place."""
    wide = max(len(row) for row in part.rows)
    out = []
    for row in part.rows:
        cells = [*_cells(row, part.name, write), *[""] * (wide - len(row))]
        out.append(" & ".join([*cells, f"#tag({quoted(_number(row))})"]))
    return " \\ ".join(out)


def nested(part: Part, write: Write) -> str:
    """Lines inside a formula."""
    rows = []
    for row in part.rows:
        cells = _cells(row, part.name, write)
        shown = [f"display({_EMPTY * (i % 2)} {inner})" if inner else "" for i, inner in enumerate(cells)]
        rows.append([_cell(inner, "rl"[i % 2]) for i, inner in enumerate(shown)])
    return _grid(rows, "column-gap: #0.1em, ")


def matrix(part: Part, write: Write) -> str:
    """A matrix, an array with its rules, cases."""
    spec = re.sub(r"[@!><pmb]\{[^{}]*\}|\s", "", part.more.get("columns", ""))
    wide = max(len(row) for row in part.rows)
    align = re.sub(r"[^lcr]", "", spec) or "l" * wide * ("cases" in part.name)
    rows = [[_cell(write(cell), align[i : i + 1]) for i, cell in enumerate(row)] for row in part.rows]
    made = _grid(rows, "column-gap: #1em, " if "cases" in part.name else _augment(part, spec, wide))
    made = f"inline({made})" if part.name.endswith("smallmatrix") else made
    around = names.MATRICES[part.name] or ("||" if spec[:1] == spec[-1:] == "|" else "")
    return f"lr({bracket(around[0])} {made} {bracket(around[1])})" if around else made


def _grid(rows: list[list[str]], how: str = "") -> str:
    wide = max(len(row) for row in rows)
    filled = [[*row, *["#none"] * (wide - len(row))] for row in rows]
    made = " ; ".join(map(", ".join, filled))  # a semicolon right behind `#none` would end that, not the row
    return f"mat(delim: #none, {how}{made})"


def _augment(part: Part, spec: str, wide: int) -> str:
    """The rules between columns and rows."""
    columns = sorted({len(re.sub(r"[^lcr]", "", spec[: m.start()])) for m in re.finditer(r"\|", spec)})
    rows = sorted({int(rule) for rule in part.more.get("rules", "").split()})
    down = "".join(f"{c}, " for c in columns if 0 < c < wide)
    across = "".join(f"{r}, " for r in rows if 0 < r < len(part.rows))
    said = [f"{name}: ({places})" for name, places in (("hline", across), ("vline", down)) if places]
    return f"augment: #({', '.join(said)}, stroke: 0.5pt), " if said else ""


def _cell(inner: str, align: str) -> str:
    if not inner:
        return "#none"
    return f"{inner} &" if align == "r" else f"& {inner}" if align == "l" else inner


def _cells(row: Row, name: str, write: Write) -> list[str]:
    """A line's cells; between two of its equations there is room, unless the writer gives it."""
    gap = "" if name in ("alignat", "alignedat", "eqnarray") else "#h(2em) "
    return [f"{gap * (i > 0 and i % 2 == 0)}{write(cell)}" for i, cell in enumerate(row)]


def diagram(part: Part, write: Write) -> str:
    """Objects and the arrows between them."""
    rows = [[f"display({inner})" if (inner := write(cell)) else "#none" for cell in row] for row in part.rows]
    return _grid(rows, "row-gap: #0.5em, column-gap: #0.5em, ") if rows else ""


def upright(part: Part, write: Write) -> str:
    """An arrow up or down, its labels at both sides of it."""
    left, right = (f"$script({inner})$" if (inner := write(label)) else "[]" for label in part.args)
    return f"#nb-upright({left}, $stretch({sign(part.name)}, size: #2.2em)$, {right})"


def proof(part: Part, write: Write) -> str:
    """Premises above a line, what follows below it, labels beside it."""
    below, left, right = (f"$display({inner})$" if (inner := write(arg)) else "none" for arg in part.args)
    premises = "".join(f"${write(premise)}$, " for premise in part.rows[0])
    return f"#nb-inferred(({premises}), {below}, {left}, {right}, {quoted(part.name)})"

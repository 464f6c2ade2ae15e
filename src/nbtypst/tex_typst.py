r"""A formula's tree in Typst's words for formulas.

    typst(parse(r"\frac{a}{b}"))       # 'frac(a, b)'

Every sign that means something to Typst is escaped, so nothing from a formula is ever code.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nbtypst import ast
from nbtypst import tex_symbols as names
from nbtypst.tex_reader import Part
from nbtypst.typst_values import quoted

# TeX's colours by name; others are read as HTML's hexadecimal ones, or left out.
COLOURS = {
    "red": "#c80000", "blue": "#0000ff", "green": "#007a00", "orange": "#b35900", "purple": "#800080",
    "magenta": "#b000b0", "cyan": "#00708a", "teal": "#008080", "brown": "#8b4513", "gray": "#666666",
    "grey": "#666666", "black": "#000000", "violet": "#7a1fa2", "olive": "#666600", "pink": "#c2185b",
    "darkgray": "#444444", "yellow": "#7a6a00", "lime": "#4d7a00", "white": "#777777", "navy": "#000080",
    "maroon": "#800000", "royalblue": "#2a52be", "darkgreen": "#006400", "crimson": "#b0102f",
}  # fmt: skip
_NAMED = {"overbrace", "underbrace", "overbracket", "underbracket", "overparen", "underparen"}
_ROOM = {"phantom", "hphantom", "vphantom", "rlap", "llap", "clap"}  # functions of base.typ
_PAIRS = {"abs": "||", "norm": "‖‖", "ket": "|⟩", "bra": "⟨|", "braket": "⟨⟩", "set": "{}"}


def formula(parts: list[Part]) -> str:
    """Typst for a whole formula; its lines are lines of the page."""
    only = [p for p in parts if p.kind not in ("space", "tag")]
    if len(only) == 1 and only[0].kind == "lines" and not (only[0].sub or only[0].sup):
        return _lines(only[0])
    return typst(parts)


def typst(parts: list[Part]) -> str:
    """Typst for what stands between the dollar signs."""
    return " ".join(piece for piece in map(_one, parts) if piece)


def lines_of(parts: list[Part]) -> Part | None:
    """The one environment of several lines that a formula is, if it is one and its lines have numbers."""
    only = [p for p in parts if p.kind not in ("space", "tag")]
    if len(only) != 1 or only[0].kind != "lines" or only[0].sub or only[0].sup or len(only[0].rows) < 2:
        return None
    return only[0] if any(p.kind == "tag" for row in only[0].rows for cell in row for p in cell) else None


def numbered(lines: Part) -> str:
    """Lines with their places of alignment, each with a call for its number at its end, where all have one place."""
    wide = max(len(row) for row in lines.rows)
    out = []
    for row in lines.rows:
        number = next((p.name for cell in row for p in cell if p.kind == "tag"), "")
        cells = [*_cells(row, lines.name), *[""] * (wide - len(row))]
        out.append(" & ".join([*cells, f"#tag({quoted(number)})"]))
    return " \\ ".join(out)


def tag_of(parts: list[Part]) -> str:
    """The number that a formula of one line is to have, or nothing."""
    for part in parts:
        if part.kind == "tag":
            return part.name
        if part.kind == "lines" and len(part.rows) == 1:
            return next((t for cell in part.rows[0] if (t := tag_of(cell))), "")
    return ""


def _one(part: Part) -> str:
    return _scripts(part, _BASES[part.kind](part))


def _scripts(part: Part, base: str) -> str:
    braced = part.kind == "accent" and part.name in _NAMED
    sub, sup = typst(part.sub or []), typst(part.sup or [])
    if braced:
        note = sub or sup
        return f"{part.name}({typst(part.args[0])}, {note})" if note else base
    if part.sub is None and part.sup is None:
        return base
    base = base or '""'
    if part.more.get("limits") == "yes" and part.kind != "function":
        base = f"attach(limits({base})"
    elif part.more.get("limits") == "no":
        base = f"attach(scripts({base})"
    else:
        base = f"attach({base}"
    return base + (f", b: {sub}" if sub else "") + (f", t: {sup}" if sup else "") + ")"


def _sign(part: Part) -> str:
    char = part.name
    if char[0].isdigit() and char.isascii():
        return char
    if char in "⟨⟩⌈⌉⌊⌋⟦⟧⟮⟯‖":
        return f"\\{char}"
    if len(char) == 1 and (char.isalpha() or ord(char) > 0x7F):
        return ast.printable(char) or '""'
    return "".join(f"\\{c}" for c in char)


def _text(part: Part) -> str:
    text = re.sub(r"\s+", " ", part.name).replace("~", "\u00a0")
    return f"#text({quoted(re.sub(r'[{}]', '', text))})" if text else ""


def _style(part: Part) -> str:
    inner = typst(part.args[0])
    for name in part.name.split():
        inner = f"{name}({inner})" if inner else ""
    return inner


def _frac(part: Part) -> str:
    made = f"frac({typst(part.args[0]) or '#none'}, {typst(part.args[1]) or '#none'})"
    return f"{part.name}({made})" if part.name else made


def _accent(part: Part) -> str:
    inner = typst(part.args[0])
    name = part.name
    if name in ("same", "limits"):
        return f"limits({inner})" if name == "limits" and inner else inner
    if name in _ROOM:
        return f"#nb-{name}(${inner}$.body)" if inner else ""
    if name == "box":
        return f"#nb-boxed(${inner}$.body)"
    if name == "not":
        only = part.args[0][0].name if len(part.args[0]) == 1 else ""
        return names.NOT.get(only) or f"cancel({inner})"
    if name in _PAIRS:
        left, right = tuple(_PAIRS[name])
        return f"lr({_bracket(left)} {inner} {_bracket(right)})"
    return f"{name}({inner})"


def _bracket(char: str) -> str:
    return "" if char == "." else _sign(Part("sign", char))


def _fence(part: Part) -> str:
    left, right = part.name[0], part.name[1]
    inner = typst(part.args[0])
    for bar, more in zip(part.more.get("middle", ""), part.args[1:], strict=True):
        inner += f" mid({_bracket(bar)}) {typst(more)}"
    return f"lr({_bracket(left)} {inner} {_bracket(right)})"


def _arrow(part: Part) -> str:
    above, below = (typst(a) for a in part.args)
    wide = max(_length(a) for a in part.args)
    base = f"limits(stretch({_sign(Part('sign', part.name))}, size: #{max(1.6, 0.62 * wide + 0.8):.2f}em))"
    return f"attach({base}" + (f", t: {above}" if above else "") + (f", b: {below}" if below else "") + ")"


def _length(parts: list[Part]) -> int:
    return sum(len(p.name) + sum(_length(a) for a in p.args) for p in parts)


def _stack(part: Part) -> str:
    base, above, below = (typst(a) for a in part.args)
    return (
        f"attach(limits({base or '#none'})"
        + (f", t: {above}" if above else "")
        + (f", b: {below}" if below else "")
        + ")"
    )


def _corners(part: Part) -> str:
    base, *corners = (typst(a) for a in part.args)
    placed = "".join(f", {at}: {c}" for at, c in zip(("tl", "bl", "tr", "br"), corners, strict=True) if c)
    return f"attach({base or '#none'}{placed})"


def _colour(part: Part) -> str:
    name = part.name.lower()
    found = COLOURS.get(name) or (name if re.fullmatch(r"#[0-9a-f]{6}", name) else "")
    inner = typst(part.args[0])
    return f'text(fill: #rgb("{found}"), {inner})' if found and inner else inner


def _atop(part: Part) -> str:
    return f"mat(delim: #none, {typst(part.args[0]) or '#none'}; {typst(part.args[1]) or '#none'})"


def _matrix(part: Part) -> str:
    kind = names.MATRICES[part.name]
    spec = re.sub(r"[@!><pmb]\{[^{}]*\}|\s", "", part.more.get("columns", ""))
    places = re.sub(r"[^lcr]", "", spec)
    wide = max(len(row) for row in part.rows)
    align = places or ("l" * wide if "cases" in part.name else "")
    rows = []
    for row in part.rows:
        cells = [_cell(typst(cell), align[i : i + 1]) for i, cell in enumerate(row)]
        rows.append(", ".join([*cells, *["#none"] * (wide - len(cells))]))
    lines = [i for i, c in _rules(spec) if c == "|"]
    rules = sorted({int(r) for r in part.more.get("rules", "").split()})
    augment = _augment([x for x in lines if 0 < x < wide], [r for r in rules if 0 < r < len(part.rows)])
    gap = "column-gap: #1em, " if "cases" in part.name else ""
    made = f"mat(delim: #none, {augment}{gap}{'; '.join(rows)})"
    if part.name.endswith("smallmatrix"):
        made = f"inline({made})"
    left, right = (kind[0], kind[1]) if kind else ("", "")
    if "|" in _edges(spec, wide) and not kind:
        left = right = "|"
    return f"lr({_bracket(left) if left else ''} {made} {_bracket(right) if right else ''})" if left or right else made


def _edges(spec: str, wide: int) -> str:
    """``|`` where a rule stands at both edges of an array."""
    return "|" if wide and spec.startswith("|") and spec.endswith("|") else ""


def _rules(spec: str) -> list[tuple[int, str]]:
    out, column = [], 0
    for char in spec:
        if char == "|":
            out.append((column, "|"))
        elif char in "lcr":
            column += 1
    return out


def _augment(columns: list[int], rows: list[int]) -> str:
    if not columns and not rows:
        return ""
    across = f"hline: ({''.join(f'{r}, ' for r in rows)})" if rows else ""
    down = f"vline: ({''.join(f'{c}, ' for c in sorted(set(columns)))})" if columns else ""
    return f"augment: #({', '.join(x for x in (across, down) if x)}, stroke: 0.5pt), "


def _cell(inner: str, align: str) -> str:
    if not inner:
        return "#none"
    return f"{inner} &" if align == "r" else f"& {inner}" if align == "l" else inner


def _lines(part: Part) -> str:
    """Lines with their places of alignment."""
    return " \\ ".join(" & ".join(_cells(row, part.name)) for row in part.rows)


def _cells(row: list[list[Part]], name: str) -> list[str]:
    """A line's cells; between two of its equations there is room, unless the writer gives it."""
    gap = "" if name in ("alignat", "alignedat", "eqnarray") else "#h(2em) "
    return [f"{gap * (i > 0 and i % 2 == 0)}{typst(cell)}" for i, cell in enumerate(row)]


def _nested(part: Part) -> str:
    rows = [
        [_cell(f"display({inner})" if inner else "", "rl"[i % 2]) for i, inner in enumerate(_cells(row, part.name))]
        for row in part.rows
    ]
    wide = max(len(row) for row in rows)
    lines = [", ".join([*row, *["#none"] * (wide - len(row))]) for row in rows]
    return f"mat(delim: #none, column-gap: #0.1em, {'; '.join(lines)})"


_BASES: dict[str, Callable[[Part], str]] = {
    "sign": _sign,
    "nothing": lambda _: '""',
    "group": lambda p: typst(p.args[0]),
    "space": lambda p: p.name,
    "text": _text,
    "tag": lambda _: "",
    "style": _style,
    "function": lambda p: f"op({quoted(p.name)}, limits: #{'true' if p.limits else 'false'})",
    "frac": _frac,
    "binom": lambda p: f"binom({typst(p.args[0]) or '#none'}, {typst(p.args[1]) or '#none'})",
    "atop": _atop,
    "sqrt": lambda p: f"sqrt({typst(p.args[0])})",
    "root": lambda p: f"root({typst(p.args[1])}, {typst(p.args[0])})",
    "accent": _accent,
    "fence": _fence,
    "big": lambda p: f"lr(size: #{p.name}, {typst(p.args[0])})",
    "arrow": _arrow,
    "stack": _stack,
    "corners": _corners,
    "colour": _colour,
    "matrix": _matrix,
    "lines": _nested,
}

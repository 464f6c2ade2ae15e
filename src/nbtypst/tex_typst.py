r"""A formula's tree in Typst's words for formulas.

    typst(parse(r"\frac{a}{b}"))       # 'frac(a, b)'

Every sign that means something to Typst is escaped, so nothing from a formula is ever code.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from nbtypst import tex_grids
from nbtypst import tex_symbols as names
from nbtypst.tex_reader import Part
from nbtypst.tex_signs import bracket, sign
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
_EMPTY = '""'
# Functions of base.typ.
_CALLED = {name: name for name in ("phantom", "hphantom", "vphantom", "rlap", "llap", "clap")} | {"box": "boxed"}
_PAIRS = {"abs": "||", "norm": "‖‖", "ket": "|⟩", "bra": "⟨|", "braket": "⟨⟩", "set": "{}"}


def formula(parts: list[Part]) -> str:
    """Typst for a whole formula; its lines are lines of the page."""
    lines = tex_grids.only_lines(parts)
    return tex_grids.lines(lines, typst) if lines else typst(parts)


def typst(parts: list[Part]) -> str:
    """Typst for what stands between the dollar signs."""
    return " ".join(piece for piece in map(_one, parts) if piece)


def numbered(lines: Part) -> str:
    """Lines with their places of alignment, each with a call for its number at its end, where all have one place."""
    return tex_grids.numbered(lines, typst)


def tag_of(parts: list[Part]) -> str:
    """The number that a formula of one line is to have, or nothing."""
    for part in parts:
        if part.kind == "tag":
            return part.name
        if part.kind == "lines" and len(part.rows) == 1:
            return next((t for cell in part.rows[0] if (t := tag_of(cell))), "")
    return ""


def _one(part: Part) -> str:
    base = _BASES[part.kind](part)
    marked = part.kind == "accent" and part.name in _NAMED
    return _marked(part, base) if marked else _scripts(part, base)


def _marked(part: Part, base: str) -> str:
    """A brace over or under something, with a note at it."""
    note = typst(part.sub or []) or typst(part.sup or [])
    return f"{part.name}({typst(part.args[0])}, {note})" if note else base


def _scripts(part: Part, base: str) -> str:
    if part.sub is None and part.sup is None:
        return base
    sub, sup = typst(part.sub or []), typst(part.sup or [])
    return f"attach({_placed(part, base or _EMPTY)}{_at(b=sub, t=sup)})"


def _placed(part: Part, base: str) -> str:
    """What has indices, where TeX says on which side they stand."""
    where = part.more.get("limits")
    if where == "yes" and part.kind != "function":
        return f"limits({base})"
    return f"scripts({base})" if where == "no" else base


def _at(**places: str) -> str:
    """Named arguments that say something."""
    return "".join(f", {place}: {said}" for place, said in places.items() if said)


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
    inner, name = typst(part.args[0]), part.name
    if name in ("same", "limits"):
        return f"limits({inner})" if name == "limits" and inner else inner
    if name in _CALLED:
        return f"#nb-{_CALLED[name]}(${inner}$.body)" if inner or name == "box" else ""
    if name == "not":
        return _crossed(part.args[0], inner)
    if name not in _PAIRS:
        return f"{name}({inner})"
    left, right = tuple(_PAIRS[name])
    return f"lr({bracket(left)} {inner} {bracket(right)})"


def _crossed(parts: list[Part], inner: str) -> str:
    only = parts[0].name if len(parts) == 1 else ""
    return names.NOT.get(only) or f"cancel({inner})"


def _fence(part: Part) -> str:
    left, right = part.name[0], part.name[1]
    inner = typst(part.args[0])
    for bar, more in zip(part.more.get("middle", ""), part.args[1:], strict=True):
        inner += f" mid({bracket(bar)}) {typst(more)}"
    return f"lr({bracket(left)} {inner} {bracket(right)})"


def _arrow(part: Part) -> str:
    above, below = (typst(a) for a in part.args)
    wide = max(_length(a) for a in part.args)
    base = f"limits(stretch({sign(part.name)}, size: #{max(1.6, 0.62 * wide + 0.8):.2f}em))"
    return f"attach({base}{_at(t=above, b=below)})"


def _length(parts: list[Part]) -> int:
    return sum(len(p.name) + sum(_length(a) for a in p.args) for p in parts)


def _stack(part: Part) -> str:
    base, above, below = (typst(a) for a in part.args)
    return f"attach(limits({base or '#none'}){_at(t=above, b=below)})"


def _corners(part: Part) -> str:
    base, *corners = (typst(a) for a in part.args)
    return f"attach({base or '#none'}{_at(**dict(zip(('tl', 'bl', 'tr', 'br'), corners, strict=True)))})"


def _colour(part: Part) -> str:
    name = part.name.lower()
    found = COLOURS.get(name) or (name if re.fullmatch(r"#[0-9a-f]{6}", name) else "")
    inner = typst(part.args[0])
    return f'text(fill: #rgb("{found}"), {inner})' if found and inner else inner


def _fit(part: Part) -> str:
    """What is set smaller where its line is narrower, by a function of base.typ."""
    inner = typst(part.args[0])
    said = "".join(f", {name}: true" for name in ("small", "breaks") if part.more[name])
    return f"#nb-fit(key, ${inner}$.body, behind: {part.more['behind']}em{said})"


def _atop(part: Part) -> str:
    return f"mat(delim: #none, {typst(part.args[0]) or '#none'}; {typst(part.args[1]) or '#none'})"


_BASES: dict[str, Callable[[Part], str]] = {
    "sign": lambda p: sign(p.name),
    "nothing": lambda _: _EMPTY,
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
    "matrix": lambda p: tex_grids.matrix(p, typst),
    "lines": lambda p: tex_grids.nested(p, typst),
    "diagram": lambda p: tex_grids.diagram(p, typst),
    "upright": lambda p: tex_grids.upright(p, typst),
    "proof": lambda p: tex_grids.proof(p, typst),
    "numbers": lambda p: tex_grids.numbers(p, typst),
    "fitted": lambda p: sign(p.name),
    "fit": lambda p: _fit(p),
    "break": lambda p: f"#nb-break({p.name})",
}

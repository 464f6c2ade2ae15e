r"""How wide a formula is, by a guess in ems, and what of it must be set smaller where its place is narrower.

Typst ends lines behind operators and relations that stand in no other thing. What lies between two of these (a
fraction, a matrix, a long product) is a `run`: it stays in one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from nbtypst import tex_symbols as names
from nbtypst.tex_reader import Part

DISPLAY, TEXT = -1, 0  # styles; indices are one further
_SIZES = (1.0, 1.0, 0.8, 0.65)  # of letters, which are drawn wider where they are small; signs are not
_SIGNS = (1.0, 1.0, 0.7, 0.5)
_BREAKING = frozenset("+−-±∓×÷⋅∗∘∪∩∨∧∖⊕⊖⊗⊙=<>≤≥⩽⩾≠≡∼≃≈≅∝∈∉⊂⊃⊆⊇→←↔⇒⇐⇔⟹⟸⟺⟶⟵↦≪≫≔")  # a line may end behind these
_SHARES = dict.fromkeys("ijlftrI|∣'", 0.38) | dict.fromkeys("mwMWΩ", 0.9) | dict.fromkeys("()[]{}⟨⟩⌈⌉⌊⌋!", 0.41)
_SHARES |= dict.fromkeys("∑∏∐⋃⋂⨁⨂", 1.2) | dict.fromkeys("∫∮", 0.75) | dict.fromkeys("…⋯", 1.34)
_SHARES |= dict.fromkeys(",;", 0.445) | dict.fromkeys(".:", 0.28) | dict.fromkeys("⟹⟸⟺⟶⟵", 2.2)
_BLANKS = {"thin": 0.167, "med": 0.222, "thick": 0.278, "space": 0.333, "quad": 1.0, "quad quad": 2.0}
_STYLES = {"display": DISPLAY, "inline": TEXT, "script": 1, "sscript": 2}
_BRACKETS = 1.8  # ems of those around, and of an operator behind them
_PIECE = re.compile(r"\S+|\s+")


def width(parts: list[Part], style: int = TEXT) -> float:
    r"""Ems of parts side by side.

    Examples
    --------
    >>> from nbtypst.tex_tree import parse
    >>> round(width(parse(r"\frac{a+b}{c}")), 1) < round(width(parse(r"a+b")), 1)
    True
    """
    return sum(_one(part, style) for part in parts)


def runs(parts: list[Part], style: int = TEXT) -> Iterator[float]:
    """Ems of what stays in one line, one after the other, each with the operator behind it."""
    start = 0
    for i, part in enumerate(parts):
        if _breaks(part):
            yield width(parts[start : i + 1], style)
            start = i + 1
        elif _opens(part):
            yield width(parts[start:i], style) + 0.5
            for inner in part.args:
                yield from runs(inner, style)
            start = i + 1
    yield width(parts[start:], style)


def flat(parts: list[Part], most: float) -> list[Part]:
    """Parts in which each fraction wider than `most` ems is written in a line, which may break."""
    out: list[Part] = []
    for part in parts:
        if _opens(part):
            out.append(replace(part, args=[flat(arg, most) for arg in part.args]))
        elif part.kind == "frac" and part.sub is part.sup is None and _one(part, TEXT) > most:
            above, below = ([Part("fence", "()", [arg])] if len(arg) > 1 else arg for arg in part.args)
            out += [*above, Part("sign", "/"), *below]
        else:
            out.append(part)
    return out


@dataclass(frozen=True)
class Fit:
    """How formulas are made to fit into lines.

    Parameters
    ----------
    most : float
        Ems that any line has: what is wider may break behind commas and words, and shrinks to its place.
    style : int
        Of the formula.
    around : float
        Ems of what stands before and behind the formula without a blank.
    breaks : bool
        There is another way to set the formula, where this one is too small to be read.
    loose : bool
        Lines may end between factors, too.
    """

    most: float
    style: int = TEXT
    around: float = 0.0
    breaks: bool = False
    loose: bool = False

    def fitted(self, parts: list[Part]) -> list[Part]:
        """Parts of which what is too wide fits."""
        if max(runs(parts, self.style)) <= self.most:
            return parts
        out: list[Part] = []
        run: list[Part] = []
        for part in parts:
            if _breaks(part):
                out += [*self._run(run, width([part], self.style)), part]
            elif _opens(part):
                inner = replace(self, around=self.around + _BRACKETS)
                out += [*self._run(run), replace(part, args=[inner.fitted(arg) for arg in part.args])]
            else:
                run.append(part)
                continue
            run = []
        return out + self._run(run)

    def _run(self, run: list[Part], behind: float = 0.0) -> list[Part]:
        if width(run, self.style) <= self.most:
            return run
        out: list[Part] = []
        piece: list[Part] = []
        for part in self._loosened(_words(run)):
            piece += [part] if part.kind != "break" else []
            gap = part.name if part.kind == "break" else "0.1667em" if part.kind == "sign" and part.name in ",;" else ""
            if gap:
                out += [*self._shrinking(piece, 0.0), Part("break", gap)]
                piece = []
        return out + self._shrinking(piece, behind)

    def _loosened(self, run: Iterable[Part]) -> Iterator[Part]:
        for part in run:
            yield part
            if self.loose and part.kind != "break" and part.name not in tuple(",;"):
                yield Part("break", "0em")

    def _shrinking(self, piece: list[Part], behind: float) -> list[Part]:
        if not piece or width(piece, self.style) <= self.most:
            return piece
        widest = max(piece, key=lambda part: _one(part, self.style))
        more = {
            "small": "yes" * (self.style == TEXT and widest.kind in ("frac", "binom") and widest.name != "display"),
            "behind": f"{behind + self.around:.2f}",
            "breaks": "yes" * self.breaks,
        }
        return [Part("fit", "", [piece], more=more)]


def _words(run: list[Part]) -> Iterator[Part]:
    """The parts of a run, text in words; blanks as places where a line may end."""
    for part in run:
        plain = part.sub is None and part.sup is None
        if part.kind == "space" and part.name in ("quad", "quad quad"):
            yield Part("break", f"{_BLANKS[part.name]}em")
        elif part.kind == "text" and plain:
            for piece in _PIECE.findall(part.name):
                yield Part("break", "0.333em") if piece.isspace() else Part("text", piece)
        else:
            yield part


def _breaks(part: Part) -> bool:
    return part.kind == "sign" and part.name in _BREAKING and part.sub is None and part.sup is None


def _opens(part: Part) -> bool:
    """Whether lines may end within a part."""
    return part.kind in ("group", "fence") and part.sub is None and part.sup is None


def _one(part: Part, style: int) -> float:
    base = _WIDTHS.get(part.kind, _inner)(part, style)
    scripts = [width(s, min(max(style, 0) + 1, 2)) for s in (part.sub, part.sup) if s]
    if not scripts:
        return base
    return max(base, *scripts) if _stacked(part, style) else base + max(scripts) + 0.05


def _stacked(part: Part, style: int) -> bool:
    """Whether indices stand above and below a part, not behind it."""
    marked = part.kind == "accent" and part.name.endswith(("brace", "bracket"))
    large = part.kind in ("sign", "function") and (part.limits or part.name in "∑∏⋃⋂⨁⨂")
    return marked or (large and style < 0)


def _sign(part: Part, style: int) -> float:
    if part.name in _BREAKING:
        return _SIGNS[style + 1] * _SHARES.get(part.name, 0.8) + (0.5 if style < 1 else 0.0)
    size = (_SIZES if part.name.isalnum() else _SIGNS)[style + 1]
    if len(part.name) > 1:
        return size * 0.5 * len(part.name)
    usual = 0.72 if part.name.isupper() else 0.53 if part.name < "\u2190" else 0.9
    return size * _SHARES.get(part.name, usual)


def _text(part: Part, style: int) -> float:
    return 0.49 * len(part.name) * _SIZES[style + 1]


def _function(part: Part, style: int) -> float:
    return _text(part, style) + (0.17 if style < 1 else 0)


def _space(part: Part, _: int) -> float:
    own = re.match(r"#h\((-?[\d.]+)em\)", part.name)
    return float(own[1]) if own else _BLANKS.get(part.name, 0.3)


def _style(part: Part, style: int) -> float:
    for name in part.name.split():
        style = _STYLES.get(name, style)
    return width(part.args[0], style) * (1.12 if "bold" in part.name else 1.0)


def _fraction(part: Part, style: int) -> float:
    inner = min((DISPLAY if part.name == "display" else style) + 1, 2)
    return max(width(arg, inner) for arg in part.args) + (1.0 if part.kind == "binom" else 0.2)


def _inner(part: Part, style: int) -> float:
    return sum(width(arg, style) for arg in part.args)


def _around(part: Part, style: int) -> float:
    return _inner(part, style) + {"sqrt": 0.9, "root": 0.9, "fence": 0.9, "accent": 0.1}[part.kind]


def _above(part: Part, style: int) -> float:
    """A base with something above and below it, or an arrow between these."""
    base, *others = part.args if part.kind == "stack" else [[], *part.args]
    notes = max(width(other, min(style + 2, 2)) for other in others)
    return max(width(base, style), notes) if part.kind == "stack" else max(1.6, 1.2 * notes + 0.8) + 0.56


def _grid(part: Part, style: int) -> float:
    """Columns side by side, each as wide as its widest cell."""
    style = max(style, TEXT) + part.name.endswith("smallmatrix")
    gap = 2.0 if part.kind == "diagram" else 1.0 if "cases" in part.name else 0.5
    columns = range(max(map(len, part.rows), default=0))
    wide = [max(width(row[i], style) for row in part.rows if i < len(row)) for i in columns]
    return sum(wide) + gap * len(wide) + 0.5 * len(names.MATRICES.get(part.name, "").replace(".", ""))


def _proof(part: Part, style: int) -> float:
    above = sum(width(premise, DISPLAY) + 1.6 for premise in part.rows[0])
    below, *labels = (width(arg, DISPLAY) for arg in part.args)
    return max(above, below) + sum(labels)


_WIDTHS: dict[str, Callable[[Part, int], float]] = {
    "sign": _sign,
    "fitted": _sign,
    "text": _text,
    "function": _function,
    "space": _space,
    "style": _style,
    "frac": _fraction,
    "binom": _fraction,
    "atop": _fraction,
    "sqrt": _around,
    "root": _around,
    "fence": _around,
    "accent": _around,
    "arrow": _above,
    "stack": _above,
    "matrix": _grid,
    "lines": _grid,
    "diagram": _grid,
    "proof": _proof,
    "big": lambda _, __: 0.7,
    "tag": lambda _, __: 0.0,
    "nothing": lambda _, __: 0.0,
    "numbers": lambda _, __: 3.0,
}

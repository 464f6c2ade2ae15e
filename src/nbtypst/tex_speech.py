r"""A formula's tree in spoken English, for those who hear a document.

say(parse(r"\frac{a}{b}^2"))       # 'a over b, squared'
"""

from __future__ import annotations

import unicodedata

from nbtypst import tex_symbols as names
from nbtypst.tex_reader import Part

_SIGNS = {
    "+": "plus", "−": "minus", "=": "equals", "<": "is less than", ">": "is greater than", "≤": "is at most",
    "≥": "is at least", "≠": "is not equal to", "≈": "is approximately", "∼": "is distributed as",
    "≡": "is equivalent to", "×": "times", "⋅": "times", "∗": "star", "/": "divided by", "÷": "divided by",
    "±": "plus or minus", "∓": "minus or plus", "∈": "in", "∉": "not in", "⊂": "is a proper subset of",
    "⊆": "is a subset of", "∪": "union", "∩": "intersection", "∞": "infinity", "∂": "partial", "∇": "nabla",
    "∀": "for all", "∃": "there exists", "→": "to", "←": "from", "⇒": "implies", "⟹": "implies",
    "⟺": "if and only if", "⇔": "if and only if", "↦": "maps to", "∣": "given", "|": "bar", "‖": "double bar",
    "(": "open paren", ")": "close paren", "[": "open bracket", "]": "close bracket", "{": "open brace",
    "}": "close brace", "⟨": "open angle bracket", "⟩": "close angle bracket", "⌈": "open ceiling",
    "⌉": "close ceiling", "⌊": "open floor", "⌋": "close floor", ",": ",", ";": ";", ":": ":", ".": ".",
    "!": "factorial", "…": "and so on", "⋯": "and so on", "⋮": "and so on down", "′": "prime", "∅": "the empty set",
    "∑": "sum", "∏": "product", "∫": "integral", "∬": "double integral", "∮": "contour integral", "⋃": "union",
    "⋂": "intersection", "∘": "composed with", "¬": "not", "∧": "and", "∨": "or", "∝": "is proportional to",
    "≪": "is much less than", "≫": "is much greater than", "⊥": "perpendicular", "⟂": "is perpendicular to",
    "⊤": "top", "ℓ": "ell", "ℏ": "h bar", "ℝ": "the real numbers", "ℕ": "the natural numbers", "ℤ": "the integers",
    "ℚ": "the rational numbers", "ℂ": "the complex numbers", "⇌": "in equilibrium with", "⟶": "gives",
    "≔": "is defined as", "%": "percent", "°": "degrees", "†": "dagger", "⊗": "tensor", "⊕": "direct sum",
    "∖": "without", "'": "prime", "&": "and", "\\": "backslash", "$": "dollar", "#": "number sign", "_": "underscore",
    "^": "caret", "~": "tilde", "@": "at", '"': "quote", "‘": "quote", "’": "quote",
}  # fmt: skip
_FUNCTIONS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "cot": "cotangent", "sec": "secant", "csc": "cosecant",
    "lim": "limit", "max": "maximum", "min": "minimum", "sup": "supremum", "inf": "infimum", "log": "log",
    "ln": "natural log", "exp": "exp", "det": "determinant", "dim": "dimension", "ker": "kernel", "arg": "arg",
    "argmax": "arg max", "argmin": "arg min", "Pr": "probability", "gcd": "greatest common divisor", "mod": "modulo",
    "Var": "variance", "Cov": "covariance", "tr": "trace", "sgn": "sign", "tanh": "hyperbolic tangent",
    "sinh": "hyperbolic sine", "cosh": "hyperbolic cosine", "arcsin": "arc sine", "arccos": "arc cosine",
    "arctan": "arc tangent", "limsup": "limit superior", "liminf": "limit inferior",
}  # fmt: skip
_RANGED = frozenset("∑∏∐∫∬∭∮⋂⋃⨆⋁⋀⨀⨁⨂⨄")
_ACCENTS = {
    "hat": "hat", "tilde": "tilde", "macron": "bar", "overline": "bar", "underline": "underlined", "arrow": "vector",
    "arrow.l": "vector to the left", "dot": "dot", "dot.double": "double dot", "dot.triple": "triple dot",
    "dot.quad": "quadruple dot", "caron": "check", "breve": "breve", "acute": "acute", "grave": "grave",
    "circle": "ring", "cancel": "crossed out", "arrow.l.r": "with a double arrow", "overparen": "arc",
    "underparen": "arc below", "overbrace": "with a brace above", "underbrace": "with a brace below",
    "overbracket": "with a bracket above", "underbracket": "with a bracket below", "box": "in a box",
}  # fmt: skip
_STYLES = {"bb": "blackboard", "cal": "script", "scr": "script", "frak": "fraktur", "bold": "bold"}
_AROUND = {"abs": "the absolute value of", "norm": "the norm of", "ket": "ket", "bra": "bra", "braket": "bracket of",
           "set": "the set of"}  # fmt: skip
_SETS = {"R": "the real numbers", "N": "the natural numbers", "Z": "the integers", "Q": "the rational numbers",
         "C": "the complex numbers"}  # fmt: skip
_MATRICES = {"vmatrix": "determinant", "cases": "cases", "dcases": "cases", "rcases": "cases", "drcases": "cases"}


def say(parts: list[Part]) -> str:
    """Words for a formula."""
    spoken = " ".join(piece for piece in map(_one, parts) if piece)
    for sign in (",", ";", ":", "."):
        spoken = spoken.replace(f" {sign}", sign)
    return " ".join(spoken.split())


def _simple(parts: list[Part]) -> bool:
    return (
        len(parts) == 1
        and parts[0].kind in ("sign", "function", "text", "style")
        and not (parts[0].sub or parts[0].sup)
    )


def _one(part: Part) -> str:
    base = _base(part)
    ranged = (part.kind == "sign" and part.name in _RANGED) or (part.kind == "function" and part.limits)
    sub, sup = say(part.sub or []), say(part.sup or [])
    if ranged:
        low = ("as " if part.name == "lim" else "from " if sup else "over ") + sub if sub else ""
        return " ".join(x for x in (base, low, f"to {sup}" if sup else "", "of") if x)
    if part.kind == "accent" and part.name in ("underbrace", "overbrace"):
        note = sub or sup
        return f"{base} marked {note}, end brace" if note else base
    return f"{base}{f' sub {sub}' if sub else ''}{_raised(part, sup)}"


def _raised(part: Part, sup: str) -> str:
    if not sup:
        return ""
    comma = "" if part.kind in ("sign", "function", "style", "text", "accent") else ","
    plain = part.sup or []
    if all(p.kind == "sign" and p.name in "′∗†" for p in plain):
        return f"{comma} {sup}"
    if _simple(plain) and plain[0].name in ("2", "3"):
        return f"{comma} {'squared' if plain[0].name == '2' else 'cubed'}"
    if _simple(plain) and plain[0].name in ("⊤", "T"):
        return f"{comma} transpose"
    return f"{comma} to the power of {sup}" + ("" if _simple(plain) else ", end power")


def _sign(name: str) -> str:
    if name in _SIGNS:
        return _SIGNS[name]
    if len(name) != 1 or name.isascii():
        return name
    words = unicodedata.name(name, name).lower()
    for gone in (
        "greek small letter ",
        "greek ",
        "latin small letter ",
        "double-struck ",
        " symbol",
        " sign",
        " operator",
    ):
        words = words.replace(gone, "")
    return words.replace("capital letter", "capital").replace("final ", "")


def _base(part: Part) -> str:
    inner = say(part.args[0]) if part.args else ""
    kind = part.kind
    if kind == "sign":
        return _sign(part.name)
    if kind == "function":
        return _FUNCTIONS.get(part.name, part.name)
    if kind == "text":
        return " ".join(part.name.split())
    if kind == "tag":
        return f", equation {part.name.strip('()')}"
    if kind in ("frac", "atop"):
        return _fraction(part)
    if kind == "binom":
        return f"{inner} choose {say(part.args[1])}"
    if kind == "sqrt":
        return f"the square root of {inner}" + ("" if _simple(part.args[0]) else ", end root")
    if kind == "root":
        return f"the root of order {say(part.args[1])} of {inner}, end root"
    if kind == "style":
        return _styled(part, inner)
    if kind == "accent":
        return _accented(part, inner)
    if kind == "stack":
        above, below = say(part.args[1]), say(part.args[2])
        return inner + (f" with {above} above" if above else "") + (f" with {below} below" if below else "")
    if kind == "corners":
        places = ("upper left", "lower left", "upper right", "lower right")
        said = [f"{say(c)} at the {at}" for c, at in zip(part.args[1:], places, strict=True) if c]
        return f"{inner} with {', '.join(said)}" if said else inner
    if kind == "arrow":
        above, below = inner, say(part.args[1])
        return _sign(part.name) + (f" by {above}" if above else "") + (f" under {below}" if below else "")
    if kind == "fence":
        return _fenced(part)
    if kind == "matrix":
        return _matrix(part)
    if kind == "lines":
        return "; next line: ".join(say([p for cell in row for p in cell]) for row in part.rows)
    return inner  # groups, colours, big brackets


def _fraction(part: Part) -> str:
    above, below = (say(a) for a in part.args)
    if all(_simple(a) for a in part.args):
        return f"{above} over {below}"
    return f"the fraction {above}, over {below}, end fraction"


def _styled(part: Part, inner: str) -> str:
    if part.name == "bb" and inner in _SETS:
        return _SETS[inner]
    word = next((_STYLES[s] for s in part.name.split() if s in _STYLES), "")
    return f"{word} {inner}" if word and len(part.args[0]) == 1 else inner


def _accented(part: Part, inner: str) -> str:
    if part.name in _AROUND:
        return f"{_AROUND[part.name]} {inner}, end"
    if part.name.endswith("phantom"):
        return ""  # what is not seen is not heard
    if part.name == "not":
        return f"not {inner}"
    return f"{inner} {_ACCENTS.get(part.name, '')}".strip()


def _fenced(part: Part) -> str:
    left, right = part.name[0], part.name[1]
    middles = [_sign(m) for m in part.more.get("middle", "")]
    pieces = [say(part.args[0])]
    for bar, more in zip(middles, part.args[1:], strict=True):
        pieces += [bar, say(more)]
    around = [_sign(left) if left != "." else "", *pieces, _sign(right) if right != "." else ""]
    if left == right == "|":
        around = ["the absolute value of", *pieces, ", end"]
    return " ".join(x for x in around if x)


def _matrix(part: Part) -> str:
    wide = max(len(row) for row in part.rows)
    rows = [", ".join(say(cell) or "blank" for cell in row) for row in part.rows]
    kind = _MATRICES.get(part.name, "matrix" if part.name in names.MATRICES else "table")
    if kind == "cases":
        return f"{len(rows)} cases: {'; '.join(rows)}; end cases"
    numbered = [f"row {i}: {row}" for i, row in enumerate(rows, start=1)]
    return f"{kind} of {len(rows)} by {wide}, {'; '.join(numbered)}; end {kind}"

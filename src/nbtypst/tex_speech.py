r"""A formula's tree in spoken words, for those who hear a document; the words are those of ``speech/<language>.toml``.

say(parse(r"\frac{a}{b}^2"))       # 'a over b, squared'
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping

from nbtypst import languages
from nbtypst import tex_symbols as names
from nbtypst.tex_reader import Part

_RANGED = frozenset("∑∏∐∫∬∭∮⋂⋃⨆⋁⋀⨀⨁⨂⨄")
_STYLES = {"bb": "blackboard", "cal": "script", "scr": "script", "frak": "fraktur", "bold": "bold"}
_AROUND = frozenset({"abs", "norm", "ket", "bra", "braket", "set"})
_SETS = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "Q": "ℚ", "C": "ℂ"}
_MATRICES = {"vmatrix": "determinant", "cases": "case", "dcases": "case", "rcases": "case", "drcases": "case",
             "numcases": "case"}  # fmt: skip
_RAISED = {"2": "squared", "3": "cubed", "⊤": "transposed", "T": "transposed"}
_CORNERS = ("upper_left", "lower_left", "upper_right", "lower_right")
_BARE = ("sign", "function", "style", "text", "accent")  # what is heard as one thing without a pause behind it
_NAME = re.compile(r"greek small letter |greek |latin small letter |double-struck | symbol| sign| operator|final ")


def say(parts: list[Part], lang: str = languages.ENGLISH) -> str:
    """Words for a formula, in the language of that tag; in English where there are no words in it."""
    return _speaker(lang.partition("-")[0]).say(parts)


@functools.cache
def _speaker(lang: str) -> Speaker:
    return Speaker(languages.speech(lang))


def _simple(parts: list[Part]) -> bool:
    return len(parts) == 1 and parts[0].kind in _BARE[:-1] and not (parts[0].sub or parts[0].sup)


def _goes_over(part: Part) -> bool:
    """Whether what stands at a sign is a range: of a sum, a limit."""
    return (part.kind == "sign" and part.name in _RANGED) or (part.kind == "function" and part.limits)


class Speaker:
    """Says formulas in the words of one language.

    Parameters
    ----------
    words : mapping
        Tables as in ``speech/en.toml``: ``phrases``, ``signs``, ``functions``, ``accents``, ``letters``.
    """

    def __init__(self, words: Mapping[str, Mapping[str, str]]):
        self._words = words
        self._greek = dict(zip(names.GREEK.split(), words["letters"]["greek"].split(), strict=True))

    def say(self, parts: list[Part]) -> str:
        """Words for parts of a formula."""
        spoken = " ".join(piece for piece in map(self._one, parts) if piece)
        return re.sub(r" ([,;:.،؛、，；：])", r"\1", " ".join(spoken.split()))

    def _phrase(self, key: str, *values: object) -> str:
        return self._words["phrases"][key].format(*values)

    def _one(self, part: Part) -> str:
        base = getattr(self, f"_{part.kind}", self._inner)(part)
        sub, sup = self.say(part.sub or []), self.say(part.sup or [])
        if _goes_over(part):
            return self._ranged(part, base, sub, sup)
        if part.kind == "accent" and part.name in ("underbrace", "overbrace"):
            return self._marked(base, sub or sup)
        indexed = self._phrase("index", base, sub) if sub else base
        return self._raised(part, indexed, sup) if sup else indexed

    def _marked(self, base: str, note: str) -> str:
        return self._phrase("marked", base, note) if note else base

    def _ranged(self, part: Part, base: str, low: str, high: str) -> str:
        """A sum, a limit: what it goes over."""
        alone = "limit" if part.name == "lim" else "over_set"
        key = ("from_to" if high else alone) if low else "up_to" if high else "of"
        return self._phrase(key, base, low, high)

    def _raised(self, part: Part, base: str, sup: str) -> str:
        base = base if part.kind in _BARE else self._phrase("pause", base)
        above = part.sup or []
        if all(p.kind == "sign" and p.name in "′∗†" for p in above):
            return self._phrase("raised", base, sup)
        if not _simple(above):
            return self._phrase("power_long", base, sup)
        return self._phrase(_RAISED.get(above[0].name, "power"), base, sup)

    def _inner(self, part: Part) -> str:
        """What is heard as its first argument alone: groups, colours, big brackets."""
        return self.say(part.args[0]) if part.args else ""

    def _sign(self, part: Part) -> str:
        return self._character(part.name)

    _fitted = _sign

    def _character(self, name: str) -> str:
        known = self._words["signs"].get(name)
        if known is not None:
            return known
        if len(name) != 1 or name.isascii():
            return name
        words = _NAME.sub("", unicodedata.name(name, name).lower())
        words = " ".join(self._greek.get(word, word) for word in words.split())
        capital = words.removeprefix("capital letter ")
        return self._phrase("capital", capital) if capital != words else words

    def _function(self, part: Part) -> str:
        return self._words["functions"].get(part.name, part.name)

    def _text(self, part: Part) -> str:
        return " ".join(part.name.split())

    def _tag(self, part: Part) -> str:
        return self._phrase("equation", part.name.strip("()"))

    def _frac(self, part: Part) -> str:
        return self._phrase("over" if all(map(_simple, part.args)) else "fraction", *map(self.say, part.args))

    _atop = _frac

    def _binom(self, part: Part) -> str:
        return self._phrase("choose", *map(self.say, part.args))

    def _sqrt(self, part: Part) -> str:
        return self._phrase("root_short" if _simple(part.args[0]) else "root", self.say(part.args[0]))

    def _root(self, part: Part) -> str:
        return self._phrase("root_of_order", *map(self.say, part.args))

    def _style(self, part: Part) -> str:
        inner = self._inner(part)
        if part.name == "bb" and inner in _SETS:
            return self._character(_SETS[inner])
        word = next((_STYLES[style] for style in part.name.split() if style in _STYLES), "")
        return self._phrase(word, inner) if word and len(part.args[0]) == 1 else inner

    def _accent(self, part: Part) -> str:
        if part.name.endswith("phantom"):
            return ""  # what is not seen is not heard
        inner = self._inner(part)
        if part.name in _AROUND:
            return self._phrase(part.name, inner)
        if part.name == "not":
            return self._phrase("crossed", inner)
        return self._words["accents"].get(part.name, "{0}").format(inner)

    def _stack(self, part: Part) -> str:
        said = self.say(part.args[0])
        for key, label in zip(("above", "below"), map(self.say, part.args[1:]), strict=True):
            said = self._phrase(key, said, label) if label else said
        return said

    def _corners(self, part: Part) -> str:
        base, *corners = map(self.say, part.args)
        said = [self._phrase(key, corner) for key, corner in zip(_CORNERS, corners, strict=True) if corner]
        return self._phrase("corners", base, ", ".join(said)) if said else base

    def _arrow(self, part: Part) -> str:
        said = self._character(part.name)
        for key, label in zip(("by", "under"), map(self.say, part.args), strict=True):
            said = self._phrase(key, said, label) if label else said
        return said

    def _fence(self, part: Part) -> str:
        left, right = part.name[0], part.name[1]
        pieces = [self.say(part.args[0])]
        for bar, more in zip(part.more.get("middle", ""), part.args[1:], strict=True):
            pieces += [self._character(bar), self.say(more)]
        inner = " ".join(pieces)
        if left == right == "|":
            return self._phrase("abs", inner)
        if self._counted(part.args[0]):
            return inner  # how many cases there are is heard instead of a brace
        return " ".join([self._character(left) * (left != "."), inner, self._character(right) * (right != ".")])

    def _counted(self, parts: list[Part]) -> bool:
        return len(parts) == 1 and _MATRICES.get(parts[0].name) == "case"

    def _matrix(self, part: Part) -> str:
        blank = self._phrase("blank")
        rows = [", ".join(self.say(cell) or blank for cell in row) for row in part.rows]
        kind = _MATRICES.get(part.name, "matrix" if part.name in names.MATRICES else "table")
        if kind == "case":
            return self._phrase(kind, len(rows), "; ".join(rows))
        numbered = "; ".join(self._phrase("row", i, row) for i, row in enumerate(rows, start=1))
        return self._phrase(kind, len(rows), max(map(len, part.rows)), numbered)

    def _lines(self, part: Part) -> str:
        said = [self.say([p for cell in row for p in cell]) for row in part.rows]
        return functools.reduce(lambda before, line: self._phrase("next_line", before, line), said)

    def _proof(self, part: Part) -> str:
        premises = [said for said in map(self.say, part.rows[0]) if said] or [self._phrase("nothing")]
        above = functools.reduce(lambda before, premise: self._phrase("both", before, premise), premises)
        below, *labels = map(self.say, part.args)
        by = " ".join(label for label in labels if label)
        return self._phrase("infer_by" if by else "infer", above, below, by)

    def _diagram(self, part: Part) -> str:
        arrows = [
            said
            for y, row in enumerate(part.rows)
            for x, cell in enumerate(row)
            for p in cell
            if (said := self._edge(part.rows, p, x, y))
        ]
        alone = [self.say(cell) for row in part.rows for cell in row if cell]
        return self._phrase("diagram", "; ".join(arrows or alone))

    def _edge(self, rows: list[list[list[Part]]], arrow: Part, x: int, y: int) -> str:
        """An arrow of a diagram, from one object to the other; nothing for what is no such arrow."""
        upright = arrow.kind == "upright"
        if not upright and (arrow.kind != "arrow" or x % 2 == 0):
            return ""
        dx, dy = (0, 1) if upright else (1, 0)
        ends = _at(rows, x - dx, y - dy), _at(rows, x + dx, y + dy)
        one, other = (self.say(end) or self._phrase("blank") for end in ends)
        if arrow.name in "=‖":
            return self._phrase("same", one, other)
        ordered = (other, one) if arrow.name in "←↑" else (one, other)
        by = ", ".join(filter(None, map(self.say, arrow.args)))
        return self._phrase("arrow_by" if by else "arrow", *ordered, by)


def _at(rows: list[list[list[Part]]], x: int, y: int) -> list[Part]:
    return rows[y][x] if 0 <= y < len(rows) and 0 <= x < len(rows[y]) else []

r"""TeX's formulas as trees.

A formula is a list of parts; a part has a kind (``sign``, ``text``, ``frac``, ``matrix`` …), arguments that are lists
of parts again, and what stands below and above it. `nbtypst.tex_typst` sets the tree, `nbtypst.tex_speech` says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from nbtypst import tex_symbols as names
from nbtypst.tex import TexError, argument, filled, optional, words
from nbtypst.tex_packages import FITTED, Packages
from nbtypst.tex_reader import Part

_FRACTIONS = {"frac": "", "dfrac": "display", "tfrac": "inline", "cfrac": "display", "nicefrac": "", "sfrac": ""}
# Commands whose first arguments are left out.
_LEFT_OUT = {"label": 1, "cssId": 1, "class": 1, "href": 1, "style": 1, "require": 1, "rule": 2, "Rule": 3, "Space": 3,
             "setlength": 2, "leftroot": 1, "uproot": 1, "definecolor": 3, "mathtoolsset": 1,
             "usetagform": 1, "minCDarrowwidth": 1, "minCDarrowheight": 1, "cellcolor": 1, "rowcolor": 1,
             "columncolor": 1, "endtoggle": 0, "MoveEqLeft": 0}  # fmt: skip
_LENGTHS = ("hspace", "hspace*", "mspace", "kern", "mkern", "hskip", "mskip")
_MOVES = ("raise", "lower", "moveleft", "moveright", "vspace")
_EM = {"em": 1.0, "ex": 0.43, "pt": 0.1, "mu": 0.0556, "px": 0.08, "cm": 2.8, "mm": 0.28, "in": 7.2}


def parse(tex: str) -> list[Part]:
    r"""The parts of a formula.

    Raises
    ------
    TexError
        When a command is not known, or braces and environments do not close.

    Examples
    --------
    >>> [p.kind for p in parse(r"a + {m \over n}")]
    ['sign', 'sign', 'group']
    """
    reader = _Commands(words(tex))
    found = reader.parts(("\\\\",))
    if reader.at < len(reader.words) and reader.words[reader.at] == "\\\\":  # lines without an environment
        reader = _Commands(words(tex))
        found = [reader.table("gather")]
    if reader.at < len(reader.words):
        raise TexError(f"{reader.words[reader.at]} without a beginning")
    return found


def plain(text: str) -> str:
    r"""A number of an equation as characters: ``∗`` of ``$\ast$``."""
    return "".join(_signs(parse(piece)) if i % 2 else piece for i, piece in enumerate(text.split("$")))


def _signs(parts: list[Part]) -> str:
    return "".join(p.name + "".join(map(_signs, [*p.args, p.sub or [], p.sup or []])) for p in parts)


class _Commands(Packages):
    """What each command makes."""

    def _command(self, name: str) -> Part | None:
        word = f"\\{name}"
        if name in names.IGNORED or name == "\\":  # a new line where there are no lines
            return None
        if name in names.SPACES:
            return Part("space", names.SPACES[name])
        if name in names.TEXTS:
            return self._text(name)
        for table, make in self._tables():
            if name in table:
                return make(name)
        method = getattr(self, f"_do_{name.rstrip('*')}", None)
        if method is not None:
            made: Part | None = method(name)
            return made
        if name in names.SIGNS:
            return self._limited(Part("sign", names.SIGNS[name]))
        raise TexError(f"{word} is not known")

    def _tables(self) -> list[tuple[Collection[str], Callable[[str], Part | None]]]:
        """Names, and what makes a part of one."""
        return [
            (names.FUNCTIONS, lambda n: self._limited(Part("function", n, limits=n in names.LIMITS))),
            (names.STYLES, lambda n: Part("style", names.STYLES[n], [self._argument()])),
            (names.ACCENTS, self._accent),
            (names.EXTENSIBLE, self._extensible),
            (_FRACTIONS, lambda n: Part("frac", _FRACTIONS[n], [self._argument(), self._argument()])),
            (names.BIG, self._big),
            (names.SHORT, self._short),
            (names.GROUPED, self._grouped),
            (_LENGTHS, self._blank),
            (_MOVES, self._moved),
            (_LEFT_OUT, self._left_out),
            (FITTED, lambda n: Part("fitted", FITTED[n])),
            ({f"{b}{s}": b for b in names.BIG for s in "lrm"}, lambda n: self._big(n[:-1])),
        ]

    def _accent(self, name: str) -> Part:
        option = optional(self.words, self.at) if name in ("bbox", "smash", "cancel") else None
        if option:
            self.at = option[1]
        return self._limited(Part("accent", names.ACCENTS[name], [self._argument()]))

    def _extensible(self, name: str) -> Part:
        below = self._optional()
        return Part("arrow", names.EXTENSIBLE[name], [self._argument(), below or []])

    def _big(self, name: str) -> Part:
        return Part("big", names.BIG[name], [[Part("sign", self._delimiter())]])

    def _short(self, name: str) -> Part:
        count, body = names.SHORT[name]
        arguments: list[list[str]] = []
        for _ in range(count):
            found, self.at = argument(self.words, self.at)
            arguments.append(found)
        return self._inner(filled(words(body), arguments))

    def _grouped(self, name: str) -> Part:
        if self._next() != "{":
            raise TexError(f"\\{name} is an environment")
        found, self.at = argument(self.words, self.at)
        return type(self)(found, self.depth + 1).table(names.GROUPED[name])

    def _text(self, name: str) -> Part:
        found, self.at = argument(self.words, self.at)
        if name in ("tag", "tag*"):
            number = plain("".join(found))
            return Part("tag", number if name == "tag*" else f"({number})")
        inner = self._words_with_formulas("".join(found))
        style = names.TEXTS[name]
        if style == "box":
            return Part("accent", "box", [inner])
        if style:
            return Part("style", style, [inner])
        return inner[0] if len(inner) == 1 else Part("group", "", [inner])

    def _blank(self, _: str) -> Part | None:
        match = re.fullmatch(r"(-?\d*\.?\d+)\s*([a-z]+)", self._length())
        size = float(match[1]) * _EM.get(match[2], 0) if match else 0
        return Part("space", f"#h({min(size, 8):.3f}em)") if size else None

    def _moved(self, _: str) -> None:
        self._length()

    def _left_out(self, name: str) -> None:
        self.at = optional(self.words, self.at)[1]
        for _ in range(_LEFT_OUT[name]):
            self._raw()

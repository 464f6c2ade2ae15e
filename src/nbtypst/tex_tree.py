r"""TeX's formulas as trees.

A formula is a list of parts; a part has a kind (``sign``, ``text``, ``frac``, ``matrix`` …), arguments that are lists
of parts again, and what stands below and above it. `nbtypst.tex_typst` sets the tree, `nbtypst.tex_speech` says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from nbtypst import tex_symbols as names
from nbtypst.tex import TexError, argument, optional, words
from nbtypst.tex_chemistry import chemistry
from nbtypst.tex_reader import Part, Reader

_FRACTIONS = {"frac": "", "dfrac": "display", "tfrac": "inline", "cfrac": "display", "nicefrac": "", "sfrac": ""}
_CELLS = ("&", "\\\\", "\\cr", "\\newline")
_SKIPPED = {"\\hspace": 1, "\\hspace*": 1, "\\mspace": 1, "\\kern": 0, "\\mkern": 0, "\\hskip": 0, "\\vspace": 1,
            "\\label": 1, "\\hdotsfor": 1, "\\cssId": 1, "\\class": 1, "\\href": 1, "\\style": 1, "\\require": 1,
            "\\enclose": 1, "\\raise": 0, "\\lower": 0, "\\rule": 2, "\\setlength": 2, "\\mathchoice": 0}  # fmt: skip
_LENGTH = re.compile(r"-?\d*\.?\d+\s*(?:em|ex|pt|mu|px|cm|mm|in)")
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


class _Commands(Reader):
    """What each command makes."""

    def _command(self, name: str) -> Part | None:
        word = f"\\{name}"
        if name in names.IGNORED or name == "\\":  # a new line where there are no lines
            return None
        if name in names.SPACES:
            return Part("space", names.SPACES[name])
        if name in names.TEXTS:
            return self._text(name)
        if word in _SKIPPED:
            return self._skipped(word)
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

    def _tables(self) -> list[tuple[Collection[str], Callable[[str], Part]]]:
        """Names, and what makes a part of one."""
        return [
            (names.FUNCTIONS, lambda n: self._limited(Part("function", n, limits=n in names.LIMITS))),
            (names.STYLES, lambda n: Part("style", names.STYLES[n], [self._argument()])),
            (names.ACCENTS, self._accent),
            (names.EXTENSIBLE, self._extensible),
            (_FRACTIONS, lambda n: Part("frac", _FRACTIONS[n], [self._argument(), self._argument()])),
            (names.BIG, self._big),
            ({f"{b}{s}": b for b in names.BIG for s in "lrm"}, lambda n: self._big(n[:-1])),
        ]

    def _limited(self, part: Part) -> Part:
        while self._next() in ("\\limits", "\\nolimits", "\\displaylimits"):
            part.limits = self.words[self.at] == "\\limits"
            part.more["limits"] = "no" if self.words[self.at] == "\\nolimits" else "yes"
            self.at += 1
        return part

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

    def _delimiter(self) -> str:
        word = self._next()
        self.at += 1
        found = names.SIGNS.get(word[1:]) if word.startswith("\\") else {"<": "⟨", ">": "⟩"}.get(word, word)
        if not found or found.isalnum():
            raise TexError(f"{word or 'nothing'} where a bracket is needed")
        return found

    def _text(self, name: str) -> Part:
        found, self.at = argument(self.words, self.at)
        if name in ("tag", "tag*"):
            number = plain("".join(found))
            return Part("tag", number if name == "tag*" else f"({number})")
        pieces: list[list[Part]] = []
        for i, piece in enumerate("".join(found).split("$")):
            if piece:
                pieces.append(parse(piece) if i % 2 else [Part("text", re.sub(r"\\([%$&#_{} ])", r"\1", piece))])
        inner = [part for piece in pieces for part in piece]
        style = names.TEXTS[name]
        if style == "box":
            return Part("accent", "box", [inner])
        if not style:
            return inner[0] if len(inner) == 1 else Part("group", "", [inner])
        return Part("style", style, [inner])

    def _skipped(self, word: str) -> Part | None:
        if word in ("\\hspace", "\\hspace*", "\\mspace", "\\kern", "\\mkern", "\\hskip", "\\raise", "\\lower"):
            if self._next() == "{":
                length = self._raw()
            else:
                rest = "".join(self.words[self.at : self.at + 12])
                found = _LENGTH.match(rest)
                length = found[0] if found else ""
                self.at += len(words(length))
            match = re.fullmatch(r"(-?\d*\.?\d+)\s*([a-z]+)", length)
            size = float(match[1]) * _EM.get(match[2], 0) if match else 0
            return None if word in ("\\raise", "\\lower") or not size else Part("space", f"#h({min(size, 8):.3f}em)")
        if word == "\\mathchoice":
            chosen = self._argument()
            for _ in range(3):
                self._argument()
            return Part("group", "", [chosen])
        for _ in range(_SKIPPED[word]):
            self._raw()
        return None

    def _do_sqrt(self, _: str) -> Part:
        index = self._optional()
        return Part("root" if index else "sqrt", "", [self._argument(), index or []])

    def _do_root(self, _: str) -> Part:
        index = self.parts(("\\of",))
        self.at += 1
        return Part("root", "", [self._argument(), index])

    def _do_binom(self, _: str) -> Part:
        return Part("binom", "", [self._argument(), self._argument()])

    _do_dbinom = _do_tbinom = _do_binom

    def _do_overset(self, name: str) -> Part:
        above, base = self._argument(), self._argument()
        return Part("stack", "", [base, above, []])

    _do_stackrel = _do_overset

    def _do_underset(self, name: str) -> Part:
        below, base = self._argument(), self._argument()
        return Part("stack", "", [base, [], below])

    def _do_substack(self, _: str) -> Part:
        found, self.at = argument(self.words, self.at)
        return type(self)(found, self.depth + 1).table("matrix")

    def _do_operatorname(self, name: str) -> Part:
        said = re.sub(r"\\[,:;! ]|\\(?:mathrm|text|rm)\b|[{}]", "", self._raw()).strip()
        said = re.sub(r"\\([A-Za-z]+)", r"\1", said)
        return self._limited(Part("function", said, limits=name.endswith("*")))

    _do_operatornamewithlimits = _do_operatorname

    def _do_textcolor(self, _: str) -> Part:
        colour = self._raw()
        return Part("colour", colour, [self._argument()])

    def _do_colorbox(self, _: str) -> Part:
        self._raw()
        return Part("group", "", [self._argument()])

    def _do_left(self, _: str) -> Part:
        left = self._delimiter()
        parts: list[list[Part]] = [self.parts(("\\middle",))]
        middles: list[str] = []
        while self._next() == "\\middle":
            self.at += 1
            middles.append(self._delimiter())
            parts.append(self.parts(("\\middle",)))
        if self._next() != "\\right":
            raise TexError("\\left without \\right")
        self.at += 1
        return Part("fence", left + self._delimiter(), parts, more={"middle": "".join(middles)})

    def _do_mod(self, name: str) -> Part:
        return Part("function", "mod")

    _do_bmod = _do_mod

    def _do_pmod(self, _: str) -> Part:
        inner = [Part("function", "mod"), Part("space", "thin"), *self._argument()]
        return Part("group", "", [[Part("space", "quad"), Part("sign", "("), *inner, Part("sign", ")")]])

    def _do_LaTeX(self, name: str) -> Part:
        return Part("text", name)

    _do_TeX = _do_LaTeX

    def _do_ce(self, _: str) -> Part:
        return Part("group", "", [parse(chemistry(self._raw()))])

    def _do_unicode(self, _: str) -> Part:
        found = re.fullmatch(r"x([0-9a-fA-F]{1,6})|(\d{1,7})", self._raw())
        code = (int(found[1], 16) if found[1] else int(found[2])) if found else 0
        if not 32 < code < 0x110000:
            raise TexError("\\unicode without a character's number")
        return Part("sign", chr(code))

    def _do_begin(self, _: str) -> Part:
        name = self._raw()
        bare = name.rstrip("*")
        if bare in ("alignat", "alignedat"):
            self._raw()
        if bare not in names.MATRICES and bare not in names.LINES:
            raise TexError(f"the environment {name} is not known")
        if name.endswith("*") or bare in ("array", "subarray", "aligned", "gathered", "split", "alignedat"):
            self.at = optional(self.words, self.at)[1]
        columns = self._raw() if bare in ("array", "subarray") else ""
        made = self.table(bare, columns)
        ended = self._next() == "\\end"
        self.at += 1
        if not ended or self._raw() != name:
            raise TexError(f"\\begin{{{name}}} without its \\end")
        return made

    def table(self, name: str, columns: str = "") -> Part:
        """Rows of cells, up to the end of the environment."""
        rows: list[list[list[Part]]] = [[]]
        rules: list[str] = []
        while True:
            while self._next() in ("\\hline", "\\hdashline", "\\cline", "\\intertext", "\\shortintertext"):
                self.at += 1
                if self.words[self.at - 1] == "\\cline":
                    self._raw()
                elif self.words[self.at - 1] in ("\\intertext", "\\shortintertext"):
                    rows[-1:] = [[[Part("text", self._raw(), more={"between": "yes"})]], []]
                else:
                    rules.append(str(len(rows) - 1))
            rows[-1].append(self.parts(_CELLS))
            word = self._next()
            if word not in _CELLS:
                break
            self.at += 1
            if word != "&":
                _, self.at = optional(self.words, self.at)
                rows.append([])
        if len(rows) > 1 and all(not cell for cell in rows[-1]):
            rows.pop()
        more = {"columns": columns, "rules": " ".join(rules)}
        return Part("lines" if name in names.LINES else "matrix", name, rows=rows, more=more)

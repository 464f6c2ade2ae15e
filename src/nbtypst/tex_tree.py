r"""TeX's formulas as trees.

A formula is a list of parts; a part has a kind (``sign``, ``text``, ``frac``, ``matrix`` …), arguments that are lists
of parts again, and what stands below and above it. `nbtypst.tex_typst` sets the tree, `nbtypst.tex_speech` says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from nbtypst import tex_symbols as names
from nbtypst.tex import TexError, argument, blank, optional, words

_DEEPEST = 60
_FRACTIONS = {"frac": "", "dfrac": "display", "tfrac": "inline", "cfrac": "display", "nicefrac": "", "sfrac": ""}
_INFIX = {"over": "frac", "choose": "binom", "atop": "atop", "brace": "binom", "brack": "binom"}
_CELLS = ("&", "\\\\", "\\cr", "\\newline")
_COLOURED = ("\\textcolor", "\\color", "\\colorbox")
_SKIPPED = {"\\hspace": 1, "\\hspace*": 1, "\\mspace": 1, "\\kern": 0, "\\mkern": 0, "\\hskip": 0, "\\vspace": 1,
            "\\label": 1, "\\hdotsfor": 1, "\\cssId": 1, "\\class": 1, "\\href": 1, "\\style": 1, "\\require": 1,
            "\\enclose": 1, "\\raise": 0, "\\lower": 0, "\\rule": 2, "\\setlength": 2, "\\mathchoice": 0}  # fmt: skip
_LENGTH = re.compile(r"-?\d*\.?\d+\s*(?:em|ex|pt|mu|px|cm|mm|in)")
_EM = {"em": 1.0, "ex": 0.43, "pt": 0.1, "mu": 0.0556, "px": 0.08, "cm": 2.8, "mm": 0.28, "in": 7.2}


@dataclass
class Part:
    """One thing in a formula."""

    kind: str
    name: str = ""
    args: list[list[Part]] = field(default_factory=list)
    rows: list[list[list[Part]]] = field(default_factory=list)
    sub: list[Part] | None = None
    sup: list[Part] | None = None
    limits: bool = False
    more: dict[str, str] = field(default_factory=dict)


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
    reader = _Reader(words(tex))
    found = reader.parts(())
    if reader.at < len(reader.words):
        raise TexError(f"{reader.words[reader.at]} without a beginning")
    return found


class _Reader:
    def __init__(self, stream: list[str], depth: int = 0):
        self.words = stream
        self.at = 0
        self.depth = depth
        if depth > _DEEPEST:
            raise TexError("nested too deeply")

    def parts(self, ends: tuple[str, ...]) -> list[Part]:
        """Parts up to one of `ends`, which is not taken."""
        out: list[Part] = []
        while self.at < len(self.words):
            word = self.words[self.at]
            if word in ends or word in ("}", "\\right", "\\end"):
                break
            name = word[1:]
            if word.startswith("\\") and name in _INFIX:
                self.at += 1
                return [Part(_INFIX[name], "", [out, self.parts(ends)])]
            if word.startswith("\\") and name in names.SWITCHES:
                self.at += 1
                return [*out, Part("style", names.SWITCHES[name], [self.parts(ends)])]
            if word == "\\color":
                self.at += 1
                colour = self._raw()
                if self._next() == "{" and not out:
                    out.append(Part("colour", colour, [self._argument()]))
                    continue
                return [*out, Part("colour", colour, [self.parts(ends)])]
            if word in ("^", "_", "'"):
                self._script(out)
                continue
            part = self._one()
            if part is not None:
                out.append(part)
        return out

    def _next(self) -> str:
        self.at = blank(self.words, self.at)
        return self.words[self.at] if self.at < len(self.words) else ""

    def _raw(self) -> str:
        found, self.at = argument(self.words, self.at)
        return "".join(found).strip()

    def _argument(self) -> list[Part]:
        found, self.at = argument(self.words, self.at)
        if found[:1] and len(found) == 1 and found[0] in ("^", "_", "&", "}"):
            raise TexError(f"{found[0]} where something else is needed")
        if len(found) == 1 and found[0].startswith("\\") and self.words[self.at - 1] == found[0]:
            self.at -= 1  # a command without braces takes its own arguments
            part = self._one()
            return [part] if part else []
        return _Reader(found, self.depth + 1).parts(())

    def _optional(self) -> list[Part] | None:
        found, self.at = optional(self.words, self.at)
        return None if found is None else _Reader(found, self.depth + 1).parts(())

    def _script(self, out: list[Part]) -> None:
        if not out or out[-1].kind in ("space",):
            out.append(Part("nothing"))
        base, sign = out[-1], self.words[self.at]
        self.at += 1
        if sign == "'":
            primes = 1
            while self._next() == "'":
                primes += 1
                self.at += 1
            base.sup = [*(base.sup or []), *[Part("sign", "′")] * primes]
            return
        found = self._argument()
        if sign == "^":
            base.sup = [*(base.sup or []), *found]
        else:
            if base.sub is not None:
                raise TexError("two indices at one sign")
            base.sub = found

    def _one(self) -> Part | None:
        word = self.words[self.at]
        self.at += 1
        if word == " ":
            return None
        if word == "{":
            self.at -= 1
            return Part("group", "", [self._argument()])
        if word == "~":
            return Part("space", "space")
        if not word.startswith("\\"):
            return self._plain(word)
        return self._command(word[1:])

    def _plain(self, word: str) -> Part:
        if word in ("&", "#", "$", "%"):
            raise TexError(f"{word} where it has no meaning")
        number = word
        while number[0].isdigit() and self.at < len(self.words) and re.fullmatch(r"[\d.]", self.words[self.at]):
            follows = self.words[self.at + 1 : self.at + 2]
            if self.words[self.at] == "." and not (follows and follows[0].isdigit()):
                break
            number += self.words[self.at]
            self.at += 1
        return Part("sign", {"*": "∗", "-": "−", "`": "‘"}.get(number, number))

    def _command(self, name: str) -> Part | None:
        word = f"\\{name}"
        if name in names.IGNORED:
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
        if name == "tag" and self._next() == "*":
            self.at += 1
        found, self.at = argument(self.words, self.at)
        kind = "tag" if name == "tag" else "text"
        pieces: list[list[Part]] = []
        for i, piece in enumerate("".join(found).split("$")):
            if piece:
                pieces.append(parse(piece) if i % 2 else [Part(kind, re.sub(r"\\([%$&#_{} ])", r"\1", piece))])
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
        return _Reader(found, self.depth + 1).table("matrix")

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

    def _do_ce(self, _: str) -> Part:
        from nbtypst.tex_chemistry import chemistry

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

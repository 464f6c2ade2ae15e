"""What commands with arguments, and environments, make of a formula's words."""

from __future__ import annotations

import re
from typing import ClassVar

from nbtypst import tex_symbols as names
from nbtypst.tex import TexError, argument, optional, words
from nbtypst.tex_chemistry import chemistry
from nbtypst.tex_reader import Part, Reader

CELLS = ("&", "\\\\", "\\cr", "\\newline")
# Environments that may begin with something in square brackets.
_OPTIONAL = ("array", "subarray", "aligned", "gathered", "split", "alignedat", "lgathered", "rgathered", "multlined")
# Notations of \\enclose, and what is set for each.
_ENCLOSED = {"box": "box", "roundedbox": "box", "circle": "box", "bottom": "underline", "top": "overline",
             "actuarial": "overline", "longdiv": "overline", "radical": "overline"}  # fmt: skip

_FACES = re.compile(
    r"\\(?:text(?:sc|bf|it|rm|sf|tt|sl|up|md|normal)?|emph|mbox|tiny|scriptsize|footnotesize|small|normalsize|large|Large"
    r"|sc|rm|it|bf|sf|tt|sl)(?![A-Za-z])\s*"
)


class Structures(Reader):
    r"""A method ``_do_x`` for each command ``\x`` that no table of names tells all about."""

    OWN: ClassVar[dict[str, str]] = {}  # environments that are no tables -> the method for each

    def _inner(self, stream: list[str]) -> Part:
        made = type(self)(stream, self.depth + 1).parts(())
        return made[0] if len(made) == 1 else Part("group", "", [made])

    def _whole(self, stream: list[str]) -> list[Part]:
        """The parts of a formula inside another thing.

        Raises
        ------
        TexError
            When something in it ends what it did not begin.
        """
        reader = type(self)(stream, self.depth + 1)
        found = reader.parts(())
        if reader.at < len(stream):
            raise TexError(f"{stream[reader.at]} without a beginning")
        return found

    def _words_with_formulas(self, text: str) -> list[Part]:
        """Text, with what stands between dollar signs as formulas; its size and face are the document's."""
        out: list[Part] = []
        for i, piece in enumerate(text.split("$")):
            if i % 2 and piece:
                out += self._whole(words(piece))
            elif said := re.sub(r"[{}]", "", _FACES.sub("", re.sub(r"\\([%&#_ ])", r"\1", piece))):
                out.append(Part("text", said))
        return out

    def _limited(self, part: Part) -> Part:
        while self._next() in ("\\limits", "\\nolimits", "\\displaylimits"):
            part.limits = self.words[self.at] == "\\limits"
            part.more["limits"] = "no" if self.words[self.at] == "\\nolimits" else "yes"
            self.at += 1
        return part

    def _text(self, name: str) -> Part:
        """Text that a command such as ``text`` or ``fbox`` holds."""
        raise NotImplementedError

    def _do_mathchoice(self, _: str) -> Part:
        chosen, *_others = (self._argument() for _ in range(4))
        return Part("group", "", [chosen])

    def _do_genfrac(self, _: str) -> Part:
        left, right, thick, style = (self._raw() for _ in range(4))
        around = "".join(type(self)(words(d)).closing() for d in (left, right))
        kind = "atop" if re.match(r"0+(?:\.0*)?(?:\D|\Z)", thick) else "frac"
        made = Part(kind, "", [self._argument(), self._argument()])
        made = Part("fence", around, [[made]]) if around != ".." else made
        looks = ("display", "inline", "script", "sscript")
        return Part("style", looks[int(style)], [[made]]) if style in tuple("0123") else made

    def closing(self) -> str:
        """A bracket, or ``.`` where there is nothing."""
        return self._delimiter() if self._next() else "."

    def _do_sideset(self, _: str) -> Part:
        before, behind = self._argument(), self._argument()
        corners = [getattr(side[0], at) or [] if side else [] for side in (before, behind) for at in ("sup", "sub")]
        return Part("corners", "", [self._argument(), *corners], more={"limits": "yes"})

    def _do_prescript(self, _: str) -> Part:
        above, below = self._argument(), self._argument()
        return Part("corners", "", [self._argument(), above, below, [], []])

    def _do_buildrel(self, _: str) -> Part:
        above = self.parts(("\\over",))
        self.at += 1
        return Part("stack", "", [self._argument(), above, []])

    def _do_skew(self, _: str) -> Part:
        self._raw()
        accent, self.at = argument(self.words, self.at)
        base, self.at = argument(self.words, self.at)
        return self._inner([*accent, "{", *base, "}"])

    def _do_enclose(self, _: str) -> Part:
        notations = self._raw().replace(",", " ").split()
        self._optional()
        inner = self._argument()
        for notation in notations:
            name = "cancel" if notation.endswith("strike") else _ENCLOSED.get(notation, "same")
            inner = [Part("accent", name, [inner])]
        return Part("group", "", [inner])

    def _do_framebox(self, name: str) -> Part:
        while self._optional() is not None:
            pass
        return self._text("fbox") if name == "framebox" else Part("group", "", [self._argument()])

    _do_mathmakebox = _do_framebox

    def _do_mmlToken(self, _: str) -> Part:
        self._raw()
        self._optional()
        return Part("text", self._raw())

    def _do_pu(self, _: str) -> Part:
        return Part("text", self._raw())

    def _do_verb(self, _: str) -> Part:
        sign = self.words[self.at]
        end = self.words.index(sign, self.at + 1)
        found = "".join(self.words[self.at + 1 : end])
        self.at = end + 1
        return Part("style", "mono", [[Part("text", found)]])

    def _do_ArrowBetweenLines(self, _: str) -> Part:
        found = self._optional()
        return Part("group", "", [found or [Part("sign", "⇕")]])

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

    _do_stackrel = _do_stackbin = _do_overset

    def _do_underset(self, name: str) -> Part:
        below, base = self._argument(), self._argument()
        return Part("stack", "", [base, [], below])

    def _do_Aboxed(self, _: str) -> Part:
        found, self.at = argument(self.words, self.at)
        return Part("accent", "box", [type(self)([w for w in found if w != "&"], self.depth + 1).parts(())])

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
        return self._inner(words(chemistry(self._raw())))

    def _do_unicode(self, _: str) -> Part:
        found = re.fullmatch(r"x([0-9a-fA-F]{1,6})|(\d{1,7})", self._raw())
        code = (int(found[1], 16) if found[1] else int(found[2])) if found else 0
        if not 32 < code < 0x110000:
            raise TexError("\\unicode without a character's number")
        return Part("sign", chr(code))

    def _do_begin(self, _: str) -> Part:
        name = self._raw()
        bare = name.rstrip("*")
        own = self.OWN.get(bare)
        made: Part = getattr(self, own)() if own else self._environment(name, bare)
        ended = self._next() == "\\end"
        self.at += 1
        if not ended or self._raw() != name:
            raise TexError(f"\\begin{{{name}}} without its \\end")
        return made

    def _environment(self, name: str, bare: str) -> Part:
        """Rows of cells, behind what an environment takes first."""
        if bare not in names.MATRICES and bare not in names.LINES:
            raise TexError(f"the environment {name} is not known")
        if bare in ("alignat", "alignedat", "xalignat", "xxalignat", "spreadlines"):
            self._raw()
        if name.endswith("*") or bare in _OPTIONAL:
            self.at = optional(self.words, self.at)[1]
        columns = self._raw() if bare in ("array", "subarray", "crampedsubarray") else ""
        return self.table(bare, columns)

    def table(self, name: str, columns: str = "") -> Part:
        """Rows of cells, up to the end of the environment."""
        rows: list[list[list[Part]]] = [[]]
        rules: list[str] = []
        while True:
            self._between(rows, rules)
            rows[-1].append(self.parts(CELLS))
            word = self._next()
            if word not in CELLS:
                break
            self.at += 1
            if word != "&":
                _, self.at = optional(self.words, self.at)
                rows.append([])
        if len(rows) > 1 and all(not cell for cell in rows[-1]):
            rows.pop()
        more = {"columns": columns, "rules": " ".join(rules)}
        return Part("lines" if name in names.LINES else "matrix", name, rows=rows, more=more)

    def _between(self, rows: list[list[list[Part]]], rules: list[str]) -> None:
        """Rules and text between rows."""
        while (word := self._next()) in ("\\hline", "\\hdashline", "\\cline", "\\intertext", "\\shortintertext"):
            self.at += 1
            if word == "\\cline":
                self._raw()
            elif word.endswith("intertext"):
                rows[-1:] = [[[Part("text", self._raw(), more={"between": "yes"})]], []]
            else:
                rules.append(str(len(rows) - 1))

r"""Environments of LaTeX's packages: bussproofs, amscd, empheq and cases."""

from __future__ import annotations

import re
from typing import ClassVar

from nbtypst import tex_symbols as names
from nbtypst.tex import TexError, optional, words
from nbtypst.tex_reader import Part
from nbtypst.tex_structures import CELLS, Structures

_PREMISES = {"Unary": 1, "Binary": 2, "Trinary": 3, "Quaternary": 4, "Quinary": 5}
_INFERENCE = re.compile(rf"({'|'.join(_PREMISES)})InfC?\Z")
_PROOF_NAMES = {"AX": "Axiom", "AXC": "AxiomC", "UI": "UnaryInf", "UIC": "UnaryInfC", "BI": "BinaryInf",
                "BIC": "BinaryInfC", "TI": "TrinaryInf", "TIC": "TrinaryInfC", "LL": "LeftLabel",
                "RL": "RightLabel"}  # fmt: skip
_PROOF_LINES = {"noLine": "none", "singleLine": "single", "solidLine": "single", "doubleLine": "double",
                "dashedLine": "dashed", "dottedLine": "dashed"}  # fmt: skip
_ALWAYS = {f"always{name[0].upper()}{name[1:]}": line for name, line in _PROOF_LINES.items()}
_PROOF_LEFT_OUT = {"kernHyps": 1, "insertBetweenHyps": 1, "alwaysRootAtBottom": 0, "alwaysRootAtTop": 0,
                   "rootAtBottom": 0, "rootAtTop": 0, "DisplayProof": 0}  # fmt: skip
_ACROSS = {">": "→", "<": "←", ")": "→", "(": "←"}
_DOWN = {"V": "↓", "A": "↑"}
_EQUAL = {"=": ("arrow", "="), "|": ("upright", "‖"), "\\vert": ("upright", "‖"), "\\|": ("upright", "‖")}
_FITTED = "lbrace rbrace lbrack rbrack langle rangle lparen rparen lvert rvert lVert rVert lfloor rfloor lceil rceil"
FITTED = {f"empheq{big}{name}": names.SIGNS[name] for big in ("", "big") for name in _FITTED.split()}


class Packages(Structures):
    """An environment a method, as `OWN` names them."""

    OWN: ClassVar[dict[str, str]] = {
        "prooftree": "_proof", "CD": "_diagram", "empheq": "_empheq", "numcases": "_numcases",
        "subnumcases": "_numcases",
    }  # fmt: skip

    def _proof(self) -> Part:
        r"""A proof: what stands above a line, and what follows from it below.

        Its parts are of the kind ``proof``: the name says which line, the arguments are what follows and the labels to
        the left and right, the one row has the premises.
        """
        stack: list[list[Part]] = []
        labels: dict[str, list[Part]] = {}
        line = usual = "single"
        while (word := self._next()) not in ("", "\\end"):
            self.at += 1
            name = _PROOF_NAMES.get(word[1:], word[1:])
            if name.startswith("Axiom"):
                stack.append(self._stated())
            elif inferred := _INFERENCE.match(name):
                premises = _taken(stack, _PREMISES[inferred[1]])
                arguments = [self._stated(), labels.pop("LeftLabel", []), labels.pop("RightLabel", [])]
                stack.append([Part("proof", line, arguments, [premises])])
                line = usual
            elif name in ("LeftLabel", "RightLabel"):
                labels[name] = self._stated()
            elif name in _PROOF_LINES:
                line = _PROOF_LINES[name]
            elif name in _ALWAYS:
                line = usual = _ALWAYS[name]
            else:
                self._left_out_of_proof(name)
        if len(stack) != 1:
            raise TexError("a proof tree that has no one end")
        return Part("group", "", stack)

    def _left_out_of_proof(self, name: str) -> None:
        if name not in _PROOF_LEFT_OUT:
            raise TexError(f"\\{name} in a proof tree")
        for _ in range(_PROOF_LEFT_OUT[name]):
            self._raw()

    def _stated(self) -> list[Part]:
        r"""Text with formulas in braces, or a formula between dollar signs."""
        if self._next() != "$":
            return self._words_with_formulas(self._raw())
        end = self.words.index("$", self.at + 1)
        found = [w for w in self.words[self.at + 1 : end] if w != "\\fCenter"]
        self.at = end + 1
        return self._whole(found)

    def _diagram(self) -> Part:
        """Rows of objects with an arrow between two, and rows of arrows, each below its object with a gap behind it."""
        rows = [self._diagram_row()]
        while self._next() in ("\\\\", "\\cr"):
            self.at = optional(self.words, self.at + 1)[1]
            rows.append(self._diagram_row())
        return Part("diagram", rows=[row for row in rows if row])

    def _diagram_row(self) -> list[list[Part]]:
        row: list[list[Part]] = []
        while True:
            if found := self.parts(("@", *CELLS)):
                row.append(found)
            if self._next() != "@":
                return row
            self.at += 1
            arrow = self._cd_arrow()
            objects = not row or row[0][:1] == [] or row[0][0].kind not in ("upright", "nothing")
            across = arrow.kind == "arrow" or (arrow.kind == "nothing" and objects and bool(row))
            row += [[]] * ((len(row) % 2 == 0) == across)
            row.append([arrow])

    def _cd_arrow(self) -> Part:
        sign = self._next()
        self.at += 1
        if sign == ".":
            return Part("nothing")
        if sign in _EQUAL:
            kind, name = _EQUAL[sign]
            return Part(kind, name, [[], []])
        if sign not in _ACROSS and sign not in _DOWN:
            raise TexError(f"@{sign} in a diagram")
        labels = [self._up_to(sign), self._up_to(sign)]
        return Part("arrow", _ACROSS[sign], labels) if sign in _ACROSS else Part("upright", _DOWN[sign], labels)

    def _up_to(self, sign: str) -> list[Part]:
        found = self.parts((sign,))
        if self._next() != sign:
            raise TexError(f"an arrow without its last {sign}")
        self.at += 1
        return found

    def _empheq(self) -> Part:
        given, self.at = optional(self.words, self.at)
        keys = _keys(given or [])
        inner = self._raw().partition("=")[0].rstrip("*").strip()
        if inner not in names.LINES:
            raise TexError(f"empheq with {inner}")
        before, left = self._around(keys.get("left", []), last=True)
        behind, right = self._around(keys.get("right", []), last=False)
        lines = self.table(inner)
        whole = [*before, Part("fence", left + right, [[lines]]), *behind]
        made = Part("accent", "box", [whole]) if "box" in keys else Part("group", "", [whole])
        return Part("group", "", [[made, Part("numbers", inner, rows=lines.rows)]])

    def _around(self, stream: list[str], *, last: bool) -> tuple[list[Part], str]:
        """What stands beside lines, and the bracket that is as high as they; ``.`` where there is none."""
        parts = self._whole(stream)
        parts = parts[0].args[0] if len(parts) == 1 and parts[0].kind == "group" else parts
        at = -1 if last else 0
        if not parts or parts[at].kind != "fitted":
            return parts, "."
        return (parts[:-1] if last else parts[1:]), parts[at].name

    def _numcases(self) -> Part:
        """Cases whose second column is text, each with its number."""
        left = self._argument()
        rows: list[list[list[Part]]] = []
        while self._next() not in ("", "\\end"):
            row = [self.parts(CELLS)]
            if self._next() == "&":
                self.at += 1
                row.append(self._text_cell())
            if self._next() in CELLS:
                self.at = optional(self.words, self.at + 1)[1]
            elif self._next() not in ("", "\\end"):
                raise TexError(f"{self._next()} in a case")
            rows.append(row)
        if not rows:
            raise TexError("numcases without cases")
        cases = Part("fence", "{.", [[Part("matrix", "numcases", rows=rows)]])
        return Part("group", "", [[*left, cases, Part("numbers", "numcases", rows=rows)]])

    def _text_cell(self) -> list[Part]:
        """The text up to the end of a row, and its number."""
        start, depth = self.at, 0
        while self.at < len(self.words) and (depth or self.words[self.at] not in ("\\\\", "\\cr", "\\end")):
            depth += (self.words[self.at] == "{") - (self.words[self.at] == "}")
            self.at += 1
        text = "".join(self.words[start : self.at])
        tag = re.search(r"\\tag\s*\*?\s*\{((?:[^{}]|\{[^{}]*\})*)\}", text)
        said = self._words_with_formulas((text.replace(tag[0], "") if tag else text).strip())
        return [*said, *self._whole(words(tag[0]))] if tag else said


def _taken(stack: list[list[Part]], count: int) -> list[list[Part]]:
    if len(stack) < count:
        raise TexError("a proof tree with too few premises")
    taken = stack[-count:]
    del stack[-count:]
    return taken


def _keys(given: list[str]) -> dict[str, list[str]]:
    """``left=…, right=…`` with what stands behind each sign of equality."""
    found: list[list[str]] = [[]]
    depth = 0
    for word in given:
        depth += (word == "{") - (word == "}")
        if word == "," and not depth:
            found.append([])
        else:
            found[-1].append(word)
    pairs = {}
    for piece in found:
        name, _, _ = "".join(piece).partition("=")
        pairs[name.strip()] = piece[piece.index("=") + 1 :] if "=" in piece else []
    return pairs

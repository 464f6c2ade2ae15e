"""The stream of a formula's words: groups, indices, what TeX writes between two things; commands are another's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbtypst import tex_symbols as names
from nbtypst.tex import TexError, argument, blank, optional, words

_DEEPEST = 60
_INFIX = {"over": "frac", "choose": "binom", "atop": "atop", "brace": "atop", "brack": "atop", "above": "frac",
          "overwithdelims": "frac", "atopwithdelims": "atop", "abovewithdelims": "frac"}  # fmt: skip
_INFIX_FENCES = {"brace": "{}", "brack": "[]"}
_LENGTH = re.compile(r"-?\d*\.?\d+\s*(?:em|ex|pt|mu|px|cm|mm|in)")


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


class Reader:
    """Reads words one after the other; a subclass says what a command makes."""

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
            name = word[1:] if word.startswith("\\") else ""
            if name in _INFIX:
                self.at += 1
                out = [self._infix(name, out, ends)]
            elif name in names.SWITCHES or name == "color":
                self.at += 1
                out.append(self._switched(name, ends, first=not out))
            elif word in ("^", "_", "'"):
                self._script(out)
            elif part := self._one():
                out.append(part)
        return out

    def _switched(self, name: str, ends: tuple[str, ...], *, first: bool) -> Part:
        """All that follows in another style or colour; where a colour is `first`, what it has in braces alone."""
        if name in names.SWITCHES:
            return Part("style", names.SWITCHES[name], [self.parts(ends)])
        colour = self._raw()
        braced = self._next() == "{" and first
        return Part("colour", colour, [self._argument() if braced else self.parts(ends)])

    def _infix(self, name: str, above: list[Part], ends: tuple[str, ...]) -> Part:
        """What TeX writes between two things: all before it and all behind."""
        around = _INFIX_FENCES.get(name, "")
        if name.endswith("withdelims"):
            around = self._delimiter() + self._delimiter()
        bare = name.startswith("above") and re.match(r"0+(?:\.0*)?\D", self._length())
        made = Part("atop" if bare else _INFIX[name], "", [above, self.parts(ends)])
        return Part("fence", around, [[made]]) if around else made

    def _delimiter(self) -> str:
        word = self._next()
        self.at += 1
        found = names.SIGNS.get(word[1:]) if word.startswith("\\") else {"<": "⟨", ">": "⟩"}.get(word, word)
        if not found or found.isalnum():
            raise TexError(f"{word or 'nothing'} where a bracket is needed")
        return found

    def _length(self) -> str:
        """A length, in braces or bare; empty where there is none."""
        if self._next() == "{":
            return self._raw()
        found = _LENGTH.match("".join(self.words[self.at : self.at + 12]))
        self.at += len(words(found[0])) if found else 0
        return found[0] if found else ""

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
        return type(self)(found, self.depth + 1).parts(())

    def _optional(self) -> list[Part] | None:
        found, self.at = optional(self.words, self.at)
        return None if found is None else type(self)(found, self.depth + 1).parts(())

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
        """What a command makes, or nothing."""
        raise NotImplementedError

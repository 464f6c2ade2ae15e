r"""TeX's formulas as trees: words, macros, and the structure that MathJax sees.

    parse(r"\frac{a}{b}^2")     # [Script(Command("frac", …), sup=…)]

The tree is what `nbtypst.tex_typst` sets and `nbtypst.tex_speech` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

_WORD = re.compile(r"\\(?:[A-Za-z]+\*?|.|\Z)|%[^\n]*(?:\n|\Z)|\s+|.", re.S)
_STARRED = ("\\operatorname*", "\\tag*", "\\hspace*", "\\newcommand*", "\\renewcommand*", "\\DeclareMathOperator*")
_MOST = 20_000  # words after all macros
Macro = tuple[int, list[str] | None, list[str]]  # how many arguments, what stands for the first, and the words


class TexError(ValueError):
    """A formula that is not understood; the message says what is not."""


def words(tex: str) -> list[str]:
    r"""Control words, single characters, and one blank for several; comments are dropped.

    Examples
    --------
    >>> words(r"\alpha  x%no")
    ['\\alpha', ' ', 'x']
    """
    out: list[str] = []
    for found in _WORD.finditer(tex):
        word = found[0]
        if word.startswith("%"):
            continue
        if word.isspace():
            word = " "
        if word.endswith("*") and len(word) > 2 and word not in _STARRED:
            out += [word[:-1], "*"]
        else:
            out.append(word)
    return out


@dataclass
class Macros:
    r"""Macros that formulas define, with ``\newcommand``, ``\def``, ``\let`` and ``\DeclareMathOperator``."""

    known: dict[str, Macro] = field(default_factory=dict)

    def define(self, tex: str, *, keep: bool = False) -> str:
        """Take the definitions in `tex`; what is left of it. With `keep`, none that is known already."""
        if not re.search(r"\\(?:(?:re)?newcommand|providecommand|def|let|DeclareMathOperator|require)(?![a-z])", tex):
            return tex
        stream, out = words(tex), []
        at = 0
        while at < len(stream):
            word = stream[at]
            try:
                taken = self._definition(stream, at, keep)
            except (IndexError, TexError):
                taken = 0
            if taken:
                at = taken
            else:
                out.append(word)
                at += 1
        return "".join(out)

    def _definition(self, stream: list[str], at: int, keep: bool) -> int:
        """Behind the definition at `at`; 0 where there is none."""
        word = stream[at]
        if word == "\\require":
            return argument(stream, at + 1)[1]
        if word == "\\let":
            name, other, behind = _let(stream, at + 1)
            macro = self.known.get(other, (0, None, [other]))
        elif word in _DEFINERS:
            name, macro, behind = _DEFINERS[word](stream, at + 1)
        else:
            return 0
        self._keep(name, macro, keep)
        return behind

    def _keep(self, name: list[str], what: Macro, keep: bool) -> None:
        named = [t for t in name if t != " "]
        if len(named) != 1 or not named[0].startswith("\\"):
            raise TexError("a macro without a name")
        if not (keep and named[0] in self.known):
            self.known[named[0]] = what

    def expand(self, tex: str) -> str:
        """`tex` with all macros replaced.

        Raises
        ------
        TexError
            When they go on for ever.
        """
        if not any(name in tex for name in self.known):
            return tex
        stream, out = words(tex), []
        at = work = 0
        while at < len(stream):
            found = self.known.get(stream[at])
            if found is None:
                out.append(stream[at])
                at += 1
                continue
            count, default, body = found
            given, behind = _arguments(stream, at + 1, count, default)
            put = filled(body, given)
            work += len(put) + 1
            if work > _MOST:
                raise TexError("its macros go on for ever")
            stream[at:behind] = put
        return "".join(_spaced(out))


def _let(stream: Sequence[str], at: int) -> tuple[list[str], str, int]:
    r"""Behind ``\let``: the new name, the word that it stands for, and where the text goes on."""
    at = blank(stream, at)
    name, at = [stream[at]], blank(stream, at + 1)
    at = blank(stream, at + 1) if stream[at] == "=" else at
    return name, stream[at], at + 1


def _newcommand(stream: Sequence[str], at: int) -> tuple[list[str], Macro, int]:
    """A name, in brackets the number of arguments and a default, and the body."""
    name, at = argument(stream, at)
    count, at = optional(stream, at)
    default, at = optional(stream, at)
    body, at = argument(stream, at)
    number = "".join(count or ())
    return name, (int(number) if number.isdecimal() else 0, default, body), at


def _def(stream: Sequence[str], at: int) -> tuple[list[str], Macro, int]:
    """A name, the signs of its arguments, which nothing else may part, and the body."""
    at = blank(stream, at)
    name = [stream[at]]
    parameters = 0
    while stream[at + 1] != "{":
        at += 1
        parameters += stream[at] == "#"
        if stream[at] not in "#123456789 ":
            raise TexError("something stands between the arguments")
    body, at = argument(stream, at + 1)
    return name, (parameters, None, body), at


def _operator(stream: Sequence[str], at: int, star: str = "") -> tuple[list[str], Macro, int]:
    """A name, and the letters that are set upright."""
    name, at = argument(stream, at)
    body, at = argument(stream, at)
    return name, (0, None, [f"\\operatorname{star}", "{", *body, "}"]), at


_DEFINERS: dict[str, Callable[[Sequence[str], int], tuple[list[str], Macro, int]]] = {
    **dict.fromkeys(
        ("\\newcommand", "\\renewcommand", "\\providecommand", "\\newcommand*", "\\renewcommand*"), _newcommand
    ),
    **dict.fromkeys(("\\def", "\\gdef"), _def),
    "\\DeclareMathOperator": _operator,
    "\\DeclareMathOperator*": partial(_operator, star="*"),
}


def _arguments(stream: Sequence[str], at: int, count: int, default: list[str] | None) -> tuple[list[list[str]], int]:
    """A macro's arguments, the first in brackets or left out where it has a default, and where the text goes on."""
    given: list[list[str]] = []
    if count and default is not None:
        first, at = optional(stream, at)
        given.append(default if first is None else first)
    while len(given) < count:
        one, at = argument(stream, at)
        given.append(one)
    return given, at


def filled(body: list[str], arguments: Sequence[list[str]]) -> list[str]:
    """A macro's words with its arguments in their places."""
    out: list[str] = []
    skip = False
    for i, word in enumerate(body):
        if skip:
            skip = False
        elif word == "#" and body[i + 1 : i + 2] and body[i + 1].isdecimal() and int(body[i + 1]) <= len(arguments):
            out += arguments[int(body[i + 1]) - 1]
            skip = True
        else:
            out.append(word)
    return out


def _spaced(stream: list[str]) -> list[str]:
    """A blank behind a control word that a letter follows."""
    out: list[str] = []
    for word in stream:
        if out and word[:1].isalpha() and re.fullmatch(r"\\[A-Za-z]+", out[-1]):
            out.append(" ")
        out.append(word)
    return out


def blank(stream: Sequence[str], at: int) -> int:
    """The first place from `at` that is no blank."""
    while at < len(stream) and stream[at] == " ":
        at += 1
    return at


def argument(stream: Sequence[str], at: int) -> tuple[list[str], int]:
    """A group's words, or one word, and where the text goes on.

    Raises
    ------
    TexError
        When there is none.
    """
    at = blank(stream, at)
    if at >= len(stream):
        raise TexError("something is missing at the end")
    if stream[at] != "{":
        return [stream[at]], at + 1
    depth = 0
    for i in range(at, len(stream)):
        depth += (stream[i] == "{") - (stream[i] == "}")
        if depth == 0:
            return list(stream[at + 1 : i]), i + 1
    raise TexError("a brace is not closed")


def optional(stream: Sequence[str], at: int) -> tuple[list[str] | None, int]:
    """The words between square brackets at `at`, or None."""
    start = blank(stream, at)
    if start >= len(stream) or stream[start] != "[":
        return None, at
    depth = 0
    for i in range(start + 1, len(stream)):
        depth += (stream[i] == "{") - (stream[i] == "}")
        if stream[i] == "]" and depth == 0:
            return list(stream[start + 1 : i]), i + 1
    return None, at

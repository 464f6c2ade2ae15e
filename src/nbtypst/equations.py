r"""Macros, numbers and labels of a notebook's equations, as MathJax keeps them.

What leaves this module has no macro of the notebook's own left, a ``\tag`` for each number that is to be seen and
no ``\label``. Numbers follow the AMS's rule, as in nbconvert's HTML: environments without a star have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import chain, product
from string import ascii_lowercase

from nbtypst import ast
from nbtypst.tex import Macros, TexError
from nbtypst.tex_tree import plain

REFERENCE = re.compile(r"\\(eq)?ref\s*\{([^{}]{1,200})\}")
_LABEL = re.compile(r"\\label\s*\{([^{}]{0,200})\}")
_TAG = re.compile(r"\\tag\s*(\*?)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_GROUP = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_LINES = "equation|align|gather|multline|eqnarray|alignat|flalign"
_BEGIN = re.compile(
    rf"\s*\\begin\{{(?:(?P<lines>{_LINES})\}}|(?P<cases>(?:sub)?numcases)\}}\s*{_GROUP}"
    rf"|(?P<braced>empheq)\}}\s*(?:\[(?:[^\[\]{{}}]|{_GROUP})*\])?\s*\{{(?P<inner>{_LINES})(?:=[^{{}}]*)?\}})"
)
_END = re.compile(r"\\end\{([a-z]+)\}\s*\Z")
_NONE = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])")


class Equations:
    """What formulas of one notebook know of each other.

    Parameters
    ----------
    sources : iterable of str
        All formulas of the notebook: a macro may be used before the cell that defines it.
    """

    def __init__(self, sources: Iterable[str] = ()):
        self.labels: dict[str, tuple[str, str]] = {}  # label -> number as shown, id
        self._macros = Macros()
        self._count = 0
        for tex in sources:
            self._macros.define(tex, keep=True)

    def add(self, tex: str, display: bool, label: str, warn: Callable[[str], None]) -> tuple[str, str] | None:
        """A formula as it is to be set, and the id that a reference points at; None where it only defines macros."""
        try:
            tex = self._macros.expand(self._macros.define(tex))
        except TexError as error:
            warn(f"a formula's macros cannot be expanded: {error}")
        if not tex.strip():
            return None
        if not display:
            return _LABEL.sub("", tex), ""
        ids: list[str] = []
        before, rows, behind, name = _numbered(tex)
        count = self._counting(name)
        label = label if len(rows) == 1 else ""
        made = (chr(92) * 2).join(self._row(row, count, label, ids, warn) for row in rows)
        return f"{before}{made}{behind}", next((i for i in ids if i), "")

    def expanded(self, tex: str) -> str:
        """A formula without the notebook's macros, as far as they can be expanded; nothing is numbered or defined."""
        try:
            return self._macros.expand(tex)
        except TexError:
            return tex

    def _counting(self, name: str) -> Callable[[], str] | None:
        """What gives an environment's rows their numbers; None where they have none."""
        if name != "subnumcases":
            return self._next if name else None
        main = self._next()
        letters = chain(ascii_lowercase, map("".join, product(ascii_lowercase, repeat=2)))
        return lambda: f"{main}{next(letters, '')}"

    def _next(self) -> str:
        self._count += 1
        return str(self._count)

    def _row(
        self, tex: str, count: Callable[[], str] | None, label: str, ids: list[str], warn: Callable[[str], None]
    ) -> str:
        labels = [m[1] for m in _LABEL.finditer(tex)] + ([label] if label else [])
        tex = _LABEL.sub("", tex)
        own, silent = _TAG.search(tex), _NONE.search(tex)
        tex, number = _NONE.sub("", tex), ""
        if own:
            number = _plain(own[2])
        elif (tex.strip() and not silent) if count else label:
            number = (count or self._next)()
            tex = f"{tex.rstrip()}\\tag{{{number}}}"
        for name in labels:
            self._keep(name, number, ids, warn)
        return tex

    def _keep(self, name: str, number: str, ids: list[str], warn: Callable[[str], None]) -> None:
        """A label's number and id; all labels of one equation have one id."""
        if name in self.labels:
            warn(f"the label {name[:60]} is already used by another equation")
            return
        id = f"eq-{ast.slug(name.removeprefix('eq-').removeprefix('eq:'))}"
        while id in {used for _, used in self.labels.values()}:
            id += "-b"
        self.labels[name] = (number or name, ids[0] if ids and ids[0] else id)
        ids.append(id)

    def shown(self, reference: re.Match[str], warn: Callable[[str], None]) -> str:
        """A reference inside a formula, as text."""
        found = self.labels.get(reference[2])
        if found is None:
            warn(f"no equation has the label {reference[2][:60]}")
        number = found[0] if found else "???"
        return f"\\text{{({number})}}" if reference[1] else f"\\text{{{number}}}"


def _plain(number: str) -> str:
    """A number as characters; as it is written where it is not understood."""
    try:
        return plain(number)
    except TexError:
        return number


def _numbered(tex: str) -> tuple[str, list[str], str, str]:
    r"""What stands before an environment's rows, these, what stands behind them, and the environment's name.

    Examples
    --------
    >>> _numbered(r"\begin{gather} a \\ b \end{gather}")
    ('\\begin{gather}', [' a ', ' b '], '\\end{gather}', 'gather')
    >>> _numbered("a = b")
    ('', ['a = b'], '', '')
    """
    begin, end = _BEGIN.match(tex), _END.search(tex)
    name = (begin["lines"] or begin["cases"] or begin["braced"]) if begin else ""
    if not begin or not end or end[1] != name or end.start() < begin.end():
        return "", [tex], "", ""
    body = tex[begin.end() : end.start()]
    one = (begin["inner"] or name) in ("equation", "multline")
    return tex[: begin.end()], [body] if one else _rows(body), tex[end.start() :], name


def _rows(body: str) -> list[str]:
    """The lines of an environment; those of environments and groups inside it are not its own."""
    out, depth, start = [], 0, 0
    for found in re.finditer(
        r"\\begin\{[^}]*\}|\\end\{[^}]*\}|\\\\(?:\s*\[[^\]]{0,20}\])?|\\cr(?![A-Za-z])|\\.|[{}]", body
    ):
        sign = found[0]
        if sign.startswith(("\\begin{", "\\end{")):
            depth += 1 if sign.startswith("\\begin") else -1
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
        elif depth == 0 and (sign.startswith("\\\\") or sign == "\\cr"):
            out.append(body[start : found.start()])
            start = found.end()
    out.append(body[start:])
    return out if out[-1].strip() else out[:-1]

r"""Macros, numbers and labels of a notebook's equations, as MathJax keeps them.

What leaves this module has no macro of the notebook's own left, a ``\tag`` for each number that is to be seen and
no ``\label``. Numbers follow the AMS's rule, as in nbconvert's HTML: environments without a star have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from nbtypst import ast
from nbtypst.tex import Macros, TexError
from nbtypst.tex_tree import plain

REFERENCE = re.compile(r"\\(eq)?ref\s*\{([^{}]{1,200})\}")
_LABEL = re.compile(r"\\label\s*\{([^{}]{0,200})\}")
_TAG = re.compile(r"\\tag\s*(\*?)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_NUMBERED = re.compile(
    r"\s*\\begin\{(equation|align|gather|multline|eqnarray|alignat|flalign)\}(.*)\\end\{\1\}\s*\Z", re.S
)
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
        found = _NUMBERED.match(tex)
        rows = _rows(found[2]) if found and found[1] not in ("equation", "multline") else []
        if found and len(rows) > 1:
            ids: list[str] = []
            made = [self._row(row, True, "", ids, warn) for row in rows]
            begin = tex[: found.start(2)]
            return f"{begin}{(chr(92) * 2).join(made)}\\end{{{found[1]}}}", next((i for i in ids if i), "")
        ids = []
        inner = self._row(tex, found is not None, label, ids, warn)
        return inner, next((i for i in ids if i), "")

    def _row(self, tex: str, numbered: bool, label: str, ids: list[str], warn: Callable[[str], None]) -> str:
        labels = [m[1] for m in _LABEL.finditer(tex)] + ([label] if label else [])
        tex = _LABEL.sub("", tex)
        own = _TAG.search(tex)
        silent = _NONE.search(tex)
        tex = _NONE.sub("", tex)
        if own:
            number = _plain(own[2])
        elif (numbered and not silent and tex.strip()) or (label and not numbered):
            self._count += 1
            number = str(self._count)
            tex = _with_tag(tex, number)
        else:
            number = ""
        for name in labels:
            if name in self.labels:
                warn(f"the label {name[:60]} is already used by another equation")
            else:
                id = f"eq-{ast.slug(name.removeprefix('eq-').removeprefix('eq:'))}"
                while id in {used for _, used in self.labels.values()}:
                    id += "-b"
                self.labels[name] = (number or name, ids[0] if ids and ids[0] else id)
                ids.append(id)
        return tex

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


def _with_tag(tex: str, number: str) -> str:
    """The number inside the environment, where there is one."""
    at = re.search(r"\\end\{(?:equation|align|gather|multline|eqnarray|alignat|flalign)\}\s*\Z", tex)
    place = at.start() if at else len(tex)
    return f"{tex[:place].rstrip()}\\tag{{{number}}}{tex[place:]}"


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

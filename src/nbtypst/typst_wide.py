"""Formulas that Typst set too small to be read: broken into lines, or shown as their source; who exports is told.

``base.typ`` leaves a mark for each of them in the document, which is asked for once it is laid out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from nbtypst.typst_repair import cell_at
from nbtypst.typst_values import BREAK, literal

_LIST = re.compile(r"^#let nb-(broken|refused) = .*$", re.M)
_WIDE = re.compile(r'\bkey: (\d+), source: "((?:[^"\\\n]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_SAID = {
    "small": "a formula is wider than its place: its type is smaller than that of any table",
    "refused": "a formula is too wide for its place and is shown as its source",
}


class Wide:
    """The wide formulas of one document.

    Parameters
    ----------
    warn : callable
        Told of small type and of sources, each with its cell.
    """

    def __init__(self, warn: Callable[[str], None]):
        self._warn = warn
        self._instead: dict[str, list[int]] = {"broken": [], "refused": []}

    def again(self, source: str, query: Callable[[str], str]) -> str:
        """The document as it is to be set instead; as it is where every formula can be read, after the warnings.

        Parameters
        ----------
        source : str
            What Typst has just laid out.
        query : callable
            Values of what has a label, as JSON.
        """
        if not _WIDE.search(source):
            return source
        told = dict.fromkeys((kind, key) for kind, key in json.loads(query("<nb-told>")))
        new = [(kind, key) for kind, key in told if key not in self._instead.get(kind, [key])]
        for kind, key in new:
            self._instead[kind].append(key)
        if new:
            return _LIST.sub(lambda m: f"#let nb-{m[1]} = {literal(self._instead[m[1]])}", source)
        self._say(source, {key for kind, key in told if kind == "small"})
        return source

    def _say(self, source: str, small: set[int]) -> None:
        for found in _WIDE.finditer(source):
            key = int(found[1])
            kind = "refused" if key in self._instead["refused"] else "small" if key in small else ""
            if kind:
                cell = cell_at(source, found.start())
                tex = _ESCAPED.sub(r"\1", found[2]).replace(BREAK, "")
                self._warn(f"{cell}{': ' * bool(cell)}{_SAID[kind]}: {tex[:60]}")

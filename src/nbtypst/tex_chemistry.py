r"""``\ce{…}``: the part of mhchem that formulas of reactions need, as TeX."""

from __future__ import annotations

import re

_PIECES = re.compile(
    r"(?P<arrow><=>|<-->|<->|->|<-)|(?P<charge>\^\{[^{}]*\}|\^[\d+-]+)|(?P<state>\((?:s|l|g|aq)\))"
    r"|(?P<element>[A-Z][a-z]?|[()\[\]])(?P<count>\d+)?(?P<ion>[+-](?=$|[\s)\]]))?|(?P<number>\d+(?:\.\d+)?)|(?P<blank>\s+)|(?P<other>.)"
)
_ARROWS = {
    "->": "\\longrightarrow",
    "<-": "\\longleftarrow",
    "<->": "\\longleftrightarrow",
    "<-->": "\\rightleftarrows",
}


def chemistry(text: str) -> str:
    r"""A reaction as TeX.

    Examples
    --------
    >>> chemistry("H2O")
    '\\mathrm{H}_{2}\\mathrm{O}'
    """
    out: list[str] = []
    for found in _PIECES.finditer(text):
        if found["arrow"]:
            out.append(f" {_ARROWS.get(found['arrow'], chr(92) + 'rightleftharpoons')} ")
        elif found["charge"]:
            out.append("^{" + found["charge"][1:].strip("{}") + "}")
        elif found["state"]:
            out.append(f"\\mathrm{{{found['state']}}}")
        elif found["element"]:
            one = found["element"] if found["element"] in "()[]" else f"\\mathrm{{{found['element']}}}"
            out.append(one + (f"_{{{found['count']}}}" if found["count"] else ""))
            out.append(f"^{{{found['ion']}}}" if found["ion"] else "")
        else:
            out.append({"*": "\\cdot "}.get(found[0], found[0]))
    return "".join(out)

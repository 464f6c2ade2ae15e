r"""Formulas in an output's HTML, as JupyterLab's MathJax finds them there: ``$…$``, ``$$…$$``, ``\(…\)``, ``\[…\]``.

Such HTML (a frame's, a table's) is seldom written for MathJax. Only what is clearly LaTeX is a formula; amounts of
money, variables of a shell and patterns stay as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import lxml.html

from nbtypst import html_source, lifted

_LITERAL = frozenset(("pre", "code", "kbd", "samp", "tt", "script", "style", "textarea", "template"))
_STOP = re.compile(
    r"(?P<ref>(?!))|(?P<round>\\\()|(?P<square>\\\[)|\\begin\{(?P<begin>[A-Za-z]+\*?)\}|(?P<escape>\\\$)"
    r"|(?P<dollars>\$\$?)"
)
_COMMAND = re.compile(r"\\[A-Za-z]")
_RAISED = re.compile(r"[\^_]\S|\{.*\}", re.S)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTERS = re.compile(r"[\w\s.,:;+−*/=<>≤≥≠≈±·×()\[\]|!'-]+")
_ENDS = re.compile(r"[\w(\[|+−-](?:.*[\w)\]|!'])?", re.S)
Found = list[lifted.Formula]


def lift(source: str, understood: Callable[[lifted.Formula], bool] = lambda _: True) -> tuple[str, Found]:
    r"""HTML with marks for its formulas, as `lifted.lift` leaves them, and the formulas.

    Parameters
    ----------
    source : str
        HTML without private-use characters.
    understood : callable
        Whether a formula can be set; else it stays text.

    Examples
    --------
    >>> lift(r"<td>$x^2$</td><td>$5 and $6</td>")[1]
    [Formula(tex='x^2', display=False, source='$x^2$', label='')]
    """
    found: Found = []
    if _STOP.search(source) is None or (body := html_source.root(source)) is None:
        return source, found
    _mark(body, found, understood)
    made = lxml.html.tostring(body, encoding="unicode")
    return made.removeprefix("<body>").removesuffix("</body>"), found


def _mark(element: Any, found: Found, understood: Callable[[lifted.Formula], bool]) -> None:
    """Marks in all text of an element that MathJax reads."""
    skipped = element.tag in _LITERAL or html_source.IGNORED & set((element.get("class") or "").split())
    if element.text and not skipped:
        element.text = _marked(element.text, found, understood)
    for child in element:
        if isinstance(child.tag, str) and not skipped:
            _mark(child, found, understood)
        if child.tail and not skipped:
            child.tail = _marked(child.tail, found, understood)


def _marked(text: str, found: Found, understood: Callable[[lifted.Formula], bool]) -> str:
    out: list[str] = []
    position = done = 0
    while stop := _STOP.search(text, position):
        position = stop.end()
        formula = None if stop["escape"] else lifted.formula_at(text, stop)
        if stop["escape"]:
            out += [text[done : stop.start()], "$"]
            done = position
        elif formula and _clear(formula, text[stop.start() + len(formula.source) :][:1]) and understood(formula):
            out += [text[done : stop.start()], f"$\ue000{len(found)}\ue001$"]
            position = done = stop.start() + len(formula.source)
            found.append(formula)
    return "".join([*out, text[done:]])


def _clear(formula: lifted.Formula, behind: str) -> bool:
    r"""Whether what stands between the signs is LaTeX: a command, something raised or lowered, or letters of a sum.

    Examples
    --------
    >>> [_clear(lifted.Formula(tex, False, ""), "") for tex in ("\\alpha ", "x_i", "n = 5", "5", "HOME", "A and ")]
    [True, True, True, False, False, False]
    """
    tex = formula.tex
    if _COMMAND.search(tex):
        return True
    even = tex[0].isspace() == tex[-1].isspace()
    if even and _RAISED.search(tex):
        return not re.match(r"[\w{]", behind)  # no variables of a shell: $A_B:$C
    tex = tex if formula.source.startswith("$") and not formula.display else tex.strip()
    one = not _WORD.search(tex) and re.search(r"[^\W\d_]", tex)
    return bool(one and _LETTERS.fullmatch(tex) and _ENDS.fullmatch(tex))

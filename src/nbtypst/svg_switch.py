"""Drawings that a browser and others see differently, as diagrams.net writes them: what the browser sees, as text.

Such a drawing offers a choice (``switch``): HTML for a browser (``foreignObject``), or a ``text`` that may be cut, or
say only that the viewer cannot show it. Here the ``text`` stays where it is, with the words of the HTML.
"""

from __future__ import annotations

import re
import textwrap
from typing import Any

_SVG = "{http://www.w3.org/2000/svg}"
_LINE = ("br", "div", "p", "li", "pre", "tr", "h1", "h2", "h3")
_WIDE = re.compile(r"(?<![\w-])width:\s*(\d{2,4})px")
_UPRIGHT = re.compile(r"align-items:\s*(?:unsafe\s+)?(flex-start|flex-end)")
_LETTER = 0.55  # width of a letter, of its height
_LEADING = 1.2


def chosen(root: Any) -> None:
    """Settle each ``switch`` of a drawing, in place.

    Parameters
    ----------
    root : xml.etree.ElementTree.Element
        The drawing.
    """
    for switch in list(root.iter(f"{_SVG}switch")):
        children = list(switch)
        kept = children[0] if children else None
        if kept is not None and kept.tag == f"{_SVG}foreignObject":
            html, kept = kept, switch.find(f"{_SVG}text")
            if kept is not None:
                _say(kept, html)
        elif kept is None or not kept.get("requiredFeatures"):
            continue
        for child in children:
            if child is not kept:
                switch.remove(child)


def _say(text: Any, html: Any) -> None:
    """The words of `html` as the lines of `text`, around the place where its one line stood."""
    size, top = _number(text.get("font-size"), 12), _number(text.get("y"), 0)
    styles = " ".join(node.get("style") or "" for node in html.iter())
    letters = _letters(styles, size)
    lines = [piece for line in "".join(_words(html)).split("\n") for piece in textwrap.wrap(line, letters)]
    above = (len(lines) - 1) * _share_above(styles)
    for child in list(text):
        text.remove(child)
    text.text = ""
    if len(lines) == 1:
        text.text = lines[0]
        return
    for i, line in enumerate(lines):
        down = top + _LEADING * size * (i - above)  # its own place, so that no line mixes with another
        span = text.makeelement(f"{_SVG}tspan", {"x": text.get("x") or "0", "y": f"{down:.1f}"})
        span.text = line
        text.append(span)


def _letters(styles: str, size: float) -> int:
    """How many letters of a size stand in a line of what has these styles."""
    found = _WIDE.search(styles) if "white-space: normal" in styles else None
    return max(8, int(int(found[1]) / (size * _LETTER))) if found else 1000


def _share_above(styles: str) -> float:
    """By which share of the lines behind it the first line moves up."""
    found = _UPRIGHT.search(styles)
    return {"flex-start": 0.0, "flex-end": 1.0}[found[1]] if found else 0.5


def _number(text: str | None, default: float) -> float:
    found = re.match(r"-?\d+(?:\.\d+)?", text or "")
    return float(found[0]) if found else default


def _words(node: Any) -> list[str]:
    tag = str(node.tag).rsplit("}", 1)[-1]
    out = ["\n" if tag in _LINE else "", node.text or ""]
    for child in node:
        out += [*_words(child), child.tail or ""]
    return [*out, "\n" if tag in _LINE and tag != "br" else ""]
